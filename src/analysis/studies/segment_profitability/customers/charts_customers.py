"""Curves of customers: from the most profitable down, from the smallest up."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.charts import (
    Chart,
    draw_curve,
)
from analysis.presentation.notes import Note
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.customers.deposit_spread import (
    DepositSpread,
)
from analysis.studies.segment_profitability.customers.profit_concentration import (
    Concentration,
)
from analysis.studies.segment_profitability.customers.release_customers import (
    release_curve,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.sentences import Nothing
from analysis.units import Unit, write_value
from analysis.wording import join_names, say


def chart_whale(concentration: Concentration | Refused) -> Chart | Note | Nothing:
    """Draw the whale curve of each quarter with its band.

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
        note=_write_earlier(concentration.whale),
    )


def chart_lorenz(spread: DepositSpread | Refused) -> Chart | Note | Nothing:
    """Draw the Lorenz curve of deposits in each quarter.

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
        note=_write_earlier(spread.lorenz),
    )


def _write_earlier(points: pd.DataFrame) -> str:
    *earlier, now = (write_quarter(name) for name in points["quarter"].unique())
    if not earlier:
        return say("Drawn through groups of at least ten customers.")
    return say(
        "Drawn through groups of at least ten customers. Grey: {earlier}; where one is "
        "not seen it lies under the curve of {now}.",
        earlier=join_names(earlier),
        now=now,
    )
