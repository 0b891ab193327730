"""Findings on kinds of attributes, and on drivers by segment."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.findings import Finding
from analysis.quarter import write_quarter
from analysis.statistics.penalty_reward import BASIC, EXCITEMENT
from analysis.studies.satisfaction_drivers.drivers.asymmetry import Asymmetry
from analysis.studies.satisfaction_drivers.drivers.driver_words import TRIAL
from analysis.studies.satisfaction_drivers.drivers.segment_drivers import (
    MOST_DISCOVERIES_FALSE,
    SegmentDrivers,
)
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import mark, say

_HEADLINES = {
    BASIC: mark(
        "Taken for granted: {label} costs more when bad than it gains when good"
    ),
    EXCITEMENT: mark("Delights: {label} gains more when good than it costs when bad"),
}
_ACTIONS = {
    BASIC: mark(
        "Bring {label} up to the average everywhere; do not polish it. {trial}"
    ),
    EXCITEMENT: mark("Offer more of {label} where it is good already. {trial}"),
}


def find_asymmetry(asymmetry: Asymmetry) -> Finding:
    """Say which attribute is least alike below and above its middle.

    Parameters
    ----------
    asymmetry : Asymmetry
        Of the wave reported.

    Returns
    -------
    Finding
        Penalty less reward of that attribute, points of satisfaction per point.
    """
    table = asymmetry.table
    row = table.iloc[int(table["pvalue"].argmin())]
    kind = row["kind"] if row["kind"] in _HEADLINES else None
    return Finding(
        key="asymmetry",
        requirement="C2",
        headline=say(_HEADLINES[kind], label=row["label"])
        if kind
        else say("No attribute clearly punishes more than it delights, or the reverse"),
        sentence=say(
            "{label}: below its average rating one point counts for {penalty} points "
            "of satisfaction, above it for {reward}; the difference is {gap} "
            "({interval}; {nobs} answers in {quarter}). It is the most uneven of "
            "{total} attributes.",
            label=row["label"],
            penalty=write_value(row["penalty"], Unit.SCORE),
            reward=write_value(row["reward"], Unit.SCORE),
            gap=write_value(row["gap"], Unit.SCORE),
            interval=write_interval(row["gap_lower"], row["gap_upper"], Unit.SCORE),
            nobs=write_number(asymmetry.nobs),
            quarter=write_quarter(asymmetry.quarter),
            total=len(table),
        ),
        action=say(_ACTIONS[kind], label=row["label"], trial=say(TRIAL))
        if kind
        else say("Count every point alike, for low and for high ratings."),
        measure=say("Penalty less reward: {label}", label=row["label"]),
        verdict="measured",
        unit=Unit.SCORE,
        nobs=asymmetry.nobs,
        period=asymmetry.quarter,
        source=asymmetry.source,
        estimate=float(row["gap"]),
        lower=float(row["gap_lower"]),
        upper=float(row["gap_upper"]),
        confidence_level=asymmetry.confidence_level,
        importance=0.4 if kind else 0.2,
    )


def find_segment_drivers(segments: SegmentDrivers) -> Finding:
    """Say which segment differs most in what drives its satisfaction.

    Parameters
    ----------
    segments : SegmentDrivers
        Effects by segment.

    Returns
    -------
    Finding
        Pooled effect of that cell, points of satisfaction per point; refused when no
        segment differs, or segments are too small.
    """
    table = segments.table
    if table.empty or not table["is_different"].any():
        return _refuse_segments(segments)
    row = table.iloc[int(table["qvalue"].argmin())]
    is_more = bool(row["effect"] > row["bank"])
    return Finding(
        key="segment_drivers",
        requirement="C2",
        headline=say(
            mark("{label} matters more to {segment} than to others")
            if is_more
            else mark("{label} matters less to {segment} than to others"),
            label=row["label"],
            segment=row["segment"],
        ),
        sentence=_write_cell(row, segments),
        action=say(
            "Plan {label} by segment, beginning with {segment}. {trial}",
            label=row["label"],
            segment=row["segment"],
            trial=say(TRIAL),
        ),
        measure=say(
            "Effect of {label}, {segment}", label=row["label"], segment=row["segment"]
        ),
        verdict="measured",
        unit=Unit.SCORE,
        nobs=int(row["respondents"]),
        period=segments.quarter,
        source=segments.source,
        estimate=float(row["effect"]),
        lower=float(row["effect_lower"]),
        upper=float(row["effect_upper"]),
        importance=0.5,
    )


def _write_cell(row: pd.Series[float], segments: SegmentDrivers) -> str:
    held = segments.drivers
    same = (held["group"] == row["group"]) & (held["attribute"] == row["attribute"])
    return say(
        "For {segment}, one point more of {label} goes with {effect} points of "
        "satisfaction ({interval}; {nobs} answers in {quarter}), against {bank} on "
        "average over segments. {heterogeneity} of what segments differ by is more "
        "than chance; {different} of {cells} effects by segment differ at that level.",
        segment=row["segment"],
        label=row["label"],
        effect=write_value(row["effect"], Unit.SCORE),
        interval=write_interval(row["effect_lower"], row["effect_upper"], Unit.SCORE),
        nobs=write_number(row["respondents"]),
        quarter=write_quarter(segments.quarter),
        bank=write_value(row["bank"], Unit.SCORE),
        heterogeneity=write_value(
            held.loc[same, "heterogeneity_pct"].iloc[0], Unit.PERCENT
        ),
        different=int(segments.table["is_different"].sum()),
        cells=len(segments.table),
    )


def _refuse_segments(segments: SegmentDrivers) -> Finding:
    table = segments.table
    reason = (
        say("No three segments of one kind are large enough to be compared.")
        if table.empty
        else say(
            "Of {cells} effects by segment none differs from the rest of the bank, if "
            "at most {share}% of those named may be false.",
            cells=len(table),
            share=write_number(100 * MOST_DISCOVERIES_FALSE),
        )
    )
    return Finding(
        key="segment_drivers",
        requirement="C2",
        headline=say("No segment clearly differs in what drives its satisfaction"),
        sentence=say(
            "{reason} The wave of {quarter} has {nobs} answers.",
            reason=reason,
            quarter=write_quarter(segments.quarter),
            nobs=write_number(segments.nobs),
        ),
        action=say("Use one list of fixes for all segments."),
        verdict="not identified",
        unit=Unit.SCORE,
        nobs=segments.nobs,
        period=segments.quarter,
        source=segments.source,
        reason=reason,
        importance=0.2,
    )
