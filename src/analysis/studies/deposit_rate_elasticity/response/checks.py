"""What a response must pass before a number of it is shown, by the design behind it."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from typing import Any

from analysis.studies.deposit_rate_elasticity.parameters import (
    BLUNTEST_LEAD,
    FEWEST_CLUSTERS,
    LARGEST_UNSEEN_LEAD,
    LEAD_SIGNIFICANCE,
    WEAKEST_INSTRUMENT,
)
from analysis.studies.deposit_rate_elasticity.sentences import write_pvalue
from analysis.units import Unit, write_number, write_value
from analysis.wording import say

DETECTABLE = 3.42
"""Standard errors that a test at 1 % sees four times in five: 2.58 + 0.84."""
Row = dict[Hashable, Any]
Checks = tuple[tuple[str, Callable[[Row], str]], ...]


def find_failed_check(checks: Checks, row: Row) -> tuple[str, str]:
    """Give the first check that failed with its reason, or nothing.

    Parameters
    ----------
    checks : tuple of tuple of str and callable
        Of one design, see `CHECKS`.
    row : dict
        A segment's counts, estimate and lead tests.

    Returns
    -------
    tuple of str and str
        The check's name and a sentence; both empty if all passed.
    """
    for name, check in checks:
        reason = check(row)
        if reason:
            return name, reason
    return "", ""


def _check_customers(row: Row) -> str:
    if row["customers"] >= row["fewest_customers"]:
        return ""
    return say(
        "Fewer than {needed} customers hold it.",
        needed=write_number(row["fewest_customers"]),
    )


def _check_variation(row: Row) -> str:
    floor = row["smallest_free_pct"]
    if row["free_share_pct"] >= floor:
        return ""
    return say(
        "Prices move together everywhere: {share} of their variance is left after "
        "period effects, {floor} is needed.",
        share=write_value(row["free_share_pct"], Unit.PERCENT),
        floor=write_value(floor, Unit.PERCENT),
    )


def _check_clusters(row: Row) -> str:
    if not math.isnan(row["estimate"]):
        return ""
    return say(
        "It has {cells} pricing cells; {needed} that hold accounts over time are "
        "needed.",
        cells=write_number(row["cells"]),
        needed=write_number(FEWEST_CLUSTERS),
    )


def _check_lead_of_product(row: Row) -> str:
    if math.isnan(row["product_lead_pvalue"]):
        return say("The lead test could not be made.")
    if row["product_lead_pvalue"] >= LEAD_SIGNIFICANCE:
        return ""
    return say(
        "Prices answer balances: today's balances go with price changes still to "
        "come (lead test of the product, p {pvalue}).",
        pvalue=write_pvalue(row["product_lead_pvalue"]),
    )


def _check_lead_of_segment(row: Row) -> str:
    if not row["lead_pvalue"] < LEAD_SIGNIFICANCE:
        return ""
    return say(
        "Prices answer balances in this segment (lead test, p {pvalue}).",
        pvalue=write_pvalue(row["lead_pvalue"]),
    )


def _check_instrument(row: Row) -> str:
    if not math.isnan(row["estimate"]):
        return ""
    return say(
        "The treasury's credit does not differ between {needed} regions that hold "
        "accounts over time.",
        needed=write_number(FEWEST_CLUSTERS),
    )


def _check_strength(row: Row) -> str:
    if _is_strong(row):
        return ""
    return say(
        "Prices hardly follow the treasury's credit (effective F {strength}, {needed} "
        "is needed).",
        strength=write_number(row["strength"], decimals=1),
        needed=write_number(WEAKEST_INSTRUMENT),
    )


def _check_experiment(row: Row) -> str:
    if not math.isnan(row["estimate"]):
        return ""
    return say(
        "No part of its prices was set at random in {needed} pricing cells that hold "
        "accounts over time.",
        needed=write_number(FEWEST_CLUSTERS),
    )


def _check_strength_of_experiment(row: Row) -> str:
    if _is_strong(row):
        return ""
    return say(
        "Prices hardly show what was set at random (effective F {strength}, {needed} "
        "is needed).",
        strength=write_number(row["strength"], decimals=1),
        needed=write_number(WEAKEST_INSTRUMENT),
    )


def _is_strong(row: Row) -> bool:
    is_bounded = math.isfinite(row["lower"]) and math.isfinite(row["upper"])
    return row["strength"] >= WEAKEST_INSTRUMENT and is_bounded


def _check_sharpness(row: Row) -> str:
    if row["lead_std_error"] <= BLUNTEST_LEAD * row["std_error"]:
        return ""
    return say(
        "The lead test is too weak: its error is {ratio} times that of the response, "
        "{limit} at most is allowed.",
        ratio=write_number(row["lead_std_error"] / row["std_error"], decimals=1),
        limit=write_number(BLUNTEST_LEAD, decimals=1),
    )


def _check_power(row: Row) -> str:
    seen, limit = DETECTABLE * row["product_lead_std_error"], LARGEST_UNSEEN_LEAD
    if seen <= limit:
        return ""
    return say(
        "The lead test is too weak: it would miss an effect of {seen}, the limit is "
        "{limit}.",
        seen=write_value(seen, Unit.PERCENT_PER_POINT),
        limit=write_value(limit, Unit.PERCENT_PER_POINT),
    )


def _check_sign(row: Row) -> str:
    if row["upper"] >= 0:
        return ""
    return say("The sign is wrong: balances would fall as the rate rises.")


CHECKS: dict[str, Checks] = {
    "experiment": (
        ("customers", _check_customers),
        ("variation", _check_variation),
        ("experiment", _check_experiment),
        ("strength", _check_strength_of_experiment),
        ("lead", _check_lead_of_product),
        ("lead", _check_lead_of_segment),
        ("power", _check_sharpness),
        ("sign", _check_sign),
    ),
    "instrument": (
        ("customers", _check_customers),
        ("variation", _check_variation),
        ("instrument", _check_instrument),
        ("strength", _check_strength),
        ("lead", _check_lead_of_product),
        ("lead", _check_lead_of_segment),
        ("power", _check_sharpness),
        ("sign", _check_sign),
    ),
    "effects": (
        ("customers", _check_customers),
        ("variation", _check_variation),
        ("clusters", _check_clusters),
        ("lead", _check_lead_of_product),
        ("lead", _check_lead_of_segment),
        ("power", _check_power),
        ("sign", _check_sign),
    ),
}
"""By design, in the order in which they are told."""
