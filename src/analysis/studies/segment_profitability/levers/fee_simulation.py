"""What a fee would bring within a year: leavers, complaints, income and lost profit.

Everything is per thousand customers like those of the trial. Money is in major units;
profit is after tax. Intervals and chances come from draws of the trial's estimates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.statistics.resampling import cut_interval
from analysis.studies.segment_profitability.levers.fee_response import (
    FeeResponse,
    list_covariates,
)
from analysis.studies.segment_profitability.levers.trial_sums import MARGINS, TrialSums
from analysis.studies.segment_profitability.parameters import (
    CONFIDENCE_LEVEL,
    HORIZON_MONTHS,
    MOST_LOSS_CHANCE,
    N_DRAWS,
    Parameters,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.wording import say

Floats = NDArray[np.float64]

PER: Final = 1000
"""Customers that every number is for."""

MEASURES: Final = (
    "leavers",
    "vulnerable_leavers",
    "vulnerable_pct",
    "complaints",
    "fee_income",
    "lost_marginal",
    "gain_marginal",
    "gain_average",
    "worth_of_leaver",
    "elasticity",
)
"""What is computed at each fee, with its interval. `worth_of_leaver` is what a lost
customer may be worth before the fee loses money."""

_FEWEST = 10


@dataclass(frozen=True, slots=True)
class Crowd:
    """Customers of a trial, by group: all, or the others and the vulnerable.

    Parameters
    ----------
    vulnerable : tuple of bool
        Which group it is.
    share : numpy.ndarray, shape (groups,)
        Shares of the customers.
    levels : numpy.ndarray, shape (levels,)
        Fees of the trial.
    charged, charged_variances : numpy.ndarray, shape (groups, levels)
        Share of months below the minimum balance at each fee, and its squared error.
    margins : numpy.ndarray, shape (2, groups)
        Marginal profit and profit a month without the fee, after tax; missing if not
        known.
    variances : numpy.ndarray, shape (2, groups)
        Their squared errors.
    """

    vulnerable: tuple[bool, ...]
    share: Floats
    levels: Floats
    charged: Floats
    charged_variances: Floats
    margins: Floats
    variances: Floats


@dataclass(frozen=True, slots=True, eq=False)
class FeeSimulation:
    """A fee at several levels.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per fee: `fee` (major units a month), each of `MEASURES` with
        "<name>_lower" and "<name>_upper", and `loss_chance`: that the fee loses money
        when only avoidable cost counts. Money is missing where profit is not known.
    spared : pandas.DataFrame
        The same if vulnerable customers paid nothing.
    response : FeeResponse
        Estimates behind it.
    tax_rate : float
        Share of profit.
    profit_refusal : Refused or None
        Why there is no profit.
    """

    rows: pd.DataFrame
    spared: pd.DataFrame
    response: FeeResponse
    tax_rate: float
    profit_refusal: Refused | None

    @property
    def tested(self) -> pd.DataFrame:
        """Rows of the fees that the trial charged."""
        levels = [fee for fee in self.response.trial.levels if fee > 0]
        tested: pd.DataFrame = self.rows[self.rows["fee"].isin(levels)]
        return tested.reset_index(drop=True)

    @property
    def best(self) -> pd.Series[float]:
        """The tested fee with the largest gain; the highest where profit is unknown."""
        tested = self.tested
        if self.profit_refusal is not None:
            return tested.iloc[-1]
        return tested.loc[tested["gain_marginal"].idxmax()]

    @property
    def is_recommended(self) -> bool:
        """Whether the best fee loses money with a small chance only."""
        if self.profit_refusal is not None:
            return False
        best = self.best
        gains = bool(best["gain_marginal"] > 0)
        return gains and bool(best["loss_chance"] <= MOST_LOSS_CHANCE)


def simulate_fees(
    response: FeeResponse | Refused,
    parameters: Parameters,
    *,
    profit_refusal: Refused | None = None,
) -> FeeSimulation | Refused:
    """Simulate every whole fee up to the highest that the trial charged.

    Parameters
    ----------
    response : FeeResponse or Refused
        Effects of a fee.
    parameters : Parameters
        Tax, and the start of the random numbers.
    profit_refusal : Refused or None
        Why profit is not known, where it is not.

    Returns
    -------
    FeeSimulation or Refused
        Refused where the effects are.
    """
    if isinstance(response, Refused):
        return response
    levels = response.trial.levels
    fees = np.union1d(np.arange(0.0, levels[-1] + 1e-9), levels)
    rng = np.random.default_rng(parameters.seed)
    tax = parameters.tax_rate_pct / 100
    rows = simulate_levels(response, fees, tax, rng)
    again = np.random.default_rng(parameters.seed)  # the same draws: they compare
    spared = simulate_levels(response, fees, tax, again, spares=True)
    return FeeSimulation(
        rows, spared, response, tax, _refuse_profit(response.trial, profit_refusal)
    )


def _refuse_profit(trial: TrialSums, refusal: Refused | None) -> Refused | None:
    if not trial.margins.empty:
        return None
    return refusal or trial.refuse(
        say("What customers without a fee bring is not known."),
        say("Map events, activity times and cost pools."),
    )


def simulate_levels(
    response: FeeResponse,
    fees: Floats,
    tax_rate: float,
    rng: np.random.Generator,
    *,
    spares: bool = False,
) -> pd.DataFrame:
    """Simulate some fees, with intervals.

    Parameters
    ----------
    response : FeeResponse
        Effects of a fee.
    fees : numpy.ndarray, shape (fees,)
        Major units a month.
    tax_rate : float
        Share of profit.
    rng : numpy.random.Generator
        Source of chance.
    spares : bool
        Whether vulnerable customers pay nothing.

    Returns
    -------
    pandas.DataFrame
        As `FeeSimulation.rows`.
    """
    crowd = describe_crowd(response)
    paid = np.outer(np.ones(len(crowd.vulnerable)), fees)
    if spares:
        paid[np.array(crowd.vulnerable)] = 0.0
    found = add_up(response, crowd, paid, draw_all(response, crowd, rng), tax_rate)
    columns = {"fee": fees}
    for name in MEASURES:
        draws = found[name]
        lower, upper = cut_interval(draws[1:], draws[0], CONFIDENCE_LEVEL)
        columns |= {name: draws[0], f"{name}_lower": lower, f"{name}_upper": upper}
    gains = found["gain_marginal"][1:]
    loses = (gains < 0).mean(axis=0)
    columns["loss_chance"] = np.where(np.isnan(gains[0]), np.nan, loses)
    return pd.DataFrame(columns)


@dataclass(frozen=True, slots=True)
class Draws:
    """Coefficients, the estimate first and draws of it below.

    Parameters
    ----------
    exits : numpy.ndarray, shape (1 + draws, coefficients)
        Of leaving.
    complaints : numpy.ndarray or None, shape (1 + draws, coefficients)
        Of complaining.
    charged : numpy.ndarray, shape (1 + draws, groups, levels)
        Share of months below the minimum balance, at the trial's fees.
    margins : numpy.ndarray, shape (1 + draws, 2, groups)
        What customers bring a month.
    """

    exits: Floats
    complaints: Floats | None
    charged: Floats
    margins: Floats


def draw_all(response: FeeResponse, crowd: Crowd, rng: np.random.Generator) -> Draws:
    """Draw everything that is estimated.

    Parameters
    ----------
    response : FeeResponse
        Effects of a fee.
    crowd : Crowd
        The trial's customers.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    Draws
        Estimates first.
    """
    exits, complaints = response.exits, response.complaints
    return Draws(
        exits=np.vstack([exits.coefficients, exits.draw(rng, N_DRAWS)]),
        complaints=None
        if complaints is None
        else np.vstack([complaints.coefficients, complaints.draw(rng, N_DRAWS)]),
        charged=_draw_means(crowd.charged, crowd.charged_variances, rng),
        margins=_draw_means(crowd.margins, crowd.variances, rng),
    )


def _draw_means(means: Floats, variances: Floats, rng: np.random.Generator) -> Floats:
    """Draw means with their errors; they come first themselves."""
    normal = rng.standard_normal((N_DRAWS, *means.shape))
    return np.concatenate([means[None], means + normal * np.sqrt(variances)])


def describe_crowd(response: FeeResponse) -> Crowd:
    """Describe the customers of a trial by group.

    Parameters
    ----------
    response : FeeResponse
        Estimates with their trial.

    Returns
    -------
    Crowd
        One group per kind of customer in the trial.
    """
    trial = response.trial
    sums = trial.histories.groupby("vulnerable")["units"].sum()
    vulnerable = tuple(bool(kind) for kind in sums.index)
    charged, errors = _share_charged(trial.histories)
    margins = np.full((len(MARGINS), len(vulnerable)), np.nan)
    variances = np.zeros_like(margins)
    if not trial.margins.empty:
        known = trial.margins.set_index("vulnerable")
        for place, kind in enumerate(vulnerable):
            # A group too small to have a mean of its own takes that of all.
            is_own = kind in known.index and known.loc[kind, "customers"] >= _FEWEST
            rows = known[known.index == kind] if is_own else known
            weights = (rows["customers"] / rows["customers"].sum()).to_numpy(float)
            for line, name in enumerate(MARGINS):
                squared = rows[f"{name}_variance"].fillna(0.0).to_numpy(float)
                margins[line, place] = weights @ rows[name].to_numpy(float)
                variances[line, place] = weights**2 @ squared
    return Crowd(
        vulnerable=vulnerable,
        share=(sums / sums.sum()).to_numpy(float),
        levels=np.array(trial.levels),
        charged=charged,
        charged_variances=errors,
        margins=margins,
        variances=variances,
    )


def _share_charged(histories: pd.DataFrame) -> tuple[Floats, Floats]:
    """Give the share of months below the minimum by group and fee, and its error.

    A ratio of sums over customers (Cochran 1977, equation 6.13). A group that nobody of
    is left in at a fee takes the share of all its fees.
    """
    each = histories["present"] / histories["units"]
    rows = histories.assign(
        cross=each * histories["below"], lengths=each * histories["present"]
    )
    names = ["present", "below", "below_squares", "cross", "lengths"]
    sums = rows.pivot_table(
        index="vulnerable", columns="fee", values=names, aggfunc="sum", fill_value=0
    )
    present, below = sums["present"], sums["below"]
    whole = below.sum(axis=1) / present.sum(axis=1).clip(lower=1)
    share = (below / present.where(present > 0)).apply(
        lambda column: column.fillna(whole)
    )
    squares = (
        sums["below_squares"] - 2 * share * sums["cross"] + share**2 * sums["lengths"]
    )
    errors = (squares.clip(lower=0) / present.where(present > 0) ** 2).fillna(0.0)
    return share.to_numpy(float), errors.to_numpy(float)


def add_up(
    response: FeeResponse,
    crowd: Crowd,
    paid: Floats,
    draws: Draws,
    tax_rate: float,
) -> dict[str, Floats]:
    """Add up what fees bring over `HORIZON_MONTHS`.

    Parameters
    ----------
    response : FeeResponse
        Effects of a fee.
    crowd : Crowd
        The customers.
    paid : numpy.ndarray, shape (groups, fees)
        What each group pays at each fee, major units a month.
    draws : Draws
        Coefficients.
    tax_rate : float
        Share of profit.

    Returns
    -------
    dict of str to numpy.ndarray, shape (1 + draws, fees)
        Each of `MEASURES`.
    """
    hazard = _find_hazards(response, crowd, paid, draws)
    usual = _find_hazards(response, crowd, np.zeros_like(paid), draws)
    length = response.trial.months_a_period
    here, here_usual = _count_months(hazard, length), _count_months(usual, length)
    gone = _share_left(hazard, length) - _share_left(usual, length)
    share = PER * crowd.share
    leavers = gone @ share
    vulnerable = gone @ (share * np.array(crowd.vulnerable))
    charged = _spread_charged(crowd, draws, paid)
    fee_income = np.einsum("dfg,dgf,gf->df", here * share, charged, paid)
    lost = np.einsum("dfg,dkg->kdf", (here_usual - here) * share, draws.margins)
    kept = fee_income * (1 - tax_rate)
    return {
        "leavers": leavers,
        "vulnerable_leavers": vulnerable,
        "vulnerable_pct": _divide(100 * vulnerable, leavers),
        "complaints": _count_complaints(response, crowd, paid, draws, here),
        "fee_income": fee_income,
        "lost_marginal": lost[0],
        "gain_marginal": kept - lost[0],
        "gain_average": kept - lost[1],
        "worth_of_leaver": _divide(kept, np.maximum(leavers, 0.0)),
        "elasticity": _find_elasticity(response, crowd, paid, draws, hazard),
    }


def _spread_charged(crowd: Crowd, draws: Draws, paid: Floats) -> Floats:
    """Lay shares of months charged evenly between the trial's fees.

    The shape is (1 + draws, groups, fees).
    """
    levels = crowd.levels
    right = np.clip(np.searchsorted(levels, paid), 1, len(levels) - 1)
    weight = (paid - levels[right - 1]) / (levels[right] - levels[right - 1])
    group = np.arange(len(paid))[:, None]
    lower, upper = draws.charged[:, group, right - 1], draws.charged[:, group, right]
    spread: Floats = lower + weight * (upper - lower)
    return spread


def _find_hazards(
    response: FeeResponse, crowd: Crowd, paid: Floats, draws: Draws
) -> Floats:
    """Give hazards a period, shape (1 + draws, fees, groups)."""
    names = response.exits.covariates
    groups = [
        response.exits.average_hazard(
            draws.exits, list_covariates(fees, names, vulnerable=kind)
        )
        for fees, kind in zip(paid, crowd.vulnerable, strict=True)
    ]
    return np.stack(groups, axis=2)


def _count_months(hazard: Floats, length: int) -> Floats:
    """Count months in which a customer is still here, of the horizon's."""
    stays = (1 - hazard) ** (1 / length)
    return sum_powers(stays, HORIZON_MONTHS)


def sum_powers(stays: Floats, months: int) -> Floats:
    """Sum the chances of being here at the end of each month.

    Parameters
    ----------
    stays : numpy.ndarray
        Chance to stay a month.
    months : int
        How many months.

    Returns
    -------
    numpy.ndarray
        stays + stays^2 + ... to the power of the months.
    """
    total = np.zeros_like(stays)
    for _ in range(months):
        total = stays * (1 + total)
    return total


def _share_left(hazard: Floats, length: int) -> Floats:
    left: Floats = 1 - (1 - hazard) ** (HORIZON_MONTHS / length)
    return left


def _count_complaints(
    response: FeeResponse, crowd: Crowd, paid: Floats, draws: Draws, here: Floats
) -> Floats:
    if response.complaints is None or draws.complaints is None:
        return np.full(here.shape[:2], np.nan)
    names, effects = response.complaints.covariates, draws.complaints[:, 1:]
    more = []
    for fees, kind in zip(paid, crowd.vulnerable, strict=True):
        with_fee = list_covariates(fees, names, vulnerable=kind)
        without = list_covariates(np.zeros_like(fees), names, vulnerable=kind)
        more.append(effects @ (with_fee - without).T)
    counted: Floats = (np.stack(more, axis=2) * here) @ (PER * crowd.share)
    return counted


def _find_elasticity(
    response: FeeResponse, crowd: Crowd, paid: Floats, draws: Draws, hazard: Floats
) -> Floats:
    """Give percent more leavers for one percent more fee."""
    names = response.exits.covariates
    effects = draws.exits[:, len(response.exits.periods) :]
    one, none = np.ones(1), np.zeros(1)
    slopes = np.column_stack(
        [
            effects
            @ (
                list_covariates(one, names, vulnerable=kind)
                - list_covariates(none, names, vulnerable=kind)
            )[0]
            for kind in crowd.vulnerable
        ]
    )
    weight = hazard * crowd.share
    rise = slopes[:, None, :] * paid.T[None, :, :] * (1 - hazard)
    found: Floats = (weight * rise).sum(axis=2) / weight.sum(axis=2)
    return found


def _divide(part: Floats, whole: Floats) -> Floats:
    """Divide, and give nothing where the whole is nought."""
    return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole != 0)
