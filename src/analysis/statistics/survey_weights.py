"""Weight respondents so that they add up to known counts of the whole population.

Weights count members of the population. Raking repeats one step: scale the weights
of every category of one margin to its known count, margin after margin, until all
agree. Nothing here can mend that people of one category who answer differ from those
of the same category who do not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_Floats = NDArray[np.float64]

_MAXIMUM_ROUNDS = 5000


@dataclass(frozen=True, slots=True)
class RakedWeights:
    """Weights that meet every margin.

    Parameters
    ----------
    weights : numpy.ndarray, shape (respondents,)
        Members of the population that each respondent stands for.
    margins : pandas.DataFrame
        One row per margin and category: `margin`, `category`, `respondents`,
        `population_pct`, `before_pct` (at the starting weights), `after_pct`.
    rounds : int
        Rounds over all margins until convergence.
    discrepancy : float
        Largest difference left from a margin's count, as a share of it.
    """

    weights: _Floats
    margins: pd.DataFrame
    rounds: int
    discrepancy: float


def rake_weights(
    categories: pd.DataFrame,
    targets: Mapping[str, pd.Series[float]],
    start: _Floats,
    *,
    tolerance: float = 1e-10,
) -> RakedWeights:
    """Fit weights to several margins by iterative proportional fitting.

    Parameters
    ----------
    categories : pandas.DataFrame
        One row per respondent, one column per margin, without gaps.
    targets : mapping of str to pandas.Series
        Known population count of each category, one series per margin. All margins
        are scaled to the total of the first.
    start : numpy.ndarray, shape (respondents,)
        Design weights, positive.
    tolerance : float
        Largest relative difference from a count at which the rounds stop.

    Returns
    -------
    RakedWeights
        Weights, margins before and after, and how well they agree.

    Raises
    ------
    ValueError
        If there is no margin, a category of the population has no respondent, a
        respondent's category has no count, a starting weight is not positive, or
        the rounds do not converge.

    References
    ----------
    .. [1] Deming and Stephan (1940), On a least squares adjustment of a sampled
       frequency table, Annals of Mathematical Statistics 11, section 5.
    """
    _require_positive(start)
    codes, counts = _align(categories, targets)
    weights = start * (counts[0].sum() / start.sum())
    for rounds in range(1, _MAXIMUM_ROUNDS + 1):
        for code, count in zip(codes, counts, strict=True):
            weights = weights * (count / _add_up(code, weights, len(count)))[code]
        discrepancy = _measure_discrepancy(codes, counts, weights)
        if discrepancy <= tolerance:
            margins = _tabulate(categories, targets, start, weights)
            return RakedWeights(weights, margins, rounds, discrepancy)
    message = (
        f"Raking must agree with all margins within {_MAXIMUM_ROUNDS} rounds; it is "
        f"still off by {discrepancy:.2g}. Merge small categories or drop a margin."
    )
    raise ValueError(message)


def encode_margins(categories: pd.DataFrame) -> _Floats:
    """Give the indicator columns of all categories, for residuals from raking.

    Parameters
    ----------
    categories : pandas.DataFrame
        One row per respondent, one column per margin.

    Returns
    -------
    numpy.ndarray, shape (respondents, categories of all margins)
        Ones and zeros.
    """
    indicators = pd.get_dummies(categories, dtype=np.float64)
    return indicators.to_numpy(dtype=np.float64)


def measure_design_effect(weights: _Floats) -> float:
    """Measure how much unequal weights inflate the variance of a mean.

    Parameters
    ----------
    weights : numpy.ndarray, shape (respondents,)
        Weights of at least one respondent.

    Returns
    -------
    float
        n times the sum of squares over the square of the sum; 1 when all are equal.

    References
    ----------
    .. [1] Kish (1965), Survey Sampling, section 11.7.
    """
    return float(len(weights) * (weights**2).sum() / weights.sum() ** 2)


def count_effective(weights: _Floats) -> float:
    """Count the equally weighted respondents who would tell as much.

    Parameters
    ----------
    weights : numpy.ndarray, shape (respondents,)
        Weights; none give zero.

    Returns
    -------
    float
        Respondents over Kish's design effect.
    """
    return len(weights) / measure_design_effect(weights) if len(weights) else 0.0


def trim_weights(weights: _Floats, *, most: float = 3.0) -> _Floats:
    """Cut weights at a multiple of their median, the total kept.

    Parameters
    ----------
    weights : numpy.ndarray, shape (respondents,)
        Weights, positive.
    most : float
        Largest weight, in medians.

    Returns
    -------
    numpy.ndarray, shape (respondents,)
        What is cut off is spread over the others in proportion to their weights.

    References
    ----------
    .. [1] Potter (1990), A study of procedures to identify and trim extreme sampling
       weights, Proceedings of the ASA Survey Research Methods Section.
    """
    limit = most * float(np.median(weights))
    cut = np.minimum(weights, limit)
    below = weights < limit
    if below.all() or not below.any():
        return weights
    spread = (weights - cut).sum() / cut[below].sum()
    trimmed: _Floats = np.where(below, cut * (1 + spread), cut)
    return trimmed


def _require_positive(start: _Floats) -> None:
    wrong = ~(np.isfinite(start) & (start > 0))
    if wrong.any():
        message = (
            f"Starting weights must be positive; {int(wrong.sum())} are not, "
            f"the first {start[wrong][0]!r}."
        )
        raise ValueError(message)


def _align(
    categories: pd.DataFrame, targets: Mapping[str, pd.Series[float]]
) -> tuple[list[NDArray[np.intp]], list[_Floats]]:
    if not targets:
        message = "Raking must have at least one margin; none is given."
        raise ValueError(message)
    codes, counts = [], []
    for name, target in targets.items():
        held = target[target > 0]
        code = held.index.get_indexer(pd.Index(categories[name]))
        _require_same_categories(name, held, categories[name], code)
        codes.append(code)
        counts.append(held.to_numpy(dtype=np.float64))
    total = counts[0].sum()
    return codes, [count * (total / count.sum()) for count in counts]


def _require_same_categories(
    name: str, target: pd.Series[float], held: pd.Series[str], code: NDArray[np.intp]
) -> None:
    unknown = sorted(set(held[code < 0].astype(str)))
    if unknown:
        message = f"Margin {name!r} must have a count for {unknown}."
        raise ValueError(message)
    empty = sorted(set(target.index.astype(str)) - set(held.astype(str)))
    if empty:
        message = (
            f"Margin {name!r} must have a respondent in {empty}. "
            "Merge these categories with others."
        )
        raise ValueError(message)


def _add_up(code: NDArray[np.intp], weights: _Floats, length: int) -> _Floats:
    total: _Floats = np.bincount(code, weights, minlength=length).astype(np.float64)
    return total


def _measure_discrepancy(
    codes: list[NDArray[np.intp]], counts: list[_Floats], weights: _Floats
) -> float:
    return max(
        float(np.abs(_add_up(code, weights, len(count)) / count - 1).max())
        for code, count in zip(codes, counts, strict=True)
    )


def _tabulate(
    categories: pd.DataFrame,
    targets: Mapping[str, pd.Series[float]],
    start: _Floats,
    weights: _Floats,
) -> pd.DataFrame:
    blocks = []
    for name, target in targets.items():
        held = target[target > 0]
        respondents = categories[name].value_counts().reindex(held.index)
        before = pd.Series(start).groupby(categories[name].to_numpy()).sum()
        after = pd.Series(weights).groupby(categories[name].to_numpy()).sum()
        block = pd.DataFrame(
            {
                "respondents": respondents.astype(int),
                "population_pct": 100 * held / held.sum(),
                "before_pct": 100 * before.reindex(held.index) / start.sum(),
                "after_pct": 100 * after.reindex(held.index) / weights.sum(),
            }
        )
        block.insert(0, "category", held.index)
        block.insert(0, "margin", name)
        blocks.append(block)
    return pd.concat(blocks, ignore_index=True)
