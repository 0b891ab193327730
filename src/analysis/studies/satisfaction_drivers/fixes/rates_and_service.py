"""Satisfaction with rates beside satisfaction with service.

Ratings run from 0 (bottom of the scale) to 100 (top); shares are percent of the
variance of overall satisfaction beyond the floor.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.resampling import cut_interval
from analysis.studies.satisfaction_drivers.drivers.importance import Importance


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its interval.

    Parameters
    ----------
    estimate, lower, upper : float
        In the unit of the quantity.
    """

    estimate: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class RatesAndService:
    """Two groups of attributes side by side.

    Parameters
    ----------
    rates, service : tuple of str
        Labels of the attributes in each group; empty where the survey has none.
    rates_rating, service_rating, gap : Interval or None
        Mean rating of each group, 0 to 100, and rates less service.
    rates_share, service_share : Interval or None
        Own shares of each group, percent of variance.
    quarter, source : str
        Quarter of the wave, and where the answers come from.
    nobs : int
        Respondents.
    confidence_level : float
        Of all intervals.
    """

    rates: tuple[str, ...]
    service: tuple[str, ...]
    rates_rating: Interval | None
    service_rating: Interval | None
    gap: Interval | None
    rates_share: Interval | None
    service_share: Interval | None
    quarter: str
    source: str
    nobs: int
    confidence_level: float


def compare_rates_and_service(importance: Importance) -> RatesAndService:
    """Compare how rates and service are rated, and how much each matters.

    Parameters
    ----------
    importance : Importance
        Drivers with their replicates.

    Returns
    -------
    RatesAndService
        Ratings, their gap, and shares; None for all of them when a group is empty.
    """
    table = importance.table
    about_rates = (table["role"] == "rates").to_numpy()
    level = importance.confidence_level
    whole = bool(about_rates.any() and not about_rates.all())
    own, own_draws = table["own"].to_numpy(), importance.own_draws
    rating = table["performance"].to_numpy()
    draws = importance.performance_draws
    gap = _mean(rating, about_rates) - _mean(rating, ~about_rates)
    gap_draws = _mean(draws, about_rates) - _mean(draws, ~about_rates)

    def _estimate(
        value: NDArray[np.float64], replicates: NDArray[np.float64]
    ) -> Interval | None:
        return _enclose(replicates, value, level) if whole else None

    return RatesAndService(
        rates=tuple(table.loc[about_rates, "label"]),
        service=tuple(table.loc[~about_rates, "label"]),
        rates_rating=_estimate(_mean(rating, about_rates), _mean(draws, about_rates)),
        service_rating=_estimate(
            _mean(rating, ~about_rates), _mean(draws, ~about_rates)
        ),
        gap=_estimate(gap, gap_draws),
        rates_share=_estimate(
            own[about_rates].sum(), own_draws[:, about_rates].sum(axis=1)
        ),
        service_share=_estimate(
            own[~about_rates].sum(), own_draws[:, ~about_rates].sum(axis=1)
        ),
        quarter=importance.quarter,
        source=importance.source,
        nobs=importance.nobs,
        confidence_level=level,
    )


def _mean(
    values: NDArray[np.float64], chosen: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Average over the attributes of a group, the last axis; 0 when it is empty."""
    total: NDArray[np.float64] = values[..., chosen].sum(axis=-1)
    return total / max(1, int(chosen.sum()))


def _enclose(
    draws: NDArray[np.float64], value: NDArray[np.float64], level: float
) -> Interval:
    lower, upper = cut_interval(draws, value, level)
    return Interval(float(value), float(lower), float(upper))
