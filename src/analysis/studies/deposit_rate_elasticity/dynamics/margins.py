"""Split what a rate moves: those who stay, how many accounts there are, and all money.

Existing accounts are measured by logs within an account; the number of accounts and
the money of a pricing cell by Poisson means, in which empty cells count as zero. The
three need not add up: an account is one whatever it holds, money counts by its size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.quarter import Quarter
from analysis.studies.deposit_rate_elasticity.dynamics.designs import (
    NUMBERS,
    POISSON,
    Subject,
    choose_main,
    fit_by_grade,
    is_narrow,
    list_subjects,
)
from analysis.studies.deposit_rate_elasticity.response.balance_panel import (
    SEGMENT,
    BalancePanel,
)
from analysis.studies.deposit_rate_elasticity.response.estimates import OWN
from analysis.studies.deposit_rate_elasticity.response.verdicts import REFUSED, Verdicts

EXISTING, ACCOUNTS, TOTAL = "existing", "accounts", "total"
COLUMNS = {ACCOUNTS: "accounts", TOTAL: "balance"}
"""Margins that cells are counted for, and their columns."""
EFFECTS = ["unit", "market"]


@dataclass(frozen=True, slots=True)
class Margins:
    """What a rate moves, by product.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per product and margin, largest balance first: `product`, `grade`,
        `margin` ("existing", "accounts", "total"; one row "refused" for a refused
        product), `customers`, `estimate`, `std_error`, `lower`, `upper` (percent per
        percentage point), `nobs`, `zero_share_pct` (of cell-periods) and `check`:
        empty, "strength" (instrument too weak), "width" (interval too wide, its
        numbers are thrown away) or the check that refused the product.
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


def estimate_margins(panel: BalancePanel, verdicts: Verdicts) -> Margins:
    """Estimate what becomes of accounts that stay, of their number and of all money.

    Parameters
    ----------
    panel : BalancePanel
        Totals and prices of pricing cells.
    verdicts : Verdicts
        Grades, and responses of existing accounts.

    Returns
    -------
    Margins
        Numbers of products of grade B and C only.
    """
    subjects = list_subjects(panel, verdicts)
    rows = [row for subject in subjects for row in _fit_margins(subject, panel)]
    known = pd.DataFrame(rows)
    refused = verdicts.products[verdicts.products["grade"] == REFUSED]
    return Margins(
        rows=pd.concat([known, _list_refused(refused, verdicts)], ignore_index=True),
        main=choose_main(subjects).product if subjects else "",
        quarter=panel.quarter,
        source=panel.source,
    )


def lay_out_cells(panel: BalancePanel, subject: Subject) -> pd.DataFrame:
    """Give every pricing cell of a product in every period, empty or not.

    Parameters
    ----------
    panel : BalancePanel
        Totals and prices of pricing cells.
    subject : Subject
        Product and segments.

    Returns
    -------
    pandas.DataFrame
        One row per segment, cell that ever held an account, and period: `accounts`
        and `balance` (zero where there were none, or overdrawn), the prices, `unit`
        (segment and cell), `market` (line, segment and period), `weight`.
    """
    totals = panel.totals
    is_mine = (totals["product"] == subject.product) & totals["segment"].isin(
        subject.segments
    )
    held = totals.loc[is_mine, [*SEGMENT, "cell", "period", *COLUMNS.values()]]
    cells = held[[*SEGMENT, "cell"]].drop_duplicates()
    seen = panel.prices["period"].between(held["period"].min(), held["period"].max())
    every = cells.merge(panel.prices[seen].drop(columns="product"), on="cell")
    filled = every.merge(held, on=[*SEGMENT, "cell", "period"], how="left")
    filled = filled.fillna(dict.fromkeys(COLUMNS.values(), 0.0))
    return filled.assign(
        balance=filled["balance"].clip(lower=0.0),
        unit=filled.groupby(["segment", "cell"]).ngroup(),
        market=filled.groupby(["tenor_months", "segment", "period"]).ngroup(),
        weight=1,
    )


def _fit_margins(subject: Subject, panel: BalancePanel) -> Iterator[dict[str, Any]]:
    named = {
        "product": subject.product,
        "grade": subject.grade,
        "customers": subject.customers,
    }
    yield {
        **named,
        "margin": EXISTING,
        "estimate": subject.estimate,
        "lower": subject.lower,
        "upper": subject.upper,
        "nobs": subject.nobs,
        "check": "",
    }
    cells = lay_out_cells(panel, subject) if len(panel.totals) else pd.DataFrame()
    for margin, column in COLUMNS.items():
        fit = _fit_margin(cells, column, subject.grade)
        yield {**named, "margin": margin, **fit}


def _fit_margin(cells: pd.DataFrame, column: str, grade: str) -> dict[str, Any]:
    blank = {name: np.nan for name in NUMBERS} | {"nobs": len(cells)}
    if cells.empty:
        return {**blank, "check": "strength"}
    zeros = {"zero_share_pct": 100 * float((cells[column] <= 0).mean())}
    rows = cells.assign(outcome=cells[column])
    pair = (OWN[0], OWN[1])
    found = fit_by_grade(rows, [pair], grade=grade, effects=EFFECTS, model=POISSON)
    if found.empty:
        return {**blank, **zeros, "check": "strength"}
    row = found.iloc[0]
    if not is_narrow(row["lower"], row["upper"]):
        return {**blank, **zeros, "check": "width"}
    numbers = {name: float(row[name]) for name in NUMBERS}
    return {**numbers, "nobs": int(row["nobs"]), **zeros, "check": ""}


def _list_refused(refused: pd.DataFrame, verdicts: Verdicts) -> pd.DataFrame:
    customers = verdicts.segments.groupby("product")["customers"].sum()
    return refused[["product", "grade", "check"]].assign(
        margin="refused", customers=refused["product"].map(customers), nobs=0
    )
