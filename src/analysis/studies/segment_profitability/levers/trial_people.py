"""Who took part in a trial of a fee: history, and what was known before, row by row.

One row a customer who was drawn and not exempt, made inside the engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import ibis
import pandas as pd

from analysis.data.sources import Tables
from analysis.studies.kept_rows import keep_rows
from analysis.studies.segment_profitability.parameters import (
    VULNERABLE_AGE,
    Parameters,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.wording import say

KNOWN_BEFORE = (
    "assets_before",
    "age",
    "digital",
    "asleep",
    "tenure_years",
    "contacts_before",
    "branch_exits_year",
    "branch_exits_quarter",
)
"""What was known of a customer before the fee: nothing of it may go with the fee."""

_MONTHS_A_YEAR = 12.0
_YEAR, _QUARTER = timedelta(days=365), timedelta(days=91)


@dataclass(frozen=True, slots=True)
class TrialDesign:
    """Which trial it is, and which periods tell of it.

    Parameters
    ----------
    name : str
        Name of the trial.
    before : date
        Last day of the period before the first that was charged.
    periods : tuple of date
        Last days of the periods since, to the end of the quarter.
    """

    name: str
    before: date
    periods: tuple[date, ...]


def find_trial(tables: Tables, parameters: Parameters) -> TrialDesign | Refused:
    """Find the latest trial that had begun by the end of the quarter.

    Parameters
    ----------
    tables : Tables
        Tables of the contract.
    parameters : Parameters
        The quarter reported.

    Returns
    -------
    TrialDesign or Refused
        Refused where there is none, or nothing is known of customers before it.
    """
    if "fee_trials" not in tables or "customer_periods" not in tables:
        return _refuse(tables, parameters, say("No trial of a fee is in the source."))
    starts = tables["fee_trials"].group_by("trial").agg(first=ibis._.period.min())
    begun = starts.order_by([ibis.desc("first"), "trial"]).limit(1).to_pandas()
    if begun.empty:
        reason = say("No trial of a fee had begun by the end of the quarter.")
        return _refuse(tables, parameters, reason)
    start = pd.Timestamp(begun["first"].iloc[0]).date()
    known = tables["customer_periods"].select("period").distinct().to_pandas()
    days = sorted(pd.to_datetime(known["period"]).dt.date)
    before, since = [d for d in days if d < start], [d for d in days if d >= start]
    if not before or not since:
        reason = say("Customers are not known both before the trial and during it.")
        return _refuse(tables, parameters, reason)
    return TrialDesign(str(begun["trial"].iloc[0]), before[-1], tuple(since))


def list_people(tables: Tables, design: TrialDesign) -> ibis.Table:
    """List who was drawn, with their history and what was known before.

    Parameters
    ----------
    tables : Tables
        Tables of the contract.
    design : TrialDesign
        Trial and periods.

    Returns
    -------
    ibis.Table
        One row per customer who was here before the trial and is not exempt:
        `customer_id`, `unit` (what was drawn as one), `fee` (major units a month),
        `vulnerable`, `periods` (at risk), `has_event` (left in the last of them),
        `present` (periods at whose end the customer was here), `below` (those of them
        under the minimum balance), `complaints`, and `KNOWN_BEFORE`.
    """
    drawn = tables["fee_trials"]
    lot = drawn.filter(
        drawn.trial == design.name, ~drawn.is_exempt.fill_null(False)
    ).select("customer_id", "fee_minor", "minimum_balance", "randomisation_unit")
    joined = lot.join(_describe_before(tables, design), "customer_id")
    for part in (_follow(tables, lot, design), _count_complaints(tables, design)):
        joined = joined.left_join(part, "customer_id").drop("customer_id_right")
    everything = _add_branch(joined, tables, design)
    last, number = everything.last.fill_null(0), len(design.periods)
    has_event = last < number
    vulnerable = (everything.age >= VULNERABLE_AGE) & (everything.digital == 0)
    rows = everything.select(
        "customer_id",
        "branch",
        unit=everything.randomisation_unit.fill_null(everything.customer_id),
        fee=everything.fee_minor / float(tables.source.minor_units),
        vulnerable=vulnerable.fill_null(False),
        periods=has_event.ifelse(last + 1, number),
        has_event=has_event,
        present=everything.present.fill_null(0),
        below=everything.below.fill_null(0),
        complaints=everything.complaints.fill_null(0),
        **{
            name: everything[name].cast("float64").fill_null(0.0)
            for name in KNOWN_BEFORE
        },
    )
    return _name_units(keep_rows(rows, "fee_trial_people"))


def _name_units(people: ibis.Table) -> ibis.Table:
    """Take the branch as what was drawn, where all in a branch pay the same."""
    branches = people.group_by("branch").agg(
        fees=people.fee.nunique(), people=people.count()
    )
    spans = branches.agg(
        most=branches.fees.max(), largest=branches.people.max()
    ).to_pyarrow()
    if spans["most"][0].as_py() == 1 and spans["largest"][0].as_py() > 1:
        return people.mutate(unit=people.branch)
    return people


def _describe_before(tables: Tables, design: TrialDesign) -> ibis.Table:
    periods, customers = tables["customer_periods"], tables["customers"]
    base = periods.filter(periods.period == ibis.literal(design.before))
    known = base.select("customer_id", "assets_average", "state").join(
        customers, "customer_id"
    )
    years = design.before.year - known.open_date.year()
    months = design.before.month - known.open_date.month()
    described = known.select(
        "customer_id",
        branch=known.branch.fill_null(""),
        assets_before=(1.0 + known.assets_average.fill_null(0.0)).ln(),
        age=ibis.literal(design.periods[0].year) - known.birth_year,
        digital=known.is_digital.cast("int64"),
        asleep=(known.state == "sleeping").cast("int64"),
        tenure_years=years + months / _MONTHS_A_YEAR,
    )
    return described.left_join(_count_contacts(tables, design), "customer_id").drop(
        "customer_id_right"
    )


def _count_contacts(tables: Tables, design: TrialDesign) -> ibis.Table:
    if "events" not in tables:
        people = tables["customers"].select("customer_id").limit(0)
        return people.mutate(contacts_before=ibis.literal(0))
    events = tables["events"]
    then = events.filter(events.period == ibis.literal(design.before))
    return then.group_by("customer_id").agg(contacts_before=then["count"].sum())


def _follow(tables: Tables, lot: ibis.Table, design: TrialDesign) -> ibis.Table:
    numbers = pd.DataFrame(
        {"period": design.periods, "number": range(1, len(design.periods) + 1)}
    )
    later = tables["customer_periods"].join(ibis.memtable(numbers), "period")
    held = later.join(lot.select("customer_id", "minimum_balance"), "customer_id")
    is_below = (held.assets_average < held.minimum_balance).fill_null(True)
    return held.group_by("customer_id").agg(
        last=held.number.max(), present=held.count(), below=is_below.sum()
    )


def _count_complaints(tables: Tables, design: TrialDesign) -> ibis.Table:
    if "complaints" not in tables:
        people = tables["customers"].select("customer_id").limit(0)
        return people.mutate(complaints=ibis.literal(0))
    rows = tables["complaints"]
    since = rows.filter(rows.opened_date > ibis.literal(design.before))
    return since.group_by("customer_id").agg(complaints=since.count())


def _add_branch(joined: ibis.Table, tables: Tables, design: TrialDesign) -> ibis.Table:
    """Add which share of the branch's customers left before the trial."""
    customers = tables["customers"]
    here = customers.filter(
        customers.open_date.fill_null(design.before) <= ibis.literal(design.before)
    ).mutate(branch=customers.branch.fill_null(""))
    shares = {}
    for name, span in (("year", _YEAR), ("quarter", _QUARTER)):
        first, last = ibis.literal(design.before - span), ibis.literal(design.before)
        left = (here.close_date > first) & (here.close_date <= last)
        shares[f"branch_exits_{name}"] = left.fill_null(False).cast("float64").mean()
    exits = here.group_by("branch").agg(**shares)
    return joined.left_join(exits, "branch").drop("branch_right")


def _refuse(tables: Tables, parameters: Parameters, reason: str) -> Refused:
    remedy = say(
        "Assign low-asset customers or branches at random to several fees, one of them "
        "zero, for two quarters, and map the trial as fee_trials."
    )
    return Refused(reason, parameters.quarter, tables.source.attribution, remedy)
