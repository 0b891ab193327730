"""Charts of how long customers stay, who came back, and what new ones return."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.charts import Chart, draw_curve, draw_intervals
from analysis.presentation.disclosure import stack
from analysis.presentation.notes import Note
from analysis.studies.segment_profitability.lifetime.acquisition import Acquisition
from analysis.studies.segment_profitability.lifetime.charts_lifetime import keep_known
from analysis.studies.segment_profitability.lifetime.cohorts import Retention
from analysis.studies.segment_profitability.lifetime.release_lifetime import (
    release_acquisition,
    release_retention,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.units import write_number
from analysis.wording import say


def chart_retention(retention: Retention | Refused) -> Chart | Note:
    """Draw the share of new customers who have left by age.

    Parameters
    ----------
    retention : Retention or Refused
        How long new customers stay.

    Returns
    -------
    Chart or Note
        Seen and modelled, with the model's band.
    """
    if isinstance(retention, Refused):
        return Note(retention.reason)
    released = keep_known(release_retention(retention), "left_pct")
    last = 100 * (1 - float(retention.band.estimate[-1]))
    years = len(retention.band.estimate) / 4
    return Chart(
        drawing=draw_curve(
            released,
            x="age_years",
            y="left_pct",
            lower="lower",
            upper="upper",
            series="series",
            x_label=say("Years since joining"),
            y_label=say("% who have left"),
        ),
        title=say(
            "{share}% of new customers are expected to leave within {years} years",
            share=write_number(last),
            years=write_number(years, decimals=1),
        ),
        subtitle=say("Share of new customers who have left, with the model's 95% band"),
        source=retention.source,
        nobs=retention.n_customers,
        alt=say("Two rising curves, seen and modelled; the model's reaches further."),
        note=say(
            "The oldest cohort is {n} quarters old; beyond, the model speaks alone.",
            n=write_number(retention.n_ages),
        ),
    )


def chart_acquisition(acquisition: Acquisition | Refused) -> Chart | Note:
    """Draw worth over cost by way of winning and by state at the start.

    Parameters
    ----------
    acquisition : Acquisition or Refused
        Cost and worth of new customers.

    Returns
    -------
    Chart or Note
        Above one a customer is worth more than the cost.
    """
    if isinstance(acquisition, Refused):
        return Note(acquisition.reason)
    both = [
        keep_known(release_acquisition(rows.assign(name=_prefix(rows, kind))), "ratio")
        for rows, kind in (
            (acquisition.channels, say("Won by")),
            (acquisition.tiers, say("Starting as")),
        )
    ]
    released = stack(both)
    if released.rows.empty:
        return Note(say("Costs by group are hidden to protect customers."))
    account = acquisition.value.panel.account
    return Chart(
        drawing=draw_intervals(
            released,
            label="name",
            estimate="ratio",
            lower="ratio_lower",
            upper="ratio_upper",
            unit=say("Worth over cost"),
            reference=1.0,
            reference_label=say("cost earned back"),
        ),
        title=say(
            "What new customers return on their cost, by way of winning and tier"
        ),
        subtitle=say(
            "Worth of a new customer over the cost of winning it, 95% interval"
        ),
        source=account.source,
        nobs=int(acquisition.whole["customers"].iloc[0]),
        alt=say(
            "One dot with its interval for each of {n} groups.", n=len(released.rows)
        ),
    )


def _prefix(rows: pd.DataFrame, kind: str) -> list[str]:
    return [say("{kind}: {name}", kind=kind, name=str(name)) for name in rows["name"]]
