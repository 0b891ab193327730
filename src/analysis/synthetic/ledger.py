"""Keep the general ledger and the cost pools: each line the exact sum of its parts."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from analysis.synthetic.accounts import IS_LOAN, Accounts
from analysis.synthetic.balances import MonthBalances
from analysis.synthetic.credit import MonthRisk
from analysis.synthetic.files import BankFolder
from analysis.synthetic.months import end_month
from analysis.synthetic.service import POOLS

Fen = NDArray[np.int64]


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
        """Book a month: every line is the exact sum of its parts, in fen.

        Parameters
        ----------
        month : int
            Number of the month.
        live : Accounts
            Live accounts.
        balances : MonthBalances
            Their balances and interest.
        risk : MonthRisk
            Risk of the loans among them.
        income : tuple of array of int, shape (customers,)
            Fees (0 or more) and points (0 or less) of each customer, fen.
        pools : tuple of array, shape (5,)
            Cost of each pool, fen; its practical capacity, minutes.
        """
        loans = IS_LOAN[live.slot]
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
        """Write the ledger and the cost pools.

        Parameters
        ----------
        folder : BankFolder
            The bank's folder.
        """
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
