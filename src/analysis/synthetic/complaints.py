"""Complaints: those that were handled by telephone, and those that a fee brought.

Every event of handling a complaint is one complaint here. Complaints about the trial's
fee come in writing, through the app or by way of the regulator, beside the events.
Who waits long for an answer thinks less of how complaints are handled. All are closed
some day, if need be after the bank's last month: who reads a quarter
does not see later days.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.synthetic import fee_trial, service
from analysis.synthetic.attributes import (
    SETTLING_BY_ATTRIBUTE,
    draw_attribute,
    stretch_times,
)
from analysis.synthetic.fee_trial import FeeTrial
from analysis.synthetic.files import (
    BankFolder,
    write_codes,
    write_customer_ids,
    write_ids,
)
from analysis.synthetic.months import end_month, place_days
from analysis.synthetic.population import Population
from analysis.synthetic.service import MonthEvents
from analysis.synthetic.streams import Streams

Column = NDArray[np.int64]
Pace = NDArray[np.float64]

CAUSES = ("收费", "服务态度", "等候时间", "系统故障", "产品与收益", "其他")
CAUSE_SHARES = (0.10, 0.22, 0.24, 0.18, 0.16, 0.10)
CHANNELS = ("电话", "手机", "信函", "监管转办")
FEE_CHANNEL_SHARES = (0.60, 0.25, 0.15)
"""Of complaints about the fee: by app, by letter, through the regulator."""
REPEAT_SHARE, PAID_SHARE = 0.12, 0.08
DAYS_SHAPE, DAYS_SCALE, LONGEST_DAYS = 2.0, 3.5, 90
"""Gamma distribution of the days until a complaint is closed, and its end."""
LEAST_PAID, MOST_PAID = 20, 300
"""Yuan of compensation where there is any."""
_HANDLING = [activity.name for activity in service.ACTIVITIES].index("投诉处理")


class Complaints:
    """Complaints, month by month.

    Parameters
    ----------
    streams : Streams
        Random numbers.
    """

    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self._next_number = 1

    def add_month(
        self,
        folder: BankFolder,
        people: Population,
        events: MonthEvents,
        trial: FeeTrial,
        month: int,
    ) -> None:
        """Write the complaints of a month.

        Parameters
        ----------
        folder : BankFolder
            The bank's folder.
        people : Population
            Customers, those present who are here at the month's end.
        events : MonthEvents
            What they did, and what those did who have left for the fee.
        trial : FeeTrial
            Who may be charged a fee.
        month : int
            Number of the month.
        """
        opinions = draw_attribute(self._streams, people.factor, "complaints", month)
        pace = stretch_times(opinions, SETTLING_BY_ATTRIBUTE)
        usual = self._detail_usual(events, month, pace)
        about_fee = self._detail_about_fee(trial, month, pace)
        both = [np.concatenate(pair) for pair in zip(usual, about_fee, strict=True)]
        here = people.present[both[0]]
        self._write(folder, [column[here] for column in both], month)

    def _detail_usual(
        self, events: MonthEvents, month: int, pace: Pace
    ) -> list[Column]:
        handled = events.activity == _HANDLING
        customer = np.repeat(events.customer[handled], events.count[handled])
        draws = self._streams.at("complaints", month)
        cause = draws.choice(len(CAUSES), len(customer), p=CAUSE_SHARES)
        course = _draw_course(draws, pace[customer])
        return [customer, cause, np.zeros_like(cause), *course]

    def _detail_about_fee(
        self, trial: FeeTrial, month: int, pace: Pace
    ) -> list[Column]:
        part = trial.participants
        if part is None:
            return [np.zeros(0, np.int64)] * 7
        times = np.where(part.vulnerable, fee_trial.VULNERABLE_COMPLAINTS, 1.0)
        expected = fee_trial.COMPLAINTS_PER_YUAN * part.felt * times
        draws = self._streams.at("fee complaints", month)
        customer = np.repeat(part.customer, draws.poisson(expected))
        channel = 1 + draws.choice(3, len(customer), p=FEE_CHANNEL_SHARES)
        cause = np.zeros_like(channel)
        return [customer, cause, channel, *_draw_course(draws, pace[customer])]

    def _write(self, folder: BankFolder, columns: list[Column], month: int) -> None:
        customer, cause, channel, day, length, repeats, paid = columns
        opened = place_days(np.full(len(customer), month), day)
        numbers = self._next_number + np.arange(len(customer))
        self._next_number += len(customer)
        rows = {
            "complaint_id": write_ids("K", numbers, 8),
            "customer_id": write_customer_ids(customer),
            "opened_date": opened,
            "closed_date": opened + length.astype("timedelta64[D]"),
            "cause": write_codes(cause, CAUSES),
            "channel": write_codes(channel, CHANNELS),
            "is_repeat": repeats.astype(np.bool_),
            "compensation_minor": paid,
        }
        folder.write("complaints", rows, end_month(month))


def _draw_course(draws: np.random.Generator, pace: Pace) -> list[Column]:
    """Draw opening day, days until closed, whether repeated, and fen of amends."""
    size = len(pace)
    days = pace * draws.gamma(DAYS_SHAPE, DAYS_SCALE, size)
    paid = draws.integers(LEAST_PAID, MOST_PAID + 1, size)
    return [
        draws.integers(1, 29, size),
        np.minimum(days, LONGEST_DAYS).astype(np.int64),
        (draws.random(size) < REPEAT_SHARE).astype(np.int64),
        100 * paid * (draws.random(size) < PAID_SHARE),
    ]
