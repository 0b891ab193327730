"""Which segment a customer belongs to in a quarter."""

from __future__ import annotations

import ibis

from analysis.data.contract import ANY
from analysis.data.sources import Tables
from analysis.studies.kept_rows import keep_rows
from analysis.studies.segment_profitability.account.periods import label_quarter
from analysis.studies.segment_profitability.parameters import Parameters
from analysis.wording import mark, say

NOT_STATED = mark("not stated")
"""Segment of customers for whom the source names none."""

EVERYBODY = mark("All customers")
"""The one segment of a source that does not group its customers."""

OTHERS = mark("Smaller segments together")
"""Segment of customers whose own is not among the largest."""

MOST_SEGMENTS = 20
"""Segments set side by side; more are pooled, since nobody reads across them and small
ones could not be shown anyway."""


def name_segments(
    rows: ibis.Table, tables: Tables, parameters: Parameters
) -> ibis.Table:
    """Give each customer the segment last held in the quarter.

    Parameters
    ----------
    rows : ibis.Table
        One row per quarter and customer.
    tables : Tables
        Tables of the contract.
    parameters : Parameters
        What customers are grouped by; a source without tiers is grouped by kind of
        customer instead. Beyond `MOST_SEGMENTS` the smallest are pooled.

    Returns
    -------
    ibis.Table
        The rows with a column `segment`, never missing; computed, once.
    """
    if parameters.segment_by == "tier" and "customer_periods" in tables:
        held = label_quarter(tables["customer_periods"], parameters)
        last = held.group_by("quarter", "customer_id").agg(
            stated=held.tier.argmax(held.period)
        )
        named = rows.left_join(last, ["quarter", "customer_id"])
    else:
        column = parameters.segment_by
        if column == "tier":
            column = "customer_type"
        groups = tables["customers"].select("customer_id", stated=column)
        named = rows.left_join(groups, "customer_id")
    stated = named.stated.fill_null(NOT_STATED)
    segment = ibis.ifelse(stated == ANY, EVERYBODY, stated)
    kept = keep_rows(
        named.mutate(segment=segment).select(*rows.columns, "segment"),
        "customer_segments",
    )
    now = kept.filter(kept.quarter == parameters.quarter)
    if now.segment.nunique().execute() <= MOST_SEGMENTS:
        return kept
    return keep_rows(_pool_small(kept, now), "pooled_segments")


def _pool_small(named: ibis.Table, now: ibis.Table) -> ibis.Table:
    """Pool what is not among the largest segments of the quarter reported."""
    sizes = now.group_by("segment").agg(customers=now.count())
    by_size = ibis.window(order_by=[sizes.customers.desc(), sizes.segment])
    ranked = sizes.mutate(rank=ibis.row_number().over(by_size))
    kept = ranked.filter(ranked.rank < MOST_SEGMENTS - 1)
    joined = named.left_join(kept.select("segment", own=True), "segment")
    pooled = ibis.ifelse(joined.own.fill_null(False), joined.segment, OTHERS)
    return joined.mutate(segment=pooled).select(*named.columns)


def name_segment(segment: str) -> str:
    """Name a segment as the reader's language does.

    Parameters
    ----------
    segment : str
        Name that the source gives, or one of this module's own.

    Returns
    -------
    str
        Names of the source stay as they are.
    """
    if segment in (NOT_STATED, EVERYBODY, OTHERS):
        return say(segment)
    return segment
