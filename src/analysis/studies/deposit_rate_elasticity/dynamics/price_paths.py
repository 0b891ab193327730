"""Lay out prices as one path per pricing cell, and back as rows."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

CELL_PERIOD = ["cell", "period"]


def lay_out_path(prices: pd.DataFrame, column: str) -> pd.DataFrame:
    """Lay out one rate as a path per pricing cell.

    Parameters
    ----------
    prices : pandas.DataFrame
        One row per cell and period.
    column : str
        The rate.

    Returns
    -------
    pandas.DataFrame, shape (cells, periods)
        Periods in order.
    """
    return prices.pivot_table(
        index="cell", columns="period", values=column, dropna=False
    )


def list_paths(paths: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Put paths side by side again, one row per cell and period.

    Parameters
    ----------
    paths : mapping of str to pandas.DataFrame, shape (cells, periods)
        All of the same cells and periods.

    Returns
    -------
    pandas.DataFrame
        `cell`, `period` and a column per path.
    """
    first = next(iter(paths.values()))
    index = pd.MultiIndex.from_product([first.index, first.columns], names=CELL_PERIOD)
    columns = {name: path.to_numpy().ravel() for name, path in paths.items()}
    return pd.DataFrame(columns, index=index).reset_index()
