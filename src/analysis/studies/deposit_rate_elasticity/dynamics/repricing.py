"""Show how much of the book can take a new price within some months.

Money without a term can at once. A contract can when its term is over, or sooner where
its price is set anew within the account: at the latest one term from now.
"""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd

from analysis.data.dominance import measure_dominance
from analysis.data.sources import Tables
from analysis.presentation.disclosure import release
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import Quarter
from analysis.studies.deposit_rate_elasticity.rates.history import RateHistory
from analysis.units import Unit
from analysis.wording import say

MONTHS = (1, 3, 6, 12)
"""Within which the book is looked at."""
KEY = ["product"]


def measure_repricing(tables: Tables, history: RateHistory) -> pd.DataFrame:
    """Add up what may reprice within some months of the quarter's end, by product.

    Parameters
    ----------
    tables : Tables
        Accounts and balances.
    history : RateHistory
        Priced products and the quarter.

    Returns
    -------
    pandas.DataFrame
        One row per priced product that has a term, largest balance first: `product`,
        and for "all" and each number of months `customers_…` and `balance_…` (major
        units) with the measures by which the disclosure door judges, and
        `share_…_pct`.
    """
    parts = {"all": ibis.literal(True)}
    held = _list_held(tables, history.quarter)
    for months in MONTHS:
        end = _find_end(history.quarter, months)
        is_free = (held["tenor_months"] <= months) | (held["maturity_date"] <= end)
        parts[str(months)] = is_free.fill_null(held["tenor_months"] <= months)
    amounts = {
        f"balance_{name}": held["balance_average"].sum(where=is_in).fill_null(0.0)
        for name, is_in in parts.items()
    }
    by_customer = held.group_by([*KEY, "customer_id"]).agg(**amounts)
    summed = by_customer.group_by(KEY).agg(
        **{name: by_customer[name].sum() for name in amounts},
        **{
            name.replace("balance", "customers"): (by_customer[name] > 0).sum()
            for name in amounts
        },
    )
    sums: pd.DataFrame = summed.to_pandas()
    found = sums.merge(measure_dominance(by_customer, KEY, tuple(amounts)), on=KEY)
    lines = history.lines
    terms = lines.loc[lines["tenor_months"] > 0, KEY[0]]
    priced = found[found[KEY[0]].isin(terms)]
    shares = {
        f"share_{months}_pct": 100 * priced[f"balance_{months}"] / priced["balance_all"]
        for months in MONTHS
    }
    return priced.assign(**shares).sort_values(
        "balance_all", ascending=False, ignore_index=True
    )


def tabulate_repricing(tables: Tables, history: RateHistory) -> DisplayTable | Note:
    """Show the share of each product's balance that can take a new price in time.

    Parameters
    ----------
    tables : Tables
        Accounts and balances.
    history : RateHistory
        Priced products and the quarter.

    Returns
    -------
    DisplayTable or Note
        One row per product; a note where no product has a term.
    """
    rows = measure_repricing(tables, history)
    if rows.empty:
        return Note(
            say("No product of this source has a term: all money can reprice at once.")
        )
    names = ["all", *map(str, MONTHS)]
    amounts = tuple(f"balance_{name}" for name in names)
    released = release(
        rows,
        count="customers_all",
        counts=tuple(f"customers_{months}" for months in MONTHS),
        amounts=amounts,
        derived={
            f"share_{months}_pct": (f"customers_{months}", f"balance_{months}")
            for months in MONTHS
        },
        dominance=amounts,
    )
    heads = (
        say("Within 1 month"),
        say("Within 3 months"),
        say("Within 6 months"),
        say("Within 12 months"),
    )
    return DisplayTable(
        title=say("A new price reaches contracts only when their term is over"),
        released=released,
        columns=(
            DisplayColumn("product", say("Product")),
            DisplayColumn("customers_all", say("Customers"), Unit.COUNT),
            *(
                DisplayColumn(f"share_{months}_pct", head, Unit.PERCENT)
                for months, head in zip(MONTHS, heads, strict=True)
            ),
        ),
        source=history.source,
        note=say(
            "Share of the balance in the quarter's last period that can take a new "
            "price in time. Products without a term are left out: all of it can at "
            "once."
        ),
    )


def _list_held(tables: Tables, quarter: Quarter) -> ir.Table:
    """Give each deposit account at the quarter's end with its contract."""
    accounts, balances = tables["accounts"], tables["balances"]
    deposits = accounts.filter(accounts["side"] == "deposit").select(
        [*KEY, "account_id", "customer_id", "tenor_months", "maturity_date"]
    )
    last = balances["period"] == ibis.literal(quarter.last_day)
    now = balances.filter(last & (balances["balance_average"] > 0))
    return now.select(["account_id", "balance_average"]).join(deposits, "account_id")


def _find_end(quarter: Quarter, months: int) -> date:
    later = pd.Timestamp(quarter.last_day) + pd.offsets.MonthEnd(months)
    found: date = later.date()
    return found
