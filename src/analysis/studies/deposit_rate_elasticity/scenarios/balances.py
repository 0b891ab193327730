"""Say what each scenario does to balances, where their response is known.

Only products whose response passed every check (grades B and C) are moved, by the
change of our rate less the middle competitor's; competitors are forecast as we are.
Amounts are major units of the source's currency.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.studies.deposit_rate_elasticity.parameters import (
    LINE,
    SHORTEST_SERIES_PERIODS,
)
from analysis.studies.deposit_rate_elasticity.rates.history import RateHistory
from analysis.studies.deposit_rate_elasticity.response.verdicts import (
    REFUSED,
    Verdicts,
)
from analysis.studies.deposit_rate_elasticity.scenarios.forecasts import (
    QUARTERS_AHEAD,
    SCENARIOS,
    RateForecasts,
    run_scenarios,
    select_series,
)

NUMBERS = ["estimate", "lower", "upper"]


@dataclass(frozen=True, slots=True)
class BalanceEffect:
    """Change of balances a year ahead.

    Parameters
    ----------
    scenarios : pandas.DataFrame
        One row per scenario: `scenario`, `estimate`, `lower`, `upper`, major units.
        No rows where no product's response or no competitor's rate is known.
    products : tuple of str
        Products that are moved.
    """

    scenarios: pd.DataFrame
    products: tuple[str, ...]


def measure_balances(
    history: RateHistory, forecasts: RateForecasts, verdicts: Verdicts
) -> BalanceEffect:
    """Move the balances of graded products by the change of their rate gap.

    Parameters
    ----------
    history : RateHistory
        Balances, and competitors' rates by line.
    forecasts : RateForecasts
        Posted rates by line and scenario.
    verdicts : Verdicts
        Responses and their grades.

    Returns
    -------
    BalanceEffect
        Intervals are those of the response alone, added over products as if all were
        wrong the same way; the gap is taken as forecast.
    """
    graded = verdicts.products[verdicts.products["grade"] != REFUSED]
    gaps = _forecast_gaps(history, forecasts)
    if graded.empty or gaps.empty:
        return BalanceEffect(pd.DataFrame(columns=["scenario", *NUMBERS]), ())
    moved = gaps.merge(graded[["product", *NUMBERS]], on="product")
    held = moved["balance"] * moved["gap_change_pp"] / 100
    amounts = pd.DataFrame({name: held * moved[name] for name in NUMBERS})
    ends = amounts.assign(
        lower=amounts[["lower", "upper"]].min(axis=1),
        upper=amounts[["lower", "upper"]].max(axis=1),
        scenario=moved["scenario"],
    )
    summed = ends.groupby("scenario")[NUMBERS].sum()
    return BalanceEffect(
        scenarios=summed.reindex(list(SCENARIOS))
        .dropna()
        .reset_index(names="scenario"),
        products=tuple(moved["product"].unique()),
    )


def _forecast_gaps(history: RateHistory, forecasts: RateForecasts) -> pd.DataFrame:
    """Give each line's balance and how its gap will have changed in a year."""
    if forecasts.lines.empty:
        return pd.DataFrame()
    last = forecasts.lines[forecasts.lines["quarter"] == QUARTERS_AHEAD]
    own = last.assign(own_change=last["own_pct"] - last["now_pct"])
    steps = 3 // history.period_months
    parts = [pd.DataFrame()]
    for _, rows in history.rates.groupby(LINE):
        series = select_series(rows, "competitor_pct")
        if len(series) < SHORTEST_SERIES_PERIODS:
            continue
        runs = run_scenarios(series, steps)
        end = runs[runs["quarter"] == QUARTERS_AHEAD]
        change = end["own_pct"] - series["own_pct"].iloc[-1]
        end = end[["scenario"]].assign(rival_change=change)
        parts.append(end.merge(rows[LINE].head(1), how="cross"))
    rivals = pd.concat(parts, ignore_index=True)
    if rivals.empty:
        return rivals
    both = own.merge(rivals, on=[*LINE, "scenario"]).merge(
        history.lines[[*LINE, "balance"]], on=LINE
    )
    change = both["own_change"] - both["rival_change"]
    return both.assign(gap_change_pp=change, balance=both["balance"].astype(float))
