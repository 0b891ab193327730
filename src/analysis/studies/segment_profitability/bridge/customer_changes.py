"""The change of each customer's profit, split into bars, inside the engine.

What the bank changed for all who are here now (rates, transfer rates, days, cost of a
minute) is taken off first. What is left of a customer who stayed is business: volume,
mix, fees, points, use of service, risk. What is left of one who moved, came or left is
the move itself. All bars but the last are before tax; signs are the bank's.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Final

import ibis
import pandas as pd

from analysis.data.sources import Tables
from analysis.studies.kept_rows import keep_rows
from analysis.studies.segment_profitability.account.periods import label_quarter
from analysis.studies.segment_profitability.account.service_cost import ServiceCost
from analysis.studies.segment_profitability.bridge.matched_customers import (
    DOWN,
    LOST,
    NEW,
    STAYED,
    UP,
)
from analysis.studies.segment_profitability.bridge.old_prices import find_least_years
from analysis.studies.segment_profitability.parameters import Parameters

MARKET: Final = ("rates", "funding", "days", "service_rate")
"""Bars of what changed for everybody who is here now."""

BUSINESS: Final = (
    "volume",
    "mix",
    "fees",
    "points",
    "service_use",
    "expected_loss",
)
"""Bars of customers who stayed in their segment."""

CUSTOMERS: Final = ("moved_up", "moved_down", "new", "lost")
"""Bars of customers who moved, came or left."""

BARS: Final = (*MARKET, *BUSINESS, *CUSTOMERS, "tax")
"""Bars that add up to the change of profit after tax."""

MOVES: Final = ("arrived_up", "left_up", "arrived_down", "left_down")
"""A segment's side of the moves: who came to it or left it, on the way up or down."""

SEGMENT_BARS: Final = ("market", "business", "moved_in", "moved_out", "new", "lost")
"""Bars of a segment, before tax; the first two add up those of everybody there."""


def split_margins(
    valued: ibis.Table, *, days_ratio: float, minor_units: int
) -> ibis.Table:
    """Split the change of each customer's margins.

    Parameters
    ----------
    valued : ibis.Table
        Products of customers, as `value_at_old_prices` gives them.
    days_ratio : float
        Days of the quarter before over days of the quarter reported.
    minor_units : int
        Minor units in a major one.

    Returns
    -------
    ibis.Table
        One row per customer: `rates`, `funding`, `days`, `volume`, `mix`, major
        currency units; together the change of both margins.

    References
    ----------
    .. [1] `analysis.statistics.price_volume_mix`, at the level of one customer and
       side; a side that the customer did not have before is volume alone.
    """
    sign = ibis.ifelse(valued.side == "loan", 1.0, -1.0)
    sides = valued.group_by("customer_id", "side").agg(
        rates=(sign * (valued.interest_now - valued.interest_old)).sum(),
        funding=(-sign * (valued.funds_now - valued.funds_old)).sum(),
        at_old=(sign * (valued.interest_old - valued.funds_old)).sum(),
        before=(sign * (valued.interest_before - valued.funds_before)).sum(),
        years_now=valued.years_now.sum() * days_ratio,
        years_before=valued.years_before.sum(),
    )
    base = sides.at_old * days_ratio
    growth = (sides.years_now - sides.years_before) / sides.years_before
    had_some = sides.years_before >= find_least_years(minor_units)
    volume = ibis.ifelse(had_some, growth * sides.before, base - sides.before)
    split = sides.mutate(
        days=sides.at_old - base, volume=volume, mix=base - sides.before - volume
    )
    names = ("rates", "funding", "days", "volume", "mix")
    return split.group_by("customer_id").agg(**{n: split[n].sum() for n in names})


def measure_service_rate(
    tables: Tables, cost: ServiceCost, parameters: Parameters
) -> ibis.Table:
    """Measure what a dearer or cheaper minute costs, at the contacts of now.

    Parameters
    ----------
    tables : Tables
        Tables of the contract.
    cost : ServiceCost
        Cost of one of each activity, and rates of the resources in both quarters.
    parameters : Parameters
        The quarter reported.

    Returns
    -------
    ibis.Table
        One row per customer of the quarter with contacts: `service_rate`, major
        currency units, negative where the minute became dearer. A resource that
        worked in one quarter only counts as use.
    """
    before = cost.pools[cost.pools["quarter"] != parameters.quarter]
    old_rates = before.set_index("cost_pool")["rate"]
    now = cost.activities[cost.activities["quarter"] == parameters.quarter]
    old_cost = now["minutes"] * now["cost_pool"].map(old_rates).astype(float)
    dearer = (now["unit_cost"] - old_cost).fillna(0.0)
    prices: pd.DataFrame = now[["channel", "activity"]].assign(dearer=dearer)
    events = label_quarter(tables["events"], parameters)
    used = events.filter(events.quarter == parameters.quarter).join(
        ibis.memtable(prices), ["channel", "activity"]
    )
    return used.group_by("customer_id").agg(
        service_rate=-(used["count"] * used.dearer).sum()
    )


def split_changes(
    customers: ibis.Table, margins: ibis.Table, service: ibis.Table | None
) -> ibis.Table:
    """Split the change of each customer's profit into its bars.

    Parameters
    ----------
    customers : ibis.Table
        As `match_customers` gives them.
    margins : ibis.Table
        As `split_margins` gives them.
    service : ibis.Table or None
        As `measure_service_rate` gives it; None without a cost of service.

    Returns
    -------
    ibis.Table
        One row per customer of either quarter, kept: `move`, the segments,
        `profit_before`, `profit_now`, the same before tax (`gross_…`), each of `BARS`
        and of `MOVES`, `tax_arrived` and `tax_left` (a segment's side of the tax),
        major currency units.
    """
    known = _join_parts(customers, margins, service)
    stays, comes = known.move == STAYED, known.move.isin((UP, DOWN, NEW))
    goes = known.move.isin((UP, DOWN, LOST))
    business = _split_business(known)
    moves = _split_moves(known)
    return keep_rows(
        known.select(
            "customer_id",
            "move",
            "segment_before",
            "segment_now",
            "profit_before",
            "profit_now",
            *MARKET,
            gross_before=known.profit_before - known.tax_before,
            gross_now=known.profit_now - known.tax_now,
            **{n: ibis.ifelse(stays, part, 0.0) for n, part in business.items()},
            **moves,
            moved_up=moves["arrived_up"] + moves["left_up"],
            moved_down=moves["arrived_down"] + moves["left_down"],
            tax=known.tax_now - known.tax_before,
            tax_arrived=ibis.ifelse(comes, known.tax_now, 0.0),
            tax_left=ibis.ifelse(goes, -known.tax_before, 0.0),
        ),
        "profit_changes",
    )


def stack_segments(changes: ibis.Table) -> ibis.Table:
    """Give each segment its side of each customer's change.

    Parameters
    ----------
    changes : ibis.Table
        As `split_changes` gives them.

    Returns
    -------
    ibis.Table
        One row per segment and customer, kept: `BARS`, `MOVES` and `SEGMENT_BARS` as
        the segment sees them, `gross_change` (their sum before tax), `change` (after
        tax), `gross_before` and `gross_now` (profit before tax in the segment). A
        customer who moved stands in both segments.
    """
    rows = changes.mutate(
        tax=ibis.ifelse(changes.move == STAYED, changes.tax, changes.tax_arrived)
    )
    stays = rows.move == STAYED
    arriving = {name: rows[name] for name in (*MARKET, *BUSINESS, "new", "tax")}
    arriving |= {name: rows[name] for name in MOVES if name.startswith("arrived")}
    arriving["gross_now"] = rows.gross_now
    arriving["gross_before"] = ibis.ifelse(stays, rows.gross_before, 0.0)
    leaving = {name: rows[name] for name in MOVES if name.startswith("left")}
    leaving |= {"lost": rows.lost, "tax": rows.tax_left}
    leaving["gross_before"] = rows.gross_before
    here = _align(rows, rows.segment_now, arriving)
    gone = _align(rows, rows.segment_before, leaving)
    here = here.filter(here.segment.notnull())  # noqa: PD004 - a method of Ibis
    gone = gone.filter(gone.move.isin((UP, DOWN, LOST)))
    return keep_rows(here.union(gone), "segment_changes")


def _join_parts(
    customers: ibis.Table, margins: ibis.Table, service: ibis.Table | None
) -> ibis.Table:
    known = customers.left_join(margins, "customer_id").drop("customer_id_right")
    if service is None:
        known = known.mutate(service_rate=ibis.literal(0.0))
    else:
        known = known.left_join(service, "customer_id").drop("customer_id_right")
    names = ("rates", "funding", "days", "volume", "mix", "service_rate")
    return known.mutate(**{name: known[name].fill_null(0.0) for name in names})


def _split_business(known: ibis.Table) -> dict[str, ibis.Value]:
    """Split what is left of a customer who stayed."""
    use = known.cost_to_serve_now - known.service_rate - known.cost_to_serve_before
    return {
        "volume": known.volume,
        "mix": known.mix,
        "fees": known.fee_now - known.fee_before,
        "points": known.points_now - known.points_before,
        "service_use": use,
        "expected_loss": known.expected_loss_now - known.expected_loss_before,
    }


def _split_moves(known: ibis.Table) -> dict[str, ibis.Value]:
    """Give what a customer brings at old prices, and what the customer brought."""
    here = known.profit_now - known.tax_now - _add([known[name] for name in MARKET])
    gone = known.tax_before - known.profit_before
    moves = {
        f"{way}_{move}": ibis.ifelse(known.move == move, value, 0.0)
        for move in (UP, DOWN)
        for way, value in (("arrived", here), ("left", gone))
    }
    moves["new"] = ibis.ifelse(known.move == NEW, here, 0.0)
    moves["lost"] = ibis.ifelse(known.move == LOST, gone, 0.0)
    return moves


def _align(
    rows: ibis.Table, segment: ibis.Value, columns: dict[str, ibis.Value]
) -> ibis.Table:
    """Give one side of a change every column, zero where it says nothing."""
    names = (*MARKET, *BUSINESS, *MOVES, "new", "lost", "tax")
    ends = ("gross_before", "gross_now")
    nothing = ibis.literal(0.0)
    parts = {n: columns.get(n, nothing).cast("float64") for n in (*names, *ends)}
    aligned = rows.select("customer_id", "move", segment=segment, **parts).mutate(
        moved_up=ibis._.arrived_up + ibis._.left_up,
        moved_down=ibis._.arrived_down + ibis._.left_down,
        moved_in=ibis._.arrived_up + ibis._.arrived_down,
        moved_out=ibis._.left_up + ibis._.left_down,
        market=_add([ibis._[name] for name in MARKET]),
        business=_add([ibis._[name] for name in BUSINESS]),
    )
    gross = _add([aligned[name] for name in SEGMENT_BARS])
    return aligned.mutate(gross_change=gross, change=gross + aligned.tax)


def _add(values: Sequence[ibis.Value]) -> ibis.Value:
    return reduce(lambda left, right: left + right, values)
