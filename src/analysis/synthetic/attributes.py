"""What each customer thinks of an attribute in a quarter, whether asked or not.

Attributes are standard normal with correlation .6 through the customer's factor, plus
planted shifts. They are drawn from a stream of the quarter, so that the months of the
quarter can know them before its survey: who waits long, or long for an answer to a
complaint, rates that lower.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.synthetic.streams import Streams
from analysis.synthetic.survey_items import NUMBERS, WEIGHTS

Floats = NDArray[np.float32]

CORRELATION, EXPLAINED = 0.6, 0.60
SHIFTS = (
    ("app", 5, -0.40), ("waiting", 8, 0.30), ("rates", 10, -0.25), ("staff", 11, -0.30)
)  # fmt: skip
"""Lasting shifts of an attribute, in deviations: item, first wave (from 0), size."""
WAIT_BY_ATTRIBUTE = 0.5
"""How much shorter, in logs, waiting is per deviation of the attribute.

That holds of the customers' own opinions and of the planted shift alike.
"""
SETTLING_BY_ATTRIBUTE = 0.5
"""How much sooner, in logs, a complaint is settled per deviation."""
BRANCH_WAIT_SIGMA = 0.15
"""Deviation of branches' waiting times, in logs."""


def shift_attribute(item: str, wave: int) -> float:
    """Give the planted shift of an attribute in a wave, counted from 0.

    Parameters
    ----------
    item : str
        Short name of the attribute.
    wave : int
        Number of the wave, from 0; negative before the first.

    Returns
    -------
    float
        Sum of the shifts so far, in deviations.
    """
    return sum(size for name, first, size in SHIFTS if name == item and wave >= first)


def scale_satisfaction() -> float:
    """Give the standard deviation of latent satisfaction before it is scaled."""
    common = CORRELATION * WEIGHTS.sum() ** 2
    own = (1 - CORRELATION) * (WEIGHTS**2).sum()
    return float(((common + own) / EXPLAINED) ** 0.5)


def draw_attribute(streams: Streams, factor: Floats, item: str, month: int) -> Floats:
    """Draw what everyone thinks of an attribute, without its planted shifts.

    Parameters
    ----------
    streams : Streams
        Random numbers.
    factor : array, shape (n,)
        Hidden factor of the customers, in order of arrival. Those who arrive later
        change nothing for those who are here.
    item : str
        Short name of the attribute.
    month : int
        Number of a month of the quarter.

    Returns
    -------
    array of float, shape (n,)
        Standard-normal opinions.
    """
    last = month + (2 - month) % 3
    draws = streams.at(f"attribute {NUMBERS[item]}", last)
    own = draws.standard_normal(len(factor), np.float32)
    own *= np.float32((1 - CORRELATION) ** 0.5)
    own += np.float32(CORRELATION**0.5) * factor
    return own


def stretch_times(opinions: Floats, slope: float) -> NDArray[np.float64]:
    """Give the factors of times that opinions stand for.

    Parameters
    ----------
    opinions : array, shape (n,)
        Standard-normal opinions.
    slope : float
        How much shorter, in logs, a time is per deviation.

    Returns
    -------
    array of float, shape (n,)
        Factors with a mean of 1 among all opinions.
    """
    factors: NDArray[np.float64] = np.exp(
        -slope * opinions.astype(np.float64) - slope**2 / 2
    )
    return factors


def draw_branch_waits(streams: Streams, branches: int) -> NDArray[np.float64]:
    """Draw how much longer customers wait at each branch, in logs.

    Parameters
    ----------
    streams : Streams
        Random numbers.
    branches : int
        Branches.

    Returns
    -------
    array of float, shape (branches,)
        Lasting differences, 0 on average.
    """
    draws = streams.at("branch waits")
    return BRANCH_WAIT_SIGMA * draws.standard_normal(branches)
