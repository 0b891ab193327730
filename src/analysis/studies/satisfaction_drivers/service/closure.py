"""How soon complaints are closed, those still open counted too.

Days run from receipt to settlement; a complaint still open at the quarter's end counts
as open for as long as it was seen. Shares are percent.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import numpy as np
import pandas as pd
from scipy.stats import norm

from analysis.data.sources import Tables
from analysis.quarter import Quarter
from analysis.statistics.survival_curve import SurvivalCurve, estimate_survival
from analysis.studies.satisfaction_drivers.parameters import Parameters
from analysis.studies.satisfaction_drivers.refusal import Refused
from analysis.studies.satisfaction_drivers.service.missing import miss
from analysis.studies.satisfaction_drivers.service.quarter_ends import name_quarter
from analysis.wording import say

FEWEST = 30
"""Complaints below which no share is given."""


@dataclass(frozen=True, slots=True)
class OnTime:
    """Share closed within the days allowed.

    Parameters
    ----------
    estimate, lower, upper : float
        Percent, with interval.
    std_error : float
        Percentage points.
    complaints, complainers, open : int
        Complaints, customers who complained, and complaints not yet closed.
    closed_only : float
        What the share would be among closed complaints only, percent: it flatters.
    """

    estimate: float
    lower: float
    upper: float
    std_error: float
    complaints: int
    complainers: int
    open: int
    closed_only: float


@dataclass(frozen=True, slots=True)
class Closure:
    """Days until complaints are closed.

    Parameters
    ----------
    quarter, previous : str
        Quarter in which complaints were received, and the one before.
    days_allowed : int
        Days within which they should be closed.
    on_time : OnTime
        Of the quarter.
    before : OnTime or None
        Of the quarter before, as known now.
    change, change_lower, change_upper : float or None
        Percentage points, with interval.
    curve : SurvivalCurve
        Share still open by day.
    median_days : float or None
        Days after which half are closed.
    causes : pandas.DataFrame
        One row per cause: `cause`, `complaints`, `complainers`, `open`, `estimate`,
        `lower`, `upper` (percent closed in time).
    confidence_level : float
        Of all intervals.
    source : str
        Where complaints come from.
    """

    quarter: str
    previous: str
    days_allowed: int
    on_time: OnTime
    before: OnTime | None
    change: tuple[float, float, float] | None
    curve: SurvivalCurve
    median_days: float | None
    causes: pd.DataFrame
    confidence_level: float
    source: str


def measure_closure(tables: Tables, parameters: Parameters) -> Closure | Refused:
    """Measure the days until complaints are closed.

    Parameters
    ----------
    tables : Tables
        Complaints.
    parameters : Parameters
        Quarter, days allowed and confidence level.

    Returns
    -------
    Closure or Refused
        Refused where the source has too few complaints, or none was ever closed.
    """
    if "complaints" not in tables:
        reason = say("This source has no complaints.")
        return miss(tables, parameters, reason, say("Map the table of complaints."))
    days = _count_days(tables, parameters)
    now = days[days["quarter"] == parameters.quarter]
    total = int(now["complaints"].sum())
    if total < FEWEST or not now["ended"].sum():
        reason = say(
            "Only {n} complaints of the quarter are known, or none was closed.", n=total
        )
        remedy = say("Look whether the days of closing are in the extract.")
        return miss(tables, parameters, reason, remedy, nobs=total)
    source = tables.source.attribution or tables.source.title
    closure = measure_days(days, parameters, source)
    if closure is None:
        limit = parameters.complaint_days
        reason = say("No complaint has been followed for {days} days yet.", days=limit)
        return miss(tables, parameters, reason, say("Run a later quarter."))
    return closure


def _count_days(tables: Tables, parameters: Parameters) -> pd.DataFrame:
    """Count complaints of two quarters by cause and days, in the engine."""
    quarter = Quarter.parse(parameters.quarter)
    table = tables["complaints"]
    recent = table.filter(table.opened_date >= ibis.literal(quarter.previous.first_day))
    until = recent.closed_date.fill_null(ibis.literal(quarter.last_day))
    rows = recent.select(
        "customer_id",
        "cause",
        quarter=name_quarter(recent.opened_date),
        days=until.delta(recent.opened_date, unit="D"),
        ended=recent["closed_date"].notnull(),  # noqa: PD004 - a method of Ibis
    )
    counted = rows.group_by(["quarter", "cause", "days", "ended"]).agg(
        complaints=rows.count()
    )
    people = rows.group_by(["quarter", "cause"]).agg(people=rows.customer_id.nunique())
    everyone = rows.group_by("quarter").agg(everyone=rows.customer_id.nunique())
    found: pd.DataFrame = counted.to_pandas()
    found = found.merge(people.to_pandas()).merge(everyone.to_pandas())
    return found.sort_values(["quarter", "cause", "days", "ended"], ignore_index=True)


def measure_days(
    days: pd.DataFrame, parameters: Parameters, source: str
) -> Closure | None:
    """Measure the days until complaints are closed from their counts.

    Parameters
    ----------
    days : pandas.DataFrame
        Complaints of the quarter and the one before, counted by `quarter`, `cause`,
        `days` and `ended`: `complaints`, `people` (customers of the cause),
        `everyone` (customers of the quarter).
    parameters : Parameters
        Quarter, days allowed and confidence level.
    source : str
        Where complaints come from.

    Returns
    -------
    Closure or None
        None where nobody was followed for the days allowed.
    """
    level, limit = parameters.confidence_level, parameters.complaint_days
    previous = str(Quarter.parse(parameters.quarter).previous)
    now, earlier = (
        days[days["quarter"] == each] for each in (parameters.quarter, previous)
    )
    on_time = _read_on_time(now, limit, level)
    if on_time is None:
        return None
    enough = earlier["complaints"].sum() >= FEWEST
    before = _read_on_time(earlier, limit, level) if enough else None
    curve = follow_complaints(now, level)
    half = np.flatnonzero(curve.survival <= 0.5)
    return Closure(
        quarter=parameters.quarter,
        previous=previous,
        days_allowed=limit,
        on_time=on_time,
        before=before,
        change=None if before is None else _compare(on_time, before, level),
        curve=curve,
        median_days=float(curve.times[half[0]]) if len(half) else None,
        causes=_read_causes(now, limit, level),
        confidence_level=level,
        source=source,
    )


def follow_complaints(days: pd.DataFrame, level: float) -> SurvivalCurve:
    """Estimate the share of complaints still open by day.

    Parameters
    ----------
    days : pandas.DataFrame
        Counts: `days`, `ended` (whether closed then, or last seen open), `complaints`.
    level : float
        Share of intervals that hold the truth.

    Returns
    -------
    SurvivalCurve
        By day.
    """
    wide = days.pivot_table(
        index="days", columns="ended", values="complaints", aggfunc="sum", fill_value=0
    ).reindex(columns=[False, True], fill_value=0)
    return estimate_survival(
        wide.index.to_numpy(np.float64),
        wide[True].to_numpy(np.float64),
        wide[False].to_numpy(np.float64),
        confidence_level=level,
    )


def _read_on_time(days: pd.DataFrame, limit: int, level: float) -> OnTime | None:
    """Read the share closed in time; None where nobody was followed for so long."""
    curve = follow_complaints(days, level)
    if limit > curve.times[-1] and curve.survival[-1] > 0:
        return None
    still, lower, upper = curve.read(limit)
    place = max(int(np.searchsorted(curve.times, limit, side="right")) - 1, 0)
    ended = days[days["ended"]]
    closed = float(ended["complaints"].sum())
    soon = float(ended.loc[ended["days"] <= limit, "complaints"].sum())
    return OnTime(
        estimate=100 * (1 - still),
        lower=100 * (1 - upper),
        upper=100 * (1 - lower),
        std_error=100 * float(curve.std_error[place]),
        complaints=curve.nobs,
        complainers=int(days["everyone"].iloc[0]),
        open=curve.nobs - int(closed),
        closed_only=100 * soon / closed if closed else float("nan"),
    )


def _compare(now: OnTime, before: OnTime, level: float) -> tuple[float, float, float]:
    change = now.estimate - before.estimate
    error = float(np.hypot(now.std_error, before.std_error))
    reach = float(norm.ppf((1 + level) / 2)) * error
    return change, change - reach, change + reach


def _read_causes(days: pd.DataFrame, limit: int, level: float) -> pd.DataFrame:
    rows = []
    for cause, part in days.groupby("cause", sort=True):
        found = _read_on_time(part, limit, level)
        total, people = int(part["complaints"].sum()), int(part["people"].iloc[0])
        still = int(part.loc[~part["ended"], "complaints"].sum())
        ends = (np.nan,) * 3
        if found is not None and total >= FEWEST:
            ends = (found.estimate, found.lower, found.upper)
        rows.append((cause, total, people, still, *ends))
    names = ("cause", "complaints", "complainers", "open", "estimate", "lower", "upper")
    table = pd.DataFrame(rows, columns=list(names))
    return table.sort_values("complaints", ascending=False, ignore_index=True)
