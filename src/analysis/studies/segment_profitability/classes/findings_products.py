"""Findings on products held: their number, and which go together."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.findings import Finding
from analysis.quarter import write_quarter
from analysis.statistics.paired_bootstrap import BootstrapEstimate
from analysis.studies.segment_profitability.account.segment_names import name_segment
from analysis.studies.segment_profitability.classes.depth import ProductDepth
from analysis.studies.segment_profitability.classes.release_products import (
    release_depth,
    release_pairs,
)
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


def find_product_depth(depth: ProductDepth | Refused) -> Finding:
    """Say whether customers with more products bring more, within segments too.

    Parameters
    ----------
    depth : ProductDepth or Refused
        Profit by depth.

    Returns
    -------
    Finding
        Profit of a customer with three products or more less that of one with one,
        within segments where there are some to compare within.
    """
    question = say("Whether more products go with more profit is not known")
    key, requirement = "product_depth", "B12"
    if isinstance(depth, Refused):
        return refuse(depth, key=key, requirement=requirement, question=question)
    if release_depth(depth).rows["profit_each"].map(is_suppressed).any():
        hidden = depth.behaviour.refuse(
            say("One customer, or too few of them, stand behind the amounts."),
            say("Report on a larger group of customers."),
        )
        return refuse(hidden, key=key, requirement=requirement, question=question)
    account = depth.behaviour.account
    found = depth.standard or depth.raw
    return Finding(
        key=key,
        requirement=requirement,
        headline=_write_headline(depth, account.currency),
        sentence=say(
            "In {quarter} a customer with three products or more brought {raw} more "
            "than one with a single product. {within} Customers choose what they hold: "
            "this is an association, not what a further product would bring.",
            quarter=write_quarter(account.quarter),
            raw=_write_amount(depth.raw, account.currency),
            within=_write_within(depth, account.currency),
        ),
        action=say(
            "Do not count the difference as the value of a further sale; test an offer "
            "on customers drawn at random before it is rolled out."
        ),
        measure=say("Profit of three products over one"),
        unit=Unit.MONEY,
        currency=account.currency,
        nobs=len(depth.behaviour.now),
        importance=0.5,
        **fill_interval(account, found.estimate, found.lower, found.upper),
    )


def find_product_pairs(depth: ProductDepth | Refused) -> Finding:
    """Say which products are held together more often than chance.

    Parameters
    ----------
    depth : ProductDepth or Refused
        Pairs of products.

    Returns
    -------
    Finding
        Lift of the strongest pair within segments that is no chance.
    """
    question = say("Which products go together is not known")
    key, requirement = "product_pairs", "B12"
    if isinstance(depth, Refused):
        return refuse(depth, key=key, requirement=requirement, question=question)
    together, apart, shown = _list_pairs(depth)
    if shown.empty:
        refused = depth.behaviour.refuse(
            say("No pair of products is held together clearly more often than chance.")
            if len(depth.pairs)
            else say("There are not two products that some hold and some do not.")
        )
        return refuse(refused, key=key, requirement=requirement, question=question)
    first = shown.iloc[0]
    account = depth.behaviour.account
    return Finding(
        key=key,
        requirement=requirement,
        headline=say(
            "{name} go together most: {lift} times as often as chance",
            name=str(first["name"]),
            lift=write_number(float(first["lift"]), decimals=2),
        ),
        sentence=_write_pair(first, depth, (together, apart)),
        action=say(
            "Offer the missing half of the pairs that go together first; leave out "
            "pairs that stand for one another."
        ),
        measure=say("Lift of the strongest pair of products"),
        unit=Unit.RATIO,
        nobs=len(depth.behaviour.now),
        importance=0.4,
        **fill_interval(account, first["lift"], first["lower"], first["upper"]),
    )


def _write_amount(found: BootstrapEstimate, currency: str) -> str:
    return say(
        "{value} ({interval})",
        value=write_money(found.estimate, currency),
        interval=write_interval(
            found.lower, found.upper, Unit.MONEY, currency=currency
        ),
    )


def _write_headline(depth: ProductDepth, currency: str) -> str:
    raw = write_money(depth.raw.estimate, currency)
    if depth.standard is None:
        return say("Customers with three products bring {raw} more", raw=raw)
    if depth.standard.lower > 0:
        return say(
            "Customers with three products bring {raw} more; {standard} of it within "
            "segments",
            raw=raw,
            standard=write_money(depth.standard.estimate, currency),
        )
    return say(
        "Customers with three products bring {raw} more, but not clearly within "
        "segments",
        raw=raw,
    )


def _write_within(depth: ProductDepth, currency: str) -> str:
    if depth.standard is None:
        return say("No segment has enough customers at each number of products.")
    return say(
        "At the same mix of segments it is {standard}, compared within {names}, which "
        "hold {share} of customers.",
        standard=_write_amount(depth.standard, currency),
        names=join_names([name_segment(name) for name in depth.segments]),
        share=write_value(depth.covered_pct, Unit.PERCENT),
    )


def _write_pair(
    first: pd.Series[float], depth: ProductDepth, beyond: tuple[int, int]
) -> str:
    return say(
        "Within segments, {name} are held together by {both} customers in "
        "{quarter}, {lift} times ({interval}) as often as if one said nothing of "
        "the other. Of {pairs} pairs {together} are held together more often than "
        "chance and {apart} less often, with false discoveries held to 5%.",
        name=str(first["name"]),
        both=write_number(int(first["both"])),
        quarter=write_quarter(depth.behaviour.account.quarter),
        lift=write_number(float(first["lift"]), decimals=2),
        interval=write_interval(
            float(first["lower"]), float(first["upper"]), Unit.RATIO
        ),
        pairs=write_number(len(depth.pairs)),
        together=write_number(beyond[0]),
        apart=write_number(beyond[1]),
    )


def _list_pairs(depth: ProductDepth) -> tuple[int, int, pd.DataFrame]:
    """Count the pairs beyond chance to either side; list those above that are shown."""
    if depth.pairs.empty:
        return 0, 0, depth.pairs
    rows = release_pairs(depth).rows
    known = rows[~rows["lift"].map(is_suppressed) & ~rows["is_chance"]]
    above = known[known["lift"].astype(float) > 1]
    return len(above), len(known) - len(above), above
