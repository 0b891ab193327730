"""What may be shown of ranked and counted customers: shares, curves, loss-makers."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.disclosure import (
    Released,
    Sum,
    is_suppressed,
    release,
    stack,
)
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.customers.curves import drop_hidden_steps
from analysis.studies.segment_profitability.customers.profit_concentration import (
    Concentration,
    LossMakers,
)
from analysis.studies.segment_profitability.sentences import write_share


def release_tops(concentration: Concentration) -> Released:
    """Release the shares of profit that the top of the customers make.

    Parameters
    ----------
    concentration : Concentration
        Who makes the profit.

    Returns
    -------
    Released
        One row per share of customers: `top` (the share in words), `customers`,
        `share` with `lower` and `upper`, `previous` and `year_ago`, percent of profit.
    """
    rows = concentration.tops
    names = [write_share(share) for share in rows["top_share"]]
    return release(
        rows.assign(top=names).drop(columns="top_share"),
        count="customers",
        amounts=("share",),
        derived={
            "lower": ("share",),
            "upper": ("share",),
            "previous": ("customers",),
            "year_ago": ("customers",),
        },
        dominance=("share",),
    )


def release_curve(points: pd.DataFrame) -> Released | None:
    """Release a curve over ranked customers.

    A step that one customer dominates is joined to its neighbour, not hidden: the
    curve then has a point fewer.

    Parameters
    ----------
    points : pandas.DataFrame
        One row per quarter and point, as `trace_ranked` gives them.

    Returns
    -------
    Released or None
        `quarter` (in words), `customers_pct`, `total_pct`, `lower` and `upper`; None
        where not even a whole curve may be shown.
    """
    curves = [
        _release_steps(curve.reset_index(drop=True))
        for _, curve in points.groupby("quarter", sort=False)
    ]
    shown = [curve for curve in curves if curve is not None]
    return stack(shown) if len(shown) == len(curves) else None


def _release_steps(points: pd.DataFrame) -> Released | None:
    named = points.assign(quarter=[write_quarter(name) for name in points["quarter"]])
    for _ in range(len(points)):
        released = release(
            named,
            count="step_customers",
            amounts=("step_pct",),
            derived=dict.fromkeys(("total_pct", "lower", "upper"), ("step_pct",)),
            dominance=("step_pct",),
        )
        hidden = [is_suppressed(cell) for cell in released.rows["step_pct"]]
        if not any(hidden):
            return released
        named = drop_hidden_steps(named, hidden)
    return None


def release_losers(losers: LossMakers) -> Released:
    """Release how many customers lose money, and how much.

    Parameters
    ----------
    losers : LossMakers
        Customers who cost more than they bring.

    Returns
    -------
    Released
        One row: `customers`, `losing`, `covering`, `covering_pct`, `lost` and
        `lost_each`, major currency units.
    """
    lost, count = -losers.amount.estimate, max(losers.count, 1)
    rows = pd.DataFrame(
        {
            "customers": [losers.panel.now.n_customers],
            "losing": [losers.count],
            "covering": [losers.covering],
            "not_covering": [losers.count - losers.covering],
            "covering_pct": [100 * losers.covering / count],
            "lost": [lost],
            "lost_each": [lost / count],
            **{f"lost_{end}": [value] for end, value in losers.largest.items()},
        }
    )
    return release(
        rows,
        count="customers",
        counts=("losing", "covering", "not_covering"),
        amounts=("lost",),
        derived={
            "covering_pct": ("covering", "losing"),
            "lost_each": ("lost", "losing"),
        },
        dominance=("lost",),
        sums=(Sum("losing", ("covering", "not_covering")),),
    )
