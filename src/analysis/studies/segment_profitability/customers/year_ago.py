"""The customers of the same quarter of the year before, drawn with those of today."""

from __future__ import annotations

import ibis
import numpy as np

from analysis.data.sources import Tables
from analysis.presentation.disclosure import MINIMUM_CELL
from analysis.statistics.paired_bootstrap import draw_units
from analysis.studies.segment_profitability.account.customer_profit import (
    ProfitAccount,
    build_customer_profit,
)
from analysis.studies.segment_profitability.account.funds_pricing import price_balances
from analysis.studies.segment_profitability.account.periods import (
    label_quarter,
    list_periods,
)
from analysis.studies.segment_profitability.account.service_cost import cost_service
from analysis.studies.segment_profitability.customers.customer_panel import (
    VALUES,
    CustomerPanel,
    Sample,
    take_values,
)
from analysis.studies.segment_profitability.parameters import (
    N_DRAWS,
    Parameters,
    look_back_a_year,
)
from analysis.studies.segment_profitability.refusal import Refused


def draw_year_ago(
    panel: CustomerPanel | Refused, tables: Tables, parameters: Parameters
) -> Sample | None:
    """Build the accounts of a year ago and draw them jointly with those of today.

    Parameters
    ----------
    panel : CustomerPanel or Refused
        Customers of the quarter reported and of the one before.
    tables : Tables
        Tables of the contract.
    parameters : Parameters
        Settings of the quarter reported; they hold for a year ago, too.

    Returns
    -------
    Sample or None
        A customer who is there today is drawn as often in both; segments are not
        followed so far back and are -1. None where the source does not hold that
        whole quarter, or lacks lines of the account in it.
    """
    earlier = look_back_a_year(parameters)
    if isinstance(panel, Refused) or not _reaches_back(tables, earlier):
        return None
    priced = price_balances(tables, earlier)
    cost = cost_service(tables, earlier)
    account = build_customer_profit(tables, priced, cost, earlier)
    if set(account.refused) != set(panel.account.refused):
        return None
    return _take_jointly(account, panel.account, parameters)


def _reaches_back(tables: Tables, earlier: Parameters) -> bool:
    needed = ("customer_periods", "balances", "cost_pools", "credit_risk")
    n_periods = len(list_periods(tables, earlier))
    for name in needed:
        if name not in tables:
            continue
        periods = label_quarter(tables[name], earlier).period.nunique()
        if int(periods.execute()) < n_periods:
            return False
    return True


def _take_jointly(
    account: ProfitAccount, today: ProfitAccount, parameters: Parameters
) -> Sample | None:
    known = today.rows.select("customer_id").distinct()
    in_order = ibis.window(order_by=known.customer_id)
    numbered = known.mutate(place=ibis.row_number().over(in_order))
    rows = account.rows.select("customer_id", *VALUES)
    placed = rows.left_join(numbered, "customer_id").order_by(rows.customer_id)
    taken = placed.select("place", *VALUES).to_pyarrow()
    if taken.num_rows < MINIMUM_CELL:
        return None
    generator = np.random.default_rng(parameters.seed)
    draws = draw_units(
        int(known.count().execute()), n_draws=N_DRAWS, generator=generator
    )
    units = taken["place"].fill_null(-1).to_numpy()
    return Sample(
        quarter=account.quarter,
        draws=draws.place(units, generator=generator),
        segment=np.full(taken.num_rows, -1, dtype=np.int64),
        **take_values(taken),
    )
