"""Retention of a cohort whose members leave with chances of their own.

Each member leaves with the same chance every period, drawn from a beta distribution:
who leaves easily leaves first, so that retention rises with age. Ages are whole periods
since joining.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special, stats

Floats = NDArray[np.float64]

_MEANS = np.linspace(-9.0, 4.0, 261)
"""Logits of the mean chance of leaving that are looked at."""
_SPREADS = np.linspace(-9.0, 6.0, 121)
"""Logits of ``1 / (alpha + beta + 1)`` that are looked at: from alike to polarised."""
_NEAR = 41


@dataclass(frozen=True, slots=True, eq=False)
class CohortCounts:
    """How many members left at each age, and how many were last seen at each age.

    Parameters
    ----------
    lost : ndarray of float, shape (n_ages,)
        Members who left in their first, second, ... period.
    kept : ndarray of float, shape (n_ages,)
        Members still here when last seen, after one, two, ... whole periods.
    """

    lost: Floats
    kept: Floats

    @property
    def nobs(self) -> float:
        """Members followed for a period or more."""
        return float(self.lost.sum() + self.kept.sum())


@dataclass(frozen=True, slots=True, eq=False)
class ShiftedBetaGeometric:
    """A fitted model.

    Parameters
    ----------
    alpha, beta : float
        Of the beta distribution of the chance of leaving in a period.
    log_likelihood : float
        At the estimate.
    constant_log_likelihood : float
        Of one chance for all, the special case without any spread.
    counts : CohortCounts
        What it was fitted to.
    """

    alpha: float
    beta: float
    log_likelihood: float
    constant_log_likelihood: float
    counts: CohortCounts

    @property
    def constant_pvalue(self) -> float:
        """How rarely one chance for all would fit so much worse.

        The special case lies on the edge of the model, hence half the usual value.
        """
        gain = 2 * max(self.log_likelihood - self.constant_log_likelihood, 0.0)
        return 0.5 * float(stats.chi2.sf(gain, 1)) if gain > 0 else 1.0


@dataclass(frozen=True, slots=True, eq=False)
class SurvivalBand:
    """Survival by age with its interval.

    Parameters
    ----------
    estimate, lower, upper : ndarray of float, shape (n_ages,)
        Share still here after one, two, ... periods, from 0 to 1.
    periods : float
        Expected periods until the last age, of a new member.
    periods_lower, periods_upper : float
        Its interval.
    """

    estimate: Floats
    lower: Floats
    upper: Floats
    periods: float
    periods_lower: float
    periods_upper: float


def fit_shifted_beta_geometric(counts: CohortCounts) -> ShiftedBetaGeometric:
    """Fit the model by maximum likelihood.

    Parameters
    ----------
    counts : CohortCounts
        Members by age of leaving, or of being last seen.

    Returns
    -------
    ShiftedBetaGeometric
        Where nothing speaks for a spread, `alpha` and `beta` are very large.

    Raises
    ------
    ValueError
        If nobody left, or everybody in the first period: no chance can be told.

    References
    ----------
    .. [1] Fader and Hardie (2007), How to project customer retention, Journal of
       Interactive Marketing 21(1), 76-90, equations 5 and 6, appendix B.
    """
    if counts.lost.sum() == 0 or counts.lost.sum() == counts.lost[0] == counts.nobs:
        raise ValueError("Some members must have left, and not all at once.")
    start = _search(counts)
    found = optimize.minimize(
        lambda point: -float(_sum_likelihood(counts, *_place(*point))),
        start,
        method="Nelder-Mead",
        options={"xatol": 1e-8, "fatol": 1e-10, "maxiter": 2000},
    )
    alpha, beta = (float(part) for part in _place(*found.x))
    return ShiftedBetaGeometric(
        alpha=alpha,
        beta=beta,
        log_likelihood=-float(found.fun),
        constant_log_likelihood=_fit_constant(counts),
        counts=counts,
    )


def give_survival(alpha: Floats, beta: Floats, n_ages: int) -> Floats:
    """Give the share still here after one, two, ... periods.

    Parameters
    ----------
    alpha, beta : ndarray of float, shape (...)
        Parameters of the model.
    n_ages : int
        Ages.

    Returns
    -------
    ndarray of float, shape (..., n_ages)
        ``S(t) = B(alpha, beta + t) / B(alpha, beta)``.

    References
    ----------
    .. [1] Fader and Hardie (2007), equation 6.
    """
    ages = np.arange(n_ages)
    a, b = np.asarray(alpha)[..., None], np.asarray(beta)[..., None]
    survival = np.cumprod((b + ages) / (a + b + ages), axis=-1)
    return np.asarray(survival, dtype=np.float64)


def bound_survival(
    model: ShiftedBetaGeometric, *, n_ages: int, confidence_level: float
) -> SurvivalBand:
    """Bound survival by what the likelihood does not rule out.

    Parameters
    ----------
    model : ShiftedBetaGeometric
        A fitted model.
    n_ages : int
        Ages, those beyond the data included.
    confidence_level : float
        Share of such intervals that hold the truth, age by age.

    Returns
    -------
    SurvivalBand
        Profile likelihood intervals; they need neither symmetry nor a parameter inside
        its range.

    References
    ----------
    .. [1] Pawitan (2001), In All Likelihood, section 3.4, profile likelihood.
    """
    alpha, beta = _lay_grid(model)
    likelihood = _sum_likelihood(model.counts, alpha, beta)
    gap = float(stats.chi2.ppf(confidence_level, 1)) / 2
    inside = likelihood >= max(float(likelihood.max()), model.log_likelihood) - gap
    survival = give_survival(alpha[inside], beta[inside], n_ages)
    best = give_survival(np.array(model.alpha), np.array(model.beta), n_ages)
    lasting = 1 + survival[:, :-1].sum(axis=1)
    expected = float(1 + best[:-1].sum())
    return SurvivalBand(
        estimate=best,
        lower=np.minimum(survival.min(axis=0), best),
        upper=np.maximum(survival.max(axis=0), best),
        periods=expected,
        periods_lower=min(float(lasting.min()), expected),
        periods_upper=max(float(lasting.max()), expected),
    )


def _place(mean: Floats | float, spread: Floats | float) -> tuple[Floats, Floats]:
    """Turn logits of the mean and of the spread into alpha and beta."""
    chance = special.expit(mean)
    total = np.maximum(1 / special.expit(spread) - 1, 1e-9)
    return chance * total, (1 - chance) * total


def _sum_likelihood(counts: CohortCounts, alpha: Floats, beta: Floats) -> Floats:
    survival = give_survival(alpha, beta, len(counts.lost))
    before = np.concatenate([np.ones((*survival.shape[:-1], 1)), survival], axis=-1)
    ages = np.arange(len(counts.lost))
    a, b = np.asarray(alpha)[..., None], np.asarray(beta)[..., None]
    leaving = before[..., :-1] * a / (a + b + ages)
    likelihood: Floats = np.log(np.maximum(leaving, 1e-300)) @ counts.lost
    return likelihood + np.log(np.maximum(survival, 1e-300)) @ counts.kept


def _search(counts: CohortCounts) -> Floats:
    mean, spread = np.meshgrid(_MEANS[::4], _SPREADS[::4], indexing="ij")
    likelihood = _sum_likelihood(counts, *_place(mean, spread))
    best = int(np.argmax(likelihood))
    return np.array([mean.ravel()[best], spread.ravel()[best]])


def _lay_grid(model: ShiftedBetaGeometric) -> tuple[Floats, Floats]:
    """Lay a coarse grid everywhere and a fine one where the likelihood is high."""
    mean, spread = np.meshgrid(_MEANS, _SPREADS, indexing="ij")
    likelihood = _sum_likelihood(model.counts, *_place(mean, spread))
    near = likelihood >= max(float(likelihood.max()), model.log_likelihood) - 6.0
    centre = special.logit(model.alpha / (model.alpha + model.beta))
    own = float(special.logit(1 / (1 + model.alpha + model.beta)))
    means, spreads = np.append(mean[near], centre), np.append(spread[near], own)
    fine = np.meshgrid(
        np.linspace(means.min() - 0.1, means.max() + 0.1, 3 * _NEAR),
        np.linspace(spreads.min() - 0.2, spreads.max() + 0.2, 3 * _NEAR),
        indexing="ij",
    )
    return _place(fine[0].ravel(), fine[1].ravel())


def _fit_constant(counts: CohortCounts) -> float:
    """Give the likelihood of one chance for all, in closed form."""
    ages = np.arange(len(counts.lost))
    lost = counts.lost.sum()
    stayed = float(counts.lost @ ages + counts.kept @ (ages + 1))
    return float(
        special.xlogy(lost, lost)
        + special.xlogy(stayed, stayed)
        - special.xlogy(lost + stayed, lost + stayed)
    )
