"""Curves over ranked customers, with what the disclosure door asks of each step.

Values come sorted in the order of the curve; amounts are percent of their total.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.presentation.disclosure import cut_into_points
from analysis.statistics.concentration import RankedDraws, trace_curve
from analysis.statistics.paired_bootstrap import Floats
from analysis.studies.segment_profitability.parameters import CONFIDENCE_LEVEL


def trace_ranked(quarter: str, values: Floats, ranked: RankedDraws) -> pd.DataFrame:
    """Trace a cumulative curve through groups of at least ten customers.

    Parameters
    ----------
    quarter : str
        Quarter of the customers.
    values : ndarray of float, shape (n_customers,)
        Amounts of customers in the order of the curve; their total is above zero.
    ranked : RankedDraws
        The same customers, ranked, with their draws.

    Returns
    -------
    pandas.DataFrame
        One row per point: `quarter`, `customers_pct` (share of customers so far),
        `total_pct` with `lower` and `upper` (share of the total so far), and of the
        step to it from the point before `step_customers`, `step_pct` (share of the
        total), `step_pct_largest`, `step_pct_second` and `step_pct_absolute`.
    """
    ranks = np.array([0, *cut_into_points(values.size)])
    curves = 100 * trace_curve(ranked, ranks / values.size)
    tail = (1 - CONFIDENCE_LEVEL) / 2
    lower, upper = np.quantile(curves[1:], [tail, 1 - tail], axis=0)
    shares = np.split(100 * values / values.sum(), ranks[1:-1])
    sizes = pd.DataFrame([measure_sizes(part) for part in (np.zeros(0), *shares)])
    return pd.DataFrame(
        {
            "quarter": quarter,
            "customers_pct": 100 * ranks / values.size,
            "total_pct": curves[0],
            "lower": lower,
            "upper": upper,
            "step_customers": np.diff(ranks, prepend=0),
            "step_pct": np.diff(curves[0], prepend=0.0),
            **{f"step_pct_{end}": sizes[end] for end in sizes.columns},
        }
    )


def measure_sizes(values: Floats) -> dict[str, float]:
    """Measure how much of a sum the largest two customers hold, by size.

    Parameters
    ----------
    values : ndarray of float, shape (n_customers,)
        Amounts of either sign.

    Returns
    -------
    dict of str to float
        "largest", "second" and "absolute" (the sum of all sizes).
    """
    sizes = np.abs(values)
    top = np.zeros(2)
    found = np.sort(np.partition(sizes, -2)[-2:]) if sizes.size > 1 else sizes
    top[2 - found.size :] = found
    return {
        "largest": float(top[1]),
        "second": float(top[0]),
        "absolute": float(sizes.sum()),
    }


def drop_hidden_steps(points: pd.DataFrame, hidden: list[bool]) -> pd.DataFrame:
    """Join the first hidden step of a curve to the next, or the last to the one before.

    Parameters
    ----------
    points : pandas.DataFrame
        One curve, as `trace_ranked` gives it.
    hidden : list of bool
        Whether the door hides the step to each point; one does.

    Returns
    -------
    pandas.DataFrame
        One point fewer; where only one step is left, the same points.
    """
    last = len(points) - 1
    if last <= 1:
        return points
    place = min(hidden.index(True), last - 1)
    pair = points.iloc[[place, place + 1]]
    tops = np.sort(pair[["step_pct_largest", "step_pct_second"]].to_numpy().ravel())
    joined = points.copy()
    row = joined.index[place + 1]
    for name in ("step_customers", "step_pct", "step_pct_absolute"):
        joined.loc[row, name] = pair[name].sum()
    joined.loc[row, ["step_pct_largest", "step_pct_second"]] = tops[[-1, -2]]
    shorter: pd.DataFrame = joined.drop(index=joined.index[place])
    return shorter.reset_index(drop=True)
