"""Findings on concentration: who makes the profit, who holds the deposits."""

from __future__ import annotations

from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.findings import Finding
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.account.customer_profit import ProfitAccount
from analysis.studies.segment_profitability.customers.customer_panel import Measured
from analysis.studies.segment_profitability.customers.deposit_spread import (
    DepositSpread,
)
from analysis.studies.segment_profitability.customers.profit_concentration import (
    Concentration,
)
from analysis.studies.segment_profitability.customers.release_customers import (
    release_tops,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.sentences import (
    fill_customers,
    refuse,
    write_measured,
    write_since,
)
from analysis.units import Unit, write_number, write_value
from analysis.wording import say

_SMALLEST_CHANGE_OF_GINI = 0.01
_MUCH_OF_PROFIT_PCT = 25.0


def find_top_share(concentration: Concentration | Refused) -> Finding:
    """Say how much of the profit the top fifth of customers makes.

    Parameters
    ----------
    concentration : Concentration or Refused
        Who makes the profit.

    Returns
    -------
    Finding
        Share of profit, percent; above 100 where others lose money.
    """
    if isinstance(concentration, Refused):
        return refuse(
            concentration,
            key="top_20_profit_share",
            requirement="B1",
            question=say("Who makes the profit is not known"),
        )
    account, top = concentration.panel.account, concentration.top_fifth_pct
    tops = release_tops(concentration).rows["share"]
    if is_suppressed(tops.iloc[-1]):
        return refuse(
            _hide_tops(account),
            key="top_20_profit_share",
            requirement="B1",
            question=say("Who makes the profit is not shown"),
        )
    return Finding(
        key="top_20_profit_share",
        requirement="B1",
        headline=say(
            "The top 20% of customers make {share} of profit",
            share=write_value(top.estimate, Unit.PERCENT),
        ),
        sentence=_write_top(concentration),
        action=_advise_on_top(concentration),
        measure=say("Share of profit made by the top 20%"),
        importance=0.9,
        **fill_customers(top, concentration.panel),
    )


def find_profit_gini(concentration: Concentration | Refused) -> Finding:
    """Say how unequal customers' profit is, on a scale that allows for losses.

    Parameters
    ----------
    concentration : Concentration or Refused
        Who makes the profit.

    Returns
    -------
    Finding
        Normalised Gini index, from 0 to 1.
    """
    if isinstance(concentration, Refused):
        return refuse(
            concentration,
            key="profit_gini",
            requirement="B1",
            question=say("How unequal profit is, is not known"),
        )
    account = concentration.panel.account
    gini = concentration.profit_gini
    return Finding(
        key="profit_gini",
        requirement="B1",
        headline=say(
            "Profit's normalised Gini index is {gini}",
            gini=write_value(gini.estimate, Unit.SCORE),
        ),
        sentence=say(
            "On a scale from 0 (all customers alike) to 1 (one makes all gains and one "
            "all losses), profit in {quarter} stands at {gini}. {since}",
            quarter=write_quarter(account.quarter),
            gini=write_measured(gini, Unit.SCORE),
            since=write_since(gini, Unit.SCORE),
        ),
        action=say("Follow it from quarter to quarter as one number for dependence."),
        measure=say("Normalised Gini index of profit"),
        importance=0.3,
        **fill_customers(
            gini,
            concentration.panel,
            Unit.SCORE,
            smallest_change=_SMALLEST_CHANGE_OF_GINI,
        ),
    )


def find_deposit_spread(spread: DepositSpread | Refused) -> Finding:
    """Say what part of deposits the largest tenth of customers holds.

    Parameters
    ----------
    spread : DepositSpread or Refused
        How unequally deposits are held.

    Returns
    -------
    Finding
        Share of deposits, percent.
    """
    if isinstance(spread, Refused):
        return refuse(
            spread,
            key="top_10_deposit_share",
            requirement="B1",
            question=say("Who holds the deposits is not known"),
        )
    account = spread.panel.account
    top = spread.top_tenth_pct
    return Finding(
        key="top_10_deposit_share",
        requirement="B1",
        headline=say(
            "The largest 10% of depositors hold {share} of deposits",
            share=write_value(top.estimate, Unit.PERCENT),
        ),
        sentence=say(
            "Of average deposits in {quarter}, the largest tenth of {n} customers held "
            "{top}; the Gini index is {gini}. {since}",
            quarter=write_quarter(account.quarter),
            n=write_number(spread.panel.now.n_customers),
            top=write_measured(top, Unit.PERCENT),
            gini=write_measured(spread.gini, Unit.SCORE),
            since=write_since(top, Unit.PERCENT),
        ),
        action=say("Hold enough liquidity in case the largest depositors leave.")
        if top.lower > 50
        else say("No action: deposits rest on many customers."),
        measure=say("Share of deposits held by the largest 10%"),
        importance=0.5,
        **fill_customers(top, spread.panel),
    )


def _hide_tops(account: ProfitAccount) -> Refused:
    return Refused(
        say("One customer makes nearly all of the profit."),
        account.quarter,
        account.source,
        say("Report on a larger group of customers."),
    )


def _write_top(concentration: Concentration) -> str:
    account, top = concentration.panel.account, concentration.top_fifth_pct
    words = {
        "quarter": write_quarter(account.quarter),
        "n": write_number(concentration.panel.now.n_customers),
        "top": write_measured(top, Unit.PERCENT),
        "peak": write_value(concentration.peak_pct.estimate, Unit.PERCENT),
        "since": write_since(top, Unit.PERCENT),
    }
    first = release_tops(concentration).rows.iloc[0]
    if is_suppressed(first["share"]):
        return say(
            "In {quarter} the most profitable fifth of {n} customers made {top} of "
            "profit; gains reach {peak} of profit before losses take back the rest. "
            "{since}",
            **words,
        )
    interval = Measured(first["share"], first["lower"], first["upper"])
    return say(
        "In {quarter} the most profitable fifth of {n} customers made {top} of "
        "profit, the top 1% made {first}; gains reach {peak} of profit before "
        "losses take back the rest. {since}",
        first=write_measured(interval, Unit.PERCENT),
        **words,
    )


def _advise_on_top(concentration: Concentration) -> str:
    lower = release_tops(concentration).rows["lower"].iloc[0]
    if not is_suppressed(lower) and lower > _MUCH_OF_PROFIT_PCT:
        return say(
            "Give the top 1% named advisers and watch for signs that they leave: "
            "losing them would cost the bank most."
        )
    return say("Keep a broad base: no small group carries the profit alone.")
