"""From margin to profit: of all customers, and segment by segment."""

from __future__ import annotations

from analysis.presentation.charts import (
    Chart,
    draw_stacked_bars,
    draw_waterfall,
)
from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.notes import Note
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.segments.release_segments import (
    list_lines,
    release_lines,
    release_segments,
)
from analysis.studies.segment_profitability.segments.segment_profit import SegmentProfit
from analysis.studies.segment_profitability.sentences import LINE_NAMES, Nothing
from analysis.units import write_money
from analysis.wording import join_names, say


def chart_profit_lines(segments: SegmentProfit) -> Chart | Note | Nothing:
    """Draw the steps from margin to profit for all customers together.

    Parameters
    ----------
    segments : SegmentProfit
        Profit accounts of segments.

    Returns
    -------
    Chart or Note, or nothing where it is refused
        Of all customers together.
    """
    account = segments.account
    if account.refusal:
        return ()
    released = release_lines(segments)
    if released is None:
        return Note(say("The lines of all customers are hidden to protect some."))
    steps = released.rows
    largest = steps["line"].iloc[int(steps["amount"].abs().to_numpy().argmax())]
    profit = write_money(float(steps["amount"].sum()), account.currency)
    return Chart(
        drawing=draw_waterfall(
            released,
            label="line",
            value="amount",
            unit=account.currency,
            total_label=say("Profit after tax"),
        ),
        title=say(
            "{largest} is the largest step to a profit of {profit}",
            largest=str(largest),
            profit=profit,
        ),
        subtitle=say("Lines of all customers, {q}", q=write_quarter(account.quarter)),
        source=account.source,
        nobs=int(segments.rows["customers"].sum()),
        alt=say(
            "Waterfall from {first} through {n} lines to a profit of {profit}.",
            first=str(steps["line"].iloc[0]),
            n=len(steps),
            profit=profit,
        ),
        note=account.basis,
    )


def chart_segment_lines(segments: SegmentProfit) -> Chart | Note | Nothing:
    """Draw what each segment brings and costs, as bars to both sides of zero.

    Parameters
    ----------
    segments : SegmentProfit
        Profit accounts of segments.

    Returns
    -------
    Chart or Note, or nothing where it is refused
        Segments with hidden cells are left out.
    """
    account = segments.account
    if account.refusal:
        return ()
    lines = [n for n in list_lines(account) if (segments.rows[n] != 0).any()]
    shown = release_segments(segments).parts
    is_whole = ~shown.rows[[*lines, "profit"]].map(is_suppressed).any(axis=1)
    public = shown.keep(is_whole)
    if len(public.rows) < 2:
        return Note(say("The source names no segments that could be set side by side."))
    parts = {line: say(LINE_NAMES[line]) for line in lines}
    names = [str(name) for name in public.rows["segment"]]
    best = str(public.order("profit", ascending=False).rows["segment"].iloc[0])
    return Chart(
        drawing=draw_stacked_bars(
            public.select(["segment", *lines]).rename(parts),
            label="segment",
            parts=list(parts.values()),
            unit=account.currency,
        ),
        title=say("{best} brings most after all costs", best=best),
        subtitle=say(
            "Profit lines of each segment, {q}; the diamond is profit after tax",
            q=write_quarter(account.quarter),
        ),
        source=account.source,
        nobs=int(segments.rows["customers"].sum()),
        alt=say(
            "Stacked bars of {lines} for {segments}; the sum of {best} is largest.",
            lines=join_names(list(parts.values())),
            segments=join_names(names),
            best=best,
        ),
    )
