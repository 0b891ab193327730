"""The profit account of each customer, built inside the engine.

One sign rule, the bank's: income is positive, cost negative. Interest, fees and points
are summed in whole minor units as they were booked; a transfer price only moves money
between the customer and the treasury, so that the sum of all stays the ledger's.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import ibis

from analysis.data.sources import SourceInfo, Tables
from analysis.quarter import Quarter
from analysis.studies.kept_rows import keep_side_by_side
from analysis.studies.segment_profitability.account.balance_sums import (
    OF_BALANCES,
    add_funding,
    sum_balances,
)
from analysis.studies.segment_profitability.account.funds_pricing import (
    REMEDY,
    PricedBalances,
)
from analysis.studies.segment_profitability.account.periods import keep_quarter
from analysis.studies.segment_profitability.account.segment_names import (
    NOT_STATED,
    name_segments,
    pool_segments,
)
from analysis.studies.segment_profitability.account.service_cost import (
    ServiceCost,
    charge_customers,
)
from analysis.studies.segment_profitability.parameters import (
    AVOIDABLE_SHARE,
    OPERATIONAL_CAPITAL_SHARE,
    Parameters,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.wording import say

LINES = (
    "deposit_margin",
    "loan_margin",
    "fee",
    "points",
    "cost_to_serve",
    "expected_loss",
)
"""Lines that add up to profit before tax."""

QUARTERS_A_YEAR = 4

_BOOKED = ("received_minor", "paid_minor", "fee_minor", "points_minor")
_SUMMED = (
    *OF_BALANCES,
    "cost_to_serve",
    "idle_cost",
    "expected_loss",
    "credit_capital",
)


@dataclass(frozen=True, slots=True, eq=False)
class ProfitAccount:
    """The customers' profit accounts of two quarters.

    Parameters
    ----------
    rows : ibis.Table
        One row per quarter and customer: `segment`, every line of `LINES`, `profit`
        (after tax), `economic_profit` (after the cost of capital too),
        `marginal_profit` (counting only the cost that leaving would save), `capital`,
        the parts they are made of, `idle_cost` (the customer's part of unused
        capacity, if it were spread by use; in no line), balances by kind of money and
        average `deposits` and `loans`; major currency units except columns ending in
        `_minor`.
    quarter, previous : str
        The quarter reported, and the one before.
    refused : dict of str to str
        Lines that the source cannot fill, with the reason; they hold zero.
    basis : str
        Where transfer rates come from.
    currency : str
        ISO code of all amounts.
    source : str
        Whom a caption names.
    """

    rows: ibis.Table
    quarter: str
    previous: str
    refused: dict[str, str]
    basis: str
    currency: str
    source: str

    @property
    def refusal(self) -> Refused | None:
        """Why there is no profit at all; None where there is one."""
        if "deposit_margin" not in self.refused:
            return None
        return self.refuse("deposit_margin")

    def refuse(self, line: str) -> Refused:
        """Give the refusal of a line.

        Parameters
        ----------
        line : str
            A line that the source cannot fill.

        Returns
        -------
        Refused
            With the reason and the remedy.
        """
        reason = self.refused[line]
        if line.endswith("margin") and "deposit_margin" in self.refused:
            return Refused(reason, self.quarter, self.source, say(REMEDY))
        if line == "loan_margin":
            remedy = say("Map loans with the interest earned on them.")
            return Refused(reason, self.quarter, self.source, remedy)
        return Refused(reason, self.quarter, self.source)


def build_customer_profit(
    tables: Tables,
    priced: PricedBalances,
    cost: ServiceCost | Refused,
    parameters: Parameters,
) -> ProfitAccount:
    """Build the profit account of every customer for both quarters.

    Parameters
    ----------
    tables : Tables
        Tables of the contract.
    priced : PricedBalances
        Balances with their transfer rates.
    cost : ServiceCost or Refused
        Cost of one of each activity.
    parameters : Parameters
        Tax, hurdle, segments.

    Returns
    -------
    ProfitAccount
        Rows are kept in the engine, computed once.
    """
    refused = _list_refusals(tables, priced, cost)
    sums = {
        str(quarter): _sum_quarter(tables, priced, cost, parameters, quarter)
        for quarter in parameters.quarters
    }
    kept = keep_side_by_side(sums, "customer_sums", column="quarter")
    named = pool_segments(kept, parameters)
    funded = add_funding(named, priced)
    return ProfitAccount(
        rows=_add_results(funded, tables.source.minor_units, parameters),
        quarter=parameters.quarter,
        previous=str(parameters.reported.previous),
        refused=refused,
        basis=priced.basis,
        currency=tables.source.currency,
        source=tables.source.attribution,
    )


def _list_refusals(
    tables: Tables, priced: PricedBalances, cost: ServiceCost | Refused
) -> dict[str, str]:
    refused: dict[str, str] = {}
    if priced.reason:
        refused |= dict.fromkeys(("deposit_margin", "loan_margin"), priced.reason)
    if isinstance(cost, Refused):
        refused["cost_to_serve"] = cost.reason
    if not priced.reason and not _has_loans(tables):
        refused["loan_margin"] = say("The source has no loans with their interest.")
    if "credit_risk" not in tables:
        refused["expected_loss"] = say("The source has no default risk of its loans.")
    return refused


def _has_loans(tables: Tables) -> bool:
    accounts = tables["accounts"]
    return bool(accounts.filter(accounts.side == "loan").limit(1).count().execute())


def _sum_quarter(
    tables: Tables,
    priced: PricedBalances,
    cost: ServiceCost | Refused,
    parameters: Parameters,
    quarter: Quarter,
) -> ibis.Table:
    """Sum all that was booked for each customer of a quarter, active or not."""
    parts = [_sum_booked(tables, quarter)]
    if isinstance(cost, ServiceCost):
        parts.append(charge_customers(tables, cost, quarter))
    if "credit_risk" in tables:
        parts.append(_sum_risk(tables, quarter))
    parts.append(sum_balances(priced, str(quarter)))  # the widest is joined once
    return _add_up(name_segments(tables, parameters, quarter), parts)


def _sum_booked(tables: Tables, quarter: Quarter) -> ibis.Table:
    booked = keep_quarter(tables["customer_income"], quarter)
    return booked.group_by("customer_id").agg(
        fee_minor=booked.amount_minor.sum(where=booked.line == "fee"),
        points_minor=booked.amount_minor.sum(where=booked.line == "points"),
    )


def _sum_risk(tables: Tables, quarter: Quarter) -> ibis.Table:
    """Sum expected loss over the quarter, and average the capital it needs.

    A loan's expected loss is booked in whole minor units each period.
    """
    risks = keep_quarter(tables["credit_risk"], quarter).join(
        tables["accounts"].select("account_id", "customer_id"), "account_id"
    )
    exposure = risks.exposure_at_default
    loss = write_booked_loss(risks, tables.source)
    n_periods = _count_periods(tables.source)
    return risks.group_by("customer_id").agg(
        expected_loss=-loss.sum() / float(tables.source.minor_units),
        credit_capital=(risks.capital_ratio * exposure).sum() / n_periods,
    )


def write_booked_loss(
    risks: ibis.Table, source: SourceInfo
) -> ibis.expr.types.FloatingValue:
    """Write the expected loss that is booked for a loan in a period.

    Parameters
    ----------
    risks : ibis.Table
        Contract table `credit_risk`.
    source : SourceInfo
        Length of a period, minor units.

    Returns
    -------
    ibis.expr.types.FloatingValue
        Whole minor units, above zero: default times loss times exposure, a year's
        divided by its periods; halves go to the even number, as ledgers round.
    """
    yearly = (
        risks.probability_of_default
        * risks.loss_given_default
        * risks.exposure_at_default
    )
    n_periods = QUARTERS_A_YEAR * _count_periods(source)
    loss = yearly / float(n_periods) * float(source.minor_units)
    is_half = loss - loss.floor() == 0.5
    return is_half.ifelse(2.0 * (loss / 2.0).round(), loss.round().cast("float64"))


def _count_periods(source: SourceInfo) -> int:
    return 1 if source.period == "quarter" else 3


def _add_up(members: ibis.Table, parts: list[ibis.Table]) -> ibis.Table:
    """Join the sums of all parts, whoever has any; zero where a part says nothing."""
    joined = reduce(_join_whoever, parts, members)
    kinds = {**dict.fromkeys(_BOOKED, "int64"), **dict.fromkeys(_SUMMED, "float64")}
    amounts = {
        name: (joined[name] if name in joined.columns else ibis.literal(0))
        .cast(kind)
        .fill_null(0)
        for name, kind in kinds.items()
    }
    return joined.select(
        "customer_id", segment=joined.segment.fill_null(NOT_STATED), **amounts
    )


def _join_whoever(left: ibis.Table, right: ibis.Table) -> ibis.Table:
    both = left.outer_join(right, "customer_id")
    key = ibis.coalesce(both.customer_id, both.customer_id_right)
    return both.mutate(customer_id=key).drop("customer_id_right")


def _add_results(
    sums: ibis.Table, minor_units: int, parameters: Parameters
) -> ibis.Table:
    scale, tax_rate = float(minor_units), parameters.tax_rate_pct / 100
    lines = sums.mutate(
        deposit_margin=sums.funding_credit + sums.paid_minor / scale,
        loan_margin=sums.funding_charge + sums.received_minor / scale,
        fee=sums.fee_minor / scale,
        points=sums.points_minor / scale,
    )
    income = lines.deposit_margin + lines.loan_margin + lines.fee
    before_tax = income + lines.points + lines.cost_to_serve + lines.expected_loss
    yearly_income = ibis.greatest(income + lines.points, 0.0) * QUARTERS_A_YEAR
    capital = lines.credit_capital + OPERATIONAL_CAPITAL_SHARE * yearly_income
    taxed = lines.mutate(
        income=income,
        tax=-before_tax * tax_rate,
        capital=capital,
    )
    hurdle = parameters.hurdle_rate_pct / 100 / QUARTERS_A_YEAR
    after_tax = taxed.mutate(
        profit=before_tax + taxed.tax, capital_charge=-taxed.capital * hurdle
    )
    kept_cost = lines.cost_to_serve * (1 - AVOIDABLE_SHARE)
    return after_tax.mutate(
        economic_profit=after_tax.profit + after_tax.capital_charge,
        marginal_profit=after_tax.profit - kept_cost * (1 - tax_rate),
    )
