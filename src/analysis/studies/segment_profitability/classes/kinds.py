"""Divide customers by how they behave, and ask whether the kinds hold.

Kinds are found on a sample and given to all; they are numbered by what their customers
hold, the smallest first. A kind that does not come back is not to be acted on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from analysis.statistics.cluster_stability import (
    ClusterChoice,
    Stability,
    choose_clusters,
    judge_stability,
)
from analysis.statistics.nearest_centres import Labels, assign_nearest
from analysis.statistics.paired_bootstrap import Floats
from analysis.statistics.partition_agreement import adjusted_rand_index
from analysis.studies.segment_profitability.classes.behaviour import (
    Behaviour,
    place_labels,
)
from analysis.studies.segment_profitability.classes.groups import (
    ABSENT,
    average_groups,
    measure_share,
    sum_groups,
)
from analysis.studies.segment_profitability.parameters import Parameters
from analysis.studies.segment_profitability.refusal import Refused
from analysis.wording import say

FEATURES: Final = {
    "recency_months": True,
    "own_contacts": True,
    "assets": True,
    "loans": True,
    "n_products": True,
    "is_digital": False,
    "tenure_years": True,
}
"""What kinds are found by, and whether its logarithm (of one more) is taken."""

COUNTS = range(2, 7)
"""Numbers of kinds tried: nobody steers more than six."""

SAMPLE_SIZE = 2_000
"""Customers that kinds are found on; a kind of 2 % then rests on some forty."""

LEAST_CUSTOMERS = 200
"""Fewer customers are not divided: a kind of a tenth would rest on twenty."""

LEAST_STAYED_PCT = 60.0
"""A kind that clearly fewer have stayed in over a quarter is doubtful at best."""


@dataclass(frozen=True, slots=True, eq=False)
class Kinds:
    """Kinds of customers by behaviour.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per kind, smallest assets first: `kind` (from 1), `customers`,
        `jaccard` with `jaccard_lower` and `jaccard_upper` (of resamples), `verdict`,
        the median of each feature in "median_<feature>" and how far it lies from that
        of all in "lean_<feature>" (deviations of the scaled feature), `profit` with its
        dominance, `profit_each` with `lower` and `upper`, and of the quarter before
        `customers_before`, `stayed_pct` with `stayed_lower` and `stayed_upper`
        (percent of those still customers; missing where the quarter is not known).
    choice : ClusterChoice
        The numbers of kinds tried.
    features : tuple of str
        What kinds were found by.
    rand_index : float or None
        Agreement of both quarters on who belongs together, beyond chance.
    stayed : tuple of int
        Customers of both quarters, and how many stayed in their kind.
    behaviour : Behaviour
        What was divided.
    """

    rows: pd.DataFrame
    choice: ClusterChoice
    features: tuple[str, ...]
    rand_index: float | None
    stayed: tuple[int, int]
    behaviour: Behaviour


@dataclass(frozen=True, slots=True, eq=False)
class _Rule:
    """How a customer's kind follows from behaviour.

    Parameters
    ----------
    features : tuple of str
        What it looks at.
    centre, scale : ndarray of float, shape (n_features,)
        Mean and deviation of each feature in the sample.
    centres : ndarray of float, shape (n_kinds, n_features)
        Centres of kinds, on that scale.
    """

    features: tuple[str, ...]
    centre: Floats
    scale: Floats
    centres: Floats

    def standardise(self, rows: pd.DataFrame) -> Floats:
        """Put behaviour on the scale of the sample."""
        scaled: Floats = (_take_logs(rows, self.features) - self.centre) / self.scale
        return scaled

    def label(self, rows: pd.DataFrame) -> Labels:
        """Say which kind each customer is of, from 0."""
        return assign_nearest(self.standardise(rows), self.centres)


def divide_customers(
    behaviour: Behaviour | Refused, parameters: Parameters
) -> Kinds | Refused:
    """Divide customers into kinds by what they do and hold.

    Parameters
    ----------
    behaviour : Behaviour or Refused
        Customers of both quarters.
    parameters : Parameters
        Seed.

    Returns
    -------
    Kinds or Refused
        Refused with too few customers or without anything said of what they do.
    """
    if isinstance(behaviour, Refused):
        return behaviour
    if len(behaviour.now) < LEAST_CUSTOMERS:
        return behaviour.refuse(
            say("Kinds need at least {least} customers.", least=LEAST_CUSTOMERS)
        )
    generator = np.random.default_rng(parameters.seed)
    size = min(SAMPLE_SIZE, len(behaviour.now))
    chosen = generator.choice(len(behaviour.now), size, replace=False)
    sample = behaviour.now.iloc[np.sort(chosen)]
    features = _list_features(sample)
    if not behaviour.knows_activity or len(features) < 3:
        return behaviour.refuse(say("The source does not say what customers do."))
    logs = _take_logs(sample, features)
    centre, scale = logs.mean(axis=0), logs.std(axis=0)
    choice = choose_clusters((logs - centre) / scale, COUNTS, generator=generator)
    place = features.index("assets")
    order = np.argsort(choice.chosen.centres[:, place], kind="stable")
    rule = _Rule(features, centre, scale, choice.chosen.centres[order])
    return _describe(behaviour, choice, order, rule)


def judge_kind(jaccard: float, is_apart: bool, stayed_upper: float) -> Stability:
    """Say whether a kind may be acted on.

    Parameters
    ----------
    jaccard : float
        Mean similarity over resamples.
    is_apart : bool
        Whether the division is further apart than chance makes it.
    stayed_upper : float
        Upper end of the share who stayed over the quarter, percent; missing where it
        is not known.

    Returns
    -------
    {"highly stable", "stable", "doubtful", "unstable"}
        Doubtful at best where clearly too few stayed.
    """
    holds = is_apart and not stayed_upper < LEAST_STAYED_PCT
    return judge_stability(jaccard, is_apart=holds)


def _list_features(sample: pd.DataFrame) -> tuple[str, ...]:
    """List what the source knows of everybody and what differs between them."""
    return tuple(
        name
        for name in FEATURES
        if sample[name].notna().all() and sample[name].max() > sample[name].min()
    )


def _take_logs(rows: pd.DataFrame, features: tuple[str, ...]) -> Floats:
    columns = [
        np.log1p(np.maximum(values, 0.0)) if FEATURES[name] else values
        for name in features
        for values in [rows[name].fillna(0.0).to_numpy(np.float64)]
    ]
    return np.column_stack(columns)


def _describe(
    behaviour: Behaviour, choice: ClusterChoice, order: Labels, rule: _Rule
) -> Kinds:
    now = rule.label(behaviour.now)
    n_kinds = len(order)
    stays = _count_stays(behaviour, now, rule)
    jaccard = choice.chosen.jaccard[:, order]
    means = jaccard.mean(axis=0)
    each = average_groups(
        behaviour.now["profit"].to_numpy(), now, n_kinds, behaviour.draws
    )
    rows = pd.concat(
        [
            sum_groups(behaviour.now, now, n_kinds, ["profit"]),
            each.rename(columns={"mean": "profit_each"}),
            _find_medians(behaviour.now, now, n_kinds, rule),
            stays,
        ],
        axis=1,
    ).assign(
        kind=np.arange(1, n_kinds + 1),
        jaccard=means,
        jaccard_lower=np.minimum(np.quantile(jaccard, 0.025, axis=0), means),
        jaccard_upper=np.maximum(np.quantile(jaccard, 0.975, axis=0), means),
    )
    verdicts = [
        judge_kind(similar, choice.is_apart, upper)
        for similar, upper in zip(means, stays["stayed_upper"], strict=True)
    ]
    both = stays["known_before"].sum(), stays["stayed"].sum()
    return Kinds(
        rows=rows.assign(verdict=verdicts),
        choice=choice,
        features=rule.features,
        rand_index=_compare_quarters(behaviour, now, rule),
        stayed=(int(both[0]), int(both[1])),
        behaviour=behaviour,
    )


def _find_medians(
    rows: pd.DataFrame, labels: Labels, n_kinds: int, rule: _Rule
) -> pd.DataFrame:
    names = list(rule.features)
    medians = rows[names].groupby(labels).median().reindex(range(n_kinds))
    lean = rule.standardise(medians) - rule.standardise(
        rows[names].median().to_frame().T
    )
    leans = pd.DataFrame(lean, columns=names, index=medians.index)
    return pd.concat([medians.add_prefix("median_"), leans.add_prefix("lean_")], axis=1)


def _place_both(
    behaviour: Behaviour, now: Labels, rule: _Rule
) -> tuple[Labels, Labels]:
    """Lay the kinds of both quarters side by side, by the rule of the one reported."""
    earlier = rule.label(behaviour.before)
    return (
        place_labels(earlier, behaviour.before, behaviour.n_places),
        place_labels(now, behaviour.now, behaviour.n_places),
    )


def _count_stays(behaviour: Behaviour, now: Labels, rule: _Rule) -> pd.DataFrame:
    """Count who stayed in each kind, of those who are still customers."""
    n_kinds = len(rule.centres)
    before, after = _place_both(behaviour, now, rule)
    is_both = (before != ABSENT) & (after != ABSENT)
    size = np.bincount(before[is_both], minlength=n_kinds)
    stays = is_both & (before == after)
    stayed = np.bincount(before[stays], minlength=n_kinds)
    lower, upper = (
        np.where(size > 0, 100 * end, np.nan)
        for end in measure_share(
            pd.Series(stayed).astype(float), pd.Series(np.maximum(size, 1))
        )
    )
    return pd.DataFrame(
        {
            "customers_before": np.bincount(
                before[before != ABSENT], minlength=n_kinds
            ),
            "known_before": size,
            "stayed": stayed,
            "stayed_pct": np.where(
                size > 0, 100 * stayed / np.maximum(size, 1), np.nan
            ),
            "stayed_lower": lower,
            "stayed_upper": upper,
        }
    )


def _compare_quarters(behaviour: Behaviour, now: Labels, rule: _Rule) -> float | None:
    before, after = _place_both(behaviour, now, rule)
    is_both = (before != ABSENT) & (after != ABSENT)
    if is_both.sum() < LEAST_CUSTOMERS:
        return None
    return adjusted_rand_index(before[is_both], after[is_both])
