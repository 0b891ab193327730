"""Measure how an outcome answers to a dose: straight, or bent at an unknown dose.

Outcome and dose are in the caller's units; effects are differences of the outcome.
Controls enter as they are. Units of one cluster may depend on each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_KNOT_SHARES = np.linspace(0.2, 0.85, 16)
"""Shares of the doses below each bend that is tried."""
_BENT_BELOW = 0.05
_RIDGE, _ROUNDING = 1e-12, 1e-9
_GAIN = ("gain", "gain_lower", "gain_upper")


@dataclass(frozen=True, slots=True)
class Doses:
    """What a response is measured from.

    Parameters
    ----------
    outcome, dose : numpy.ndarray, shape (units,)
        Finite numbers.
    weight : numpy.ndarray, shape (units,)
        Positive.
    controls : numpy.ndarray, shape (units, controls)
        Other columns, a constant not among them.
    cluster : numpy.ndarray of int, shape (units,)
        Codes from 0 of what is drawn again as one.
    """

    outcome: Floats
    dose: Floats
    weight: Floats
    controls: Floats
    cluster: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ThresholdResponse:
    """A response and what a smaller dose would change.

    Parameters
    ----------
    slope, slope_lower, slope_upper : float
        Of the straight line, outcome per unit of dose.
    knot, knot_lower, knot_upper : float
        Dose at which the bent line turns, with the ends of its interval.
    below, above : float
        Slopes of the bent line before and after its bend.
    bend_pvalue : float
        Of no bend anywhere.
    gain, gain_lower, gain_upper : float
        Change of the mean outcome if all doses were `step` smaller, by the bent line
        where the straight one is rejected; doses that would fall below nought end
        there.
    step : float
        How much smaller.
    curve : tuple of numpy.ndarray
        Doses, and the same line's outcome at them with the ends of its interval, the
        controls at their mean: four arrays of shape (points,).
    nobs, clusters : int
        Units and clusters.
    """

    slope: float
    slope_lower: float
    slope_upper: float
    knot: float
    knot_lower: float
    knot_upper: float
    below: float
    above: float
    bend_pvalue: float
    gain: float
    gain_lower: float
    gain_upper: float
    step: float
    curve: tuple[Floats, Floats, Floats, Floats]
    nobs: int
    clusters: int

    @property
    def is_bent(self) -> bool:
        """Whether a straight line is rejected at five percent."""
        return self.bend_pvalue < _BENT_BELOW


@dataclass(frozen=True, slots=True)
class _Bends:
    """Best bent line of each draw: its bend and coefficients; and the straight one."""

    knot: Floats
    coefficients: Floats
    straight: Floats

    def choose(self, *, is_bent: bool) -> _Bends:
        """Give the straight line in the form of a bent one, where it is to be used."""
        if is_bent:
            return self
        level = np.insert(self.straight, 2, 0.0, axis=1)
        return _Bends(self.knot, level, self.straight)


def estimate_threshold_response(
    doses: Doses,
    *,
    step: float,
    rng: np.random.Generator,
    draws: int = 499,
    confidence_level: float = 0.95,
) -> ThresholdResponse:
    """Estimate a straight and a bent response, and what a smaller dose would give.

    Parameters
    ----------
    doses : Doses
        One row per unit.
    step : float
        By how much doses would be smaller.
    rng : numpy.random.Generator
        Source of chance.
    draws : int
        How often clusters are drawn again.
    confidence_level : float
        Share of intervals that hold the truth.

    Returns
    -------
    ThresholdResponse
        Percentile intervals; where there is a bend it is looked for again in each draw.

    Raises
    ------
    ValueError
        If the dose does not vary enough for a bend, or there are under ten clusters.

    References
    ----------
    .. [1] Hansen (2017), Regression kink with an unknown threshold, J. Business and
       Economic Statistics 35, equations 2 to 4.
    .. [2] Hansen (1996), Inference when a nuisance parameter is not identified under
       the null hypothesis, Econometrica 64: the test's null distribution by signs.
    """
    knots = np.unique(np.quantile(doses.dose, _KNOT_SHARES))
    knots = knots[(knots > doses.dose.min()) & (knots < doses.dose.max())]
    clusters = int(doses.cluster.max()) + 1 if len(doses.cluster) else 0
    if clusters < 10 or not len(knots):
        raise ValueError("A response needs ten clusters and a dose that varies.")
    times = np.ones((1, len(doses.dose)))
    drawn = rng.multinomial(clusters, np.full(clusters, 1 / clusters), size=draws)
    found = _fit_bends(doses, knots, times)
    again = _fit_bends(doses, knots, drawn[:, doses.cluster].astype(np.float64))
    tails = [(1 - confidence_level) / 2, (1 + confidence_level) / 2]
    pvalue = _test_bend(doses, knots, rng, draws)
    used = found.choose(is_bent=pvalue < _BENT_BELOW)
    drawn_lines = again.choose(is_bent=pvalue < _BENT_BELOW)
    gain, gains = (_step_down(doses, each, step) for each in (used, drawn_lines))
    before, turn = found.coefficients[0, 1:3]
    return ThresholdResponse(
        *_cut(found.straight[0, 1], again.straight[:, 1], tails),
        *_cut(found.knot[0], again.knot, tails),
        below=float(before),
        above=float(before + turn),
        bend_pvalue=pvalue,
        **dict(zip(_GAIN, _cut(gain[0], gains, tails), strict=True)),
        step=step,
        curve=_bound_curve(doses, used, drawn_lines, tails),
        nobs=len(doses.dose),
        clusters=clusters,
    )


def _bound_curve(
    doses: Doses, used: _Bends, drawn: _Bends, tails: list[float]
) -> tuple[Floats, Floats, Floats, Floats]:
    first, last = np.quantile(doses.dose, [0.01, 0.99])
    points = np.linspace(float(first), float(last), 41)
    (line,), lines = (_draw_line(doses, each, points) for each in (used, drawn))
    low, high = np.quantile(lines, tails, axis=0)
    return points, line, np.minimum(low, line), np.maximum(high, line)


def _cut(
    estimate: float, draws: Floats, tails: list[float]
) -> tuple[float, float, float]:
    estimate = float(estimate)
    lower, upper = np.quantile(draws, tails)
    return estimate, min(float(lower), estimate), max(float(upper), estimate)


def _lay_out(doses: Doses, knot: float | None) -> Floats:
    """Give the columns: constant, dose, what it is above the bend, controls."""
    parts = [np.ones(len(doses.dose)), doses.dose]
    if knot is not None:
        parts.append(np.maximum(doses.dose - knot, 0.0))
    return np.column_stack([*parts, doses.controls])


def _solve_all(doses: Doses, columns: Floats, times: Floats) -> tuple[Floats, Floats]:
    """Fit least squares for each draw; give coefficients and sums of squares left."""
    both = np.column_stack([columns, doses.outcome])
    wide = both.shape[1]
    products = (both[:, :, None] * both[:, None, :]).reshape(len(both), -1)
    sums = (times @ (products * doses.weight[:, None])).reshape(-1, wide, wide)
    inner, outer = sums[:, :-1, :-1], sums[:, :-1, -1]
    # A control that a draw leaves constant gets no coefficient instead of any.
    size = np.trace(inner, axis1=1, axis2=2)[:, None, None]
    inner = inner + _RIDGE * size * np.eye(inner.shape[1])
    found = np.linalg.solve(inner, outer[:, :, None])[:, :, 0]
    return found, sums[:, -1, -1] - (found * outer).sum(axis=1)


def _fit_bends(doses: Doses, knots: Floats, times: Floats) -> _Bends:
    fits = [_solve_all(doses, _lay_out(doses, knot), times) for knot in knots]
    best = np.argmin([left for _, left in fits], axis=0)
    every = np.stack([coefficients for coefficients, _ in fits])
    straight, _ = _solve_all(doses, _lay_out(doses, None), times)
    chosen = every[best, np.arange(len(times))]
    return _Bends(knots[best], chosen, straight)


def _step_down(doses: Doses, bends: _Bends, step: float) -> Floats:
    """Average what a smaller dose changes, shape (draws,)."""
    less = np.maximum(doses.dose - step, 0.0)
    share = doses.weight / doses.weight.sum()
    fall = float(share @ (less - doses.dose))
    above = np.array(
        [
            share @ (np.maximum(less - k, 0.0) - np.maximum(doses.dose - k, 0.0))
            for k in bends.knot
        ]
    )
    change: Floats = bends.coefficients[:, 1] * fall + bends.coefficients[:, 2] * above
    return change


def _draw_line(doses: Doses, bends: _Bends, points: Floats) -> Floats:
    """Give the outcome at some doses, controls at their mean, shape (draws, points)."""
    held = np.average(doses.controls, axis=0, weights=doses.weight)
    base = bends.coefficients[:, 0] + bends.coefficients[:, 3:] @ held
    above = np.maximum(points[None, :] - bends.knot[:, None], 0.0)
    rise, turn = bends.coefficients[:, 1, None], bends.coefficients[:, 2, None]
    slopes = rise * points + turn * above
    line: Floats = base[:, None] + slopes
    return line


def _test_bend(
    doses: Doses, knots: Floats, rng: np.random.Generator, draws: int
) -> float:
    """Test a straight line against a bend anywhere, by turned signs of clusters."""
    root = np.sqrt(doses.weight)
    straight = _lay_out(doses, None) * root[:, None]
    hinges = np.maximum(doses.dose[:, None] - knots, 0.0) * root[:, None]
    basis = np.linalg.qr(straight)[0]
    outcome = doses.outcome * root
    left = outcome - basis @ (basis.T @ outcome)
    hinges = hinges - basis @ (basis.T @ hinges)
    parts = np.column_stack(
        [np.bincount(doses.cluster, column * left) for column in hinges.T]
    )
    scale = np.sqrt((parts**2).sum(axis=0))
    # Where the line leaves nothing, what is left is rounding and tells of no bend.
    kept = scale > _ROUNDING * np.linalg.norm(outcome) * np.abs(hinges).max()
    if not kept.any():
        return 1.0
    signs = rng.choice([-1.0, 1.0], (draws, len(parts)))
    chance = np.abs(signs @ parts[:, kept] / scale[kept]).max(axis=1)
    seen = np.abs(parts[:, kept].sum(axis=0) / scale[kept]).max()
    return float((1 + (chance >= seen).sum()) / (draws + 1))
