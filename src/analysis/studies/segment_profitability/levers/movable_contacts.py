"""Who could move to the cheapest channel, and what between nothing and all is saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from analysis.data.dominance import MEASURES, measure_dominance
from analysis.presentation.disclosure import Released, is_suppressed, release
from analysis.presentation.findings import Finding
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.levers.contacts import Contacts
from analysis.studies.segment_profitability.parameters import (
    AVOIDABLE_SHARE,
    LONGEST_MOVED_MINUTES,
    VULNERABLE_AGE,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.sentences import (
    Nothing,
    refuse,
    scale_amounts,
    write_share,
)
from analysis.units import Unit, write_money, write_number, write_value
from analysis.wording import say

MOVERS: Final = ("digital", "learner", "vulnerable")
"""Who makes a short contact."""
_AMOUNTS = ("short_volume", "saving")


@dataclass(frozen=True, slots=True, eq=False)
class MovableContacts:
    """Short contacts that are dearer than the cheapest channel's, by who makes them.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per kind of `MOVERS`: `customers` who made any contact, `short_volume`
        (short contacts) and `saving` (freed at average cost if all moved, major units a
        quarter), with their dominance.
    contacts : Contacts
        What it was added up from.
    """

    rows: pd.DataFrame
    contacts: Contacts


def measure_movable_contacts(contacts: Contacts | Refused) -> MovableContacts | Refused:
    """Add up short contacts by who makes them.

    Parameters
    ----------
    contacts : Contacts or Refused
        Contacts of the quarter.

    Returns
    -------
    MovableContacts or Refused
        Refused where contacts have no cost.
    """
    if isinstance(contacts, Refused):
        return contacts
    each = contacts.rows.group_by("customer_id", "mover").agg(
        **{name: contacts.rows[name].sum().cast("float64") for name in _AMOUNTS}
    )
    summed = each.group_by("mover").agg(
        customers=each.count(), **{name: each[name].sum() for name in _AMOUNTS}
    )
    largest = measure_dominance(each, ("mover",), _AMOUNTS)
    frame = summed.to_pandas().merge(largest, on="mover", validate="1:1")
    order = {name: place for place, name in enumerate(MOVERS)}
    ranked = frame.sort_values("mover", key=lambda column: column.map(order))
    return MovableContacts(ranked.reset_index(drop=True), contacts)


def release_movable_contacts(movable: MovableContacts) -> tuple[Released, str]:
    """Release short contacts by who makes them.

    Parameters
    ----------
    movable : MovableContacts
        By kind.

    Returns
    -------
    Released, str
        `kind` (in words), `customers`, `short_volume`, `share_pct` (of all short
        contacts), `saving` and `avoidable` with scaled amounts; their unit.
    """
    rows = movable.rows
    total = rows[["customers", *_AMOUNTS]].sum()
    shown = rows.assign(
        kind=[_name_mover(str(name)) for name in rows["mover"]],
        short_pct=100 * rows["short_volume"] / max(float(total["short_volume"]), 1.0),
        avoidable=rows["saving"] * AVOIDABLE_SHARE,
    )
    currency = movable.contacts.account.currency
    scaled, unit = scale_amounts(shown, ["saving", "avoidable"], currency)
    tested = [f"{name}_{end}" for name in _AMOUNTS for end in MEASURES]
    derived = {
        "short_pct": ["short_volume"],
        "avoidable": ["saving"],
        "saving_scaled": ["saving"],
        "avoidable_scaled": ["saving"],
    }
    names = ["mover", "kind", "customers", *_AMOUNTS, *derived]
    released = release(
        scaled[[*names, *tested]],
        count="customers",
        amounts=_AMOUNTS,
        derived=derived,
        dominance=_AMOUNTS,
    )
    return released, unit


def find_movable_contacts(movable: MovableContacts | Refused) -> Finding:
    """Say what moving short contacts can save at least and at most, and of whom.

    Parameters
    ----------
    movable : MovableContacts or Refused
        By kind.

    Returns
    -------
    Finding
        What a quarter can save where those move who use the app already.
    """
    question = say("Who could move to a cheaper channel is not known")
    if isinstance(movable, Refused):
        return refuse(
            movable, key="movable_contacts", requirement="B13", question=question
        )
    rows = release_movable_contacts(movable)[0].rows.set_index("mover")
    account = movable.contacts.account
    if "digital" not in rows.index or is_suppressed(rows.loc["digital", "saving"]):
        hidden = _hide_movers(movable)
        return refuse(
            hidden, key="movable_contacts", requirement="B13", question=question
        )
    return Finding(
        key="movable_contacts",
        requirement="B13",
        headline=say(
            "{share} of short contacts are made by customers who have the app",
            share=write_value(rows["short_pct"]["digital"], Unit.PERCENT),
        ),
        sentence=_write_movers(movable, rows),
        action=say(
            "Begin with those who have the app; leave customers of {age} and older "
            "without it at the counter.",
            age=write_number(VULNERABLE_AGE),
        ),
        measure=say("Share of short contacts, app users"),
        verdict="exact",
        unit=Unit.PERCENT,
        nobs=int(rows["short_volume"]["digital"]),
        period=account.quarter,
        source=account.source,
        estimate=float(rows["short_pct"]["digital"]),
        importance=0.5,
    )


def tabulate_movable_contacts(
    movable: MovableContacts | Refused,
) -> DisplayTable | Nothing:
    """Show who makes short contacts, and what moving them would free.

    Parameters
    ----------
    movable : MovableContacts or Refused
        By kind.

    Returns
    -------
    DisplayTable, or nothing where it is refused
        One row per kind of customer.
    """
    if isinstance(movable, Refused):
        return ()
    released, unit = release_movable_contacts(movable)
    account = movable.contacts.account
    return DisplayTable(
        title=say(
            "Who could move short contacts, {q}", q=write_quarter(account.quarter)
        ),
        released=released,
        columns=(
            DisplayColumn("kind", say("Customers who")),
            DisplayColumn("customers", say("Customers"), Unit.COUNT),
            DisplayColumn("short_volume", say("Short contacts"), Unit.COUNT),
            DisplayColumn("short_pct", say("Share"), Unit.PERCENT, shade="bar"),
            DisplayColumn(
                "avoidable_scaled", say("Saved at least"), decimals=2, unit_label=unit
            ),
            DisplayColumn(
                "saving_scaled", say("Saved at most"), decimals=2, unit_label=unit
            ),
        ),
        source=account.source,
        note=say(
            "A quarter, if every short contact moved to {cheapest}. At least: {share} "
            "of the cost is given up; at most: all of it.",
            cheapest=movable.contacts.cheapest,
            share=write_share(AVOIDABLE_SHARE),
        ),
    )


def _hide_movers(movable: MovableContacts) -> Refused:
    return Refused(
        say("Too few customers who use the app make short contacts."),
        movable.contacts.account.quarter,
        movable.contacts.account.source,
        say("Map is_digital of customers, or report on a larger group."),
    )


def _write_movers(movable: MovableContacts, rows: pd.DataFrame) -> str:
    account = movable.contacts.account
    saving = float(rows["saving"]["digital"])
    return say(
        "In {quarter} they made {n} contacts of at most {minutes} minutes in "
        "dearer channels than {cheapest}. If all of these moved, between {least} "
        "(if {avoidable} of the cost is given up) and {most} (if all is) would be "
        "saved a quarter. {others}",
        quarter=write_quarter(account.quarter),
        n=write_number(rows["short_volume"]["digital"]),
        minutes=write_number(LONGEST_MOVED_MINUTES),
        cheapest=movable.contacts.cheapest,
        least=write_money(saving * AVOIDABLE_SHARE, account.currency),
        avoidable=write_share(AVOIDABLE_SHARE),
        most=write_money(saving, account.currency),
        others=_write_others(rows),
    )


def _name_mover(mover: str) -> str:
    age = write_number(VULNERABLE_AGE)
    if mover == "digital":
        return say("Use the app already")
    if mover == "learner":
        return say("Do not use it, younger than {age}", age=age)
    return say("Do not use it, {age} or older: not to be moved", age=age)


def _write_others(rows: pd.DataFrame) -> str:
    share = rows["short_pct"].get("vulnerable")
    if share is None or is_suppressed(share):
        return say("How many are made by older customers without it is not shown.")
    return say(
        "{share} are made by customers of {age} and older without it, who are not to "
        "be moved.",
        share=write_value(share, Unit.PERCENT),
        age=write_number(VULNERABLE_AGE),
    )
