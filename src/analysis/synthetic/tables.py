"""Turn the bank's arrays into contract tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from analysis.data.contract import ANY
from analysis.synthetic import model
from analysis.synthetic.balances import MonthBalances
from analysis.synthetic.book import Accounts, Contracts
from analysis.synthetic.files import BankFolder, write_codes, write_ids
from analysis.synthetic.months import end_month, place_days
from analysis.synthetic.population import Population
from analysis.synthetic.prices import MonthPrices
from analysis.synthetic.rates import RateWorld
from analysis.synthetic.service import (
    CHANNELS,
    POOLS,
    MonthEvents,
    MonthRisk,
    list_activities,
)
from analysis.synthetic.survey import DRIVERS, ITEMS, ROLES, Wave, name_wave

Fen = NDArray[np.int64]
_PRODUCTS = [slot.product for slot in model.SLOTS]
_SIDES = [slot.side for slot in model.SLOTS]
_TENORS = np.array([slot.tenor for slot in model.SLOTS])
_IS_LOAN = np.array([slot.side == "loan" for slot in model.SLOTS])


def write_customer_ids(positions: NDArray[Any]) -> pa.Array:
    """Write positions in the population as customers' keys."""
    return write_ids("C", np.asarray(positions) + 1, 7)


def write_account_ids(numbers: NDArray[Any]) -> pa.Array:
    """Write account numbers as accounts' keys."""
    return write_ids("A", numbers, 8)


def write_customers(folder: BankFolder, people: Population) -> None:
    """Write who the customers are."""
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
    }
    folder.write("customers", columns)


def write_customer_periods(
    folder: BankFolder, people: Population, assets: Fen, day: date
) -> None:
    """Write tier and state of everyone present in a month."""
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
    """Write balances and interest of a month."""
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
    """Write all contracts ever made."""

    def gather(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(part, name) for part in contracts])

    slot = gather("slot")
    columns = {
        "account_id": write_account_ids(gather("number")),
        "customer_id": write_customer_ids(gather("customer")),
        "product": write_codes(slot, _PRODUCTS),
        "side": write_codes(slot, _SIDES),
        "tenor_months": _TENORS[slot],
        "open_date": gather("open_day"),
        "maturity_date": gather("end_day"),
        "contract_rate": np.round(gather("rate") / 100, 6),
        "transfer_rate": np.round(gather("transfer_rate") / 100, 6),
        "is_exception_rate": gather("is_exception"),
    }
    folder.write("accounts", columns)


def write_events(folder: BankFolder, events: MonthEvents, day: date) -> None:
    """Write what customers did in a month."""
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
    """Write fees and points of a month; nothing is written where both are nil."""
    rows = [np.flatnonzero(fee), np.flatnonzero(points)]
    line = np.repeat([0, 1], [len(part) for part in rows])
    columns = {
        "customer_id": write_customer_ids(np.concatenate(rows)),
        "line": write_codes(line, ("fee", "points")),
        "amount_minor": np.concatenate([fee[rows[0]], points[rows[1]]]),
    }
    folder.write("customer_income", columns, day)


def write_risk(folder: BankFolder, live: Accounts, risk: MonthRisk, day: date) -> None:
    """Write the risk of every loan in a month."""
    columns = {
        "account_id": write_account_ids(live.number[risk.rows]),
        "probability_of_default": risk.default,
        "loss_given_default": risk.loss,
        "exposure_at_default": risk.exposure,
        "capital_ratio": risk.capital,
    }
    folder.write("credit_risk", columns, day)


def write_posted_rates(
    folder: BankFolder, world: RateWorld, prices: Mapping[int, MonthPrices]
) -> None:
    """Write headquarters' reference prices, all months, and the cells' prices."""
    slots = np.array(model.PRICED_SLOTS)
    rows = len(world.policy)
    shape = next(iter(prices.values())).posted.shape
    cells = np.indices(shape).reshape(3, -1)
    months = [world.first + row for row in range(rows)]
    period = [_repeat_days(months, len(slots)), _repeat_days(prices, cells.shape[1])]
    slot = np.concatenate([np.tile(slots, rows), np.tile(cells[0], len(prices))])
    nobody = np.full(rows * len(slots), -1)
    tier = np.concatenate([nobody, np.tile(cells[1], len(prices))])
    region = np.concatenate([nobody, np.tile(cells[2], len(prices))])
    posted = [month.posted.ravel() for month in prices.values()]
    funding = [month.funding.ravel() for month in prices.values()]
    ceiling = [month.ceiling[cells[0]] for month in prices.values()]
    tenors = list(model.FUNDING_PREMIUMS)
    columns = [tenors.index(model.SLOTS[number].tenor) for number in slots]
    unlimited = np.full(len(nobody), np.nan)
    folder.write(
        "posted_rates",
        {
            "period": np.concatenate(period),
            "product": write_codes(slot, _PRODUCTS),
            "tenor_months": _TENORS[slot],
            "tier": write_codes(tier + 1, (ANY, *model.TIERS)),
            "region": write_codes(region + 1, (ANY, *model.REGIONS)),
            "rate": _as_decimal([world.reference.ravel(), *posted]),
            "ceiling_rate": _as_decimal([unlimited, *ceiling]),
            "funding_rate": _as_decimal([world.funding[:, columns].ravel(), *funding]),
        },
    )


def write_market_rates(folder: BankFolder, world: RateWorld) -> None:
    """Write policy rate, market rates, funding curve and inflation."""
    market, funding = list(model.MARKET_PREMIUMS), list(model.FUNDING_PREMIUMS)
    names = ["policy", *["market"] * len(market), *["funding"] * len(funding)]
    series = [*names, "inflation"]
    tenors = [0, *market, *funding, 0]
    values = np.column_stack([world.policy, world.market, world.funding])
    values = np.column_stack([values, world.inflation])
    rows = len(world.policy)
    months = [world.first + row for row in range(rows)]
    codes = write_codes(np.tile(np.arange(len(series)), rows), series)
    folder.write(
        "market_rates",
        {
            "period": _repeat_days(months, len(series)),
            "series": codes,
            "tenor_months": np.tile(tenors, rows),
            "rate": _as_decimal([values.ravel()]),
        },
    )


def write_competitor_rates(folder: BankFolder, world: RateWorld) -> None:
    """Write competitors' quotes as last seen: each is looked up every third month."""
    rows, slots, names = world.quotes.shape
    row, slot, name = np.indices(world.quotes.shape).reshape(3, -1)
    age = (world.first + row + name) % model.REFRESH_MONTHS
    seen = np.maximum(row - age, 0)
    months = [world.first + number for number in range(rows)]
    folder.write(
        "competitor_rates",
        {
            "period": _repeat_days(months, slots * names),
            "competitor": write_codes(name, model.COMPETITORS),
            "product": write_codes(slot, _PRODUCTS),
            "tenor_months": _TENORS[slot],
            "rate": _as_decimal([world.quotes[seen, slot, name]]),
            "first_seen": place_days(world.first + seen, 3 + 3 * name),
        },
    )


def write_activity_times(folder: BankFolder) -> None:
    """Write how long activities take."""
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


class Ledger:
    """The general ledger and the cost pools, month by month."""

    def __init__(self) -> None:
        self._days: list[date] = []
        self._lines: list[dict[str, int]] = []
        self._pools: list[tuple[Fen, NDArray[np.float64]]] = []

    def add_month(
        self,
        month: int,
        live: Accounts,
        balances: MonthBalances,
        risk: MonthRisk,
        income: tuple[Fen, Fen],
        pools: tuple[Fen, NDArray[np.float64]],
    ) -> None:
        """Book a month: every line is the exact sum of its parts, in fen."""
        loans = _IS_LOAN[live.slot]
        fee, points = income
        self._days.append(end_month(month))
        self._pools.append(pools)
        self._lines.append(
            {
                "interest_income": int(balances.interest[loans].sum()),
                "interest_expense": -int(balances.interest[~loans].sum()),
                "fee": int(fee.sum()),
                "points": int(points.sum()),
                "operating_cost": -int(pools[0].sum()),
                "credit_loss": -int(risk.expected_loss.sum()),
            }
        )

    def write(self, folder: BankFolder) -> None:
        """Write the ledger and the cost pools."""
        days = np.array(self._days, "datetime64[D]")
        names = list(self._lines[0])
        folder.write(
            "ledger",
            {
                "period": np.repeat(days, len(names)),
                "line": pa.array(names * len(days)),
                "amount_minor": np.array(
                    [month[name] for month in self._lines for name in names]
                ),
            },
        )
        folder.write(
            "cost_pools",
            {
                "period": np.repeat(days, len(POOLS)),
                "cost_pool": pa.array(list(POOLS) * len(days)),
                "amount_minor": np.concatenate([pool[0] for pool in self._pools]),
                "practical_minutes": np.concatenate([pool[1] for pool in self._pools]),
            },
        )


def write_survey(folder: BankFolder, waves: list[Wave]) -> None:
    """Write waves, items, respondents and answers."""
    names = [name_wave(wave.month) for wave in waves]
    sizes = [len(wave.customer) for wave in waves]
    number = np.repeat(np.arange(len(waves)), sizes)
    person = np.concatenate([np.arange(size) for size in sizes])
    folder.write(
        "survey_waves",
        {
            "wave": pa.array(names),
            "period": np.array([end_month(w.month) for w in waves], "datetime64[D]"),
            "invited": np.array([wave.invited for wave in waves]),
        },
    )
    folder.write(
        "survey_responses",
        {
            "wave": write_codes(number, names),
            "respondent_id": write_ids("R", person + 1, 6),
            "customer_id": write_customer_ids(
                np.concatenate([wave.customer for wave in waves])
            ),
            "design_weight": np.concatenate([wave.weight for wave in waves]),
            "seconds": np.concatenate([wave.seconds for wave in waves]),
        },
    )
    scores = np.concatenate([wave.scores for wave in waves])
    row, item = np.nonzero(~np.isnan(scores))
    folder.write(
        "survey_answers",
        {
            "wave": write_codes(number[row], names),
            "respondent_id": write_ids("R", person[row] + 1, 6),
            "item": write_codes(item, ITEMS),
            "score": scores[row, item],
        },
    )
    _write_items(folder)


def _write_items(folder: BankFolder) -> None:
    others = {
        "overall": ("Overall satisfaction", "总体满意度"),
        "recommend": ("Readiness to recommend", "推荐意愿"),
        "marker": ("Liking of the colour blue", "对蓝色的喜好"),
    }
    labels = [(driver.english, driver.chinese) for driver in DRIVERS]
    labels += [others[item] for item in ROLES]
    attributes = [driver.item for driver in DRIVERS] + [None] * len(ROLES)
    roles = ["driver"] * len(DRIVERS) + list(ROLES.values())
    lowest = [0.0 if item == "recommend" else 1.0 for item in ITEMS]
    folder.write(
        "survey_items",
        {
            "item": pa.array(ITEMS),
            "role": pa.array(roles),
            "attribute": pa.array(attributes, pa.string()),
            "scale_minimum": np.array(lowest),
            "scale_maximum": np.full(len(ITEMS), 10.0),
            "label_en": pa.array([english for english, _ in labels]),
            "label_zh": pa.array([chinese for _, chinese in labels]),
        },
    )


def _repeat_days(months: Iterable[int], times: int) -> NDArray[np.datetime64]:
    days = np.array([end_month(month) for month in months], "datetime64[D]")
    return np.repeat(days, times)


def _as_decimal(percent: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    return np.round(np.concatenate(percent) / 100, 6)
