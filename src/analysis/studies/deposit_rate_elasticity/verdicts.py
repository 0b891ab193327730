"""Decide, per product and segment, whether a response is identified at all.

Grade C: effects of account and period only, every check passed. Grade D: not
identified; the reason is kept and every number is thrown away. Grades A (experiment)
and B (instrument) are not awarded here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.quarter import Quarter
from analysis.statistics.multiple_tests import adjust_pvalues
from analysis.studies.deposit_rate_elasticity.balance_panel import (
    SEGMENT,
    BalancePanel,
)
from analysis.studies.deposit_rate_elasticity.parameters import (
    FEWEST_CLUSTERS,
    LARGEST_UNSEEN_LEAD,
    LEAD_SIGNIFICANCE,
    Parameters,
)
from analysis.studies.deposit_rate_elasticity.response import (
    Responses,
    estimate_response,
)
from analysis.studies.deposit_rate_elasticity.sentences import write_pvalue
from analysis.units import Unit, write_number, write_value
from analysis.wording import say

DETECTABLE = 3.42
"""Standard errors that a test at 1 % sees four times in five: 2.58 + 0.84."""
NUMBERS = ("estimate", "std_error", "lower", "upper", "pvalue")
Row = dict[Hashable, Any]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What may be said of each product and segment.

    Parameters
    ----------
    segments : pandas.DataFrame
        One row per product and segment: counts and price variation of the panel,
        `nobs`, `clusters`, `lead_pvalue` (of the segment, adjusted), `grade` ("C" or
        "D"), `check` (which failed) and `reason` (both empty for C), and `estimate`,
        `std_error`, `lower`, `upper`, `pvalue`, all missing for D.
    products : pandas.DataFrame
        One row per product, largest balance first: `balance`, `identified` and
        `segments` (numbers of segments), `lead_pvalue` (adjusted over products),
        `detectable` (smallest lead effect the test would see), `grade`, `check`,
        `reason`, and the response over its identified segments with `previous`, the
        same a quarter before.
    quarter : Quarter
        The quarter reported.
    source : str
        Where the numbers come from.
    """

    segments: pd.DataFrame
    products: pd.DataFrame
    quarter: Quarter
    source: str


def judge_responses(
    panel: BalancePanel, responses: Responses, parameters: Parameters
) -> Verdicts:
    """Keep what passed every check, and say why the rest did not.

    Parameters
    ----------
    panel : BalancePanel
        Counts and price variation.
    responses : Responses
        Estimates and lead tests.
    parameters : Parameters
        Fewest customers and smallest variation.

    Returns
    -------
    Verdicts
        Grades, reasons, and numbers of grade C only.
    """
    tests = _adjust_lead_tests(panel, responses).assign(
        fewest_customers=parameters.fewest_customers,
        smallest_free_pct=parameters.smallest_free_variation_percent,
    )
    rows: list[Row] = tests.to_dict("records")
    failed = [_find_failed_check(row) for row in rows]
    judged = tests.assign(
        check=[check for check, _ in failed],
        reason=[reason for _, reason in failed],
        grade=["D" if check else "C" for check, _ in failed],
    )
    refused = judged["grade"] == "D"
    segments = judged.assign(
        **{name: judged[name].mask(refused) for name in NUMBERS}
    ).drop(columns=["lead_estimate", "lead_std_error"])
    products = [
        _judge_product(str(product), rows, panel)
        for product, rows in segments.groupby("product")
    ]
    return Verdicts(
        segments=segments,
        products=pd.DataFrame(products).sort_values(
            "balance", ascending=False, ignore_index=True
        ),
        quarter=panel.quarter,
        source=panel.source,
    )


def _adjust_lead_tests(panel: BalancePanel, responses: Responses) -> pd.DataFrame:
    """Put the adjusted lead tests of product and segment on each segment's row."""
    columns = ["nobs", "clusters", *NUMBERS]
    leads = ["lead_estimate", "lead_std_error", "lead_pvalue"]
    found = responses.segments.reindex(columns=[*SEGMENT, *columns, *leads])
    whole = responses.products.reindex(columns=["product", *leads])
    within = found.groupby("product")["lead_pvalue"].transform(adjust_pvalues)
    whole = pd.DataFrame(
        {
            "product": whole["product"],
            "product_lead_pvalue": adjust_pvalues(whole["lead_pvalue"]),
            "detectable": DETECTABLE * whole["lead_std_error"],
        }
    )
    tested = found.assign(lead_pvalue=within)
    joined = panel.segments.merge(tested, on=SEGMENT, how="left")
    return joined.merge(whole, on="product", how="left")


def _find_failed_check(row: Row) -> tuple[str, str]:
    """Give the first check that failed with its reason, or nothing."""
    for name, check in _CHECKS:
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


def _check_power(row: Row) -> str:
    limit = LARGEST_UNSEEN_LEAD
    if row["detectable"] <= limit:
        return ""
    return say(
        "The lead test is too weak: it would miss an effect of {seen}, the limit is "
        "{limit}.",
        seen=write_value(row["detectable"], Unit.PERCENT_PER_POINT),
        limit=write_value(limit, Unit.PERCENT_PER_POINT),
    )


def _check_sign(row: Row) -> str:
    if row["upper"] >= 0:
        return ""
    return say("The sign is wrong: balances would fall as the rate rises.")


_CHECKS: tuple[tuple[str, Callable[[Row], str]], ...] = (
    ("customers", _check_customers),
    ("variation", _check_variation),
    ("clusters", _check_clusters),
    ("lead", _check_lead_of_product),
    ("lead", _check_lead_of_segment),
    ("power", _check_power),
    ("sign", _check_sign),
)


def _judge_product(
    product: str, rows: pd.DataFrame, panel: BalancePanel
) -> dict[str, object]:
    identified = rows.loc[rows["grade"] == "C", "segment"]
    groups = panel.groups
    mine = groups[(groups["product"] == product) & groups["segment"].isin(identified)]
    fit: dict[str, float] = {}
    previous: dict[str, float] = {}
    if not mine.empty:
        end = pd.Timestamp(panel.quarter.previous.last_day)
        fit = estimate_response(mine)
        previous = estimate_response(mine[mine["period"] <= end])
    main = rows.sort_values("customers", ascending=False).iloc[0]
    return {
        "product": product,
        "balance": rows["balance"].sum(),
        "segments": len(rows),
        "identified": len(identified),
        "lead_pvalue": main["product_lead_pvalue"],
        "detectable": main["detectable"],
        "grade": "C" if fit else "D",
        "check": "" if fit else main["check"],
        "reason": "" if fit else main["reason"],
        **{name: fit.get(name, math.nan) for name in (*NUMBERS, "nobs", "clusters")},
        "previous": previous.get("estimate", math.nan),
    }
