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
)
from analysis.studies.segment_profitability.classes.rules import (
    LOW,
    SLEEPING,
    RuleClasses,
)
from analysis.studies.segment_profitability.classes.words import name_class
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.sentences import fill_interval, refuse
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
        sentence=_write_idle(classes, both, sums),
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
        unit=Unit.RATIO,
        nobs=len(classes.behaviour.now),
        importance=0.7 if ranking.lower < STRONG_RANKING else 0.4,
        **fill_interval(
            classes.behaviour.account, ranking.estimate, ranking.lower, ranking.upper
        ),
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


def _write_idle(
    classes: RuleClasses, both: pd.DataFrame, sums: pd.Series[float]
) -> str:
    currency = classes.behaviour.account.currency
    return say(
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
