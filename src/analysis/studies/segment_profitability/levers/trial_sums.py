"""Sums over the people of a trial: all that its estimates need, a few hundred rows."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import numpy as np
import pandas as pd

from analysis.data.sources import Tables
from analysis.statistics.lot_balance import Moments
from analysis.studies.segment_profitability.account.customer_profit import ProfitAccount
from analysis.studies.segment_profitability.levers.trial_people import (
    KNOWN_BEFORE,
    find_trial,
    list_people,
)
from analysis.studies.segment_profitability.parameters import Parameters
from analysis.studies.segment_profitability.refusal import Refused
from analysis.wording import say

MARGINS = ("marginal_profit", "profit")
"""What a customer brings: when only avoidable cost counts, and at average cost."""

_MONTHS_A_QUARTER = 3
_EACH = "each customer"


@dataclass(frozen=True, slots=True, eq=False)
class TrialSums:
    """A trial of a fee, summed up.

    Parameters
    ----------
    histories : pandas.DataFrame
        One row per `fee` (major units a month), `vulnerable`, `cluster`, `periods` at
        risk and `has_event`: `units`, `exposure` (months at risk of each), `events` and
        `squares` (complaints, and their squares, summed), `present`, `below` and
        `below_squares` (months here, of these under the minimum balance, and the
        squares of these, summed).
    moments : Moments
        Fee, and what was known before, over what was drawn as one.
    margins : pandas.DataFrame
        One row per `vulnerable`: `customers` who pay no fee, and mean and squared error
        of what they bring a month, "<name>" and "<name>_variance" of `MARGINS`; no rows
        where profit is not known.
    by_customer : bool
        Whether each customer was drawn alone.
    months_a_period : int
        1 or 3.
    has_complaints : bool
        Whether the source keeps complaints.
    quarter, currency, source : str
        For what is shown.
    """

    histories: pd.DataFrame
    moments: Moments
    margins: pd.DataFrame
    by_customer: bool
    months_a_period: int
    has_complaints: bool
    quarter: str
    currency: str
    source: str

    @property
    def levels(self) -> list[float]:
        """Fees of the trial, lowest first."""
        return sorted(float(fee) for fee in self.histories["fee"].unique())

    @property
    def customers(self) -> int:
        """Customers drawn."""
        return int(self.histories["units"].sum())

    def refuse(self, reason: str, remedy: str) -> Refused:
        """Give a refusal of what the trial can't tell.

        Parameters
        ----------
        reason, remedy : str
            Sentences.

        Returns
        -------
        Refused
            With the trial's quarter and source.
        """
        return Refused(reason, self.quarter, self.source, remedy)


def read_fee_trial(
    tables: Tables, account: ProfitAccount, parameters: Parameters
) -> TrialSums | Refused:
    """Read the latest trial of a fee.

    Parameters
    ----------
    tables : Tables
        Tables of the contract.
    account : ProfitAccount
        What customers bring in the quarter.
    parameters : Parameters
        The quarter reported.

    Returns
    -------
    TrialSums or Refused
        Refused where no trial is in the source.
    """
    design = find_trial(tables, parameters)
    if isinstance(design, Refused):
        return design
    people = list_people(tables, design)
    histories, moments, by_customer = sum_people(people)
    length = _MONTHS_A_QUARTER if tables.source.period == "quarter" else 1
    months = ["exposure", "present", "below"]
    scaled = {name: histories[name] * length for name in months}
    squares = histories["below_squares"] * length**2
    histories = histories.assign(**scaled, below_squares=squares)
    if histories.empty:
        reason = say("Nobody who took part in the trial is known before it.")
        remedy = say("Map the periods before the trial.")
        return Refused(reason, parameters.quarter, tables.source.attribution, remedy)
    return TrialSums(
        histories=histories,
        moments=moments,
        margins=_sum_margins(people, account),
        by_customer=by_customer,
        months_a_period=length,
        has_complaints="complaints" in tables,
        quarter=parameters.quarter,
        currency=tables.source.currency,
        source=tables.source.attribution,
    )


def sum_people(people: ibis.Table) -> tuple[pd.DataFrame, Moments, bool]:
    """Sum the people of a trial inside the engine.

    Parameters
    ----------
    people : ibis.Table
        As `list_people` gives them.

    Returns
    -------
    tuple
        Histories and moments as in `TrialSums`, in periods; whether each customer was
        drawn alone.
    """
    units = people.group_by("unit").agg(
        fee=people.fee.mean(),
        **{name: people[name].mean() for name in KNOWN_BEFORE},
    )
    moments = _sum_products(units, ("fee", *KNOWN_BEFORE))
    size = int(people.count().to_pyarrow().as_py())
    by_customer = moments.count == size
    cluster = ibis.literal(_EACH) if by_customer else people.unit
    marked = people.mutate(cluster=cluster)
    keys = ["fee", "vulnerable", "cluster", "periods", "has_event"]
    summed = marked.group_by(*keys).agg(
        units=marked.count(),
        events=marked.complaints.sum(),
        squares=(marked.complaints * marked.complaints).sum(),
        present=marked.present.sum(),
        below=marked.below.sum(),
        below_squares=(marked.below * marked.below).sum(),
    )
    frame: pd.DataFrame = summed.order_by(*keys).to_pandas()
    # Who leaves is at risk of complaining for half of the last period.
    exposure = frame["periods"] - 0.5 * frame["has_event"]
    return frame.assign(exposure=exposure), moments, by_customer


def _sum_products(units: ibis.Table, names: tuple[str, ...]) -> Moments:
    pairs = [(i, j) for i in range(len(names)) for j in range(i, len(names))]
    sums = {name: units[name].sum() for name in names}
    products = {
        f"p_{i}_{j}": (units[names[i]] * units[names[j]]).sum() for i, j in pairs
    }
    row = units.agg(n=units.count(), **sums, **products).to_pandas().iloc[0].fillna(0.0)
    square = np.zeros((len(names), len(names)))
    for i, j in pairs:
        square[i, j] = square[j, i] = row[f"p_{i}_{j}"]
    return Moments(names, int(row["n"]), row[list(names)].to_numpy(float), square)


def _sum_margins(people: ibis.Table, account: ProfitAccount) -> pd.DataFrame:
    """Average what those bring who pay no fee, a month."""
    if account.refusal or "cost_to_serve" in account.refused:
        return pd.DataFrame()
    free = people.filter(people.fee == 0).select("customer_id", "vulnerable")
    now = account.rows.filter(account.rows.quarter == account.quarter)
    joined = free.join(now.select("customer_id", *MARGINS), "customer_id")
    numbers = {name: joined[name].mean() / _MONTHS_A_QUARTER for name in MARGINS}
    errors = {
        f"{name}_variance": joined[name].var() / joined.count() / _MONTHS_A_QUARTER**2
        for name in MARGINS
    }
    frame: pd.DataFrame = (
        joined.group_by("vulnerable")
        .agg(customers=joined.count(), **numbers, **errors)
        .order_by("vulnerable")
        .to_pandas()
    )
    return frame
