"""Measure how likely a price that moves in steps is to move, from above and from below.

Such a price stays where it is for many periods and then jumps, so that a regression of
its changes on its distance from the long run misleads. A multinomial logit asks instead
whether it rises, falls or stays. Values are in the caller's unit, chances are shares.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats
from statsmodels.discrete.discrete_model import MNLogit, MultinomialResults

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.integer]
OUTCOMES = ("none", "up", "down")
"""The first is what the other two are compared with."""
TERMS = ("constant", "gap", "push")
FEWEST_EACH = 20
"""Fewest rises, and falls, behind a logit."""
_SEPARATED = "The logit has no largest likelihood: the gap separates the moves."
_TOLERANCE = 0.02
"""Part of a step by which a move may miss it."""


@dataclass(frozen=True, slots=True)
class StepGrid:
    """How a price moves: how often not at all, and on which grid.

    Parameters
    ----------
    nobs : int
        Changes known.
    still_share : float
        Share of them that are no move.
    step : float
        Largest step of which nearly every move is a multiple; 0 for none.
    """

    nobs: int
    still_share: float
    step: float


@dataclass(frozen=True, slots=True)
class SteppedRates:
    """Chances of a fall from above and of a rise from below.

    Parameters
    ----------
    coefficients : pandas.DataFrame
        One row per outcome ("up", "down") and term ("constant", "gap", "push"):
        `outcome`, `term`, `estimate`, `std_error`.
    chances : pandas.DataFrame
        Two rows, `outcome` "down" at the gap above and "up" as far below: `gap`,
        `estimate`, `lower`, `upper`, averaged over the sample's pushes.
    difference, lower, upper, pvalue : float
        Chance of a fall from above less that of a rise from below.
    power : float
        Chance that a difference as large as the one asked about would be found.
    nobs, rises, falls, units, periods : int
        Price-periods, moves, and clusters both ways.
    """

    coefficients: pd.DataFrame
    chances: pd.DataFrame
    difference: float
    lower: float
    upper: float
    pvalue: float
    power: float
    nobs: int
    rises: int
    falls: int
    units: int
    periods: int


def find_grid(
    changes: npt.ArrayLike,
    *,
    steps: Sequence[float],
    smallest_move: float,
    wanted: float = 0.98,
) -> StepGrid:
    """Find the grid that a price moves on.

    Parameters
    ----------
    changes : array_like
        Changes from period to period, missing ones left out.
    steps : sequence of float
        Steps tried, in the unit of the changes.
    smallest_move : float
        What is less is no move.
    wanted : float
        Share of moves that must be multiples of a step.

    Returns
    -------
    StepGrid
        Share of periods without a move, and the largest step that holds.

    Raises
    ------
    ValueError
        If no change is known.
    """
    known = np.asarray(changes, dtype=float)
    known = known[np.isfinite(known)]
    if not len(known):
        raise ValueError("A grid needs at least one change; there is none.")
    moves = known[np.abs(known) >= smallest_move]
    held = [step for step in steps if _share_on_grid(moves, step) >= wanted]
    return StepGrid(
        nobs=len(known),
        still_share=1 - len(moves) / len(known),
        step=max(held, default=0.0),
    )


def estimate_stepped_rates(
    rows: pd.DataFrame,
    *,
    at_gap: float,
    difference: float,
    gap_error: float = 0.0,
    confidence_level: float = 0.95,
) -> SteppedRates:
    """Fit the logit and ask whether falls from above are likelier than rises.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per price and period: `move` (-1, 0, 1), `gap` (how far the price stood
        above its long run before), `push` (what the driver did in the period), `unit`
        and `period`, by both of which errors are clustered.
    at_gap : float
        Distance at which the chances are taken, above 0.
    difference : float
        Difference of chances that the power is asked for.
    gap_error : float
        Error of the level that all gaps are measured from: if it is too low, falls
        look rarer and rises likelier than they are. It widens every interval.
    confidence_level : float
        Share of such intervals that hold the truth.

    Returns
    -------
    SteppedRates
        Coefficients, chances, and the test that both directions are alike.

    Raises
    ------
    ValueError
        If there are too few rises or falls, or the logit finds no largest likelihood.

    References
    ----------
    .. [1] Hannan and Berger (1991), The rigidity of prices: evidence from the banking
       industry, American Economic Review 81.
    .. [2] Cameron, Gelbach and Miller (2011), Robust inference with multiway
       clustering, J. Business & Economic Statistics 29, equation 2.3.
    """
    n_rises, n_falls = _count_moves(rows["move"])
    design = np.column_stack([np.ones(len(rows)), rows["gap"], rows["push"]])
    scale = np.array([1.0, *np.maximum(design[:, 1:].std(axis=0), 1e-12)])
    params, covariance = _fit(rows, design / scale)
    shrink = np.tile(1 / scale, 2)
    params, covariance = params * shrink, covariance * np.outer(shrink, shrink)
    units, periods = rows["unit"].nunique(), rows["period"].nunique()
    quantile = float(stats.t.ppf(0.5 + confidence_level / 2, min(units, periods) - 1))
    # One more coefficient: a shift of all gaps, known to be zero up to its error.
    covariance = _add_shift(covariance, gap_error)
    fall, fall_slope = _average_chance(params, _at(design, at_gap), outcome=1)
    rise, rise_slope = _average_chance(params, _at(design, -at_gap), outcome=0)
    falls = _describe(fall, fall_slope, covariance, quantile)
    rises = _describe(rise, rise_slope, covariance, quantile)
    slope = fall_slope - rise_slope
    error = float(np.sqrt(slope @ covariance @ slope))
    statistic = (fall - rise) / error
    return SteppedRates(
        coefficients=_lay_out(params, covariance[:-1, :-1]),
        chances=pd.DataFrame(
            [
                {"outcome": "down", "gap": at_gap, **falls},
                {"outcome": "up", "gap": -at_gap, **rises},
            ]
        ),
        difference=fall - rise,
        lower=fall - rise - quantile * error,
        upper=fall - rise + quantile * error,
        pvalue=float(2 * stats.t.sf(abs(statistic), min(units, periods) - 1)),
        power=_find_power(difference / error, quantile),
        nobs=len(rows),
        rises=n_rises,
        falls=n_falls,
        units=units,
        periods=periods,
    )


def _count_moves(moves: pd.Series) -> tuple[int, int]:
    rises, falls = int((moves > 0).sum()), int((moves < 0).sum())
    if min(rises, falls) < FEWEST_EACH:
        message = (
            f"A logit needs {FEWEST_EACH} rises and {FEWEST_EACH} falls; "
            f"there are {rises} and {falls}."
        )
        raise ValueError(message)
    return rises, falls


def _share_on_grid(moves: Floats, step: float) -> float:
    if not len(moves):
        return 0.0
    parts = np.abs(moves / step - np.round(moves / step))
    return float((parts <= _TOLERANCE).mean())


def _fit(rows: pd.DataFrame, design: Floats) -> tuple[Floats, Floats]:
    """Give coefficients, outcome by outcome, and their two-way clustered covariance."""
    coded = rows["move"].map({0: 0, 1: 1, -1: 2}).to_numpy(int)
    model = MNLogit(coded, design)
    fitted = _maximise(model)
    params = np.asarray(fitted.params, dtype=float)
    inverse = np.linalg.pinv(-model.hessian(params.ravel(order="F")))
    scores = _score(params.T, design, coded)
    unit, period = (pd.factorize(rows[name])[0] for name in ("unit", "period"))
    both = pd.factorize(unit.astype(np.int64) * (period.max() + 1) + period)[0]
    middle = _cluster(scores, unit) + _cluster(scores, period) - _cluster(scores, both)
    return params.ravel(order="F"), _lift(inverse @ middle @ inverse)


def _maximise(model: MNLogit) -> MultinomialResults:
    options = {"method": "newton", "maxiter": 100, "disp": False}
    try:
        with np.errstate(over="raise", invalid="raise"):
            fitted = model.fit(**options, warn_convergence=False)
    except FloatingPointError:
        raise ValueError(_SEPARATED) from None
    if not fitted.mle_retvals["converged"]:
        raise ValueError(_SEPARATED)
    return fitted


def _score(by_outcome: Floats, design: Floats, coded: Codes) -> Floats:
    """Each row's slope of the log-likelihood."""
    chances = _give_chances(by_outcome, design)
    missed = (coded[:, None] == np.array([1, 2])) - chances
    return np.hstack([missed[:, [at]] * design for at in range(2)])


def _give_chances(by_outcome: Floats, design: Floats) -> Floats:
    """Chance of each outcome but the first."""
    odds = np.exp(np.clip(design @ by_outcome.T, -500, 500))
    chances: Floats = odds / (1 + odds.sum(axis=1, keepdims=True))
    return chances


def _cluster(scores: Floats, cluster: Codes) -> Floats:
    sums = pd.DataFrame(scores).groupby(cluster).sum().to_numpy(float)
    groups = len(sums)
    middle: Floats = sums.T @ sums * (groups / max(groups - 1, 1))
    return middle


def _lift(covariance: Floats) -> Floats:
    """Set negative roots, which a difference of covariances may have, to zero."""
    roots, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    return np.asarray((vectors * np.clip(roots, 0, None)) @ vectors.T)


def _add_shift(covariance: Floats, gap_error: float) -> Floats:
    wider = np.zeros((len(covariance) + 1, len(covariance) + 1))
    wider[:-1, :-1] = covariance
    wider[-1, -1] = gap_error**2
    return wider


def _at(design: Floats, gap: float) -> Floats:
    moved = design.copy()
    moved[:, 1] = gap
    return moved


def _average_chance(
    params: Floats, design: Floats, *, outcome: int
) -> tuple[float, Floats]:
    """Average chance of an outcome over rows, and its slope in the coefficients."""
    chances = _give_chances(params.reshape(2, -1), design)
    own = chances[:, outcome]
    slopes = [
        ((own * ((at == outcome) - chances[:, at]))[:, None] * design).mean(axis=0)
        for at in range(2)
    ]
    by_gap = params.reshape(2, -1)[:, 1]
    shift = own * (by_gap[outcome] - chances @ by_gap)
    return float(own.mean()), np.concatenate([*slopes, [shift.mean()]])


def _describe(
    chance: float, slope: Floats, covariance: Floats, quantile: float
) -> dict[str, float]:
    """Give a chance with an interval that stays within 0 and 1, by its logit."""
    error = float(np.sqrt(slope @ covariance @ slope)) / (chance * (1 - chance))
    centre = float(np.log(chance / (1 - chance)))
    lower, upper = (
        float(1 / (1 + np.exp(-centre - side * quantile * error))) for side in (-1, 1)
    )
    return {"estimate": chance, "lower": lower, "upper": upper}


def _find_power(distance: float, quantile: float) -> float:
    return float(
        stats.norm.cdf(distance - quantile) + stats.norm.cdf(-distance - quantile)
    )


def _lay_out(params: Floats, covariance: Floats) -> pd.DataFrame:
    named = [(outcome, term) for outcome in OUTCOMES[1:] for term in TERMS]
    frame = pd.DataFrame(named, columns=["outcome", "term"])
    return frame.assign(estimate=params, std_error=np.sqrt(np.diag(covariance)))
