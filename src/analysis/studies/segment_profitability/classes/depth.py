"""Whether customers with more products bring more profit, and what is held together.

Customers choose what they hold: differences between them are associations, not what a
further product would bring.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
import pandas as pd

from analysis.presentation.disclosure import MINIMUM_CELL
from analysis.statistics.joint_holding import JointHolding, measure_joint_holding
from analysis.statistics.multiple_tests import limit_false_discoveries
from analysis.statistics.paired_bootstrap import BootstrapEstimate, Floats, summarise
from analysis.studies.segment_profitability.classes.behaviour import Behaviour
from analysis.studies.segment_profitability.classes.groups import (
    Labels,
    average_groups,
    replicate_means,
    sum_groups,
)
from analysis.studies.segment_profitability.parameters import CONFIDENCE_LEVEL
from analysis.studies.segment_profitability.refusal import Refused
from analysis.wording import say

LEVELS: Final = 3
"""At most one product, two, three or more."""

FALSE_DISCOVERIES: Final = 0.05
"""Share of pairs called out that may be chance."""

HELD_BY_ALL: Final = 0.95
"""A product that more customers hold goes with everything; it is in no pair."""

_FIELDS = tuple(JointHolding.__dataclass_fields__)


@dataclass(frozen=True, slots=True, eq=False)
class ProductDepth:
    """Profit by the number of products held.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per level (1, 2, 3 for three or more): `level`, `customers`, `profit`
        with its dominance, `profit_each` with `lower` and `upper`, and
        `standard_each`, `standard_lower`, `standard_upper`: the same if each level had
        all customers' mix of segments (missing without a segment to compare within).
    raw : BootstrapEstimate
        Profit of an average customer of the last level less one of the first.
    standard : BootstrapEstimate or None
        The same within segments, at all customers' mix of them.
    segments : tuple of str
        Segments compared within: each with at least ten customers at every level.
    covered_pct : float
        Share of customers who are in them, percent.
    pairs : pandas.DataFrame
        One row per pair of products: `product`, `other`, the fields of `JointHolding`,
        and `adjusted_pvalue`; the highest lift first.
    behaviour : Behaviour
        What was compared.
    """

    rows: pd.DataFrame
    raw: BootstrapEstimate
    standard: BootstrapEstimate | None
    segments: tuple[str, ...]
    covered_pct: float
    pairs: pd.DataFrame
    behaviour: Behaviour


def measure_depth(behaviour: Behaviour | Refused) -> ProductDepth | Refused:
    """Compare profit by the number of products held, as it is and within segments.

    Parameters
    ----------
    behaviour : Behaviour or Refused
        Customers.

    Returns
    -------
    ProductDepth or Refused
        Refused where too few customers hold one product, or three.

    References
    ----------
    .. [1] Rothman, Greenland and Lash (2008), Modern Epidemiology, ch. 15: direct
       standardisation.
    """
    if isinstance(behaviour, Refused):
        return behaviour
    levels = np.clip(behaviour.now["n_products"].to_numpy(np.int64), 1, LEVELS) - 1
    if np.bincount(levels, minlength=LEVELS).min() < MINIMUM_CELL:
        return behaviour.refuse(
            say(
                "Fewer than {least} customers hold one product, two, or three.",
                least=MINIMUM_CELL,
            ),
            say("Report on a larger group of customers."),
        )
    profit = behaviour.now["profit"].to_numpy()
    means = replicate_means(profit, levels, LEVELS, behaviour.draws)
    names, replicates, covered = _standardise(behaviour, levels)
    return ProductDepth(
        rows=_describe(behaviour, levels, replicates),
        raw=_compare(means),
        standard=_compare(replicates) if names else None,
        segments=names,
        covered_pct=covered,
        pairs=_measure_pairs(behaviour),
        behaviour=behaviour,
    )


def _compare(means: Floats) -> BootstrapEstimate:
    difference: Floats = means[:, -1] - means[:, 0]
    return summarise(difference, confidence_level=CONFIDENCE_LEVEL)


def _describe(behaviour: Behaviour, levels: Labels, standard: Floats) -> pd.DataFrame:
    profit = behaviour.now["profit"].to_numpy()
    each = average_groups(profit, levels, LEVELS, behaviour.draws)
    columns = ["standard_each", "standard_lower", "standard_upper"]
    summaries = [
        summarise(standard[:, level], confidence_level=CONFIDENCE_LEVEL)
        if standard.size
        else BootstrapEstimate(np.nan, np.nan, np.nan)
        for level in range(LEVELS)
    ]
    standardised = pd.DataFrame(
        [(each.estimate, each.lower, each.upper) for each in summaries],
        columns=columns,
    )
    sums = sum_groups(behaviour.now, levels, LEVELS, ["profit"])
    return pd.concat(
        [sums, each.rename(columns={"mean": "profit_each"}), standardised], axis=1
    ).assign(level=range(1, LEVELS + 1))


def _standardise(
    behaviour: Behaviour, levels: Labels
) -> tuple[tuple[str, ...], Floats, float]:
    """Average each level over segments, weighted by all customers' mix of them."""
    segments = pd.Categorical(behaviour.now["segment"])
    names, codes = list(segments.categories), segments.codes.astype(np.int64)
    cells = codes * LEVELS + levels
    n_cells = len(names) * LEVELS
    sizes = np.bincount(cells, minlength=n_cells).reshape(-1, LEVELS)
    usable = sizes.min(axis=1) >= MINIMUM_CELL
    covered = 100 * float(sizes[usable].sum() / sizes.sum())
    if not usable.any():
        return (), np.zeros((0, LEVELS)), covered
    profit = behaviour.now["profit"].to_numpy()
    means = replicate_means(profit, cells, n_cells, behaviour.draws)
    within = means.reshape(len(means), -1, LEVELS)[:, usable]
    weights = sizes[usable].sum(axis=1) / sizes[usable].sum()
    replicates: Floats = np.einsum("t,btl->bl", weights, within)
    kept = tuple(str(name) for name, ok in zip(names, usable, strict=True) if ok)
    return kept, replicates, covered


def _measure_pairs(behaviour: Behaviour) -> pd.DataFrame:
    """Measure every pair of products that some hold and some do not."""
    codes = pd.Categorical(behaviour.now["segment"]).codes.astype(np.int64)
    found = []
    for first, second in combinations(_list_held(behaviour), 2):
        holds = [
            behaviour.now[f"holds_{n}"].to_numpy(np.int64) for n in (first, second)
        ]
        holding = measure_joint_holding(
            _tabulate_pair(codes, *holds), confidence_level=CONFIDENCE_LEVEL
        )
        if holding is not None:
            names = behaviour.products[first], behaviour.products[second]
            found.append(_write_row(names, holding))
    pairs = pd.DataFrame(found, columns=["product", "other", *_FIELDS])
    adjusted = limit_false_discoveries(pairs["pvalue"].astype(float))
    return pairs.assign(adjusted_pvalue=adjusted).sort_values(
        "lift", ascending=False, ignore_index=True
    )


def _list_held(behaviour: Behaviour) -> list[int]:
    """List the products of which it tells something whether they are held."""
    shares = [
        float(behaviour.now[f"holds_{n}"].mean())
        for n in range(len(behaviour.products))
    ]
    return [n for n, share in enumerate(shares) if 0 < share <= HELD_BY_ALL]


def _tabulate_pair(codes: Labels, first: Labels, second: Labels) -> Floats:
    n_segments = int(codes.max()) + 1
    counts = np.bincount(4 * codes + 2 * first + second, minlength=4 * n_segments)
    return counts.reshape(n_segments, 2, 2).astype(np.float64)


def _write_row(names: tuple[str, str], holding: JointHolding) -> dict[str, object]:
    fields = {name: getattr(holding, name) for name in _FIELDS}
    return {"product": names[0], "other": names[1], **fields}
