"""Findings on customers who are in the wrong class, and who moved between classes."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.findings import Finding
from analysis.quarter import write_quarter
from analysis.statistics.paired_bootstrap import BootstrapEstimate
from analysis.studies.segment_profitability.classes.release_rules import (
    release_errors,
    release_moves,
)
from analysis.studies.segment_profitability.classes.rules import (
    HIGH,
    LOW,
    RuleClasses,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.sentences import fill_interval, refuse
from analysis.units import (
    Unit,
    write_interval,
    write_number,
    write_value,
)
from analysis.wording import say


def find_class_errors(classes: RuleClasses | Refused) -> Finding:
    """Say how many customers of high value lose money, and of low value earn it.

    Parameters
    ----------
    classes : RuleClasses or Refused
        Customers by the bank's rules.

    Returns
    -------
    Finding
        Share of the class of high added value that loses money, percent.
    """
    question = say("How many high-value customers lose money is not known")
    if isinstance(classes, Refused):
        return refuse(classes, key="class_errors", requirement="B9", question=question)
    shown = release_errors(classes).rows
    if shown[["customers", "losing"]].iloc[:2].map(is_suppressed).any(axis=None):
        few = say("Too few customers stand behind one of the numbers to show it.")
        return refuse(
            classes.behaviour.refuse(
                few, say("Report on a larger group of customers.")
            ),
            key="class_errors",
            requirement="B9",
            question=question,
        )
    losing, earning = classes.share_of(HIGH, "losing"), classes.share_of(LOW, "earning")
    return Finding(
        key="class_errors",
        requirement="B9",
        headline=say(
            "{losing} of high-value customers lose money; {earning} of low-value ones "
            "earn it",
            losing=write_value(losing.estimate, Unit.PERCENT),
            earning=write_value(earning.estimate, Unit.PERCENT),
        ),
        sentence=_write_errors(classes, shown, losing, earning),
        action=say(
            "Grant the services of a class by measured profit: look at the contacts of "
            "high-value customers who lose money before renewing their terms."
        ),
        measure=say("High-value customers who lose money"),
        unit=Unit.PERCENT,
        nobs=int(shown["customers"].iloc[0]),
        importance=0.6,
        **fill_interval(
            classes.behaviour.account, losing.estimate, losing.lower, losing.upper
        ),
    )


def find_class_moves(classes: RuleClasses | Refused) -> Finding:
    """Say which move between classes was the largest since the quarter before.

    Parameters
    ----------
    classes : RuleClasses or Refused
        Customers by the bank's rules.

    Returns
    -------
    Finding
        Share of the class left that took that move, percent.
    """
    question = say("Moves between classes are not known")
    if isinstance(classes, Refused):
        return refuse(classes, key="class_moves", requirement="B5", question=question)
    moves = _list_moves(classes)
    if moves.empty:
        hidden = _refuse_moves(classes)
        return refuse(hidden, key="class_moves", requirement="B5", question=question)
    largest = moves.iloc[moves["customers"].to_numpy(float).argmax()]
    share = BootstrapEstimate(
        *(float(largest[n]) for n in ("share_pct", "lower", "upper"))
    )
    return Finding(
        key="class_moves",
        requirement="B5",
        headline=say(
            "Most moved from {origin} to {goal}",
            origin=str(largest["origin"]),
            goal=str(largest["goal"]),
        ),
        sentence=_write_move(classes, largest, share),
        action=say(
            "Ask advisers about customers who left the two upper classes this quarter, "
            "before they leave the bank."
        ),
        measure=say("Share that took the largest move"),
        unit=Unit.PERCENT,
        nobs=len(classes.behaviour.before),
        importance=0.4,
        **fill_interval(
            classes.behaviour.account, share.estimate, share.lower, share.upper
        ),
    )


def _write_errors(
    classes: RuleClasses,
    shown: pd.DataFrame,
    losing: BootstrapEstimate,
    earning: BootstrapEstimate,
) -> str:
    return say(
        "In {quarter}, {losers} of {high} customers classed as high value added lost "
        "money, {losing}, while {earners} of {low} classed as low value earned it, "
        "{earning}.",
        quarter=write_quarter(classes.behaviour.account.quarter),
        losers=write_number(int(shown["losing"].iloc[0])),
        high=write_number(int(shown["customers"].iloc[0])),
        losing=_write_share(losing),
        earners=write_number(int(shown["earning"].iloc[1])),
        low=write_number(int(shown["customers"].iloc[1])),
        earning=_write_share(earning),
    )


def _refuse_moves(classes: RuleClasses) -> Refused:
    if classes.moves.empty:
        return classes.behaviour.refuse(say("The quarter before is not known."))
    return classes.behaviour.refuse(
        say("Too few customers moved for one move to be shown."),
        say("Report on a larger group of customers."),
    )


def _write_move(
    classes: RuleClasses, largest: pd.Series[float], share: BootstrapEstimate
) -> str:
    return say(
        "Since the quarter before {quarter}, {customers} customers moved from "
        "{origin} to {goal}, {share} of those who were there; limits of classes "
        "are the same in both quarters. {stays}",
        quarter=write_quarter(classes.behaviour.account.quarter),
        customers=write_number(int(largest["customers"])),
        origin=str(largest["origin"]),
        goal=str(largest["goal"]),
        share=_write_share(share),
        stays=_write_stays(classes),
    )


def _write_share(share: BootstrapEstimate) -> str:
    return say(
        "{value} ({interval})",
        value=write_value(share.estimate, Unit.PERCENT),
        interval=write_interval(share.lower, share.upper, Unit.PERCENT),
    )


def _list_moves(classes: RuleClasses) -> pd.DataFrame:
    """List the moves between two classes that may be shown."""
    if classes.moves.empty:
        return classes.moves
    rows = release_moves(classes).rows
    known = ~rows["customers"].map(is_suppressed)
    inside = rows["origin"] != say("New customers")
    moved = rows[known & inside & ~rows["stays"]]
    return moved[moved["customers"].astype(float) > 0]


def _write_stays(classes: RuleClasses) -> str:
    rows = release_moves(classes).rows
    known = rows[rows["stays"] & ~rows["share_pct"].map(is_suppressed)]
    if known.empty:
        return say("How many stayed is hidden to protect customers.")
    least = known.iloc[known["share_pct"].to_numpy(float).argmin()]
    return say(
        "Fewest stayed in {name}: {share}.",
        name=str(least["origin"]),
        share=write_value(float(least["share_pct"]), Unit.PERCENT),
    )
