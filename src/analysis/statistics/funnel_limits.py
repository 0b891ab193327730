"""Funnel plots: which units lie beyond what chance, and their usual spread, explain.

Units are not ranked. Each is compared with the common target at its own precision;
where units differ more than chance allows, the limits are widened by the spread
between ordinary units.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from analysis.statistics.multiple_tests import limit_false_discoveries

_Floats = NDArray[np.float64]

WARNING, ALARM = 0.95, 0.998
"""Levels of the two pairs of control limits."""
FEWEST_UNITS = 5
_WINSOR_SHARE = 0.1
_CUT = float(norm.ppf(1 - _WINSOR_SHARE))
_BELOW = 1 - 2 * _WINSOR_SHARE - 2 * _CUT * float(norm.pdf(_CUT))
_WINSOR_SQUARE = _BELOW + 2 * _WINSOR_SHARE * _CUT**2
"""Mean square of a standard normal number whose outer tenths are pulled in."""
_FOURTH = (
    3 * (1 - 2 * _WINSOR_SHARE)
    - 2 * float(norm.pdf(_CUT)) * (_CUT**3 + 3 * _CUT)
    + 2 * _WINSOR_SHARE * _CUT**4
)
_PULL = 2 * _WINSOR_SHARE * _CUT / float(norm.pdf(_CUT))
"""What the ends being sample quantiles adds to the influence of a unit beyond them."""
_OUTER = 2 * _WINSOR_SHARE
_INFLUENCE = (
    (_FOURTH - _WINSOR_SQUARE**2)
    + _PULL**2 * _OUTER * (1 - _OUTER)
    + 2 * _PULL * _OUTER * (_CUT**2 - _WINSOR_SQUARE)
)
_SQUARE_DEVIATION = _INFLUENCE**0.5 / _WINSOR_SQUARE
"""Error of the dispersion times the root of the units, if they differ by chance."""


@dataclass(frozen=True, slots=True)
class Funnel:
    """Units against their limits.

    Parameters
    ----------
    units : pandas.DataFrame
        One row per unit, in the order given: `estimate`, `std_error` (by chance
        alone), `z` (widened), `warning_lower`, `warning_upper`, `alarm_lower`,
        `alarm_upper`, `pvalue`, `qvalue`.
    target : float
        What all are compared with.
    dispersion : float
        Mean square of the units' distances in errors, outer tenths pulled in; 1 when
        units differ by chance alone.
    dispersion_pvalue : float
        Chance of at least that dispersion if units differ by chance alone.
    spread : float
        Standard deviation between ordinary units, by which limits are widened.
    """

    units: pd.DataFrame
    target: float
    dispersion: float
    dispersion_pvalue: float
    spread: float


def judge_units(estimates: _Floats, std_errors: _Floats, target: float) -> Funnel:
    """Compare units with a target.

    Parameters
    ----------
    estimates, std_errors : numpy.ndarray, shape (units,)
        Estimate of each unit, and its error if it were like all others.
    target : float
        What all are compared with.

    Returns
    -------
    Funnel
        Limits at 95 and 99.8 %, p-values, and p-values that hold down the share of
        false discoveries.

    Raises
    ------
    ValueError
        If there are fewer than five units, or an error is not above 0.

    References
    ----------
    .. [1] Spiegelhalter (2005), Funnel plots for comparing institutional performance,
       Statistics in Medicine 24, sections 2 and 4.
    .. [2] Spiegelhalter (2005), Handling over-dispersion of performance indicators,
       Quality and Safety in Health Care 14: winsorised distances, additive spread.
       The mean square is divided by that of winsorised normal numbers, which the
       source leaves out: without it over-dispersion is found too rarely.
    """
    if len(estimates) < FEWEST_UNITS:
        raise ValueError(
            f"A funnel needs {FEWEST_UNITS} units or more, not {len(estimates)}."
        )
    if not (std_errors > 0).all():
        raise ValueError("Every standard error must be above 0.")
    dispersion = _measure_dispersion((estimates - target) / std_errors)
    spread = max((dispersion - 1) / float((1 / std_errors**2).mean()), 0.0) ** 0.5
    widened = np.sqrt(std_errors**2 + spread**2)
    z = (estimates - target) / widened
    pvalues = pd.Series(2 * norm.sf(np.abs(z)))
    units = pd.DataFrame({"estimate": estimates, "std_error": std_errors, "z": z})
    for name, level in (("warning", WARNING), ("alarm", ALARM)):
        reach = norm.ppf((1 + level) / 2) * widened
        units[f"{name}_lower"], units[f"{name}_upper"] = target - reach, target + reach
    null_error = _SQUARE_DEVIATION / len(estimates) ** 0.5
    return Funnel(
        units=units.assign(pvalue=pvalues, qvalue=limit_false_discoveries(pvalues)),
        target=target,
        dispersion=dispersion,
        dispersion_pvalue=float(norm.sf((dispersion - 1) / null_error)),
        spread=spread,
    )


def _measure_dispersion(z: _Floats) -> float:
    lowest, highest = np.quantile(z, [_WINSOR_SHARE, 1 - _WINSOR_SHARE])
    return float((np.clip(z, lowest, highest) ** 2).mean() / _WINSOR_SQUARE)
