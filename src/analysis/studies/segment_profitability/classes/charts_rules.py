"""Charts on the bank's own classes of customers."""

from __future__ import annotations

from analysis.presentation.charts import Chart, draw_heat_map, draw_intervals
from analysis.presentation.disclosure import Released, is_suppressed
from analysis.presentation.notes import Note
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.classes.release_rules import (
    release_class_deciles,
    release_classes,
    release_moves,
    release_tier_deciles,
)
from analysis.studies.segment_profitability.classes.rules import RuleClasses
from analysis.studies.segment_profitability.refusal import Refused
from analysis.units import Unit, write_currency, write_money, write_value
from analysis.wording import join_names, say


def chart_class_profit(classes: RuleClasses | Refused) -> Chart | Note:
    """Draw what a customer of each class brings.

    Parameters
    ----------
    classes : RuleClasses or Refused
        Customers by the bank's rules.

    Returns
    -------
    Chart or Note
        A note where there are no classes, or all are hidden.
    """
    if isinstance(classes, Refused):
        return Note(classes.reason)
    shown, _ = release_classes(classes)
    released = shown.list_known("profit_each")
    released = released.keep(released.rows["profit_each"].notna())
    if released.rows.empty:
        return Note(say("Profit by class is hidden: one customer stands out in each."))
    rows = released.rows
    account = classes.behaviour.account
    top = rows.iloc[rows["profit_each"].to_numpy(float).argmax()]
    each = write_money(float(top["profit_each"]), account.currency)
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
            reference=0.0,
        ),
        title=say("{name} brings most: {each} a customer", name=top["name"], each=each),
        subtitle=say(
            "Profit after tax a customer by class, {q}, with 95% intervals",
            q=write_quarter(account.quarter),
        ),
        source=account.source,
        nobs=len(classes.behaviour.now),
        alt=say(
            "Dots with intervals of profit a customer for {names}; {top} is highest "
            "at {each}.",
            names=join_names([str(name) for name in rows["name"]]),
            top=top["name"],
            each=each,
        ),
        note=say("Classes are in the order of the value that the rules promise."),
    )


def chart_class_deciles(classes: RuleClasses | Refused) -> Chart | Note:
    """Draw how each class spreads over tenths of customers by profit.

    Parameters
    ----------
    classes : RuleClasses or Refused
        Customers by the bank's rules.

    Returns
    -------
    Chart or Note
        A note where there are no classes, or all cells are hidden.
    """
    if isinstance(classes, Refused):
        return Note(classes.reason)
    return _draw_deciles(
        release_class_deciles(classes),
        classes,
        title=say("Where each class stands in the order of profit"),
        subtitle=say(
            "Percent of each class by tenth of all customers by profit, {q}",
            q=write_quarter(classes.behaviour.account.quarter),
        ),
    )


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


def chart_class_moves(classes: RuleClasses | Refused) -> Chart | Note:
    """Draw the share of each class that moved to each other.

    Parameters
    ----------
    classes : RuleClasses or Refused
        Customers by the bank's rules.

    Returns
    -------
    Chart or Note
        A note where the quarter before is not known.
    """
    if isinstance(classes, Refused):
        return Note(classes.reason)
    if classes.moves.empty:
        return Note(say("The quarter before is not known."))
    released = release_moves(classes)
    known = ~released.rows["share_pct"].map(is_suppressed)
    stays = released.rows[known & released.rows["stays"]]
    if stays.empty:
        return Note(say("Moves between classes are hidden to protect customers."))
    least = stays.iloc[stays["share_pct"].to_numpy(float).argmin()]
    account = classes.behaviour.account
    share = write_value(float(least["share_pct"]), Unit.PERCENT)
    return Chart(
        drawing=draw_heat_map(
            released,
            unit=say("% of the class a quarter earlier"),
            row="origin",
            column="goal",
            value="share_pct",
        ),
        title=say(
            "{name} is left most: {share} stayed", name=least["origin"], share=share
        ),
        subtitle=say(
            "From the class a quarter earlier (rows) to that of {q} (columns)",
            q=write_quarter(account.quarter),
        ),
        source=account.source,
        nobs=len(classes.behaviour.before),
        alt=say(
            "Matrix of moves between classes; most stay where they were, fewest in "
            "{name}, {share}.",
            name=least["origin"],
            share=share,
        ),
        note=say("Shares are of the row; intervals are in the table."),
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
