"""What may be shown of the bank's classes of customers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pandas as pd

from analysis.data.dominance import MEASURES, pool_dominance
from analysis.presentation.disclosure import (
    Released,
    Sum,
    is_suppressed,
    release,
    stack,
)
from analysis.studies.segment_profitability.account.segment_names import (
    EVERYBODY,
    name_segment,
)
from analysis.studies.segment_profitability.classes.rules import (
    CLASSES,
    DECILES,
    HIGH,
    LOW,
    RuleClasses,
)
from analysis.studies.segment_profitability.classes.words import (
    name_class,
    name_classes,
)
from analysis.studies.segment_profitability.sentences import scale_amounts
from analysis.studies.segment_profitability.shown_rows import ShownRows
from analysis.wording import get_language, say, speak

SHOWN_AMOUNTS = ("balances", "income", "cost_to_serve", "profit")
"""Amounts of a class that are shown, major currency units."""

_COUNTS = ("losing", "earning")
_MOST_ROWS = 8
"""Rows up to which tenths are tried: more take long to audit, and few would show."""
_BANDS = (tuple(range(DECILES)), (0, 1, 5, 8, 9), (0, 1, 9), (0, 1))
"""Tenths at which bands of profit start, the finest first."""


def release_classes(classes: RuleClasses) -> tuple[ShownRows, str]:
    """Release what classes hold, cost and bring.

    Parameters
    ----------
    classes : RuleClasses
        Customers by the bank's rules.

    Returns
    -------
    ShownRows, str
        One row per class in their order and the total: `name`, `customers`,
        `SHOWN_AMOUNTS` (each also as "<amount>_scaled"), and `profit_each` with
        `lower` and `upper` (missing for the total); and the unit of the scaled
        amounts in words.
    """
    return _release_once(classes, get_language())


def release_errors(classes: RuleClasses) -> Released:
    """Release how many customers of high value lose money and of low value earn it.

    Other classes stand together, so that few losers of one of them hide nothing else.

    Parameters
    ----------
    classes : RuleClasses
        Customers by the bank's rules.

    Returns
    -------
    Released
        Rows of `HIGH`, of `LOW`, of all others, and the total: `customers`, `losing`,
        `earning`, each count also as "<count>_pct".
    """
    counts = classes.rows[["customers", *_COUNTS]]
    named = counts.loc[[HIGH, LOW]]
    rows = pd.concat(
        [named, (counts.sum() - named.sum()).to_frame().T, counts.sum().to_frame().T],
        ignore_index=True,
    )
    size = rows["customers"].clip(lower=1)
    return release(
        rows.assign(**{f"{name}_pct": 100 * rows[name] / size for name in _COUNTS}),
        count="customers",
        counts=_COUNTS,
        derived={f"{name}_pct": (name, "customers") for name in _COUNTS},
        sums=(Sum("customers", _COUNTS),),
        has_total=True,
    )


def release_moves(classes: RuleClasses) -> Released:
    """Release who moved from class to class.

    Parameters
    ----------
    classes : RuleClasses
        Customers by the bank's rules; the quarter before must be known.

    Returns
    -------
    Released
        One row per pair of classes: `origin` and `goal` (as a reader knows them),
        `stays`, `customers`, `share_pct` with `lower` and `upper`, percent of those in
        `origin`.
    """
    goals = sorted(classes.moves["goal"].unique(), key=_put_absent_last)
    wide = _lay_out_moves(classes.moves, goals)
    ends = ("share_pct", "lower", "upper")
    released = release(
        wide,
        count="customers",
        counts=[f"customers_{n}" for n in range(len(goals))],
        derived={
            f"{end}_{n}": (f"customers_{n}", "customers")
            for end in ends
            for n in range(len(goals))
        },
        sums=(Sum("customers", tuple(f"customers_{n}" for n in range(len(goals)))),),
        has_total=True,
    )
    parts = released.keep([not total for total in released.totals])
    columns = ("goal", "stays", "customers", *ends)
    return stack(
        [
            parts.select(["origin", *(f"{name}_{n}" for name in columns)]).rename(
                {f"{name}_{n}": name for name in columns}
            )
            for n in range(len(goals))
        ]
    )


def release_tier_deciles(classes: RuleClasses) -> Released:
    """Release how segments spread over tenths of customers by profit.

    Parameters
    ----------
    classes : RuleClasses
        Customers by the bank's rules, and by segment.

    Returns
    -------
    Released
        One row per segment, richest first, in the form of `release_class_deciles`.
    """
    rows = classes.tier_deciles
    names = [name_segment(str(name)) for name in rows["segment"]]
    return _release_deciles(rows.drop(columns="segment"), names)


def name_origin(place: int) -> str:
    """Name a class that customers came from.

    Parameters
    ----------
    place : int
        Place of the class; below 0 for who was no customer.

    Returns
    -------
    str
        In the reader's language.
    """
    return name_class(place) if place >= 0 else say("New customers")


def name_goal(place: int) -> str:
    """Name a class that customers went to.

    Parameters
    ----------
    place : int
        Place of the class; below 0 for who is no customer any more.

    Returns
    -------
    str
        In the reader's language.
    """
    return name_class(place) if place >= 0 else say("Left the bank")


@lru_cache(maxsize=2)
def _release_once(classes: RuleClasses, language: str) -> tuple[ShownRows, str]:
    with speak(language):
        return _release(classes)


def _release(classes: RuleClasses) -> tuple[ShownRows, str]:
    currency = classes.behaviour.account.currency
    tested = [f"{name}_{end}" for name in SHOWN_AMOUNTS for end in MEASURES]
    each = ["profit_each", "lower", "upper"]
    kept = ["customers", *SHOWN_AMOUNTS, *tested, *each]
    parts = classes.rows[kept].assign(name=name_classes())
    sums = parts[["customers", *SHOWN_AMOUNTS]].sum()
    total = sums.to_dict() | pool_dominance(parts, SHOWN_AMOUNTS)
    whole = pd.DataFrame([total]).assign(name=say(EVERYBODY))
    rows = pd.concat([parts, whole], ignore_index=True).astype({"customers": "int64"})
    scaled, unit = scale_amounts(rows, SHOWN_AMOUNTS, currency)
    derived: dict[str, Sequence[str]] = {name: ("profit", "customers") for name in each}
    derived |= {f"{name}_scaled": (name,) for name in SHOWN_AMOUNTS}
    released = release(
        scaled,
        count="customers",
        amounts=SHOWN_AMOUNTS,
        derived=derived,
        dominance=SHOWN_AMOUNTS,
        has_total=True,
    )
    return ShownRows(released), unit


def _put_absent_last(place: int) -> int:
    return place if place >= 0 else len(CLASSES)


def _lay_out_moves(moves: pd.DataFrame, goals: list[int]) -> pd.DataFrame:
    """Lay goals side by side, one row per origin, and add everybody below."""
    origins = sorted(moves["origin"].unique(), key=_put_absent_last)
    columns: dict[str, object] = {
        "origin": [*(name_origin(int(place)) for place in origins), say(EVERYBODY)]
    }
    for number, goal in enumerate(goals):
        part = moves[moves["goal"] == goal].set_index("origin").reindex(origins)
        sizes = part["customers"].fillna(0).astype("int64")
        columns[f"customers_{number}"] = [*sizes, int(sizes.sum())]
        columns[f"goal_{number}"] = name_goal(int(goal))
        columns[f"stays_{number}"] = [*(place == goal >= 0 for place in origins), False]
        for end in ("share_pct", "lower", "upper"):
            columns[f"{end}_{number}"] = [*part[end], np.nan]
    wide = pd.DataFrame(columns)
    counted = [f"customers_{number}" for number in range(len(goals))]
    return wide.assign(customers=wide[counted].sum(axis=1))


def _release_deciles(rows: pd.DataFrame, names: list[str]) -> Released:
    """Show each row's spread in percent, in the finest bands that show the lowest.

    The rows add up to tenths of everybody, which anybody knows, so that few customers
    in one cell hide others too.
    """
    tried = _BANDS if len(rows) <= _MOST_ROWS else _BANDS[2:]
    bands = [_release_bands(rows, names, starts) for starts in tried]
    whole = [one for one in bands if not one.rows.iloc[:, 0].map(is_suppressed).any()]
    if whole:
        return whole[0]
    return min(bands, key=lambda one: one.n_hidden / one.rows.size)


def _release_bands(
    rows: pd.DataFrame, names: list[str], starts: tuple[int, ...]
) -> Released:
    ends = (*starts[1:], DECILES)
    counts = [f"band_{start}" for start in starts]
    merged = {
        name: rows[[f"decile_{n}" for n in range(start, end)]].sum(axis=1)
        for name, start, end in zip(counts, starts, ends, strict=True)
    }
    parts = pd.DataFrame({"customers": rows["customers"], **merged})
    total = parts.sum().to_frame().T
    table = pd.concat([parts, total], ignore_index=True) if len(rows) > 1 else parts
    size = table["customers"].clip(lower=1)
    heads = [_name_band(*pair) for pair in zip(starts, ends, strict=True)]
    shares = {
        head: 100 * table[name] / size for head, name in zip(heads, counts, strict=True)
    }
    labels = [*names, say(EVERYBODY)] if len(rows) > 1 else names
    released = release(
        table.assign(**shares).set_axis(pd.Index(labels), axis=0),
        count="customers",
        counts=counts,
        derived={
            head: (name, "customers") for head, name in zip(heads, counts, strict=True)
        },
        sums=(Sum("customers", tuple(counts)),),
        has_total=len(rows) > 1,
    )
    return released.select(heads)


def _name_band(start: int, end: int) -> str:
    if end - start > 1:
        return say("Tenths {first} to {last}", first=start + 1, last=end)
    if start == 0:
        return say("Lowest tenth")
    if end == DECILES:
        return say("Highest tenth")
    return say("Tenth {number}", number=end)
