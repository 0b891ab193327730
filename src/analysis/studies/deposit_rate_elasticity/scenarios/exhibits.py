"""Scenarios as a chart and a table."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.charts import Chart, draw_lines
from analysis.presentation.disclosure import Released, release, release_public
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import Quarter, write_quarter
from analysis.studies.deposit_rate_elasticity.rates.history import RateHistory
from analysis.studies.deposit_rate_elasticity.scenarios.balances import BalanceEffect
from analysis.studies.deposit_rate_elasticity.scenarios.expense import ExpenseEffect
from analysis.studies.deposit_rate_elasticity.scenarios.forecasts import (
    QUARTERS_AHEAD,
    SCENARIOS,
    RateForecasts,
    read_last,
    read_score,
)
from analysis.studies.deposit_rate_elasticity.sentences import (
    write_basis_points,
    write_rate,
)
from analysis.units import (
    LargeStep,
    Unit,
    choose_step,
    write_interval,
    write_money_unit,
    write_number,
    write_value,
)
from analysis.wording import join_names, say

Nothing = tuple[()]
"""What a step gives where the finding has said why there is nothing to show."""
QUARTERS_SHOWN = 8
"""Past quarters on the chart."""
_DIGITS = 1e3
"""The largest amount is written with up to three digits more than its step."""
BASE, CUT = "unchanged", "cut"
MADE = "forecasts from series of posted and policy rates"
"""Why no customer can be behind a forecast rate."""


def chart_scenarios(history: RateHistory, forecasts: RateForecasts) -> Chart | Nothing:
    """Draw the average posted rate of two years and its four paths.

    Parameters
    ----------
    history : RateHistory
        Rates so far.
    forecasts : RateForecasts
        Paths.

    Returns
    -------
    Chart, or nothing where forecasts are refused
        The band is that of unchanged policy.
    """
    if forecasts.reason:
        return ()
    base, cut = (read_last(forecasts, name) for name in (BASE, CUT))
    ends = [read_last(forecasts, name)["own_pct"] for name in SCENARIOS]
    return Chart(
        drawing=draw_lines(
            release_public(_lay_out(history, forecasts), reason=MADE),
            x="period",
            y="own_pct",
            series="series",
            unit=say("Percent a year"),
            band=("lower_pct", "upper_pct"),
            highlight=say(SCENARIOS[BASE][0]),
        ),
        title=say(
            "Of a cut of 25 bp {share} reach depositors within a year",
            share=write_basis_points(100 * (base["own_pct"] - cut["own_pct"])),
        ),
        subtitle=say(
            "Average posted rate so far and on four paths of the policy rate; band: "
            "back-tested 95% interval of unchanged policy"
        ),
        source=forecasts.source,
        nobs=int(forecasts.scores["origins"].max()),
        alt=say(
            "One line up to {quarter}, from there four; a year ahead they end between "
            "{low} and {high}.",
            quarter=write_quarter(forecasts.quarter),
            low=write_rate(min(ends)),
            high=write_rate(max(ends)),
        ),
    )


def tabulate_scenarios(
    forecasts: RateForecasts, expense: ExpenseEffect, balances: BalanceEffect
) -> DisplayTable | Nothing:
    """Show rate, expense and balances of each scenario a year ahead.

    Parameters
    ----------
    forecasts : RateForecasts
        Posted rates.
    expense : ExpenseEffect
        Interest expense.
    balances : BalanceEffect
        Balances, where known.

    Returns
    -------
    DisplayTable, or nothing where forecasts are refused
        One row per scenario.
    """
    if forecasts.reason or expense.scenarios.empty:
        return ()
    step = _choose_step(expense, balances)
    unit = write_money_unit(expense.currency, step)
    return DisplayTable(
        title=say(
            "Within a year {share} of deposits are repriced",
            share=write_value(expense.repriced_pct, Unit.PERCENT),
        ),
        released=_release(forecasts, expense, balances, step),
        columns=(
            DisplayColumn("label", say("Policy rate")),
            DisplayColumn("policy_pct", say("In a year"), Unit.PERCENT, decimals=2),
            DisplayColumn("rate", say("Posted rate in a year")),
            DisplayColumn("expense", say("Expense of the year"), unit_label=unit),
            DisplayColumn("moved", say("Balances in a year"), unit_label=unit),
        ),
        source=forecasts.source,
        note=_explain(forecasts, expense, balances),
    )


def _release(
    forecasts: RateForecasts,
    expense: ExpenseEffect,
    balances: BalanceEffect,
    step: LargeStep,
) -> Released:
    """Release the amounts as what they are, shares of the whole book."""
    last = forecasts.average[forecasts.average["quarter"] == QUARTERS_AHEAD]
    rows = last.merge(expense.scenarios, on="scenario")
    moved = balances.scenarios.set_index("scenario")
    book = expense.book.loc[expense.book.index.repeat(len(rows))].reset_index(drop=True)
    shown = book.assign(
        label=[say(SCENARIOS[name][0]) for name in rows["scenario"]],
        policy_pct=rows["policy_pct"],
        rate=[_write_rates(row) for _, row in rows.iterrows()],
        expense=[
            _write_amounts(row, ("expense", "lower", "upper"), step)
            for _, row in rows.iterrows()
        ],
        moved=[
            _write_amounts(moved.loc[name], ("estimate", "lower", "upper"), step)
            if name in moved.index
            else say("Not known")
            for name in rows["scenario"]
        ],
    )
    released = release(
        shown,
        count="customers",
        derived={name: ("balance",) for name in ("expense", "moved")},
        dominance=("balance",),
    )
    return released.select(["label", "policy_pct", "rate", "expense", "moved"])


def _lay_out(history: RateHistory, forecasts: RateForecasts) -> pd.DataFrame:
    """Give each path from where the past ends; unchanged policy goes on from it."""
    past = history.average.sort_values("period")[["period", "own_pct"]]
    past = past.tail(QUARTERS_SHOWN * 3 // history.period_months)
    paths = []
    for name, (label, _) in SCENARIOS.items():
        rows = forecasts.average[forecasts.average["scenario"] == name]
        ahead = rows.assign(
            period=[_shift(history.quarter, n) for n in rows["quarter"]]
        )
        ends = ["lower_pct", "upper_pct"] if name == BASE else []
        before = past if name == BASE else past.tail(1)
        path = pd.concat([before, ahead[["period", "own_pct", *ends]]])
        paths.append(path.assign(series=say(label)))
    return pd.concat(paths, ignore_index=True)


def _shift(quarter: Quarter, ahead: int) -> pd.Timestamp:
    return pd.Timestamp(quarter.shift(ahead).last_day)


def _choose_step(expense: ExpenseEffect, balances: BalanceEffect) -> LargeStep:
    sizes = [
        float(rows[["lower", "upper"]].abs().to_numpy(float).max())
        for rows in (expense.scenarios, balances.scenarios)
        if len(rows)
    ]
    return choose_step(max(sizes) / _DIGITS)


def _write_rates(row: pd.Series) -> str:
    return say(
        "{share} ({interval})",
        share=write_rate(float(row["own_pct"])),
        interval=write_interval(
            float(row["lower_pct"]), float(row["upper_pct"]), Unit.RATE
        ),
    )


def _write_amounts(row: pd.Series, names: tuple[str, str, str], step: LargeStep) -> str:
    estimate, lower, upper = (float(row[name]) / step.divisor for name in names)
    return say(
        "{share} ({interval})",
        share=write_number(estimate, signed=True),
        interval=write_interval(lower, upper, Unit.COUNT),
    )


def _explain(
    forecasts: RateForecasts, expense: ExpenseEffect, balances: BalanceEffect
) -> str:
    score = read_score(forecasts)
    told = say(
        "Expense against today's posted rates, over lines that hold {covered} of "
        "deposits; balances stay. Intervals rest on past errors, for expense as if all "
        "lines erred alike; errors are common to all paths, so that differences "
        "between them are surer. The model's own 80% and 95% bands held {narrow} and "
        "{wide} of what came a year ahead.",
        covered=write_value(expense.covered_pct, Unit.PERCENT),
        narrow=write_value(100 * score["held_80"], Unit.PERCENT),
        wide=write_value(100 * score["held_95"], Unit.PERCENT),
    )
    if balances.scenarios.empty:
        return told
    moved = say(
        "Balances: only {names}, whose response is graded, by the change of the gap to "
        "the middle competitor, whose rate is forecast likewise; the interval is that "
        "of the response.",
        names=join_names(list(balances.products)),
    )
    return f"{told} {moved}"
