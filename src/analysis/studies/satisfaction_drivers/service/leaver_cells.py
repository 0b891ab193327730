"""Count customers alike, by complaint and by whether they left in the next quarter.

What customers are alike in was known before they could complain. All counting is done
in the engine; what comes out has one row per cell.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import ibis
import ibis.expr.types as ir
import pandas as pd

from analysis.data.sources import Tables
from analysis.quarter import Quarter
from analysis.studies.satisfaction_drivers.parameters import Parameters
from analysis.studies.satisfaction_drivers.service.quarter_ends import (
    find_period_ends,
    list_quarters,
    read_customers_at,
)

QUARTERS: Final = 8
"""Quarters of complaints that are followed."""
ALIKE: Final = ("quarter", "tier", "tenure", "assets", "digital")
"""Columns in which customers compared are alike."""
_TENURE_YEARS = (1, 3, 8)
_ASSET_GROUPS = 5


def count_cells(tables: Tables, parameters: Parameters) -> pd.DataFrame:
    """Count customers alike, by complaint and whether they left in the next quarter.

    Parameters
    ----------
    tables : Tables
        Complaints, customers and their periods.
    parameters : Parameters
        Quarter and days allowed.

    Returns
    -------
    pandas.DataFrame
        One row per cell: `ALIKE`, `complained`, `late` (0 or 1), `units`, `left`.
    """
    quarters = list_quarters(parameters.quarter, QUARTERS + 2)
    ends = find_period_ends(tables, quarters)
    exposed = [q for q in quarters[1:-1] if q in ends and q.previous in ends]
    parts = [_describe(tables, quarter, ends, parameters) for quarter in exposed]
    names = [*ALIKE, "complained", "late"]
    if not parts:
        return pd.DataFrame(columns=[*names, "units", "left"]).astype({"units": int})
    rows = ibis.union(*parts) if len(parts) > 1 else parts[0]
    counted = rows.group_by(names).agg(units=rows.count(), left=rows.left.sum())
    cells: pd.DataFrame = counted.to_pandas()
    return cells.sort_values(names, ignore_index=True)


def _describe(
    tables: Tables,
    quarter: Quarter,
    ends: dict[Quarter, date],
    parameters: Parameters,
) -> ir.Table:
    """Give customers present at a quarter's end, as they were known before it."""
    at_end = read_customers_at(tables, {quarter: ends[quarter]})
    before = read_customers_at(tables, {quarter.previous: ends[quarter.previous]})
    earlier = before.select("customer_id", "tier", "assets_average").mutate(
        assets=ibis.ntile(_ASSET_GROUPS).over(
            ibis.window(order_by=[before.assets_average, before.customer_id])
        )
    )
    people = at_end.filter(at_end.state.fill_null("active") != "closed")
    people = people.select("customer_id").inner_join(earlier, "customer_id")
    joined = people.inner_join(tables["customers"], "customer_id")
    unhappy = _mark_complainers(tables, quarter, parameters)
    joined = joined.left_join(unhappy, "customer_id")
    years = (quarter.last_day.year - joined.open_date.year()).fill_null(0)
    tenure = sum((years >= limit).cast("int64") for limit in _TENURE_YEARS)
    after = quarter.next
    left = joined.close_date.between(after.first_day, after.last_day)
    return joined.select(
        quarter=ibis.literal(str(quarter)),
        tier=joined.tier,
        tenure=tenure,
        assets=joined.assets,
        digital=joined.is_digital.fill_null(False).cast("int64"),
        complained=joined.complained.fill_null(0),
        late=joined.late.fill_null(0),
        left=left.fill_null(False).cast("int64"),
    )


def _mark_complainers(
    tables: Tables, quarter: Quarter, parameters: Parameters
) -> ir.Table:
    """Give who complained in a quarter, and whose complaint took too long."""
    table = tables["complaints"]
    here = table.filter(table.opened_date.between(quarter.first_day, quarter.last_day))
    # A complaint still open after the next quarter began has taken too long by now.
    until = here.closed_date.fill_null(ibis.literal(quarter.next.last_day))
    days = until.delta(here.opened_date, unit="D")
    return here.group_by("customer_id").agg(
        complained=(here.count() > 0).cast("int64"),
        late=(days > parameters.complaint_days).cast("int64").max(),
    )
