"""What each segment earns on its capital, beside what owners ask."""

from __future__ import annotations

from analysis.presentation.charts import (
    Chart,
    draw_intervals,
)
from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.notes import Note
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.capital.release_capital import (
    release_reward,
)
from analysis.studies.segment_profitability.capital.risk_reward import RiskReward
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.sentences import Nothing
from analysis.units import Unit, write_value
from analysis.wording import join_names, say


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
