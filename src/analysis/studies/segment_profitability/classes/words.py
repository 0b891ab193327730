"""Names of kinds, classes, fifths and levels, as a reader knows them."""

from __future__ import annotations

from typing import Final

import pandas as pd

from analysis.studies.segment_profitability.classes.groups import ABSENT
from analysis.studies.segment_profitability.classes.margins import FEES
from analysis.studies.segment_profitability.classes.rules import CLASSES
from analysis.studies.segment_profitability.sentences import LINE_NAMES
from analysis.wording import join_names, mark, say

_CLASS_NAMES: Final = (
    mark("Sleeping"),
    mark("Low value"),
    mark("In between"),
    mark("Valuable"),
    mark("High value added"),
)
_LEVEL_NAMES: Final = (
    mark("One product"),
    mark("Two products"),
    mark("Three or more"),
)
_LEANS: Final = {
    "recency_months": (mark("active of late"), mark("long inactive")),
    "own_contacts": (mark("few contacts"), mark("many contacts")),
    "assets": (mark("small assets"), mark("large assets")),
    "loans": (mark("no loans"), mark("borrowing")),
    "n_products": (mark("few products"), mark("several products")),
    "is_digital": (mark("without the app"), mark("with the app")),
    "tenure_years": (mark("new to the bank"), mark("long with the bank")),
}
FEATURE_NAMES: Final = {
    "recency_months": mark("Months since last activity"),
    "own_contacts": mark("Own contacts"),
    "assets": mark("Assets"),
    "loans": mark("Loans"),
    "n_products": mark("Products"),
    "is_digital": mark("Uses the app"),
    "tenure_years": mark("Years with the bank"),
}
"""What kinds are found by, to be said where a reader sees it."""

DIMENSION_NAMES: Final = {
    "recency_months": mark("Recency of activity"),
    "own_contacts": mark("Frequency of activity"),
    "income": mark("Income brought"),
    "assets": mark("Assets held"),
}
"""What fifths are cut by, to be said where a reader sees it."""

VERDICT_NAMES: Final = {
    "highly stable": mark("highly stable"),
    "stable": mark("stable"),
    "doubtful": mark("doubtful"),
    "unstable": mark("unstable"),
}
"""What may be said of a kind."""

_LEAST_LEAN = 0.5
"""Deviations by which a kind's median must differ to be named for it."""
_MOST_WORDS = 3


def name_class(place: int) -> str:
    """Name a class of the bank's rules.

    Parameters
    ----------
    place : int
        Its place in `CLASSES`, or `ABSENT` for who is no customer.

    Returns
    -------
    str
        In the reader's language.
    """
    if place == ABSENT:
        return say("Not a customer")
    return say(_CLASS_NAMES[place])


def name_classes() -> list[str]:
    """Name all classes in their order.

    Returns
    -------
    list of str
        In the reader's language.
    """
    return [name_class(place) for place in range(len(CLASSES))]


def name_level(level: int) -> str:
    """Name a number of products.

    Parameters
    ----------
    level : int
        1, 2, or 3 for three or more.

    Returns
    -------
    str
        In the reader's language.
    """
    return say(_LEVEL_NAMES[level - 1])


def name_product_line(product: str) -> str:
    """Name a product, or fees.

    Parameters
    ----------
    product : str
        Name that the source gives, or `FEES`.

    Returns
    -------
    str
        Names of the source stay as they are.
    """
    line = "fee"
    return say(LINE_NAMES[line]) if product == FEES else product


def name_dimension(row: pd.Series[float]) -> str:
    """Name what fifths are cut by.

    Parameters
    ----------
    row : pandas.Series
        A row of `Fifths.rows` or `Fifths.dimensions`.

    Returns
    -------
    str
        In the reader's language.
    """
    dimension = str(row["dimension"])
    return say(DIMENSION_NAMES[dimension])


def name_kind(row: pd.Series[float]) -> str:
    """Name a kind by what sets its median customer apart.

    Parameters
    ----------
    row : pandas.Series
        A row of `Kinds.rows`.

    Returns
    -------
    str
        Its number, and up to three traits, the most telling first.
    """
    leans = {
        name: float(row[f"lean_{name}"]) for name in _LEANS if f"lean_{name}" in row
    }
    telling = sorted(
        (name for name, lean in leans.items() if abs(lean) >= _LEAST_LEAN),
        key=lambda name: -abs(leans[name]),
    )
    traits = [say(_LEANS[name][leans[name] > 0]) for name in telling[:_MOST_WORDS]]
    number = int(row["kind"])
    if not traits:
        return say("{number}: like the average", number=number)
    return say("{number}: {traits}", number=number, traits=join_names(traits))
