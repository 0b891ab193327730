"""What each segment costs and contributes, and how it is served: the table in words.

Banks describe segments by cost, contribution and main mode of service in words such as
"high" and "mostly online"; here every word is a number of the quarter.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.data.dominance import MEASURES, measure_dominance, pool_dominance
from analysis.presentation.disclosure import Released, release
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.account.segment_names import (
    EVERYBODY,
    name_segment,
)
from analysis.studies.segment_profitability.levers.contacts import Contacts
from analysis.studies.segment_profitability.parameters import (
    AVOIDABLE_SHARE,
    DIGITAL_MINUTES,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.sentences import write_share
from analysis.units import Unit, write_currency, write_number
from analysis.wording import say

_AMOUNTS = ("service", "contribution")
_VOLUMES = ("volume", "digital_volume")
_MODES = ("main_contacts", "main_minutes")


@dataclass(frozen=True, slots=True, eq=False)
class ServiceModes:
    """How segments are served.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per segment, the richest first: `customers`, `service` (cost to serve)
        and `contribution` (profit after tax at the cost that can be saved), major
        units; `volume` and `digital_volume` of contacts; the dominance of each;
        `main_contacts` and `main_minutes`, the channels with most of them.
    contacts : Contacts
        What it was added up from.
    """

    rows: pd.DataFrame
    contacts: Contacts


def measure_service_modes(contacts: Contacts | Refused) -> ServiceModes | Refused:
    """Add up how each segment is served.

    Parameters
    ----------
    contacts : Contacts or Refused
        Contacts of the quarter.

    Returns
    -------
    ServiceModes or Refused
        Refused where contacts have no cost or customers no profit.
    """
    if isinstance(contacts, Refused):
        return contacts
    account = contacts.account
    now = account.rows.filter(account.rows.quarter == account.quarter)
    rows = contacts.rows
    used = rows.group_by("customer_id").agg(
        **{name: rows[name].sum().cast("float64") for name in _VOLUMES}
    )
    each = now.select(
        "customer_id",
        "segment",
        service=-now.cost_to_serve,
        contribution=now.marginal_profit,
        wealth=now.deposits + now.loans,
    ).left_join(used, "customer_id")
    filled = each.mutate(**{name: each[name].fill_null(0.0) for name in _VOLUMES})
    names = (*_AMOUNTS, *_VOLUMES)
    summed = filled.group_by("segment").agg(
        customers=filled.count(),
        wealth=filled.wealth.mean(),
        **{name: filled[name].sum() for name in names},
    )
    largest = measure_dominance(filled, ("segment",), names)
    frame = summed.to_pandas().merge(largest, on="segment", validate="1:1")
    ordered = frame.merge(_find_main(contacts), on="segment", how="left").sort_values(
        "wealth", ascending=False
    )
    return ServiceModes(ordered.reset_index(drop=True), contacts)


def _find_main(contacts: Contacts) -> pd.DataFrame:
    """Find the channels with most contacts and with most minutes of each segment."""
    rows = contacts.rows
    summed = rows.group_by("segment", "channel").agg(
        contacts=rows.volume.sum(), minutes=rows.minutes.sum()
    )
    frame = summed.order_by("segment", "channel").to_pandas()
    by_channel = frame.set_index(["segment", "channel"])
    first = by_channel.groupby("segment").idxmax()
    return pd.DataFrame(
        {
            "segment": first.index,
            "main_contacts": first["contacts"].str[1].to_numpy(),
            "main_minutes": first["minutes"].str[1].to_numpy(),
        }
    )


def release_service_modes(modes: ServiceModes) -> Released:
    """Release how segments are served.

    Parameters
    ----------
    modes : ServiceModes
        By segment.

    Returns
    -------
    Released
        `segment` (as a reader knows it), `customers`, `service_each`,
        `contribution_each`, the main channels, `digital_pct` of contacts, and the
        amounts; the total last.
    """
    whole = _add_total(modes.rows)
    names = (*_AMOUNTS, *_VOLUMES)
    shown = whole.assign(
        segment=[name_segment(str(name)) for name in whole["segment"]],
        digital_pct=100 * whole["digital_volume"] / whole["volume"].clip(lower=1.0),
        **{f"{name}_each": whole[name] / whole["customers"] for name in _AMOUNTS},
    )
    derived = {
        "digital_pct": list(_VOLUMES),
        **{f"{name}_each": [name, "customers"] for name in _AMOUNTS},
        **{name: ["customers"] for name in _MODES},
    }
    tested = [f"{name}_{end}" for name in names for end in MEASURES]
    return release(
        shown[["segment", "customers", *names, *derived, *tested]],
        count="customers",
        amounts=names,
        derived=derived,
        dominance=names,
        has_total=len(modes.rows) > 1,
    )


def _add_total(rows: pd.DataFrame) -> pd.DataFrame:
    parts = rows.drop(columns="wealth")
    if len(parts) <= 1:
        return parts
    names = [*_AMOUNTS, *_VOLUMES]
    sums = parts[["customers", *names]].sum().to_dict()
    total = pd.DataFrame([sums | pool_dominance(parts, names)])
    joined = pd.concat([parts, total.assign(segment=EVERYBODY)], ignore_index=True)
    return joined.astype({"customers": "int64"})


def tabulate_service_modes(modes: ServiceModes | Refused) -> DisplayTable | Note:
    """Show cost, contribution and main mode of service of each segment.

    Parameters
    ----------
    modes : ServiceModes or Refused
        By segment.

    Returns
    -------
    DisplayTable or Note
        One row per segment, richest first, and all customers; a note says why not.
    """
    if isinstance(modes, Refused):
        return Note(modes.reason)
    account = modes.contacts.account
    unit = write_currency(account.currency)
    released = release_service_modes(modes)
    return DisplayTable(
        title=say(
            "What each segment costs, contributes and how it is served, {q}",
            q=write_quarter(account.quarter),
        ),
        released=released,
        columns=(
            DisplayColumn("segment", say("Segment")),
            DisplayColumn(
                "service_each", say("Cost of service"), decimals=1, unit_label=unit
            ),
            DisplayColumn(
                "contribution_each", say("Contribution"), decimals=1, unit_label=unit
            ),
            DisplayColumn("main_contacts", say("Most contacts")),
            DisplayColumn("main_minutes", say("Most working time")),
            DisplayColumn(
                "digital_pct", say("Digital contacts"), Unit.PERCENT, shade="bar"
            ),
        ),
        source=account.source,
        note=say(
            "Amounts are of one customer and the whole quarter. Contribution is profit "
            "after tax when only the {share} of cost counts that can be saved. "
            "Digital: contacts that take the bank at most {minutes} min.",
            share=write_share(AVOIDABLE_SHARE),
            minutes=write_number(DIGITAL_MINUTES),
        ),
        total_row=len(released.rows) > 1,
    )
