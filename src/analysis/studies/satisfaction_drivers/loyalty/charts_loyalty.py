"""The chart of what customers do in the quarter after, by how satisfied they were."""

from __future__ import annotations

from analysis.presentation.charts import Chart, draw_intervals
from analysis.presentation.notes import Note
from analysis.studies.satisfaction_drivers.loyalty.outcomes import Outcome
from analysis.studies.satisfaction_drivers.loyalty.release_loyalty import release_bands
from analysis.studies.satisfaction_drivers.refusal import Refused
from analysis.units import write_number
from analysis.wording import say


def chart_leaving(outcome: Outcome | Refused) -> Chart | Note:
    """Draw the share of customers who leave by band of satisfaction.

    Parameters
    ----------
    outcome : Outcome or Refused
        How leaving goes along with satisfaction.

    Returns
    -------
    Chart or Note
        Seen shares with intervals, least satisfied first.
    """
    if isinstance(outcome, Refused):
        return Note(outcome.reason)
    shown = release_bands(outcome)
    if len(shown.rows) < 2:
        return Note(say("Shares of leavers are hidden to protect customers."))
    first, last = shown.rows.iloc[0], shown.rows.iloc[-1]
    return Chart(
        drawing=draw_intervals(
            shown,
            label="band",
            estimate="share_pct",
            lower="share_lower",
            upper="share_upper",
            unit=say("% who left in the next quarter"),
        ),
        title=say(
            "Of the least satisfied {times} times as many leave as of the most "
            "satisfied",
            times=write_number(first["share_pct"] / last["share_pct"], decimals=1),
        )
        if last["share_pct"] > 0
        else say("The least satisfied leave most"),
        subtitle=say("Customers gone a quarter after their answer, by that answer"),
        source=outcome.links.source,
        nobs=outcome.fit.nobs,
        alt=say(
            "One dot with its interval for each of {n} bands of satisfaction.",
            n=len(shown.rows),
        ),
    )
