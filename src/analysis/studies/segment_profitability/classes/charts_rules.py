"""Charts on the bank's own classes of customers."""

from __future__ import annotations

from analysis.presentation.charts import Chart, draw_heat_map
from analysis.presentation.disclosure import Released, is_suppressed
from analysis.presentation.notes import Note
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.classes.release_rules import (
    release_tier_deciles,
)
from analysis.studies.segment_profitability.classes.rules import RuleClasses
from analysis.studies.segment_profitability.refusal import Refused
from analysis.units import Unit, write_value
from analysis.wording import say


def chart_tier_deciles(classes: RuleClasses | Refused) -> Chart | Note:
    """Draw how each segment spreads over tenths of customers by profit.

    Parameters
    ----------
    classes : RuleClasses or Refused
        Customers by the bank's rules, and by segment.

    Returns
    -------
    Chart or Note
        A note where there are no segments to set side by side, or all is hidden.
    """
    if isinstance(classes, Refused):
        return Note(classes.reason)
    released = release_tier_deciles(classes)
    first = released.rows.iloc[0, 0]
    if len(released.rows) == 1 or is_suppressed(first):
        title = say("Where each segment stands in the order of profit")
    else:
        title = say(
            "{share} of {name} are in the least profitable tenth",
            share=write_value(float(str(first)), Unit.PERCENT),
            name=str(released.rows.index[0]),
        )
    return _draw_deciles(
        released,
        classes,
        title=title,
        subtitle=say(
            "Percent of each segment by tenth of all customers by profit, {q}",
            q=write_quarter(classes.behaviour.account.quarter),
        ),
    )


def _draw_deciles(
    released: Released, classes: RuleClasses, *, title: str, subtitle: str
) -> Chart | Note:
    if released.rows.map(is_suppressed).all(axis=None):
        return Note(say("The order of profit is hidden: groups are too small."))
    account = classes.behaviour.account
    return Chart(
        drawing=draw_heat_map(released, unit=say("% of the row")),
        title=title,
        subtitle=subtitle,
        source=account.source,
        nobs=len(classes.behaviour.now),
        alt=say(
            "Matrix of {rows} rows by {columns} bands of profit, lowest first.",
            rows=len(released.rows),
            columns=len(released.rows.columns),
        ),
        note=say(
            "Tenths that hold too few customers of some rows are drawn together; small "
            "segments too."
        ),
    )
