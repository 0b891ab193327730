"""The customers of a trial by group, and draws of all that is estimated of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.studies.segment_profitability.levers.fee_response import FeeResponse
from analysis.studies.segment_profitability.levers.trial_sums import MARGINS
from analysis.studies.segment_profitability.parameters import N_DRAWS

Floats = NDArray[np.float64]

_FEWEST = 10
"""Customers without a fee from which a group has a mean of its own."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """Customers of a trial, by group: all, or the others and the vulnerable.

    Parameters
    ----------
    vulnerable : tuple of bool
        Which group it is.
    share : numpy.ndarray, shape (groups,)
        Shares of the customers.
    levels : numpy.ndarray, shape (levels,)
        Fees of the trial.
    charged, charged_variances : numpy.ndarray, shape (groups, levels)
        Share of months below the minimum balance at each fee, and its squared error.
    margins : numpy.ndarray, shape (2, groups)
        Marginal profit and profit a month without the fee, after tax; missing if not
        known.
    variances : numpy.ndarray, shape (2, groups)
        Their squared errors.
    """

    vulnerable: tuple[bool, ...]
    share: Floats
    levels: Floats
    charged: Floats
    charged_variances: Floats
    margins: Floats
    variances: Floats


@dataclass(frozen=True, slots=True)
class Draws:
    """Coefficients, the estimate first and draws of it below.

    Parameters
    ----------
    exits : numpy.ndarray, shape (1 + draws, coefficients)
        Of leaving.
    complaints : numpy.ndarray or None, shape (1 + draws, coefficients)
        Of complaining.
    charged : numpy.ndarray, shape (1 + draws, groups, levels)
        Share of months below the minimum balance, at the trial's fees.
    margins : numpy.ndarray, shape (1 + draws, 2, groups)
        What customers bring a month.
    """

    exits: Floats
    complaints: Floats | None
    charged: Floats
    margins: Floats


def draw_all(response: FeeResponse, crowd: Crowd, rng: np.random.Generator) -> Draws:
    """Draw everything that is estimated.

    Parameters
    ----------
    response : FeeResponse
        Effects of a fee.
    crowd : Crowd
        The trial's customers.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    Draws
        Estimates first.
    """
    exits, complaints = response.exits, response.complaints
    return Draws(
        exits=np.vstack([exits.coefficients, exits.draw(rng, N_DRAWS)]),
        complaints=None
        if complaints is None
        else np.vstack([complaints.coefficients, complaints.draw(rng, N_DRAWS)]),
        charged=_draw_means(crowd.charged, crowd.charged_variances, rng),
        margins=_draw_means(crowd.margins, crowd.variances, rng),
    )


def _draw_means(means: Floats, variances: Floats, rng: np.random.Generator) -> Floats:
    """Draw means with their errors; they come first themselves."""
    normal = rng.standard_normal((N_DRAWS, *means.shape))
    return np.concatenate([means[None], means + normal * np.sqrt(variances)])


def describe_crowd(response: FeeResponse) -> Crowd:
    """Describe the customers of a trial by group.

    Parameters
    ----------
    response : FeeResponse
        Estimates with their trial.

    Returns
    -------
    Crowd
        One group per kind of customer in the trial.
    """
    trial = response.trial
    sums = trial.histories.groupby("vulnerable")["units"].sum()
    vulnerable = tuple(bool(kind) for kind in sums.index)
    charged, errors = _share_charged(trial.histories)
    margins = np.full((len(MARGINS), len(vulnerable)), np.nan)
    variances = np.zeros_like(margins)
    if not trial.margins.empty:
        known = trial.margins.set_index("vulnerable")
        for place, kind in enumerate(vulnerable):
            # A group too small to have a mean of its own takes that of all.
            own = known[known.index == kind]
            rows = own if own["customers"].sum() >= _FEWEST else known
            weights = (rows["customers"] / rows["customers"].sum()).to_numpy(float)
            for line, name in enumerate(MARGINS):
                squared = rows[f"{name}_variance"].fillna(0.0).to_numpy(float)
                margins[line, place] = weights @ rows[name].to_numpy(float)
                variances[line, place] = weights**2 @ squared
    return Crowd(
        vulnerable=vulnerable,
        share=(sums / sums.sum()).to_numpy(float),
        levels=np.array(trial.levels),
        charged=charged,
        charged_variances=errors,
        margins=margins,
        variances=variances,
    )


def _share_charged(histories: pd.DataFrame) -> tuple[Floats, Floats]:
    """Give the share of months below the minimum by group and fee, and its error.

    A ratio of sums over customers (Cochran 1977, equation 6.13). A group that nobody of
    is left in at a fee takes the share of all its fees.
    """
    each = histories["present"] / histories["units"]
    rows = histories.assign(
        cross=each * histories["below"], lengths=each * histories["present"]
    )
    names = ["present", "below", "below_squares", "cross", "lengths"]
    sums = rows.pivot_table(
        index="vulnerable", columns="fee", values=names, aggfunc="sum", fill_value=0
    )
    present, below, squares, cross, lengths = (
        sums[name].to_numpy(float) for name in names
    )
    usual = below.sum(axis=1) / np.maximum(present.sum(axis=1), 1.0)
    share = np.where(present > 0, below / np.maximum(present, 1.0), usual[:, None])
    left = np.maximum(squares - 2 * share * cross + share**2 * lengths, 0.0)
    return share, left / np.maximum(present, 1.0) ** 2
