"""What fees bring within a year, added up for every draw of the estimates.

Everything is per thousand customers like those of the trial. Money is in major units;
profit is after tax.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.studies.segment_profitability.levers.fee_crowd import Crowd, Draws
from analysis.studies.segment_profitability.levers.fee_response import (
    FeeResponse,
    list_covariates,
)
from analysis.studies.segment_profitability.parameters import HORIZON_MONTHS

Floats = NDArray[np.float64]

PER: Final = 1000
"""Customers that every number is for."""

MEASURES: Final = (
    "leavers",
    "vulnerable_leavers",
    "vulnerable_pct",
    "complaints",
    "fee_income",
    "lost_marginal",
    "lost_average",
    "gain_marginal",
    "gain_average",
    "worth_of_leaver",
    "elasticity",
)
"""What is computed at each fee, with its interval. `worth_of_leaver` is what a lost
customer may be worth before the fee loses money."""


def add_up(
    response: FeeResponse,
    crowd: Crowd,
    paid: Floats,
    draws: Draws,
    tax_rate: float,
) -> dict[str, Floats]:
    """Add up what fees bring over `HORIZON_MONTHS`.

    Parameters
    ----------
    response : FeeResponse
        Effects of a fee.
    crowd : Crowd
        The customers.
    paid : numpy.ndarray, shape (groups, fees)
        What each group pays at each fee, major units a month.
    draws : Draws
        Coefficients.
    tax_rate : float
        Share of profit.

    Returns
    -------
    dict of str to numpy.ndarray, shape (1 + draws, fees)
        Each of `MEASURES`.
    """
    hazard = _find_hazards(response, crowd, paid, draws)
    usual = _find_hazards(response, crowd, np.zeros_like(paid), draws)
    length = response.trial.months_a_period
    here, here_usual = _count_months(hazard, length), _count_months(usual, length)
    gone = _share_left(hazard, length) - _share_left(usual, length)
    share = PER * crowd.share
    leavers = gone @ share
    vulnerable = gone @ (share * np.array(crowd.vulnerable))
    charged = _spread_charged(crowd, draws, paid)
    fee_income = np.einsum("dfg,dgf,gf->df", here * share, charged, paid)
    lost = np.einsum("dfg,dkg->kdf", (here_usual - here) * share, draws.margins)
    kept = fee_income * (1 - tax_rate)
    return {
        "leavers": leavers,
        "vulnerable_leavers": vulnerable,
        "vulnerable_pct": _divide(100 * vulnerable, leavers),
        "complaints": _count_complaints(response, crowd, paid, draws, here),
        "fee_income": fee_income,
        "lost_marginal": lost[0],
        "lost_average": lost[1],
        "gain_marginal": kept - lost[0],
        "gain_average": kept - lost[1],
        "worth_of_leaver": _divide(kept, np.maximum(leavers, 0.0)),
        "elasticity": _find_elasticity(response, crowd, paid, draws, hazard),
    }


def _spread_charged(crowd: Crowd, draws: Draws, paid: Floats) -> Floats:
    """Lay shares of months charged evenly between the trial's fees.

    The shape is (1 + draws, groups, fees).
    """
    levels = crowd.levels
    right = np.clip(np.searchsorted(levels, paid), 1, len(levels) - 1)
    weight = (paid - levels[right - 1]) / (levels[right] - levels[right - 1])
    group = np.arange(len(paid))[:, None]
    lower, upper = draws.charged[:, group, right - 1], draws.charged[:, group, right]
    spread: Floats = lower + weight * (upper - lower)
    return spread


def _find_hazards(
    response: FeeResponse, crowd: Crowd, paid: Floats, draws: Draws
) -> Floats:
    """Give hazards a period, shape (1 + draws, fees, groups)."""
    names = response.exits.covariates
    groups = [
        response.exits.average_hazard(
            draws.exits, list_covariates(fees, names, vulnerable=kind)
        )
        for fees, kind in zip(paid, crowd.vulnerable, strict=True)
    ]
    return np.stack(groups, axis=2)


def _count_months(hazard: Floats, length: int) -> Floats:
    """Count months in which a customer is still here, of the horizon's."""
    stays = (1 - hazard) ** (1 / length)
    return sum_powers(stays, HORIZON_MONTHS)


def sum_powers(stays: Floats, months: int) -> Floats:
    """Sum the chances of being here at the end of each month.

    Parameters
    ----------
    stays : numpy.ndarray
        Chance to stay a month.
    months : int
        How many months.

    Returns
    -------
    numpy.ndarray
        stays + stays^2 + ... to the power of the months.
    """
    total = np.zeros_like(stays)
    for _ in range(months):
        total = stays * (1 + total)
    return total


def _share_left(hazard: Floats, length: int) -> Floats:
    left: Floats = 1 - (1 - hazard) ** (HORIZON_MONTHS / length)
    return left


def _count_complaints(
    response: FeeResponse, crowd: Crowd, paid: Floats, draws: Draws, here: Floats
) -> Floats:
    if response.complaints is None or draws.complaints is None:
        return np.full(here.shape[:2], np.nan)
    names, effects = response.complaints.covariates, draws.complaints[:, 1:]
    more = []
    for fees, kind in zip(paid, crowd.vulnerable, strict=True):
        with_fee = list_covariates(fees, names, vulnerable=kind)
        without = list_covariates(np.zeros_like(fees), names, vulnerable=kind)
        more.append(effects @ (with_fee - without).T)
    counted: Floats = (np.stack(more, axis=2) * here) @ (PER * crowd.share)
    return counted


def _find_elasticity(
    response: FeeResponse, crowd: Crowd, paid: Floats, draws: Draws, hazard: Floats
) -> Floats:
    """Give percent more leavers for one percent more fee."""
    names = response.exits.covariates
    effects = draws.exits[:, len(response.exits.periods) :]
    one, none = np.ones(1), np.zeros(1)
    slopes = np.column_stack(
        [
            effects
            @ (
                list_covariates(one, names, vulnerable=kind)
                - list_covariates(none, names, vulnerable=kind)
            )[0]
            for kind in crowd.vulnerable
        ]
    )
    weight = hazard * crowd.share
    rise = slopes[:, None, :] * paid.T[None, :, :] * (1 - hazard)
    found: Floats = (weight * rise).sum(axis=2) / weight.sum(axis=2)
    return found


def _divide(part: Floats, whole: Floats) -> Floats:
    """Divide, and give nothing where the whole is nought."""
    return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole != 0)
