"""What a fee does to leaving and complaining, from a trial by lot or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.statistics.additive_rate import AdditiveRate, estimate_additive_rate
from analysis.statistics.discrete_hazard import DiscreteHazard, fit_discrete_hazard
from analysis.statistics.lot_balance import Balance, judge_lot
from analysis.studies.segment_profitability.levers.trial_sums import TrialSums
from analysis.studies.segment_profitability.parameters import (
    LOT_PVALUE,
    MINIMUM_EXITS,
    MINIMUM_UNITS,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.units import write_number
from analysis.wording import join_names, mark, say

Floats = NDArray[np.float64]

KNOWN_NAMES: Final = {
    "assets_before": mark("assets"),
    "age": mark("age"),
    "digital": mark("use of the app"),
    "asleep": mark("sleeping"),
    "tenure_years": mark("years with the bank"),
    "contacts_before": mark("contacts"),
    "branch_exits_year": mark("customers lost by the branch in the year before"),
    "branch_exits_quarter": mark("customers lost by the branch in the quarter before"),
}
"""What was known before a trial, to be said where a reader sees it."""


@dataclass(frozen=True, slots=True, eq=False)
class FeeResponse:
    """Effects of a fee.

    Parameters
    ----------
    trial : TrialSums
        What they were estimated from.
    balance : Balance
        Whether the fees can have been drawn by lot.
    exits : DiscreteHazard
        Log-odds of leaving in a period by `list_covariates`.
    complaints : AdditiveRate or None
        Complaints a month by the same; None where none are kept.
    """

    trial: TrialSums
    balance: Balance
    exits: DiscreteHazard
    complaints: AdditiveRate | None


def estimate_fee_response(trial: TrialSums | Refused) -> FeeResponse | Refused:
    """Estimate what a fee does to leaving and complaining.

    Parameters
    ----------
    trial : TrialSums or Refused
        The trial.

    Returns
    -------
    FeeResponse or Refused
        Refused where there is no trial, it is too small, or its fees go with what was
        known before, so that they were chosen and not drawn.

    References
    ----------
    .. [1] Singer and Willett (2003), Applied Longitudinal Data Analysis, ch. 11-12.
    .. [2] Hansen and Bowers (2008), Covariate balance in simple, stratified and
       clustered comparative studies, Statistical Science 23.
    """
    if isinstance(trial, Refused):
        return trial
    too_little = _find_too_little(trial)
    if too_little:
        return trial.refuse(
            too_little, say("Go on with the trial, or draw more customers.")
        )
    balance = judge_lot(trial.moments)
    if balance.pvalue < LOT_PVALUE:
        return trial.refuse(
            _write_choice(balance),
            say("Assign fees at random; nobody may choose who pays what."),
        )
    rows, covariates = add_covariates(trial.histories)
    cluster = None if trial.by_customer else "cluster"
    complaints = None
    if trial.has_complaints and rows["events"].sum() >= MINIMUM_EXITS:
        complaints = estimate_additive_rate(
            rows, covariates=covariates, cluster=cluster
        )
    exits = fit_discrete_hazard(rows, covariates=covariates, cluster=cluster)
    return FeeResponse(trial, balance, exits, complaints)


def add_covariates(histories: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Add the regressors of a fee's effects.

    Parameters
    ----------
    histories : pandas.DataFrame
        As in `TrialSums`.

    Returns
    -------
    pandas.DataFrame and list of str
        The rows with the regressors, and their names: the fee, and where enough of the
        vulnerable left with and without one, their own level and their own slope.
    """
    rows = histories.assign(
        is_vulnerable=histories["vulnerable"].astype(float),
        own_slope=histories["fee"] * histories["vulnerable"],
    )
    left = rows[rows["has_event"].astype(bool)]
    counts = left.groupby([left["vulnerable"].astype(bool), left["fee"] > 0])["units"]
    enough = {key: n >= MINIMUM_EXITS / 2 for key, n in counts.sum().items()}
    if enough.get((True, True)) and enough.get((False, True)):
        if enough.get((True, False)):
            return rows, ["fee", "is_vulnerable", "own_slope"]
        return rows, ["fee", "is_vulnerable"]
    return rows, ["fee"]


def list_covariates(
    fees: Floats, names: tuple[str, ...], *, vulnerable: bool
) -> Floats:
    """Give the regressors of customers at some fees.

    Parameters
    ----------
    fees : numpy.ndarray, shape (fees,)
        Major units a month.
    names : tuple of str
        Regressors wanted.
    vulnerable : bool
        Of which customers.

    Returns
    -------
    numpy.ndarray, shape (fees, names)
        Values.
    """
    values = {
        "fee": fees,
        "is_vulnerable": np.full(len(fees), float(vulnerable)),
        "own_slope": fees * vulnerable,
    }
    return np.column_stack([values[name] for name in names])


def _find_too_little(trial: TrialSums) -> str:
    levels = trial.levels
    if levels[0] > 0 or len(levels) < 2:
        return say("A trial must have customers with a fee and without one.")
    if trial.moments.count < MINIMUM_UNITS:
        return say(
            "Only {n} customers or branches were assigned; fewer than {least} tell "
            "nothing.",
            n=write_number(trial.moments.count),
            least=write_number(MINIMUM_UNITS),
        )
    rows = trial.histories
    left = int(rows.loc[rows["has_event"].astype(bool), "units"].sum())
    if left < MINIMUM_EXITS:
        return say(
            "Fewer than {least} customers of the trial have left so far.",
            least=write_number(MINIMUM_EXITS),
        )
    return ""


def _write_choice(balance: Balance) -> str:
    worst = balance.rows.sort_values("pvalue")["name"].head(2)
    names = [say(KNOWN_NAMES[name]) for name in worst]
    return say(
        "The fees of the trial were not set at random: they go with what was known "
        "before ({names}; chance below {level} if they had been).",
        names=join_names(names),
        level=say("{number}%", number=write_number(100 * LOT_PVALUE)),
    )
