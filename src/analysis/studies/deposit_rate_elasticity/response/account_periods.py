"""Lay out deposit accounts by period inside the engine, and compress them exactly.

Posted rates differ by pricing cell and period only. Accounts of one cell that are
present in the same periods therefore have the same regressors once account and period
effects are taken off: their mean balance, weighted by their number, gives the
estimate of the single accounts. Nothing here leaves the engine account by account.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pandas as pd

from analysis.data.contract import ANY
from analysis.data.sources import Tables
from analysis.studies.deposit_rate_elasticity.parameters import (
    CELL,
    LINE,
    Parameters,
)
from analysis.studies.kept_rows import keep_rows

GROUP = [*CELL, "segment"]
PERIODS_PER_MASK = 60
"""Bits of a 64-bit number that hold which periods an account is present in."""
LARGEST_CREDIT_SHARE = 0.5
"""Interest credited is at most this share of a balance; more is a data error."""


def lay_out_accounts(
    tables: Tables, cells: pd.DataFrame, parameters: Parameters
) -> ir.Table:
    """Give each deposit account and period its segment and its pricing cell.

    Parameters
    ----------
    tables : Tables
        Accounts, balances and, if there are any, customers and their tiers.
    cells : pandas.DataFrame
        Pricing cells: `product`, `tenor_months`, `tier`, `region`.
    parameters : Parameters
        Says what a segment is.

    Returns
    -------
    ibis.Table
        One row per account and period: `account_id`, `customer_id`, the pricing cell,
        `segment`, `period`, `balance` (major units, period average) and
        `credited_share` (interest credited as a share of the closing balance).
    """
    accounts = tables["accounts"]
    deposits = accounts.filter(accounts["side"] == "deposit").select(
        ["account_id", "customer_id", *LINE]
    )
    balances = tables["balances"]
    closing = balances["balance_end_minor"].cast("float64").nullif(0.0)
    share = balances["interest_credited_minor"].cast("float64") / closing
    held = balances.mutate(
        balance=balances["balance_average"],
        credited_share=share.fill_null(0.0).clip(0.0, LARGEST_CREDIT_SHARE),
    ).select(["account_id", "period", "balance", "credited_share"])
    joined = held.join(deposits, "account_id")
    columns = ["account_id", "customer_id", *GROUP, "period"]
    priced = find_pricing_cells(joined, tables, cells, parameters)
    return priced.select([*columns, "balance", "credited_share"])


def find_pricing_cells(
    rows: ir.Table, tables: Tables, cells: pd.DataFrame, parameters: Parameters
) -> ir.Table:
    """Name the pricing cell and the segment of each customer, line and period.

    Parameters
    ----------
    rows : ibis.Table
        Any rows with `customer_id`, `product`, `tenor_months` and `period`.
    tables : Tables
        Customers and their tiers, if there are any.
    cells : pandas.DataFrame
        Pricing cells: `product`, `tenor_months`, `tier`, `region`.
    parameters : Parameters
        Says what a segment is.

    Returns
    -------
    ibis.Table
        The same rows with `tier`, `region` and `segment`, without lines that are not
        in the price list.
    """
    return _find_cells(_describe_customers(rows, tables, parameters), cells)


def compress_accounts(
    account_periods: ir.Table, *, periods: pd.Series, period_months: int
) -> ir.Table:
    """Average accounts of one cell and segment that are present in the same periods.

    Parameters
    ----------
    account_periods : ibis.Table
        One row per account and period, see `lay_out_accounts`.
    periods : pandas.Series
        Last days of all periods that may occur.
    period_months : int
        Months in a period.

    Returns
    -------
    ibis.Table
        One row per group of accounts and period: pricing cell, `segment`, `group` (its
        number), `period`, `weight` (accounts), `gross` (mean log of positive balances)
        and `outcome` (the same net of all interest credited so far).
    """
    logged = _take_logs(_number_periods(account_periods, period_months))
    blocks = _list_blocks(periods, period_months)
    units = keep_rows(_find_units(logged, blocks), "account_units")
    groups = keep_rows(_number_groups(units), "account_groups")
    members = keep_rows(_find_members(units, groups), "account_members")
    sums = _add_up_settled(logged, members).union(_add_up_moving(logged, members))
    totals = sums.group_by(["group", "period"]).agg(
        weight=sums["weight"].sum(),
        log_balance=sums["log_balance"].sum(),
        log_net=sums["log_net"].sum(),
    )
    named = totals.join(groups.select(["group", *GROUP]), "group")
    return named.mutate(
        gross=named["log_balance"] / named["weight"],
        outcome=named["log_net"] / named["weight"],
    ).drop("log_balance", "log_net")


def count_accounts(account_periods: ir.Table) -> ir.Table:
    """Count accounts, customers and empty balances by line, cell, segment and period.

    Parameters
    ----------
    account_periods : ibis.Table
        One row per account and period, see `lay_out_accounts`.

    Returns
    -------
    ibis.Table
        One row per cell, segment and period: `accounts`, `empty`, `balance`.
    """
    return account_periods.group_by([*GROUP, "period"]).agg(
        accounts=account_periods.count(),
        empty=(account_periods["balance"] <= 0).cast("int64").sum(),
        balance=account_periods["balance"].sum(),
    )


def count_customers(account_periods: ir.Table) -> ir.Table:
    """Count the customers of each product and segment.

    Parameters
    ----------
    account_periods : ibis.Table
        One row per account and period, see `lay_out_accounts`.

    Returns
    -------
    ibis.Table
        One row per product and segment: `customers`.
    """
    return account_periods.group_by(["product", "segment"]).agg(
        customers=account_periods["customer_id"].nunique()
    )


def _describe_customers(
    joined: ir.Table, tables: Tables, parameters: Parameters
) -> ir.Table:
    customers = _give_columns(tables, "customers", ["region", "customer_type"])
    periods = _give_columns(tables, "customer_periods", ["tier"])
    described = joined
    if customers is not None:
        described = described.left_join(customers, "customer_id").drop(
            "customer_id_right"
        )
    if periods is not None:
        described = described.join(periods, ["period", "customer_id"])
    known = {
        name: described[name].fill_null(ANY)
        if name in described.columns
        else ibis.literal(ANY)
        for name in ("region", "customer_type", "tier")
    }
    named = described.mutate(**known)
    segment = ibis.literal(ANY)
    if parameters.segment != ANY:
        segment = named[parameters.segment]
    return named.mutate(segment=segment)


def _give_columns(tables: Tables, name: str, columns: list[str]) -> ir.Table | None:
    if name not in tables:
        return None
    keys = ["customer_id"] if name == "customers" else ["period", "customer_id"]
    return tables[name].select([*keys, *columns])


def _find_cells(described: ir.Table, cells: pd.DataFrame) -> ir.Table:
    """Name the pricing cell: a price that does not differ has the tier or region all.

    Accounts of a line that is not in the price list are left out.
    """
    lines = cells.groupby(LINE, as_index=False).agg(
        by_tier=("tier", lambda tier: bool((tier != ANY).any())),
        by_region=("region", lambda region: bool((region != ANY).any())),
    )
    joined = described.join(ibis.memtable(lines), LINE)
    anywhere = ibis.literal(ANY)
    return joined.mutate(
        tier=joined["by_tier"].ifelse(joined["tier"], anywhere),
        region=joined["by_region"].ifelse(joined["region"], anywhere),
    ).drop("by_tier", "by_region")


def _take_logs(account_periods: ir.Table) -> ir.Table:
    """Take the log of positive balances, and of what is left without new interest."""
    positive = (account_periods["balance"] > 0).ifelse(account_periods["balance"], None)
    return account_periods.mutate(
        log_balance=positive.ln(),
        log_kept=(1.0 - account_periods["credited_share"]).ln(),
    )


def _find_units(logged: ir.Table, blocks: list[int]) -> ir.Table:
    """Give each account of a cell and segment the periods that it is present in.

    An account is of one line. Unseen is interest credited while there is no balance to
    take the log of.
    """
    is_seen = logged["balance"] > 0
    nothing = ibis.literal(0, type="int64")
    bits = {
        f"mask_{block}": is_seen.ifelse(_mark_periods(logged, block), nothing).bit_or()
        for block in blocks
    }
    unseen = (~is_seen & (logged["credited_share"] > 0)).cast("int64").sum()
    line = {name: logged[name].arbitrary() for name in LINE}
    where = [name for name in GROUP if name not in LINE]
    return logged.group_by(["account_id", *where]).agg(unseen=unseen, **line, **bits)


def _number_groups(units: ir.Table) -> ir.Table:
    """Give a number to each cell and segment with the same periods."""
    names = [*GROUP, *_list_masks(units)]
    kinds = units.select(names).distinct()
    return kinds.mutate(group=ibis.row_number().over(order_by=names))


def _find_members(units: ir.Table, groups: ir.Table) -> ir.Table:
    """Give each unit its group, and say whether its account was elsewhere too."""
    counted = units.group_by("account_id").agg(
        is_moving=(units.count() > 1) | (units["unseen"].sum() > 0)
    )
    moving = counted.filter(counted["is_moving"])
    joined = units.join(groups, [*GROUP, *_list_masks(units)])
    marked = joined.left_join(moving, "account_id")
    return marked.mutate(is_moving=marked["is_moving"].fill_null(False)).select(
        ["account_id", *GROUP, "group", "is_moving"]
    )


def _list_masks(table: ir.Table) -> list[str]:
    return [name for name in table.columns if name.startswith("mask_")]


def _add_up_settled(logged: ir.Table, members: ir.Table) -> ir.Table:
    """Add up accounts that were in one group all the time.

    All of them are credited interest in the same periods: what a group has kept is
    added up over time once for all its accounts.
    """
    settled = members.filter(~members["is_moving"]).select(["account_id", "group"])
    joined = logged.filter(logged["balance"] > 0).join(settled, "account_id")
    sums = joined.group_by(["group", "period"]).agg(
        weight=joined.count(),
        log_balance=joined["log_balance"].sum(),
        log_kept=joined["log_kept"].sum(),
    )
    so_far = ibis.cumulative_window(group_by="group", order_by="period")
    net = sums["log_balance"] + sums["log_kept"].sum().over(so_far)
    return sums.mutate(log_net=net).drop("log_kept")


def _add_up_moving(logged: ir.Table, members: ir.Table) -> ir.Table:
    """Add up accounts that changed cell or segment: each has kept what it was paid."""
    moving = members.filter(members["is_moving"]).drop("is_moving")
    joined = logged.join(moving, ["account_id", *GROUP])
    so_far = ibis.cumulative_window(group_by="account_id", order_by="period")
    net = joined.mutate(
        log_net=joined["log_balance"] + joined["log_kept"].sum().over(so_far)
    )
    seen = net.filter(net["balance"] > 0)
    return seen.group_by(["group", "period"]).agg(
        weight=seen.count(),
        log_balance=seen["log_balance"].sum(),
        log_net=seen["log_net"].sum(),
    )


def _number_periods(account_periods: ir.Table, period_months: int) -> ir.Table:
    period = account_periods["period"]
    months = 12 * period.year() + period.month()
    return account_periods.mutate(number=(months // period_months).cast("int64"))


def _list_blocks(periods: pd.Series, period_months: int) -> list[int]:
    """List the blocks of periods, one mask each."""
    numbers = (12 * periods.dt.year + periods.dt.month) // period_months
    return sorted({int(block) for block in numbers // PERIODS_PER_MASK})


def _mark_periods(numbered: ir.Table, block: int) -> ir.IntegerColumn:
    """Give the bit of a period when it lies in the block, else 0."""
    number = numbered["number"]
    bit = ibis.literal(1, type="int64") << (number % PERIODS_PER_MASK)
    inside = number // PERIODS_PER_MASK == block
    return inside.ifelse(bit, ibis.literal(0, type="int64"))
