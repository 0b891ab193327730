"""Read the rates of others: policy, market, inflation and competitors' quotes.

Rates are percent a year. A product at one term is one line.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from analysis.data.sources import Tables
from analysis.studies.deposit_rate_elasticity.parameters import LINE


def read_quotes(tables: Tables) -> pd.DataFrame:
    """Read what competitors posted, as percent a year; empty when unknown.

    Parameters
    ----------
    tables : Tables
        May hold `competitor_rates`.

    Returns
    -------
    pandas.DataFrame
        One row per competitor, line and period with `rate_pct` and `first_seen`.
    """
    columns = ["period", "competitor", *LINE, "rate_pct", "first_seen"]
    if "competitor_rates" not in tables:
        return pd.DataFrame(columns=columns)
    quotes = tables["competitor_rates"]
    found = quotes.mutate(rate_pct=quotes["rate"] * 100).select(columns).to_pandas()
    return with_days(found, "period", "first_seen")


def summarise_quotes(quotes: pd.DataFrame) -> pd.DataFrame:
    """Give the middle competitor's rate of each line and period.

    Parameters
    ----------
    quotes : pandas.DataFrame
        One row per competitor, line and period.

    Returns
    -------
    pandas.DataFrame
        One row per line and period with `competitor_pct`.
    """
    keys = [*LINE, "period"]
    return quotes.groupby(keys, as_index=False).agg(
        competitor_pct=("rate_pct", "median")
    )


def with_days(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Give columns of days as timestamps, whatever the engine returned.

    Parameters
    ----------
    frame : pandas.DataFrame
        What the engine gave.
    *columns : str
        Columns of days.

    Returns
    -------
    pandas.DataFrame
        The same rows.
    """
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in columns})


def read_market(tables: Tables, own: pd.DataFrame, first: date) -> pd.DataFrame:
    """Give policy and inflation, and the market rate of the nearest term.

    Parameters
    ----------
    tables : Tables
        Holds `market_rates`.
    own : pandas.DataFrame
        Lines and periods wanted.
    first : datetime.date
        Periods after this day count.

    Returns
    -------
    pandas.DataFrame
        One row per line and period: `policy_pct`, `market_pct`, `inflation_pct`,
        missing where the source gives none.
    """
    market = tables["market_rates"]
    recent = market.filter(market["period"] > first)
    long = with_days(
        recent.mutate(rate_pct=recent["rate"] * 100)
        .select(["series", "tenor_months", "period", "rate_pct"])
        .to_pandas(),
        "period",
    )
    keys = own[[*LINE, "period"]]
    for series in ("policy", "market", "inflation"):
        part = long[long["series"] == series]
        nearest = {
            tenor: _find_nearest(part["tenor_months"], tenor)
            for tenor in own["tenor_months"].unique()
        }
        wanted = keys.assign(term=keys["tenor_months"].map(nearest))
        renamed = part.drop(columns="series").rename(
            columns={"tenor_months": "term", "rate_pct": f"{series}_pct"}
        )
        merged = wanted.merge(renamed, on=["term", "period"], how="left")
        keys = merged.drop(columns="term")
    return keys


def _find_nearest(terms: pd.Series, wanted: int) -> float:
    known = np.sort(terms.unique())
    return float(known[np.abs(known - wanted).argmin()]) if len(known) else -1.0
