"""Let the segments of the products lend each other strength, raw estimates beside.

A segment's own estimate is right on average and far off at times. Segments differ
between products in much the same way, so that a table of products by segments tells
more of each cell than the cell alone. Only estimates of one grade are pooled.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from analysis.statistics.pooled_two_way import FEWEST_FREE, TwoWayPool, pool_table
from analysis.studies.deposit_rate_elasticity.parameters import CONFIDENCE_LEVEL
from analysis.studies.deposit_rate_elasticity.response.verdicts import (
    REFUSED,
    Verdicts,
)

RAW = ("estimate", "lower", "upper")
LARGEST_CORRELATION = 0.9
"""Errors that go together more than this would leave nothing to pool."""
POOLED = ("pooled", "pooled_lower", "pooled_upper")


@dataclass(frozen=True, slots=True)
class PooledResponses:
    """Responses of segments, alone and pooled.

    Parameters
    ----------
    segments : pandas.DataFrame
        The rows of `Verdicts.segments`, with `pooled`, `pooled_lower` and
        `pooled_upper`, percent of balance per percentage point; missing where a
        response is refused or there is too little to pool it with.
    spread : float
        Standard deviation between the segments of a product that the estimates' errors
        do not explain, of the best grade that could be pooled; missing if none could.
    """

    segments: pd.DataFrame
    spread: float


def pool_segments(verdicts: Verdicts) -> PooledResponses:
    """Pool the responses of each grade over products and segments.

    Parameters
    ----------
    verdicts : Verdicts
        Grades and estimates.

    Returns
    -------
    PooledResponses
        Every segment, with its pooled response where it has one.
    """
    held = verdicts.segments[verdicts.segments["grade"] != REFUSED]
    pools = {
        grade: (rows, pool_rows(rows))
        for grade, rows in held.groupby("grade")
        if _can_pool(rows)
    }
    parts = [
        pool.cells.set_index(rows.index)[["mean", "lower", "upper"]].set_axis(
            list(POOLED), axis=1
        )
        for rows, pool in pools.values()
    ]
    blank = pd.DataFrame(columns=list(POOLED), dtype=float)
    pooled = pd.concat(parts) if parts else blank
    spreads = [
        float((pool.column_spread**2 + pool.cell_spread**2) ** 0.5)
        for _, pool in pools.values()
    ]
    return PooledResponses(
        segments=verdicts.segments.join(pooled),
        spread=spreads[0] if spreads else float("nan"),
    )


def prefer_pooled(pooled: PooledResponses) -> pd.DataFrame:
    """Give each segment the response that is printed first.

    Parameters
    ----------
    pooled : PooledResponses
        Responses alone and pooled.

    Returns
    -------
    pandas.DataFrame
        The segments, `estimate`, `lower` and `upper` being the pooled ones where there
        are any: they err less, and have the wrong sign less often.
    """
    rows = pooled.segments
    pairs = zip(RAW, POOLED, strict=True)
    return rows.assign(**{raw: rows[name].fillna(rows[raw]) for raw, name in pairs})


def pool_rows(rows: pd.DataFrame) -> TwoWayPool:
    """Pool the rows of a table of products by segments.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per product and segment: `product`, `segment`, `estimate`, `std_error`,
        `clusters`, `influence`.

    Returns
    -------
    TwoWayPool
        Effects in the order of the rows. Errors are widened as Student's t is wider
        than the normal, and go together within a product.
    """
    tail = 0.5 + CONFIDENCE_LEVEL / 2
    wider = stats.t.ppf(tail, rows["clusters"] - 1) / stats.norm.ppf(tail)
    return pool_table(
        rows["estimate"].to_numpy(),
        rows["std_error"].to_numpy() * wider,
        rows=list(rows["product"]),
        columns=list(rows["segment"]),
        error_correlation=correlate_errors(rows),
        confidence_level=CONFIDENCE_LEVEL,
    )


def correlate_errors(rows: pd.DataFrame) -> float:
    """Give the correlation of errors between two segments of a product.

    Parameters
    ----------
    rows : pandas.DataFrame
        As for `pool_rows`.

    Returns
    -------
    float
        Mean over the pairs, not below 0: a region that moves the estimate of one
        segment moves those of the others.
    """
    moved = pd.DataFrame(list(rows["influence"])).fillna(0.0).to_numpy()
    covariance = moved @ moved.T
    sizes = np.sqrt(np.diag(covariance))
    products = rows["product"].to_numpy()
    pairs = np.triu(products[:, None] == products, k=1)
    if not pairs.any():
        return 0.0
    found = (covariance / np.outer(sizes, sizes))[pairs].mean()
    return float(np.clip(found, 0.0, LARGEST_CORRELATION))


def _can_pool(rows: pd.DataFrame) -> bool:
    """Say whether there is enough beside the products' own means."""
    return len(rows) >= rows["product"].nunique() + FEWEST_FREE
