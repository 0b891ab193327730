"""Lay out the past of a path so that its slow or one-sided effects can be estimated.

A path is a frame of units by equally spaced periods, in the caller's unit. The columns
made here are regressors, or instruments where the path is that of an instrument.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats


def spread_over_lags(path: pd.DataFrame, knots: Sequence[int]) -> list[pd.DataFrame]:
    """Give one path per knot, whose coefficient is the effect added up until then.

    Parameters
    ----------
    path : pandas.DataFrame, shape (units, periods)
        Level of what has an effect, periods in order.
    knots : sequence of int
        Lags, rising from 0, at which the effect added up so far is free; between them
        it is a straight line, after the last it stays.

    Returns
    -------
    list of pandas.DataFrame
        One of the same shape per knot, missing where the past is not known. With an
        effect b of each lag, the sum of b times the lagged path equals the sum over
        knots of (b added up to the knot) times its path.

    Raises
    ------
    ValueError
        If the knots do not rise from 0.

    References
    ----------
    .. [1] Almon (1965), The distributed lag between capital appropriations and
       expenditures, Econometrica 33: lags held together by few numbers; here the sums
       are straight between knots.
    """
    if list(knots) != sorted(set(knots)) or knots[0] != 0:
        raise ValueError(f"Knots must rise from 0, not {list(knots)}.")
    last = knots[-1]
    lagged = [path.shift(lag, axis=1) for lag in range(last + 1)]
    moves = [lagged[lag] - lagged[lag + 1] for lag in range(last)]
    corners = np.eye(len(knots))
    columns = []
    for place, corner in enumerate(corners):
        shares = np.interp(range(last), knots, corner)
        column = lagged[last] * float(place == len(knots) - 1)
        for share, move in zip(shares, moves, strict=True):
            column = column + share * move
        columns.append(column)
    return columns


def split_moves(path: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split each period's move of a path into a rise and a fall.

    Parameters
    ----------
    path : pandas.DataFrame, shape (units, periods)
        Levels, periods in order.

    Returns
    -------
    tuple of pandas.DataFrame
        Rises, zero or more, and falls, zero or less; they add up to the move. Missing
        where the move is.
    """
    moves = path.diff(axis=1)
    return moves.clip(lower=0.0), moves.clip(upper=0.0)


def find_smallest_seen(
    std_error: float, degrees: int, *, significance: float = 0.05, power: float = 0.8
) -> float:
    """Give the smallest effect that a two-sided t-test sees as often as asked.

    Parameters
    ----------
    std_error : float
        Standard error of the estimate.
    degrees : int
        Degrees of freedom.
    significance : float
        Chance of seeing an effect where there is none.
    power : float
        Chance of seeing the effect.

    Returns
    -------
    float
        In the unit of the error; infinite without degrees of freedom.

    References
    ----------
    .. [1] Bloom (1995), Minimum detectable effects, Evaluation Review 19.
    """
    if degrees < 1:
        return math.inf
    reach = stats.t.ppf(1 - significance / 2, degrees) + stats.t.ppf(power, degrees)
    return float(reach) * std_error
