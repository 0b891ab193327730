"""Find the means of a Poisson outcome by weighted least squares in rounds.

Two sets of effects are taken off in each round. Zeros that are foretold without doubt
are left out: their means have no end on the way to zero.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.statistics.two_way_effects import Floats, take_off_effects

_MOST_ROUNDS = 60
_TOLERANCE = 1e-12
"""Relative change of the deviance at which the rounds end."""
_LEFT_OVER = 1e-16
"""Share of a column's squares below which the effects explain all of it."""
_FORETOLD = 1e-9
"""Share of the average below which a mean is on its way to zero."""


def leave_out_foretold(
    rows: pd.DataFrame, regressors: Sequence[str], *, effects: Sequence[str]
) -> tuple[pd.DataFrame, Floats]:
    """Leave out zeros that are foretold without doubt, and fit the others' means.

    Parameters
    ----------
    rows : pandas.DataFrame
        Complete rows.
    regressors : sequence of str
        Columns that may foretell a zero.
    effects : sequence of str
        Columns of the effects.

    Returns
    -------
    tuple of pandas.DataFrame and numpy.ndarray
        The rows less those that are always zero at a level of an effect, alone there,
        or told by a regressor; and their fitted means.

    Raises
    ------
    ValueError
        If nothing is left, or the rounds do not end.
    """
    while True:
        rows = _leave_out_explained(rows, effects)
        if rows.empty:
            raise ValueError("A Poisson mean must have outcomes that are not zero.")
        mean = _settle(rows, regressors, effects=effects)
        foretold = mean < _FORETOLD * mean.mean()
        if not foretold.any():
            return rows, mean
        rows = rows[~foretold]


def _leave_out_explained(rows: pd.DataFrame, effects: Sequence[str]) -> pd.DataFrame:
    """Leave out levels that are always zero, whose effect is infinite, or lone."""
    while True:
        totals = [rows.groupby(name)["outcome"] for name in effects]
        tells = [
            (total.transform("sum") > 0) & (total.transform("size") > 1)
            for total in totals
        ]
        kept = np.logical_and.reduce(tells)
        if kept.all():
            return rows
        rows = rows[kept]


def _settle(
    rows: pd.DataFrame, regressors: Sequence[str], *, effects: Sequence[str]
) -> Floats:
    """Repeat weighted least squares of the working outcome until nothing changes."""
    outcome, weight = (rows[name].to_numpy(float) for name in ("outcome", "weight"))
    mean = (outcome + np.average(outcome, weights=weight)) / 2
    columns = rows[list(regressors)].to_numpy(float)
    levels = [pd.factorize(rows[name])[0] for name in effects]
    deviance = np.inf
    for _ in range(_MOST_ROUNDS):
        working = linearise(outcome, mean)
        values = np.column_stack([working, columns])
        left = take_off_effects(values, levels, weight * mean)
        mean = np.exp(working - _find_residuals(left, values, weight * mean))
        before, deviance = deviance, _measure_deviance(outcome, mean, weight)
        if abs(before - deviance) <= _TOLERANCE * (0.1 + abs(deviance)):
            return mean
    raise ValueError(f"A Poisson mean must settle within {_MOST_ROUNDS} rounds.")


def linearise(outcome: Floats, mean: Floats) -> Floats:
    """Give the outcome whose least squares are the next round.

    Parameters
    ----------
    outcome, mean : numpy.ndarray, shape (rows,)
        Outcomes and their means as fitted so far, above zero.

    Returns
    -------
    numpy.ndarray, shape (rows,)
        The log of the mean, and what is left as a share of it.
    """
    working: Floats = np.log(mean) + (outcome - mean) / mean
    return working


def _find_residuals(left: Floats, values: Floats, weights: Floats) -> Floats:
    """Give what the other columns leave of the first, where effects left them any."""
    sizes, before = (weights @ block[:, 1:] ** 2 for block in (left, values))
    columns = left[:, 1:][:, sizes > _LEFT_OVER * before]
    root = np.sqrt(weights)
    solved = np.linalg.lstsq(columns * root[:, None], left[:, 0] * root, rcond=None)[0]
    residuals: Floats = left[:, 0] - columns @ solved
    return residuals


def _measure_deviance(outcome: Floats, mean: Floats, weight: Floats) -> float:
    logs = np.log(np.where(outcome > 0, outcome, 1.0) / mean)
    return float(
        2 * weight @ (np.where(outcome > 0, outcome * logs, 0.0) - outcome + mean)
    )
