"""Contracts of term accounts: nothing changes before they end, and then some leave."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.synthetic.deposit_market.switches import Floats, Generator

TERM_PRODUCTS = ("term", "large_denomination")
CONTRACT_MONTHS = (3, 12)
HAZARD_RESPONSE = 1.5
"""By how much the log odds of leaving at maturity fall per percentage point that the
posted rate is above the going one; times the segment's multiple."""
_LEAVING = 0.1
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Contracts:
    """Contracts of the accounts of a product and segment.

    Parameters
    ----------
    months : numpy.ndarray, shape (accounts, 1)
        Their length.
    age : numpy.ndarray, shape (accounts, months)
        Months since the running contract began.
    is_open : numpy.ndarray, shape (accounts, months)
        Whether the account has not left.
    """

    months: Whole
    age: Whole
    is_open: NDArray[np.bool_]

    def hold(self, values: Floats) -> Floats:
        """Keep what held when the running contract began.

        Parameters
        ----------
        values : numpy.ndarray, shape (accounts, months)
            What a contract begun in that month would have.

        Returns
        -------
        numpy.ndarray, shape (accounts, months)
            The same all through a contract; the first month stands for earlier ones.
        """
        account, month = np.indices(values.shape)
        held: Floats = values[account, np.maximum(month - self.age, 0)]
        return held


def draw_contracts(rng: Generator, gap: Floats, hazard_response: float) -> Contracts:
    """Draw contracts, and who leaves when they end.

    Parameters
    ----------
    rng : numpy.random.Generator
        Random numbers.
    gap : numpy.ndarray, shape (accounts, months)
        Posted rate less the going one, percentage points.
    hazard_response : float
        By how much the log odds of leaving fall per point.

    Returns
    -------
    Contracts
        Half of them short, begun in different months.
    """
    accounts, months = gap.shape
    length = rng.choice(CONTRACT_MONTHS, (accounts, 1))
    shift = rng.integers(0, length)
    age = (np.arange(months) + shift) % length
    odds = math.log(_LEAVING / (1 - _LEAVING)) - hazard_response * gap
    leaves = (age == 0) & (rng.random(gap.shape) < 1 / (1 + np.exp(-odds)))
    leaves[:, 0] = False
    return Contracts(length, age, ~np.logical_or.accumulate(leaves, axis=1))
