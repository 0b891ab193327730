"""How unequally customers make the bank's profit: whale curve, top shares, losers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.presentation.disclosure import MINIMUM_CELL
from analysis.statistics.concentration import (
    RankedDraws,
    rank_units,
    replicate_normalised_gini,
    trace_curve,
)
from analysis.statistics.paired_bootstrap import Floats, summarise
from analysis.studies.segment_profitability.customers.curves import measure_sizes
from analysis.studies.segment_profitability.customers.customer_panel import (
    CustomerPanel,
    Measured,
    Sample,
    compare,
)
from analysis.studies.segment_profitability.customers.sample_curves import (
    list_samples,
    trace_samples,
)
from analysis.studies.segment_profitability.parameters import CONFIDENCE_LEVEL
from analysis.studies.segment_profitability.refusal import Refused
from analysis.wording import say

TOP_SHARES = (0.01, 0.05, 0.10, 0.20)
"""Shares of customers whose part of the total is reported, the main one last."""


@dataclass(frozen=True, slots=True, eq=False)
class Concentration:
    """Who makes the profit.

    Parameters
    ----------
    whale : pandas.DataFrame
        One row per quarter and point, as `trace_ranked` gives them, most profitable
        customers first.
    tops : pandas.DataFrame
        One row per share of customers: `top_share` (from 0 to 1), `customers`, and
        their `share` of profit with `lower`, `upper`, `previous` and `year_ago`
        (missing where not known or where they described too few) and its
        dominance, percent of profit.
    top_fifth_pct : Measured
        Share of profit that the most profitable fifth of customers make, percent.
    peak_pct : Measured
        Profit of all customers who make one, percent of the total.
    profit_gini : Measured
        Normalised Gini index of profit, from 0 to 1.
    panel : CustomerPanel
        What it was measured on.
    """

    whale: pd.DataFrame
    tops: pd.DataFrame
    top_fifth_pct: Measured
    peak_pct: Measured
    profit_gini: Measured
    panel: CustomerPanel


def measure_concentration(
    panel: CustomerPanel | Refused, year_ago: Sample | None = None
) -> Concentration | Refused:
    """Measure how unequally customers make profit.

    Parameters
    ----------
    panel : CustomerPanel or Refused
        Customers of both quarters.
    year_ago : Sample or None
        Customers of the same quarter of the year before, where they are known.

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
    if panel.now.n_customers * TOP_SHARES[-1] < MINIMUM_CELL:
        return Refused(
            say(
                "The most profitable fifth are fewer than {least} customers.",
                least=MINIMUM_CELL,
            ),
            panel.now.quarter,
            panel.account.source,
            say("Report on a larger group of customers."),
        )
    if not _is_positive(panel.now):
        return Refused(
            say("Total profit is not clearly above zero, so it has no shares."),
            panel.now.quarter,
            panel.account.source,
        )
    if panel.before is not None and not _is_positive(panel.before):
        panel = CustomerPanel(panel.now, None, panel.segments, panel.account)
    if year_ago is not None and not _is_positive(year_ago):
        year_ago = None
    samples = list_samples(panel, year_ago)
    profit = {s.quarter: rank_units(s.profit, s.draws) for s in samples}
    tops = _measure_tops(panel, profit, year_ago)
    return Concentration(
        whale=trace_samples(samples, profit, lambda s: np.sort(s.profit)[::-1]),
        tops=_tabulate_tops(panel, tops, year_ago),
        top_fifth_pct=tops[TOP_SHARES[-1]],
        peak_pct=compare(panel, _find_peak, year_ago),
        profit_gini=compare(
            panel, lambda s: replicate_normalised_gini(profit[s.quarter]), year_ago
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
    covering : int
        How many of them still cover the cost that their leaving would save.
    largest : dict of str to float
        Largest loss of a customer ("largest"), the second ("second") and the sum
        ("absolute"), for the door.
    panel : CustomerPanel
        What it was measured on.
    """

    share_pct: Measured
    amount: Measured
    count: int
    covering: int
    largest: dict[str, float]
    panel: CustomerPanel


def count_loss_makers(
    panel: CustomerPanel | Refused, year_ago: Sample | None = None
) -> LossMakers | Refused:
    """Count the customers who lose money, and what they lose.

    Parameters
    ----------
    panel : CustomerPanel or Refused
        Customers of both quarters.
    year_ago : Sample or None
        Customers of the same quarter of the year before, where they are known.

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
            say(
                "Fewer than {least} customers lose money, too few to be shown.",
                least=MINIMUM_CELL,
            ),
            panel.now.quarter,
            panel.account.source,
            say("No action: nearly every customer brings more than the bank spends."),
        )
    return LossMakers(
        share_pct=compare(
            panel, lambda s: 100 * _count_losing(s) / _count(s), year_ago
        ),
        amount=compare(panel, _sum_losses, year_ago),
        count=count,
        covering=_count_covering(panel.now),
        largest=measure_sizes(np.minimum(panel.now.profit, 0.0)),
        panel=panel,
    )


def _is_positive(sample: Sample) -> bool:
    total = sample.total(sample.profit)[:, 0]
    return summarise(total, confidence_level=CONFIDENCE_LEVEL).lower > 0


def _measure_tops(
    panel: CustomerPanel, ranked: dict[str, RankedDraws], year_ago: Sample | None
) -> dict[float, Measured]:
    shares = np.array(TOP_SHARES)
    traced = {name: 100 * trace_curve(ranks, shares) for name, ranks in ranked.items()}

    def pick(place: int) -> Callable[[Sample], Floats]:
        return lambda sample: traced[sample.quarter][:, place]

    return {
        share: compare(panel, pick(i), year_ago) for i, share in enumerate(TOP_SHARES)
    }


def _tabulate_tops(
    panel: CustomerPanel, tops: dict[float, Measured], year_ago: Sample | None
) -> pd.DataFrame:
    profit = np.sort(panel.now.profit)[::-1]
    rows = []
    for share, top in tops.items():
        count = int(share * profit.size)
        sizes = measure_sizes(100 * profit[:count] / profit.sum())
        year_earlier = top.year_ago.value if top.year_ago else None
        rows.append(
            {
                "top_share": share,
                "customers": count,
                "share": top.estimate,
                "lower": top.lower,
                "upper": top.upper,
                "previous": _show_earlier(top.previous, share, panel.before),
                "year_ago": _show_earlier(year_earlier, share, year_ago),
                **{f"share_{end}": size for end, size in sizes.items()},
            }
        )
    return pd.DataFrame(rows)


def _show_earlier(value: float | None, share: float, sample: Sample | None) -> float:
    """Leave out what is not known, or was of too few customers."""
    if value is None or sample is None or share * sample.n_customers < MINIMUM_CELL:
        return float("nan")
    return value


def _find_peak(sample: Sample) -> Floats:
    gains = sample.total(np.maximum(sample.profit, 0.0))
    shares: Floats = 100 * gains / sample.total(sample.profit)
    return shares[:, 0]


def _count_covering(sample: Sample) -> int:
    return int((sample.marginal_profit[sample.profit < 0] >= 0).sum())


def _count(sample: Sample) -> Floats:
    return sample.total(np.ones(sample.n_customers))[:, 0]


def _count_losing(sample: Sample) -> Floats:
    return sample.total((sample.profit < 0).astype(float))[:, 0]


def _sum_losses(sample: Sample) -> Floats:
    return sample.total(np.minimum(sample.profit, 0.0))[:, 0]
