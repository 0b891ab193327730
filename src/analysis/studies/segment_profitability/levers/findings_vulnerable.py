"""The finding on whom a fee hits."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.findings import Finding
from analysis.studies.segment_profitability.levers.fee_crowd import describe_crowd
from analysis.studies.segment_profitability.levers.fee_simulation import FeeSimulation
from analysis.studies.segment_profitability.levers.release_fee import name_fee
from analysis.studies.segment_profitability.parameters import VULNERABLE_AGE
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.sentences import fill_interval, refuse
from analysis.units import Unit, write_interval, write_money, write_number, write_value
from analysis.wording import say


def find_fee_vulnerable(simulation: FeeSimulation | Refused) -> Finding:
    """Say what part of those driven out is vulnerable.

    Parameters
    ----------
    simulation : FeeSimulation or Refused
        A fee at several levels.

    Returns
    -------
    Finding
        Share of the vulnerable among those whom the best fee drives out, percent.
    """
    known = _require_vulnerable(simulation)
    if isinstance(known, Refused):
        return refuse(
            known,
            key="fee_vulnerable",
            requirement="B7",
            question=say("Whom a fee hits is not known"),
        )
    simulation, usual = known
    best, trial = simulation.best, simulation.response.trial
    return Finding(
        key="fee_vulnerable",
        requirement="B7",
        headline=say(
            "{share} of those driven out are {age} or older and without the app",
            share=write_value(best["vulnerable_pct"], Unit.PERCENT),
            age=write_number(VULNERABLE_AGE),
        ),
        sentence=_write_vulnerable(simulation, best, usual),
        action=_advise_on_vulnerable(best, usual),
        measure=say("Share of vulnerable customers driven out"),
        unit=Unit.PERCENT,
        nobs=trial.customers,
        importance=0.6,
        **fill_interval(
            trial,
            best["vulnerable_pct"],
            best["vulnerable_pct_lower"],
            best["vulnerable_pct_upper"],
        ),
    )


def _require_vulnerable(
    simulation: FeeSimulation | Refused,
) -> tuple[FeeSimulation, float] | Refused:
    """Give the share of vulnerable customers, percent, or why nothing can be said."""
    if isinstance(simulation, Refused):
        return simulation
    trial = simulation.response.trial
    crowd = describe_crowd(simulation.response)
    if not any(crowd.vulnerable):
        return trial.refuse(
            say("Age or use of the app is not known of the trial's customers."),
            say("Map birth_year and is_digital of customers."),
        )
    if simulation.best["leavers_lower"] <= 0:
        return trial.refuse(
            say("It is not clear that the fee drives anybody out."),
            say("Go on with the trial, or draw more customers."),
        )
    place = crowd.vulnerable.index(True)
    return simulation, 100 * float(crowd.share[place])


def _write_vulnerable(
    simulation: FeeSimulation, best: pd.Series[float], usual: float
) -> str:
    return say(
        "They are {usual} of the customers and {share} ({interval}) of those whom a "
        "fee of {fee} a month drives out: {n} of 1,000 customers. {spared}",
        usual=write_value(usual, Unit.PERCENT),
        share=write_value(best["vulnerable_pct"], Unit.PERCENT),
        interval=write_interval(
            best["vulnerable_pct_lower"], best["vulnerable_pct_upper"], Unit.PERCENT
        ),
        fee=name_fee(best["fee"], simulation.response.trial.currency),
        n=write_number(best["vulnerable_leavers"], decimals=1),
        spared=_write_spared(simulation, best),
    )


def _write_spared(simulation: FeeSimulation, best: pd.Series[float]) -> str:
    if simulation.profit_refusal is not None:
        return say("What exempting them would cost is not known.")
    is_best = simulation.spared["fee"] == best["fee"]
    spared = float(simulation.spared.loc[is_best, "gain_marginal"].iloc[0])
    return say(
        "Exempting them costs {cost} of the {gain} that the fee brings.",
        cost=write_money(
            best["gain_marginal"] - spared,
            simulation.response.trial.currency,
        ),
        gain=write_money(best["gain_marginal"], simulation.response.trial.currency),
    )


def _advise_on_vulnerable(best: pd.Series[float], usual: float) -> str:
    if best["vulnerable_pct_lower"] > usual:
        return say(
            "Exempt customers of {age} and older without the app: a fee hits them "
            "harder than others.",
            age=write_number(VULNERABLE_AGE),
        )
    return say(
        "Exempt customers of {age} and older without the app: the trial can't rule out "
        "that a fee hits them harder, and they have no other way.",
        age=write_number(VULNERABLE_AGE),
    )
