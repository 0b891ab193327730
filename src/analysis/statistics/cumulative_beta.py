"""Cut a driver's history into cycles and say how much of each cycle an outcome took on.

A cycle lasts from one turning point of the driver to the next. The cumulative beta is
the change of the outcome from the first to the last period of the cycle over the change
of the driver. Levels are in the caller's unit, betas are shares.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

Floats = npt.NDArray[np.float64]
_ROUNDING = 1e-9
"""Differences below it come from how computers hold numbers."""


@dataclass(frozen=True, slots=True)
class BetaCurve:
    """A beta that depends on the driver's level: a parabola.

    Parameters
    ----------
    constant, linear, quadratic : float
        Coefficients, the beta in percent and the level in percent.

    References
    ----------
    .. [1] Greenwald, Schulhofer-Wohl and Younger (2023), Deposit convexity, monetary
       policy, and financial stability, Federal Reserve Bank of Dallas working paper.
    """

    constant: float
    linear: float
    quadratic: float

    def at(self, level: float) -> float:
        """Give the beta at a level.

        Parameters
        ----------
        level : float
            Level of the driver, percent.

        Returns
        -------
        float
            Percent.
        """
        return self.constant + self.linear * level + self.quadratic * level**2


AMERICAN_RETAIL = BetaCurve(constant=25.4, linear=-1.90, quadratic=1.79)
"""Fitted to American banks by Greenwald, Schulhofer-Wohl and Younger (2023)."""


def find_cycles(driver: pd.Series, *, smallest_turn: float) -> pd.DataFrame:
    """Find the turning points of a driver.

    A cycle starts in the last period before the first move against the last direction
    and ends where the next one starts, so that cycles follow each other without a gap.
    Moves against the direction count once they add up to the smallest turn.

    Parameters
    ----------
    driver : pandas.Series
        Levels by period in order, none missing.
    smallest_turn : float
        Least move from an extreme that is a turn, above 0.

    Returns
    -------
    pandas.DataFrame
        One row per cycle: `start`, `end` (labels of the index), `change` of the driver,
        `moves` (periods in which it moved in the direction of the cycle), `periods`
        from start to end, `is_open` (the last one, which may go on). Empty when the
        driver never moves that far.

    Raises
    ------
    ValueError
        If a value is missing or the smallest turn is not above 0.
    """
    levels = driver.to_numpy(float)
    if np.isnan(levels).any() or smallest_turn <= 0:
        message = (
            "A driver must have no gap and a smallest turn above 0. It has "
            f"{int(np.isnan(levels).sum())} gaps; the turn is {smallest_turn}."
        )
        raise ValueError(message)
    turns = _find_turns(levels, smallest_turn - _ROUNDING)
    ends = [*turns[1:], len(levels) - 1] if turns else []
    rows = [
        {
            "start": driver.index[first],
            "end": driver.index[last],
            "change": levels[last] - levels[first],
            "moves": _count_moves(levels[first : last + 1]),
            "periods": last - first,
            "is_open": last == len(levels) - 1,
        }
        for first, last in zip(turns, ends, strict=True)
    ]
    columns = ["start", "end", "change", "moves", "periods", "is_open"]
    return pd.DataFrame(rows, columns=columns)


def measure_betas(outcomes: pd.DataFrame, cycles: pd.DataFrame) -> pd.DataFrame:
    """Divide each outcome's change over a cycle by the driver's.

    Parameters
    ----------
    outcomes : pandas.DataFrame
        Levels, shape (periods, units), indexed as the driver was; gaps are missing.
    cycles : pandas.DataFrame
        As `find_cycles` gives them.

    Returns
    -------
    pandas.DataFrame
        Shape (cycles, units), indexed as `cycles`: cumulative betas, missing where a
        unit has no level at the start or the end.
    """
    at_start = outcomes.reindex(cycles["start"]).to_numpy(float)
    at_end = outcomes.reindex(cycles["end"]).to_numpy(float)
    driver = cycles["change"].to_numpy(float)[:, None]
    return pd.DataFrame(
        (at_end - at_start) / driver, index=cycles.index, columns=outcomes.columns
    )


def weigh_betas(betas: Sequence[float] | Floats, weights: Sequence[float]) -> float:
    """Give the beta of a book whose parts have betas of their own.

    Parameters
    ----------
    betas : sequence of float
        Beta of each part.
    weights : sequence of float
        Amount of each part, any unit, none negative, some above 0.

    Returns
    -------
    float
        In the unit of the betas.

    Raises
    ------
    ValueError
        If a weight is negative or all are 0.
    """
    amounts = np.asarray(weights, dtype=float)
    if (amounts < 0).any() or amounts.sum() <= 0:
        message = f"Weights must not be negative, nor all zero: {list(weights)}."
        raise ValueError(message)
    return float(np.average(np.asarray(betas, dtype=float), weights=amounts))


def average_units(
    betas: pd.DataFrame, *, confidence_level: float = 0.95
) -> pd.DataFrame:
    """Average each cycle's betas over the units, taken as a random draw.

    Parameters
    ----------
    betas : pandas.DataFrame
        Shape (cycles, units), missing where a unit is not known.
    confidence_level : float
        Share of such intervals that hold the truth.

    Returns
    -------
    pandas.DataFrame
        One row per cycle: `estimate`, `lower`, `upper` (Student's t), `units`; the
        interval is missing with fewer than two units.
    """
    units = betas.notna().sum(axis=1)
    error = betas.std(axis=1) / np.sqrt(units.where(units > 0))
    quantile = stats.t.ppf(0.5 + confidence_level / 2, units.clip(lower=2) - 1)
    mean, reach = betas.mean(axis=1), error * quantile
    return pd.DataFrame(
        {
            "estimate": mean,
            "lower": mean - reach,
            "upper": mean + reach,
            "units": units,
        }
    )


def _find_turns(levels: Floats, turn: float) -> list[int]:
    """Walk along the levels and keep the last period of each extreme."""
    turns: list[int] = []
    lowest = highest = extreme = 0
    direction = 0
    for now, level in enumerate(levels):
        if direction == 0:
            lowest = now if level <= levels[lowest] else lowest
            highest = now if level >= levels[highest] else highest
            direction = _choose_direction(level, levels[lowest], levels[highest], turn)
            turns += [lowest] if direction > 0 else [highest] if direction else []
            extreme = now
        elif direction * (level - levels[extreme]) >= 0:
            extreme = now
        elif direction * (levels[extreme] - level) >= turn:
            turns.append(extreme)
            direction, extreme = -direction, now
    return turns


def _choose_direction(level: float, lowest: float, highest: float, turn: float) -> int:
    if level - lowest >= turn:
        return 1
    return -1 if highest - level >= turn else 0


def _count_moves(levels: Floats) -> int:
    moves = np.diff(levels) * np.sign(levels[-1] - levels[0])
    return int((moves > _ROUNDING).sum())
