"""Compare posted rates with competitors' and with inflation.

Rates are percent a year, gaps basis points (own less competitors' middle rate), ages
days. A quote counts as long as it is the competitor's latest within half a year.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from analysis.data.sources import Tables
from analysis.quarter import Quarter
from analysis.studies.deposit_rate_elasticity.parameters import LINE
from analysis.studies.deposit_rate_elasticity.rates.history import (
    RateHistory,
    average_rates,
)
from analysis.studies.deposit_rate_elasticity.rates.market_rates import read_quotes

OLDEST_QUOTE = timedelta(days=184)
STALE_DAYS = 92
"""Days after which a quote may have been overtaken: a quarter."""


@dataclass(frozen=True, slots=True)
class MarketPosition:
    """Where the bank stands among its competitors.

    Parameters
    ----------
    gaps : pandas.DataFrame
        One row per line that competitors quote: `label`, `balance`, `own_pct`,
        `competitor_pct`, `gap_bp`, `lowest_gap_bp`, `highest_gap_bp` (against the
        best and the worst payer), `rank` (1 pays most), `competitors`,
        `percentile_pct` (share of competitors that pay less, ties half),
        `trend_bp` (gap now less gap a year ago), `quote_age_days` (median),
        `stale_share_pct` (of quotes first seen more than a quarter ago).
    pairs : pandas.DataFrame
        One row per line and competitor with a quote: `label`, `competitor`, `gap_bp`.
    gap_bp, previous_gap_bp : float or None
        Gap weighted by balances at the quarter's end, and a quarter before.
    quotes : int
        Quotes behind the gaps.
    quarter : Quarter
        The quarter reported.
    source : str
        Where the numbers come from.
    """

    gaps: pd.DataFrame
    pairs: pd.DataFrame
    gap_bp: float | None
    previous_gap_bp: float | None
    quotes: int
    quarter: Quarter
    source: str


@dataclass(frozen=True, slots=True)
class RealRates:
    """What deposits pay after inflation.

    Parameters
    ----------
    series : pandas.DataFrame
        One row per period: `nominal_pct`, `inflation_pct`, `real_pct` of all priced
        deposits, weighted by the quarter's balances.
    lines : pandas.DataFrame
        One row per line: `label`, `balance`, `own_pct`, `inflation_pct`, `real_pct`
        at the quarter's end.
    quarter : Quarter
        The quarter reported.
    source : str
        Where the numbers come from.
    """

    series: pd.DataFrame
    lines: pd.DataFrame
    quarter: Quarter
    source: str


def compare_with_competitors(tables: Tables, history: RateHistory) -> MarketPosition:
    """Rank the bank's posted rates among its competitors' latest quotes.

    Parameters
    ----------
    tables : Tables
        May hold `competitor_rates`.
    history : RateHistory
        The bank's own posted rates.

    Returns
    -------
    MarketPosition
        Gap, rank and trend of each line; no rows without competitors' rates.
    """
    quotes = read_quotes(tables)
    quarter = history.quarter
    pairs = _pair_quotes(quotes, history, quarter)
    now = _summarise_pairs(pairs)
    year_ago = _compare_at(quotes, history, quarter.year_ago)
    gaps = now.merge(
        year_ago[[*LINE, "gap_bp"]], on=LINE, how="left", suffixes=("", "_before")
    )
    gaps = gaps.assign(trend_bp=gaps["gap_bp"] - gaps["gap_bp_before"])
    return MarketPosition(
        gaps=gaps.sort_values("balance", ascending=False, ignore_index=True),
        pairs=pairs.sort_values(
            ["balance", *LINE, "competitor"],
            ascending=[False, True, True, True],
            ignore_index=True,
        )[["label", "competitor", "gap_bp"]],
        gap_bp=_weigh(now),
        previous_gap_bp=_weigh(_compare_at(quotes, history, quarter.previous)),
        quotes=int(now["competitors"].sum()),
        quarter=quarter,
        source=history.source,
    )


def deflate_rates(history: RateHistory) -> RealRates:
    """Take inflation off the posted rates.

    Parameters
    ----------
    history : RateHistory
        Posted rates and inflation over the past year.

    Returns
    -------
    RealRates
        Real rates by period and by line: (1 + rate) / (1 + inflation) - 1.
    """
    average = history.average.rename(columns={"own_pct": "nominal_pct"})
    columns = ["period", "nominal_pct", "inflation_pct"]
    series = average[columns].dropna()
    last = history.rates["period"] == pd.Timestamp(history.quarter.last_day)
    now = history.rates[last].merge(history.lines[[*LINE, "balance"]], on=LINE)
    lines = now[["label", "balance", "own_pct", "inflation_pct"]].dropna()
    return RealRates(
        series=series.assign(
            real_pct=_deflate(series["nominal_pct"], series["inflation_pct"])
        ),
        lines=lines.assign(
            real_pct=_deflate(lines["own_pct"], lines["inflation_pct"])
        ).sort_values("balance", ascending=False, ignore_index=True),
        quarter=history.quarter,
        source=history.source,
    )


def _deflate(rate_pct: pd.Series, inflation_pct: pd.Series) -> pd.Series:
    return 100 * ((1 + rate_pct / 100) / (1 + inflation_pct / 100) - 1)


def _compare_at(
    quotes: pd.DataFrame, history: RateHistory, quarter: Quarter
) -> pd.DataFrame:
    return _summarise_pairs(_pair_quotes(quotes, history, quarter))


def _pair_quotes(
    quotes: pd.DataFrame, history: RateHistory, quarter: Quarter
) -> pd.DataFrame:
    """Put each competitor's latest quote beside our own rate of the line."""
    day = pd.Timestamp(quarter.last_day)
    own = history.rates.loc[
        history.rates["period"] == day, [*LINE, "label", "own_pct"]
    ].merge(history.lines[[*LINE, "balance"]], on=LINE)
    known = quotes[(quotes["period"] <= day) & (quotes["period"] > day - OLDEST_QUOTE)]
    latest = known.sort_values("period").drop_duplicates(
        ["competitor", *LINE], keep="last"
    )
    pairs = latest.merge(own, on=LINE)
    gap = 100 * (pairs["own_pct"] - pairs["rate_pct"]).astype(float)
    age = (day - pd.to_datetime(pairs["first_seen"])).dt.days
    return pairs.assign(
        gap_bp=gap.round(6),
        higher=gap < -1e-6,
        beaten=np.where(gap > 1e-6, 1.0, np.where(gap < -1e-6, 0.0, 0.5)),
        age=age,
    )


def _summarise_pairs(pairs: pd.DataFrame) -> pd.DataFrame:
    keys = [*LINE, "label", "balance", "own_pct"]
    return pairs.groupby(keys, as_index=False, dropna=False).agg(
        competitor_pct=("rate_pct", "median"),
        gap_bp=("gap_bp", "median"),
        lowest_gap_bp=("gap_bp", "min"),
        highest_gap_bp=("gap_bp", "max"),
        rank=("higher", lambda higher: 1 + int(higher.sum())),
        competitors=("competitor", "nunique"),
        percentile_pct=("beaten", lambda beaten: 100 * float(beaten.mean())),
        quote_age_days=("age", "median"),
        stale_share_pct=("age", lambda age: 100 * float((age > STALE_DAYS).mean())),
    )


def _weigh(gaps: pd.DataFrame) -> float | None:
    held = gaps[gaps["balance"] > 0].rename(columns={"gap_bp": "gap_pct"})
    if held.empty:
        return None
    rows = held[[*LINE, "gap_pct"]].assign(period=0)
    return float(average_rates(rows, held)["gap_pct"].item())
