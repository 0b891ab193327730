"""Whether satisfied customers bring others: new customers by who recommended the bank.

A customer refers when somebody whom they recommended the bank to joins in the quarter
after the answer.
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


@dataclass(frozen=True, slots=True, eq=False)
class Referrals:
    """Who brings new customers.

    Parameters
    ----------
    outcome : Outcome
        How referring goes along with satisfaction.
    newcomers, referred : int
        Customers who joined in the quarters after the waves, and those of them who
        were recommended by a customer.
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
    followed = {name: Quarter.parse(name).next for name in links.quarters}
    joined = _list_newcomers(tables["customers"], followed)
    referred = joined.drop_null("referred_by")
    counts = joined.agg(
        newcomers=joined.count(), referred=joined.referred_by.count()
    ).to_pandas()
    pairs = referred.select("quarter", customer_id=referred.referred_by).distinct()
    asked = ibis.memtable(links.rows[["customer_id"]].drop_duplicates())
    brought = pairs.semi_join(asked, "customer_id").to_pandas()
    keys = pd.MultiIndex.from_frame(links.rows[["quarter", "customer_id"]])
    known = pd.MultiIndex.from_frame(brought[["quarter", "customer_id"]])
    refers = np.asarray(keys.isin(known), dtype=bool)
    if refers.sum() < FEWEST_EVENTS:
        return _refuse(int(counts["referred"].iloc[0]), links)
    return Referrals(
        outcome=relate_outcome(links, refers, parameters),
        newcomers=int(counts["newcomers"].iloc[0]),
        referred=int(counts["referred"].iloc[0]),
    )


def _list_newcomers(customers: ir.Table, followed: dict[str, Quarter]) -> ir.Table:
    """List who joined in the quarter after each wave."""
    parts = [
        customers.filter(
            (customers.open_date >= quarter.first_day)
            & (customers.open_date <= quarter.last_day)
        ).select("customer_id", "referred_by", quarter=ibis.literal(name))
        for name, quarter in followed.items()
    ]
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


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
