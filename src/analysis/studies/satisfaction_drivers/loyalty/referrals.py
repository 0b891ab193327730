"""Whether satisfied customers bring others: new customers by who recommended the bank.

A customer refers when somebody whom they recommended the bank to joins within a year
after the answer, or until the quarter reported.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from analysis.data.sources import Tables
from analysis.quarter import Quarter
from analysis.studies.satisfaction_drivers.loyalty.linked_answers import LinkedAnswers
from analysis.studies.satisfaction_drivers.loyalty.outcomes import (
    FEWEST_EVENTS,
    Outcome,
    relate_outcome,
)
from analysis.studies.satisfaction_drivers.parameters import Parameters
from analysis.studies.satisfaction_drivers.refusal import Refused
from analysis.units import write_number
from analysis.wording import say

_QUARTERS_FOLLOWED = 4


@dataclass(frozen=True, slots=True, eq=False)
class Referrals:
    """Who brings new customers.

    Parameters
    ----------
    outcome : Outcome
        How referring goes along with satisfaction.
    newcomers, referred : int
        Customers who joined after the first wave, and those of them to whom a
        customer had recommended the bank.
    """

    outcome: Outcome
    newcomers: int
    referred: int


def measure_referrals(
    tables: Tables, links: LinkedAnswers | Refused, parameters: Parameters
) -> Referrals | Refused:
    """Estimate how bringing new customers goes along with satisfaction.

    Parameters
    ----------
    tables : Tables
        Customers, with who recommended the bank to them.
    links : LinkedAnswers or Refused
        Answers and what followed.
    parameters : Parameters
        Confidence level.

    Returns
    -------
    Referrals or Refused
        Refused where the source does not know who recommended the bank, or too few
        respondents did.
    """
    if isinstance(links, Refused):
        return links
    joined = _list_newcomers(tables["customers"], links)
    referred = joined.drop_null("referred_by")
    counts = _count_newcomers(tables["customers"], links)
    pairs = referred.select("quarter", customer_id=referred.referred_by).distinct()
    asked = ibis.memtable(links.rows[["customer_id"]].drop_duplicates())
    brought = pairs.semi_join(asked, "customer_id").to_pandas()
    keys = pd.MultiIndex.from_frame(links.rows[["quarter", "customer_id"]])
    known = pd.MultiIndex.from_frame(brought[["quarter", "customer_id"]])
    refers = np.asarray(keys.isin(known), dtype=bool)
    if refers.sum() < FEWEST_EVENTS:
        return _refuse(counts["referred"], links)
    return Referrals(
        outcome=relate_outcome(links, refers, parameters),
        newcomers=counts["newcomers"],
        referred=counts["referred"],
    )


def _list_newcomers(customers: ir.Table, links: LinkedAnswers) -> ir.Table:
    """List who joined within a year after each wave, once a wave."""
    last = Quarter.parse(links.reported)
    parts = []
    for name in links.quarters:
        wave = Quarter.parse(name)
        end = min(wave.shift(_QUARTERS_FOLLOWED).last_day, last.last_day)
        inside = (customers.open_date >= wave.next.first_day) & (
            customers.open_date <= end
        )
        columns = customers.filter(inside).select("customer_id", "referred_by")
        parts.append(columns.mutate(quarter=ibis.literal(name)))
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def _count_newcomers(customers: ir.Table, links: LinkedAnswers) -> dict[str, int]:
    """Count who joined after the first wave, and who was referred."""
    first = Quarter.parse(links.quarters[0]).next.first_day
    joined = customers.filter(customers.open_date >= first)
    sums = joined.agg(newcomers=joined.count(), referred=joined.referred_by.count())
    return {name: int(value) for name, value in sums.to_pandas().iloc[0].items()}


def _refuse(referred: int, links: LinkedAnswers) -> Refused:
    reason = (
        say(
            "Fewer than {least} respondents brought a new customer, too few to tell "
            "what satisfaction has to do with it.",
            least=write_number(FEWEST_EVENTS),
        )
        if referred
        else say("The source does not say who recommended the bank to new customers.")
    )
    remedy = say("Record who recommended the bank when a customer joins.")
    return Refused(reason, remedy, links.reported, links.source, len(links.rows))
