"""Findings on profit against the capital that its risk needs."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.findings import Finding
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.capital.release_capital import (
    release_reward,
)
from analysis.studies.segment_profitability.capital.risk_reward import RiskReward
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.sentences import (
    fill_customers,
    refuse,
    write_measured,
    write_since,
)
from analysis.units import Unit, write_number, write_value
from analysis.wording import join_names, say


def find_capital_reward(reward: RiskReward | Refused) -> Finding:
    """Say whether customers earn the return that owners ask of capital.

    Parameters
    ----------
    reward : RiskReward or Refused
        Profit against capital.

    Returns
    -------
    Finding
        Return on economic capital of all customers.
    """
    question = say("Return on capital is not known")
    if isinstance(reward, Refused):
        return refuse(reward, key="raroc", requirement="B4", question=question)
    account = reward.panel.account
    hurdle = write_value(reward.hurdle_pct, Unit.PERCENT)
    rows = _list_shown(reward)
    below = list(rows.loc[rows["upper"].astype(float) < reward.hurdle_pct, "segment"])
    return Finding(
        key="raroc",
        requirement="B4",
        headline=say(
            "Customers earn {raroc} on capital; owners ask {hurdle}",
            raroc=write_value(reward.raroc_pct.estimate, Unit.PERCENT),
            hurdle=hurdle,
        ),
        sentence=say(
            "Profit after tax in {quarter} is a return of {raroc} a year on the "
            "capital that credit and operational risk need. {below} {since}",
            quarter=write_quarter(account.quarter),
            raroc=write_measured(reward.raroc_pct, Unit.PERCENT),
            below=_write_below(below, rows, reward),
            since=write_since(reward.raroc_pct, Unit.PERCENT),
        ),
        action=_advise_on_capital(below, rows),
        measure=say("Return on economic capital"),
        importance=0.8 if below else 0.5,
        **fill_customers(reward.raroc_pct, reward.panel),
    )


def find_value_creators(reward: RiskReward | Refused) -> Finding:
    """Say how many customers earn more than the capital they need costs.

    Parameters
    ----------
    reward : RiskReward or Refused
        Profit against capital.

    Returns
    -------
    Finding
        Share of customers with an economic profit above zero.
    """
    question = say("Who creates value is not known")
    if isinstance(reward, Refused):
        return refuse(reward, key="value_creators", requirement="B4", question=question)
    account = reward.panel.account
    share = reward.creating_pct
    return Finding(
        key="value_creators",
        requirement="B4",
        headline=say(
            "{share} of customers create value",
            share=write_value(share.estimate, Unit.PERCENT),
        ),
        sentence=say(
            "{share} of {n} customers earned more in {quarter} than their cost, risk, "
            "tax and capital; all customers together made an economic profit of "
            "{amount}. {since}",
            share=write_measured(share, Unit.PERCENT),
            n=write_number(reward.panel.now.n_customers),
            quarter=write_quarter(account.quarter),
            amount=write_measured(reward.economic_profit, Unit.MONEY, account.currency),
            since=write_since(share, Unit.PERCENT),
        ),
        action=say(
            "Steer advisers' time and offers by economic profit, not by balances alone."
        ),
        measure=say("Share of customers who create value"),
        importance=0.6,
        **fill_customers(share, reward.panel),
    )


def _list_shown(reward: RiskReward) -> pd.DataFrame:
    """List the segments whose return may be shown, highest first."""
    rows = release_reward(reward).rows
    return rows[~rows["raroc_pct"].map(is_suppressed)]


def _write_below(below: list[str], rows: pd.DataFrame, reward: RiskReward) -> str:
    if rows.empty:
        return say("Returns of single segments are hidden to protect customers.")
    if not below:
        return say(
            "{segment} earns least, {raroc}; no segment is clearly below the hurdle.",
            segment=str(rows["segment"].iloc[-1]),
            raroc=write_value(rows["raroc_pct"].iloc[-1], Unit.PERCENT),
        )
    return say(
        "Clearly below the {hurdle} asked: {names}.",
        names=join_names(below),
        hurdle=write_value(reward.hurdle_pct, Unit.PERCENT),
    )


def _advise_on_capital(below: list[str], rows: pd.DataFrame) -> str:
    if below:
        return say(
            "Before growing {names}, raise what they pay or lower what they cost.",
            names=join_names(below),
        )
    if rows.empty:
        return say("Compare returns over larger groups of customers.")
    return say(
        "Growth repays its capital; watch {segment}, which has the least room.",
        segment=str(rows["segment"].iloc[-1]),
    )
