"""Findings and the table on who was told of price changes."""

from __future__ import annotations

import math

import pandas as pd

from analysis.presentation.disclosure import release
from analysis.presentation.findings import Finding
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.deposit_rate_elasticity.conduct.notice_panel import (
    AFTER,
    EARLIER,
)
from analysis.studies.deposit_rate_elasticity.conduct.notices import Notices
from analysis.studies.deposit_rate_elasticity.conduct.sentences import write_estimate
from analysis.studies.deposit_rate_elasticity.parameters import CONFIDENCE_LEVEL
from analysis.studies.deposit_rate_elasticity.rates.history import name_line
from analysis.studies.deposit_rate_elasticity.sentences import refuse, write_pvalue
from analysis.units import Unit, write_number, write_value
from analysis.wording import mark, say

TOLD_WELL_PCT = 99.5
"""Share told from which nothing is left to do."""
_DERIVED = {
    "due": ("customers",),
    "told_pct": ("missed_customers",),
    "before_pct": ("missed_customers",),
    "delay_days": ("missed_customers",),
}
_HEADLINES = {
    (True, True): mark("Being told of a price change shows no effect on leaving"),
    (False, True): mark("Those told of a price change left more often"),
    (False, False): mark("Those told of a price change left less often"),
}
"""By whether the interval holds zero, and whether the estimate is above it."""
_ACTIONS = {
    True: mark("Tell everybody before the change; it has not cost balances so far."),
    False: mark("Find out what the notice said; it moved money."),
}


def find_coverage(notices: Notices) -> Finding:
    """Say how many who were due a notice got one, and how many before the change.

    Parameters
    ----------
    notices : Notices
        Coverage and delay.

    Returns
    -------
    Finding
        Share of notices due that were sent, percent.
    """
    total = notices.total
    if total is None:
        return refuse(
            "notice_coverage",
            "A9",
            question=say("Whom we told of price changes is not known"),
            reason=say("The source has no notices, or no price changed."),
            quarter=notices.quarter,
            source=notices.source,
        )
    return Finding(
        key="notice_coverage",
        requirement="A9",
        headline=say(
            "{told} were told of a change of their rate, {before} before it came",
            told=write_value(total["told_pct"], Unit.PERCENT),
            before=write_value(total["before_pct"], Unit.PERCENT),
        ),
        sentence=say(
            "In {quarter}, {customers} customers were due {due} notices (one per "
            "product, term and change). {told} were sent, on average {delay}. {latest}",
            quarter=write_quarter(notices.quarter),
            customers=write_number(total["customers"]),
            due=write_number(total["due"]),
            told=write_number(total["told"]),
            delay=_write_delay(float(total["delay_days"])),
            latest=_name_latest(notices.groups),
        ),
        action=_advise_on_coverage(total),
        measure=say("Notices sent of those due"),
        verdict="exact",
        unit=Unit.PERCENT,
        nobs=int(total["due"]),
        period=str(notices.quarter),
        source=notices.source,
        estimate=float(total["told_pct"]),
        importance=0.5,
    )


def find_notice_effect(notices: Notices) -> tuple[Finding, ...]:
    """Say what a notice did to leaving, if those told were like the others.

    Parameters
    ----------
    notices : Notices
        Effects and balance tests.

    Returns
    -------
    tuple of Finding
        One; none where the source has no notices.
    """
    if notices.total is None:
        return ()
    left = notices.read("exit")
    if not left or not notices.is_balanced or math.isnan(left["estimate"]):
        return (_refuse_effect(notices),)
    holds_zero = bool(left["lower"] <= 0 <= left["upper"])
    is_more = holds_zero or left["estimate"] > 0
    finding = Finding(
        key="notice_effect",
        requirement="A9",
        headline=say(_HEADLINES[holds_zero, is_more]),
        sentence=_describe_effect(notices),
        action=say(_ACTIONS[holds_zero]),
        measure=say("Leaving: told less not told"),
        verdict="measured",
        unit=Unit.PERCENTAGE_POINTS,
        nobs=int(left["nobs"]),
        period=str(notices.quarter),
        source=notices.source,
        estimate=left["estimate"],
        lower=left["lower"],
        upper=left["upper"],
        confidence_level=CONFIDENCE_LEVEL,
        importance=0.3 if holds_zero else 0.6,
    )
    return (finding,)


def tabulate_notices(notices: Notices) -> DisplayTable | Note:
    """Show coverage and delay by product and by channel.

    Parameters
    ----------
    notices : Notices
        Coverage and delay.

    Returns
    -------
    DisplayTable or Note
        One row per product and term, then one per channel; a note where the source
        has no notices.
    """
    if notices.total is None:
        return Note(
            say(
                "The source has no notices of price changes, so whom we told is not "
                "shown."
            )
        )
    rows = notices.groups.assign(
        name=[_name_group(row) for _, row in notices.groups.iterrows()]
    )
    columns = ["name", "customers", "missed_customers", *_DERIVED]
    return DisplayTable(
        title=say("Who was told, and when, {q}", q=write_quarter(notices.quarter)),
        released=release(
            rows[columns],
            count="customers",
            counts=("missed_customers",),
            derived=_DERIVED,
        ),
        columns=(
            DisplayColumn("name", say("Product or channel")),
            DisplayColumn("customers", say("Customers due one"), Unit.COUNT),
            DisplayColumn("due", say("Notices due"), Unit.COUNT),
            DisplayColumn("told_pct", say("Sent"), Unit.PERCENT),
            DisplayColumn("before_pct", say("Before the change"), Unit.PERCENT),
            DisplayColumn(
                "delay_days", say("Delay"), decimals=1, unit_label=say("days")
            ),
        ),
        source=notices.source,
        note=say(
            "Due: who held the product when the price of the pricing cell changed. "
            "Delay is counted from the first day of the period of the change. Rows of "
            "a channel count its own notices only."
        ),
    )


def _name_group(row: pd.Series) -> str:
    if row["channel"]:
        return say("by {channel}", channel=str(row["channel"]))
    return name_line(str(row["product"]), int(row["tenor_months"]))


def _write_delay(days: float) -> str:
    number = write_number(abs(days), decimals=1)
    if days < 0:
        return say("{days} days before the first day of the change", days=number)
    return say("{days} days after the first day of the change", days=number)


def _name_latest(groups: pd.DataFrame) -> str:
    channels = groups[groups["channel"] != ""]
    if channels.empty:
        return ""
    latest = channels.sort_values("delay_days").iloc[-1]
    return say(
        "The slowest channel is {channel}: {before} of its notices came before the "
        "change.",
        channel=str(latest["channel"]),
        before=write_value(float(latest["before_pct"]), Unit.PERCENT),
    )


def _advise_on_coverage(total: pd.Series) -> str:
    if min(total["told_pct"], total["before_pct"]) >= TOLD_WELL_PCT:
        return say("Keep it so.")
    return say(
        "Send notices before the first day of a change, and follow up the {missed} "
        "that were not sent.",
        missed=write_number(total["due"] - total["told"]),
    )


def _describe_effect(notices: Notices) -> str:
    left, change = notices.read("exit"), notices.read("change")
    return say(
        "Customers of the same pricing cell and period are compared, those told less "
        "those not told. Share who gave up the product by the end of the next {after}: "
        "{left}. Growth of balances of who stayed: {change}. {nobs} customers and "
        "changes; what they held before passes the test at 1% (earlier change "
        "p = {earlier}, level p = {level}).",
        after=_write_periods(AFTER),
        left=write_estimate(
            left["estimate"], left["lower"], left["upper"], Unit.PERCENTAGE_POINTS
        ),
        change=write_estimate(
            change["estimate"], change["lower"], change["upper"], Unit.PERCENT
        ),
        nobs=write_number(left["nobs"]),
        earlier=write_pvalue(notices.read("earlier")["pvalue"]),
        level=write_pvalue(notices.read("level")["pvalue"]),
    )


def _write_periods(periods: int) -> str:
    if periods == 1:
        return say("period")
    return say("{n} periods", n=write_number(periods))


def _refuse_effect(notices: Notices) -> Finding:
    reason = say("Too few regions, or nearly everybody told: there is no comparison.")
    if notices.effects["pvalue"].notna().any():
        reason = say(
            "Those told differed before: change of balance over {earlier} "
            "p = {change}, level p = {level}. A notice was not given by chance.",
            earlier=_write_periods(EARLIER),
            change=write_pvalue(notices.read("earlier")["pvalue"]),
            level=write_pvalue(notices.read("level")["pvalue"]),
        )
    return Finding(
        key="notice_effect",
        requirement="A9",
        headline=say("What a notice does to balances is not known"),
        sentence=reason,
        action=say("For one change, draw by lot who is told a week earlier."),
        verdict="not identified",
        unit=Unit.PERCENTAGE_POINTS,
        nobs=0,
        period=str(notices.quarter),
        source=notices.source,
        reason=reason,
        importance=0.2,
    )
