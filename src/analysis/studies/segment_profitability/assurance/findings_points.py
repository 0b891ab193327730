"""The finding on loyalty points that were booked and may still be redeemed."""

from __future__ import annotations

from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.findings import Finding
from analysis.quarter import write_quarter
from analysis.statistics.points_liability import value_points
from analysis.studies.segment_profitability.assurance.choices import REDEEMED_PCT
from analysis.studies.segment_profitability.segments.release_segments import (
    release_segments,
)
from analysis.studies.segment_profitability.segments.segment_profit import SegmentProfit
from analysis.studies.segment_profitability.sentences import write_share
from analysis.units import Unit, write_money
from analysis.wording import say


def find_points_liability(segments: SegmentProfit) -> tuple[Finding, ...]:
    """Say what can, and can't, be known of points that are still to be redeemed.

    Parameters
    ----------
    segments : SegmentProfit
        Profit accounts of segments.

    Returns
    -------
    tuple of Finding
        Without a number: the source says what points cost, not which were redeemed.
        None where no points are booked, or where there is no profit account.
    """
    account = segments.account
    if account.refusal or not (segments.rows["points"] != 0).any():
        return ()
    reason = say("The source says what points cost, not which of them were redeemed.")
    return (
        Finding(
            key="points_liability",
            requirement="B3",
            headline=say("What is owed for points is not known"),
            sentence=" ".join([reason, *_write_bound(segments)]),
            action=say("Map points earned and redeemed to measure what is owed."),
            verdict="not identified",
            unit=Unit.MONEY,
            currency=account.currency,
            nobs=0,
            period=account.quarter,
            source=account.source,
            reason=reason,
            importance=0.1,
        ),
    )


def _write_bound(segments: SegmentProfit) -> list[str]:
    """Write the most that the quarter's own points can leave to be owed."""
    booked = release_segments(segments).whole["points"]
    if is_suppressed(booked):
        return []
    currency = segments.account.currency
    share = REDEEMED_PCT / 100
    fewer = value_points(-float(booked), redeemed_share=share)
    return [
        say(
            "Those of {quarter} cost {booked}; if none of them has been redeemed yet, "
            "that much is owed for them, or {fewer} if {share} ever are.",
            quarter=write_quarter(segments.account.quarter),
            booked=write_money(-float(booked), currency),
            fewer=write_money(fewer, currency),
            share=write_share(share),
        )
    ]
