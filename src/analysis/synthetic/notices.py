"""Tell customers of a change of their posted rate: whom, how and when, by lot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from analysis.synthetic import model
from analysis.synthetic.accounts import Accounts
from analysis.synthetic.files import BankFolder
from analysis.synthetic.months import end_month, place_days
from analysis.synthetic.population import Population
from analysis.synthetic.prices import MonthPrices

_SHARES = np.array([share for share, _, _ in model.NOTICE_CHANNELS.values()])
_FIRST = np.array([first for _, first, _ in model.NOTICE_CHANNELS.values()])
_LAST = np.array([last for _, _, last in model.NOTICE_CHANNELS.values()])
_SMALLEST_MOVE = 1e-6


@dataclass(frozen=True, slots=True)
class MonthNotices:
    """The notices of one month's changes.

    Parameters
    ----------
    customer, slot, channel : array of int
        Who was told of which line's change, and how (position in
        `model.NOTICE_CHANNELS`).
    sent : array of datetime64[D]
        Day on which the notice was sent.
    due : int
        Customers and lines whose price changed, told or not.
    """

    customer: NDArray[np.int64]
    slot: NDArray[np.int64]
    channel: NDArray[np.int64]
    sent: NDArray[np.datetime64]
    due: int


def send_notices(
    held: Accounts,
    people: Population,
    before: MonthPrices,
    now: MonthPrices,
    month: int,
    draws: np.random.Generator,
) -> MonthNotices:
    """Tell those who hold what changes its price, each with the same chance.

    Parameters
    ----------
    held : Accounts
        Accounts at the end of the month before.
    people : Population
        Customers at the end of the month before.
    before, now : MonthPrices
        Price lists of both months.
    month : int
        Month of the change.
    draws : numpy.random.Generator
        Random numbers of this month's notices, of nothing else.

    Returns
    -------
    MonthNotices
        At most one notice per customer and line.
    """
    moved = np.abs(now.posted - before.posted) > _SMALLEST_MOVE
    slots = len(model.PRICED_SLOTS)
    priced = held.slot < slots
    # Somebody may hold two contracts of a line, and is told once.
    holders = np.unique(
        held.customer[priced].astype(np.int64) * slots + held.slot[priced]
    )
    customer, slot = holders // slots, holders % slots
    due = moved[slot, people.held_tier[customer], people.region[customer]]
    told = np.flatnonzero(due)[draws.random(due.sum()) < model.NOTICE_COVERAGE]
    channel = draws.choice(len(_SHARES), len(told), p=_SHARES)
    delay = draws.integers(_FIRST[channel], _LAST[channel] + 1)
    first_day = place_days(np.full(len(told), month), np.ones(len(told), np.int64))
    return MonthNotices(
        customer=customer[told],
        slot=slot[told],
        channel=channel,
        sent=first_day + delay,
        due=int(due.sum()),
    )


def write_due_notices(folder: BankFolder, due: Mapping[int, int]) -> None:
    """Write how many customers and lines were due a notice in each month.

    Parameters
    ----------
    folder : BankFolder
        The bank's folder.
    due : mapping of int to int
        Customers and lines whose price changed, by the month's number.
    """
    rows = [{"period": end_month(month), "due": size} for month, size in due.items()]
    folder.write_truth("notices", pa.Table.from_pylist(rows))


def describe_notices() -> dict[str, Any]:
    """Give the truths about notices that a study may find again.

    Returns
    -------
    dict of str to value
        Coverage, effect, and each channel's share and days.
    """
    return {
        "coverage": model.NOTICE_COVERAGE,
        "effect": model.NOTICE_EFFECT,
        "channels": {
            name: {"share": share, "first_day": first, "last_day": last}
            for name, (share, first, last) in model.NOTICE_CHANNELS.items()
        },
    }
