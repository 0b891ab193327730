"""Time the ordered logit beside statsmodels' on surveys of 3,000 answers.

Run with `python benchmarks/ordered_logit.py`. Both fit the same answers on ten steps
to twelve attributes, in one run; log-likelihoods at the end are printed, because
statsmodels' optimiser stops before the maximum. Seconds are of one core, imports left
out, the least of some calls.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from math import inf

import numpy as np
from statsmodels.miscmodels.ordinal_model import OrderedModel

from analysis.statistics.ordered_logit import fit_ordered_logit
from analysis.statistics.proportional_odds import run_brant_test

RESPONDENTS, DRIVERS = 3_000, 12


def draw_survey(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw answers and ratings that go together."""
    rng = np.random.default_rng(seed)
    ratings = rng.standard_normal((RESPONDENTS, DRIVERS))
    ratings = np.round(2 * (ratings + rng.standard_normal((RESPONDENTS, 1))))
    latent = ratings @ np.linspace(0, 0.3, DRIVERS) + rng.logistic(size=RESPONDENTS)
    cuts = np.quantile(latent, np.arange(1, 10) / 10)
    return np.searchsorted(cuts, latent).astype(float), ratings


def time_best(call: Callable[[], object], repeats: int) -> float:
    """Give the least processor time of several calls, in seconds."""
    best = inf
    for _ in range(repeats):
        start = time.process_time()
        call()
        best = min(best, time.process_time() - start)
    return best


def main() -> None:
    """Print the comparison."""
    warnings.simplefilter("ignore")
    print("seed   ours (s)   statsmodels (s)   ratio   gain in log-likelihood")
    for seed in range(3):
        outcome, ratings = draw_survey(seed)
        ours = fit_ordered_logit(outcome, ratings)
        model = OrderedModel(outcome, ratings, distr="logit")
        theirs = model.fit(method="bfgs", disp=0, maxiter=1000)
        mine = time_best(lambda o=outcome, r=ratings: fit_ordered_logit(o, r), 10)
        slow = time_best(
            lambda m=model: m.fit(method="bfgs", disp=0, maxiter=1000),
            2,
        )
        gain = ours.log_likelihood - theirs.llf
        print(
            f"{seed:4d}   {mine:8.4f}   {slow:15.3f}   {slow / mine:5.0f}   {gain:.1e}"
        )
    seconds = time_best(lambda: run_brant_test(outcome, ratings), 3)
    print(f"Brant's test of {DRIVERS} drivers, nine cut points: {seconds:.2f} s")


if __name__ == "__main__":
    main()
