"""What the risk department expects of loans. No loan ever defaults in the files."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.synthetic import model
from analysis.synthetic.accounts import Accounts
from analysis.synthetic.balances import MonthBalances
from analysis.synthetic.population import Population

Fen = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class MonthRisk:
    """What the risk department says of each live loan in a month.

    Parameters
    ----------
    rows : array of int
        Positions of the loans among the live accounts.
    default, loss, capital : array
        Chance of default within a year, loss given default, capital ratio: shares.
    exposure : array
        Exposure at default, yuan.
    expected_loss : array of int
        Expected loss of the month, fen.
    """

    rows: NDArray[np.int64]
    default: NDArray[np.float64]
    loss: NDArray[np.float64]
    capital: NDArray[np.float64]
    exposure: NDArray[np.float64]
    expected_loss: Fen


def rate_loans(
    accounts: Accounts, people: Population, balances: MonthBalances
) -> MonthRisk:
    """Give each live loan's risk; no chance is involved.

    Parameters
    ----------
    accounts : Accounts
        Live accounts.
    people : Population
        Customers.
    balances : MonthBalances
        Balances of the live accounts in the month.

    Returns
    -------
    MonthRisk
        Risk of the loans, in the order of the live accounts.
    """
    rows = np.flatnonzero(accounts.slot >= model.INSTALMENT)
    is_card = accounts.slot[rows] == model.CARD
    # A loan's own risk is fixed by its planned size and its customer.
    mark = (accounts.number[rows].astype(np.int64) * 2654435761) % 1000 / 1000
    lean = 0.8 * (2 * mark - 1) - 0.3 * people.factor[accounts.customer[rows]]
    default = np.clip(np.where(is_card, 0.020, 0.008) * np.exp(lean), 0.0003, 0.3)
    default = np.round(default, 5)
    loss = np.where(is_card, 0.75, 0.45)
    exposure = balances.average[rows] / 100
    yearly = default * loss * exposure
    return MonthRisk(
        rows=rows,
        default=default,
        loss=loss,
        capital=np.where(is_card, 0.08, 0.06),
        exposure=exposure,
        expected_loss=np.rint(yearly / 12 * 100).astype(np.int64),
    )
