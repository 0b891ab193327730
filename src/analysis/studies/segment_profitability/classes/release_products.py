"""What may be shown of products: depth, pairs held together, and margins."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from analysis.data.dominance import MEASURES, pool_dominance
from analysis.presentation.disclosure import Released, release, stack
from analysis.studies.segment_profitability.account.segment_names import (
    EVERYBODY,
    name_segment,
)
from analysis.studies.segment_profitability.classes.depth import (
    FALSE_DISCOVERIES,
    HELD_BY_ALL,
    ProductDepth,
)
from analysis.studies.segment_profitability.classes.margins import ProductMargins
from analysis.studies.segment_profitability.classes.words import (
    name_level,
    name_product_line,
)
from analysis.wording import get_language, say, speak


def release_depth(depth: ProductDepth) -> Released:
    """Release profit by the number of products held.

    Parameters
    ----------
    depth : ProductDepth
        Profit by depth.

    Returns
    -------
    Released
        One row per level and way of comparing: `name` and `way` (as a reader knows
        them), `customers`, `profit_each` with `lower` and `upper`; the rows within
        segments only where there are some.
    """
    standard = {
        "standard_each": "profit_each",
        "standard_lower": "lower",
        "standard_upper": "upper",
    }
    raw = depth.rows.drop(columns=list(standard))
    parts = [_release_levels(raw, say("As they are"))]
    if depth.standard is not None:
        inside = depth.rows.drop(columns=list(standard.values()))
        parts.append(
            _release_levels(
                inside.rename(columns=standard), say("At the same mix of segments")
            )
        )
    return stack(parts)


def release_pairs(depth: ProductDepth) -> Released:
    """Release which products are held together.

    Parameters
    ----------
    depth : ProductDepth
        Pairs of products.

    Returns
    -------
    Released
        One row per pair, the highest lift first: `name`, `both` (customers), `lift`
        with `lower` and `upper`, `raw_lift`, and `is_chance`.
    """
    rows = depth.pairs
    named = pd.DataFrame(
        {
            "name": [
                say("{first} and {second}", first=first, second=second)
                for first, second in zip(rows["product"], rows["other"], strict=True)
            ],
            "is_chance": ~(rows["adjusted_pvalue"] < FALSE_DISCOVERIES),
            **{name: rows[name] for name in ("both", "lift", "lower", "upper")},
            "raw_lift": rows["raw_lift"],
        }
    )
    lifts = ("lift", "lower", "upper", "raw_lift")
    return release(named, count="both", derived={name: ("both",) for name in lifts})


def release_margins(margins: ProductMargins) -> Released:
    """Release what an average customer of each segment brings by product.

    Parameters
    ----------
    margins : ProductMargins
        Margins of segments and products.

    Returns
    -------
    Released
        One row per segment, indexed by its name, and below several all customers; one
        column per product: major currency units a customer of the segment.
    """
    return _release_once(margins, get_language())


def _release_levels(rows: pd.DataFrame, way: str) -> Released:
    each = ["profit_each", "lower", "upper"]
    names = [name_level(int(level)) for level in rows["level"]]
    released = release(
        rows.drop(columns="level").assign(name=names, way=way),
        count="customers",
        amounts=("profit",),
        derived={name: ("profit", "customers") for name in each},
        dominance=("profit",),
    )
    return released.select(["name", "way", "customers", *each])


@lru_cache(maxsize=2)
def _release_once(margins: ProductMargins, language: str) -> Released:
    with speak(language):
        return _release_matrix(margins)


def _release_matrix(margins: ProductMargins) -> Released:
    places = range(len(margins.products))
    amounts = [f"margin_{n}" for n in places]
    holders = [f"holders_{n}" for n in places]
    heads = [name_product_line(product) for product in margins.products]
    table = _add_total(margins.rows, amounts, holders)
    each = {
        head: table[amount] / table["customers"].clip(lower=1)
        for head, amount in zip(heads, amounts, strict=True)
    }
    tested = [f"{name}_{end}" for name in amounts for end in MEASURES]
    # What nearly everybody holds is held by the customers counted anyway.
    size = table["customers"].iloc[-1]
    counts = [name for name in holders if table[name].iloc[-1] <= HELD_BY_ALL * size]
    kept = table[["customers", *counts, *amounts, *tested]].assign(**each)
    names = [name_segment(str(name)) for name in table["segment"]]
    released = release(
        kept.set_axis(pd.Index(names), axis=0),
        count="customers",
        counts=counts,
        amounts=amounts,
        derived={
            head: (amount, holder if holder in counts else amount, "customers")
            for head, amount, holder in zip(heads, amounts, holders, strict=True)
        },
        dominance=amounts,
        has_total=len(table) > 1,
    )
    return released.select(heads)


def _add_total(
    rows: pd.DataFrame, amounts: list[str], holders: list[str]
) -> pd.DataFrame:
    if len(rows) <= 1:
        return rows
    counts = ["customers", *holders]
    sums = rows[[*counts, *amounts]].sum().to_dict() | pool_dominance(rows, amounts)
    total = pd.DataFrame([sums]).assign(segment=EVERYBODY)
    table = pd.concat([rows, total], ignore_index=True)
    return table.astype(dict.fromkeys(counts, "int64"))
