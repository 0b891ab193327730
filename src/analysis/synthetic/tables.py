"""Turn customers, accounts and events into contract tables."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from analysis.synthetic import acquisition, model
from analysis.synthetic.accounts import Accounts
from analysis.synthetic.balances import MonthBalances
from analysis.synthetic.contracts import Contracts
from analysis.synthetic.credit import MonthRisk
from analysis.synthetic.customer_links import NOBODY, Links, write_manager_ids
from analysis.synthetic.files import (
    BankFolder,
    write_account_ids,
    write_codes,
    write_customer_ids,
)
from analysis.synthetic.population import Population
from analysis.synthetic.service import (
    CHANNELS,
    POOLS,
    MonthEvents,
    list_activities,
)

Fen = NDArray[np.int64]
_PRODUCTS = [slot.product for slot in model.SLOTS]
_SIDES = [slot.side for slot in model.SLOTS]
_TENORS = np.array([slot.tenor for slot in model.SLOTS])


def write_customers(
    folder: BankFolder,
    people: Population,
    acquired: acquisition.Acquired,
    links: Links,
) -> None:
    """Write who the customers are.

    Parameters
    ----------
    folder : BankFolder
        The bank's folder.
    people : Population
        Every customer there ever was.
    acquired : Acquired
        How they were won.
    links : Links
        Who looks after them, and who recommended the bank.
    """
    known = np.maximum(links.referrer, 0)
    unknown = acquired.cost == acquisition.NOT_ON_RECORD
    branches = [
        f"{region}{number + 1}支行"
        for region in model.REGIONS
        for number in range(model.BRANCHES_PER_REGION)
    ]
    columns = {
        "customer_id": write_customer_ids(np.arange(len(people))),
        "customer_type": write_codes(people.is_business, model.CUSTOMER_TYPES),
        "region": write_codes(people.region, model.REGIONS),
        "branch": write_codes(people.branch, branches),
        "open_date": people.open_day,
        "close_date": people.close_day,
        "birth_year": people.birth_year,
        "gender": write_codes(people.gender, model.GENDERS),
        "education": write_codes(people.education, model.EDUCATIONS),
        "occupation": write_codes(people.occupation, model.OCCUPATIONS),
        "is_digital": people.is_digital,
        "acquisition_channel": write_codes(acquired.channel, acquisition.CHANNELS),
        "acquisition_cost_minor": pa.array(acquired.cost, mask=unknown),
        "referred_by": _blank(write_customer_ids(known), links.referrer == NOBODY),
        "relationship_manager_id": write_manager_ids(links.manager),
    }
    folder.write("customers", columns)


def _blank(texts: pa.Array, missing: NDArray[np.bool_]) -> pa.Array:
    return pc.if_else(pa.array(missing), pa.scalar(None, pa.string()), texts)


def write_customer_periods(
    folder: BankFolder, people: Population, assets: Fen, day: date
) -> None:
    """Write tier and state of everyone present in a month.

    Parameters
    ----------
    folder : BankFolder
        The bank's folder.
    people : Population
        Customers at the month's end.
    assets : array of int, shape (customers,)
        Deposits and investments, fen.
    day : date
        Last day of the month.
    """
    here = np.flatnonzero(people.present)
    columns = {
        "customer_id": write_customer_ids(here),
        "tier": write_codes(people.held_tier[here], model.TIERS),
        "tier_by_assets": write_codes(people.asset_tier[here], model.TIERS),
        "state": write_codes(people.sleeping[here], ("active", "sleeping")),
        "assets_average": assets[here] / 100,
    }
    folder.write("customer_periods", columns, day)


def write_balances(
    folder: BankFolder, live: Accounts, balances: MonthBalances, day: date
) -> None:
    """Write balances and interest of a month.

    Parameters
    ----------
    folder : BankFolder
        The bank's folder.
    live : Accounts
        Live accounts.
    balances : MonthBalances
        Their balances.
    day : date
        Last day of the month.
    """
    credited = pa.array(balances.credited, mask=balances.credited < 0)
    columns = {
        "account_id": write_account_ids(live.number),
        "balance_end_minor": balances.end,
        "balance_average": balances.average / 100,
        "rate": balances.rate,
        "interest_minor": balances.interest,
        "interest_credited_minor": credited,
    }
    folder.write("balances", columns, day)


def write_accounts(folder: BankFolder, contracts: list[Contracts]) -> None:
    """Write all contracts ever made.

    Parameters
    ----------
    folder : BankFolder
        The bank's folder.
    contracts : list of Contracts
        Contracts in the order in which they were made.
    """

    def _gather(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(part, name) for part in contracts])

    slot = _gather("slot")
    columns = {
        "account_id": write_account_ids(_gather("number")),
        "customer_id": write_customer_ids(_gather("customer")),
        "product": write_codes(slot, _PRODUCTS),
        "side": write_codes(slot, _SIDES),
        "tenor_months": _TENORS[slot],
        "open_date": _gather("open_day"),
        "maturity_date": _gather("end_day"),
        "contract_rate": np.round(_gather("rate") / 100, 6),
        "transfer_rate": np.round(_gather("transfer_rate") / 100, 6),
        "is_exception_rate": _gather("is_exception"),
    }
    folder.write("accounts", columns)


def write_events(folder: BankFolder, events: MonthEvents, day: date) -> None:
    """Write what customers did in a month.

    Parameters
    ----------
    folder : BankFolder
        The bank's folder.
    events : MonthEvents
        The month's events.
    day : date
        Last day of the month.
    """
    activities = list_activities()
    channels = np.array([activity.channel for activity in activities])
    columns = {
        "customer_id": write_customer_ids(events.customer),
        "channel": write_codes(channels[events.activity], CHANNELS),
        "activity": write_codes(
            events.activity, [activity.name for activity in activities]
        ),
        "count": events.count,
        "wait_minutes": events.wait,
    }
    folder.write("events", columns, day)


def write_income(folder: BankFolder, fee: Fen, points: Fen, day: date) -> None:
    """Write fees and points of a month; nothing is written where both are nil.

    Parameters
    ----------
    folder : BankFolder
        The bank's folder.
    fee, points : array of int, shape (customers,)
        Income (0 or more) and cost (0 or less), fen.
    day : date
        Last day of the month.
    """
    rows = [np.flatnonzero(fee), np.flatnonzero(points)]
    line = np.repeat([0, 1], [len(part) for part in rows])
    columns = {
        "customer_id": write_customer_ids(np.concatenate(rows)),
        "line": write_codes(line, ("fee", "points")),
        "amount_minor": np.concatenate([fee[rows[0]], points[rows[1]]]),
    }
    folder.write("customer_income", columns, day)


def write_risk(folder: BankFolder, live: Accounts, risk: MonthRisk, day: date) -> None:
    """Write the risk of every loan in a month.

    Parameters
    ----------
    folder : BankFolder
        The bank's folder.
    live : Accounts
        Live accounts.
    risk : MonthRisk
        Risk of the loans among them.
    day : date
        Last day of the month.
    """
    columns = {
        "account_id": write_account_ids(live.number[risk.rows]),
        "probability_of_default": risk.default,
        "loss_given_default": risk.loss,
        "exposure_at_default": risk.exposure,
        "capital_ratio": risk.capital,
    }
    folder.write("credit_risk", columns, day)


def write_activity_times(folder: BankFolder) -> None:
    """Write how long activities take.

    Parameters
    ----------
    folder : BankFolder
        The bank's folder.
    """
    activities = list_activities()
    folder.write(
        "activity_times",
        {
            "activity": pa.array([activity.name for activity in activities]),
            "channel": pa.array([CHANNELS[part.channel] for part in activities]),
            "cost_pool": pa.array([POOLS[activity.pool] for activity in activities]),
            "minutes": np.array([activity.minutes for activity in activities]),
        },
    )
