"""Contacts of the quarter: who takes whose time, and who could move.

One row a customer and channel inside the engine; every exhibit adds up these.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import pandas as pd

from analysis.data.sources import Tables
from analysis.studies.kept_rows import keep_rows
from analysis.studies.segment_profitability.account.customer_profit import ProfitAccount
from analysis.studies.segment_profitability.account.service_cost import ServiceCost
from analysis.studies.segment_profitability.parameters import (
    DIGITAL_MINUTES,
    LONGEST_MOVED_MINUTES,
    LOW_VALUE_SHARE,
    VULNERABLE_AGE,
    Parameters,
)
from analysis.studies.segment_profitability.refusal import Refused


@dataclass(frozen=True, slots=True, eq=False)
class Contacts:
    """Contacts of a quarter.

    Parameters
    ----------
    rows : ibis.Table
        One row per customer and channel: `segment`, `is_low` (of low value), `mover`
        ("digital", "learner" or "vulnerable"), `volume`, `minutes`, `cost`,
        `digital_volume`, `short_volume` (short contacts dearer than the cheapest
        channel's) and `saving` (what moving all of those frees at average cost).
    people : pandas.DataFrame
        Customers of the quarter by `is_low`: `customers`.
    largest_low_income : float
        Income up to which a customer is of low value, major units a quarter.
    cheapest : str
        Channel whose contacts cost least.
    account : ProfitAccount
        Whose segments these are.
    """

    rows: ibis.Table
    people: pd.DataFrame
    largest_low_income: float
    cheapest: str
    account: ProfitAccount


def build_contacts(
    account: ProfitAccount,
    cost: ServiceCost | Refused,
    tables: Tables,
    parameters: Parameters,
) -> Contacts | Refused:
    """Add up the quarter's contacts by customer and channel.

    Parameters
    ----------
    account : ProfitAccount
        Income and segment of customers.
    cost : ServiceCost or Refused
        Cost of one of each activity.
    tables : Tables
        Tables of the contract.
    parameters : Parameters
        The quarter reported.

    Returns
    -------
    Contacts or Refused
        Refused where service has no cost or customers no income. Customers of low value
        are those who together bring least income, `LOW_VALUE_SHARE` of all.
    """
    if isinstance(cost, Refused):
        return cost
    if account.refusal is not None:
        return account.refusal
    people, limit = _sort_people(account, tables, parameters)
    prices, cheapest = _price_activities(cost, parameters)
    events = tables["events"]
    reported = parameters.reported
    now = events.filter(
        events.period.between(
            ibis.literal(reported.first_day), ibis.literal(reported.last_day)
        )
    )
    joined = now.join(ibis.memtable(prices), ["channel", "activity"]).join(
        people, "customer_id"
    )
    keys = ["customer_id", "channel", "segment", "is_low", "mover"]
    count = joined["count"]
    summed = joined.group_by(*keys).agg(
        volume=count.sum(),
        minutes=(count * joined.minutes).sum().cast("float64"),
        cost=(count * joined.unit_cost).sum(),
        digital_volume=(count * joined.digital).sum(),
        short_volume=(count * joined.movable).sum(),
        saving=(count * joined.gap).sum(),
    )
    sizes = people.group_by("is_low").agg(customers=people.count())
    return Contacts(
        rows=keep_rows(summed, "contacts"),
        people=sizes.to_pandas(),
        largest_low_income=limit,
        cheapest=cheapest,
        account=account,
    )


def _sort_people(
    account: ProfitAccount, tables: Tables, parameters: Parameters
) -> tuple[ibis.Table, float]:
    """Say of each customer of the quarter: of low value or not, and who could move."""
    now = account.rows.filter(account.rows.quarter == account.quarter)
    limit = float(now.income.quantile(LOW_VALUE_SHARE).to_pyarrow().as_py() or 0.0)
    known = now.select("customer_id", "segment", "income").left_join(
        tables["customers"].select("customer_id", "birth_year", "is_digital"),
        "customer_id",
    )
    is_digital = known.is_digital.fill_null(False)
    age = parameters.reported.year - known.birth_year
    is_old = (age >= VULNERABLE_AGE).fill_null(False)
    mover = ibis.cases((is_digital, "digital"), (is_old, "vulnerable"), else_="learner")
    people = known.select(
        "customer_id", "segment", is_low=known.income <= limit, mover=mover
    )
    return keep_rows(people, "contact_people"), limit


def _price_activities(
    cost: ServiceCost, parameters: Parameters
) -> tuple[pd.DataFrame, str]:
    """Give each activity its cost, and what moving one of it to the cheapest saves."""
    now = cost.activities[cost.activities["quarter"] == parameters.quarter]
    by_channel = now.groupby("channel")[["volume", "cost"]].sum()
    average = by_channel["cost"] / by_channel["volume"]
    gap = (now["unit_cost"] - average.min()).clip(lower=0.0)
    movable = (gap > 0) & (now["minutes"] <= LONGEST_MOVED_MINUTES)
    priced = now[["channel", "activity", "minutes", "unit_cost"]].assign(
        digital=(now["minutes"] <= DIGITAL_MINUTES).astype("int64"),
        movable=movable.astype("int64"),
        gap=gap.where(movable, 0.0),
    )
    return priced, str(average.idxmin())
