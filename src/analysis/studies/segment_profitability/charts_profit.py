"""Charts of the study: each draws one result and says in words what it shows."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.charts import (
    Chart,
    draw_curve,
    draw_intervals,
    draw_stacked_bars,
    draw_waterfall,
)
from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.notes import Note
from analysis.studies.segment_profitability.customer_panel import CustomerPanel
from analysis.studies.segment_profitability.customer_profit import LINES
from analysis.studies.segment_profitability.profit_concentration import (
    Concentration,
    DepositSpread,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.risk_reward import RiskReward
from analysis.studies.segment_profitability.segment_names import EVERYBODY
from analysis.studies.segment_profitability.segment_profit import SegmentProfit
from analysis.studies.segment_profitability.sentences import LINE_NAMES, Nothing
from analysis.studies.segment_profitability.tabulations_segments import shown_segments
from analysis.units import Unit, write_money, write_value
from analysis.wording import join_names, say


def chart_profit_lines(segments: SegmentProfit) -> Chart | Nothing:
    """Draw the steps from margin to profit for all customers together.

    Parameters
    ----------
    segments : SegmentProfit
        Profit accounts of segments.

    Returns
    -------
    Chart, or nothing where it is refused
        Of all customers together.
    """
    account = segments.account
    if account.refusal:
        return ()
    lines = [line for line in (*LINES, "tax") if line not in account.refused]
    totals = segments.rows[lines].sum()
    kept = totals[totals != 0]
    steps = pd.DataFrame(
        {"line": [LINE_NAMES[str(n)] for n in kept.index], "amount": kept.to_numpy()}
    )
    largest = steps["line"].iloc[int(steps["amount"].abs().to_numpy().argmax())]
    profit = write_money(float(kept.sum()), account.currency)
    return Chart(
        drawing=draw_waterfall(
            steps,
            label="line",
            value="amount",
            unit=account.currency,
            total_label="Profit after tax",
        ),
        title=say(
            "{largest} is the largest step to a profit of {profit}",
            largest=str(largest),
            profit=profit,
        ),
        subtitle=say("Lines of all customers, {q}", q=account.quarter),
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
        Segments with suppressed cells are left out.
    """
    account = segments.account
    if account.refusal:
        return ()
    rows = shown_segments(segments)
    public = rows[
        ~rows["customers"].map(is_suppressed) & (rows["segment"] != EVERYBODY)
    ]
    lines = [line for line in (*LINES, "tax") if line not in account.refused]
    kept = [line for line in lines if (segments.rows[line] != 0).any()]
    if len(public) < 2:
        return Note("The source names no segments that could be set side by side.")
    named = public.rename(columns=LINE_NAMES)
    parts = [LINE_NAMES[line] for line in kept]
    numbers = public.astype({"profit": "float64"})
    best = numbers.sort_values("profit", ascending=False).iloc[0]
    return Chart(
        drawing=draw_stacked_bars(
            named[["segment", *parts]].astype(dict.fromkeys(parts, float)),
            label="segment",
            parts=parts,
            unit=account.currency,
        ),
        title=say("{best} brings most after all costs", best=str(best["segment"])),
        subtitle=say(
            "Profit lines of each segment, {q}; the diamond is profit after tax",
            q=account.quarter,
        ),
        source=account.source,
        nobs=int(segments.rows["customers"].sum()),
        alt=say(
            "Stacked bars of {lines} for {segments}; the sum of {best} is largest.",
            lines=join_names(parts),
            segments=join_names(list(public["segment"])),
            best=str(best["segment"]),
        ),
    )


def chart_whale(concentration: Concentration | Refused) -> Chart | Nothing:
    """Draw the whale curve of both quarters with its band.

    Parameters
    ----------
    concentration : Concentration or Refused
        Who makes the profit.

    Returns
    -------
    Chart, or nothing where it is refused
        Each point stands for at least ten customers.
    """
    if isinstance(concentration, Refused):
        return ()
    account = concentration.panel.account
    peak = write_value(concentration.peak_pct.estimate, Unit.PERCENT)
    lost = write_value(concentration.peak_pct.estimate - 100, Unit.PERCENT)
    return Chart(
        drawing=draw_curve(
            concentration.whale,
            x="customers_pct",
            y="total_pct",
            lower="lower",
            upper="upper",
            series="quarter",
            x_label="Customers, most profitable first, %",
            y_label="Share of total profit, %",
            reference=100,
        ),
        title=say("Losses take back {lost} of profit", lost=lost),
        subtitle=say(
            "Cumulative share of profit after tax, {q}, with 95% band",
            q=account.quarter,
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


def chart_lorenz(spread: DepositSpread | Refused) -> Chart | Nothing:
    """Draw the Lorenz curve of deposits in both quarters.

    Parameters
    ----------
    spread : DepositSpread or Refused
        How unequally deposits are held.

    Returns
    -------
    Chart, or nothing where it is refused
        Each point stands for at least ten customers.
    """
    if isinstance(spread, Refused):
        return ()
    account = spread.panel.account
    top = write_value(spread.top_tenth_pct.estimate, Unit.PERCENT)
    return Chart(
        drawing=draw_curve(
            spread.lorenz,
            x="customers_pct",
            y="total_pct",
            lower="lower",
            upper="upper",
            series="quarter",
            x_label="Customers, smallest depositors first, %",
            y_label="Share of deposits, %",
            diagonal=True,
        ),
        title=say("The last tenth of customers holds {top} of deposits", top=top),
        subtitle=say(
            "Lorenz curve of average deposits, {q}, with 95% band", q=account.quarter
        ),
        source=account.source,
        nobs=spread.panel.now.n_customers,
        alt=say(
            "Lorenz curve below the line of equal shares; its last tenth adds {top}.",
            top=top,
        ),
        note=_write_earlier(spread.panel),
    )


def chart_capital_reward(reward: RiskReward | Refused) -> Chart | Nothing:
    """Draw each segment's return on capital against the hurdle.

    Parameters
    ----------
    reward : RiskReward or Refused
        Profit against capital.

    Returns
    -------
    Chart, or nothing where it is refused
        Segments of at least ten customers.
    """
    if isinstance(reward, Refused):
        return ()
    account = reward.panel.account
    first, last = reward.rows.iloc[0], reward.rows.iloc[-1]
    hurdle = write_value(reward.hurdle_pct, Unit.PERCENT)
    return Chart(
        drawing=draw_intervals(
            reward.rows,
            label="segment",
            estimate="raroc_pct",
            lower="lower",
            upper="upper",
            unit="% a year",
            reference=reward.hurdle_pct,
        ),
        title=say(
            "{first} earns most on capital, {last} least",
            first=str(first["segment"]),
            last=str(last["segment"]),
        )
        if len(reward.rows) > 1
        else say("Return on capital against a hurdle of {hurdle}", hurdle=hurdle),
        subtitle=say(
            "Profit after tax over economic capital, {q}, with 95% intervals; the "
            "dashed line is the hurdle of {hurdle}",
            q=account.quarter,
            hurdle=hurdle,
        ),
        source=account.source,
        nobs=int(reward.rows["customers"].sum()),
        alt=say(
            "Dots with intervals for {names}, from {high} down to {low}.",
            names=join_names(list(reward.rows["segment"])),
            high=write_value(float(first["raroc_pct"]), Unit.PERCENT),
            low=write_value(float(last["raroc_pct"]), Unit.PERCENT),
        ),
        note="Capital covers credit and operational risk, not interest-rate risk.",
    )


def _write_earlier(panel: CustomerPanel) -> str:
    if panel.before is None:
        return say("Drawn through groups of at least ten customers.")
    return say(
        "Drawn through groups of at least ten customers; where the curve of {before} "
        "is not seen it lies under that of {now}.",
        before=panel.before.quarter,
        now=panel.now.quarter,
    )
