"""How unequally customers make the bank's profit: whale curve, top shares, losers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.presentation.disclosure import MINIMUM_CELL, cut_into_points
from analysis.statistics.concentration import (
    RankedDraws,
    rank_units,
    replicate_gini,
    replicate_normalised_gini,
    trace_curve,
)
from analysis.statistics.paired_bootstrap import Floats, summarise
from analysis.studies.segment_profitability.customer_panel import (
    CustomerPanel,
    Measured,
    Sample,
    compare,
)
from analysis.studies.segment_profitability.parameters import CONFIDENCE_LEVEL
from analysis.studies.segment_profitability.refusal import Refused

TOP_SHARES = (0.01, 0.05, 0.10, 0.20)
"""Shares of customers whose part of the total is reported."""


@dataclass(frozen=True, slots=True, eq=False)
class Concentration:
    """Who makes the profit.

    Parameters
    ----------
    whale : pandas.DataFrame
        One row per quarter and point: `quarter`, `customers_pct` (share of customers,
        most profitable first), `total_pct` with `lower` and `upper` (share of profit).
    tops : dict of float to Measured
        Share of customers: the percent of profit that they make.
    peak_pct : Measured
        Profit of all customers who make one, percent of the total.
    profit_gini : Measured
        Normalised Gini index of profit, from 0 to 1.
    panel : CustomerPanel
        What it was measured on.
    """

    whale: pd.DataFrame
    tops: dict[float, Measured]
    peak_pct: Measured
    profit_gini: Measured
    panel: CustomerPanel


def measure_concentration(panel: CustomerPanel | Refused) -> Concentration | Refused:
    """Measure how unequally customers make profit.

    Parameters
    ----------
    panel : CustomerPanel or Refused
        Customers of both quarters.

    Returns
    -------
    Concentration or Refused
        Refused where total profit is not clearly above zero: shares of it would
        change their sign from one draw to the next.
    """
    if isinstance(panel, Refused):
        return panel
    if panel.account.refusal:
        return panel.account.refusal
    if not _is_positive(panel.now):
        return Refused(
            "Total profit is not clearly above zero, so it has no shares.",
            panel.now.quarter,
            panel.account.source,
        )
    if panel.before is not None and not _is_positive(panel.before):
        panel = CustomerPanel(panel.now, None, panel.segments, panel.account)
    samples = [sample for sample in (panel.before, panel.now) if sample is not None]
    profit = {s.quarter: rank_units(s.profit, s.draws) for s in samples}
    return Concentration(
        whale=pd.concat([_trace(s, profit[s.quarter]) for s in samples]),
        tops=_measure_tops(panel, profit),
        peak_pct=compare(panel, _find_peak),
        profit_gini=compare(
            panel, lambda s: replicate_normalised_gini(profit[s.quarter])
        ),
        panel=panel,
    )


@dataclass(frozen=True, slots=True, eq=False)
class DepositSpread:
    """How unequally deposits are held.

    Parameters
    ----------
    lorenz : pandas.DataFrame
        One row per quarter and point: `quarter`, `customers_pct` (smallest depositors
        first), `total_pct` with `lower` and `upper` (share of deposits).
    gini : Measured
        Gini index of average deposits, from 0 to 1.
    top_tenth_pct : Measured
        Share of deposits that the largest tenth of customers hold, percent.
    panel : CustomerPanel
        What it was measured on.
    """

    lorenz: pd.DataFrame
    gini: Measured
    top_tenth_pct: Measured
    panel: CustomerPanel


def measure_deposit_spread(panel: CustomerPanel | Refused) -> DepositSpread | Refused:
    """Measure how unequally customers hold deposits.

    Parameters
    ----------
    panel : CustomerPanel or Refused
        Customers of both quarters.

    Returns
    -------
    DepositSpread or Refused
        Refused where nobody holds deposits.
    """
    if isinstance(panel, Refused):
        return panel
    samples = [sample for sample in (panel.before, panel.now) if sample is not None]
    if not all((sample.deposits > 0).any() for sample in samples):
        return Refused(
            "Customers hold no deposits.", panel.now.quarter, panel.account.source
        )
    ranked = {
        s.quarter: rank_units(s.deposits, s.draws, descending=False) for s in samples
    }
    rest = np.array([0.9])
    return DepositSpread(
        lorenz=pd.concat([_trace(s, ranked[s.quarter]) for s in samples]),
        gini=compare(panel, lambda s: replicate_gini(ranked[s.quarter])),
        top_tenth_pct=compare(
            panel, lambda s: 100 - 100 * trace_curve(ranked[s.quarter], rest)[:, 0]
        ),
        panel=panel,
    )


@dataclass(frozen=True, slots=True, eq=False)
class LossMakers:
    """Customers who cost more than they bring.

    Parameters
    ----------
    share_pct : Measured
        Share of customers with a loss, percent.
    amount : Measured
        What they lose together, major currency units a quarter, negative.
    count : int
        How many they are.
    covering_pct : float
        Share of them who still cover the cost that their leaving would save, percent.
    panel : CustomerPanel
        What it was measured on.
    """

    share_pct: Measured
    amount: Measured
    count: int
    covering_pct: float
    panel: CustomerPanel


def count_loss_makers(panel: CustomerPanel | Refused) -> LossMakers | Refused:
    """Count the customers who lose money, and what they lose.

    Parameters
    ----------
    panel : CustomerPanel or Refused
        Customers of both quarters.

    Returns
    -------
    LossMakers or Refused
        Of all customers, sleeping ones too; refused where they are too few to show.
    """
    if isinstance(panel, Refused):
        return panel
    if panel.account.refusal:
        return panel.account.refusal
    count = int((panel.now.profit < 0).sum())
    if 0 < count < MINIMUM_CELL:
        return Refused(
            f"Fewer than {MINIMUM_CELL} customers lose money, too few to be shown.",
            panel.now.quarter,
            panel.account.source,
            "No action: nearly every customer brings more than the bank spends.",
        )
    return LossMakers(
        share_pct=compare(panel, lambda s: 100 * _count_losing(s) / _count(s)),
        amount=compare(panel, _sum_losses),
        count=count,
        covering_pct=_share_covering(panel.now),
        panel=panel,
    )


def _is_positive(sample: Sample) -> bool:
    total = sample.total(sample.profit)[:, 0]
    return summarise(total, confidence_level=CONFIDENCE_LEVEL).lower > 0


def _trace(sample: Sample, ranked: RankedDraws) -> pd.DataFrame:
    """Trace a curve through groups of at least ten customers."""
    points = np.array([0, *cut_into_points(sample.n_customers)]) / sample.n_customers
    curves = 100 * trace_curve(ranked, points)
    tail = (1 - CONFIDENCE_LEVEL) / 2
    lower, upper = np.quantile(curves[1:], [tail, 1 - tail], axis=0)
    return pd.DataFrame(
        {
            "quarter": sample.quarter,
            "customers_pct": 100 * points,
            "total_pct": curves[0],
            "lower": lower,
            "upper": upper,
        }
    )


def _measure_tops(
    panel: CustomerPanel, ranked: dict[str, RankedDraws]
) -> dict[float, Measured]:
    shares = np.array(TOP_SHARES)
    traced = {name: 100 * trace_curve(ranks, shares) for name, ranks in ranked.items()}

    def pick(place: int) -> Callable[[Sample], Floats]:
        return lambda sample: traced[sample.quarter][:, place]

    return {share: compare(panel, pick(i)) for i, share in enumerate(TOP_SHARES)}


def _find_peak(sample: Sample) -> Floats:
    gains = sample.total(np.maximum(sample.profit, 0.0))
    shares: Floats = 100 * gains / sample.total(sample.profit)
    return shares[:, 0]


def _share_covering(sample: Sample) -> float:
    margins = sample.marginal_profit[sample.profit < 0]
    return 100 * float((margins >= 0).mean()) if margins.size else 0.0


def _count(sample: Sample) -> Floats:
    return sample.total(np.ones(sample.n_customers))[:, 0]


def _count_losing(sample: Sample) -> Floats:
    return sample.total((sample.profit < 0).astype(float))[:, 0]


def _sum_losses(sample: Sample) -> Floats:
    return sample.total(np.minimum(sample.profit, 0.0))[:, 0]
