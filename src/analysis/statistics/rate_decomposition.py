"""Split the change of a mean into a change of who is there and of what each says.

Shares of the groups lie from 0 to 1 and add up to 1; means and parts are in the unit
of the answers. The parts add up to the change exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GroupRates:
    """Means and shares of groups at one time, with what each respondent adds to them.

    Parameters
    ----------
    means, shares : numpy.ndarray, shape (groups,)
        Mean and share of each group.
    mean_scores, share_scores : numpy.ndarray, shape (respondents, groups)
        Linearised contribution of each respondent to the error of a mean and of a
        share; zeros for shares that are known.
    people : pandas.Index
        Who the respondents are.
    """

    means: _Floats
    shares: _Floats
    mean_scores: _Floats
    share_scores: _Floats
    people: pd.Index


@dataclass(frozen=True, slots=True)
class RateDecomposition:
    """Parts of a change.

    Parameters
    ----------
    parts : pandas.DataFrame
        One row per part, `mix` first and then each group: `estimate`, `std_error`,
        `lower`, `upper`, `pvalue`.
    total : float
        The change; sum of the estimates.
    """

    parts: pd.DataFrame
    total: float


def decompose_change(
    later: GroupRates, earlier: GroupRates, *, confidence_level: float = 0.95
) -> RateDecomposition:
    """Split a change of a mean into mix and a part of each group.

    Parameters
    ----------
    later, earlier : GroupRates
        The two times, with the same groups.
    confidence_level : float
        Of all intervals.

    Returns
    -------
    RateDecomposition
        The mix (shares change, means as on average of both times) and each group's
        part (its mean changes, share as on average).

    Raises
    ------
    ValueError
        If the groups differ in number.

    References
    ----------
    .. [1] Kitagawa (1955), Components of a difference between two rates, JASA 50,
       equation 5.
    .. [2] Das Gupta (1993), Standardization and Decomposition of Rates, US Bureau of
       the Census P23-186, section 5.
    """
    if len(later.means) != len(earlier.means):
        raise ValueError(
            f"Both times must have the same groups, not {len(later.means)} and "
            f"{len(earlier.means)}."
        )
    middle_share = (later.shares + earlier.shares) / 2
    middle_mean = (later.means + earlier.means) / 2
    share_change = later.shares - earlier.shares
    mean_change = later.means - earlier.means
    estimates = np.append(share_change @ middle_mean, middle_share * mean_change)
    after = _score(later, middle_share, middle_mean, share_change, mean_change)
    before = _score(earlier, -middle_share, -middle_mean, share_change, mean_change)
    errors = np.sqrt(_add_up(after, later.people, before, earlier.people))
    quantile = norm.ppf((1 + confidence_level) / 2)
    ratio = np.divide(
        np.abs(estimates), errors, out=np.full_like(errors, np.inf), where=errors > 0
    )
    parts = pd.DataFrame(
        {
            "estimate": estimates,
            "std_error": errors,
            "lower": estimates - quantile * errors,
            "upper": estimates + quantile * errors,
            "pvalue": 2 * norm.sf(ratio),
        }
    )
    return RateDecomposition(parts, float(estimates.sum()))


def _score(
    rates: GroupRates,
    middle_share: _Floats,
    middle_mean: _Floats,
    share_change: _Floats,
    mean_change: _Floats,
) -> _Floats:
    """Give each respondent's contribution to the parts, the mix first."""
    mix = rates.mean_scores @ (share_change / 2) + rates.share_scores @ middle_mean
    within = rates.mean_scores * middle_share + rates.share_scores * (mean_change / 2)
    return np.column_stack([mix, within])


def _add_up(
    after: _Floats, after_people: pd.Index, before: _Floats, before_people: pd.Index
) -> _Floats:
    """Sum squares over people; who answered twice counts once with both."""
    joined = pd.DataFrame(
        np.vstack([after, before]), index=after_people.append(before_people)
    )
    by_person = joined.groupby(level=0).sum().to_numpy()
    total: _Floats = (by_person**2).sum(axis=0)
    return total
