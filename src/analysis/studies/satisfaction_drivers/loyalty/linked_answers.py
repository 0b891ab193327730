"""Tie answers to what the same customers did in the quarter after.

An answer at a quarter's end is followed to the end of the next quarter. Only
respondents' rows leave the engine.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.data.sources import Tables
from analysis.quarter import Quarter
from analysis.studies.satisfaction_drivers.answers.survey import SATISFACTION, Survey
from analysis.studies.satisfaction_drivers.answers.weighting import WeightedSurvey
from analysis.studies.satisfaction_drivers.refusal import Refused
from analysis.wording import mark, say

_Floats = NDArray[np.float64]

NEEDED = ("customers", "customer_periods")
NO_PERIODS = mark(
    "The source does not say which customers are still there a quarter later."
)
NO_NEXT = mark(
    "No earlier wave is followed by a quarter of which the customers are known."
)
MAP_PERIODS = mark("Map customers and customer_periods in the source's file.")
ASK_AGAIN = mark("Run the quarter again once two waves are in the data.")

_CHARACTERISTICS = ("tier", "customer_type", "age_band", "channel")


@dataclass(frozen=True, slots=True)
class LinkedAnswers:
    """Answers and what followed.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row per respondent and earlier wave: `quarter`, `customer_id`, `weight`
        (customers), `satisfaction` (points), `assets` (average of the wave's last
        period, major currency units), `assets_next` (a quarter later), `left`
        (whether the customer was gone by then) and the characteristics.
    now : pandas.DataFrame
        Respondents of the wave reported, the same columns without what followed, and
        `assets_stood_for`: weight x assets, scaled so that each tier has what it holds.
    lowest, highest : float
        Ends of the scale of satisfaction, points.
    quarters : tuple of str
        Waves that are followed.
    reported, source, currency : str
        Quarter of the wave reported, where all this comes from, and the currency.
    """

    rows: pd.DataFrame
    now: pd.DataFrame
    lowest: float
    highest: float
    quarters: tuple[str, ...]
    reported: str
    source: str
    currency: str

    @property
    def weights(self) -> _Floats:
        """Weights of the rows, customers."""
        return self.rows["weight"].to_numpy(dtype=np.float64)

    @property
    def satisfaction(self) -> _Floats:
        """Satisfaction of the rows, points."""
        return self.rows["satisfaction"].to_numpy(dtype=np.float64)

    @property
    def people(self) -> NDArray[np.int64]:
        """Number of each row's customer."""
        codes: NDArray[np.int64] = pd.factorize(self.rows["customer_id"])[0]
        return codes.astype(np.int64)


def link_answers(
    tables: Tables, survey: Survey, weighted: WeightedSurvey
) -> LinkedAnswers | Refused:
    """Follow the respondents of each wave to the end of the next quarter.

    Parameters
    ----------
    tables : Tables
        `NEEDED` and the respondents.
    survey : Survey
        What was asked.
    weighted : WeightedSurvey
        Screened, weighted waves.

    Returns
    -------
    LinkedAnswers or Refused
        Refused where the source has no periods, or no wave has a next quarter.
    """
    reported, source = weighted.reported.quarter, survey.source
    if any(name not in tables for name in NEEDED):
        return Refused(say(NO_PERIODS), say(MAP_PERIODS), reported, source)
    answers = _gather(weighted)
    ends = _find_ends(tables["customer_periods"], answers["quarter"].unique())
    followed = [name for name in ends if name != reported and _next(name) in ends]
    if not followed or reported not in ends:
        return Refused(say(NO_NEXT), say(ASK_AGAIN), reported, source)
    held = _read_periods(tables, ends, [*followed, reported])
    rows = answers.merge(held, on=["quarter", "customer_id"])
    past = rows[rows["quarter"] != reported].reset_index(drop=True)
    now = rows[rows["quarter"] == reported].reset_index(drop=True)
    now["assets_stood_for"] = _stand_for(now, _sum_assets(tables, ends[reported]))
    asked = survey.outcomes[SATISFACTION]
    return LinkedAnswers(
        rows=past,
        now=now,
        lowest=asked.lowest,
        highest=asked.highest,
        quarters=tuple(followed),
        reported=reported,
        source=source,
        currency=tables.source.currency,
    )


def _gather(weighted: WeightedSurvey) -> pd.DataFrame:
    """Put the waves' respondents who told their satisfaction under each other."""
    columns = ["quarter", "customer_id", SATISFACTION, *_CHARACTERISTICS]
    parts = [
        wave.respondents[columns].assign(weight=wave.weights) for wave in weighted.waves
    ]
    rows = pd.concat(parts, ignore_index=True)
    return rows[rows[SATISFACTION].notna() & rows["customer_id"].notna()]


def _next(quarter: str) -> str:
    return str(Quarter.parse(quarter).next)


def _find_ends(periods: ir.Table, quarters: Iterable[str]) -> dict[str, date]:
    """Find the last period of each wave's quarter and of the quarters after."""
    days = periods.select("period").distinct().to_pyarrow()["period"].to_pylist()
    wanted = {name for each in quarters for name in (each, _next(each))}
    ends: dict[str, date] = {}
    for day in sorted(day for day in days if day is not None):
        if (quarter := str(Quarter.of(day))) in wanted:
            ends[quarter] = day
    return ends


def _read_periods(
    tables: Tables, ends: dict[str, date], quarters: list[str]
) -> pd.DataFrame:
    """Read assets of respondents at the end of each quarter and of the next one."""
    asked = tables["survey_responses"].select("customer_id").distinct()
    periods = tables["customer_periods"].semi_join(asked, "customer_id")
    opened = tables["customers"].select("customer_id", "open_date")
    parts = []
    for quarter in quarters:
        at_end = periods.filter(periods.period == ends[quarter])
        held = at_end.select("customer_id", assets=at_end.assets_average)
        later = ends.get(_next(quarter))
        after = periods.filter(periods.period == (later or ends[quarter]))
        after = after.select(
            "customer_id", assets_next=after.assets_average, is_here=ibis.literal(True)
        )
        joined = held.left_join(after, "customer_id").drop("customer_id_right")
        parts.append(
            joined.inner_join(opened, "customer_id").mutate(
                quarter=ibis.literal(quarter)
            )
        )
    rows: pd.DataFrame = (
        ibis.union(*parts).to_pandas() if len(parts) > 1 else (parts[0].to_pandas())
    )
    days = pd.to_datetime(rows["quarter"].map(ends)) - pd.to_datetime(rows["open_date"])
    return rows.assign(
        left=rows.pop("is_here").isna(),
        years=days.dt.days.clip(lower=0).astype(float) / 365.25,
        assets=rows["assets"].astype(float),
        assets_next=rows["assets_next"].astype(float),
    ).drop(columns="open_date")


def _sum_assets(tables: Tables, end: date) -> pd.Series[float]:
    """Sum the assets of active customers by tier."""
    periods = tables["customer_periods"]
    held = periods.filter(
        (periods.period == end) & (periods.state.fill_null("active") == "active")
    )
    sums = held.group_by("tier").agg(assets=held.assets_average.sum()).to_pandas()
    totals: pd.Series[float] = sums.set_index("tier")["assets"].astype(float)
    return totals


def _stand_for(now: pd.DataFrame, totals: pd.Series[float]) -> pd.Series[float]:
    """Give the assets that each respondent stands for, within the tier's total."""
    raw = (now["weight"] * now["assets"]).fillna(0.0)
    seen = raw.groupby(now["tier"]).transform("sum")
    known = now["tier"].map(totals).fillna(seen)
    return raw * (known / seen.where(seen > 0)).fillna(0.0)
