"""What the customers of each tier truly brought and cost, line by line and quarter.

Sums are of the bookings themselves, in fen, so that a study must find them to the cent.
Cost to serve takes each contact's minutes at the quarter's cost of a minute. What a
deposit is worth inside the bank is a study's assumption and is not here.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from analysis.synthetic import model
from analysis.synthetic.accounts import IS_LOAN, Accounts
from analysis.synthetic.balances import MonthBalances
from analysis.synthetic.credit import MonthRisk
from analysis.synthetic.files import BankFolder
from analysis.synthetic.months import end_month, ends_quarter
from analysis.synthetic.population import Population
from analysis.synthetic.service import POOLS, MonthEvents, list_activities

Floats = NDArray[np.float64]
Fen = NDArray[np.int64]

LINES: Final = (
    "interest_income",
    "interest_expense",
    "fee",
    "points",
    "credit_loss",
    "cost_to_serve",
)
_NOBODY: Final = -1


class ProfitLines:
    """Lines of all customers, added up month by month and told by tier."""

    _tier: NDArray[np.int8]
    _booked: Floats
    _minutes: Floats
    _cost: Floats
    _capacity: Floats

    def __init__(self) -> None:
        self._rows: list[dict[str, object]] = []
        self._begin(0)

    def add_month(
        self,
        month: int,
        people: Population,
        booked: Floats,
        events: MonthEvents,
        pools: tuple[Fen, Floats],
    ) -> None:
        """Add a month; a quarter's last one closes it.

        Parameters
        ----------
        month : int
            Number of the month.
        people : Population
            Customers after the month's moves.
        booked : array, shape (5, customers)
            Lines that are booked, as `sum_booked` gives them.
        events : MonthEvents
            What customers did.
        pools : tuple of array, shape (5,)
            Cost of each pool, fen; its practical capacity, minutes.
        """
        more = len(people) - len(self._tier)
        self._tier = np.append(self._tier, np.full(more, _NOBODY, np.int8))
        self._booked = np.pad(self._booked, ((0, 0), (0, more)))
        self._minutes = np.pad(self._minutes, ((0, 0), (0, more)))
        self._tier = np.where(people.present, people.held_tier, self._tier).astype(
            np.int8
        )
        self._booked += booked
        activities = list_activities()
        each = np.array([activity.minutes for activity in activities])
        pool = np.array([activity.pool for activity in activities])[events.activity]
        spent = events.count * each[events.activity]
        place = pool * len(people) + events.customer
        size = len(POOLS) * len(people)
        minutes = np.bincount(place, weights=spent, minlength=size)
        self._minutes += minutes.reshape(len(POOLS), len(people))
        self._cost += pools[0]
        self._capacity += pools[1]
        if ends_quarter(month):
            self._close(month)

    def write(self, folder: BankFolder) -> None:
        """Write truth/profit_lines: one row per quarter, tier and line.

        Parameters
        ----------
        folder : BankFolder
            The bank's folder.
        """
        schema = pa.schema(
            [
                ("quarter", pa.string()),
                ("tier", pa.string()),
                ("customers", pa.int64()),
                ("line", pa.string()),
                ("amount_minor", pa.float64()),
            ]
        )
        table = pa.Table.from_pylist(self._rows, schema=schema)
        folder.write_truth("profit_lines", table)

    def _begin(self, customers: int) -> None:
        self._tier = np.full(customers, _NOBODY, np.int8)
        self._booked = np.zeros((len(LINES) - 1, customers))
        self._minutes = np.zeros((len(POOLS), customers))
        self._cost = np.zeros(len(POOLS))
        self._capacity = np.zeros(len(POOLS))

    def _close(self, month: int) -> None:
        served = -(self._cost / self._capacity) @ self._minutes
        day = end_month(month)
        quarter = f"{day.year}Q{(day.month + 2) // 3}"
        lines = dict(zip(LINES, (*self._booked, served), strict=True))
        for code, tier in enumerate(model.TIERS):
            inside = self._tier == code
            self._rows += [
                {
                    "quarter": quarter,
                    "tier": tier,
                    "customers": int(inside.sum()),
                    "line": line,
                    "amount_minor": float(amounts[inside].sum()),
                }
                for line, amounts in lines.items()
            ]
        self._begin(len(self._tier))


def sum_booked(
    customers: int,
    live: Accounts,
    balances: MonthBalances,
    risk: MonthRisk,
    income: tuple[Fen, Fen],
) -> Floats:
    """Sum what a month books for each customer.

    Parameters
    ----------
    customers : int
        How many there are.
    live : Accounts
        Live accounts.
    balances : MonthBalances
        Their balances and interest.
    risk : MonthRisk
        Risk of the loans among them.
    income : tuple of array of int, shape (customers,)
        Fees (0 or more) and points (0 or less), fen.

    Returns
    -------
    array, shape (5, customers)
        The first five of `LINES`, whole fen.
    """
    is_loan = IS_LOAN[live.slot]
    interest = np.where(is_loan, balances.interest, -balances.interest)
    earned, paid = (
        np.bincount(live.customer[side], weights=interest[side], minlength=customers)
        for side in (is_loan, ~is_loan)
    )
    owner = live.customer[risk.rows]
    lost = np.bincount(owner, weights=-risk.expected_loss, minlength=customers)
    return np.vstack([earned, paid, *income, lost])
