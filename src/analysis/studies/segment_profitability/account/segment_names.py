"""Which segment a customer belongs to in a quarter."""

from __future__ import annotations

import ibis

from analysis.data.contract import ANY
from analysis.data.sources import Tables
from analysis.quarter import Quarter
from analysis.studies.segment_profitability.account.periods import keep_quarter
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
    tables: Tables, parameters: Parameters, quarter: Quarter
) -> ibis.Table:
    """Give each customer of a quarter the segment last held in it.

    Parameters
    ----------
    tables : Tables
        Tables of the contract.
    parameters : Parameters
        What customers are grouped by; a source without tiers is grouped by kind of
        customer instead.
    quarter : Quarter
        The quarter.

    Returns
    -------
    ibis.Table
        One row per customer who was one in the quarter, active or not, with `segment`,
        never missing.
    """
    by_tier = parameters.segment_by == "tier"
    if by_tier and "customer_periods" in tables:
        held = keep_quarter(tables["customer_periods"], quarter)
        named = held.group_by("customer_id").agg(stated=held.tier.argmax(held.period))
    else:
        column = "customer_type" if by_tier else parameters.segment_by
        groups = tables["customers"].select("customer_id", stated=column)
        present = _find_members(tables, quarter)
        named = present.left_join(groups, "customer_id")
    stated = named.stated.fill_null(NOT_STATED)
    segment = ibis.ifelse(stated == ANY, EVERYBODY, stated)
    return named.select("customer_id", segment=segment)


def _find_members(tables: Tables, quarter: Quarter) -> ibis.Table:
    if "customer_periods" in tables:
        present = keep_quarter(tables["customer_periods"], quarter)
    else:
        held = keep_quarter(tables["balances"], quarter)
        present = held.join(tables["accounts"], "account_id")
    return present.select("customer_id").distinct()


def pool_segments(rows: ibis.Table, parameters: Parameters) -> ibis.Table:
    """Pool what is not among the largest segments of the quarter reported.

    Parameters
    ----------
    rows : ibis.Table
        One row per quarter and customer, with `segment`.
    parameters : Parameters
        The quarter reported.

    Returns
    -------
    ibis.Table
        The rows; beyond `MOST_SEGMENTS` the smallest are one.
    """
    now = rows.filter(rows.quarter == parameters.quarter)
    sizes = now.group_by("segment").agg(customers=now.count())
    most = sizes.order_by(sizes.customers.desc(), sizes.segment)
    names = most.limit(MOST_SEGMENTS + 1).segment.to_pyarrow().to_pylist()
    if len(names) <= MOST_SEGMENTS:
        return rows
    own = rows.segment.isin(names[: MOST_SEGMENTS - 1])
    return rows.mutate(segment=ibis.ifelse(own, rows.segment, OTHERS))


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
