"""What a fee would bring within a year: leavers, complaints, income and lost profit.

Everything is per thousand customers like those of the trial. Money is in major units;
profit is after tax. Intervals and chances come from draws of the trial's estimates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.statistics.resampling import cut_interval
from analysis.studies.segment_profitability.levers.fee_crowd import (
    describe_crowd,
    draw_all,
)
from analysis.studies.segment_profitability.levers.fee_response import FeeResponse
from analysis.studies.segment_profitability.levers.fee_sums import MEASURES, add_up
from analysis.studies.segment_profitability.levers.trial_sums import TrialSums
from analysis.studies.segment_profitability.parameters import (
    CONFIDENCE_LEVEL,
    MOST_LOSS_CHANCE,
    Parameters,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.wording import say

Floats = NDArray[np.float64]


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
        return tested.iloc[int(tested["gain_marginal"].argmax())]

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
