"""Measure how soon balances answer a rate: the response added up over the months since.

The rate of a pricing cell now and in the past, held together by straight lines between
a few lags, is fitted at once; where an instrument is needed, each is moved by the same
sum of past credits. The longest past is taken whose last sum is still known well
enough; what lies beyond is not identified.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.quarter import Quarter
from analysis.statistics.lagged_paths import spread_over_lags
from analysis.statistics.multiple_tests import adjust_pvalues
from analysis.studies.deposit_rate_elasticity.dynamics.designs import (
    LINEAR,
    NUMBERS,
    Subject,
    choose_main,
    fit_by_grade,
    is_narrow,
    list_subjects,
)
from analysis.studies.deposit_rate_elasticity.dynamics.price_paths import (
    CELL_PERIOD,
    lay_out_path,
    list_paths,
)
from analysis.studies.deposit_rate_elasticity.response.balance_panel import BalancePanel
from analysis.studies.deposit_rate_elasticity.response.estimates import OWN
from analysis.studies.deposit_rate_elasticity.response.lead_tests import EFFECTS
from analysis.studies.deposit_rate_elasticity.response.verdicts import Verdicts

HORIZONS = (0, 1, 3, 6, 12)
"""Months since the move."""
LATER = ["later", "later_lower", "later_upper", "later_pvalue"]
COLUMNS = ("months", *NUMBERS, "nobs", "check", *LATER)


@dataclass(frozen=True, slots=True)
class Timing:
    """The response added up over the months since a rate moved, by product.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per product and horizon, largest balance first: `product`, `grade`,
        `customers`, `months`, `estimate`, `std_error`, `lower`, `upper` (percent per
        percentage point), `nobs`, `check` (empty, "width", "history" or "strength";
        then there is no number), and `later`, `later_lower`, `later_upper`: what has
        come after the month of the move, with `later_pvalue`, adjusted over the
        horizons of a product.
    main : str
        Product known best; empty if there is none.
    quarter : Quarter
        The quarter reported.
    source : str
        Where the numbers come from.
    """

    rows: pd.DataFrame
    main: str
    quarter: Quarter
    source: str


def estimate_timing(
    panel: BalancePanel, verdicts: Verdicts, *, period_months: int = 1
) -> Timing:
    """Estimate how the response adds up over the months since a rate moved.

    Parameters
    ----------
    panel : BalancePanel
        Compressed panel and prices.
    verdicts : Verdicts
        Grades.
    period_months : int
        Months in a period.

    Returns
    -------
    Timing
        Numbers of products of grade B and C only.
    """
    subjects = list_subjects(panel, verdicts) if len(panel.prices) else ()
    horizons = [month for month in HORIZONS if month % period_months == 0]
    rows = [
        row
        for subject in subjects
        for row in _fit_subject(subject, panel.prices, horizons, period_months)
    ]
    return Timing(
        rows=pd.DataFrame(rows),
        main=choose_main(subjects).product if subjects else "",
        quarter=panel.quarter,
        source=panel.source,
    )


def _fit_subject(
    subject: Subject, prices: pd.DataFrame, horizons: Sequence[int], period_months: int
) -> list[dict[str, Any]]:
    """Fit the longest past that tells something, and refuse what lies beyond."""
    mine = prices[prices["cell"].isin(subject.groups["cell"].unique())]
    longest = mine["period"].nunique() * period_months / 2
    possible = [month for month in horizons if month <= longest]
    found, check = pd.DataFrame(), "strength"
    for end in range(len(possible), 0, -1):
        knots = [month // period_months for month in possible[:end]]
        found = _fit_sums(subject, mine, knots)
        if not found.empty and is_narrow(*found.iloc[-1][["lower", "upper"]]):
            break
        check = "strength" if found.empty else "width"
    known = found.assign(check="", months=possible[: len(found)])
    beyond = [month for month in horizons if month not in possible[: len(found)]]
    checks = [check if month in possible else "history" for month in beyond]
    refused = pd.DataFrame({"months": beyond, "check": checks, "nobs": 0})
    rows = pd.concat([known, refused]).reindex(columns=list(COLUMNS))
    return rows.assign(
        product=subject.product, grade=subject.grade, customers=subject.customers
    ).to_dict("records")  # type: ignore[return-value] # columns are named by text


def _fit_sums(
    subject: Subject, prices: pd.DataFrame, knots: Sequence[int]
) -> pd.DataFrame:
    """Fit the response added up to each knot, and what of it came later."""
    places = range(len(knots))
    paths = {
        f"{name}_{place}": path
        for name in OWN
        for place, path in enumerate(
            spread_over_lags(lay_out_path(prices, name), knots)
        )
    }
    rows = subject.groups.merge(list_paths(paths), on=CELL_PERIOD)
    sums = _fit(subject, rows, places)
    if sums.empty or len(knots) == 1:
        return sums.assign(**dict.fromkeys(LATER[:-1], 0.0), later_pvalue=1.0)
    # The whole move from its first month on; the others then measure what is beyond.
    whole = {
        f"{name}_0": rows[[f"{name}_{place}" for place in places]].sum(
            axis=1, skipna=False
        )
        for name in OWN
    }
    beyond = _fit(subject, rows.assign(**whole), places).reindex(sums.index)
    beyond = beyond.reindex(columns=["estimate", "lower", "upper", "pvalue"])
    beyond.iloc[0] = [0.0, 0.0, 0.0, np.nan]
    adjusted = beyond.assign(pvalue=adjust_pvalues(beyond["pvalue"]))
    return sums.join(adjusted.fillna({"pvalue": 1.0}).set_axis(LATER, axis=1))


def _fit(subject: Subject, rows: pd.DataFrame, places: range) -> pd.DataFrame:
    pairs = [(f"{OWN[0]}_{place}", f"{OWN[1]}_{place}") for place in places]
    return fit_by_grade(rows, pairs, grade=subject.grade, effects=EFFECTS, model=LINEAR)
