"""Estimate the hazard of an event in discrete time, with covariates and clusters.

Units with the same covariates and the same history stand in one row, so that millions
of them fit by a few hundred rows. Periods are counted from 1, when all units are first
at risk; covariates do not change in time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats
from scipy.special import expit, log_expit

Floats = NDArray[np.float64]

_ROUNDS = 60
_SMALLEST_STEP = 1e-9
_LARGEST_CONDITION = 1e12


@dataclass(frozen=True, slots=True)
class DiscreteHazard:
    """A fitted logit of the hazard: one constant a period, and effects of covariates.

    Parameters
    ----------
    periods : numpy.ndarray, shape (periods,)
        Periods in which an event happened; in the others the hazard is nought.
    n_periods : int
        Periods in all.
    covariates : tuple of str
        Names of the effects.
    coefficients : numpy.ndarray, shape (periods + covariates,)
        Log-odds: constants of the periods, then effects per unit of the covariates.
    covariance : numpy.ndarray, shape (periods + covariates, periods + covariates)
        Robust to dependence within clusters.
    degrees : float
        Degrees of freedom of the intervals; infinite if each unit is a cluster.
    nobs, events, clusters : int
        Unit-periods at risk, events, and clusters.
    deviance : float
        Minus twice the log-likelihood.
    """

    periods: NDArray[np.int64]
    n_periods: int
    covariates: tuple[str, ...]
    coefficients: Floats
    covariance: Floats
    degrees: float
    nobs: int
    events: int
    clusters: int
    deviance: float

    @property
    def effects(self) -> Floats:
        """Log-odds per unit of each covariate, shape (covariates,)."""
        return self.coefficients[len(self.periods) :]

    def draw(self, rng: np.random.Generator, draws: int) -> Floats:
        """Draw coefficients from their estimated distribution.

        Parameters
        ----------
        rng : numpy.random.Generator
            Source of chance.
        draws : int
            How many.

        Returns
        -------
        numpy.ndarray, shape (draws, periods + covariates)
            Normal, or Student's t where clusters are counted.
        """
        normal = rng.standard_normal((draws, len(self.coefficients)))
        values, vectors = np.linalg.eigh(self.covariance)
        moved = normal * np.sqrt(np.maximum(values, 0.0)) @ vectors.T
        if np.isfinite(self.degrees):
            squares = rng.chisquare(self.degrees, (draws, 1))
            moved = moved * np.sqrt(self.degrees / squares)
        drawn: Floats = self.coefficients + moved
        return drawn

    def average_hazard(self, coefficients: Floats, covariates: Floats) -> Floats:
        """Give the hazard of a period, averaged over all periods.

        Parameters
        ----------
        coefficients : numpy.ndarray, shape (draws, periods + covariates)
            As `draw` gives them, or the estimate as one row.
        covariates : numpy.ndarray, shape (groups, covariates)
            Groups of units.

        Returns
        -------
        numpy.ndarray, shape (draws, groups)
            Chances from 0 to 1.
        """
        cut = len(self.periods)
        constants, effects = coefficients[:, :cut], coefficients[:, cut:]
        lean = constants[:, :, None] + (effects @ covariates.T)[:, None, :]
        average: Floats = expit(lean).sum(axis=1) / self.n_periods
        return average


def fit_discrete_hazard(
    histories: pd.DataFrame,
    *,
    covariates: Sequence[str],
    cluster: str | None = None,
) -> DiscreteHazard:
    """Fit a logit of the discrete-time hazard by maximum likelihood.

    Parameters
    ----------
    histories : pandas.DataFrame
        One row per group of units alike in everything: `units` (how many), `periods`
        (periods at risk, 1 or more), `has_event` (whether the event happened in the
        last of them), the covariates and, if named, the cluster.
    covariates : sequence of str
        Columns with an effect on the log-odds.
    cluster : str or None
        Column within which units may depend on each other; None if each unit stands
        alone.

    Returns
    -------
    DiscreteHazard
        Maximum of the likelihood. Variances of units that stand alone are sandwiches;
        those of clusters are of a jackknife that leaves out one at a time, in one step.

    Raises
    ------
    ValueError
        If there is no event, or the covariates can't be told apart.

    References
    ----------
    .. [1] Singer and Willett (2003), Applied Longitudinal Data Analysis, equation
       11.5 and section 11.3.
    .. [2] Allison (1982), Discrete-time methods for the analysis of event histories,
       Sociological Methodology 13, on the likelihood.
    .. [3] MacKinnon, Nielsen and Webb (2023), Cluster-robust inference: a guide to
       empirical practice, J. Econometrics 232, equation 14 (CV3), with the
       information in place of the products of regressors.
    """
    happened = histories["has_event"].to_numpy(bool)
    last = histories["periods"].to_numpy(np.int64)
    periods = np.unique(last[happened])
    if not len(periods):
        raise ValueError("A hazard needs an event; nothing happened.")
    long = _lay_out(histories, periods, list(covariates))
    start = np.zeros(long.regressors.shape[1])
    coefficients, information = _climb(long, start)
    covariance, clusters = _spread(long, coefficients, information, histories, cluster)
    chance = expit(long.regressors @ coefficients)
    lean = long.regressors @ coefficients
    fitted = long.happened * log_expit(lean) + (1 - long.happened) * log_expit(-lean)
    units = histories["units"].to_numpy(float)
    return DiscreteHazard(
        periods=periods,
        n_periods=int(last.max()),
        covariates=tuple(covariates),
        coefficients=coefficients,
        covariance=covariance,
        degrees=np.inf if cluster is None else float(clusters - 1),
        nobs=int(units @ last),
        events=round(float(long.weight @ chance)),
        clusters=clusters,
        deviance=-2 * float(long.weight @ fitted),
    )


@dataclass(frozen=True, slots=True)
class _Long:
    """Rows of histories and periods: regressors, outcome, units, and whose they are."""

    regressors: Floats
    happened: Floats
    weight: Floats
    history: NDArray[np.int64]


def _lay_out(
    histories: pd.DataFrame, periods: NDArray[np.int64], covariates: list[str]
) -> _Long:
    last = histories["periods"].to_numpy(np.int64)
    row, column = np.nonzero(last[:, None] >= periods[None, :])
    ends = periods[column] == last[row]
    happened = ends & histories["has_event"].to_numpy(bool)[row]
    values = histories[covariates].to_numpy(float)[row]
    dummies = np.eye(len(periods))[column]
    return _Long(
        regressors=np.hstack([dummies, values]),
        happened=happened.astype(float),
        weight=histories["units"].to_numpy(float)[row],
        history=row,
    )


def _climb(long: _Long, start: Floats) -> tuple[Floats, Floats]:
    """Climb the likelihood by Newton's method; it is concave."""
    coefficients = start
    for _ in range(_ROUNDS):
        chance = expit(long.regressors @ coefficients)
        scatter = long.weight * chance * (1 - chance)
        information = long.regressors.T @ (long.regressors * scatter[:, None])
        size = np.sqrt(np.diag(information))
        if np.linalg.cond(information / np.outer(size, size)) > _LARGEST_CONDITION:
            raise ValueError("Covariates of a hazard must not explain each other.")
        score = long.regressors.T @ (long.weight * (long.happened - chance))
        step = np.linalg.solve(information, score)
        longest = float(np.abs(step).max())
        coefficients = coefficients + step * min(1.0, 2.0 / max(longest, 1e-300))
        if longest < _SMALLEST_STEP:
            return coefficients, information
    raise ValueError("A hazard must have a largest likelihood; none was found.")


def _spread(
    long: _Long,
    coefficients: Floats,
    information: Floats,
    histories: pd.DataFrame,
    cluster: str | None,
) -> tuple[Floats, int]:
    """Give the covariance, and count the clusters."""
    chance = expit(long.regressors @ coefficients)
    scores = long.regressors * (long.happened - chance)[:, None]
    units = histories["units"].to_numpy(float)
    if cluster is None:
        each = _sum_by(long.history, scores)
        bread = np.linalg.inv(information)
        squares = each.T @ (each * units[:, None])
        return bread @ squares @ bread, round(float(units.sum()))
    codes, labels = pd.factorize(histories[cluster])
    order = np.argsort(codes[long.history], kind="stable")
    starts = np.searchsorted(codes[long.history][order], np.arange(1, len(labels)))
    rooted = long.regressors * np.sqrt(long.weight * chance * (1 - chance))[:, None]
    own = [part.T @ part for part in np.split(rooted[order], starts)]
    totals = _sum_by(codes[long.history], scores * long.weight[:, None])
    moves = np.linalg.solve(information - np.stack(own), totals[:, :, None])[:, :, 0]
    return moves.T @ moves * (len(labels) - 1) / len(labels), len(labels)


def _sum_by(codes: NDArray[np.int64], columns: Floats) -> Floats:
    """Sum columns by code, shape (codes, columns)."""
    return np.column_stack([np.bincount(codes, column) for column in columns.T])


def read_effect(
    hazard: DiscreteHazard, covariate: str, confidence_level: float = 0.95
) -> tuple[float, float, float]:
    """Give one effect with its interval.

    Parameters
    ----------
    hazard : DiscreteHazard
        A fit.
    covariate : str
        Name of the effect.
    confidence_level : float
        Share of such intervals that hold the truth.

    Returns
    -------
    tuple of float
        Estimate, lower and upper end, log-odds per unit.
    """
    place = len(hazard.periods) + hazard.covariates.index(covariate)
    estimate = float(hazard.coefficients[place])
    error = float(np.sqrt(hazard.covariance[place, place]))
    tail = 0.5 + confidence_level / 2
    far = stats.norm.ppf(tail)
    if np.isfinite(hazard.degrees):
        far = stats.t.ppf(tail, hazard.degrees)
    return estimate, estimate - float(far) * error, estimate + float(far) * error
