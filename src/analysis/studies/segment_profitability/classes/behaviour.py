"""What customers hold and do in both quarters, one row each, ready to be grouped.

Rows are built inside the engine and fetched once, in the order of the customers' keys,
without the keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import add

import ibis
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.data.sources import Tables
from analysis.presentation.disclosure import MINIMUM_CELL
from analysis.quarter import Quarter
from analysis.statistics.paired_bootstrap import BootstrapDraws, draw_units
from analysis.studies.kept_rows import fetch_side_by_side, keep_side_by_side
from analysis.studies.segment_profitability.account.customer_profit import ProfitAccount
from analysis.studies.segment_profitability.account.funds_pricing import PricedBalances
from analysis.studies.segment_profitability.account.held_accounts import (
    keep_accounts,
)
from analysis.studies.segment_profitability.classes.own_activity import (
    HISTORY_MONTHS,
    date_activity,
    has_whole_history,
    list_own_activity,
)
from analysis.studies.segment_profitability.parameters import N_DRAWS, Parameters
from analysis.studies.segment_profitability.refusal import Refused
from analysis.wording import say

AMOUNTS = (
    "profit",
    "income",
    "fee",
    "cost_to_serve",
    "deposits",
    "investments",
    "loans",
)
"""Amounts of a customer, major currency units; cost is negative."""

MOST_PRODUCTS = 10
"""Products of which it is kept who holds them: those that most customers hold."""

_MOST_COUNTED = 40
"""Products counted; nobody holds one that so few have and forty others."""

_DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True, eq=False)
class Behaviour:
    """Customers of both quarters with what they hold and do.

    Parameters
    ----------
    now : pandas.DataFrame
        One row per customer of the quarter reported: `segment`, every column of
        `AMOUNTS`, `assets` (deposits and investments), `recency_months` (since the
        last own activity, 12 for a year or more), `own_contacts` (in the quarter),
        `n_products`, `holds_more` (something beside deposits without a term),
        `is_digital` (1, 0 or missing), `tenure_years` (or missing), `sleeps` (as the
        source says; false where it does not), and "holds_<n>" for each product; the
        index is the customer's place among those of both quarters.
    before : pandas.DataFrame
        The same of the quarter before; without rows where the source lacks it.
    products : tuple of str
        Names of the products of "holds_0", "holds_1", ...
    draws : BootstrapDraws
        Draws of the customers of `now`.
    n_places : int
        Customers of either quarter.
    knows_activity, knows_sleep, has_year : bool
        Whether the source says what customers did, who sleeps, and what happened a
        whole year back.
    account : ProfitAccount
        Where profit comes from.
    """

    now: pd.DataFrame
    before: pd.DataFrame
    products: tuple[str, ...]
    draws: BootstrapDraws
    n_places: int
    knows_activity: bool
    knows_sleep: bool
    has_year: bool
    account: ProfitAccount

    def refuse(self, reason: str, remedy: str = "") -> Refused:
        """Give a refusal about these customers.

        Parameters
        ----------
        reason : str
            Why, as a sentence.
        remedy : str
            What to do; what all refusals say where it is empty.

        Returns
        -------
        Refused
            With quarter and source.
        """
        account = self.account
        if remedy:
            return Refused(reason, account.quarter, account.source, remedy)
        return Refused(reason, account.quarter, account.source)


def describe_behaviour(
    account: ProfitAccount,
    priced: PricedBalances,
    tables: Tables,
    parameters: Parameters,
) -> Behaviour | Refused:
    """Describe what each customer holds and does, in both quarters.

    Parameters
    ----------
    account : ProfitAccount
        Profit accounts of all customers.
    priced : PricedBalances
        What customers hold.
    tables : Tables
        Tables of the contract.
    parameters : Parameters
        Quarter and seed.

    Returns
    -------
    Behaviour or Refused
        Refused without a profit or with too few customers to publish anything.
    """
    if account.refusal:
        return account.refusal
    activity = list_own_activity(tables, parameters)
    products = _list_products(priced, parameters)
    described = _join_all(
        account, _sum_holdings(priced, products), _list_traits(tables, parameters)
    )
    now, before = _fetch(described, activity, parameters)
    if len(now) < MINIMUM_CELL:
        return Refused(
            say("There are fewer than {least} customers.", least=MINIMUM_CELL),
            account.quarter,
            account.source,
        )
    return Behaviour(
        now=now,
        before=before if len(before) >= MINIMUM_CELL else before.iloc[:0],
        products=products[:MOST_PRODUCTS],
        draws=draw_units(
            len(now), n_draws=N_DRAWS, generator=np.random.default_rng(parameters.seed)
        ),
        n_places=1 + int(max(rows.index.max() for rows in (now, before) if len(rows))),
        knows_activity=activity is not None,
        knows_sleep=bool(now["sleeps"].any() or before["sleeps"].any()),
        has_year=activity is not None
        and has_whole_history(activity, parameters.reported.previous),
        account=account,
    )


def place_labels(
    labels: NDArray[np.int64], rows: pd.DataFrame, n_places: int
) -> NDArray[np.int64]:
    """Lay labels of one quarter out over the customers of both quarters.

    Parameters
    ----------
    labels : ndarray of int, shape (n_customers,)
        Label of each row.
    rows : pandas.DataFrame
        Rows of the quarter, indexed by place.
    n_places : int
        Customers of either quarter.

    Returns
    -------
    ndarray of int, shape (n_places,)
        -1 for who was not a customer.
    """
    placed = np.full(n_places, -1, np.int64)
    placed[rows.index.to_numpy()] = labels
    return placed


def _list_products(priced: PricedBalances, parameters: Parameters) -> tuple[str, ...]:
    accounts = keep_accounts(priced)
    held = accounts.filter(accounts.quarter == parameters.quarter, accounts.holds)
    counted = held.group_by("product").agg(customers=held.customer_id.nunique())
    most = counted.order_by(counted.customers.desc(), counted["product"])
    return tuple(most.limit(_MOST_COUNTED)["product"].to_pyarrow().to_pylist())


def _sum_holdings(priced: PricedBalances, products: tuple[str, ...]) -> ibis.Table:
    rows = keep_accounts(priced)
    holds = rows.holds
    is_plain = (rows.side == "deposit") & (rows.tenor_months == 0)
    # Counting distinct names of each customer would take the engine twice as long.
    held = [(holds & (rows["product"] == name)).any() for name in products]
    flags = {f"holds_{n}": flag for n, flag in enumerate(held[:MOST_PRODUCTS])}
    return rows.group_by("quarter", "customer_id").agg(
        investments=rows.held.sum(where=rows.side == "investment"),
        n_products=reduce(add, (flag.cast("int64") for flag in held), ibis.literal(0)),
        holds_more=(holds & ~is_plain).any(),
        **flags,
    )


def _list_traits(tables: Tables, parameters: Parameters) -> ibis.Table:
    """List what is said of customers, for each quarter in which they are there."""
    who = tables["customers"]
    traits = who.select("customer_id", "open_date", digital=who.is_digital)
    quarters = (parameters.reported.previous, parameters.reported)
    return ibis.union(*(_add_state(traits, tables, quarter) for quarter in quarters))


def _add_state(traits: ibis.Table, tables: Tables, quarter: Quarter) -> ibis.Table:
    days = ibis.literal(quarter.last_day).epoch_days() - traits.open_date.epoch_days()
    dated = traits.select(
        "customer_id",
        quarter=ibis.literal(str(quarter)),
        is_digital=traits.digital.cast("float64"),
        tenure_years=days.cast("float64") / _DAYS_A_YEAR,
    )
    if "customer_periods" not in tables:
        return dated.mutate(sleeps=ibis.literal(False))
    periods = tables["customer_periods"]
    inside = periods.filter(
        periods.period.between(
            ibis.literal(quarter.first_day), ibis.literal(quarter.last_day)
        )
    )
    last = inside.group_by("customer_id").agg(state=inside.state.argmax(inside.period))
    joined = dated.left_join(last, "customer_id")
    sleeps = (joined.state == "sleeping").fill_null(False)
    return joined.select(*dated.columns, sleeps=sleeps)


def _join_all(
    account: ProfitAccount, holdings: ibis.Table, traits: ibis.Table
) -> ibis.Table:
    money = [name for name in AMOUNTS if name != "investments"]
    keys = ["quarter", "customer_id"]
    names = account.rows.select("customer_id").distinct()
    by_name = ibis.window(order_by=names.customer_id)
    numbered = names.mutate(place=ibis.row_number().over(by_name))
    places = keep_side_by_side({"": numbered}, "places", column="part")
    rows = account.rows.select(*keys, "segment", *money)
    rows = rows.join(places.drop("part"), "customer_id")
    joined = rows.left_join(holdings, keys).drop("quarter_right", "customer_id_right")
    return joined.left_join(traits, keys).drop("quarter_right", "customer_id_right")


def _fetch(
    described: ibis.Table, activity: ibis.Table | None, parameters: Parameters
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add what customers did, and take rows out by quarter, in the order of keys."""
    keys = ["quarter", "customer_id"]
    if activity is None:
        nothing = ibis.null("float64")
        both = described.mutate(recency_months=nothing, own_contacts=nothing)
    else:
        quarters = (parameters.reported.previous, parameters.reported)
        dated = ibis.union(
            *(
                date_activity(activity, quarter).mutate(
                    quarter=ibis.literal(str(quarter))
                )
                for quarter in quarters
            )
        )
        joined = described.left_join(dated, keys)
        both = joined.drop("quarter_right", "customer_id_right")
    filled = _fill(both, knows_activity=activity is not None)
    parts = {
        str(quarter): filled.filter(filled.quarter == str(quarter))
        for quarter in (parameters.reported, parameters.reported.previous)
    }
    # Only the keys are sorted inside the engine; whole rows are wide.
    shown = {name: rows.drop("customer_id", "quarter") for name, rows in parts.items()}
    now, before = (
        frame.sort_values("place").set_index("place")
        for frame in fetch_side_by_side(shown).values()
    )
    return now, before


def _fill(rows: ibis.Table, *, knows_activity: bool) -> ibis.Table:
    """Give zero, no, or a year without activity to whom a table does not know."""
    known = {
        name: rows[name].fill_null(False)
        for name in rows.columns
        if name.startswith("holds_") or name == "sleeps"
    }
    for name in ("investments", "n_products", "own_contacts"):
        if knows_activity or name != "own_contacts":
            known[name] = rows[name].cast("float64").fill_null(0.0)
    if knows_activity:
        months = rows.recency_months.fill_null(float(HISTORY_MONTHS))
        known["recency_months"] = ibis.least(months, float(HISTORY_MONTHS))
    return rows.mutate(**known, assets=rows.deposits + known["investments"])
