"""Each customer in both quarters: where they were and are, and what they brought."""

from __future__ import annotations

import ibis

from analysis.studies.kept_rows import keep_rows
from analysis.studies.segment_profitability.account.customer_profit import ProfitAccount

LINES = ("fee", "points", "cost_to_serve", "expected_loss", "tax", "profit")
"""Lines of the account that the bridge reads in both quarters."""

STAYED, UP, DOWN, NEW, LOST = "stayed", "up", "down", "new", "lost"
"""What became of a customer since the quarter before."""


def match_customers(account: ProfitAccount) -> ibis.Table:
    """Set each customer's two quarters side by side.

    Parameters
    ----------
    account : ProfitAccount
        Profit accounts of both quarters.

    Returns
    -------
    ibis.Table
        One row per customer of either quarter: `segment_before`, `segment_now`
        (missing where not there), `move` ("stayed", "up", "down", "new" or "lost"),
        and each of `LINES` as "<line>_before" and "<line>_now", zero where not there.
        Up is to a segment whose customers hold more on average over both quarters.
    """
    matched = _pivot(account)
    wealth = _average_wealth(account.rows)
    known = matched
    for side in ("before", "now"):
        named = wealth.rename(
            {f"segment_{side}": "segment", f"wealth_{side}": "wealth"}
        )
        known = known.left_join(named, f"segment_{side}").drop(f"segment_{side}_right")
    move = ibis.cases(
        (known.segment_before.isnull(), NEW),
        (known.segment_now.isnull(), LOST),
        (known.segment_before == known.segment_now, STAYED),
        (known.wealth_now > known.wealth_before, UP),
        else_=DOWN,
    )
    return keep_rows(known.select(*matched.columns, move=move), "matched_customers")


def _pivot(account: ProfitAccount) -> ibis.Table:
    rows = account.rows
    columns = {}
    for side, quarter in (("before", account.previous), ("now", account.quarter)):
        at = rows.quarter == quarter
        columns[f"segment_{side}"] = rows.segment.max(where=at)
        columns |= {
            f"{name}_{side}": rows[name].sum(where=at).fill_null(0.0) for name in LINES
        }
    return rows.group_by("customer_id").agg(**columns)


def _average_wealth(rows: ibis.Table) -> ibis.Table:
    held = (rows.deposits + rows.loans).mean()
    return keep_rows(rows.group_by("segment").agg(wealth=held), "segment_wealth")
