"""Tables of worth, moves and cost, of what passed the disclosure door."""

from __future__ import annotations

from analysis.presentation.disclosure import stack
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.lifetime.acquisition import Acquisition
from analysis.studies.segment_profitability.lifetime.customer_value import CustomerValue
from analysis.studies.segment_profitability.lifetime.migration import Migration
from analysis.studies.segment_profitability.lifetime.release_lifetime import (
    release_acquisition,
    release_all_acquired,
    release_moves,
    release_values,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.sentences import Nothing
from analysis.units import Unit, write_currency
from analysis.wording import say


def tabulate_customer_value(value: CustomerValue | Refused) -> DisplayTable | Nothing:
    """Show what customers of each state are worth, and how long they stay.

    Parameters
    ----------
    value : CustomerValue or Refused
        Values of the states.

    Returns
    -------
    DisplayTable, or nothing where it is refused
        One row per state, richest first.
    """
    if isinstance(value, Refused):
        return ()
    account = value.panel.account
    unit = write_currency(account.currency)

    return DisplayTable(
        title=say(
            "What one customer is worth from {quarter} on, and how long one stays",
            quarter=write_quarter(account.quarter),
        ),
        released=release_values(value),
        columns=(
            DisplayColumn("state", say("State")),
            DisplayColumn("customers", say("Customers"), Unit.COUNT),
            DisplayColumn("value", say("Worth"), decimals=0, unit_label=unit),
            DisplayColumn("value_lower", say("at least"), decimals=0, unit_label=unit),
            DisplayColumn("value_upper", say("at most"), decimals=0, unit_label=unit),
            DisplayColumn(
                "marginal_value", say("at marginal cost"), decimals=0, unit_label=unit
            ),
            DisplayColumn(
                "longer_memory_value",
                say("with longer memory"),
                decimals=0,
                unit_label=unit,
            ),
            DisplayColumn("kept_pct", say("Here after a year"), Unit.PERCENT),
        ),
        source=account.source,
        note=say(
            "Worth: profit after tax, discounted at the hurdle rate; at least and at "
            "most are the ends of the 95% interval. At marginal cost: only cost that "
            "leaving would save. Longer memory: the next move also depends on the "
            "quarter before."
        ),
    )


def tabulate_migration(migration: Migration | Refused) -> DisplayTable | Nothing:
    """Show the intervals of the migration matrix.

    Parameters
    ----------
    migration : Migration or Refused
        Moves of the year.

    Returns
    -------
    DisplayTable, or nothing where it is refused
        One row per state then.
    """
    if isinstance(migration, Refused):
        return ()
    places = [*migration.panel.states, say("Left")]
    columns = [
        DisplayColumn(f"interval_{place}", name) for place, name in enumerate(places)
    ]
    return DisplayTable(
        title=say("Intervals of the shares of customers by where they went"),
        released=release_moves(migration),
        columns=(
            DisplayColumn("state", say("State then")),
            DisplayColumn("customers", say("Customers"), Unit.COUNT),
            *columns,
        ),
        source=migration.panel.account.source,
        note=say(
            "Goodman's intervals: together they hold all shares of a row with 95% "
            "confidence; where nobody moved, the exact upper bound."
        ),
    )


def tabulate_acquisition(acquisition: Acquisition | Refused) -> DisplayTable | Nothing:
    """Show cost, worth and payback of new customers.

    Parameters
    ----------
    acquisition : Acquisition or Refused
        Cost and worth of new customers.

    Returns
    -------
    DisplayTable, or nothing where it is refused
        By way of winning, by state at the start, and all.
    """
    if isinstance(acquisition, Refused):
        return ()
    account = acquisition.value.panel.account
    unit = write_currency(account.currency)
    released = stack(
        [
            release_acquisition(acquisition.channels),
            release_acquisition(acquisition.tiers),
            release_all_acquired(acquisition),
        ]
    )
    return DisplayTable(
        title=say(
            "What new customers cost, what they are worth, and when they pay back"
        ),
        released=released,
        columns=(
            DisplayColumn("name", say("New customers")),
            DisplayColumn("customers", say("Customers"), Unit.COUNT),
            DisplayColumn("cost_each", say("Cost"), decimals=0, unit_label=unit),
            DisplayColumn("value", say("Worth"), decimals=0, unit_label=unit),
            DisplayColumn("ratio", say("Worth over cost"), Unit.RATIO),
            DisplayColumn("ratio_lower", say("at least"), Unit.RATIO),
            DisplayColumn("ratio_upper", say("at most"), Unit.RATIO),
            DisplayColumn("payback", say("Payback, months")),
        ),
        source=account.source,
        note=say(
            "By way of winning, then by state at the start; within a state customers "
            "of all ways are taken to be worth the same. Payback is not discounted."
        ),
    )
