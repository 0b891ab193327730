"""Scores of branches and of managers, as if all looked after the same customers.

Answers of several waves are taken together. A unit's score is that of all customers
plus what its own answers are above or below those expected of its customers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.statistics.survey_weights import count_effective

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class StandardisedUnits:
    """Units after adjustment for their customers.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per unit: `unit`, `nobs` (answers), `people` (customers behind them),
        `effective`, `raw` and `adjusted` score, and `std_error`, the error if the unit
        were like all others.
    target : float
        Score of all answers.
    explained : float
        Share of the variance within units that the characteristics explain.
    repeat_factor : float
        How much the variance grows because customers answered more than once.
    """

    table: pd.DataFrame
    target: float
    explained: float
    repeat_factor: float


def standardise_units(
    rows: pd.DataFrame, characteristics: list[str]
) -> StandardisedUnits:
    """Adjust the score of each unit for the customers that it looks after.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per answer: `score`, `weight`, `unit`, `person` and the
        characteristics.
    characteristics : list of str
        What is adjusted for; their effects are estimated within units, so that a unit
        that has many customers of a kind does not colour the kind.

    Returns
    -------
    StandardisedUnits
        Raw and adjusted scores with errors.

    References
    ----------
    .. [1] Spiegelhalter (2005), Funnel plots for comparing institutional performance,
       Statistics in Medicine 24: indirect standardisation by a regression.
    """
    score, weight = (rows[name].to_numpy(dtype=float) for name in ("score", "weight"))
    codes, names = pd.factorize(rows["unit"], sort=True)
    mix = pd.get_dummies(rows[characteristics].astype(str), dtype=float).to_numpy()
    slopes, left = _fit_within(score, mix, weight, codes)
    rest = score - mix @ slopes
    total = np.bincount(codes, weight)
    adjusted = np.bincount(codes, weight * rest) / total
    target = float(np.average(score, weights=weight))
    adjusted += target - float(np.average(rest, weights=weight))
    variance = float(np.average(left**2, weights=weight))
    within = score - (np.bincount(codes, weight * score) / total)[codes]
    repeat = _count_repeats(rows["person"], weight * left)
    effective = np.array(
        [count_effective(weight[codes == code]) for code in range(len(names))]
    )
    table = pd.DataFrame(
        {
            "unit": names,
            "nobs": np.bincount(codes),
            "people": rows.groupby(codes)["person"].nunique().to_numpy(),
            "effective": effective,
            "raw": np.bincount(codes, weight * score) / total,
            "adjusted": adjusted,
            "std_error": np.sqrt(variance * repeat / effective),
        }
    )
    whole = float(np.average(within**2, weights=weight))
    explained = 1 - variance / whole if whole > 0 else 0.0
    return StandardisedUnits(table, target, explained, repeat)


def _fit_within(
    score: _Floats, mix: _Floats, weight: _Floats, codes: NDArray[np.intp]
) -> tuple[_Floats, _Floats]:
    """Regress on the characteristics, unit means taken off; give what is left."""
    both = np.column_stack([mix, score])
    sums = pd.DataFrame(both * weight[:, None]).groupby(codes).sum().to_numpy()
    centred = both - (sums / np.bincount(codes, weight)[:, None])[codes]
    inside, outcome = centred[:, :-1], centred[:, -1]
    moments = inside.T @ (inside * weight[:, None])
    slopes = np.linalg.pinv(moments, rcond=1e-10, hermitian=True) @ (
        inside.T @ (weight * outcome)
    )
    return slopes, outcome - inside @ slopes


def _count_repeats(people: pd.Series[str], terms: _Floats) -> float:
    """Give the variance with answers of one person together over that without."""
    together = pd.Series(terms).groupby(people.to_numpy()).sum()
    return max(float((together**2).sum() / (terms**2).sum()), 1.0)
