"""Score the interval of the top customers' share where its truth is known.

Customers are drawn from a population with losses and a heavy tail, as in a bank: most
cost a little, some earn well, a few very much. The share of all profit that the most
profitable fifth make is known from the population itself. The report's bootstrap ranks
each draw anew; beside it stands the textbook interval of a ratio, which takes the
border of the fifth for known. Shares are percent of profit.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import pandas as pd
from scipy import stats

from analysis.statistics.concentration import rank_units, trace_curve
from analysis.statistics.paired_bootstrap import Floats, draw_units, summarise
from analysis.studies.segment_profitability.customers.profit_concentration import (
    TOP_SHARES,
)
from analysis.studies.segment_profitability.parameters import CONFIDENCE_LEVEL, N_DRAWS

HEADLINE: Final = "report"
PLAIN: Final = "normal, border known"
SCENARIOS: Final = {"top share": (1.0, 45.0), "top share, heavier tail": (1.6, 75.0)}
"""Worlds by name: deviation of the log of gains, average cost of a customer (yuan)."""
DRAWS: Final = {"top share": 200, "top share, heavier tail": 200}
TARGET, PART = "share of top fifth", "all"
CUSTOMERS: Final = 20_000
_POPULATION: Final = 4_000_000
_GAIN = 40.0
"""Median of the gains, yuan a quarter."""


def score_top_share(scenario: str, rng: np.random.Generator) -> pd.DataFrame:
    """Draw customers and let each interval say what the top fifth make.

    Parameters
    ----------
    scenario : str
        One of `SCENARIOS`.
    rng : numpy.random.Generator
        Random numbers.

    Returns
    -------
    pandas.DataFrame
        One row per estimator: `estimator`, `target`, `part`, `truth`, `estimate`,
        `lower`, `upper`, percent of profit.
    """
    profit = _draw_profit(rng, *SCENARIOS[scenario])
    draws = draw_units(CUSTOMERS, n_draws=N_DRAWS, generator=rng)
    top = np.array([TOP_SHARES[-1]])
    traced = 100 * trace_curve(rank_units(profit, draws), top)[:, 0]
    found = summarise(traced, confidence_level=CONFIDENCE_LEVEL)
    lower, upper = _reach_plainly(profit)
    ends = {HEADLINE: (found.lower, found.upper), PLAIN: (lower, upper)}
    return pd.DataFrame(
        [
            {
                "estimator": name,
                "target": TARGET,
                "part": PART,
                "truth": find_true_share(scenario),
                "estimate": found.estimate,
                "lower": low,
                "upper": high,
            }
            for name, (low, high) in ends.items()
        ]
    )


@cache
def find_true_share(scenario: str) -> float:
    """Find what the top fifth of the population make.

    Parameters
    ----------
    scenario : str
        One of `SCENARIOS`.

    Returns
    -------
    float
        Percent of all profit, on evenly spread quantiles of the population.
    """
    profit = np.sort(_spread_population(*SCENARIOS[scenario]))
    top = profit[-int(TOP_SHARES[-1] * profit.size) :]
    return float(100 * top.sum() / profit.sum())


def _draw_profit(rng: np.random.Generator, deviation: float, cost: float) -> Floats:
    gains = _GAIN * np.exp(deviation * rng.standard_normal(CUSTOMERS))
    costs: Floats = rng.gamma(2.0, cost / 2, CUSTOMERS)
    return gains - costs


def _spread_population(deviation: float, cost: float) -> Floats:
    """Spread gains and costs over a grid of their quantiles, each as likely."""
    side = int(_POPULATION**0.5)
    places = (np.arange(side) + 0.5) / side
    gains = _GAIN * np.exp(deviation * stats.norm.ppf(places))
    # The grid's tail is cut: its mean is set to the law's own.
    gains[-1] += side * (_GAIN * np.exp(deviation**2 / 2) - gains.mean())
    costs = stats.gamma.ppf(places, 2.0, scale=cost / 2)
    spread: Floats = (gains[:, None] - costs[None, :]).ravel()
    return spread


def _reach_plainly(profit: Floats) -> tuple[float, float]:
    """Give the interval of a ratio of means, the border of the fifth held fixed."""
    is_top = profit >= np.quantile(profit, 1 - TOP_SHARES[-1])
    share = profit[is_top].sum() / profit.sum()
    residual = (is_top - share) * profit
    error = residual.std(ddof=1) / (profit.mean() * profit.size**0.5)
    reach = float(stats.norm.ppf(0.5 + CONFIDENCE_LEVEL / 2)) * error
    return float(100 * (share - reach)), float(100 * (share + reach))
