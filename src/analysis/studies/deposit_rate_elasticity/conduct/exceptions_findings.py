"""Findings on what exceptions cost, and on what can't be known of what they kept."""

from __future__ import annotations

import math

import pandas as pd

from analysis.presentation.findings import Finding
from analysis.quarter import write_quarter
from analysis.studies.deposit_rate_elasticity.conduct.exceptions import (
    LARGEST_CUSTOMERS,
    Exceptions,
)
from analysis.studies.deposit_rate_elasticity.conduct.exceptions_release import (
    find_shown,
)
from analysis.studies.deposit_rate_elasticity.conduct.pre_trend import PreTrend
from analysis.studies.deposit_rate_elasticity.conduct.sentences import write_estimate
from analysis.studies.deposit_rate_elasticity.sentences import refuse
from analysis.units import Unit, write_money, write_number, write_value
from analysis.wording import mark, say

WHOLE_PCT = 100.0
_LEAVING = mark("their deposits were already falling, as before leaving")
_NOT_LEAVING = mark("their deposits were rising, not falling")
_UNCLEAR = mark("too wide to tell whether they were leaving")
_NOT_COMPARABLE = mark(
    "Exceptions go to customers who ask for them or threaten to leave; those without "
    "one are no comparison."
)


def find_exception_cost(exceptions: Exceptions) -> Finding:
    """Say how much is paid above posted prices, and when that pays.

    Parameters
    ----------
    exceptions : Exceptions
        What was measured.

    Returns
    -------
    Finding
        Share of priced deposits, percent.
    """
    total = find_shown(exceptions, -1)
    if total is None:
        return _refuse_cost(exceptions)
    return Finding(
        key="exception_cost",
        requirement="A6",
        headline=say(
            "{share} of deposits earn more than posted; that costs {cost} a year",
            share=write_value(total["share_pct"], Unit.PERCENT),
            cost=write_money(total["cost"], exceptions.currency),
        ),
        sentence=say(
            "At the end of {quarter} {customers} customers were paid {bonus} above "
            "the price posted for them, on {balance} of deposits. {largest}",
            quarter=write_quarter(exceptions.quarter),
            customers=write_number(total["exception_customers"]),
            bonus=write_value(total["bonus_bp"], Unit.BASIS_POINTS),
            balance=write_money(total["exception_balance"], exceptions.currency),
            largest=_name_largest(exceptions),
        ),
        action=_advise_on_cost(total),
        measure=say("Share of deposits paid above posted"),
        verdict="exact",
        unit=Unit.PERCENT,
        nobs=int(total["exception_customers"]),
        period=str(exceptions.quarter),
        source=exceptions.source,
        estimate=float(total["share_pct"]),
        importance=0.6,
    )


def find_kept_balance(exceptions: Exceptions) -> tuple[Finding, ...]:
    """Say that what exceptions kept is not known, and what balances did before.

    Parameters
    ----------
    exceptions : Exceptions
        What was measured.

    Returns
    -------
    tuple of Finding
        One, without a number; none where there are no exceptions to speak of.
    """
    if find_shown(exceptions, -1) is None:
        return ()
    finding = Finding(
        key="exception_kept",
        requirement="A6",
        headline=say("What exceptions kept is not known"),
        sentence=_describe_pre_trend(exceptions.pre_trend),
        action=say(
            "For a quarter, draw by lot who of those who ask is granted an exception; "
            "the difference is what it keeps."
        ),
        verdict="not identified",
        unit=Unit.PERCENT,
        nobs=0,
        period=str(exceptions.quarter),
        source=exceptions.source,
        reason=say(_NOT_COMPARABLE),
        importance=0.4,
    )
    return (finding,)


def find_large_exceptions(exceptions: Exceptions) -> tuple[Finding, ...]:
    """Say what exceptions for large deposits cost at the least per amount kept.

    Parameters
    ----------
    exceptions : Exceptions
        What was measured.

    Returns
    -------
    tuple of Finding
        One; none where no exceptions for large deposits may be shown.
    """
    large, total = (find_shown(exceptions, row) for row in (-2, -1))
    if large is None or total is None:
        return ()
    finding = Finding(
        key="large_exceptions",
        requirement="A11",
        headline=say(
            "Keeping {amount} of large deposits by exceptions costs at least {least} "
            "a year",
            amount=write_money(1e6, exceptions.currency),
            least=write_money(100 * large["bonus_bp"], exceptions.currency),
        ),
        sentence=say(
            "Deposits of {large} or more get {share} of what exceptions cost, {cost} "
            "a year for {customers} customers at {bonus}. The cost per amount kept is "
            "this low only if all of it would have left; if half would have stayed, it "
            "is twice as high.",
            large=write_money(exceptions.large_balance, exceptions.currency),
            share=write_value(WHOLE_PCT * large["cost"] / total["cost"], Unit.PERCENT),
            cost=write_money(large["cost"], exceptions.currency),
            customers=write_number(large["exception_customers"]),
            bonus=write_value(large["bonus_bp"], Unit.BASIS_POINTS),
        ),
        action=_advise_on_cost(large),
        measure=say("Least cost a year of large deposits kept"),
        verdict="exact",
        unit=Unit.BASIS_POINTS,
        nobs=int(large["exception_customers"]),
        period=str(exceptions.quarter),
        source=exceptions.source,
        estimate=float(large["bonus_bp"]),
        importance=0.5,
    )
    return (finding,)


def _refuse_cost(exceptions: Exceptions) -> Finding:
    reason = say("The source gives no rates paid to lay beside posted ones.")
    if not exceptions.bands.empty:
        reason = say("Nobody is paid above posted, or too few customers to be shown.")
    return refuse(
        "exception_cost",
        "A6",
        question=say("What exceptions from posted prices cost is not shown"),
        reason=reason,
        quarter=exceptions.quarter,
        source=exceptions.source,
    )


def _name_largest(exceptions: Exceptions) -> str:
    if math.isnan(exceptions.largest_share_pct):
        return say("They are too few to say how it is shared out.")
    return say(
        "The {n} largest get {share} of it.",
        n=write_number(LARGEST_CUSTOMERS),
        share=write_value(exceptions.largest_share_pct, Unit.PERCENT),
    )


def _advise_on_cost(row: pd.Series) -> str:
    needed = float(row["break_even_pct"])
    if math.isnan(needed):
        return say(
            "Add transfer prices to the source: without the margin it can't be said "
            "when an exception pays."
        )
    if needed >= WHOLE_PCT:
        return say(
            "Grant no more of them: the bonus exceeds the margin at the posted price, "
            "so that they lose money even if all would have left."
        )
    return say(
        "Grant one only where more than {needed} of such money would leave without it; "
        "that is the bonus over the margin at the posted price.",
        needed=write_value(needed, Unit.PERCENT),
    )


def _describe_pre_trend(trend: PreTrend | None) -> str:
    if trend is None:
        return say(
            "Exceptions are too few to tell how the balances of those who got one had "
            "moved before."
        )
    meaning = _UNCLEAR
    if trend.upper_pct < 0:
        meaning = _LEAVING
    elif trend.lower_pct > 0:
        meaning = _NOT_LEAVING
    return say(
        "In the {months} months before, deposits of those who got one had moved by "
        "{change} against customers who signed a like contract in the same month "
        "({treated} exceptions, {nobs} contracts): {meaning}.",
        months=write_number(trend.months),
        change=write_estimate(
            trend.estimate_pct, trend.lower_pct, trend.upper_pct, Unit.PERCENT
        ),
        treated=write_number(trend.treated),
        nobs=write_number(trend.nobs),
        meaning=say(meaning),
    )
