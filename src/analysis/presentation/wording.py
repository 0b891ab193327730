"""How every computed sentence is written: one template for one whole sentence.

This is the one place where a translation can come in. Numbers arrive written, with
their units (`analysis.units`); a sentence never prints a missing value.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from string import Formatter
from typing import SupportsFloat

import pandas as pd

_MISSING_WORDS = re.compile(r"(?<![A-Za-z])(nan|NaN|NaT|<NA>|inf|None)(?![A-Za-z])")


def say(template: str, **values: object) -> str:
    """Fill one full-sentence template with values that are already written.

    Parameters
    ----------
    template : str
        A whole sentence with plain names in braces: "{tier} lost {share} of income."
        Never a fragment to be joined to another.
    **values : str, int or float
        What the names stand for: exactly the names of the template. Numbers are
        better passed as text written by `analysis.units`.

    Returns
    -------
    str
        The sentence.

    Raises
    ------
    ValueError
        If a name has no value, a value has no name, a name in the template is not
        plain, or a value is missing (None, nan, infinite, suppressed or empty).

    Examples
    --------
    >>> say("{tier} earned {share} of profit.", tier="Gold", share="41.0%")
    'Gold earned 41.0% of profit.'
    """
    names = _list_names(template)
    _require_same_names(template, names, set(values))
    for name, value in values.items():
        _require_printable(template, name, value)
    return template.format_map(values)


def join_names(names: Sequence[str]) -> str:
    """List names as a sentence does: "A", "A and B" or "A, B and C".

    Parameters
    ----------
    names : sequence of str
        At least one name, in the order wanted.

    Returns
    -------
    str
        The names joined by commas and a last "and".

    Raises
    ------
    ValueError
        If there is no name.

    Examples
    --------
    >>> join_names(["Gold", "Silver", "Basic"])
    'Gold, Silver and Basic'
    """
    if not names:
        message = "A list of names must have at least one name; it is empty."
        raise ValueError(message)
    if len(names) == 1:
        return names[0]
    return say(
        "{first_names} and {last_name}",
        first_names=", ".join(names[:-1]),
        last_name=names[-1],
    )


def _list_names(template: str) -> set[str]:
    names = set()
    for _, name, specification, conversion in Formatter().parse(template):
        if name is None:
            continue
        if not name.isidentifier() or specification or conversion:
            message = (
                f"Sentence {template!r} must have plain names in braces, not {name!r}. "
                "Write numbers with analysis.units before they come here."
            )
            raise ValueError(message)
        names.add(name)
    return names


def _require_same_names(template: str, names: set[str], given: set[str]) -> None:
    if names - given:
        message = f"Sentence {template!r} must have values for {sorted(names - given)}."
        raise ValueError(message)
    if given - names:
        message = f"Sentence {template!r} has no place for {sorted(given - names)}."
        raise ValueError(message)


def _require_printable(template: str, name: str, value: object) -> None:
    if not _is_printable(value):
        message = (
            f"Sentence {template!r} can't print {name}={value!r}: a value is missing. "
            "Say in a sentence of its own that the number is not known."
        )
        raise ValueError(message)


def _is_printable(value: object) -> bool:
    if isinstance(value, str):
        return bool(value.strip()) and not _MISSING_WORDS.search(value)
    if value is None or value is pd.NA or value is pd.NaT:
        return False
    return not isinstance(value, SupportsFloat) or math.isfinite(float(value))
