"""What customers hold and do in both quarters, one row each, ready to be grouped.

Rows are built inside the engine and fetched once, in the order of the customers' keys,
without the keys.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.data.sources import Tables
from analysis.presentation.disclosure import MINIMUM_CELL
from analysis.quarter import Quarter
from analysis.statistics.paired_bootstrap import BootstrapDraws, draw_units
from analysis.studies.segment_profitability.account.customer_profit import ProfitAccount
from analysis.studies.segment_profitability.account.funds_pricing import PricedBalances
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

_DAYS_A_YEAR = 365.25
_FLAGS = ("holds_more", "sleeps")


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
    frame = _fetch(described, activity, parameters)
    is_now = frame["quarter"] == account.quarter
    now, before = (frame[side].drop(columns="quarter") for side in (is_now, ~is_now))
    if len(now) < MINIMUM_CELL:
        return Refused(
            say("There are fewer than {least} customers.", least=MINIMUM_CELL),
            account.quarter,
            account.source,
        )
    return Behaviour(
        now=now,
        before=before if len(before) >= MINIMUM_CELL else before.iloc[:0],
        products=products,
        draws=draw_units(
            len(now), n_draws=N_DRAWS, generator=np.random.default_rng(parameters.seed)
        ),
        n_places=int(frame.index.max()) + 1,
        knows_activity=activity is not None,
        knows_sleep=bool(frame["sleeps"].any()),
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
    held = priced.rows.filter(
        (priced.rows.quarter == parameters.quarter) & (priced.rows.balance_average > 0)
    )
    counted = held.group_by("product").agg(customers=held.customer_id.nunique())
    most = counted.order_by(counted.customers.desc(), counted["product"])
    return tuple(most.limit(MOST_PRODUCTS)["product"].to_pyarrow().to_pylist())


def _sum_holdings(priced: PricedBalances, products: tuple[str, ...]) -> ibis.Table:
    rows = priced.rows
    holds = rows.balance_average > 0
    is_plain = (rows.side == "deposit") & (rows.tenor_months == 0)
    average = rows.balance_average * rows.days / rows.quarter_days
    flags = {
        f"holds_{place}": (holds & (rows["product"] == name)).any()
        for place, name in enumerate(products)
    }
    return rows.group_by("quarter", "customer_id").agg(
        investments=average.sum(where=rows.side == "investment"),
        n_products=rows["product"].nunique(where=holds),
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
    rows = account.rows.select(*keys, "segment", *money)
    joined = rows.left_join(holdings, keys).drop("quarter_right", "customer_id_right")
    return joined.left_join(traits, keys).drop("quarter_right", "customer_id_right")


def _fetch(
    described: ibis.Table, activity: ibis.Table | None, parameters: Parameters
) -> pd.DataFrame:
    """Add what customers did, and take the rows out in the order of their keys."""
    parts = []
    for quarter in (parameters.reported.previous, parameters.reported):
        rows = described.filter(described.quarter == str(quarter))
        if activity is None:
            nothing = ibis.null("float64")
            parts.append(rows.mutate(recency_months=nothing, own_contacts=nothing))
        else:
            dated = date_activity(activity, quarter)
            joined = rows.left_join(dated, "customer_id")
            parts.append(joined.drop("customer_id_right"))
    both = ibis.union(*parts)
    by_key = ibis.window(order_by=both.customer_id)
    placed = both.mutate(place=ibis.dense_rank().over(by_key)).drop("customer_id")
    frame: pd.DataFrame = placed.order_by("quarter", "place").to_pandas()
    return _fill(frame, knows_activity=activity is not None).set_index("place")


def _fill(frame: pd.DataFrame, *, knows_activity: bool) -> pd.DataFrame:
    flags = [name for name in frame.columns if name.startswith("holds_")]
    counts = ["investments", "n_products"]
    if knows_activity:
        counts += ["own_contacts"]
        recency = frame["recency_months"].fillna(HISTORY_MONTHS)
        frame = frame.assign(recency_months=recency.clip(upper=HISTORY_MONTHS))
    filled = frame.assign(
        **{name: frame[name].fillna(0.0).astype(np.float64) for name in counts},
        **{
            name: frame[name].astype("boolean").fillna(False).astype(bool)
            for name in dict.fromkeys([*flags, *_FLAGS])
        },
    )
    return filled.assign(assets=filled["deposits"] + filled["investments"])
