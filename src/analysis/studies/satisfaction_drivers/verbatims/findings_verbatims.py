"""What customers write about, and whether their ratings say the same."""

from __future__ import annotations

from typing import Final

from analysis.presentation.findings import Finding
from analysis.quarter import write_quarter
from analysis.statistics.chance_agreement import Agreement
from analysis.studies.satisfaction_drivers.refusal import Refused, refuse
from analysis.studies.satisfaction_drivers.verbatims.comments import Comments
from analysis.studies.satisfaction_drivers.verbatims.topics import OTHER
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import mark, say

REQUIREMENT: Final = "C3"
_CLOSE: Final = 0.4
"""Kappa from which on agreement counts as fair (Fleiss, Levin and Paik 2003)."""


def find_comment_topics(comments: Comments | Refused) -> Finding:
    """Say what most comments are about, and whether ratings agree.

    Parameters
    ----------
    comments : Comments or Refused
        Coded comments.

    Returns
    -------
    Finding
        Share of the most frequent topic, percent of comments.
    """
    headline = say("What customers write about is not known")
    key = "comment_topics"
    if isinstance(comments, Refused):
        return refuse(comments, key=key, requirement=REQUIREMENT, question=headline)
    named = comments.topics[comments.topics["topic"] != OTHER]
    if named.empty:
        missing = Refused(
            reason=say("No comment holds a word of the code frame."),
            remedy=say("Add the bank's own words to the code frame."),
            period=comments.quarter,
            source=comments.source,
            nobs=len(comments.now),
        )
        return refuse(missing, key=key, requirement=REQUIREMENT, question=headline)
    first = named.iloc[0]
    return Finding(
        key=key,
        requirement=REQUIREMENT,
        headline=say("Most comments are about: {label}", label=first["label"]),
        sentence=say(
            "{share} ({interval}) of {n} comments in {quarter} are about {label}; "
            "{other} name no attribute. {check}",
            share=write_value(first["share"], Unit.PERCENT),
            interval=write_interval(first["lower"], first["upper"], Unit.PERCENT),
            n=write_number(len(comments.now)),
            quarter=write_quarter(comments.quarter),
            label=first["label"],
            other=write_value(100 * _share_of_others(comments), Unit.PERCENT),
            check=_write_check(comments.agreement),
        ),
        action=_advise(comments.agreement),
        verdict="measured",
        measure=say("Comments about: {label}", label=first["label"]),
        unit=Unit.PERCENT,
        estimate=float(first["share"]),
        lower=float(first["lower"]),
        upper=float(first["upper"]),
        confidence_level=comments.confidence_level,
        nobs=len(comments.now),
        period=comments.quarter,
        source=comments.source,
        importance=0.4,
    )


def _share_of_others(comments: Comments) -> float:
    return float((comments.now["topic"] == OTHER).mean())


def _write_check(agreement: Agreement | None) -> str:
    if agreement is None:
        return say("Ratings cannot check it: too few writers rated an attribute.")
    words = {
        "same": write_value(100 * agreement.observed, Unit.PERCENT),
        "chance": write_value(100 * agreement.expected, Unit.PERCENT),
        "kappa": write_number(agreement.kappa, decimals=2),
        "interval": write_interval(agreement.lower, agreement.upper, Unit.RATIO),
        "n": write_number(agreement.nobs),
    }
    return say(
        "{same} of {n} writers rate that attribute lowest which they write about; "
        "chance gives {chance}: kappa {kappa} ({interval}).",
        **words,
    )


_AGREES = mark(
    "Read the quotes before a fix is designed: words and ratings point to the same "
    "attributes."
)
_LEANS = mark(
    "Words and ratings agree more often than chance, but loosely: use comments for "
    "ideas, ratings for the order of fixes."
)
_APART = mark(
    "Don't rank fixes by comments: they do not go along with the ratings of those who "
    "wrote them."
)


def _advise(agreement: Agreement | None) -> str:
    if agreement is None or agreement.lower <= 0:
        return say(_APART)
    return say(_AGREES if agreement.lower >= _CLOSE else _LEANS)
