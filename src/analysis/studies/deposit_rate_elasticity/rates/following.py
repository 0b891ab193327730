"""Ask whether competitors follow our posted rates, and whether we follow theirs.

A response is percent of the move that was made. Two banks that follow the same policy
rate move together without following each other: policy is held line by line, with the
levels and moves of both just before.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.data.sources import Tables
from analysis.quarter import Quarter
from analysis.statistics.local_projection import project_responses
from analysis.studies.deposit_rate_elasticity.parameters import (
    CONFIDENCE_LEVEL,
    LINE,
)
from analysis.studies.deposit_rate_elasticity.rates.history import (
    SMALLEST_MOVE_PCT,
    RateHistory,
)
from analysis.studies.deposit_rate_elasticity.rates.market_rates import (
    read_quotes,
)
from analysis.units import write_number
from analysis.wording import say

PERIODS_AHEAD = (1, 2, 3)
"""Periods after a move within which a response is looked for."""
FEWEST_MOVES = 30
"""Fewest moves, over all lines, behind a response."""
FEWEST_PERIODS = 36
"""Fewest periods, by which errors are clustered."""
NUMBERS = ["estimate", "lower", "upper"]


@dataclass(frozen=True, slots=True)
class Following:
    """Who follows whom.

    Parameters
    ----------
    rivals : pandas.DataFrame
        One row per horizon: `horizon` (periods), `estimate`, `lower`, `upper` (percent
        of our move that the mean competitor has followed), `nobs` and
        `clusters` (periods).
    own : pandas.DataFrame
        The same of our following the mean competitor.
    moves : int
        Moves of our own rates behind it.
    reason : str
        Why both are refused, then without rows; empty when they are not.
    period_months : int
        Months in a period.
    quarter : Quarter
        The quarter reported.
    source : str
        Where the numbers come from.
    """

    rivals: pd.DataFrame
    own: pd.DataFrame
    moves: int
    reason: str
    period_months: int
    quarter: Quarter
    source: str


def measure_following(tables: Tables, history: RateHistory) -> Following:
    """Project competitors' moves on ours, and ours on theirs.

    Parameters
    ----------
    tables : Tables
        May hold `competitor_rates`.
    history : RateHistory
        The bank's own posted rates and the policy rate.

    Returns
    -------
    Following
        Responses after one to three periods, or why they are refused.
    """
    quotes = read_quotes(tables)
    quotes = quotes[quotes["period"] <= pd.Timestamp(history.quarter.last_day)]
    own = _lay_out_own(history)
    moves = _count_moves(own[own["line"].isin(_name_lines(quotes))])
    reason = _refuse(quotes, own, moves)
    empty = pd.DataFrame(columns=["horizon", *NUMBERS, "nobs", "clusters"])
    pairs = _average_quotes(quotes, own)
    rivals, ours = (
        empty if reason else _follow(pairs, impulse=impulse, response=response)
        for impulse, response in (("own_pct", "rival_pct"), ("rival_pct", "own_pct"))
    )
    return Following(
        rivals=rivals,
        own=ours,
        moves=moves,
        reason=reason,
        period_months=history.period_months,
        quarter=history.quarter,
        source=history.source,
    )


def _lay_out_own(history: RateHistory) -> pd.DataFrame:
    rates = history.rates[[*LINE, "period", "own_pct", "policy_pct"]].dropna()
    return rates.assign(line=_name_lines(rates)).astype({"own_pct": float})


def _name_lines(rows: pd.DataFrame) -> pd.Series[str]:
    named: pd.Series[str] = rows["product"] + "|" + rows["tenor_months"].astype(str)
    return named


def _count_moves(own: pd.DataFrame) -> int:
    ordered = own.sort_values(["line", "period"])
    change = ordered.groupby("line")["own_pct"].diff().abs()
    return int((change > SMALLEST_MOVE_PCT).sum())


def _refuse(quotes: pd.DataFrame, own: pd.DataFrame, moves: int) -> str:
    if quotes.empty:
        return say("The source has no competitors' rates for our products.")
    shared = quotes.merge(own, on=[*LINE, "period"])
    periods, lines = shared["period"].nunique(), shared["line"].nunique()
    if moves < FEWEST_MOVES or periods < FEWEST_PERIODS or lines < 2:
        return say(
            "There are {moves} moves of our rates in {periods} periods and {lines} "
            "lines that competitors quote; {fewest} moves, {needed} periods and two "
            "lines are needed.",
            moves=write_number(moves),
            periods=write_number(periods),
            lines=write_number(lines),
            fewest=write_number(FEWEST_MOVES),
            needed=write_number(FEWEST_PERIODS),
        )
    return ""


def _average_quotes(quotes: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Put the mean competitor of each line beside our rate.

    Competitors of a line share what hits the line: one by one they would count as more
    evidence than they are.
    """
    mean = (
        quotes.astype({"rate_pct": float})
        .groupby([*LINE, "period"], as_index=False)
        .agg(rival_pct=("rate_pct", "mean"))
    )
    pairs = mean.merge(own, on=[*LINE, "period"])
    return pairs.assign(unit=pairs["line"])


def _follow(pairs: pd.DataFrame, *, impulse: str, response: str) -> pd.DataFrame:
    """Project with policy now and before held, line by line."""
    numbered = pairs.assign(period=pairs["period"].rank(method="dense").astype(int))
    policy = numbered.drop_duplicates("period").set_index("period")["policy_pct"]
    before = numbered["period"].sub(1).map(policy)
    lines = sorted(numbered["line"].unique())[1:]
    held = {
        f"{name}_{line}": (numbered["line"] == line) * rate.astype(float)
        for line in lines
        for name, rate in (("policy", numbered["policy_pct"]), ("before", before))
    }
    named = numbered.rename(columns={impulse: "impulse", response: "response"})
    found = project_responses(
        named.assign(**held),
        horizons=PERIODS_AHEAD,
        controls=list(held),
        confidence_level=CONFIDENCE_LEVEL,
    )
    shares = {name: 100 * found[name] for name in NUMBERS}
    return found.assign(**shares)[["horizon", *NUMBERS, "nobs", "clusters"]]
