"""A dial: profits of segments before and after an assumption is changed, in seconds."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import pandas as pd

from analysis.data.sources import Tables
from analysis.studies.segment_profitability.account.customer_profit import ProfitAccount
from analysis.studies.segment_profitability.account.funds_pricing import PricedBalances
from analysis.studies.segment_profitability.assurance.choices import Choices, choose
from analysis.studies.segment_profitability.assurance.repriced_profit import (
    take_parts,
    write_profit,
)
from analysis.studies.segment_profitability.parameters import Parameters
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.segments.segment_profit import SegmentProfit


@dataclass(frozen=True, slots=True, eq=False)
class ChangedAssumptions:
    """Segments before and after a change of assumptions.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per segment, in the order of the segments' table: `customers`,
        `profit_before`, `profit_after`, `economic_before`, `economic_after` (profit
        less the cost of capital; major currency units a quarter), `losing_before` and
        `losing_after` (customers).
    before, after : Choices
        Assumptions in force, and those tried.
    segments : SegmentProfit
        Profit accounts of segments.
    """

    rows: pd.DataFrame
    before: Choices
    after: Choices
    segments: SegmentProfit

    @property
    def changed(self) -> tuple[str, ...]:
        """Names of the choices that differ."""
        names = (part.name for part in fields(Choices))
        return tuple(
            n for n in names if getattr(self.before, n) != getattr(self.after, n)
        )


def compare_assumptions(
    segments: SegmentProfit,
    priced: PricedBalances,
    tables: Tables,
    parameters: Parameters,
    after: Choices,
) -> ChangedAssumptions | Refused:
    """Compute the profits of segments again under changed assumptions.

    Parameters
    ----------
    segments : SegmentProfit
        Profit accounts of segments; their customers are kept in the engine.
    priced : PricedBalances
        Funding curves.
    tables : Tables
        For the currency's minor units.
    parameters : Parameters
        Assumptions in force.
    after : Choices
        Assumptions tried; see `choose`.

    Returns
    -------
    ChangedAssumptions or Refused
        Refused where there is no profit.
    """
    account: ProfitAccount = segments.account
    if account.refusal:
        return account.refusal
    scale = tables.source.minor_units
    parts = take_parts(account, priced, scale, account.quarter)
    before = choose(parameters)
    valued = parts.rows.select(
        "segment",
        before=parts.rows.profit,
        after=write_profit(parts, after),
        economic_before=parts.rows.economic_profit,
        economic_after=write_profit(parts, replace(after, counts_capital=True)),
    )
    summed = valued.group_by("segment").agg(
        customers=valued.count(),
        profit_before=valued.before.sum(),
        profit_after=valued.after.sum(),
        economic_before=valued.economic_before.sum(),
        economic_after=valued.economic_after.sum(),
        losing_before=(valued.before < 0).sum(),
        losing_after=(valued.after < 0).sum(),
    )
    found: pd.DataFrame = summed.to_pandas().set_index("segment")
    rows = found.reindex(segments.rows["segment"]).reset_index()
    return ChangedAssumptions(rows, before, after, segments)
