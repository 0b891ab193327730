"""Score kinds of customers, and moves between classes, where the truth is known.

A draw is a set of customers: kinds planted apart, one cloud without any kinds, or
classes between which customers move with known chances.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment
from scipy.stats import norm

from analysis.statistics.cluster_stability import (
    LEAST_STABLE,
    ClusterChoice,
    ClusterStability,
    choose_clusters,
)
from analysis.statistics.nearest_centres import Labels, assign_nearest
from analysis.statistics.paired_bootstrap import Floats, draw_units
from analysis.studies.segment_profitability.classes.groups import (
    ABSENT,
    count_moves,
    share_moves,
)
from analysis.studies.segment_profitability.classes.kinds import COUNTS, judge_kind
from analysis.studies.segment_profitability.classes.ranking import measure_ranking
from analysis.studies.segment_profitability.classes.release_kinds import HOLDING
from analysis.studies.segment_profitability.classes.rules import CLASSES

HEADLINE = "report"
"""The estimator whose number the report prints."""
JACCARD_ALONE = "similarity alone"
"""What is common instead: the most kinds that come back, whether apart or not."""
GAP_ALONE = "gap alone"
"""The number of kinds with the largest gap, whether they come back or not."""

_N_POINTS, _N_FEATURES, _N_KINDS, _N_DRAWS = 1_000, 6, 4, 25
_DISTANCE = 4.0
"""Deviations between centres of planted kinds, along each of their axes."""
_CORRELATION = 0.5
_N_BEFORE = 3_000
_SIZES: Final = (0.42, 0.20, 0.30, 0.02, 0.06)
"""Shares of classes; few are valuable, so that few of their moves are seen."""
_MOVES: Final = (
    (0.010, 0.970, 0.015, 0.004, 0.0005, 0.0005),
    (0.010, 0.025, 0.860, 0.100, 0.0020, 0.0030),
    (0.005, 0.017, 0.060, 0.885, 0.0090, 0.0240),
    (0.005, 0.005, 0.010, 0.210, 0.3900, 0.3800),
    (0.004, 0.001, 0.005, 0.130, 0.0700, 0.7900),
)
"""Chances of leaving, and of being in each class a quarter later, by class."""
_MEANS: Final = (0.0, 0.3, 1.0, 1.6, 2.0)
"""Mean profit of classes, in deviations within a class."""


def score_classes(scenario: str, rng: np.random.Generator) -> pd.DataFrame:
    """Draw customers and let every estimator say what they are.

    Parameters
    ----------
    scenario : str
        One of `SCENARIOS`.
    rng : numpy.random.Generator
        Random numbers.

    Returns
    -------
    pandas.DataFrame
        One row per estimator and part of a target: `estimator`, `target`, `part`,
        `truth`, `estimate`, `lower`, `upper`. Of the number of kinds both ends are the
        number itself, so that coverage is the share of draws in which it is right;
        one kind stands for none that holds.
    """
    return SCENARIOS[scenario](rng)


def _score_apart(rng: np.random.Generator) -> pd.DataFrame:
    """Score kinds planted well apart: their number, and who is put into his own."""
    centres = _DISTANCE * np.eye(_N_KINDS, _N_FEATURES)
    kinds = rng.choice(_N_KINDS, _N_POINTS, p=(0.4, 0.3, 0.2, 0.1))
    points = centres[kinds] + rng.standard_normal((_N_POINTS, _N_FEATURES))
    best = _find_share(kinds, assign_nearest(points, centres))
    choice = choose_clusters(points, COUNTS, generator=rng, n_draws=_N_DRAWS)
    found = assign_nearest(points, choice.chosen.centres)
    share = {
        "estimator": HEADLINE,
        "target": "share in own kind",
        "part": "all",
        "truth": best,
        "estimate": _find_share(kinds, found),
    }
    spread = 1.96 * np.sqrt(best * (1 - best) / _N_POINTS)
    ends = {"lower": share["estimate"] - spread, "upper": share["estimate"] + spread}
    return pd.DataFrame([*_count_kinds(choice, _N_KINDS), share | ends])


def _score_chance(rng: np.random.Generator) -> pd.DataFrame:
    """Score one cloud, in which any kind that is called stable is an error."""
    common = rng.standard_normal((_N_POINTS, 1))
    own = rng.standard_normal((_N_POINTS, _N_FEATURES))
    cloud = np.sqrt(_CORRELATION) * common + np.sqrt(1 - _CORRELATION) * own
    choice = choose_clusters(cloud, COUNTS, generator=rng, n_draws=_N_DRAWS)
    return pd.DataFrame(_count_kinds(choice, 1))


def _score_moves(rng: np.random.Generator) -> pd.DataFrame:
    """Score the intervals of moves between classes."""
    before = rng.choice(len(CLASSES), _N_BEFORE, p=_SIZES).astype(np.int64)
    limits = np.cumsum(np.array(_MOVES), axis=1)[before]
    now = (rng.random((_N_BEFORE, 1)) > limits).sum(axis=1) + ABSENT
    shares = share_moves(count_moves(before, now.astype(np.int64), len(CLASSES)))
    old = shares[shares["origin"] != ABSENT]
    truth = np.array(_MOVES)[old["origin"], old["goal"] + 1]
    # A class in which a draw has fewer than ten customers is shown to nobody.
    shown = old["from_customers"] >= 10
    rows = pd.DataFrame(
        {
            "estimator": HEADLINE,
            "target": "share that moved",
            "part": [
                f"{_name(origin)} to {_name(goal)}"
                for origin, goal in zip(old["origin"], old["goal"], strict=True)
            ],
            "truth": 100 * truth,
            "estimate": old["share_pct"],
            "lower": old["lower"],
            "upper": old["upper"],
        }
    )
    return rows[shown].reset_index(drop=True)


def _score_ranking(rng: np.random.Generator) -> pd.DataFrame:
    """Score Somers' D of classes on a profit whose spread is known."""
    labels = rng.choice(len(CLASSES), _N_BEFORE, p=_SIZES).astype(np.int64)
    profit = np.array(_MEANS)[labels] + rng.standard_normal(_N_BEFORE)
    draws = draw_units(_N_BEFORE, n_draws=400, generator=rng)
    found = measure_ranking(profit, labels, len(CLASSES), draws)
    row = {
        "estimator": HEADLINE,
        "target": "ranking by class",
        "part": "all",
        "truth": _find_true_ranking(),
        "estimate": found.estimate,
        "lower": found.lower,
        "upper": found.upper,
    }
    return pd.DataFrame([row])


SCENARIOS: dict[str, Callable[[np.random.Generator], pd.DataFrame]] = {
    "segments apart": _score_apart,
    "segments of chance": _score_chance,
    "migration": _score_moves,
    "ranking by class": _score_ranking,
}
"""Worlds by name. A draw's numbers depend on the place of its world: new ones are
added at the end."""


def _count_kinds(choice: ClusterChoice, truth: int) -> list[dict[str, object]]:
    """Count the kinds that each way of judging would act on."""
    steady = [one for one in choice.tried if one.means.min() > LEAST_STABLE]
    alone = max((one.n_clusters for one in steady), default=1)
    largest: ClusterStability = max(choice.tried, key=lambda one: one.gap)
    verdicts = [
        judge_kind(float(similar), choice.is_apart, np.nan)
        for similar in choice.chosen.means
    ]
    holding = sum(verdict in HOLDING for verdict in verdicts)
    counts = {
        HEADLINE: max(holding, 1),
        JACCARD_ALONE: alone,
        GAP_ALONE: largest.n_clusters if largest.gap > 0 else 1,
    }
    return [
        {
            "estimator": name,
            "target": "kinds that hold",
            "part": "all",
            "truth": float(truth),
            **dict.fromkeys(("estimate", "lower", "upper"), float(count)),
        }
        for name, count in counts.items()
    ]


def _find_share(kinds: Labels, found: Labels) -> float:
    """Give the share put into their own kind, kinds paired as well as can be."""
    shape = int(kinds.max()) + 1, int(found.max()) + 1
    both = np.bincount(kinds * shape[1] + found, minlength=shape[0] * shape[1])
    table = both.reshape(shape)
    pairs = linear_sum_assignment(table, maximize=True)
    return float(table[pairs].sum() / len(kinds))


def _name(place: int) -> str:
    return "left" if place == ABSENT else CLASSES[place].replace("_", " ")


def _find_true_ranking() -> float:
    """Give Somers' D of normal profits: 2 P(higher class has more) - 1, over pairs."""
    sizes, means = np.array(_SIZES), np.array(_MEANS)
    pairs = np.outer(sizes, sizes)[np.triu_indices(len(sizes), 1)]
    gaps = (means[None, :] - means[:, None])[np.triu_indices(len(sizes), 1)]
    above: Floats = 2 * norm.cdf(gaps / np.sqrt(2)) - 1
    return float((pairs * above).sum() / pairs.sum())
