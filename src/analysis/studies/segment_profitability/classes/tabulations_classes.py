"""Tables on the bank's classes of customers."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.disclosure import is_suppressed, release_public
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.classes.own_activity import HISTORY_MONTHS
from analysis.studies.segment_profitability.classes.release_rules import (
    release_classes,
    release_moves,
)
from analysis.studies.segment_profitability.classes.rules import (
    SLEEPING_ASSETS,
    Limits,
    RuleClasses,
)
from analysis.studies.segment_profitability.classes.words import (
    name_classes,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.sentences import LINE_NAMES, Nothing
from analysis.units import Unit, write_currency, write_money, write_number
from analysis.wording import say

_MOST_MOVES = 10


def tabulate_class_rules(classes: RuleClasses | Refused) -> DisplayTable | Nothing:
    """Show the rules of the classes with their limits.

    Parameters
    ----------
    classes : RuleClasses or Refused
        Customers by the bank's rules.

    Returns
    -------
    DisplayTable, or nothing where it is refused
        One row per class.
    """
    if isinstance(classes, Refused):
        return ()
    rules = _write_rules(classes.limits, classes.behaviour.account.currency)
    rows = pd.DataFrame({"name": name_classes(), "rule": rules})
    return DisplayTable(
        title=say("How customers are classed"),
        released=release_public(
            rows, reason="limits of the rules, rounded to two digits"
        ),
        columns=(
            DisplayColumn("name", say("Class")),
            DisplayColumn("rule", say("Rule")),
        ),
        source=classes.behaviour.account.source,
        note=say(
            "The first rule that fits decides, from sleeping over high value added and "
            "valuable to low value. Limits are set by customers awake this quarter and "
            "kept for the quarter before."
        ),
    )


def tabulate_classes(classes: RuleClasses | Refused) -> DisplayTable | Nothing:
    """Show what each class holds, brings and costs.

    Parameters
    ----------
    classes : RuleClasses or Refused
        Customers by the bank's rules.

    Returns
    -------
    DisplayTable, or nothing where it is refused
        One row per class, and the total.
    """
    if isinstance(classes, Refused):
        return ()
    account = classes.behaviour.account
    shown, unit = release_classes(classes)
    cost = "cost_to_serve"
    heads = {
        "balances": say("Balances"),
        "income": say("Income"),
        cost: say(LINE_NAMES[cost]),
        "profit": say("Profit"),
    }
    heads = {name: head for name, head in heads.items() if name not in account.refused}
    each = write_currency(account.currency)
    return DisplayTable(
        title=say(
            "What the bank's classes hold, bring and cost, {q}",
            q=write_quarter(account.quarter),
        ),
        released=shown.released,
        columns=(
            DisplayColumn("name", say("Class")),
            DisplayColumn("customers", say("Customers"), Unit.COUNT),
            *(
                DisplayColumn(f"{name}_scaled", head, decimals=2, unit_label=unit)
                for name, head in heads.items()
            ),
            DisplayColumn(
                "profit_each", say("Profit each"), decimals=1, unit_label=each
            ),
            DisplayColumn("lower", say("from"), decimals=1, unit_label=each),
            DisplayColumn("upper", say("to"), decimals=1, unit_label=each),
        ),
        source=account.source,
        note=say(
            "Balances are deposits, investments and loans; costs are negative; profit "
            "is after tax. Intervals are 95% bootstrap intervals over customers."
        ),
        total_row=True,
    )


def tabulate_class_moves(classes: RuleClasses | Refused) -> DisplayTable | Nothing:
    """Show the largest moves between classes, with intervals.

    Parameters
    ----------
    classes : RuleClasses or Refused
        Customers by the bank's rules.

    Returns
    -------
    DisplayTable, or nothing where it is refused or the quarter before is not known
        One row per move, the largest first.
    """
    if isinstance(classes, Refused) or classes.moves.empty:
        return ()
    released = release_moves(classes)
    shown = ~released.rows["customers"].map(is_suppressed)
    moved = released.keep(shown & ~released.rows["stays"])
    largest = moved.order("customers", ascending=False)
    first = [place < _MOST_MOVES for place in range(len(largest.rows))]
    return DisplayTable(
        title=say("The largest moves between classes since the quarter before"),
        released=largest.keep(first),
        columns=(
            DisplayColumn("origin", say("Class before")),
            DisplayColumn("goal", say("Class now")),
            DisplayColumn("customers", say("Customers"), Unit.COUNT),
            DisplayColumn("share_pct", say("Share of the class"), Unit.PERCENT),
            DisplayColumn("lower", say("Interval from"), Unit.PERCENT),
            DisplayColumn("upper", say("Interval to"), Unit.PERCENT),
        ),
        source=classes.behaviour.account.source,
        note=say("Wilson's 95% intervals, each share by itself."),
    )


def _write_rules(limits: Limits, currency: str) -> list[str]:
    """Write the rule of each class in the order of `CLASSES`."""
    large = write_money(limits.large_balance, currency)
    contacts = write_number(limits.frequent_contacts)
    if limits.by_state is None:
        asleep = say("Not known from this source")
    elif limits.by_state:
        asleep = say("The source says that the customer sleeps")
    else:
        asleep = say(
            "No own activity for {months} months and assets below {limit}",
            months=HISTORY_MONTHS,
            limit=write_money(SLEEPING_ASSETS, currency),
        )
    return [
        asleep,
        say(
            "Only deposits without a term, assets below {limit}",
            limit=write_money(limits.small_assets, currency),
        ),
        say("None of the other rules"),
        say(
            "Deposits and loans of {large} or more, and {contacts} or more own "
            "contacts a quarter",
            large=large,
            contacts=contacts,
        ),
        say("As valuable, and with investments or fees too"),
    ]
