"""Measure who was told of price changes, how late, and what that did to balances."""

from __future__ import annotations

import math
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pandas as pd

from analysis.data.sources import Tables
from analysis.quarter import Quarter
from analysis.statistics.multiple_tests import adjust_pvalues
from analysis.statistics.panel_effects import estimate_panel_effects
from analysis.studies.deposit_rate_elasticity.conduct.notice_panel import (
    AFTER,
    lay_out_notices,
)
from analysis.studies.deposit_rate_elasticity.conduct.priced_accounts import is_given
from analysis.studies.deposit_rate_elasticity.parameters import (
    CELL,
    FEWEST_CLUSTERS,
    LEAD_SIGNIFICANCE,
    LINE,
)
from analysis.studies.deposit_rate_elasticity.rates.history import RateHistory

OUTCOMES = ("change", "exit")
"""Log change of the balance of who stays, and leaving the line."""
TESTS = ("earlier", "level")
"""Earlier log change, and log level before: notices must not go with them."""


@dataclass(frozen=True, slots=True)
class Notices:
    """Coverage and delay in the quarter, and the effect over the latest periods.

    Parameters
    ----------
    groups : pandas.DataFrame
        One row per line (`channel` is empty) and per channel (`product` is empty, it
        counts notices): `customers`, `missed_customers` (not told of at least one
        change), `due`, `told`, `told_pct` (of due; missing for channels),
        `before_pct` (of due, or of the channel's notices, sent before the first day
        of the change), `delay_days` (mean, from that day).
    total : pandas.Series or None
        The same of all lines together; None where the source has no notices, or
        nothing moved.
    effects : pandas.DataFrame
        One row per outcome and balance test: `name`, `estimate`, `lower`, `upper`
        (log points or shares, times 100), `pvalue` (of tests adjusted by Holm),
        `nobs`, `clusters`, `told` (how many of them were told); empty with too few
        regions.
    quarter : Quarter
        The quarter reported.
    source : str
        Where the numbers come from.
    """

    groups: pd.DataFrame
    total: pd.Series | None
    effects: pd.DataFrame
    quarter: Quarter
    source: str

    @property
    def is_balanced(self) -> bool:
        """Whether those told were like the others before."""
        tests = self.effects[self.effects["name"].isin(TESTS)]
        return len(tests) == len(TESTS) and bool(
            (tests["pvalue"] > LEAD_SIGNIFICANCE).all()
        )

    def read(self, name: str) -> dict[str, float]:
        """Give one effect or test by its name.

        Parameters
        ----------
        name : str
            One of `OUTCOMES` or `TESTS`.

        Returns
        -------
        dict of str to float
            Its numbers; empty where nothing was estimated.
        """
        rows = self.effects[self.effects["name"] == name]
        numbers = ("estimate", "lower", "upper", "pvalue", "nobs")
        return {each: float(value) for each in numbers for value in rows[each]}


def measure_notices(tables: Tables, history: RateHistory) -> Notices:
    """Measure coverage, delay and effect of notices of price changes.

    Parameters
    ----------
    tables : Tables
        Accounts, balances, price list, notices if there are any, customers and tiers.
    history : RateHistory
        The price list.

    Returns
    -------
    Notices
        Empty where the source has no notices.
    """
    groups, total, effects = pd.DataFrame(), None, _estimate_effects(pd.DataFrame())
    due = lay_out_notices(tables, history) if "rate_notices" in tables else None
    if due is not None:
        quarter = due.filter(due["period"] >= ibis.literal(history.quarter.first_day))
        groups = _describe_groups(quarter)
        total = None if groups.empty else _describe_total(quarter)
        effects = _estimate_effects(_compress(due))
    return Notices(
        groups=groups,
        total=total,
        effects=effects,
        quarter=history.quarter,
        source=history.source,
    )


def _describe_groups(due: ir.Table) -> pd.DataFrame:
    lines = _count(due, LINE).sort_values("due", ascending=False)
    channels = _count(due.filter(due["is_told"]), ["channel"])
    ordered = channels.sort_values("told", ascending=False).assign(told_pct=math.nan)
    both = pd.concat([lines, ordered], ignore_index=True)
    return both.fillna({"product": "", "channel": ""})


def _describe_total(due: ir.Table) -> pd.Series:
    return _count(due.mutate(whole=ibis.literal("all")), ["whole"]).iloc[0]


def _count(due: ir.Table, keys: list[str]) -> pd.DataFrame:
    counted: pd.DataFrame = (
        due.group_by(keys)
        .agg(
            customers=due["customer_id"].nunique(),
            missed_customers=due["customer_id"].nunique(where=~due["is_told"]),
            due=due.count(),
            told=due["is_told"].cast("int64").sum(),
            before=(due["delay_days"] < 0).fill_null(False).cast("int64").sum(),
            delay_days=due["delay_days"].mean(),
        )
        .to_pandas()
    )
    return counted.assign(
        told_pct=100 * counted["told"] / counted["due"],
        before_pct=100 * counted["before"] / counted["due"],
    )


def _compress(due: ir.Table) -> pd.DataFrame:
    """Average outcomes and tests by cell, period and whether told."""
    last = due["number"].max().to_pyarrow().as_py()
    if last is None:
        return pd.DataFrame()
    ripe = due.filter(due["number"] <= last - AFTER)
    start = ripe["start"].ln()
    values = {
        "change": ripe["end"].ln() - start,
        "exit": (~is_given(ripe["end"])).cast("float64"),
        "earlier": start - ripe["earlier"].ln(),
        "level": start,
    }
    measured = ripe.mutate(**values)
    sums = {f"n_{name}": measured[name].count() for name in values}
    means = {name: measured[name].mean() for name in values}
    grouped: pd.DataFrame = (
        measured.group_by([*CELL, "period", "is_told"]).agg(**sums, **means).to_pandas()
    )
    return grouped


def _estimate_effects(grouped: pd.DataFrame) -> pd.DataFrame:
    """Compare those told with those not told in the same cell and period."""
    names = (*OUTCOMES, *TESTS)
    columns = ["name", "estimate", "lower", "upper", "pvalue", "nobs", "clusters"]
    if grouped.empty or grouped["region"].nunique() < FEWEST_CLUSTERS:
        return pd.DataFrame(columns=[*columns, "told"])
    found = pd.DataFrame([_estimate(grouped, name) for name in names])
    is_test = found["name"].isin(TESTS)
    adjusted = adjust_pvalues(found["pvalue"].where(is_test))
    return found.assign(pvalue=adjusted.where(is_test, found["pvalue"]))


def _estimate(grouped: pd.DataFrame, name: str) -> dict[str, object]:
    weight = grouped[f"n_{name}"]
    rows = grouped.assign(
        outcome=100 * grouped[name],
        weight=weight,
        told=grouped["is_told"].astype(float),
        stratum=grouped.groupby([*CELL, "period"]).ngroup(),
    )[weight > 0]
    rows = rows[rows.groupby("stratum")["told"].transform("nunique") == 2]
    found = estimate_panel_effects(
        rows, regressors=["told"], effects=["stratum"], cluster="region"
    )
    told = int(rows.loc[rows["told"] > 0, "weight"].sum())
    if found.empty:
        ends = ("estimate", "lower", "upper", "pvalue")
        return {"name": name, **dict.fromkeys(ends, math.nan), "nobs": 0, "told": told}
    return {"name": name, **{str(k): v for k, v in found.iloc[0].items()}, "told": told}
