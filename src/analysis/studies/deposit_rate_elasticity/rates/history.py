"""Put the bank's posted rates beside policy, market, competitors and inflation.

Rates are percent a year, changes basis points, balances major units of the source's
currency. A product at one term is one line; its rate is the reference row of the
price list, or the mean of its pricing cells where there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from analysis.data.contract import ANY
from analysis.data.sources import Tables
from analysis.errors import BadInputError, Problem
from analysis.quarter import Quarter, write_date
from analysis.studies.deposit_rate_elasticity.parameters import (
    CELL,
    LINE,
    Parameters,
)
from analysis.studies.deposit_rate_elasticity.rates.line_balances import (
    read_balances,
    read_total_balance,
)
from analysis.studies.deposit_rate_elasticity.rates.market_rates import (
    read_market,
    read_quotes,
    summarise_quotes,
    with_days,
)
from analysis.units import write_number
from analysis.wording import say

SMALLEST_MOVE_PCT = 0.0049
"""A posted rate has changed when it moved by half a basis point."""


@dataclass(frozen=True, slots=True)
class RateHistory:
    """Rates of each line, and of all deposits together.

    Parameters
    ----------
    rates : pandas.DataFrame
        One row per line and period: `product`, `tenor_months`, `label`, `period`,
        `own_pct`, `policy_pct`, `market_pct`, `competitor_pct`, `inflation_pct`.
    average : pandas.DataFrame
        One row per period, the same rates weighted by balances of the quarter.
    lines : pandas.DataFrame
        One row per line: `customers`, `balance` with `balance_largest`,
        `balance_second` and `balance_absolute` for the disclosure door, `share_pct`
        of priced deposits, `cells`, `months_since_change`, `own_pct`, `year_ago_pct`,
        `change_bp`, `policy_change_bp`, `market_spread_bp`.
    total : pandas.DataFrame
        One row: customers and balances of all lines together.
    cells : pandas.DataFrame
        One row per pricing cell and period: `product`, `tenor_months`, `tier`,
        `region`, `period`, `own_pct`; `ceiling_pct`, the highest rate allowed;
        `funding_pct`, what the treasury credits the cell, and `wedge_pct`, the part of
        its rate that was set at random (missing where the price list does not say).
    has_reference : bool
        Whether headquarters' reference prices are in the price list.
    quarter : Quarter
        The quarter reported.
    period_months : int
        Months in a period.
    source : str
        Where the numbers come from.
    """

    rates: pd.DataFrame
    average: pd.DataFrame
    lines: pd.DataFrame
    total: pd.DataFrame
    cells: pd.DataFrame
    has_reference: bool
    quarter: Quarter
    period_months: int
    source: str


def build_rate_history(tables: Tables, parameters: Parameters) -> RateHistory:
    """Lay the bank's posted rates beside the rates of its market.

    Parameters
    ----------
    tables : Tables
        Price list, market rates, balances and, if there are any, competitors' rates.
    parameters : Parameters
        Quarter and years of history.

    Returns
    -------
    RateHistory
        Rates of each line and of all priced deposits.
    """
    quarter = parameters.reported
    first = quarter.shift(-4 * parameters.history_years).last_day
    posted = _read_posted(tables, first)
    is_reference = (posted["tier"] == ANY) & (posted["region"] == ANY)
    own = _choose_reference(posted, is_reference)
    beside = own.merge(read_market(tables, own, first), on=[*LINE, "period"])
    competitors = summarise_quotes(read_quotes(tables))
    rates = beside.merge(competitors, on=[*LINE, "period"], how="left")
    _require_reported(rates, quarter)
    cells = posted[~is_reference] if (~is_reference).any() else posted
    balances = read_balances(tables, quarter)
    lines = _describe_lines(rates, posted, balances, quarter)
    rates = rates.merge(lines[[*LINE, "label"]], on=LINE)
    return RateHistory(
        rates=rates.sort_values([*LINE, "period"], ignore_index=True),
        average=average_rates(rates, lines),
        lines=lines,
        total=read_total_balance(tables, lines, quarter),
        cells=cells.sort_values([*CELL, "period"], ignore_index=True),
        has_reference=bool(is_reference.any()),
        quarter=quarter,
        period_months=1 if tables.source.period == "month" else 3,
        source=tables.source.title,
    )


def average_rates(rates: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Weight each rate by the balances of the quarter reported.

    Parameters
    ----------
    rates : pandas.DataFrame
        One row per line and period with columns that end in `_pct`.
    lines : pandas.DataFrame
        One row per line with its `balance`.

    Returns
    -------
    pandas.DataFrame
        One row per period in which every line that holds money has a rate.
    """
    held = lines.loc[lines["balance"] > 0, [*LINE, "balance"]]
    weighted = rates.merge(held, on=LINE)
    columns = [name for name in rates.columns if name.endswith("_pct")]
    present = weighted.groupby("period")["balance"].transform("size") == len(held)
    weighted = weighted[present]
    total = weighted["balance"].groupby(weighted["period"]).sum()
    sums = {
        name: (weighted[name] * weighted["balance"])
        .groupby(weighted["period"])
        .sum(min_count=len(held))
        for name in columns
    }
    return pd.DataFrame(sums).div(total, axis=0).reset_index()


def find_year_ago(quarter: Quarter) -> pd.Timestamp:
    """Give the last day of the same quarter a year before.

    Parameters
    ----------
    quarter : Quarter
        Any quarter.

    Returns
    -------
    pandas.Timestamp
        Its year-ago quarter's last day.
    """
    return pd.Timestamp(quarter.year_ago.last_day)


def _require_reported(rates: pd.DataFrame, quarter: Quarter) -> None:
    known = rates["period"].max()
    if rates.empty or known < pd.Timestamp(quarter.last_day):
        last = say("never") if rates.empty else write_date(known)
        problem = Problem(
            say(
                "The price list must reach {day}; its last period is {last}.",
                day=write_date(quarter.last_day),
                last=last,
            ),
            "posted_rates",
            say("Report an earlier quarter, or extract the price list again."),
        )
        raise BadInputError([problem])


def _read_posted(tables: Tables, first: date) -> pd.DataFrame:
    posted = tables["posted_rates"]
    recent = posted.filter(posted["period"] > first)
    rates = {
        "own_pct": recent["rate"] * 100,
        "ceiling_pct": recent["ceiling_rate"] * 100,
        "funding_pct": recent["funding_rate"] * 100,
        "wedge_pct": recent["wedge_rate"] * 100,
    }
    found = recent.mutate(**rates).select([*CELL, "period", *rates])
    return with_days(found.to_pandas(), "period")


def _choose_reference(posted: pd.DataFrame, is_reference: pd.Series) -> pd.DataFrame:
    """Take the reference row of a line where there is one, else the cells' mean."""
    keys = [*LINE, "period"]
    cells = posted[~is_reference]
    mean = cells.groupby(keys, as_index=False).agg(own_pct=("own_pct", "mean"))
    reference = posted.loc[is_reference, [*keys, "own_pct"]]
    both = pd.concat([reference, mean], ignore_index=True)
    return both.drop_duplicates(keys, keep="first")


def _describe_lines(
    rates: pd.DataFrame, posted: pd.DataFrame, balances: pd.DataFrame, quarter: Quarter
) -> pd.DataFrame:
    last = pd.Timestamp(quarter.last_day)
    now = rates[rates["period"] == last]
    before = rates[rates["period"] == find_year_ago(quarter)]
    lines = now.merge(
        before[[*LINE, "own_pct", "policy_pct"]],
        on=LINE,
        how="left",
        suffixes=("", "_before"),
    )
    held = [name for name in balances.columns if name not in LINE]
    lines = lines.merge(balances, on=LINE, how="left").fillna(dict.fromkeys(held, 0))
    lines = lines.merge(_measure_quiet_months(posted, quarter), on=LINE)
    described = lines.assign(
        label=[
            name_line(product, tenor)
            for product, tenor in zip(
                lines["product"], lines["tenor_months"], strict=True
            )
        ],
        share_pct=100 * lines["balance"] / lines["balance"].sum(),
        year_ago_pct=lines["own_pct_before"],
        change_bp=100 * (lines["own_pct"] - lines["own_pct_before"]),
        policy_change_bp=100 * (lines["policy_pct"] - lines["policy_pct_before"]),
        market_spread_bp=100 * (lines["own_pct"] - lines["market_pct"]),
    )
    return described.sort_values("balance", ascending=False, ignore_index=True)


def name_line(product: str, tenor_months: int) -> str:
    """Name a product at one term for a reader.

    Parameters
    ----------
    product : str
        Name of the product.
    tenor_months : int
        Term in months, 0 for none.

    Returns
    -------
    str
        For example "Term deposit, 12 months".
    """
    if tenor_months == 0:
        return product
    return say(
        "{product}, {tenor} months", product=product, tenor=write_number(tenor_months)
    )


def _measure_quiet_months(posted: pd.DataFrame, quarter: Quarter) -> pd.DataFrame:
    """Give the median cell's months since its posted rate last moved."""
    ordered = posted.sort_values([*CELL, "period"])
    moved = ordered.groupby(CELL)["own_pct"].diff().abs() > SMALLEST_MOVE_PCT
    first = ~ordered.duplicated(CELL)
    changed = ordered[moved | first].groupby(CELL, as_index=False)["period"].max()
    end = quarter.last_day + timedelta(days=1)
    months = 12 * (end.year - changed["period"].dt.year) + (
        end.month - changed["period"].dt.month
    )
    quiet = changed.assign(months_since_change=months - 1, cells=1)
    by_line: pd.DataFrame = quiet.groupby(LINE, as_index=False).agg(
        months_since_change=("months_since_change", "median"), cells=("cells", "sum")
    )
    return by_line
