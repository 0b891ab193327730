"""Build the panel in which balances answer posted rates, and see what it can tell.

Rates are percent a year; an outcome is a log balance net of interest credited, so
that 100 times a coefficient is percent of balance per percentage point. A pricing
cell is a product at one term, tier and region.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from analysis.data.sources import Tables
from analysis.quarter import Quarter
from analysis.statistics.panel_effects import measure_free_variation
from analysis.studies.deposit_rate_elasticity.parameters import (
    CELL,
    LEAD_PERIODS,
    LINE,
    Parameters,
)
from analysis.studies.deposit_rate_elasticity.rates.history import RateHistory
from analysis.studies.deposit_rate_elasticity.response.account_periods import (
    compress_accounts,
    count_accounts,
    count_customers,
    lay_out_accounts,
)
from analysis.studies.kept_rows import keep_rows

SEGMENT = ["product", "segment"]
SISTERS = ["sister_pct", "sister_funding_pct"]
LEADS = {
    "rate_pct": "lead_pct",
    "funding_pct": "funding_lead_pct",
    "wedge_pct": "wedge_lead_pct",
}
"""How a coming change is called."""


@dataclass(frozen=True, slots=True)
class BalancePanel:
    """Compressed panel, and what is known before anything is estimated.

    Parameters
    ----------
    groups : pandas.DataFrame
        One row per group of accounts and period, only of segments whose prices vary
        enough: `product`, `segment`, `cell`, `group`, `market` (line and period),
        `tier`, `region`, `period`, `outcome`, `gross` (the same with interest
        credited), `weight`, `rate_pct`, `lead_pct` (rate some periods later less the
        rate now), the same of what the treasury credits:
        `funding_pct`, `funding_lead_pct`, and of the part of the rate that was set at
        random: `wedge_pct`, `wedge_lead_pct` (missing where they are not known), and
        the mean of rate and credit over the bank's other products for the same tier
        and region: `sister_pct`, `sister_funding_pct` (missing where there are none).
    segments : pandas.DataFrame
        One row per product and segment: `customers`, `accounts` (mean per period),
        `account_periods`, `empty_share_pct` (of balances), `balance` (of the last
        period), `cells`, `free_share_pct` (of posted-rate variance within cells, not
        shared by all cells of a line), `free_deviation_bp`.
    quarter : Quarter
        The quarter reported.
    source : str
        Where the numbers come from.
    prices : pandas.DataFrame
        One row per pricing cell and period, whether accounts are open or not: `cell`
        as in `groups`, `product`, `tenor_months`, `region`, `period`, and the rates
        of `groups`.
    totals : pandas.DataFrame
        One row per segment, pricing cell and period with an account, of the segments
        in `groups`: `product`, `segment`, `cell`, `period`, `accounts`, `empty`,
        `balance`.
    """

    groups: pd.DataFrame
    segments: pd.DataFrame
    quarter: Quarter
    source: str
    prices: pd.DataFrame = field(default_factory=pd.DataFrame)
    totals: pd.DataFrame = field(default_factory=pd.DataFrame)


def build_balance_panel(
    tables: Tables, history: RateHistory, parameters: Parameters
) -> BalancePanel:
    """Join balances with posted rates, count, and compress what can be estimated.

    Parameters
    ----------
    tables : Tables
        Accounts, balances and, if there are any, customers and their tiers.
    history : RateHistory
        The price list.
    parameters : Parameters
        Segment, lead and smallest variation.

    Returns
    -------
    BalancePanel
        The compressed panel and its counts.
    """
    prices = add_sisters(_lead_prices(history))
    prices = prices.assign(cell=prices.groupby(CELL).ngroup())
    accounts = keep_rows(
        lay_out_accounts(tables, history.cells, parameters), "account_periods"
    )
    counts = _read(count_accounts(accounts))
    customers = count_customers(accounts).to_pandas()
    segments = _describe_segments(counts, prices, customers)
    floor = parameters.smallest_free_variation_percent
    usable = segments.loc[
        (segments["free_share_pct"] >= floor)
        & (segments["customers"] >= parameters.fewest_customers),
        SEGMENT,
    ]
    chosen = accounts.semi_join(ibis.memtable(usable), SEGMENT)
    return BalancePanel(
        groups=read_groups(chosen, prices, history.period_months),
        segments=segments,
        quarter=history.quarter,
        source=history.source,
        prices=prices,
        totals=counts.merge(usable, on=SEGMENT)
        .merge(prices[[*CELL, "period", "cell"]], on=[*CELL, "period"])
        .sort_values([*SEGMENT, "cell", "period"], ignore_index=True),
    )


def _lead_prices(history: RateHistory) -> pd.DataFrame:
    now = history.cells.rename(columns={"own_pct": "rate_pct"})
    now = now.astype({"funding_pct": float, "wedge_pct": float})
    ahead = pd.offsets.MonthEnd(LEAD_PERIODS * history.period_months)
    later = now.assign(period=now["period"] - ahead)
    return add_leads(now, later, keys=[*CELL, "period"])


def add_leads(
    prices: pd.DataFrame, later: pd.DataFrame, *, keys: list[str]
) -> pd.DataFrame:
    """Put beside each price how it, and what moved it, will have changed.

    Parameters
    ----------
    prices, later : pandas.DataFrame
        One row per pricing cell and period: `rate_pct`, `funding_pct` (the treasury's
        credit) and, if any of the rate was set at random, that part, `wedge_pct`; now
        and some periods later, told by the earlier period.
    keys : list of str
        What names a pricing cell and period.

    Returns
    -------
    pandas.DataFrame
        The prices with `lead_pct`, `funding_lead_pct` and `wedge_lead_pct`, missing at
        the end; with `wedge_pct`, missing if nothing was set at random.
    """
    columns = list(dict.fromkeys([*prices.columns, *LEADS]))
    both = prices.reindex(columns=columns).merge(
        later.reindex(columns=columns)[[*keys, *LEADS]],
        on=keys,
        how="left",
        suffixes=("", "_later"),
    )
    changes = {lead: both[f"{now}_later"] - both[now] for now, lead in LEADS.items()}
    return both.assign(**changes).drop(columns=[f"{name}_later" for name in LEADS])


def add_sisters(prices: pd.DataFrame) -> pd.DataFrame:
    """Put beside each price the mean of the bank's other products.

    Parameters
    ----------
    prices : pandas.DataFrame
        One row per pricing cell and period: `product`, `tier`, `region`, `period`,
        `rate_pct` and `funding_pct`.

    Returns
    -------
    pandas.DataFrame
        The same with `sister_pct` and `sister_funding_pct`.
    """
    place = ["tier", "region", "period"]
    rates = {"rate_pct": "sister_pct", "funding_pct": "sister_funding_pct"}
    everything, own = (
        prices.groupby(keys)[list(rates)] for keys in (place, [*place, "product"])
    )
    total = everything.transform("sum") - own.transform("sum")
    lists = everything.transform("count") - own.transform("count")
    return prices.join((total / lists.where(lists > 0)).rename(columns=rates))


def _read(table: ir.Table) -> pd.DataFrame:
    found: pd.DataFrame = table.to_pandas()
    return found.assign(period=pd.to_datetime(found["period"]))


def _describe_segments(
    counts: pd.DataFrame, prices: pd.DataFrame, customers: pd.DataFrame
) -> pd.DataFrame:
    priced = counts.merge(prices, on=[*CELL, "period"])
    last = priced["period"].max()
    rows = []
    for (product, segment), part in priced.groupby(SEGMENT):
        free, deviation = _measure_prices(part)
        rows.append(
            {
                "product": product,
                "segment": segment,
                "accounts": part["accounts"].sum() / part["period"].nunique(),
                "account_periods": int(part["accounts"].sum()),
                "empty_share_pct": 100 * part["empty"].sum() / part["accounts"].sum(),
                "balance": part.loc[part["period"] == last, "balance"].sum(),
                "cells": part.groupby(CELL).ngroups,
                "free_share_pct": 100 * free,
                "free_deviation_bp": deviation,
            }
        )
    return pd.DataFrame(rows).merge(customers, on=SEGMENT)


def _measure_prices(part: pd.DataFrame) -> tuple[float, float]:
    """Give the free share of variance, and its standard deviation in basis points."""
    named = part.assign(
        cell=part.groupby(CELL).ngroup(),
        market=part.groupby([*LINE, "period"]).ngroup(),
    )
    share = measure_free_variation(named, column="rate_pct", unit="cell", time="market")
    within = named["rate_pct"] - named.groupby("cell")["rate_pct"].transform("mean")
    return share, 100 * float(np.sqrt(share * (within**2).mean()))


def read_groups(
    account_periods: ir.Table, prices: pd.DataFrame, period_months: int
) -> pd.DataFrame:
    """Compress accounts inside the engine, and put prices beside the groups.

    Parameters
    ----------
    account_periods : ibis.Table
        One row per account and period, see `lay_out_accounts`.
    prices : pandas.DataFrame
        One row per pricing cell and period, with the columns of `LEADS` and `SISTERS`.
    period_months : int
        Months in a period.

    Returns
    -------
    pandas.DataFrame
        As `BalancePanel.groups`.
    """
    groups = compress_accounts(
        account_periods, periods=prices["period"], period_months=period_months
    )
    rates = [*(name for pair in LEADS.items() for name in pair), *SISTERS]
    numbered = prices[[*CELL, "period", *rates]].assign(
        cell=prices.groupby(CELL).ngroup(),
        moment=prices.groupby([*LINE, "period"]).ngroup(),
    )
    known = ibis.memtable(numbered)
    known = known.mutate(period=known["period"].cast("date"))
    columns = [*SEGMENT, "cell", "group", "moment", "tier", "region", "period"]
    priced = groups.join(known, [*CELL, "period"])
    found = _read(priced.select([*columns, "outcome", "gross", "weight", *rates]))
    market = found.groupby(["moment", "segment"]).ngroup()
    # Spark numbers rows in 32 bits.
    named = found.assign(market=market).astype({"group": "int64"})
    return named.drop(columns="moment")
