"""Findings on the bank's own classes of customers."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.findings import Finding
from analysis.quarter import write_quarter
from analysis.statistics.paired_bootstrap import BootstrapEstimate
from analysis.studies.segment_profitability.classes.release_rules import (
    release_classes,
    release_errors,
    release_moves,
)
from analysis.studies.segment_profitability.classes.rules import (
    HIGH,
    LOW,
    SLEEPING,
    RuleClasses,
)
from analysis.studies.segment_profitability.classes.words import name_class
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.sentences import refuse
from analysis.units import (
    Unit,
    write_interval,
    write_money,
    write_number,
    write_value,
)
from analysis.wording import join_names, say

STRONG_RANKING = 0.5
"""Somers' D from which classes rank well: three of four pairs in the right order."""


def find_idle_customers(classes: RuleClasses | Refused) -> Finding:
    """Say how many customers sleep or are of low value, and what they cost and bring.

    Parameters
    ----------
    classes : RuleClasses or Refused
        Customers by the bank's rules.

    Returns
    -------
    Finding
        Exact: profit of both classes together, a sum of the customers' accounts.
    """
    question = say("Who sleeps or is of low value is not known")
    if isinstance(classes, Refused):
        return refuse(classes, key="idle", requirement="B6", question=question)
    shown, _ = release_classes(classes)
    rows = shown.released.rows
    both = rows.iloc[[SLEEPING, LOW]]
    amounts = ["customers", "balances", "income", "cost_to_serve", "profit"]
    if both[amounts].map(is_suppressed).any(axis=None):
        hidden = say("One customer, or too few of them, stand behind the amounts.")
        refused = classes.behaviour.refuse(
            hidden, say("Report on a larger group of customers.")
        )
        return refuse(refused, key="idle", requirement="B6", question=question)
    sums = both[amounts].astype(float).sum()
    currency = classes.behaviour.account.currency
    share = 100 * float(sums["customers"]) / len(classes.behaviour.now)
    return Finding(
        key="idle",
        requirement="B6",
        headline=_write_idle_headline(share, float(sums["profit"]), currency),
        sentence=say(
            "In {quarter}, {sleeping} customers slept and {low} were of low value. "
            "Together they hold {balances}, brought {income} and made {profit} after "
            "tax. {cost} {rule}",
            quarter=write_quarter(classes.behaviour.account.quarter),
            sleeping=write_number(int(both["customers"].iloc[0])),
            low=write_number(int(both["customers"].iloc[1])),
            balances=write_money(float(sums["balances"]), currency),
            income=write_money(float(sums["income"]), currency),
            cost=_write_cost(classes, -float(sums["cost_to_serve"])),
            profit=write_money(float(sums["profit"]), currency),
            rule=_write_sleep_rule(classes),
        ),
        action=say(
            "Serve them by the cheapest channels and wake those who hold most; closing "
            "accounts saves little, since most of the cost stays."
        ),
        measure=say("Profit of sleeping and low-value customers"),
        verdict="exact",
        unit=Unit.MONEY,
        currency=currency,
        nobs=int(sums["customers"]),
        period=classes.behaviour.account.quarter,
        source=classes.behaviour.account.source,
        estimate=float(sums["profit"]),
        importance=0.6,
    )


def find_class_ranking(classes: RuleClasses | Refused) -> Finding:
    """Say whether the order of classes is the order of profit.

    Parameters
    ----------
    classes : RuleClasses or Refused
        Customers by the bank's rules.

    Returns
    -------
    Finding
        Somers' D of classes on profit.
    """
    question = say("Whether the bank's classes rank by profit is not known")
    if isinstance(classes, Refused):
        return refuse(classes, key="class_ranking", requirement="B9", question=question)
    ranking = classes.ranking
    broken = _find_broken(classes)
    return Finding(
        key="class_ranking",
        requirement="B9",
        headline=_write_ranking_headline(ranking, broken),
        sentence=say(
            "Over all pairs of {n} customers in different classes, the order of "
            "classes agrees with that of profit in {quarter} with a Somers' D of "
            "{ranking} ({interval}; 1 is perfect order, 0 is none). {broken}",
            n=write_number(len(classes.behaviour.now)),
            quarter=write_quarter(classes.behaviour.account.quarter),
            ranking=write_value(ranking.estimate, Unit.RATIO),
            interval=write_interval(ranking.lower, ranking.upper, Unit.RATIO),
            broken=_write_broken(broken),
        ),
        action=_advise_on_ranking(ranking, broken),
        measure=say("Ranking of profit by class"),
        verdict="measured",
        unit=Unit.RATIO,
        nobs=len(classes.behaviour.now),
        period=classes.behaviour.account.quarter,
        source=classes.behaviour.account.source,
        estimate=ranking.estimate,
        lower=ranking.lower,
        upper=ranking.upper,
        importance=0.7 if ranking.lower < STRONG_RANKING else 0.4,
    )


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
        sentence=say(
            "In {quarter}, {losers} of {high} customers classed as high value added "
            "lost money ({losing}), while {earners} of {low} classed as low value "
            "earned it ({earning}).",
            quarter=write_quarter(classes.behaviour.account.quarter),
            losers=write_number(int(shown["losing"].iloc[0])),
            high=write_number(int(shown["customers"].iloc[0])),
            losing=_write_share(losing),
            earners=write_number(int(shown["earning"].iloc[1])),
            low=write_number(int(shown["customers"].iloc[1])),
            earning=_write_share(earning),
        ),
        action=say(
            "Grant the services of a class by measured profit: look at the contacts of "
            "high-value customers who lose money before renewing their terms."
        ),
        measure=say("High-value customers who lose money"),
        verdict="measured",
        unit=Unit.PERCENT,
        nobs=int(shown["customers"].iloc[0]),
        period=classes.behaviour.account.quarter,
        source=classes.behaviour.account.source,
        estimate=losing.estimate,
        lower=losing.lower,
        upper=losing.upper,
        importance=0.6,
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
        reason = (
            say("Too few customers moved for one move to be shown.")
            if len(classes.moves)
            else say("The quarter before is not known.")
        )
        return refuse(
            classes.behaviour.refuse(reason),
            key="class_moves",
            requirement="B5",
            question=question,
        )
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
        sentence=say(
            "Since the quarter before {quarter}, {customers} customers moved from "
            "{origin} to {goal}, {share} of those who were there; limits of classes "
            "are the same in both quarters. {stays}",
            quarter=write_quarter(classes.behaviour.account.quarter),
            customers=write_number(int(largest["customers"])),
            origin=str(largest["origin"]),
            goal=str(largest["goal"]),
            share=_write_share(share),
            stays=_write_stays(classes),
        ),
        action=say(
            "Ask advisers about customers who left the two upper classes this quarter, "
            "before they leave the bank."
        ),
        measure=say("Share that took the largest move"),
        verdict="measured",
        unit=Unit.PERCENT,
        nobs=len(classes.behaviour.before),
        period=classes.behaviour.account.quarter,
        source=classes.behaviour.account.source,
        estimate=share.estimate,
        lower=share.lower,
        upper=share.upper,
        importance=0.4,
    )


def _write_share(share: BootstrapEstimate) -> str:
    return say(
        "{value} ({interval})",
        value=write_value(share.estimate, Unit.PERCENT),
        interval=write_interval(share.lower, share.upper, Unit.PERCENT),
    )


def _write_idle_headline(share: float, profit: float, currency: str) -> str:
    words = {
        "share": write_value(share, Unit.PERCENT),
        "amount": write_money(abs(profit), currency),
    }
    if profit < 0:
        return say(
            "{share} of customers sleep or are of low value; they lose {amount}",
            **words,
        )
    return say(
        "{share} of customers sleep or are of low value; they make {amount}", **words
    )


def _write_cost(classes: RuleClasses, cost: float) -> str:
    account = classes.behaviour.account
    if "cost_to_serve" in account.refused:
        return say("Cost to serve is not counted.")
    return say("To serve them cost {cost}.", cost=write_money(cost, account.currency))


def _write_sleep_rule(classes: RuleClasses) -> str:
    if classes.limits.by_state is None:
        return say(
            "Nobody is said to sleep: the source neither says so nor reaches a year "
            "back."
        )
    if classes.limits.by_state:
        return say("Who sleeps is as the source says.")
    return say("Who did nothing for a year and holds next to nothing sleeps.")


def _find_broken(classes: RuleClasses) -> list[tuple[str, str]]:
    """Find neighbouring classes of which the higher does not clearly bring more."""
    rows = classes.rows
    known = [place for place in rows.index if rows.loc[place, "customers"] > 0]
    return [
        (name_class(low), name_class(high))
        for low, high in pairwise(known)
        if not rows.loc[high, "lower"] > rows.loc[low, "upper"]
    ]


def _write_ranking_headline(
    ranking: BootstrapEstimate, broken: list[tuple[str, str]]
) -> str:
    if not ranking.lower > 0:
        return say("The bank's classes do not rank customers by profit")
    if ranking.lower >= STRONG_RANKING and not broken:
        return say("The bank's classes rank customers by profit well")
    if ranking.lower >= STRONG_RANKING:
        return say("The bank's classes rank customers by profit, but not every step")
    return say("The bank's classes rank customers by profit only weakly")


def _write_broken(broken: list[tuple[str, str]]) -> str:
    if not broken:
        return say("Each class brings clearly more a customer than the one below.")
    steps = [say("{low} to {high}", low=low, high=high) for low, high in broken]
    return say(
        "Average profit does not clearly rise at the step from {steps}.",
        steps=join_names(steps),
    )


def _advise_on_ranking(
    ranking: BootstrapEstimate, broken: list[tuple[str, str]]
) -> str:
    if not ranking.lower > 0:
        return say("Replace the rules: class customers by measured profit.")
    if broken:
        return say(
            "Keep the rules for reports, and class by measured profit where money is "
            "spent: some steps of the rules bring none."
        )
    return say("The rules may be used where profit is not known yet.")


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
