"""Words that the findings of this study share."""

from __future__ import annotations

import math

from analysis.data.contract import ANY
from analysis.presentation.findings import Finding
from analysis.quarter import Quarter, write_quarter
from analysis.units import Unit, write_number, write_value
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
    return say("{number}%", number=write_number(rate_pct, decimals=2))


def write_basis_points(change_bp: float, *, signed: bool = False) -> str:
    """Write a change or a gap in basis points.

    Parameters
    ----------
    change_bp : float
        Basis points.
    signed : bool
        Whether its sign is written; else its size alone.

    Returns
    -------
    str
        For example "12 bp", or "+12 bp" when signed.
    """
    value = change_bp if signed else abs(change_bp)
    return write_value(value, Unit.BASIS_POINTS, signed=signed)


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
    if lines == 1:
        return say("1 product")
    return say("{n} products and terms", n=write_number(lines))


def name_segment(segment: str) -> str:
    """Name a segment for a reader.

    Parameters
    ----------
    segment : str
        Its name in the data, or "all" where customers are not split.

    Returns
    -------
    str
        The data's own name, or "every customer".
    """
    return say("every customer") if segment == ANY else segment


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
            quarter=write_quarter(quarter),
            reason=reason,
        ),
        action=say("Complete the source before using a number from elsewhere."),
        verdict="not identified",
        unit=Unit.BASIS_POINTS,
        nobs=0,
        period=str(quarter),
        source=source,
        reason=reason,
        importance=0.1,
    )
