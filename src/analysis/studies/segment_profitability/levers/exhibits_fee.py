"""Charts and tables on what a fee would do."""

from __future__ import annotations

from analysis.presentation.charts import Chart, Drawing, draw_curve
from analysis.presentation.disclosure import stack
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.levers.fee_simulation import FeeSimulation
from analysis.studies.segment_profitability.levers.release_fee import (
    name_fee,
    release_arms,
    release_fees,
)
from analysis.studies.segment_profitability.levers.trial_sums import TrialSums
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.sentences import Nothing
from analysis.units import Unit, write_currency, write_money
from analysis.wording import say


def chart_fee_profit(simulation: FeeSimulation | Refused) -> Chart | Note:
    """Draw profit over the fee, at the cost that can be saved.

    Parameters
    ----------
    simulation : FeeSimulation or Refused
        A fee at several levels.

    Returns
    -------
    Chart or Note
        A note says why there is no curve.
    """
    known = _require_profit(simulation)
    if isinstance(known, Refused):
        return Note(known.reason)
    trial, best = known.response.trial, known.best
    currency = trial.currency
    lines = {"gain_marginal": say("Change of profit")}
    return Chart(
        drawing=_draw_lines(known, lines),
        title=say(
            "At {fee} a month the fee brings {gain} a year from 1,000 customers",
            fee=name_fee(best["fee"], currency),
            gain=write_money(best["gain_marginal"], currency),
        ),
        subtitle=say(
            "Change of profit after tax within a year, with 95% intervals, {q}",
            q=write_quarter(trial.quarter),
        ),
        source=trial.source,
        nobs=trial.customers,
        alt=say(
            "Curve of the change of profit from no fee to {fee} a month, where it is "
            "{gain}.",
            fee=name_fee(known.rows["fee"].iloc[-1], currency),
            gain=write_money(known.rows["gain_marginal"].iloc[-1], currency),
        ),
        note=say(
            "Fees of the trial: {fees}. Between them effects are taken as even.",
            fees=_list_fees(trial),
        ),
    )


def tabulate_fees(simulation: FeeSimulation | Refused) -> DisplayTable | Nothing:
    """Show what each fee that was tried would bring.

    Parameters
    ----------
    simulation : FeeSimulation or Refused
        A fee at several levels.

    Returns
    -------
    DisplayTable, or nothing where it is refused
        One row per fee.
    """
    if isinstance(simulation, Refused):
        return ()
    trial = simulation.response.trial
    unit = write_currency(trial.currency)
    columns = [
        DisplayColumn("name", say("Fee a month")),
        DisplayColumn("leavers", say("More leavers"), Unit.COUNT),
        DisplayColumn("leavers_range", say("Interval")),
        DisplayColumn("vulnerable_leavers", say("Vulnerable"), Unit.COUNT),
    ]
    if simulation.response.complaints is not None:
        columns.append(DisplayColumn("complaints", say("More complaints"), Unit.COUNT))
    if simulation.profit_refusal is None:
        columns += [
            DisplayColumn("gain_marginal", say("Profit"), decimals=0, unit_label=unit),
            DisplayColumn("gain_range", say("Interval of profit")),
            DisplayColumn(
                "lost_marginal", say("Lost with leavers"), decimals=0, unit_label=unit
            ),
            DisplayColumn(
                "lost_average", say("At average cost"), decimals=0, unit_label=unit
            ),
            DisplayColumn("loss_pct", say("Chance of loss"), Unit.PERCENT),
        ]
    return DisplayTable(
        title=say("What a fee would do to 1,000 customers within a year"),
        released=release_fees(simulation, simulation.tested),
        columns=tuple(columns),
        source=trial.source,
        note=say(
            "Profit is after tax and counts only the cost that leavers save; beside it "
            "what leavers take with them, so counted and at average cost. "
            "Vulnerable: of 65 and older, without the app."
        ),
    )


def tabulate_fee_trial(trial: TrialSums | Refused) -> DisplayTable | Nothing:
    """Show who left and complained at each fee of the trial.

    Parameters
    ----------
    trial : TrialSums or Refused
        A trial.

    Returns
    -------
    DisplayTable, or nothing where there is none
        One row per fee, and all customers.
    """
    if isinstance(trial, Refused):
        return ()
    columns = [
        DisplayColumn("name", say("Fee a month")),
        DisplayColumn("customers", say("Customers"), Unit.COUNT),
        DisplayColumn("left", say("Left"), Unit.COUNT),
        DisplayColumn("left_pct", say("Left"), Unit.PERCENT, shade="bar"),
    ]
    if trial.has_complaints:
        columns.append(
            DisplayColumn(
                "complaints_each", say("Complaints of 100 customers"), decimals=1
            )
        )
    return DisplayTable(
        title=say(
            "Who left and complained since the trial began, {q}",
            q=write_quarter(trial.quarter),
        ),
        released=release_arms(trial),
        columns=tuple(columns),
        source=trial.source,
        note=say("Counts as they are; exempt customers are left out."),
        total_row=True,
    )


def _require_profit(simulation: FeeSimulation | Refused) -> FeeSimulation | Refused:
    if isinstance(simulation, Refused):
        return simulation
    return simulation.profit_refusal or simulation


def _draw_lines(simulation: FeeSimulation, lines: dict[str, str]) -> Drawing:
    """Draw measures over the fee, the first one in colour."""
    unit = write_currency(simulation.response.trial.currency)
    parts = []
    for name, words in lines.items():
        released = release_fees(simulation, simulation.rows.assign(line=words))
        names = {name: "value", f"{name}_lower": "lower", f"{name}_upper": "upper"}
        parts.append(released.select(["fee", "line", *names]).rename(names))
    return draw_curve(
        stack(parts),
        x="fee",
        y="value",
        lower="lower",
        upper="upper",
        series="line" if len(lines) > 1 else None,
        highlight=next(iter(lines.values())) if len(lines) > 1 else None,
        x_label=say("Fee, {currency} a month", currency=unit),
        y_label=say("{currency} a year, 1,000 customers", currency=unit),
        reference=0.0,
    )


def _list_fees(trial: TrialSums) -> str:
    return say(", ").join(name_fee(fee, trial.currency) for fee in trial.levels)
