"""The lines under shown items: where numbers come from, what is hidden.

HTML, Typst, plain text and the data kept in the notebook all take their text from
here, so that no two of them can disagree.
"""

from __future__ import annotations

import re

from analysis.presentation.rendering.characters import clean
from analysis.quarter import write_quarter
from analysis.units import write_number
from analysis.wording import say

_QUARTER_CODE = re.compile(r"[12]\d{3}Q[1-4]")


def write_hidden(n_hidden: int, version: str) -> str:
    """Say how many cells of a table or chart are hidden.

    Parameters
    ----------
    n_hidden : int
        Cells that a rule of disclosure hides, among those shown.
    version : str
        Of the rule set.

    Returns
    -------
    str
        One sentence; empty when nothing is hidden.
    """
    if not n_hidden:
        return ""
    if n_hidden == 1:
        return say(
            "One cell is hidden to protect customers (rule set {version}).",
            version=version,
        )
    return say(
        "{n} cells are hidden to protect customers (rule set {version}).",
        n=write_number(n_hidden),
        version=version,
    )


def join_notes(*notes: str) -> str:
    """Put sentences one after the other as the language does.

    Parameters
    ----------
    *notes : str
        Whole sentences; empty ones are left out.

    Returns
    -------
    str
        One paragraph.
    """
    told = [note for note in notes if note.strip()]
    joined = told[0] if told else ""
    for note in told[1:]:
        joined = say(
            "{first_sentence} {next_sentence}",
            first_sentence=joined,
            next_sentence=note,
        )
    return joined


def write_origin(source: str, nobs: int | None = None, period: str = "") -> str:
    """Write where numbers come from and how many observations they rest on.

    Parameters
    ----------
    source : str
        Tables that the numbers come from.
    nobs : int or None
        Observations, None where they are not counted.
    period : str
        Quarter described, empty where the report's own is meant.

    Returns
    -------
    str
        One line for the foot of a finding, chart or table.
    """
    words = {"source": clean(source).rstrip(".\N{IDEOGRAPHIC FULL STOP}")}
    if period:
        words["period"] = _QUARTER_CODE.sub(_write_code, clean(period))
    if nobs is not None:
        words["n"] = write_number(nobs)
    if period and nobs is not None:
        return say("Source: {source}. {n} observations, {period}.", **words)
    if period:
        return say("Source: {source}. {period}.", **words)
    if nobs is not None:
        return say("Source: {source}. {n} observations.", **words)
    return say("Source: {source}.", **words)


def _write_code(found: re.Match[str]) -> str:
    return write_quarter(found[0])
