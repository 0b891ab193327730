"""Tables on kinds of customers."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.disclosure import release_public
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.classes.kinds import SAMPLE_SIZE, Kinds
from analysis.studies.segment_profitability.classes.release_kinds import (
    release_kinds,
    release_stays,
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


def tabulate_kind_stays(kinds: Kinds | Refused) -> DisplayTable | Nothing:
    """Show how many customers stayed in each kind since the quarter before.

    Parameters
    ----------
    kinds : Kinds or Refused
        Kinds of customers.

    Returns
    -------
    DisplayTable, or nothing where it is refused or the quarter before is not known
        One row per kind.
    """
    if isinstance(kinds, Refused) or kinds.rand_index is None:
        return ()
    return DisplayTable(
        title=say("How many customers stayed in each kind"),
        released=release_stays(kinds),
        columns=(
            DisplayColumn("name", say("Kind of customers")),
            DisplayColumn("both", say("Customers"), Unit.COUNT),
            DisplayColumn("stayed_pct", say("Stayed"), Unit.PERCENT),
            DisplayColumn("lower", say("Interval from"), Unit.PERCENT),
            DisplayColumn("upper", say("Interval to"), Unit.PERCENT),
        ),
        source=kinds.behaviour.account.source,
        note=say("Customers of both quarters, by the same rule."),
    )


def tabulate_kind_counts(kinds: Kinds | Refused) -> DisplayTable | Nothing:
    """Show the numbers of kinds that were tried, and why one was taken.

    Parameters
    ----------
    kinds : Kinds or Refused
        Kinds of customers.

    Returns
    -------
    DisplayTable, or nothing where it is refused
        One row per number of kinds.
    """
    if isinstance(kinds, Refused):
        return ()
    chosen = kinds.choice.chosen
    rows = pd.DataFrame(
        [
            {
                "kinds": str(one.n_clusters),
                "least": float(one.means.min()),
                "mean": float(one.means.mean()),
                "gap": one.gap,
                "pvalue": one.pvalue,
                "taken": say("taken") if one is chosen else "",
            }
            for one in kinds.choice.tried
        ]
    )
    return DisplayTable(
        title=say("How many kinds: the most of which each comes back"),
        released=release_public(
            rows, reason="how stable divisions of a sample are; counts no customers"
        ),
        columns=(
            DisplayColumn("kinds", say("Kinds")),
            DisplayColumn("least", say("Least similarity"), decimals=2),
            DisplayColumn("mean", say("Mean similarity"), decimals=2),
            DisplayColumn("gap", say("Gap to one cloud"), decimals=2),
            DisplayColumn("pvalue", say("p-value"), decimals=3),
            DisplayColumn("taken", say("Taken")),
        ),
        source=kinds.behaviour.account.source,
        note=say(
            "The gap is how much tighter kinds are than parts of one cloud without "
            "kinds; a division counts only where that is no chance."
        ),
    )
