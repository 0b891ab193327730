"""Findings on what a fee would do: who leaves, and what it brings."""

from __future__ import annotations

import math

import pandas as pd

from analysis.presentation.findings import Finding
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.levers.fee_simulation import FeeSimulation
from analysis.studies.segment_profitability.levers.release_fee import name_fee
from analysis.studies.segment_profitability.parameters import MOST_LOSS_CHANCE
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.sentences import (
    fill_interval,
    refuse,
    write_share,
)
from analysis.units import Unit, write_interval, write_money, write_number
from analysis.wording import say

_PER_CENT = 10.0
"""Of a thousand customers to percent of them."""
_LEAST_CHANCE = 0.01


def find_fee_exits(simulation: FeeSimulation | Refused) -> Finding:
    """Say how many customers a fee drives out.

    Parameters
    ----------
    simulation : FeeSimulation or Refused
        A fee at several levels.

    Returns
    -------
    Finding
        Rise of the share that leaves within a year at the highest fee that was tried.
    """
    if isinstance(simulation, Refused):
        return refuse(
            simulation,
            key="fee_exits",
            requirement="B7",
            question=say("What a fee would do is not known"),
        )
    top, trial = simulation.tested.iloc[-1], simulation.response.trial
    fee = name_fee(top["fee"], trial.currency)
    return Finding(
        key="fee_exits",
        requirement="B7",
        headline=_write_exits_headline(top, fee),
        sentence=_write_exits(simulation, top, fee),
        action=say(
            "Set no fee above {fee} and none for other customers: neither was tried.",
            fee=fee,
        ),
        measure=say("More customers leaving within a year"),
        unit=Unit.PERCENTAGE_POINTS,
        nobs=trial.customers,
        importance=0.6,
        **fill_interval(
            trial,
            top["leavers"] / _PER_CENT,
            top["leavers_lower"] / _PER_CENT,
            top["leavers_upper"] / _PER_CENT,
        ),
    )


def find_fee_profit(simulation: FeeSimulation | Refused) -> Finding:
    """Say which fee pays, counting only the cost that leavers save.

    Parameters
    ----------
    simulation : FeeSimulation or Refused
        A fee at several levels.

    Returns
    -------
    Finding
        Change of profit a year for a thousand customers at the best fee tried.
    """
    question = say("What a fee would bring is not known")
    refused = simulation
    if isinstance(simulation, FeeSimulation) and simulation.profit_refusal:
        refused = simulation.profit_refusal
    if not isinstance(refused, FeeSimulation):
        return refuse(refused, key="fee_profit", requirement="B7", question=question)
    best, trial = refused.best, refused.response.trial
    fee = name_fee(best["fee"], trial.currency)
    gain = write_money(best["gain_marginal"], trial.currency)
    headline = say(
        "A fee of {fee} a month brings {gain} a year from 1,000 customers",
        fee=fee,
        gain=gain,
    )
    if not refused.is_recommended:
        headline = say("No fee that was tried is sure to pay off")
    return Finding(
        key="fee_profit",
        requirement="B7",
        headline=headline,
        sentence=_write_profit(refused, best, fee),
        action=_advise_on_fee(refused, fee),
        measure=say("Profit from a fee, 1,000 customers a year"),
        unit=Unit.MONEY,
        currency=trial.currency,
        nobs=trial.customers,
        importance=0.7,
        **fill_interval(
            trial,
            best["gain_marginal"],
            best["gain_marginal_lower"],
            best["gain_marginal_upper"],
        ),
    )


def _write_exits_headline(top: pd.Series[float], fee: str) -> str:
    if top["leavers_lower"] > 0:
        return say(
            "A fee of {fee} a month drives out {n} of 1,000 customers within a year",
            fee=fee,
            n=write_number(top["leavers"]),
        )
    return say(
        "It is not clear that a fee of {fee} a month drives anybody out", fee=fee
    )


def _write_exits(simulation: FeeSimulation, top: pd.Series[float], fee: str) -> str:
    trial = simulation.response.trial
    return say(
        "In a randomised trial with {customers} customers up to {quarter}, a fee of "
        "{fee} a month makes {n} more of 1,000 leave within a year ({interval}). At "
        "that fee 1% more makes {elasticity}% more leave ({ends}). {complaints} "
        "Nothing known before goes with the fee (p = {chance}), as it should be.",
        customers=write_number(trial.customers),
        quarter=write_quarter(trial.quarter),
        fee=fee,
        n=write_number(top["leavers"]),
        interval=write_interval(top["leavers_lower"], top["leavers_upper"], Unit.COUNT),
        elasticity=write_number(top["elasticity"], decimals=2),
        ends=write_interval(
            top["elasticity_lower"], top["elasticity_upper"], Unit.RATIO
        ),
        complaints=_write_complaints(top),
        chance=write_number(simulation.response.balance.pvalue, decimals=2),
    )


def _write_complaints(row: pd.Series[float]) -> str:
    if math.isnan(row["complaints"]):
        return say("Complaints are not known.")
    return say(
        "It brings {n} more complaints ({interval}).",
        n=write_number(row["complaints"]),
        interval=write_interval(
            row["complaints_lower"], row["complaints_upper"], Unit.COUNT
        ),
    )


def _write_profit(simulation: FeeSimulation, best: pd.Series[float], fee: str) -> str:
    currency = simulation.response.trial.currency
    return say(
        "Within a year 1,000 customers like those of the trial pay {income} at {fee} "
        "a month, before tax. Those driven out would have brought {lost} at the cost "
        "that can be saved. In all profit after tax changes by {gain} ({interval}); it "
        "falls with a chance of {chance}. At average cost, most of which stays when "
        "they go, the change would seem to be {average}. {worth}",
        income=write_money(best["fee_income"], currency),
        fee=fee,
        lost=write_money(best["lost_marginal"], currency),
        gain=write_money(best["gain_marginal"], currency),
        interval=write_interval(
            best["gain_marginal_lower"],
            best["gain_marginal_upper"],
            Unit.MONEY,
            currency=currency,
        ),
        chance=_write_chance(best["loss_chance"]),
        average=write_money(best["gain_average"], currency),
        worth=_write_worth(best, currency),
    )


def _write_worth(best: pd.Series[float], currency: str) -> str:
    worth = best["worth_of_leaver"]
    if not math.isfinite(worth) or best["leavers_lower"] <= 0:
        return say("What a lost customer may be worth can't be said yet.")
    return say(
        "Later years are not counted: the fee pays as long as a customer lost is worth "
        "less than {worth} to the bank.",
        worth=write_money(worth, currency),
    )


def _write_chance(chance: float) -> str:
    if chance < _LEAST_CHANCE:
        return say("less than {level}", level=write_share(_LEAST_CHANCE))
    return write_share(round(chance, 2))


def _advise_on_fee(simulation: FeeSimulation, fee: str) -> str:
    if simulation.is_recommended:
        return say(
            "Charge {fee} where the value of a customer over a lifetime is below that "
            "limit, and exempt whom the next finding names.",
            fee=fee,
        )
    return say(
        "Charge nothing: profit must fall with a chance of {level} at most.",
        level=write_share(MOST_LOSS_CHANCE),
    )
