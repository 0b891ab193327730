"""Fifths of customers by how recently, how often and with how much they come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from analysis.statistics.paired_bootstrap import Floats
from analysis.studies.segment_profitability.classes.behaviour import (
    Behaviour,
    place_labels,
)
from analysis.studies.segment_profitability.classes.groups import (
    ABSENT,
    Labels,
    average_groups,
    measure_share,
    sum_groups,
)
from analysis.studies.segment_profitability.classes.ranking import (
    measure_ranking,
    rank_in_groups,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.wording import say

FIFTHS: Final = 5

DIMENSIONS: Final = {
    "recency_months": -1.0,
    "own_contacts": 1.0,
    "income": 1.0,
    "assets": 1.0,
}
"""Recency, frequency, monetary value, and balance; -1 where less is better."""


@dataclass(frozen=True, slots=True, eq=False)
class Fifths:
    """Profit of fifths of customers, by each dimension.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per fifth and dimension that has customers: `dimension`, `fifth` (from
        1, the lowest), `customers`, `profit` with its dominance, `profit_each` with
        `lower` and `upper`.
    dimensions : pandas.DataFrame
        One row per dimension, the best first: `dimension`, `ranking` (Somers' D of
        fifths on profit) with `lower` and `upper`, and of the customers of both
        quarters `both`, and `stayed_pct` in their fifth with `stayed_lower` and
        `stayed_upper` (missing where the quarter before is not known).
    behaviour : Behaviour
        What was divided.
    """

    rows: pd.DataFrame
    dimensions: pd.DataFrame
    behaviour: Behaviour

    @property
    def judged(self) -> pd.DataFrame:
        """Dimensions that may be compared: income is a part of profit itself."""
        others = self.dimensions["dimension"] != "income"
        return self.dimensions[others] if others.any() else self.dimensions


def cut_fifths(behaviour: Behaviour | Refused) -> Fifths | Refused:
    """Cut customers into fifths by recency, frequency, income and balance.

    Parameters
    ----------
    behaviour : Behaviour or Refused
        Customers of both quarters.

    Returns
    -------
    Fifths or Refused
        Equal customers stay together, so that fifths may differ in size.

    References
    ----------
    .. [1] Hughes (1994), Strategic Database Marketing, on recency, frequency and
       monetary value; balance added, since a bank's customers hold rather than buy.
    """
    if isinstance(behaviour, Refused):
        return behaviour
    if not behaviour.knows_activity:
        return behaviour.refuse(say("The source does not say what customers do."))
    cut = {name: _cut(behaviour.now, name) for name in DIMENSIONS}
    labels = {name: fifth for name, fifth in cut.items() if fifth.min() < fifth.max()}
    if not labels:
        return behaviour.refuse(say("All customers do and hold the same."))
    parts = [_describe_fifths(behaviour, *each) for each in labels.items()]
    dimensions = pd.DataFrame(
        [_describe_dimension(behaviour, *each) for each in labels.items()]
    )
    return Fifths(
        rows=pd.concat(parts).sort_values("fifth", ignore_index=True, kind="stable"),
        dimensions=dimensions.sort_values(
            "ranking", ascending=False, ignore_index=True, kind="stable"
        ),
        behaviour=behaviour,
    )


def _cut(rows: pd.DataFrame, name: str) -> Labels:
    values: Floats = DIMENSIONS[name] * rows[name].to_numpy(np.float64)
    return rank_in_groups(values, FIFTHS)


def _describe_fifths(behaviour: Behaviour, name: str, labels: Labels) -> pd.DataFrame:
    profit = behaviour.now["profit"].to_numpy()
    each = average_groups(profit, labels, FIFTHS, behaviour.draws)
    rows = pd.concat(
        [
            sum_groups(behaviour.now, labels, FIFTHS, ["profit"]),
            each.rename(columns={"mean": "profit_each"}),
        ],
        axis=1,
    ).assign(dimension=name, fifth=range(1, FIFTHS + 1))
    return rows[rows["customers"] > 0]


def _describe_dimension(
    behaviour: Behaviour, name: str, labels: Labels
) -> dict[str, object]:
    ranking = measure_ranking(
        behaviour.now["profit"].to_numpy(), labels, FIFTHS, behaviour.draws
    )
    return {
        "dimension": name,
        "ranking": ranking.estimate,
        "lower": ranking.lower,
        "upper": ranking.upper,
        **_count_stays(behaviour, name, labels),
    }


def _count_stays(behaviour: Behaviour, name: str, labels: Labels) -> dict[str, float]:
    now = place_labels(labels, behaviour.now, behaviour.n_places)
    earlier = _cut(behaviour.before, name) if len(behaviour.before) else labels[:0]
    before = place_labels(earlier, behaviour.before, behaviour.n_places)
    is_both = (now != ABSENT) & (before != ABSENT)
    both, stayed = int(is_both.sum()), int((is_both & (now == before)).sum())
    if not both:
        names = ("stayed_pct", "stayed_lower", "stayed_upper")
        return {"both": 0, **dict.fromkeys(names, np.nan)}
    lower, upper = measure_share(pd.Series([float(stayed)]), pd.Series([float(both)]))
    return {
        "both": both,
        "stayed_pct": 100 * stayed / both,
        "stayed_lower": 100 * float(lower[0]),
        "stayed_upper": 100 * float(upper[0]),
    }
