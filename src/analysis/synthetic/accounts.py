"""Live accounts as arrays, one position each."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.synthetic import model

LIVES = np.array([slot.life for slot in model.SLOTS], np.int16)
"""Months until an account of each slot ends or is made anew, 0 for never."""
IS_LOAN = np.array([slot.side == "loan" for slot in model.SLOTS])
IS_DEPOSIT = np.array([slot.side == "deposit" for slot in model.SLOTS])
_IS_TERM = np.isin(np.arange(len(model.SLOTS)), list(model.TERM_SLOTS))


@dataclass(slots=True)
class Accounts:
    """Accounts, one position each, in the order of their numbers.

    Parameters
    ----------
    number, customer : array of int
        Number of the account; position of its customer.
    slot, age : array of int
        Product and term; whole months since its first day.
    base, noise : array
        Planned log size in yuan, or log share for the current account; AR noise.
    rate : array
        Contract rate, percent; NaN where the posted rate applies.
    accrued : array of int
        Interest not yet credited, fen.
    """

    number: NDArray[np.int32]
    customer: NDArray[np.int32]
    slot: NDArray[np.int8]
    age: NDArray[np.int16]
    base: NDArray[np.float32]
    noise: NDArray[np.float32]
    rate: NDArray[np.float32]
    accrued: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.number)

    @property
    def is_term(self) -> NDArray[np.bool_]:
        """Whether each account follows the log-linear balance law."""
        return _IS_TERM[self.slot]

    def take(self, rows: NDArray[Any]) -> Accounts:
        """Give some of the accounts, by mask or position.

        Parameters
        ----------
        rows : array of bool or int
            Mask of shape (accounts,), or positions.

        Returns
        -------
        Accounts
            A copy of those accounts, in the order of `rows`.
        """
        parts = {field.name: getattr(self, field.name)[rows] for field in fields(self)}
        return Accounts(**parts)

    def join(self, others: Accounts) -> Accounts:
        """Give these accounts followed by others.

        Parameters
        ----------
        others : Accounts
            Accounts to be put at the end.

        Returns
        -------
        Accounts
            All of them.
        """
        parts = {
            field.name: np.concatenate(
                (getattr(self, field.name), getattr(others, field.name))
            )
            for field in fields(self)
        }
        return Accounts(**parts)


def make_accounts(first: int, size: int) -> Accounts:
    """Make blank accounts, numbered one after the other.

    Parameters
    ----------
    first : int
        Number of the first account.
    size : int
        How many accounts.

    Returns
    -------
    Accounts
        Accounts of customer 0 and slot 0, without a rate of their own.
    """
    return Accounts(
        number=np.arange(first, first + size, dtype=np.int32),
        customer=np.zeros(size, np.int32),
        slot=np.zeros(size, np.int8),
        age=np.zeros(size, np.int16),
        base=np.zeros(size, np.float32),
        noise=np.zeros(size, np.float32),
        rate=np.full(size, np.nan, np.float32),
        accrued=np.zeros(size, np.int64),
    )
