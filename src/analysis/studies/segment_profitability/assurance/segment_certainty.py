"""How sure the sign of each segment's profit is.

A segment is sure where its profit keeps its sign under every assumption and where other
customers of the same kind would have given the same sign. Small segments lend each
other strength: their profit per customer is pooled, their own stays beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.presentation.disclosure import MINIMUM_CELL
from analysis.statistics.paired_bootstrap import Flags, Floats
from analysis.statistics.pooled_normal import FEWEST_GROUPS, pool_effects
from analysis.studies.segment_profitability.assurance.repriced_profit import (
    write_profit,
)
from analysis.studies.segment_profitability.assurance.sign_stability import (
    SignStability,
)
from analysis.studies.segment_profitability.customers.customer_panel import (
    CustomerPanel,
)
from analysis.studies.segment_profitability.parameters import CONFIDENCE_LEVEL
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.segments.segment_profit import SegmentProfit

_CELLS = ("always_losing", "depends", "always_earning")


@dataclass(frozen=True, slots=True, eq=False)
class SegmentCertainty:
    """Segments with what is sure of them, in the order of the segments' table.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per segment: `customers`, `always_losing`, `depends`, `always_earning`
        (customers), `depends_pct` with `depends_lower` and `depends_upper`, `each`
        (profit per customer), `pooled` with `pooled_lower` and `pooled_upper` (the
        same, lent strength by the others; missing below ten customers), `is_losing`,
        `keeps_sign` (under every alternative), `is_sure` (the interval leaves zero
        out) and `turned_by` (keys of the alternatives that turn the sign).
    stability : SignStability
        What it was measured on.
    segments : SegmentProfit
        Profit accounts of segments.
    """

    rows: pd.DataFrame
    stability: SignStability
    segments: SegmentProfit


def judge_segments(
    stability: SignStability | Refused, segments: SegmentProfit
) -> SegmentCertainty | Refused:
    """Judge of each segment whether the sign of its profit is sure.

    Parameters
    ----------
    stability : SignStability or Refused
        Signs of all customers under every alternative.
    segments : SegmentProfit
        Segments in the order in which they are shown.

    Returns
    -------
    SegmentCertainty or Refused
        Refused where there is no profit.

    References
    ----------
    .. [1] Gelman, Carlin, Stern, Dunson, Vehtari and Rubin (2013), Bayesian Data
       Analysis, 3rd edition, section 5.4.
    """
    if isinstance(stability, Refused):
        return stability
    panel = stability.panel
    counted = _count_statuses(stability).join(_measure_each(panel))
    turned = _find_turns(stability)
    names = pd.Index(segments.rows["segment"], name="segment")
    rows = counted.join(turned, how="left").reindex(names).reset_index()
    return SegmentCertainty(rows, stability, segments)


def _count_statuses(stability: SignStability) -> pd.DataFrame:
    panel = stability.panel
    loses, earns = stability.find_status()
    flags = dict(zip(_CELLS, (loses, ~loses & ~earns, earns), strict=True))
    sums = {name: _total(panel, flag) for name, flag in flags.items()}
    everybody = _total(panel, np.ones(panel.now.n_customers, dtype=np.bool_))
    with np.errstate(invalid="ignore"):
        shares = 100 * sums["depends"] / everybody
    lower, upper = _read_ends(shares)
    rows = pd.DataFrame(
        {name: total[0].astype(np.int64) for name, total in sums.items()},
        index=pd.Index(panel.segments, name="segment"),
    )
    return rows.assign(
        customers=everybody[0].astype(np.int64),
        depends_pct=shares[0],
        depends_lower=np.minimum(lower, shares[0]),
        depends_upper=np.maximum(upper, shares[0]),
    )


def _total(panel: CustomerPanel, flag: Flags) -> Floats:
    values = flag.astype(np.float64)
    return panel.now.total(values, n_segments=len(panel.segments))


def _read_ends(replicates: Floats) -> tuple[Floats, Floats]:
    tail = (1 - CONFIDENCE_LEVEL) / 2
    known = np.where(np.isfinite(replicates[1:]), replicates[1:], np.nan)
    empty = np.isnan(known).all(axis=0)
    filled = np.where(empty, 0.0, known)
    lower, upper = np.nanquantile(filled, [tail, 1 - tail], axis=0)
    return lower, upper


def _measure_each(panel: CustomerPanel) -> pd.DataFrame:
    """Measure profit per customer, and pool it over segments where they are enough."""
    n_segments = len(panel.segments)
    totals = panel.now.total(panel.now.profit, n_segments=n_segments)
    counts = panel.now.total(np.ones(panel.now.n_customers), n_segments=n_segments)
    with np.errstate(invalid="ignore", divide="ignore"):
        each = totals / counts
    errors = np.nanstd(np.where(counts[1:] > 0, each[1:], each[0]), axis=0, ddof=1)
    rows = pd.DataFrame(
        {"each": each[0], "error": errors},
        index=pd.Index(panel.segments, name="segment"),
    )
    fits = (counts[0] >= MINIMUM_CELL) & (errors > 0)
    if fits.sum() >= FEWEST_GROUPS:
        found = pool_effects(each[0][fits], errors[fits]).groups
        pooled = found[["mean", "lower", "upper"]].set_axis(rows.index[fits])
    else:
        lower, upper = _read_ends(each[:, fits])
        columns = {"mean": each[0][fits], "lower": lower, "upper": upper}
        pooled = pd.DataFrame(columns, index=rows.index[fits])
    heads = {"mean": "pooled", "lower": "pooled_lower", "upper": "pooled_upper"}
    return rows.join(pooled.rename(columns=heads)).assign(
        is_sure=lambda r: (r["pooled_lower"] > 0) | (r["pooled_upper"] < 0)
    )


def _find_turns(stability: SignStability) -> pd.DataFrame:
    """Sum segments' profits under every alternative, and find whose signs turn."""
    parts, alternatives = stability.parts, stability.alternatives
    profits = {a.key: write_profit(parts, a.choices) for a in alternatives}
    valued = parts.rows.select("segment", profit_in_force=parts.rows.profit, **profits)
    keys = ["profit_in_force", *profits]
    summed = valued.group_by("segment").agg(**{key: valued[key].sum() for key in keys})
    frame: pd.DataFrame = summed.to_pandas().set_index("segment").sort_index()
    losing = frame < 0
    turns = losing[[*profits]].ne(losing["profit_in_force"], axis="index")
    turned = [tuple(turns.columns[row]) for row in turns.to_numpy()]
    return pd.DataFrame(
        {
            "is_losing": losing["profit_in_force"],
            "keeps_sign": ~turns.any(axis=1),
            "turned_by": pd.Series(turned, index=frame.index, dtype=object),
        }
    )
