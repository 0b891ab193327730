"""Charts on products held: depth, pairs, and margins by segment."""

from __future__ import annotations

from analysis.presentation.charts import (
    Chart,
    Drawing,
    draw_heat_map,
    draw_intervals,
)
from analysis.presentation.disclosure import Released, is_suppressed
from analysis.presentation.notes import Note
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.classes.depth import ProductDepth
from analysis.studies.segment_profitability.classes.margins import ProductMargins
from analysis.studies.segment_profitability.classes.release_products import (
    release_margins,
    release_pairs,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.units import write_currency, write_number
from analysis.wording import say

_MOST_PAIRS = 8


def chart_product_pairs(depth: ProductDepth | Refused) -> Chart | Note:
    """Draw how often pairs of products are held together, against chance.

    Parameters
    ----------
    depth : ProductDepth or Refused
        Pairs of products.

    Returns
    -------
    Chart or Note
        A note where it is refused, or no pair may be shown.
    """
    if isinstance(depth, Refused):
        return Note(depth.reason)
    if depth.pairs.empty:
        return Note(say("There are not two products that some hold and some do not."))
    released = _list_pairs(depth)
    if released.rows.empty:
        return Note(say("Pairs of products are hidden: too few customers hold both."))
    rows = released.rows
    beyond = write_number(int((~rows["is_chance"]).sum()))
    total = write_number(len(rows))
    account = depth.behaviour.account
    return Chart(
        drawing=_draw_pairs(released),
        title=say(
            "{beyond} of the {total} pairs that go together most differ from chance",
            beyond=beyond,
            total=total,
        ),
        subtitle=say(
            "Customers who hold both over those expected within segments, {q}, with "
            "95% intervals",
            q=write_quarter(account.quarter),
        ),
        source=account.source,
        nobs=len(depth.behaviour.now),
        alt=say(
            "Dots with intervals for {total} pairs, {first} first; {beyond} stand "
            "apart from 1.",
            total=total,
            first=str(rows["name"].iloc[0]),
            beyond=beyond,
        ),
        note=say(
            "Grey pairs may be chance (false discoveries held to 5%). Products that "
            "nearly everybody holds, and rarer pairs, are left out."
        ),
    )


def chart_product_margins(margins: ProductMargins | Refused) -> Chart | Note:
    """Draw what an average customer of each segment brings, product by product.

    Parameters
    ----------
    margins : ProductMargins or Refused
        Margins of segments and products.

    Returns
    -------
    Chart or Note
        A note where it is refused or all cells are hidden.
    """
    if isinstance(margins, Refused):
        return Note(margins.reason)
    released = release_margins(margins)
    if released.rows.map(is_suppressed).all(axis=None):
        return Note(say("Margins by segment and product are hidden."))
    account = margins.account
    first, top = str(released.rows.index[0]), str(released.rows.columns[0])
    return Chart(
        drawing=draw_heat_map(
            released,
            unit=say(
                "{currency} a customer", currency=write_currency(account.currency)
            ),
            centre=0.0,
        ),
        title=say("Where the margin of each segment comes from"),
        subtitle=say(
            "Margin over the transfer rate, and fees, per customer of the segment, {q}",
            q=write_quarter(account.quarter),
        ),
        source=account.source,
        nobs=int(margins.rows["customers"].sum()),
        alt=say(
            "Matrix of {rows} segments, {first} first, by {columns} products, {top} "
            "first.",
            rows=len(released.rows),
            first=first,
            columns=len(released.rows.columns),
            top=top,
        ),
        note=say("Before cost to serve, credit losses and tax; small segments as one."),
    )


def _list_pairs(depth: ProductDepth) -> Released:
    """List the pairs of the highest lift that may be shown."""
    released = release_pairs(depth)
    known = ~released.rows["lift"].map(is_suppressed)
    return released.keep(known & (known.cumsum() <= _MOST_PAIRS))


def _draw_pairs(released: Released) -> Drawing:
    return draw_intervals(
        released,
        label="name",
        estimate="lift",
        lower="lower",
        upper="upper",
        unit=say("Times as often as chance"),
        reference=1.0,
        reference_label=say("Chance"),
        muted="is_chance",
    )
