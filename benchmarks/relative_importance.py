"""Time the decomposition of R squared beside a plain refit of every subset.

Run with `python benchmarks/relative_importance.py`. The plain way solves the normal
equations of each of the 2^p subsets once and averages their differences, as the usual
packages do, without their overhead; it gives no floor. Where the package pingouin is
installed (it is not in the lock), it runs beside, for as many drivers as `--pingouin`
says; 20 take it half an hour. Seconds are of one core, imports left out.
"""

from __future__ import annotations

import argparse
import math
import resource
import time
from collections.abc import Callable

import numpy as np

from analysis.statistics.relative_importance import decompose_r_squared

try:
    import pingouin
except ModuleNotFoundError:
    pingouin = None

MOST_DRIVERS_REFITTED = 15


def refit_every_subset(correlation: np.ndarray) -> np.ndarray:
    """Average the gains of each driver over all subsets, one solve a subset."""
    drivers = len(correlation) - 1
    explained = np.zeros(1 << drivers)
    for mask in range(1, 1 << drivers):
        subset = [driver for driver in range(drivers) if mask >> driver & 1]
        inner = correlation[np.ix_(subset, subset)]
        outer = correlation[subset, -1]
        explained[mask] = outer @ np.linalg.solve(inner, outer)
    masks = np.arange(1 << drivers)
    sizes = np.bitwise_count(masks)
    shares = np.zeros(drivers)
    weights = [
        1 / (drivers * math.comb(drivers - 1, size)) for size in range(drivers)
    ] + [0.0]
    for driver in range(drivers):
        without = masks[masks >> driver & 1 == 0]
        gains = explained[without | 1 << driver] - explained[without]
        shares[driver] = gains @ np.array(weights)[sizes[without]]
    return shares


def draw_correlation(drivers: int) -> np.ndarray:
    """Draw a correlation matrix of drivers that go together."""
    rng = np.random.default_rng(drivers)
    rows = rng.standard_normal((4 * drivers + 20, drivers + 1))
    return np.corrcoef((rows + rng.standard_normal((len(rows), 1))).T)


def time_best(call: Callable[[], object], repeats: int) -> float:
    """Give the least processor time of several calls, in seconds."""
    best = math.inf
    for _ in range(repeats):
        start = time.process_time()
        call()
        best = min(best, time.process_time() - start)
    return best


def compare_with_pingouin(drivers: int) -> None:
    """Print both times for the same rows of answers, and how far shares differ."""
    rng = np.random.default_rng(drivers)
    rows = rng.standard_normal((300, drivers)) + rng.standard_normal((300, 1))
    outcome = rows.sum(axis=1) + 3 * rng.standard_normal(300)
    whole = np.column_stack([rows, outcome]).T
    ours = time_best(lambda: decompose_r_squared(np.corrcoef(whole)), 100)
    start = time.process_time()
    found = pingouin.linear_regression(rows, outcome, relimp=True)
    theirs = time.process_time() - start
    shares = decompose_r_squared(np.corrcoef(whole)).lmg
    gap = np.abs(found["relimp"].to_numpy()[1:] - shares).max()
    print(
        f"{drivers:7d}   {ours:8.5f}   {theirs:12.3f}   {theirs / ours:7.0f}   "
        f"{gap:.0e}"
    )


def main() -> None:
    """Print the comparisons."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--pingouin", type=int, nargs="*", default=[10, 15])
    wanted = parser.parse_args().pingouin
    compare_with_refits()
    print("beside pingouin's linear_regression(relimp=True), which gives no floor:")
    if pingouin is None:
        print("  pingouin is not installed here")
    else:
        print("drivers   ours (s)   pingouin (s)     ratio   largest difference")
        for drivers in wanted:
            compare_with_pingouin(drivers)
    batch = np.stack([draw_correlation(12)] * 1000)
    seconds = time_best(lambda: decompose_r_squared(batch), 2)
    print(f"1,000 matrices of 12 drivers, with floors: {seconds:.2f} s")
    largest = draw_correlation(25)
    start = time.perf_counter()
    seconds = time_best(lambda: decompose_r_squared(largest), 1)
    clock = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"25 drivers, with floors, on two threads: {clock:.1f} s ({seconds:.1f} s of "
        f"processors); most memory {peak:.0f} MB"
    )


def compare_with_refits() -> None:
    """Print times beside a solve of each subset."""
    print("drivers   ours (s)   plain refit (s)   ratio   largest difference")
    for drivers in (8, 10, 12, 15, 18, 20):
        correlation = draw_correlation(drivers)
        ours = time_best(lambda c=correlation: decompose_r_squared(c), 5)
        if drivers > MOST_DRIVERS_REFITTED:
            print(f"{drivers:7d}   {ours:8.5f}")
            continue
        plain = time_best(lambda c=correlation: refit_every_subset(c), 1)
        shares = decompose_r_squared(correlation).lmg
        gap = np.abs(shares - refit_every_subset(correlation)).max()
        print(
            f"{drivers:7d}   {ours:8.5f}   {plain:15.4f}   {plain / ours:5.0f}   "
            f"{gap:.1e}"
        )


if __name__ == "__main__":
    main()
