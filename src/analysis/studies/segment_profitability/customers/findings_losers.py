"""Findings on customers who cost more than they bring."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.findings import Finding
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.account.customer_profit import ProfitAccount
from analysis.studies.segment_profitability.customers.profit_concentration import (
    LossMakers,
)
from analysis.studies.segment_profitability.customers.release_customers import (
    release_losers,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.sentences import (
    fill_customers,
    refuse,
    write_measured,
    write_since,
)
from analysis.units import Unit, write_money, write_number, write_value
from analysis.wording import say

_MANY_LOSERS_PCT = 25.0


def find_loss_makers(losers: LossMakers | Refused) -> Finding:
    """Say how many customers lose money, and how much.

    Parameters
    ----------
    losers : LossMakers or Refused
        Customers who cost more than they bring.

    Returns
    -------
    Finding
        Share of customers, percent.
    """
    if isinstance(losers, Refused):
        return refuse(
            losers,
            key="loss_makers",
            requirement="B2",
            question=say("Who loses money is not known"),
        )
    account = losers.panel.account
    if is_suppressed(release_losers(losers).rows["losing"].iloc[0]):
        return refuse(
            _hide_losers(account),
            key="loss_makers",
            requirement="B2",
            question=say("Who loses money is not shown"),
        )
    return Finding(
        key="loss_makers",
        requirement="B2",
        headline=say(
            "{share} of customers lose money",
            share=write_value(losers.share_pct.estimate, Unit.PERCENT),
        ),
        sentence=_write_losses(losers, account),
        action=_advise_on_losers(losers, account),
        measure=say("Share of customers who lose money"),
        importance=0.8 if losers.share_pct.lower > _MANY_LOSERS_PCT else 0.5,
        **fill_customers(losers.share_pct, losers.panel),
    )


def _hide_losers(account: ProfitAccount) -> Refused:
    return Refused(
        say("All customers lose money, or all but too few to be shown."),
        account.quarter,
        account.source,
        say("Check the lines of the profit account before anything else."),
    )


def _write_losses(losers: LossMakers, account: ProfitAccount) -> str:
    n = write_number(losers.panel.now.n_customers)
    quarter = write_quarter(account.quarter)
    if losers.count == 0:
        return say(
            "In {quarter} none of {n} customers cost more than they brought.",
            quarter=quarter,
            n=n,
        )
    shown = release_losers(losers).rows.iloc[0]
    words = {
        "quarter": quarter,
        "count": write_number(losers.count),
        "n": n,
        "share": write_measured(losers.share_pct, Unit.PERCENT),
        "covering": _write_covering(shown, account),
        "since": write_since(losers.share_pct, Unit.PERCENT),
    }
    if is_suppressed(shown["lost"]):
        return say(
            "In {quarter}, {count} of {n} customers, {share}, cost more than "
            "they brought; what they lost is hidden, for one of them lost most of it. "
            "{covering} {since}",
            **words,
        )
    return say(
        "In {quarter}, {count} of {n} customers, {share}, cost more than they "
        "brought; they lost {amount} together, {each} each on average. {covering} "
        "{since}",
        amount=write_money(shown["lost"], account.currency),
        each=write_money(shown["lost_each"], account.currency),
        **words,
    )


def _write_covering(shown: pd.Series, account: ProfitAccount) -> str:
    if "cost_to_serve" in account.refused:
        return say("Cost to serve is not counted.")
    if is_suppressed(shown["covering_pct"]):
        return say("How many of them cover the cost that leaving would save is hidden.")
    return say(
        "Of them, {share} still cover the cost that their leaving would save.",
        share=write_value(shown["covering_pct"], Unit.PERCENT),
    )


def _advise_on_losers(losers: LossMakers, account: ProfitAccount) -> str:
    if "cost_to_serve" in account.refused:
        return say("Read with care: cost to serve is not counted, so more lose money.")
    if losers.share_pct.lower > _MANY_LOSERS_PCT:
        return say(
            "Lower what they cost, not their number: most of the cost stays if they "
            "leave, so move them to cheaper channels first."
        )
    return say("No action for all; look at the costliest contacts of these customers.")
