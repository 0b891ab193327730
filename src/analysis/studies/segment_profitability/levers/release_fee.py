"""What may be shown of a trial of a fee and of what a fee would bring."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.disclosure import Released, release
from analysis.studies.segment_profitability.levers.fee_simulation import FeeSimulation
from analysis.studies.segment_profitability.levers.fee_sums import MEASURES
from analysis.studies.segment_profitability.levers.trial_sums import TrialSums
from analysis.units import Unit, write_interval, write_money
from analysis.wording import say


def release_fees(simulation: FeeSimulation, rows: pd.DataFrame) -> Released:
    """Release what fees would bring.

    Parameters
    ----------
    simulation : FeeSimulation
        A fee at several levels.
    rows : pandas.DataFrame
        Those of its rows that are shown.

    Returns
    -------
    Released
        `fee`, `name` (the fee in words), `customers` of the trial, each of `MEASURES`
        with its ends, `leavers_range` and `gain_range` in words, and `loss_pct`.
    """
    trial = simulation.response.trial
    shown = rows.assign(
        customers=trial.customers,
        name=[name_fee(fee, trial.currency) for fee in rows["fee"]],
        leavers_range=[
            write_interval(low, high, Unit.COUNT)
            for low, high in zip(
                rows["leavers_lower"], rows["leavers_upper"], strict=True
            )
        ],
        gain_range=_write_gains(simulation, rows),
        loss_pct=100 * rows["loss_chance"],
    )
    ends = ("", "_lower", "_upper")
    numbers = [f"{name}{end}" for name in MEASURES for end in ends]
    computed = [*numbers, "leavers_range", "gain_range", "loss_pct", "loss_chance"]
    return release(
        shown,
        count="customers",
        derived={name: ["customers"] for name in computed},
    )


def release_arms(trial: TrialSums) -> Released:
    """Release who left and complained at each fee of a trial.

    Parameters
    ----------
    trial : TrialSums
        A trial.

    Returns
    -------
    Released
        One row per fee and a total: `name`, `customers`, `left`, `left_pct`, and
        `complaints_each` (of a hundred customers).
    """
    rows = trial.histories
    left = rows["units"].where(rows["has_event"].astype(bool), 0)
    sums = (
        rows.assign(left=left)
        .groupby("fee")[["units", "left", "events"]]
        .sum()
        .sort_index()
    )
    names = [name_fee(fee, trial.currency) for fee in sums.index]
    total = sums.sum().to_frame().T
    whole = pd.concat([sums, total]).assign(name=[*names, say("All customers")])
    counted = whole.rename(columns={"units": "customers"}).reset_index(drop=True)
    counted = counted.astype({"customers": "int64", "left": "int64"})
    return release(
        counted.assign(
            left_pct=100 * counted["left"] / counted["customers"],
            complaints_each=100 * counted["events"] / counted["customers"],
        ).drop(columns="events"),
        count="customers",
        counts=("left",),
        derived={
            "left_pct": ["left", "customers"],
            "complaints_each": ["customers"],
        },
        has_total=True,
    )


def name_fee(fee: float, currency: str) -> str:
    """Name a fee.

    Parameters
    ----------
    fee : float
        Major units a month.
    currency : str
        ISO code.

    Returns
    -------
    str
        For example "CNY 6.00".
    """
    if fee == 0:
        return say("No fee")
    return write_money(float(fee), currency)


def _write_gains(simulation: FeeSimulation, rows: pd.DataFrame) -> list[str]:
    if simulation.profit_refusal is not None:
        return [""] * len(rows)
    currency = simulation.response.trial.currency
    ends = zip(rows["gain_marginal_lower"], rows["gain_marginal_upper"], strict=True)
    return [
        write_interval(low, high, Unit.MONEY, currency=currency) for low, high in ends
    ]
