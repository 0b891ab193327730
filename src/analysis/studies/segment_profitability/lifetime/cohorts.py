"""How long new customers stay: the cohorts that joined while the bank was looking.

Ages are whole quarters of a year since joining. Customers who were here before the
first period on record are left out: those of them who left early are not in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import ibis
import numpy as np
import pandas as pd

from analysis.data.sources import Tables
from analysis.presentation.disclosure import MINIMUM_CELL
from analysis.quarter import write_date
from analysis.statistics.paired_bootstrap import Floats
from analysis.statistics.shifted_beta_geometric import (
    CohortCounts,
    ShiftedBetaGeometric,
    SurvivalBand,
    bound_survival,
    fit_shifted_beta_geometric,
)
from analysis.studies.segment_profitability.parameters import (
    CONFIDENCE_LEVEL,
    Parameters,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.wording import say

AHEAD: Final = 12
"""Quarters beyond the oldest cohort's age that retention is projected to."""

LEAST_LEFT: Final = 20
"""Customers who must have left before a chance of leaving is told."""

_DAYS_A_QUARTER: Final = 365.25 / 4
_DAY: Final = "day"


@dataclass(frozen=True, slots=True, eq=False)
class Retention:
    """How long new customers stay.

    Parameters
    ----------
    observed : pandas.DataFrame
        One row per step of age in which enough customers left: `age_quarters`,
        `at_risk` (customers at the step's start), `left` (in the step) and `kept_pct`
        (share still here at its end).
    model : ShiftedBetaGeometric
        The model fitted.
    band : SurvivalBand
        Share still here by age, up to `AHEAD` quarters beyond the data.
    n_customers : int
        Customers followed for a quarter or more.
    n_ages : int
        Age of the oldest cohort, quarters.
    first : date
        Day from which joiners are followed.
    quarter, source : str
        Whom the numbers are of.
    """

    observed: pd.DataFrame
    model: ShiftedBetaGeometric
    band: SurvivalBand
    n_customers: int
    n_ages: int
    first: date
    quarter: str
    source: str


def follow_cohorts(tables: Tables, parameters: Parameters) -> Retention | Refused:
    """Follow the customers who joined since records begin.

    Parameters
    ----------
    tables : Tables
        Tables of the contract.
    parameters : Parameters
        The quarter reported.

    Returns
    -------
    Retention or Refused
        Refused without days of joining and leaving, or where too few left.

    References
    ----------
    .. [1] Fader and Hardie (2007), How to project customer retention, Journal of
       Interactive Marketing 21(1), 76-90.
    """
    first = _find_first_day(tables)
    if first is None:
        reason = say("The source does not say which tier customers held when.")
        return Refused(reason, parameters.quarter, tables.source.attribution)
    counts = count_ages(_list_ages(tables, parameters, first))
    left = int(counts.lost.sum())
    if left < LEAST_LEFT or len(counts.lost) < 2 or left == counts.lost[0]:
        reason = say(
            "Of the customers who joined since {first}, {left} are known to have left; "
            "{least} are needed.",
            first=write_date(first),
            left=left if left == 0 or left >= MINIMUM_CELL else say("fewer than ten"),
            least=LEAST_LEFT,
        )
        remedy = say("Give the days on which customers joined and left, over years.")
        return Refused(reason, parameters.quarter, tables.source.attribution, remedy)
    model = fit_shifted_beta_geometric(counts)
    n_ages = len(counts.lost)
    return Retention(
        observed=_observe(counts),
        model=model,
        band=bound_survival(
            model, n_ages=n_ages + AHEAD, confidence_level=CONFIDENCE_LEVEL
        ),
        n_customers=int(counts.nobs),
        n_ages=n_ages,
        first=first,
        quarter=parameters.quarter,
        source=tables.source.attribution,
    )


def count_ages(rows: pd.DataFrame) -> CohortCounts:
    """Count customers by the age at which they left, or were last seen.

    A quarter of life counts once it could be seen whole: who left in one that is not
    over for all of the same day is followed to its start.

    Parameters
    ----------
    rows : pandas.DataFrame
        Customers by `seen` (whole quarters from joining to the last day) and `stayed`
        (whole quarters from joining to leaving, missing while here): `customers`.

    Returns
    -------
    CohortCounts
        By age in quarters.
    """
    seen = rows["seen"].to_numpy(np.float64)
    stayed = rows["stayed"].to_numpy(np.float64, na_value=np.nan)
    customers = rows["customers"].to_numpy(np.float64)
    n_ages = int(seen.max(initial=0.0))
    left = ~np.isnan(stayed) & (stayed < seen)
    lost = np.bincount(
        stayed[left].astype(int), weights=customers[left], minlength=n_ages
    )
    rest = ~left & (seen > 0)
    kept = np.bincount(
        seen[rest].astype(int) - 1, weights=customers[rest], minlength=n_ages
    )
    return CohortCounts(lost.astype(np.float64), kept.astype(np.float64))


def _find_first_day(tables: Tables) -> date | None:
    if "customer_periods" not in tables:
        return None
    first: date | None = tables["customer_periods"].period.min().to_pyarrow().as_py()
    return first


def _list_ages(tables: Tables, parameters: Parameters, first: date) -> pd.DataFrame:
    customers = tables["customers"]
    joined = customers.filter(customers.open_date > ibis.literal(first))
    last = ibis.literal(parameters.reported.last_day)
    here = (joined.close_date > last).fill_null(True)
    ages = joined.filter(joined.open_date <= last).mutate(
        seen=_count_quarters(joined.open_date, last),
        stayed=ibis.ifelse(
            here,
            ibis.null("int64"),
            _count_quarters(joined.open_date, joined.close_date),
        ),
    )
    counted = ages.group_by("seen", "stayed").agg(customers=ages.count())
    rows: pd.DataFrame = counted.order_by("seen", "stayed").to_pandas()
    return rows


def _count_quarters(start: ibis.Value, end: ibis.Value) -> ibis.Value:
    days = end.delta(start, unit=_DAY)
    return (days / _DAYS_A_QUARTER).floor().cast("int64")


def _observe(counts: CohortCounts) -> pd.DataFrame:
    """Follow the share still here by steps in which ten or more left."""
    ending = (counts.lost + counts.kept)[::-1].cumsum()[::-1]
    survival: Floats = np.cumprod(1 - counts.lost / np.maximum(ending, 1.0))
    ends, passed = [], 0.0
    for age, total in enumerate(np.cumsum(counts.lost)):
        if total - passed >= MINIMUM_CELL:
            ends.append(age)
            passed = total
    starts = [0, *(age + 1 for age in ends[:-1])]
    return pd.DataFrame(
        {
            "age_quarters": [age + 1 for age in ends],
            "at_risk": [int(ending[age]) for age in starts],
            "left": [
                int(counts.lost[start : end + 1].sum())
                for start, end in zip(starts, ends, strict=True)
            ],
            "kept_pct": [100 * float(survival[age]) for age in ends],
        }
    )
