"""What the signs of careless answers found, and what leaving them out changes."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.disclosure import release
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.studies.satisfaction_drivers.levels.measures import name_measure
from analysis.studies.satisfaction_drivers.silence.screening import SIGNS, Screening
from analysis.units import Unit
from analysis.wording import say


def tabulate_screening(
    screening: Screening | None,
) -> tuple[DisplayTable | Note, ...]:
    """Show how signs of careless answers overlap, and the score without them.

    Parameters
    ----------
    screening : Screening or None
        Signs and scores.

    Returns
    -------
    tuple of DisplayTable or Note
        Cross-table of the signs, and one row a rule; a note when nothing can be told.
    """
    if screening is None:
        return (
            Note(say("Too few items or answers to tell who answered without reading.")),
        )
    return _tabulate_overlap(screening), _tabulate_rules(screening)


def _tabulate_overlap(screening: Screening) -> DisplayTable:
    rows = screening.overlap.reset_index(names="sign")
    rows = rows.assign(
        sign=[say(str(name)) for name in rows["sign"]], answers=len(screening.signs)
    )
    return DisplayTable(
        title=say("How the signs of careless answers overlap"),
        released=release(rows, count="answers", counts=list(SIGNS)),
        columns=(
            DisplayColumn("sign", say("Sign")),
            *(DisplayColumn(sign, say(sign), Unit.COUNT) for sign in SIGNS),
        ),
        source=screening.source,
        note=say(
            "Respondents who show both signs, over {items} items. Long run: the same "
            "answer to three of five items in a row. Odd: a combination that one of a "
            "thousand would give (Mahalanobis).",
            items=screening.items,
        ),
    )


def _tabulate_rules(screening: Screening) -> DisplayTable:
    name, unit = name_measure(screening.measure)
    rows = screening.rules.assign(rule=[say(str(r)) for r in screening.rules["rule"]])
    rows = _merge_close(rows)
    ends = ("estimate", "lower", "upper")
    return DisplayTable(
        title=say("{name} by what is left out", name=name),
        released=release(rows, count="nobs", derived={each: ["nobs"] for each in ends}),
        columns=(
            DisplayColumn("rule", say("Left out")),
            DisplayColumn("nobs", say("Answers"), Unit.COUNT),
            DisplayColumn("estimate", name, unit),
            DisplayColumn("lower", say("Low end"), unit),
            DisplayColumn("upper", say("High end"), unit),
        ),
        source=screening.source,
        note=say(
            "Decides whether careless answers matter: weights are made anew each time."
        ),
    )


def _merge_close(rows: pd.DataFrame) -> pd.DataFrame:
    """Drop rules whose answers differ by a few from those of a rule shown before."""
    kept: list[int] = []
    for index, nobs in rows["nobs"].items():
        shown = rows.loc[kept, "nobs"]
        if not ((shown - nobs).abs().between(1, 9)).any():
            kept.append(int(index))  # type: ignore[call-overload]
    return rows.loc[kept]
