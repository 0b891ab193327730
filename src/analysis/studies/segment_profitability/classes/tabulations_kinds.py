"""Tables on kinds of customers."""

from __future__ import annotations

from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.classes.kinds import SAMPLE_SIZE, Kinds
from analysis.studies.segment_profitability.classes.release_kinds import (
    release_kinds,
)
from analysis.studies.segment_profitability.classes.words import (
    FEATURE_NAMES,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.sentences import Nothing
from analysis.units import Unit, write_currency, write_number
from analysis.wording import say

_FEATURE_DECIMALS = {"is_digital": 0, "tenure_years": 1, "recency_months": 0}


def tabulate_kinds(kinds: Kinds | Refused) -> DisplayTable | Nothing:
    """Show how stable each kind is, how many stayed, and what they bring.

    Parameters
    ----------
    kinds : Kinds or Refused
        Kinds of customers.

    Returns
    -------
    DisplayTable, or nothing where it is refused
        One row per kind.
    """
    if isinstance(kinds, Refused):
        return ()
    account = kinds.behaviour.account
    unit = write_currency(account.currency)
    return DisplayTable(
        title=say(
            "Kinds of customers, and whether they hold, {q}",
            q=write_quarter(account.quarter),
        ),
        released=release_kinds(kinds),
        columns=(
            DisplayColumn("name", say("Kind of customers")),
            DisplayColumn("customers", say("Customers"), Unit.COUNT),
            DisplayColumn("verdict", say("Verdict")),
            DisplayColumn("jaccard", say("Similarity"), decimals=2),
            DisplayColumn(
                "profit_each", say("Profit each"), decimals=1, unit_label=unit
            ),
            DisplayColumn("lower", say("from"), decimals=1, unit_label=unit),
            DisplayColumn("upper", say("to"), decimals=1, unit_label=unit),
        ),
        source=account.source,
        note=say(
            "Similarity is the mean Jaccard index over resamples: below 0.60 unstable, "
            "to 0.75 doubtful, above 0.85 highly stable. Profit of a kind that does "
            "not hold is not given. Found on {n} customers drawn at random, then given "
            "to all.",
            n=write_number(min(SAMPLE_SIZE, len(kinds.behaviour.now))),
        ),
    )


def tabulate_kind_traits(kinds: Kinds | Refused) -> DisplayTable | Nothing:
    """Show the median customer of each kind.

    Parameters
    ----------
    kinds : Kinds or Refused
        Kinds of customers.

    Returns
    -------
    DisplayTable, or nothing where it is refused
        One row per kind.
    """
    if isinstance(kinds, Refused):
        return ()
    account = kinds.behaviour.account
    money = write_currency(account.currency)
    columns = [
        DisplayColumn(
            f"median_{name}",
            say(FEATURE_NAMES[name]),
            decimals=_FEATURE_DECIMALS.get(name, 0),
            unit_label=money if name in ("assets", "loans") else "",
        )
        for name in kinds.features
    ]
    return DisplayTable(
        title=say("The median customer of each kind"),
        released=release_kinds(kinds),
        columns=(DisplayColumn("name", say("Kind of customers")), *columns),
        source=account.source,
        note=say("Uses the app: 1 for yes. A year without activity counts 12 months."),
    )
