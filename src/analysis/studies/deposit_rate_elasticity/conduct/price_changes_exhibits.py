"""The finding and the table on what each change of the price list did."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.disclosure import Released, release
from analysis.presentation.findings import Finding
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.deposit_rate_elasticity.conduct.price_changes import (
    AMOUNTS,
    PriceChanges,
)
from analysis.studies.deposit_rate_elasticity.conduct.sentences import (
    scale_amounts,
    write_estimate,
)
from analysis.studies.deposit_rate_elasticity.rates.history import name_line
from analysis.studies.deposit_rate_elasticity.sentences import refuse, write_rate
from analysis.units import Unit, write_money, write_number, write_value
from analysis.wording import mark, say

MOST_CHANGES = 10
"""Changes shown, those of the largest interest first."""
_DIRECTIONS = {
    1: mark("{line}, {month}, up"),
    -1: mark("{line}, {month}, down"),
}
_DERIVED = {
    "share_pct": ("reached",),
    "reached_scaled": ("reached",),
    "yearly_scaled": ("yearly",),
    "realised": ("customers",),
    "size": ("yearly",),
}


def find_price_changes(impact: PriceChanges) -> Finding:
    """Say whom the quarter's changes reached and what they cost.

    Parameters
    ----------
    impact : PriceChanges
        What each change did.

    Returns
    -------
    Finding
        Interest a year of all changes, major units of the source's currency.
    """
    if impact.changes.empty:
        return refuse(
            "price_changes",
            "A4",
            question=say(
                "No posted price changed in {q}", q=write_quarter(impact.quarter)
            ),
            reason=say("There is no change whose reach could be measured."),
            quarter=impact.quarter,
            source=impact.source,
        )
    return Finding(
        key="price_changes",
        requirement="A4",
        headline=_write_headline(impact),
        sentence=say(
            "{n} changes in {quarter} (a product and term in one period, up or down) "
            "reached {customers} customers with {reached}, {share} of priced deposits; "
            "contracts feel them only when they are made or renewed.",
            n=write_number(len(impact.changes)),
            quarter=write_quarter(impact.quarter),
            customers=write_number(impact.customers),
            reached=write_money(impact.reached, impact.currency),
            share=write_value(100 * impact.reached / impact.book, Unit.PERCENT),
        ),
        action=_advise(impact.changes),
        measure=say("Interest a year of the quarter's price changes"),
        verdict="exact",
        unit=Unit.MONEY,
        currency=impact.currency,
        nobs=impact.customers,
        period=str(impact.quarter),
        source=impact.source,
        estimate=impact.yearly,
        importance=0.5,
    )


def tabulate_price_changes(impact: PriceChanges) -> DisplayTable | Note:
    """Show the largest changes: reach, cost, expected and realised balances.

    Parameters
    ----------
    impact : PriceChanges
        What each change did.

    Returns
    -------
    DisplayTable or Note
        At most ten rows, by the size of the interest; a note where nothing moved.
    """
    if impact.changes.empty:
        return Note(say("No posted price changed this quarter, so none is listed."))
    released, unit = _release_changes(impact)
    return DisplayTable(
        title=say(
            "The changes that moved most interest, {q}", q=write_quarter(impact.quarter)
        ),
        released=released,
        columns=(
            DisplayColumn("change", say("Change")),
            DisplayColumn("cells", say("Cells"), Unit.COUNT),
            DisplayColumn("rates", say("From, to")),
            DisplayColumn("customers", say("Customers reached"), Unit.COUNT),
            DisplayColumn(
                "reached_scaled", say("Balance reached"), decimals=1, unit_label=unit
            ),
            DisplayColumn("share_pct", say("Of these cells"), Unit.PERCENT, 0),
            DisplayColumn(
                "yearly_scaled", say("Interest a year"), decimals=2, unit_label=unit
            ),
            DisplayColumn("expected", say("Balance expected")),
            DisplayColumn("realised", say("Balance since")),
        ),
        source=impact.source,
        note=say(
            "Rates are weighted by balances of the cells that moved. Expected: the "
            "response of the product, if it is identified, times the change. Since: "
            "existing balances from the period before to the quarter's end, less those "
            "of cells of the same line that stood still, with its 95% interval; not an "
            "effect where prices answer balances."
        ),
    )


def _release_changes(impact: PriceChanges) -> tuple[Released, str]:
    size = impact.changes["yearly"].abs().sort_values(ascending=False)
    largest = impact.changes.loc[size.index[:MOST_CHANGES]]
    rows, unit = scale_amounts(largest, ["reached", "yearly"], impact.currency)
    named = rows.assign(
        change=[_name_change(row) for _, row in rows.iterrows()],
        rates=[
            say("{old} to {new}", old=write_rate(old), new=write_rate(new))
            for old, new in zip(rows["from_pct"], rows["to_pct"], strict=True)
        ],
        expected=[_write_change(row, "expected") for _, row in rows.iterrows()],
        realised=[_write_change(row, "realised") for _, row in rows.iterrows()],
        size=rows["yearly"].abs(),
    )
    ends = [f"{name}_{end}" for name in AMOUNTS for end in ("largest", "second")]
    measures = [*AMOUNTS, *ends, *(f"{name}_absolute" for name in AMOUNTS)]
    columns = ["change", "cells", "rates", "expected", "customers"]
    released = release(
        named[[*columns, *measures, *_DERIVED]],
        count="customers",
        amounts=AMOUNTS,
        derived=_DERIVED,
        dominance=AMOUNTS,
    )
    return released.order("size", ascending=False), unit


def _name_change(row: pd.Series) -> str:
    direction = int(row["direction"])
    return say(
        _DIRECTIONS[direction],
        line=name_line(str(row["product"]), int(row["tenor_months"])),
        month=f"{row['period']:%Y-%m}",
    )


def _write_change(row: pd.Series, kind: str) -> str:
    ends = [row[f"{kind}{end}_pct"] for end in ("", "_lower", "_upper")]
    if any(pd.isna(end) for end in ends):
        return say("not known")
    estimate, lower, upper = map(float, ends)
    return write_estimate(estimate, lower, upper, Unit.PERCENT)


def _write_headline(impact: PriceChanges) -> str:
    amount = write_money(abs(impact.yearly), impact.currency)
    if impact.yearly < 0:
        return say("Price changes of the quarter save {amount} a year", amount=amount)
    return say("Price changes of the quarter cost {amount} a year more", amount=amount)


def _advise(changes: pd.DataFrame) -> str:
    known = changes["expected_pct"].notna() & changes["realised_pct"].notna()
    both = changes[known]
    missed = (both["expected_upper_pct"] < both["realised_lower_pct"]) | (
        both["expected_lower_pct"] > both["realised_upper_pct"]
    )
    if both.empty:
        return say(
            "Compare what balances did since with nothing but other cells: no response "
            "is identified for what moved."
        )
    if missed.any():
        return say(
            "Look first at the changes whose balances left the range expected of them: "
            "{n} of {all}, of which a few would by chance.",
            n=write_number(int(missed.sum())),
            all=write_number(len(both)),
        )
    return say(
        "Keep planning with the responses: of {n} changes none left the range "
        "expected of it.",
        n=write_number(len(both)),
    )
