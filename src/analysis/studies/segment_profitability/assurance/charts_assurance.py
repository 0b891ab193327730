"""A tornado: what each assumption moves, the largest first."""

from __future__ import annotations

from analysis.presentation.charts import Chart, draw_stacked_bars
from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.notes import Note
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.assurance.release_assurance import (
    release_flips,
)
from analysis.studies.segment_profitability.assurance.sign_stability import (
    SignStability,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.sentences import Nothing
from analysis.units import Unit, write_value
from analysis.wording import say

_MOST_BARS = 12


def chart_alternatives(stability: SignStability | Refused) -> Chart | Note | Nothing:
    """Draw how many customers change sides under each alternative.

    Parameters
    ----------
    stability : SignStability or Refused
        Signs of all customers under every alternative.

    Returns
    -------
    Chart or Note, or nothing where it is refused
        Alternatives that turn few customers, or none, are left out.
    """
    if isinstance(stability, Refused):
        return ()
    released = release_flips(stability)
    parts = {"to_loss_pct": say("come to lose"), "to_profit_pct": say("come to earn")}
    rows = released.rows
    known = ~rows[[*parts, "flips_pct"]].map(is_suppressed).any(axis=1)
    turns = known & (rows["flips_pct"].where(known, 0.0).astype(float) > 0)
    if not turns.any():
        return Note(say("No assumption turns the sign of ten customers or more."))
    shown = turns & (turns.cumsum() <= _MOST_BARS)
    drawn = released.keep(shown)
    account = stability.panel.account
    first = drawn.rows.iloc[0]
    share = write_value(float(first["flips_pct"]), Unit.PERCENT)
    return Chart(
        drawing=draw_stacked_bars(
            drawn.select(["name", *parts]), label="name", parts=parts, unit="%"
        ),
        title=say("One assumption turns {share} of customers at most", share=share),
        subtitle=say(
            "Share of all customers whose profit changes its sign, by assumption "
            "changed, {q}; the diamond is the net change",
            q=write_quarter(account.quarter),
        ),
        source=account.source,
        nobs=stability.panel.now.n_customers,
        alt=say(
            "Tornado of {n} assumptions, the widest first: {name} turns {share}.",
            n=len(drawn.rows),
            name=str(first["name"]),
            share=share,
        ),
        note=say("Assumptions that turn fewer than ten customers are left out."),
    )
