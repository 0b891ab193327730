"""Say and show who moves with a rate: those who stay, or those who come and go."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from analysis.presentation.disclosure import release
from analysis.presentation.findings import Finding
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.deposit_rate_elasticity.dynamics.designs import WIDEST_REACH
from analysis.studies.deposit_rate_elasticity.dynamics.margins import (
    ACCOUNTS,
    EXISTING,
    TOTAL,
    Margins,
)
from analysis.studies.deposit_rate_elasticity.dynamics.refusals import (
    explain_refusal,
    refuse_dynamics,
    write_answer,
)
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import mark, say

LABELS = {
    EXISTING: mark("Balance of existing accounts"),
    ACCOUNTS: mark("Number of accounts"),
    TOTAL: mark("All money"),
    "refused": mark("Not measured"),
}
"""What moves."""


def find_who_moves(margins: Margins) -> Finding:
    """Say whether accounts come and go with a rate, beside those who stay.

    Parameters
    ----------
    margins : Margins
        What a rate moves, by product.

    Returns
    -------
    Finding
        On the product that is known best.
    """
    shared: dict[str, Any] = {
        "key": "accounts_per_rate_point",
        "quarter": margins.quarter,
        "source": margins.source,
    }
    if not margins.main:
        return refuse_dynamics(
            say("Whether customers come and go with a rate is not known"),
            say("No response passes every check, so none is split."),
            **shared,
        )
    accounts, existing = (_take(margins, margin) for margin in (ACCOUNTS, EXISTING))
    if accounts["check"]:
        return refuse_dynamics(
            say(
                "Whether accounts of {product} come and go with its rate is not known",
                product=margins.main,
            ),
            explain_refusal(str(accounts["check"])),
            **shared,
        )
    return Finding(
        key=str(shared["key"]),
        requirement="A3",
        headline=_write_headline(margins.main, accounts, existing),
        sentence=_write_sentence(margins, accounts, existing),
        action=_advise(margins.main, accounts),
        measure=say("Accounts of {product} per point of rate", product=margins.main),
        verdict="measured",
        unit=Unit.PERCENT_PER_POINT,
        nobs=int(accounts["nobs"]),
        period=str(margins.quarter),
        source=margins.source,
        estimate=float(accounts["estimate"]),
        lower=float(accounts["lower"]),
        upper=float(accounts["upper"]),
        importance=0.6,
    )


def _take(margins: Margins, margin: str) -> pd.Series:
    rows = margins.rows
    is_main = (rows["product"] == margins.main) & (rows["margin"] == margin)
    return rows[is_main].iloc[0]


def _write_headline(product: str, accounts: pd.Series, existing: pd.Series) -> str:
    if accounts["lower"] > 0:
        return say("A higher rate on {product} also brings accounts", product=product)
    if accounts["upper"] < 0:
        return say(
            "A higher rate on {product} comes with fewer accounts", product=product
        )
    if existing["lower"] > 0:
        return say(
            "Those who stay move: no clear change in how many accounts of {product} "
            "there are",
            product=product,
        )
    return say(
        "Neither balances nor the number of accounts of {product} clearly answer its "
        "rate",
        product=product,
    )


def _write_sentence(margins: Margins, accounts: pd.Series, existing: pd.Series) -> str:
    return say(
        "One percentage point more on {product} goes with {stay} ({stay_interval}) "
        "more balance in accounts that stay, and {accounts} ({accounts_interval}) more "
        "accounts; {nobs} observations of pricing cells up to {quarter}.",
        product=margins.main,
        stay=write_value(float(existing["estimate"]), Unit.PERCENT),
        stay_interval=_write_interval(existing),
        accounts=write_value(float(accounts["estimate"]), Unit.PERCENT),
        accounts_interval=_write_interval(accounts),
        nobs=write_number(float(accounts["nobs"])),
        quarter=write_quarter(margins.quarter),
    )


def _write_interval(row: pd.Series) -> str:
    lower, upper = float(row["lower"]), float(row["upper"])
    if math.isnan(lower):
        return "\N{EN DASH}"
    return write_interval(lower, upper, Unit.PERCENT)


def _advise(product: str, accounts: pd.Series) -> str:
    low, high = float(accounts["lower"]), float(accounts["upper"])
    if low <= 0 <= high:
        return say(
            "Plan a price of {product} with what existing accounts do; count on no new "
            "accounts.",
            product=product,
        )
    return say(
        "For 10 bp on {product} plan a change of {interval} in accounts, on top of "
        "what existing ones do.",
        product=product,
        interval=write_interval(low / 10, high / 10, Unit.PERCENT),
    )


def tabulate_margins(margins: Margins) -> DisplayTable | Note:
    """Show the response of existing accounts, of their number and of all money.

    Parameters
    ----------
    margins : Margins
        What a rate moves, by product.

    Returns
    -------
    DisplayTable or Note
        One row per product and margin; a note where nothing was measured.
    """
    rows = margins.rows
    if not margins.main:
        return Note(say("No response is identified, so none is split by who moves."))
    shown = rows.assign(
        label=[say(LABELS[margin]) for margin in rows["margin"]],
        interval=[_write_interval(row) for _, row in rows.iterrows()],
        answer=[write_answer(row) for _, row in rows.iterrows()],
    )
    columns = (
        DisplayColumn("product", say("Product")),
        DisplayColumn("label", say("What moves")),
        DisplayColumn("customers", say("Customers"), Unit.COUNT),
        DisplayColumn("estimate", say("Response"), Unit.PERCENT_PER_POINT),
        DisplayColumn("interval", say("95% interval")),
        DisplayColumn("zero_share_pct", say("Empty"), Unit.PERCENT),
        DisplayColumn("nobs", say("Observations"), Unit.COUNT),
        DisplayColumn("answer", say("Answer")),
    )
    names = [column.name for column in columns]
    derived = ("estimate", "zero_share_pct")
    return DisplayTable(
        title=_write_title(rows),
        released=release(
            shown[names],
            count="customers",
            derived={name: ["customers"] for name in derived},
        ),
        columns=columns,
        source=margins.source,
        note=say(
            "Existing accounts: within an account, in logs. Number of accounts and all "
            "money: per pricing cell, by Poisson means that keep empty cells (Empty: "
            "their share). All money counts large accounts by their size, so that the "
            "rows need not add up. An interval that reaches {reach} or more to either "
            "side is not printed.",
            reach=write_value(WIDEST_REACH, Unit.PERCENT_PER_POINT),
        ),
    )


def _write_title(rows: pd.DataFrame) -> str:
    totals = rows[rows["margin"] == TOTAL]
    return say(
        "How many accounts there are and all money, beside existing accounts: {known} "
        "of {all} totals are known well enough",
        known=write_number(int((totals["check"] == "").sum())),
        all=write_number(len(totals)),
    )
