"""How evenly a population answered a survey, from counts of cells.

Chances of answering are from 0 to 1. They are fitted as a linear function of what is
known of everyone, so that counts of the population suffice and nobody who kept silent
needs to be in the data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ResponseIndicators:
    """How far the respondents may differ from the population.

    Parameters
    ----------
    rate : float
        Share of the population that answers when asked.
    indicator, lower, upper : float
        The R-indicator, 1 when all have the same chance of answering and 0 at worst,
        and its interval.
    coefficient_of_variation : float
        Deviation of the chances over their mean: the largest bias of a mean, in
        deviations of the answer, if answers went along with these chances as far as
        they can.
    partial : pandas.Series
        By variable: deviation of the mean chances between its categories.
    propensities : numpy.ndarray, shape (cells,)
        Fitted chance of each cell.
    """

    rate: float
    indicator: float
    lower: float
    upper: float
    coefficient_of_variation: float
    partial: pd.Series
    propensities: _Floats


@dataclass(frozen=True, slots=True)
class ResponseCells:
    """Population and respondents by cell.

    Parameters
    ----------
    categories : pandas.DataFrame
        One row per cell, one column per variable.
    population : numpy.ndarray, shape (cells,)
        Members of the population.
    weight, weight_squared : numpy.ndarray, shape (cells,)
        Sums of the respondents' design weights, and of their squares.
    """

    categories: pd.DataFrame
    population: _Floats
    weight: _Floats
    weight_squared: _Floats


def measure_response(
    cells: ResponseCells, *, confidence_level: float = 0.95
) -> ResponseIndicators:
    """Measure how evenly a population answered.

    Parameters
    ----------
    cells : ResponseCells
        Population and respondents by cell.
    confidence_level : float
        Of the interval of the indicator.

    Returns
    -------
    ResponseIndicators
        Indicator, its interval, partial indicators and chances.

    Raises
    ------
    ValueError
        If nobody answered, or the population is empty.

    References
    ----------
    .. [1] Schouten, Cobben and Bethlehem (2009), Indicators for the representativeness
       of survey response, Survey Methodology 35, equations 4 and 7.
    .. [2] Bianchi, Shlomo, Schouten, Da Silva and Skinner (2019), Estimation of
       response propensities and indicators of representative response using
       population-level information, Survey Methodology 45, section 3.
    """
    if cells.population.sum() <= 0 or cells.weight.sum() <= 0:
        raise ValueError("Population and respondents must both have members.")
    design = _encode(cells.categories)
    share = cells.population / cells.population.sum()
    rate = float(cells.weight.sum() / cells.population.sum())
    moment = design.T @ (design * cells.population[:, None])
    inverse = np.linalg.pinv(moment, hermitian=True)
    slopes = inverse @ (design.T @ cells.weight)
    chances = design @ slopes
    centred = design - share @ design
    spread = centred.T @ (centred * share[:, None])
    # A respondent's weight varies as one of a Poisson sample: d squared (1 - rate).
    noise = design.T @ (design * cells.weight_squared[:, None]) * (1 - min(rate, 1))
    error = inverse @ noise @ inverse
    variance = max(float(slopes @ spread @ slopes - np.trace(spread @ error)), 0.0)
    deviation = variance**0.5
    reach = _reach(slopes, spread, error, confidence_level)
    return ResponseIndicators(
        rate=rate,
        indicator=1 - 2 * deviation,
        lower=1 - 2 * (variance + reach) ** 0.5,
        upper=1 - 2 * max(variance - reach, 0.0) ** 0.5,
        coefficient_of_variation=deviation / rate,
        partial=_measure_partial(cells),
        propensities=chances,
    )


def encode_categories(
    categories: pd.DataFrame, levels: Mapping[str, Sequence[str]]
) -> _Floats:
    """Give the indicator columns of each variable, its first category left out.

    Parameters
    ----------
    categories : pandas.DataFrame
        One row per member, one column per variable.
    levels : mapping of str to sequence of str
        Categories of each variable.

    Returns
    -------
    numpy.ndarray, shape (members, categories less variables)
        Ones and zeros.
    """
    columns = [
        (categories[name] == level).to_numpy(dtype=np.float64)
        for name, known in levels.items()
        for level in list(known)[1:]
    ]
    return np.column_stack(columns) if columns else np.empty((len(categories), 0))


def _encode(categories: pd.DataFrame) -> _Floats:
    levels = {str(name): list(categories[name].unique()) for name in categories}
    encoded = encode_categories(categories, levels)
    return np.column_stack([np.ones(len(categories)), encoded])


def _reach(
    slopes: _Floats, spread: _Floats, error: _Floats, confidence_level: float
) -> float:
    """Half the interval of the chances' variance (delta method and its second term)."""
    moved = spread @ slopes
    first = 4 * moved @ error @ moved
    second = 2 * np.trace(spread @ error @ spread @ error)
    quantile = norm.ppf((1 + confidence_level) / 2)
    return float(quantile * np.sqrt(first + second))


def _measure_partial(cells: ResponseCells) -> pd.Series:
    """Deviation of mean chances between a variable's categories, noise taken off."""
    sums = pd.DataFrame(
        {
            "population": cells.population,
            "weight": cells.weight,
            "squared": cells.weight_squared,
        }
    )
    rate = cells.weight.sum() / cells.population.sum()
    found = {}
    for name in cells.categories:
        groups = sums.groupby(cells.categories[name].to_numpy()).sum()
        share = groups["population"] / groups["population"].sum()
        chances = groups["weight"] / groups["population"]
        noise = groups["squared"] * (1 - min(rate, 1)) / groups["population"] ** 2
        variance = (share * ((chances - rate) ** 2 - noise * (1 - share))).sum()
        found[name] = max(float(variance), 0.0) ** 0.5
    return pd.Series(found, dtype=float)
