"""Charts of the study: each draws one result and says in words what it shows."""

from __future__ import annotations

from analysis.presentation.charts import (
    Chart,
    draw_curve,
    draw_intervals,
    draw_stacked_bars,
    draw_waterfall,
)
from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.notes import Note
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.capital.risk_reward import RiskReward
from analysis.studies.segment_profitability.customers.customer_panel import (
    CustomerPanel,
)
from analysis.studies.segment_profitability.customers.profit_concentration import (
    Concentration,
    DepositSpread,
)
from analysis.studies.segment_profitability.customers.release_customers import (
    release_curve,
    release_reward,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.segments.release_segments import (
    list_lines,
    release_lines,
    release_segments,
)
from analysis.studies.segment_profitability.segments.segment_profit import SegmentProfit
from analysis.studies.segment_profitability.sentences import LINE_NAMES, Nothing
from analysis.units import Unit, write_money, write_value
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


def chart_whale(concentration: Concentration | Refused) -> Chart | Note | Nothing:
    """Draw the whale curve of both quarters with its band.

    Parameters
    ----------
    concentration : Concentration or Refused
        Who makes the profit.

    Returns
    -------
    Chart or Note, or nothing where it is refused
        Each point stands for at least ten customers.
    """
    if isinstance(concentration, Refused):
        return ()
    account = concentration.panel.account
    released = release_curve(concentration.whale)
    if released is None:
        return Note(say("The whale curve is hidden: one customer stands out in it."))
    peak = write_value(concentration.peak_pct.estimate, Unit.PERCENT)
    lost = write_value(concentration.peak_pct.estimate - 100, Unit.PERCENT)
    return Chart(
        drawing=draw_curve(
            released,
            x="customers_pct",
            y="total_pct",
            lower="lower",
            upper="upper",
            series="quarter",
            x_label=say("Customers, most profitable first, %"),
            y_label=say("Share of total profit, %"),
            reference=100,
        ),
        title=say("Losses take back {lost} of profit", lost=lost),
        subtitle=say(
            "Cumulative share of profit after tax, {q}, with 95% band",
            q=write_quarter(account.quarter),
        ),
        source=account.source,
        nobs=concentration.panel.now.n_customers,
        alt=say(
            "Whale curve: it rises steeply, peaks at {peak} of profit and falls to "
            "100% as customers with losses are added.",
            peak=peak,
        ),
        note=_write_earlier(concentration.panel),
    )


def chart_lorenz(spread: DepositSpread | Refused) -> Chart | Note | Nothing:
    """Draw the Lorenz curve of deposits in both quarters.

    Parameters
    ----------
    spread : DepositSpread or Refused
        How unequally deposits are held.

    Returns
    -------
    Chart or Note, or nothing where it is refused
        Each point stands for at least ten customers.
    """
    if isinstance(spread, Refused):
        return ()
    account = spread.panel.account
    released = release_curve(spread.lorenz)
    if released is None:
        return Note(say("The Lorenz curve is hidden: one customer stands out in it."))
    top = write_value(spread.top_tenth_pct.estimate, Unit.PERCENT)
    return Chart(
        drawing=draw_curve(
            released,
            x="customers_pct",
            y="total_pct",
            lower="lower",
            upper="upper",
            series="quarter",
            x_label=say("Customers, smallest depositors first, %"),
            y_label=say("Share of deposits, %"),
            diagonal=True,
        ),
        title=say("The largest tenth of depositors holds {top} of deposits", top=top),
        subtitle=say(
            "Lorenz curve of average deposits, {q}, with 95% band",
            q=write_quarter(account.quarter),
        ),
        source=account.source,
        nobs=spread.panel.now.n_customers,
        alt=say(
            "Lorenz curve below the line of equal shares; its last tenth adds {top}.",
            top=top,
        ),
        note=_write_earlier(spread.panel),
    )


def chart_capital_reward(reward: RiskReward | Refused) -> Chart | Note | Nothing:
    """Draw each segment's return on capital against the hurdle.

    Parameters
    ----------
    reward : RiskReward or Refused
        Profit against capital.

    Returns
    -------
    Chart or Note, or nothing where it is refused
        Segments of at least ten customers, none of whom stands out.
    """
    if isinstance(reward, Refused):
        return ()
    account = reward.panel.account
    released = release_reward(reward)
    released = released.keep(~released.rows["raroc_pct"].map(is_suppressed))
    if released.rows.empty:
        return Note(say("Returns on capital are hidden: one customer stands out."))
    rows = released.rows
    first, last = rows.iloc[0], rows.iloc[-1]
    hurdle = write_value(reward.hurdle_pct, Unit.PERCENT)
    return Chart(
        drawing=draw_intervals(
            released,
            label="segment",
            estimate="raroc_pct",
            lower="lower",
            upper="upper",
            unit=say("% a year"),
            reference=reward.hurdle_pct,
            reference_label=say("Owners ask {hurdle}", hurdle=hurdle),
        ),
        title=say(
            "{first} earns most on capital, {last} least",
            first=str(first["segment"]),
            last=str(last["segment"]),
        )
        if len(rows) > 1
        else say("Return on capital against a hurdle of {hurdle}", hurdle=hurdle),
        subtitle=say(
            "Profit after tax over economic capital, {q}, with 95% intervals",
            q=write_quarter(account.quarter),
        ),
        source=account.source,
        nobs=int(rows["customers"].sum()),
        alt=say(
            "Dots with intervals for {names}, from {high} down to {low}.",
            names=join_names([str(name) for name in rows["segment"]]),
            high=write_value(float(first["raroc_pct"]), Unit.PERCENT),
            low=write_value(float(last["raroc_pct"]), Unit.PERCENT),
        ),
        note=say("Capital covers credit and operational risk, not interest-rate risk."),
    )


def _write_earlier(panel: CustomerPanel) -> str:
    if panel.before is None:
        return say("Drawn through groups of at least ten customers.")
    return say(
        "Drawn through groups of at least ten customers; where the curve of {before} "
        "is not seen it lies under that of {now}.",
        before=write_quarter(panel.before.quarter),
        now=write_quarter(panel.now.quarter),
    )
