"""How many complaints there are, of what, through what, from whom, and since when.

Rates are complaints of a quarter per 1,000 customers at its end. Counting is done in
the engine; intervals allow for customers who complain more than once and for quarters
that jump about.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from analysis.data.sources import Tables
from analysis.quarter import Quarter
from analysis.statistics.event_rates import (
    Dispersion,
    bound_rates,
    compare_rates,
    measure_bunches,
    measure_unrest,
)
from analysis.statistics.histogram_quantile import bound_share
from analysis.statistics.multiple_tests import limit_false_discoveries
from analysis.studies.kept_rows import keep_rows
from analysis.studies.satisfaction_drivers.parameters import Parameters
from analysis.studies.satisfaction_drivers.refusal import Refused
from analysis.studies.satisfaction_drivers.service.missing import miss
from analysis.studies.satisfaction_drivers.service.quarter_ends import (
    find_period_ends,
    list_quarters,
    name_quarter,
    read_customers_at,
)
from analysis.wording import say

BANK, CAUSE, CHANNEL, TIER = "bank", "cause", "channel", "tier"
"""Ways in which complaints are divided."""
UNKNOWN = "unknown"
PER = 1000.0
_FEWEST_QUARTERS = 4
"""Earlier quarters from which on their jumps are measured."""


@dataclass(frozen=True, slots=True)
class ComplaintVolume:
    """Complaints of a quarter, beside the one before.

    Parameters
    ----------
    quarter, previous : str
        Quarter reported and the one before.
    groups : pandas.DataFrame
        One row per group: `division` (`BANK`, `CAUSE`, ...), `name`, `complaints`,
        `complainers`, `customers`, `rate` with `lower` and `upper` (per 1,000
        customers), `before` (complaints), `change` with `change_lower` and
        `change_upper` (percent of the rate before), `pvalue`, `qvalue` (among the
        groups of a division); NaN where the quarter before is not known.
    history : pandas.DataFrame
        One row per quarter: `quarter`, `complaints`, `customers`.
    bunches : Dispersion
        Of complaints between customers.
    unrest : Dispersion or None
        Of complaints between the quarters before; None when they are too few.
    repeats : tuple of float or None
        Percent of complaints that repeat an earlier one, with its interval; None where
        the source does not say.
    confidence_level : float
        Of all intervals.
    source : str
        Where complaints come from.
    """

    quarter: str
    previous: str
    groups: pd.DataFrame
    history: pd.DataFrame
    bunches: Dispersion
    unrest: Dispersion | None
    repeats: tuple[float, float, float] | None
    confidence_level: float
    source: str

    @property
    def bank(self) -> pd.Series[float]:
        """Row of the whole bank."""
        return self.groups[self.groups["division"] == BANK].iloc[0]


def count_complaints(
    tables: Tables, parameters: Parameters
) -> ComplaintVolume | Refused:
    """Count complaints and compare them with the quarter before.

    Parameters
    ----------
    tables : Tables
        Complaints and customers by period.
    parameters : Parameters
        Quarter, quarters looked back, and confidence level.

    Returns
    -------
    ComplaintVolume or Refused
        Refused where the source has no complaints in the quarter.
    """
    if "complaints" not in tables or "customer_periods" not in tables:
        reason = say("This source has no complaints, or no customers by period.")
        return miss(tables, parameters, reason, say("Map both tables."))
    ends = find_period_ends(
        tables, list_quarters(parameters.quarter, max(2, parameters.waves_shown))
    )
    rows = _read_complaints(tables, ends)
    counts = _count_groups(rows)
    now = counts[
        (counts["division"] == BANK) & (counts["quarter"] == parameters.quarter)
    ]
    if now.empty or Quarter.parse(parameters.quarter) not in ends:
        reason = say("No complaint was received in the quarter, or none was recorded.")
        return miss(
            tables, parameters, reason, say("Look whether the extract is whole.")
        )
    return _measure(tables, parameters, rows, counts, _count_customers(tables, ends))


def _read_complaints(tables: Tables, ends: dict[Quarter, date]) -> ir.Table:
    """Give the complaints of some quarters, with the tier at the quarter's end."""
    table = tables["complaints"]
    named = table.mutate(quarter=name_quarter(table.opened_date))
    named = named.filter(named.quarter.isin([str(each) for each in ends]))
    people = read_customers_at(tables, ends).select("quarter", "customer_id", "tier")
    joined = named.left_join(people, ["quarter", "customer_id"])
    rows = joined.select(
        "quarter",
        "customer_id",
        "is_repeat",
        cause=joined.cause,
        channel=joined.channel.fill_null(UNKNOWN),
        tier=joined.tier.fill_null(UNKNOWN),
    )
    return keep_rows(rows, "complaints")


def _count_groups(rows: ir.Table) -> pd.DataFrame:
    parts = []
    for division in (CAUSE, CHANNEL, TIER, BANK):
        named = rows.mutate(name=rows[division] if division != BANK else rows.quarter)
        counted = named.group_by(["quarter", "name"]).agg(
            complaints=named.count(), complainers=named.customer_id.nunique()
        )
        parts.append(counted.to_pandas().assign(division=division))
    counts = pd.concat(parts, ignore_index=True)
    is_bank = counts["division"] == BANK
    whole: pd.DataFrame = counts.assign(name=counts["name"].mask(is_bank, BANK))
    return whole


def _count_customers(tables: Tables, ends: dict[Quarter, date]) -> pd.DataFrame:
    people = read_customers_at(tables, ends)
    counted = people.group_by(["quarter", "tier"]).agg(customers=people.count())
    customers: pd.DataFrame = counted.to_pandas()
    return customers


def _measure(
    tables: Tables,
    parameters: Parameters,
    rows: ir.Table,
    counts: pd.DataFrame,
    customers: pd.DataFrame,
) -> ComplaintVolume:
    quarter = parameters.quarter
    previous = str(Quarter.parse(quarter).previous)
    total = customers.groupby("quarter")["customers"].sum()
    bank = counts[counts["division"] == BANK].set_index("quarter")["complaints"]
    history = pd.DataFrame({"complaints": bank, "customers": total}).fillna(0)
    history = history.rename_axis("quarter").reset_index()
    bunches = _measure_bunches(rows, quarter, float(total[quarter]))
    unrest = _measure_unrest(history[history["quarter"] < quarter])
    groups = _pair(counts, customers, (quarter, previous))
    return ComplaintVolume(
        quarter=quarter,
        previous=previous,
        groups=_bound(groups, bunches, unrest, parameters.confidence_level),
        history=history,
        bunches=bunches,
        unrest=unrest,
        repeats=_measure_repeats(rows, quarter, parameters.confidence_level),
        confidence_level=parameters.confidence_level,
        source=tables.source.attribution or tables.source.title,
    )


def _measure_bunches(rows: ir.Table, quarter: str, customers: float) -> Dispersion:
    here = rows.filter(rows.quarter == quarter)
    each = here.group_by("customer_id").agg(n=here.count())
    sums = each.agg(events=each.n.sum(), squares=(each.n * each.n).sum()).to_pandas()
    events, squares = float(sums["events"].iloc[0]), float(sums["squares"].iloc[0])
    return measure_bunches(max(customers, 2.0), events, squares)


def _measure_unrest(history: pd.DataFrame) -> Dispersion | None:
    usable = history[(history["customers"] > 0) & (history["complaints"] > 0)]
    if len(usable) < _FEWEST_QUARTERS:
        return None
    counts, customers = (
        usable[name].to_numpy(np.float64) for name in ("complaints", "customers")
    )
    return measure_unrest(counts, customers)


def _pair(
    counts: pd.DataFrame, customers: pd.DataFrame, quarters: tuple[str, str]
) -> pd.DataFrame:
    """Lay the quarter beside the one before, with the customers of both."""
    total = customers.groupby("quarter")["customers"].sum()
    tiers = customers.set_index(["quarter", "tier"])["customers"]
    sides = []
    for quarter, suffix in zip(quarters, ("", "_before"), strict=True):
        side = counts[counts["quarter"] == quarter].drop(columns="quarter")
        keys = pd.MultiIndex.from_product([[quarter], side["name"]])
        of_tier = tiers.reindex(keys).to_numpy()
        is_tier = side["division"] == TIER
        people = np.where(is_tier, of_tier, float(total.get(quarter, np.nan)))
        side = side.assign(customers=people).set_index(["division", "name"])
        sides.append(side.add_suffix(suffix))
    paired = sides[0].join(sides[1], how="left")
    for name in ("complaints_before", "complainers_before"):
        known = quarters[1] in set(counts["quarter"])
        paired[name] = paired[name].fillna(0.0 if known else np.nan)
    same = paired.index.get_level_values("division") != TIER
    bank_before = float(total.get(quarters[1], np.nan))
    gap = paired["customers_before"].isna() & same
    paired["customers_before"] = paired["customers_before"].mask(gap, bank_before)
    return paired.reset_index()


def _bound(
    groups: pd.DataFrame,
    bunches: Dispersion,
    unrest: Dispersion | None,
    level: float,
) -> pd.DataFrame:
    counts, people = (
        groups[name].to_numpy(np.float64) for name in ("complaints", "customers")
    )
    factor = bunches.factor
    lower, upper = bound_rates(
        counts, people / PER, dispersion=factor, confidence_level=level
    )
    wide = max(factor, unrest.factor if unrest else 1.0)
    changes = [_compare(row, wide, level) for row in groups.to_dict("records")]
    names = ("change", "change_lower", "change_upper", "pvalue")
    changed = pd.DataFrame(changes, columns=list(names), index=groups.index)
    whole = groups.assign(
        rate=PER * counts / people,
        lower=lower,
        upper=upper,
        before=groups["complaints_before"],
    ).join(changed)
    whole["qvalue"] = whole.groupby("division", group_keys=False)["pvalue"].apply(
        limit_false_discoveries
    )
    return whole.sort_values(
        ["division", "complaints"], ascending=[True, False], ignore_index=True
    )


def _compare(
    row: Mapping[Hashable, float], factor: float, level: float
) -> tuple[float, ...]:
    """Give the change of one rate in percent, with its interval and p-value."""
    now, before = row["complaints"], row["complaints_before"]
    people = (row["customers"], row["customers_before"])
    if not (before > 0 and np.isfinite(people).all()):
        return (np.nan,) * 4
    found = compare_rates(
        (now, before), people, dispersion=factor, confidence_level=level
    )
    ends = (found.estimate, found.lower, found.upper)
    return *(100 * (each - 1) for each in ends), found.pvalue


def _measure_repeats(
    rows: ir.Table, quarter: str, level: float
) -> tuple[float, float, float] | None:
    here = rows.filter((rows.quarter == quarter) & rows["is_repeat"].notnull())  # noqa: PD004 - a method of Ibis
    sums = here.agg(
        n=here.count(), people=here.customer_id.nunique(), again=here.is_repeat.sum()
    ).to_pandas()
    n, people = int(sums["n"].iloc[0]), float(sums["people"].iloc[0])
    if not n:
        return None
    share = float(sums["again"].iloc[0]) / n
    ends = bound_share(share, people, confidence_level=level)
    return 100 * share, 100 * ends[0], 100 * ends[1]
