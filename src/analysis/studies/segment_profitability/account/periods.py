"""Which periods the study reads: those of the quarter and of the quarter before."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import ibis
import pandas as pd

from analysis.data.sources import Tables
from analysis.quarter import Quarter
from analysis.studies.segment_profitability.parameters import Parameters


def label_quarter(table: ibis.Table, parameters: Parameters) -> ibis.Table:
    """Keep the rows of both quarters and say which quarter each belongs to.

    Parameters
    ----------
    table : ibis.Table
        Table of the contract with a period.
    parameters : Parameters
        The quarter reported.

    Returns
    -------
    ibis.Table
        Rows of the two quarters with a column `quarter`, for example "2026Q3".
    """
    now, before = parameters.reported, parameters.reported.previous
    is_now = table.period >= ibis.literal(now.first_day)
    inside = table.period.between(
        ibis.literal(before.first_day), ibis.literal(now.last_day)
    )
    return table.filter(inside).mutate(
        quarter=ibis.ifelse(is_now, str(now), str(before))
    )


def list_periods(tables: Tables, parameters: Parameters) -> pd.DataFrame:
    """List the periods of both quarters with their length.

    Parameters
    ----------
    tables : Tables
        They say whether a period is a month or a quarter.
    parameters : Parameters
        The quarter reported.

    Returns
    -------
    pandas.DataFrame
        One row per period with `period` (its last day), `days`, `quarter_days` (those
        of the quarter in which it lies), the `period_quarter` itself, and `place`, the
        period's number within it from 0.
    """
    quarters = (parameters.reported.previous, parameters.reported)
    if tables.source.period == "quarter":
        spans = [(q.first_day, q.last_day) for q in quarters]
    else:
        spans = [span for q in quarters for span in _split_months(q.first_day)]
    within = [Quarter.of(last) for _, last in spans]
    return pd.DataFrame(
        {
            "period": [last for _, last in spans],
            "days": [float((last - first).days + 1) for first, last in spans],
            "quarter_days": [
                float((q.last_day - q.first_day).days + 1) for q in within
            ],
            "period_quarter": [str(q) for q in within],
            "place": [within[:i].count(q) for i, q in enumerate(within)],
        }
    )


def _split_months(first_day: date) -> list[tuple[date, date]]:
    firsts = [first_day]
    for _ in range(3):
        firsts.append((firsts[-1] + timedelta(days=31)).replace(day=1))
    return [
        (first, following - timedelta(days=1)) for first, following in pairwise(firsts)
    ]
