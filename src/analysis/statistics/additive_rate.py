"""Estimate how a rate of events over time at risk adds up from covariates.

The rate of a unit is a sum, so that an effect is a number of events more per unit of
time; units with the same covariates and time stand in one row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class AdditiveRate:
    """A rate as a constant and effects of covariates.

    Parameters
    ----------
    covariates : tuple of str
        Names of the effects.
    coefficients : numpy.ndarray, shape (1 + covariates,)
        Events per unit of time: the constant, then effects per unit of covariate.
    covariance : numpy.ndarray, shape (1 + covariates, 1 + covariates)
        Robust to dependence within clusters.
    events : float
        Events counted.
    """

    covariates: tuple[str, ...]
    coefficients: Floats
    covariance: Floats
    events: float

    def draw(self, rng: np.random.Generator, draws: int) -> Floats:
        """Draw coefficients from their estimated normal distribution.

        Parameters
        ----------
        rng : numpy.random.Generator
            Source of chance.
        draws : int
            How many.

        Returns
        -------
        numpy.ndarray, shape (draws, 1 + covariates)
            Coefficients.
        """
        values, vectors = np.linalg.eigh(self.covariance)
        normal = rng.standard_normal((draws, len(self.coefficients)))
        moved = normal * np.sqrt(np.maximum(values, 0.0)) @ vectors.T
        drawn: Floats = self.coefficients + moved
        return drawn


def estimate_additive_rate(
    rows: pd.DataFrame, *, covariates: Sequence[str], cluster: str | None = None
) -> AdditiveRate:
    """Estimate an additive rate by weights of one over time at risk.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per group of units alike: `units` (how many), `exposure` (time at risk
        of each), `events` (of all together), `squares` (sum of the units' squared
        events), the covariates and, if named, the cluster.
    covariates : sequence of str
        Columns with an effect.
    cluster : str or None
        Column within which units may depend on each other; None if each stands alone.

    Returns
    -------
    AdditiveRate
        Solution of sum x (events - exposure x'b) = 0, with a sandwich variance that
        asks only that the rate is right.

    Raises
    ------
    ValueError
        If nobody was at risk, or covariates can't be told apart.

    References
    ----------
    .. [1] McCullagh and Nelder (1989), Generalized Linear Models, section 9.2, with
       identity link and a variance proportional to the exposure.
    .. [2] Liang and Zeger (1986), Longitudinal data analysis using generalized linear
       models, Biometrika 73, equation 7, for the variance.
    """
    used = rows[rows["exposure"] > 0]
    design = np.column_stack([np.ones(len(used)), used[list(covariates)]])
    names = ("units", "exposure", "events", "squares")
    units, time, events, squares = (used[name].to_numpy(float) for name in names)
    bread = design.T @ (design * (units * time)[:, None])
    if not len(used) or np.linalg.matrix_rank(bread) < design.shape[1]:
        raise ValueError("Covariates of a rate must differ among units at risk.")
    coefficients = np.linalg.solve(bread, design.T @ events)
    expected = time * (design @ coefficients)
    if cluster is None:
        left = squares - 2 * expected * events + units * expected**2
        meat = design.T @ (design * left[:, None])
    else:
        scores = pd.DataFrame(design * (events - units * expected)[:, None])
        sums = scores.groupby(pd.factorize(used[cluster])[0]).sum().to_numpy()
        meat = sums.T @ sums * len(sums) / max(len(sums) - 1, 1)
    inverse = np.linalg.inv(bread)
    return AdditiveRate(
        tuple(covariates), coefficients, inverse @ meat @ inverse, float(events.sum())
    )
