"""Words that the findings of this study share."""

from __future__ import annotations

import math

from analysis.presentation.findings import Finding
from analysis.quarter import Quarter
from analysis.units import Unit, write_number
from analysis.wording import say


def write_rate(rate_pct: float) -> str:
    """Write a yearly rate with the two decimals that rates are quoted in.

    Parameters
    ----------
    rate_pct : float
        Percent a year.

    Returns
    -------
    str
        For example "1.25%".
    """
    return write_number(rate_pct, decimals=2) + "%"


def write_move(change_bp: float) -> str:
    """Say what a rate did, for example "fell 12 bp".

    Parameters
    ----------
    change_bp : float
        Change in basis points.

    Returns
    -------
    str
        "rose", "fell" or "did not move".
    """
    size = write_number(abs(change_bp))
    if size == "0":
        return "did not move"
    if change_bp > 0:
        return say("rose {size} bp", size=size)
    return say("fell {size} bp", size=size)


def write_lines(lines: int) -> str:
    """Count products at their terms.

    Parameters
    ----------
    lines : int
        Number of products and terms.

    Returns
    -------
    str
        For example "7 products and terms".
    """
    return "1 product" if lines == 1 else say("{n} products and terms", n=lines)


def write_side(gap_bp: float) -> str:
    """Say on which side of another rate a rate lies.

    Parameters
    ----------
    gap_bp : float
        Rate less the other rate, basis points.

    Returns
    -------
    str
        For example "74 bp below".
    """
    size = write_number(abs(gap_bp))
    if gap_bp < 0:
        return say("{size} bp below", size=size)
    return say("{size} bp above", size=size)


def write_pvalue(pvalue: float) -> str:
    """Write a p-value with three decimals, or as less than the smallest of them.

    Parameters
    ----------
    pvalue : float
        From 0 to 1; missing when no test was made.

    Returns
    -------
    str
        For example "0.041", "<0.001", or a dash.
    """
    if math.isnan(pvalue):
        return "\N{EN DASH}"
    return "<0.001" if pvalue < 0.001 else write_number(pvalue, decimals=3)


def refuse(
    key: str,
    requirement: str,
    *,
    question: str,
    reason: str,
    quarter: Quarter,
    source: str,
) -> Finding:
    """Make the finding that a question cannot be answered.

    Parameters
    ----------
    key, requirement : str
        As in `Finding`.
    question : str
        What cannot be said, as a headline.
    reason : str
        Why, as a sentence.
    quarter : Quarter
        The quarter reported.
    source : str
        Where the numbers would come from.

    Returns
    -------
    Finding
        Without any number.
    """
    return Finding(
        key=key,
        requirement=requirement,
        headline=question,
        sentence=say(
            "In {quarter} this could not be answered. {reason}",
            quarter=str(quarter),
            reason=reason,
        ),
        action="Complete the source before using a number from elsewhere.",
        verdict="not identified",
        unit=Unit.BASIS_POINTS,
        nobs=0,
        period=str(quarter),
        source=source,
        reason=reason,
        importance=0.1,
    )
