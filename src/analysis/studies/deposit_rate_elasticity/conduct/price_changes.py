"""Whom each change of the price list reached, what it costs, and what balances did.

A change is one line in one period, upwards or downwards: the cells that moved that
way. It reaches money that is priced anew since: money without a fixed rate at once, a
contract when it is made or renewed. Money is major units of the source's currency.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pandas as pd

from analysis.data.dominance import measure_dominance
from analysis.data.sources import Tables
from analysis.quarter import Quarter
from analysis.studies.deposit_rate_elasticity.conduct.cell_moves import (
    find_moves,
    share_moves,
)
from analysis.studies.deposit_rate_elasticity.conduct.priced_accounts import (
    is_given,
    name_cells,
)
from analysis.studies.deposit_rate_elasticity.conduct.realised_change import (
    measure_realised,
)
from analysis.studies.deposit_rate_elasticity.parameters import CELL, LINE
from analysis.studies.deposit_rate_elasticity.rates.history import RateHistory
from analysis.studies.deposit_rate_elasticity.response.verdicts import Verdicts
from analysis.studies.kept_rows import keep_rows

CHANGE = [*LINE, "period", "direction"]
AMOUNTS = ("reached", "yearly")
IDENTIFIED = ("A", "B", "C")


@dataclass(frozen=True, slots=True)
class PriceChanges:
    """What the quarter's changes of the price list did.

    Parameters
    ----------
    changes : pandas.DataFrame
        One row per line, period and direction: `cells` (that moved so), `from_pct`
        and `to_pct` (weighted by balances), `change_bp`, `customers` (reached),
        `reached` (balance), `book` (all balance of these cells), `share_pct`,
        `yearly` (interest a year, more or less), its largest, second and absolute;
        `expected_pct` of balance with `expected_lower_pct`, `expected_upper_pct`,
        missing where no response is identified; and `realised_pct` with its ends,
        change of existing balances since, less that of cells that stood still.
    yearly : float
        Interest a year of all changes.
    customers : int
        Customers whom any change reached.
    reached : float
        Balance that any change reached.
    book : float
        Balance of all priced lines.
    currency : str
        ISO code.
    quarter : Quarter
        The quarter reported.
    source : str
        Where the numbers come from.
    """

    changes: pd.DataFrame
    yearly: float
    customers: int
    reached: float
    book: float
    currency: str
    quarter: Quarter
    source: str


def measure_price_changes(
    tables: Tables, history: RateHistory, verdicts: Verdicts
) -> PriceChanges:
    """Measure reach, cost, expected and realised change of each price change.

    Parameters
    ----------
    tables : Tables
        Accounts, balances, price list and, if there are any, customers and tiers.
    history : RateHistory
        The price list.
    verdicts : Verdicts
        Responses by product that are identified.

    Returns
    -------
    PriceChanges
        No rows where no price moved in the quarter.
    """
    quarter = history.quarter
    first, last = pd.Timestamp(quarter.first_day), pd.Timestamp(quarter.last_day)
    moves = find_moves(history, first, last)
    book = keep_rows(_read_book(tables, history), "deposit_book")
    moved = moves[moves["direction"] != 0]
    changes, total = pd.DataFrame({"yearly": []}), pd.Series({})
    if not moved.empty:
        summed, total = _sum_changes(book, moved, history.period_months)
        realised = measure_realised(tables, history, moves)
        changes = _expect(summed.merge(realised, on=CHANGE, how="left"), verdicts)
    return PriceChanges(
        changes=changes,
        yearly=float(changes["yearly"].sum()),
        customers=int(total.get("customers", 0)),
        reached=float(total.get("reached", 0.0)),
        book=float(book.agg(held=book["balance"].sum()).to_pandas()["held"].iloc[0]),
        currency=tables.source.currency,
        quarter=quarter,
        source=history.source,
    )


def _read_book(tables: Tables, history: RateHistory) -> ir.Table:
    """Give each deposit of the last period with its cell and its last pricing."""
    last = history.quarter.last_day
    balances = tables["balances"]
    now = balances.filter(
        (balances["period"] == ibis.literal(last)) & (balances["balance_average"] > 0)
    ).select("account_id", "period", balance="balance_average")
    accounts = tables["accounts"]
    deposits = accounts.filter(accounts["side"] == "deposit").select(
        "account_id", "customer_id", *LINE, "open_date", "contract_rate"
    )
    joined = now.join(deposits, "account_id")
    end = ibis.literal(12 * last.year + last.month)
    opened = joined["open_date"].year() * 12 + joined["open_date"].month()
    term = joined["tenor_months"].nullif(0)
    renewed = opened + (end - opened) // term * term
    is_fixed = is_given(joined["contract_rate"]) & (joined["tenor_months"] > 0)
    priced = joined.mutate(priced_month=is_fixed.ifelse(renewed, end).cast("int64"))
    celled = name_cells(priced, tables, history)
    return celled.select("customer_id", *CELL, "balance", "priced_month")


def _sum_changes(
    book: ir.Table, moved: pd.DataFrame, period_months: int
) -> tuple[pd.DataFrame, pd.Series]:
    """Add up what each change reached, and what all of them did."""
    shared = share_moves(moved)
    joined = book.join(shared, CELL)
    first_month = (
        joined["period"].year() * 12 + joined["period"].month() - (period_months - 1)
    )
    reached = (joined["priced_month"] >= first_month).ifelse(joined["balance"], 0.0)
    parts = joined.mutate(
        reached=reached,
        yearly=reached * joined["move_pp"] / 100,
        before_part=joined["balance"] * joined["before_pct"],
        now_part=joined["balance"] * joined["now_pct"],
    )
    kept = keep_rows(parts, "price_changes")
    names = ("reached", "yearly", "balance", "before_part", "now_part")
    customers = kept.group_by([*CHANGE, "customer_id"]).agg(
        **{name: kept[name].sum() for name in names}
    )
    hit = customers["reached"] > 0
    sums = customers.group_by(CHANGE).agg(
        customers=hit.sum(), **{name: customers[name].sum() for name in names}
    )
    largest = measure_dominance(customers, CHANGE, AMOUNTS)
    cells = moved.groupby(CHANGE, as_index=False).agg(cells=("move_pp", "size"))
    found = sums.to_pandas().merge(largest, on=CHANGE, validate="1:1")
    found = found.assign(period=pd.to_datetime(found["period"])).merge(cells, on=CHANGE)
    return _describe_changes(found), _sum_all(kept)


def _describe_changes(found: pd.DataFrame) -> pd.DataFrame:
    before, now = (
        found[name] / found["balance"] for name in ("before_part", "now_part")
    )
    return found.assign(
        from_pct=before,
        to_pct=now,
        change_bp=100 * (now - before),
        share_pct=100 * found["reached"] / found["balance"],
    ).rename(columns={"balance": "book"})


def _sum_all(kept: ir.Table) -> pd.Series:
    """Count each customer and amount once, however many changes reached it."""
    hit = kept.filter(kept["reached"] > 0)
    accounts = hit.group_by(["customer_id", *CELL, "priced_month", "balance"]).agg()
    total = accounts.agg(
        customers=accounts["customer_id"].nunique(),
        reached=accounts["balance"].sum().fill_null(0.0),
    )
    row: pd.Series = total.to_pandas().iloc[0]
    return row


def _expect(changes: pd.DataFrame, verdicts: Verdicts) -> pd.DataFrame:
    """Put beside each change what the product's response makes of it."""
    numbers = ["estimate", "lower", "upper"]
    products = verdicts.products
    known = products.loc[products["grade"].isin(IDENTIFIED), ["product", *numbers]]
    joined = changes.merge(known, on="product", how="left")
    move = joined["change_bp"] / 100
    ends = pd.concat([joined[name] * move for name in ("lower", "upper")], axis=1)
    expected = joined.assign(
        expected_pct=joined["estimate"] * move,
        expected_lower_pct=ends.min(axis=1, skipna=False),
        expected_upper_pct=ends.max(axis=1, skipna=False),
    )
    return expected.drop(columns=numbers)
