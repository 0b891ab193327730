"""What may be shown of kinds and of fifths of customers."""

from __future__ import annotations

import numpy as np

from analysis.presentation.disclosure import Released, Sum, release
from analysis.studies.segment_profitability.classes.kinds import Kinds
from analysis.studies.segment_profitability.classes.quintiles import Fifths
from analysis.studies.segment_profitability.classes.words import (
    VERDICT_NAMES,
    name_dimension,
    name_kind,
)
from analysis.wording import say

HOLDING = ("stable", "highly stable")
"""Verdicts on kinds that may be acted on."""

_SIZES = ("profit_largest", "profit_second", "profit_absolute")


def release_kinds(kinds: Kinds) -> Released:
    """Release what kinds are like, how stable they are and what they bring.

    Parameters
    ----------
    kinds : Kinds
        Kinds of customers.

    Returns
    -------
    Released
        One row per kind: `name`, `customers`, `jaccard` with `jaccard_lower` and
        `jaccard_upper`, `verdict` (in words), `holds`, medians, and `profit_each` with
        `lower` and `upper`; the profit of a kind that does not hold is missing, since
        its customers may be others tomorrow.
    """
    rows = kinds.rows
    holds = rows["verdict"].isin(HOLDING)
    each = ["profit_each", "lower", "upper"]
    medians = [f"median_{name}" for name in kinds.features]
    similar = ["jaccard", "jaccard_lower", "jaccard_upper"]
    shown = rows[["customers", *each, *medians, *similar, "profit", *_SIZES]]
    released = release(
        shown.assign(
            name=[name_kind(row) for _, row in rows.iterrows()],
            verdict=[say(VERDICT_NAMES[verdict]) for verdict in rows["verdict"]],
            holds=holds,
            **{name: rows[name].where(holds, np.nan) for name in each},
        ),
        count="customers",
        amounts=("profit",),
        derived={name: ("profit", "customers") for name in each}
        | {name: ("customers",) for name in (*medians, *similar)},
        dominance=("profit",),
    )
    order = ["name", "verdict", "holds", "customers", *each, *medians, *similar]
    return released.select(order)


def release_stays(kinds: Kinds) -> Released:
    """Release how many customers stayed in each kind.

    Parameters
    ----------
    kinds : Kinds
        Kinds of customers; the quarter before must be known.

    Returns
    -------
    Released
        One row per kind: `name`, `both` (customers of both quarters who were in it),
        `stayed`, `moved`, and `stayed_pct` with `lower` and `upper`, percent of
        `both`.
    """
    rows = kinds.rows
    ends = {"stayed_lower": "lower", "stayed_upper": "upper"}
    kept = rows[["stayed", "stayed_pct", *ends]].rename(columns=ends)
    shares = ("stayed_pct", "lower", "upper")
    return release(
        kept.assign(
            name=[name_kind(row) for _, row in rows.iterrows()],
            both=rows["known_before"],
            moved=rows["known_before"] - rows["stayed"],
        ),
        count="both",
        counts=("stayed", "moved"),
        derived={name: ("stayed", "both") for name in shares},
        sums=(Sum("both", ("stayed", "moved")),),
    )


def release_fifths(fifths: Fifths) -> Released:
    """Release what fifths of customers bring.

    Parameters
    ----------
    fifths : Fifths
        Fifths by each dimension.

    Returns
    -------
    Released
        One row per dimension and fifth: `dimension` and `name` (as a reader knows
        them), `customers`, `profit_each` with `lower` and `upper`.
    """
    rows = fifths.rows
    each = ["profit_each", "lower", "upper"]
    named = rows.assign(
        dimension=[name_dimension(row) for _, row in rows.iterrows()],
        name=[say("Fifth {number}", number=int(number)) for number in rows["fifth"]],
    ).drop(columns="fifth")
    released = release(
        named,
        count="customers",
        amounts=("profit",),
        derived={name: ("profit", "customers") for name in each},
        dominance=("profit",),
    )
    return released.select(["dimension", "name", "customers", *each])
