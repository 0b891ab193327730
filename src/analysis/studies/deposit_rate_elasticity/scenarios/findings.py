"""The finding on scenarios: where posted rates go, and how good such forecasts were."""

from __future__ import annotations

from analysis.presentation.findings import Finding
from analysis.quarter import write_quarter
from analysis.studies.deposit_rate_elasticity.parameters import CONFIDENCE_LEVEL
from analysis.studies.deposit_rate_elasticity.scenarios.expense import ExpenseEffect
from analysis.studies.deposit_rate_elasticity.scenarios.forecasts import (
    RateForecasts,
    read_last,
    read_score,
)
from analysis.studies.deposit_rate_elasticity.sentences import refuse, write_rate
from analysis.units import Unit, write_interval, write_money, write_number
from analysis.wording import say

BASE, CUT = "unchanged", "cut"


def find_scenarios(forecasts: RateForecasts, expense: ExpenseEffect) -> Finding:
    """Say where posted rates go on each path, and how good such forecasts were.

    Parameters
    ----------
    forecasts : RateForecasts
        Paths and back-test.
    expense : ExpenseEffect
        Expense on each path.

    Returns
    -------
    Finding
        Average posted rate a year ahead if policy stays, with a back-tested interval.
    """
    if forecasts.reason:
        return refuse(
            "posted_rate_ahead",
            "A5",
            question=say("Where posted rates go is not known"),
            reason=forecasts.reason,
            quarter=forecasts.quarter,
            source=forecasts.source,
        )
    base, cut = (read_last(forecasts, name) for name in (BASE, CUT))
    score = read_score(forecasts)
    return Finding(
        key="posted_rate_ahead",
        requirement="A5",
        headline=say(
            "A cut of 25 bp would take the average posted rate to {cut} in a year; "
            "unchanged policy, to {base}",
            cut=write_rate(cut["own_pct"]),
            base=write_rate(base["own_pct"]),
        ),
        sentence=_tell(forecasts, base, score),
        action=_advise(score, expense),
        measure=say("Posted rate in a year, policy unchanged"),
        verdict="measured",
        unit=Unit.RATE,
        nobs=int(score["origins"]),
        period=str(forecasts.quarter),
        source=forecasts.source,
        estimate=base["own_pct"],
        lower=base["lower_pct"],
        upper=base["upper_pct"],
        confidence_level=CONFIDENCE_LEVEL,
        importance=0.6,
    )


def _tell(
    forecasts: RateForecasts, base: dict[str, float], score: dict[str, float]
) -> str:
    return say(
        "From {now} at the end of {quarter}. If policy stays, {base} ({interval}) "
        "a year ahead: at {origins} past quarter ends such forecasts, given the "
        "policy path that came, missed by {rmse} (no change assumed: {naive}) with "
        "a mean error of {bias}.",
        now=write_rate(forecasts.now_pct),
        quarter=write_quarter(forecasts.quarter),
        base=write_rate(base["own_pct"]),
        interval=write_interval(base["lower_pct"], base["upper_pct"], Unit.RATE),
        origins=write_number(score["origins"]),
        rmse=_write_error(score["rmse"]),
        naive=_write_error(score["unchanged_rmse"]),
        bias=_write_error(score["bias"], signed=True),
    )


def _write_error(error_pct: float, *, signed: bool = False) -> str:
    number = write_number(100 * error_pct, decimals=1, signed=signed)
    return say("{number} bp", number=number)


def _advise(score: dict[str, float], expense: ExpenseEffect) -> str:
    if score["rmse"] >= score["unchanged_rmse"]:
        return say(
            "Do not plan with these paths: past forecasts were no better than to "
            "assume that rates stay."
        )
    costs = expense.scenarios.set_index("scenario")["expense"]
    if not {BASE, CUT} <= set(costs.index):
        return say("Plan with the whole interval, not with its middle.")
    return say(
        "Plan deposit cost with the whole interval; a cut of 25 bp lowers the year's "
        "interest expense by about {saved} against unchanged policy.",
        saved=write_money(float(costs[BASE] - costs[CUT]), expense.currency),
    )
