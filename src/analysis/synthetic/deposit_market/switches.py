"""What is wrong with a market for deposits, and what is planted in any."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Generator = np.random.Generator

PRODUCTS = {"savings": 0.04, "term": 0.12, "large_denomination": 0.20}
"""Response of balances to the own rate, log points per percentage point."""
SEGMENTS = {"mass": 0.6, "affluent": 1.0, "private": 1.5, "business": 1.2}
"""Multiplies the response."""
SISTER = {
    "savings": "term",
    "term": "large_denomination",
    "large_denomination": "term",
}
"""The product that a product loses money to."""
CROSS_SHARE = 0.3
"""Response to the sister's rate, as a share of the response to the own."""
ANCHORS = {"savings": 0.3, "term": 1.5, "large_denomination": 2.0}
FOLLOWING = {"savings": 0.2, "term": 0.6, "large_denomination": 0.7}
"""Level of a rate and its share of policy moves."""
STEP = 0.05
"""Posted rates stand on a grid of 5 bp."""
CREDIT_LOAD = 0.6
QUARTER = 3
"""Months in a quarter."""


@dataclass(frozen=True, slots=True)
class MarketSwitches:
    """What is wrong with the world: the first seven as in any bank, the rest not.

    Parameters
    ----------
    answer : float
        Percentage points by which posted rates rise per log point of outflow.
    exceptions : bool
        Whether accounts that shrink are paid more than the posted rate.
    cannibalisation : bool
        Whether money moves to the sister product when that pays more.
    capitalisation : bool
        Whether interest is credited to the balance each quarter.
    quarter_end : bool
        Whether business balances swell at the end of a quarter.
    ceiling : bool
        Whether posted rates have a highest value.
    attrition : bool
        Whether accounts close, sooner the less they are paid.
    credit_load : float
        How much of the treasury's credit reaches posted rates: 0 leaves no
        instrument, little a weak one.
    uniform : bool
        Whether headquarters sets one price for all regions.
    credit_answers : float
        Percentage points by which the treasury credits more per log point of outflow:
        its credit is then no instrument.
    stale_quotes : bool
        Whether there are competitors: balances answer the posted rate less theirs,
        and the bank sees their rates once a quarter, a little wrong.
    sticky : bool
        Whether posted rates move slowly, up more slowly than down.
    threshold : float
        Percentage points from the going rate within which balances answer nothing.
    asymmetry : float
        Share by which the response to a rise is smaller, and to a cut larger.
    adjustment : float
        Share of the way to their new level that balances go in a month.
    maturity : bool
        Whether term accounts change, and leave, at the end of their contracts only.
    tiers : tuple of float
        Balances to which some accounts that are a little short of them top up.
    insured_limit : float
        Balance above which a stress event takes money away; 0 for no event.
    wedge : float
        Percentage points by which each region's posted rate is put up or down at
        random, anew each quarter; 0 for no experiment.
    """

    answer: float = 2.0
    exceptions: bool = True
    cannibalisation: bool = True
    capitalisation: bool = True
    quarter_end: bool = True
    ceiling: bool = True
    attrition: bool = True
    credit_load: float = CREDIT_LOAD
    uniform: bool = False
    credit_answers: float = 0.0
    stale_quotes: bool = False
    sticky: bool = False
    threshold: float = 0.0
    asymmetry: float = 0.0
    adjustment: float = 1.0
    maturity: bool = False
    tiers: tuple[float, ...] = ()
    insured_limit: float = 0.0
    wedge: float = 0.0


@dataclass(frozen=True, slots=True)
class SpareNumbers:
    """Random numbers of troubles that came later: those before them stay the same.

    Parameters
    ----------
    quotes, wedges, contracts, tiers, stress : numpy.random.Generator
        One for each trouble, so that none moves another's numbers.
    """

    quotes: Generator
    wedges: Generator
    contracts: Generator
    tiers: Generator
    stress: Generator

    @classmethod
    def take(cls, rng: Generator) -> SpareNumbers:
        """Take children of a generator, whose own numbers do not move.

        Parameters
        ----------
        rng : numpy.random.Generator
            Random numbers of the market.

        Returns
        -------
        SpareNumbers
            A child for each trouble.
        """
        return cls(*rng.spawn(5))


def wander(
    rng: Generator, shape: tuple[int, int], memory: float, deviation: float
) -> Floats:
    """Draw series that forget: autoregressions of order one, settled from the start.

    Parameters
    ----------
    rng : numpy.random.Generator
        Random numbers.
    shape : tuple of int
        Series and months.
    memory : float
        Share of a value that is left a month later.
    deviation : float
        Standard deviation of the values.

    Returns
    -------
    numpy.ndarray, shape (series, months)
        The series.
    """
    shocks = rng.normal(0, deviation * (1 - memory**2) ** 0.5, shape)
    shocks[:, 0] = rng.normal(0, deviation, shape[0])
    series: Floats = np.empty(shape)
    series[:, 0] = shocks[:, 0]
    for month in range(1, shape[1]):
        series[:, month] = memory * series[:, month - 1] + shocks[:, month]
    return series
