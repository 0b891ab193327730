"""Say what each scenario does to a year's interest expense on today's book.

Amounts are major units of the source's currency. Money without maturity is repriced as
posted rates move; a term deposit when it matures, at the posted rate of that quarter.
Balances stay as they are; what a scenario does to them is another question.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.data.sources import Tables
from analysis.quarter import Quarter
from analysis.studies.deposit_rate_elasticity.maturity.wall import list_maturing
from analysis.studies.deposit_rate_elasticity.parameters import LINE
from analysis.studies.deposit_rate_elasticity.rates.history import RateHistory
from analysis.studies.deposit_rate_elasticity.scenarios.forecasts import (
    QUARTERS_AHEAD,
    SCENARIOS,
    RateForecasts,
)

_MONTHS = 3


@dataclass(frozen=True, slots=True)
class ExpenseEffect:
    """Change of a year's interest expense against today's posted rates.

    Parameters
    ----------
    scenarios : pandas.DataFrame
        One row per scenario: `scenario`, `expense`, `lower`, `upper` (+ costs more).
        No rows where no line can be forecast.
    repriced_pct, covered_pct : float
        Of priced deposits: what is repriced within the year, and what the lines hold
        whose rate can be forecast.
    book : pandas.DataFrame
        One row: all priced deposits with what the disclosure door asks.
    currency : str
        ISO code.
    quarter : Quarter
        The quarter reported.
    source : str
        Where the numbers come from.
    """

    scenarios: pd.DataFrame
    repriced_pct: float
    covered_pct: float
    book: pd.DataFrame
    currency: str
    quarter: Quarter
    source: str


def measure_expense(
    tables: Tables, history: RateHistory, forecasts: RateForecasts
) -> ExpenseEffect:
    """Reprice today's book on each path.

    Parameters
    ----------
    tables : Tables
        Accounts and balances.
    history : RateHistory
        Balances of the lines.
    forecasts : RateForecasts
        Posted rates by line, scenario and quarter.

    Returns
    -------
    ExpenseEffect
        Expense with an interval; errors of lines add up as if all were wrong the same
        way at once, which makes it wide rather than narrow.
    """
    total = float(history.lines["balance"].sum())
    repriced = pd.DataFrame(columns=[*LINE, "quarter", "balance"])
    if not forecasts.lines.empty:
        repriced = _list_repriced(tables, history)
    moved = _move(repriced, forecasts)
    held = history.lines[[*LINE, "balance"]].astype({"balance": float})
    known = held.merge(moved[LINE].drop_duplicates(), on=LINE)
    year = moved[moved["scenario"] == next(iter(SCENARIOS))]
    return ExpenseEffect(
        scenarios=_sum_scenarios(moved),
        repriced_pct=100 * float(year["balance"].sum()) / total,
        covered_pct=100 * float(known["balance"].sum()) / total,
        book=history.total,
        currency=tables.source.currency,
        quarter=history.quarter,
        source=history.source,
    )


def _list_repriced(tables: Tables, history: RateHistory) -> pd.DataFrame:
    """Give what is repriced in each quarter ahead; without maturity in the first."""
    ahead = list_maturing(tables, history.quarter)
    quarter = ((ahead["months"] - 1) // _MONTHS + 1).cast("int64")
    dated = ahead.mutate(quarter=quarter)
    term = dated.group_by([*LINE, "quarter"]).agg(balance=dated["balance"].sum())
    is_open = history.lines["tenor_months"] == 0
    free = history.lines.loc[is_open, [*LINE, "balance"]].assign(quarter=1)
    found: pd.DataFrame = term.to_pandas()
    return pd.concat([free, found], ignore_index=True)


def _move(repriced: pd.DataFrame, forecasts: RateForecasts) -> pd.DataFrame:
    """Give the year's expense of each repriced part, with half its interval."""
    keys = [*LINE, "scenario", "expense", "reach", "balance"]
    if forecasts.lines.empty:
        return pd.DataFrame(columns=keys)
    lines = forecasts.lines.assign(
        change=(forecasts.lines["mean_pct"] - forecasts.lines["now_pct"]) / 100,
        error=forecasts.lines["reach_pct"] / 100,
    )
    paths = lines.pivot_table(
        index=[*LINE, "scenario"], columns="quarter", values=["change", "error"]
    )
    joined = repriced.merge(
        paths.reset_index()[[*LINE, "scenario"]].droplevel(1, 1), on=LINE
    )
    index = pd.MultiIndex.from_frame(joined[[*LINE, "scenario"]])
    weights = _weigh_quarters(joined)
    found = {
        name: (paths[name].reindex(index).to_numpy() * weights).sum(axis=1)
        for name in ("change", "error")
    }
    amount = joined["balance"].to_numpy(float)
    moved: pd.DataFrame = joined.assign(
        expense=amount * found["change"], reach=amount * found["error"]
    )[keys]
    return moved


def _weigh_quarters(joined: pd.DataFrame) -> np.ndarray:
    """Give the share of the year for which each quarter's rate is paid.

    Money without maturity pays every quarter's own rate. A term deposit pays the rate
    of the quarter in which it matures, half of that quarter and all the later ones.
    """
    quarters = np.arange(1, QUARTERS_AHEAD + 1)
    own = joined["quarter"].to_numpy(int)[:, None]
    rest = (QUARTERS_AHEAD - own + 0.5) / QUARTERS_AHEAD
    is_open = joined["tenor_months"].to_numpy(int)[:, None] == 0
    weights: np.ndarray = np.where(
        is_open, 1 / QUARTERS_AHEAD, np.where(quarters == own, rest, 0.0)
    )
    return weights


def _sum_scenarios(moved: pd.DataFrame) -> pd.DataFrame:
    summed = moved.groupby("scenario")[["expense", "reach"]].sum()
    rows = summed.reindex([name for name in SCENARIOS if name in summed.index])
    return rows.assign(
        lower=rows["expense"] - rows["reach"], upper=rows["expense"] + rows["reach"]
    ).reset_index(names="scenario")
