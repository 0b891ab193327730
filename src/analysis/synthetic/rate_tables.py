"""Turn rates and prices into contract tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray

from analysis.data.contract import ANY
from analysis.synthetic import model
from analysis.synthetic.files import BankFolder, write_codes, write_customer_ids
from analysis.synthetic.months import end_month, place_days
from analysis.synthetic.notices import MonthNotices
from analysis.synthetic.prices import MonthPrices
from analysis.synthetic.rates import RateWorld

_PRODUCTS = [slot.product for slot in model.SLOTS]
_TENORS = np.array([slot.tenor for slot in model.SLOTS])


def write_posted_rates(
    folder: BankFolder, world: RateWorld, prices: Mapping[int, MonthPrices]
) -> None:
    """Write headquarters' reference prices, all months, and the cells' prices.

    Parameters
    ----------
    folder : BankFolder
        The bank's folder.
    world : RateWorld
        The market.
    prices : mapping of int to MonthPrices
        Price list of each month with balances, by the month's number.
    """
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


def write_rate_notices(folder: BankFolder, notices: MonthNotices, day: date) -> None:
    """Write who was told of a month's changes of price.

    Parameters
    ----------
    folder : BankFolder
        The bank's folder.
    notices : MonthNotices
        The month's notices.
    day : date
        Last day of the month of the change.
    """
    columns = {
        "customer_id": write_customer_ids(notices.customer),
        "product": write_codes(notices.slot, _PRODUCTS),
        "tenor_months": _TENORS[notices.slot],
        "channel": write_codes(notices.channel, list(model.NOTICE_CHANNELS)),
        "sent_date": notices.sent,
    }
    folder.write("rate_notices", columns, day)


def write_market_rates(folder: BankFolder, world: RateWorld) -> None:
    """Write policy rate, market rates, funding curve and inflation.

    Parameters
    ----------
    folder : BankFolder
        The bank's folder.
    world : RateWorld
        The market.
    """
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
    """Write competitors' quotes as last seen: each is looked up every third month.

    Parameters
    ----------
    folder : BankFolder
        The bank's folder.
    world : RateWorld
        The market.
    """
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


def _repeat_days(months: Iterable[int], times: int) -> NDArray[np.datetime64]:
    days = np.array([end_month(month) for month in months], "datetime64[D]")
    return np.repeat(days, times)


def _as_decimal(percent: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    return np.round(np.concatenate(percent) / 100, 6)
