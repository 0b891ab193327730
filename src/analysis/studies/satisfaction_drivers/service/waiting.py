"""How long customers wait, by channel, tier and branch.

Minutes are averages of a customer's visits in a period, as the contract holds them.
Histograms are made in the engine; what comes out has a row per group and half minute.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from scipy.stats import binom

from analysis.data.sources import Tables
from analysis.quarter import Quarter
from analysis.statistics.histogram_quantile import bound_share, estimate_quantile
from analysis.statistics.multiple_tests import limit_false_discoveries
from analysis.studies.kept_rows import keep_rows
from analysis.studies.satisfaction_drivers.parameters import Parameters
from analysis.studies.satisfaction_drivers.refusal import Refused
from analysis.studies.satisfaction_drivers.service.missing import miss
from analysis.studies.satisfaction_drivers.service.quarter_ends import (
    find_period_ends,
    read_customers_at,
)
from analysis.studies.satisfaction_drivers.service.rating_response import (
    find_waiting_channel,
)
from analysis.wording import say

CHANNEL, TIER, BRANCH, ALL = "channel", "tier", "branch", "all"
"""Ways in which waiting is divided; branches and tiers within the main channel."""
FALSE_SHARE = 0.05
"""Share of false ones among the branches named."""
_BINS_A_MINUTE = 2
_FEWEST_CUSTOMERS = 10


@dataclass(frozen=True, slots=True)
class Waiting:
    """Minutes waited in a quarter.

    Parameters
    ----------
    quarter : str
        The quarter.
    channel : str
        Channel in which customers wait most in all; tiers and branches are within it.
    limit : float
        Minutes from which on it is too long.
    groups : pandas.DataFrame
        One row per group: `division`, `name`, `visits`, `customers`, `mean`,
        `median`, `median_lower`, `median_upper`, `p90`, `p90_lower`, `p90_upper`
        (minutes), `above` with `above_lower`, `above_upper` (percent of visits beyond
        the limit). For branches also `qvalue`, and `is_apart` where that is small.
    overdispersion : float
        Variance of branches' shares over what chance would give, 1 or more.
    confidence_level : float
        Of all intervals.
    source : str
        Where events come from.
    """

    quarter: str
    channel: str
    limit: float
    groups: pd.DataFrame
    overdispersion: float
    confidence_level: float
    source: str

    def of(self, division: str) -> pd.DataFrame:
        """Give the rows of one division.

        Parameters
        ----------
        division : str
            `CHANNEL`, `TIER`, `BRANCH` or `ALL`.

        Returns
        -------
        pandas.DataFrame
            Rows of `groups`.
        """
        rows = self.groups[self.groups["division"] == division]
        return rows.reset_index(drop=True)

    @property
    def whole(self) -> pd.Series[float]:
        """Row of the main channel."""
        return self.of(ALL).iloc[0]


def measure_waiting(tables: Tables, parameters: Parameters) -> Waiting | Refused:
    """Measure minutes waited in the quarter reported.

    Parameters
    ----------
    tables : Tables
        Events, and customers as far as the source has them.
    parameters : Parameters
        Quarter, limit and confidence level.

    Returns
    -------
    Waiting or Refused
        Refused where no event of the quarter says how long the customer waited.
    """
    if "events" not in tables:
        reason = say("This source has no events, so that waiting is not known.")
        return miss(tables, parameters, reason, say("Map the table of events."))
    rows = _read_waits(tables, parameters)
    channel = find_waiting_channel(rows)
    if not channel:
        reason = say("No event of the quarter says how long the customer waited.")
        return miss(tables, parameters, reason, say("Map the minutes waited."))
    counted = _count_minutes(rows, channel)
    groups = [
        _summarise(key, part, parameters)
        for key, part in counted.groupby(["division", "name"], sort=True)
    ]
    table, phi = _compare_branches(pd.DataFrame(groups))
    return Waiting(
        quarter=parameters.quarter,
        channel=channel,
        limit=parameters.wait_minutes_limit,
        groups=table,
        overdispersion=phi,
        confidence_level=parameters.confidence_level,
        source=tables.source.attribution or tables.source.title,
    )


def _read_waits(tables: Tables, parameters: Parameters) -> ir.Table:
    """Give the quarter's visits with a wait, with branch and tier where known."""
    quarter = Quarter.parse(parameters.quarter)
    events = tables["events"]
    rows = events.filter(
        events.period.between(quarter.first_day, quarter.last_day)
        & events["wait_minutes"].notnull()  # noqa: PD004 - a method of Ibis
        & (events["count"] > 0)
    ).select("customer_id", "channel", "count", "wait_minutes")
    rows = rows.mutate(over=rows.wait_minutes > parameters.wait_minutes_limit)
    if "customers" in tables:
        branches = tables["customers"].select("customer_id", "branch")
        rows = rows.left_join(branches, "customer_id").drop("customer_id_right")
    if "customer_periods" in tables:
        ends = find_period_ends(tables, (quarter,))
        if ends:
            tiers = read_customers_at(tables, ends).select("customer_id", "tier")
            rows = rows.left_join(tiers, "customer_id").drop("customer_id_right")
    return keep_rows(rows, "waits")


def _count_minutes(rows: ir.Table, channel: str) -> pd.DataFrame:
    """Count visits by group and half minute; customers once a group."""
    main = rows.filter(rows.channel == channel)
    parts = []
    for division in (CHANNEL, TIER, BRANCH, ALL):
        base = rows if division == CHANNEL else main
        column = "channel" if division == ALL else division
        if column not in base.columns:
            continue
        named = base.mutate(
            name=base[column],
            minutes=(base.wait_minutes * _BINS_A_MINUTE).round() / _BINS_A_MINUTE,
        )
        named = named.filter(named["name"].notnull())  # noqa: PD004 - a method of Ibis
        counts = named.group_by(["name", "minutes"]).agg(
            visits=named["count"].sum(),
            total=(named.wait_minutes * named["count"]).sum(),
            over=named["count"].sum(where=named.over).fill_null(0),
        )
        people = named.group_by("name").agg(customers=named.customer_id.nunique())
        joined = counts.to_pandas().merge(people.to_pandas(), on="name")
        parts.append(joined.assign(division=division))
    whole: pd.DataFrame = pd.concat(parts, ignore_index=True)
    return whole


def _summarise(
    key: tuple[Hashable, ...], part: pd.DataFrame, parameters: Parameters
) -> dict[str, object]:
    part = part.sort_values("minutes")
    visits = part["visits"].to_numpy(np.float64)
    customers, total = int(part["customers"].iloc[0]), float(visits.sum())
    level, above = parameters.confidence_level, float(part["over"].sum()) / total
    row: dict[str, object] = {
        "division": key[0],
        "name": key[1],
        "visits": int(total),
        "customers": customers,
        "mean": float(part["total"].sum()) / total,
    }
    for name, share in (("median", 0.5), ("p90", 0.9)):
        found = estimate_quantile(
            part["minutes"].to_numpy(np.float64),
            visits,
            share,
            effective=customers,
            confidence_level=level,
        )
        row |= {name: found.estimate, f"{name}_lower": found.lower}
        row[f"{name}_upper"] = found.upper
    ends = bound_share(above, customers, confidence_level=level)
    return row | {
        "above": 100 * above,
        "above_lower": 100 * ends[0],
        "above_upper": 100 * ends[1],
    }


def _compare_branches(groups: pd.DataFrame) -> tuple[pd.DataFrame, float]:
    """Test each branch against the channel, and say how far branches differ.

    Spiegelhalter (2005), Funnel plots for comparing institutional performance,
    Statistics in Medicine 24: exact limits in section 2, overdispersion in section 3
    with scores cut at the tenth on either side.
    """
    groups = groups.assign(qvalue=np.nan, is_apart=False)
    branches = groups[
        (groups["division"] == BRANCH) & (groups["customers"] >= _FEWEST_CUSTOMERS)
    ]
    whole = float(groups.loc[groups["division"] == ALL, "above"].iloc[0]) / 100
    if len(branches) < 3 or not 0 < whole < 1:
        return groups, 1.0
    seen, people = (
        branches[name].to_numpy(np.float64) for name in ("above", "customers")
    )
    gaps = seen / 100 - whole
    scores = gaps / np.sqrt(whole * (1 - whole) / people)
    cut = np.clip(scores, *np.quantile(scores, [0.1, 0.9]))
    phi = max(1.0, float((cut**2).mean()))
    hits = np.round(seen / 100 * people)
    below, over = binom.cdf(hits, people, whole), binom.sf(hits - 1, people, whole)
    pvalues = pd.Series(np.minimum(1.0, 2 * np.minimum(below, over)), branches.index)
    groups.loc[branches.index, "qvalue"] = limit_false_discoveries(pvalues)
    groups["is_apart"] = groups["qvalue"] < FALSE_SHARE
    return groups, phi
