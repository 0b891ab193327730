"""Which periods the study reads: those of the quarters that its settings name."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import ibis
import pandas as pd

from analysis.data.sources import Tables
from analysis.quarter import Quarter
from analysis.studies.segment_profitability.parameters import Parameters


def label_quarter(table: ibis.Table, parameters: Parameters) -> ibis.Table:
    """Keep the rows of the quarters and say which quarter each belongs to.

    Parameters
    ----------
    table : ibis.Table
        Table of the contract with a period.
    parameters : Parameters
        The quarter reported, with those before it.

    Returns
    -------
    ibis.Table
        Rows of the quarters with a column `quarter`, for example "2026Q3".
    """
    first, *later = parameters.quarters
    inside = table.period.between(
        ibis.literal(first.first_day), ibis.literal(parameters.quarters[-1].last_day)
    )
    label: ibis.Value = ibis.literal(str(first))
    for quarter in later:
        is_later = table.period >= ibis.literal(quarter.first_day)
        label = ibis.ifelse(is_later, str(quarter), label)
    return table.filter(inside).mutate(quarter=label)


def keep_quarter(table: ibis.Table, quarter: Quarter) -> ibis.Table:
    """Keep the rows of one quarter.

    Parameters
    ----------
    table : ibis.Table
        Table of the contract with a period.
    quarter : Quarter
        The quarter.

    Returns
    -------
    ibis.Table
        Its rows, as they are.
    """
    first, last = ibis.literal(quarter.first_day), ibis.literal(quarter.last_day)
    return table.filter(table.period.between(first, last))


def list_periods(tables: Tables, parameters: Parameters) -> pd.DataFrame:
    """List the periods of the quarters with their length.

    Parameters
    ----------
    tables : Tables
        They say whether a period is a month or a quarter.
    parameters : Parameters
        The quarter reported, with those before it.

    Returns
    -------
    pandas.DataFrame
        One row per period with `period` (its last day), `days`, `quarter_days` (those
        of the quarter in which it lies), the `period_quarter` itself, and `place`, the
        period's number within it from 0.
    """
    quarters = parameters.quarters
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
