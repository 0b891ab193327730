"""Estimate each product's response again under other choices that could be defended.

A response that rests on one choice moves when it is changed. Each choice stands for a
known pitfall of deposit panels; the first row is the response as reported. Percent of
balance per percentage point.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from analysis.quarter import Quarter
from analysis.studies.deposit_rate_elasticity.parameters import LAST_MONTHS_OF_QUARTER
from analysis.studies.deposit_rate_elasticity.response.balance_panel import (
    SEGMENT,
    BalancePanel,
)
from analysis.studies.deposit_rate_elasticity.response.estimates import (
    DESIGNS,
    estimate_response,
    fit_alone,
)
from analysis.studies.deposit_rate_elasticity.response.lead_tests import Fit
from analysis.studies.deposit_rate_elasticity.response.verdicts import (
    REFUSED,
    Verdicts,
)

REPORTED = "reported"
Fitter = Callable[[pd.DataFrame], Fit]


@dataclass(frozen=True, slots=True)
class OtherChoices:
    """Responses of products under each choice.

    Parameters
    ----------
    fits : pandas.DataFrame
        One row per product and choice, the reported one first: `product`, `customers`,
        `grade`, `choice` (a key of `exhibits.CHOICES`), `estimate`, `lower`, `upper`,
        `nobs`.
    quarter : Quarter
        The quarter reported.
    source : str
        Where the numbers come from.
    """

    fits: pd.DataFrame
    quarter: Quarter
    source: str


def try_other_choices(panel: BalancePanel, verdicts: Verdicts) -> OtherChoices:
    """Fit every product that holds a response again, one choice changed at a time.

    Parameters
    ----------
    panel : BalancePanel
        Compressed panel.
    verdicts : Verdicts
        Which responses are shown.

    Returns
    -------
    OtherChoices
        Choices that a panel does not allow are left out; empty where no response is
        shown.
    """
    fits = []
    for row in verdicts.products.to_dict("records"):
        if row["grade"] == REFUSED:
            continue
        design = next(each for each in DESIGNS if each.grade == row["grade"])
        rows, customers = _gather(str(row["product"]), panel, verdicts)
        named = {name: row[name] for name in ("product", "grade")}
        for choice, fit in _list_choices(design.fit, design.grade).items():
            found = fit(rows)
            if found and math.isfinite(found["lower"] + found["upper"]):
                fits.append(named | {"customers": customers, "choice": choice, **found})
    columns = ["product", "customers", "grade", "choice"]
    numbers = ["estimate", "lower", "upper", "nobs"]
    return OtherChoices(
        fits=pd.DataFrame(fits, columns=[*columns, *numbers]),
        quarter=panel.quarter,
        source=panel.source,
    )


def _gather(
    product: str, panel: BalancePanel, verdicts: Verdicts
) -> tuple[pd.DataFrame, int]:
    """Keep the rows of the segments behind a product's response."""
    segments = verdicts.segments[verdicts.segments["product"] == product]
    best = segments[segments["grade"] == segments["grade"].min()]
    rows = panel.groups.merge(best[SEGMENT], on=SEGMENT)
    return rows, int(best["customers"].max())


def _list_choices(fit: Fitter, grade: str) -> dict[str, Fitter]:
    """Give the choices, each as a way to fit rows."""
    choices: dict[str, Fitter] = {
        REPORTED: fit,
        "gross": lambda rows: fit(rows.assign(outcome=rows["gross"])),
        "no_quarter_end": lambda rows: fit(_leave_quarter_ends(rows)),
        "always_present": lambda rows: fit(_keep_present(rows)),
        "half": lambda rows: fit(_keep_later_half(rows)),
    }
    if grade == "B":
        choices |= {"sisters_out": fit_alone, "no_instrument": estimate_response}
    return choices


def _leave_quarter_ends(rows: pd.DataFrame) -> pd.DataFrame:
    """Leave out the months in which balances are dressed for the reporting date."""
    months = rows["period"].dt.month
    if months.isin(LAST_MONTHS_OF_QUARTER).all():
        return rows.iloc[:0]
    kept: pd.DataFrame = rows[~months.isin(LAST_MONTHS_OF_QUARTER)]
    return kept


def _keep_present(rows: pd.DataFrame) -> pd.DataFrame:
    """Keep groups of accounts that are there in every period of the later half."""
    later = _keep_later_half(rows)
    seen = later.groupby("group")["period"].transform("nunique")
    kept: pd.DataFrame = later[seen == later["period"].nunique()]
    return kept


def _keep_later_half(rows: pd.DataFrame) -> pd.DataFrame:
    periods = sorted(rows["period"].unique())
    later: pd.DataFrame = rows[rows["period"] >= periods[len(periods) // 2]]
    return later
