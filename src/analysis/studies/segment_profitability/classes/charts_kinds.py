"""Charts on kinds and fifths of customers."""

from __future__ import annotations

from analysis.presentation.charts import Chart, draw_intervals
from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.notes import Note
from analysis.quarter import write_quarter
from analysis.statistics.cluster_stability import LEAST_STABLE
from analysis.studies.segment_profitability.classes.kinds import Kinds
from analysis.studies.segment_profitability.classes.quintiles import Fifths
from analysis.studies.segment_profitability.classes.release_kinds import (
    HOLDING,
    release_fifths,
    release_kinds,
)
from analysis.studies.segment_profitability.classes.words import name_dimension
from analysis.studies.segment_profitability.refusal import Refused
from analysis.units import Unit, write_currency, write_number, write_value
from analysis.wording import join_names, say


def chart_kind_stability(kinds: Kinds | Refused) -> Chart | Note:
    """Draw how similar each kind is when customers are drawn again.

    Parameters
    ----------
    kinds : Kinds or Refused
        Kinds of customers.

    Returns
    -------
    Chart or Note
        A note where there are no kinds, or all are hidden.
    """
    if isinstance(kinds, Refused):
        return Note(kinds.reason)
    released = release_kinds(kinds)
    released = released.keep(~released.rows["jaccard"].map(is_suppressed))
    if released.rows.empty:
        return Note(say("Kinds are hidden: too few customers are in each of them."))
    rows = released.rows
    holding = int(kinds.rows["verdict"].isin(HOLDING).sum())
    ends = rows["jaccard"].astype(float)
    return Chart(
        drawing=draw_intervals(
            released,
            label="name",
            estimate="jaccard",
            lower="jaccard_lower",
            upper="jaccard_upper",
            unit=say("Jaccard similarity"),
            reference=LEAST_STABLE,
            reference_label=say("Stable above 0.75"),
        ),
        title=say(
            "{holding} of {total} kinds of customers hold",
            holding=write_number(holding),
            total=write_number(len(kinds.rows)),
        ),
        subtitle=say(
            "Similarity of each kind with its counterpart in resamples, {q}",
            q=write_quarter(kinds.behaviour.account.quarter),
        ),
        source=kinds.behaviour.account.source,
        nobs=len(kinds.behaviour.now),
        alt=say(
            "Dots with ranges for {n} kinds of customers, from {low} to {high}.",
            n=write_number(len(rows)),
            low=write_value(float(ends.min()), Unit.RATIO),
            high=write_value(float(ends.max()), Unit.RATIO),
        ),
        note=say(
            "Ranges hold 95% of resamples. A kind is named by what sets its median "
            "customer apart from the median of all."
        ),
    )


def chart_fifths(fifths: Fifths | Refused) -> Chart | Note:
    """Draw profit per customer of fifths by recency, frequency, income and balance.

    Parameters
    ----------
    fifths : Fifths or Refused
        Fifths of customers.

    Returns
    -------
    Chart or Note
        A note where there are none, or all are hidden.
    """
    if isinstance(fifths, Refused):
        return Note(fifths.reason)
    released = release_fifths(fifths)
    released = released.keep(~released.rows["profit_each"].map(is_suppressed))
    if released.rows.empty:
        return Note(say("Fifths are hidden: one customer stands out in each."))
    best = name_dimension(fifths.judged.iloc[0])
    account = fifths.behaviour.account
    return Chart(
        drawing=draw_intervals(
            released,
            label="name",
            estimate="profit_each",
            lower="lower",
            upper="upper",
            unit=say(
                "{currency} a customer", currency=write_currency(account.currency)
            ),
            group="dimension",
            reference=0.0,
        ),
        title=say("Profit rises most clearly with {best}", best=best.lower()),
        subtitle=say(
            "Profit after tax a customer, {q}, with 95% intervals; fifth 5 is the "
            "highest",
            q=write_quarter(account.quarter),
        ),
        source=account.source,
        nobs=len(fifths.behaviour.now),
        alt=say(
            "Dots with intervals of profit by fifth for {names}.",
            names=join_names(
                [name_dimension(row) for _, row in fifths.dimensions.iterrows()]
            ),
        ),
        note=say(
            "Customers with equal values stay together, so that a fifth may be larger "
            "than others or empty. Income is a part of profit."
        ),
    )
