"""Table and finding on how the estimators do where the response is known."""

from __future__ import annotations

from analysis.presentation.disclosure import release
from analysis.presentation.findings import Finding
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.deposit_rate_elasticity.parameters import CONFIDENCE_LEVEL
from analysis.studies.deposit_rate_elasticity.sentences import name_segment
from analysis.studies.deposit_rate_elasticity.twin.scores import TwinScores
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import mark, say

NO_TWIN = mark("No response is shown this quarter, so there is none to put to a test.")
LEAST_COVERAGE = 93.0
"""Percent of intervals that must hold the truth, where 95 are promised."""
_NUMBERS = (
    "truth",
    "bias",
    "relative_pct",
    "rmse",
    "coverage_pct",
    "naive_bias",
    "naive_coverage_pct",
)


def find_twin_coverage(twins: TwinScores) -> Finding:
    """Say how often the report's intervals hold a response that is known.

    Parameters
    ----------
    twins : TwinScores
        Scores on twins of the panel.

    Returns
    -------
    Finding
        Refused where no response is shown.
    """
    if twins.segments.empty:
        return _refuse(twins)
    holds = twins.coverage_upper >= LEAST_COVERAGE
    interval = write_interval(twins.coverage_lower, twins.coverage_upper, Unit.PERCENT)
    naive = float(twins.segments["naive_coverage_pct"].mean())
    return Finding(
        key="twin_coverage",
        requirement="A3",
        headline=_write_head(holds=holds),
        sentence=say(
            "On {draws} twins of each panel of {quarter}, made with a known response, "
            "{share} ({interval}) of the report's intervals hold it; those of account "
            "and period effects alone hold it in {naive}.",
            draws=write_number(twins.draws),
            quarter=write_quarter(twins.quarter),
            share=write_value(twins.coverage_pct, Unit.PERCENT),
            interval=interval,
            naive=write_value(naive, Unit.PERCENT),
        ),
        action=say("Plan with the intervals of this report as they are.")
        if holds
        else say("Plan with intervals half as wide again as those of this report."),
        measure=say("Intervals that hold a known response"),
        verdict="measured",
        unit=Unit.PERCENT,
        nobs=twins.nobs,
        period=str(twins.quarter),
        source=twins.source,
        estimate=twins.coverage_pct,
        lower=twins.coverage_lower,
        upper=twins.coverage_upper,
        confidence_level=CONFIDENCE_LEVEL,
        importance=0.4,
    )


def _write_head(*, holds: bool) -> str:
    if holds:
        return say("Where the response is known, this report finds it")
    return say("Where the response is known, this report is too sure of itself")


def _refuse(twins: TwinScores) -> Finding:
    return Finding(
        key="twin_coverage",
        requirement="A3",
        headline=say("No response to be put to a test"),
        sentence=say(
            "In {quarter} no response passed its checks.",
            quarter=write_quarter(twins.quarter),
        ),
        action=say("Read the reasons in the table of verdicts."),
        verdict="not identified",
        unit=Unit.PERCENT,
        nobs=0,
        period=str(twins.quarter),
        source=twins.source,
        reason=say(NO_TWIN),
        importance=0.1,
    )


def tabulate_twins(twins: TwinScores) -> DisplayTable | Note:
    """Show bias, error and coverage of each response on its twins.

    Parameters
    ----------
    twins : TwinScores
        Scores on twins of the panel.

    Returns
    -------
    DisplayTable or Note
        A note where no response is shown.
    """
    if twins.segments.empty:
        return Note(say(NO_TWIN))
    rows = twins.segments.assign(segment=twins.segments["segment"].map(name_segment))
    columns = (
        DisplayColumn("product", say("Product")),
        DisplayColumn("segment", say("Segment")),
        DisplayColumn("grade", say("Grade")),
        DisplayColumn("truth", say("Planted"), Unit.PERCENT_PER_POINT),
        DisplayColumn("bias", say("Off on average"), Unit.PERCENT_PER_POINT),
        DisplayColumn("relative_pct", say("Of the planted"), Unit.PERCENT),
        DisplayColumn("rmse", say("Typical error"), Unit.PERCENT_PER_POINT),
        DisplayColumn("coverage_pct", say("Intervals that hold it"), Unit.PERCENT),
        DisplayColumn(
            "naive_bias", say("Effects alone: off by"), Unit.PERCENT_PER_POINT
        ),
        DisplayColumn("naive_coverage_pct", say("hold it"), Unit.PERCENT),
    )
    return DisplayTable(
        title=_title(twins),
        released=release(
            rows,
            count="customers",
            derived={name: ("customers",) for name in _NUMBERS},
        ),
        columns=columns,
        source=twins.source,
        note=say(
            "A twin has the panel's pricing cells, accounts and prices; what instrument"
            " and response leave unexplained changes its sign by region, all periods "
            "together (by pricing cell where nothing but effects is used). Typical "
            "error: root of the mean square."
        ),
    )


def _title(twins: TwinScores) -> str:
    worst = float(twins.segments["relative_pct"].abs().max())
    return say(
        "On twins the report's responses are off by {worst} on average at worst",
        worst=write_value(worst, Unit.PERCENT),
    )
