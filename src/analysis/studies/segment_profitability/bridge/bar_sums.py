"""Bars of single customers added up: for all, draw by draw, and segment by segment."""

from __future__ import annotations

from typing import Final, Literal

import ibis
import numpy as np
import pandas as pd

from analysis.data.dominance import MEASURES, measure_dominance
from analysis.presentation.findings import judge_change
from analysis.statistics.paired_bootstrap import (
    BootstrapEstimate,
    Floats,
    draw_units,
    summarise,
)
from analysis.studies.segment_profitability.account.segment_names import OTHERS
from analysis.studies.segment_profitability.bridge.customer_changes import (
    BARS,
    CUSTOMERS,
    MOVES,
    SEGMENT_BARS,
)
from analysis.studies.segment_profitability.parameters import (
    CONFIDENCE_LEVEL,
    N_DRAWS,
    Parameters,
)

TESTED: Final = (*SEGMENT_BARS, "gross_change", "gross_before", "gross_now")
"""Amounts of a segment of which the largest customers' parts are measured."""

SMALLEST_STEP_SHARE: Final = 0.01
"""Smallest bar worth a manager's time, as a share of the profit before."""

BarVerdict = Literal["rose", "fell", "no clear change", "small"]
"""What the interval of a bar allows to say; "small" lies below what matters."""

_NOISE: Final = 1e-6
"""Amounts below it are rounding: their customer has no part in a bar."""


def draw_bars(changes: ibis.Table, parameters: Parameters) -> dict[str, Floats]:
    """Total each bar in every draw of customers.

    Parameters
    ----------
    changes : ibis.Table
        As `split_changes` gives them.
    parameters : Parameters
        Seed; the draws are those of `draw_customers`.

    Returns
    -------
    dict of str to ndarray of float, shape (1 + n_draws,)
        By bar, major currency units; row 0 is all customers themselves.
    """
    parts = changes.order_by("customer_id").select(*BARS).to_pyarrow()
    draws = draw_units(
        parts.num_rows,
        n_draws=N_DRAWS,
        generator=np.random.default_rng(parameters.seed),
    )
    return {bar: draws.total(parts[bar].to_numpy())[:, 0] for bar in BARS}


def summarise_bars(
    changes: ibis.Table, replicates: dict[str, Floats], profit_before: float
) -> pd.DataFrame:
    """Give each bar its interval, its verdict and its customers.

    Parameters
    ----------
    changes : ibis.Table
        As `split_changes` gives them.
    replicates : dict of str to ndarray of float
        As `draw_bars` gives them.
    profit_before : float
        Profit after tax of the quarter before, major currency units.

    Returns
    -------
    pandas.DataFrame
        One row per bar that anybody has a part in; see `ProfitBridge.bars`.
    """
    counted = {bar: (changes[bar].abs() > _NOISE).sum() for bar in BARS}
    counts = changes.agg(**counted).to_pandas().iloc[0]
    whole = changes.mutate(whole=ibis.literal(1))
    largest = measure_dominance(whole, ("whole",), BARS).iloc[0]
    smallest = SMALLEST_STEP_SHARE * abs(profit_before)
    rows = []
    for bar in BARS:
        step = summarise(replicates[bar], confidence_level=CONFIDENCE_LEVEL)
        rows.append(
            {
                "bar": bar,
                "amount": step.estimate,
                "lower": step.lower,
                "upper": step.upper,
                "customers": int(counts[bar]),
                "verdict": _judge(step, smallest),
                **{f"amount_{end}": float(largest[f"{bar}_{end}"]) for end in MEASURES},
            }
        )
    bars = pd.DataFrame(rows)
    return bars[bars["customers"] > 0].reset_index(drop=True)


def summarise_change(replicates: dict[str, Floats]) -> BootstrapEstimate:
    """Give the change of profit after tax its interval.

    Parameters
    ----------
    replicates : dict of str to ndarray of float
        As `draw_bars` gives them.

    Returns
    -------
    BootstrapEstimate
        Sum of the bars, major currency units.
    """
    total = np.sum([replicates[bar] for bar in BARS], axis=0)
    return summarise(total, confidence_level=CONFIDENCE_LEVEL)


def sum_lines(customers: ibis.Table, replicates: dict[str, Floats]) -> pd.Series[float]:
    """Sum the changes of the lines that are no margins, as two totals show them.

    Parameters
    ----------
    customers : ibis.Table
        As `match_customers` gives them.
    replicates : dict of str to ndarray of float
        As `draw_bars` gives them.

    Returns
    -------
    pandas.Series of float
        By bar, major currency units; nobody moves, comes or goes between totals.
    """
    lines = ("fee", "points", "cost_to_serve", "expected_loss")
    sums = {n: (customers[f"{n}_now"] - customers[f"{n}_before"]).sum() for n in lines}
    change = customers.agg(**sums).to_pandas().iloc[0]
    rate = float(replicates["service_rate"][0])
    return pd.Series(
        {
            "service_rate": rate,
            "fees": float(change["fee"]),
            "points": float(change["points"]),
            "service_use": float(change["cost_to_serve"]) - rate,
            "expected_loss": float(change["expected_loss"]),
            **dict.fromkeys(CUSTOMERS, 0.0),
            "tax": float(replicates["tax"][0]),
        }
    )


def sum_segment_bars(stacked: ibis.Table, rows: ibis.Table) -> pd.DataFrame:
    """Sum the bars of each segment.

    Parameters
    ----------
    stacked : ibis.Table
        As `stack_segments` gives them.
    rows : ibis.Table
        Profit accounts of customers, for the order of the segments.

    Returns
    -------
    pandas.DataFrame
        One row per segment of either quarter, richest first and pooled ones last; see
        `ProfitBridge.segments`.
    """
    counted = (*SEGMENT_BARS, *MOVES)
    sums = stacked.group_by("segment").agg(
        customers=stacked.count(),
        **{name: stacked[name].sum() for name in (*BARS, *TESTED, "change")},
        **{f"n_{n}": (stacked[n].abs() > _NOISE).sum() for n in counted},
    )
    frame: pd.DataFrame = sums.order_by("segment").to_pandas()
    wealth = rows.group_by("segment").agg(wealth=(rows.deposits + rows.loans).mean())
    largest = measure_dominance(stacked, ("segment",), TESTED)
    described = frame.merge(wealth.to_pandas(), on="segment", validate="1:1").merge(
        largest, on="segment", validate="1:1"
    )
    pooled = described["segment"] == OTHERS
    ordered = described.assign(pooled=pooled).sort_values(
        ["pooled", "wealth"], ascending=[True, False], kind="stable"
    )
    return ordered.drop(columns=["pooled", "wealth"]).reset_index(drop=True)


def _judge(step: BootstrapEstimate, smallest: float) -> BarVerdict:
    if max(abs(step.lower), abs(step.upper)) < smallest:
        return "small"
    return judge_change(step.lower, step.upper, smallest_change=smallest)
