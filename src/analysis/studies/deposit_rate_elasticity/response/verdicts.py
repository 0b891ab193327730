"""Decide, per product and segment, whether a response is identified at all.

Grade A: prices set at random moved the rate, every check passed. Grade B: a strong
instrument, every check passed. Grade C: effects of account and period only, every check
passed. Grade D: not identified; the reason is kept and every number is thrown away.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from analysis.quarter import Quarter
from analysis.statistics.multiple_tests import adjust_pvalues
from analysis.studies.deposit_rate_elasticity.parameters import Parameters
from analysis.studies.deposit_rate_elasticity.response.balance_panel import (
    SEGMENT,
    BalancePanel,
)
from analysis.studies.deposit_rate_elasticity.response.checks import (
    CHECKS,
    Row,
    find_failed_check,
)
from analysis.studies.deposit_rate_elasticity.response.estimates import (
    DESIGNS,
    Design,
    Responses,
)

NUMBERS = ("estimate", "std_error", "lower", "upper", "pvalue")
REFUSED = "D"


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What may be said of each product and segment.

    Parameters
    ----------
    segments : pandas.DataFrame
        One row per product and segment: counts and price variation of the panel,
        `design` ("experiment", "instrument" or "effects"), `nobs`, `clusters`,
        `strength`, `lead_pvalue` (of the segment, adjusted), `grade` ("A" to "D"),
        `check` (which failed) and `reason` (both empty but for D), and `estimate`,
        `std_error`, `lower`, `upper`, `pvalue`, all missing for D.
    products : pandas.DataFrame
        One row per product, largest balance first: `balance`, `identified` and
        `segments` (numbers of segments), `cells` (pricing cells used), `lead_pvalue`
        (adjusted over products), `grade` (the best of its segments), `check`,
        `reason`, and the response over its segments of that grade with `previous`,
        the same a quarter before.
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
        The best grade of each segment, reasons, and numbers of all grades but D.
    """
    judged = pd.concat(
        [_judge_design(design, panel, responses, parameters) for design in DESIGNS]
    )
    segments = _choose_designs(judged)
    refused = segments["grade"] == REFUSED
    segments = segments.assign(
        **{name: segments[name].mask(refused) for name in NUMBERS}
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


def _judge_design(
    design: Design, panel: BalancePanel, responses: Responses, parameters: Parameters
) -> pd.DataFrame:
    """Put every segment to the checks of one design."""
    tests = _adjust_lead_tests(design, panel, responses).assign(
        design=design.name,
        fewest_customers=parameters.fewest_customers,
        smallest_free_pct=parameters.smallest_free_variation_percent,
    )
    rows: list[Row] = tests.to_dict("records")
    failed = [find_failed_check(CHECKS[design.name], row) for row in rows]
    return tests.assign(
        check=[check for check, _ in failed],
        reason=[reason for _, reason in failed],
        grade=[REFUSED if check else design.grade for check, _ in failed],
    )


def _choose_designs(judged: pd.DataFrame) -> pd.DataFrame:
    """Keep the best grade of each segment, and a refusal of what could be estimated."""
    is_blind = judged["estimate"].isna() & (judged["design"] != DESIGNS[-1].name)
    ranked = judged.assign(is_blind=is_blind).sort_values(
        ["grade", "is_blind"], kind="stable"
    )
    chosen = ranked.drop_duplicates(SEGMENT).drop(columns="is_blind")
    return chosen.sort_index(ignore_index=True)


def _adjust_lead_tests(
    design: Design, panel: BalancePanel, responses: Responses
) -> pd.DataFrame:
    """Put the adjusted lead tests of product and segment on each segment's row."""
    columns = ["nobs", "clusters", "influence", "strength", *NUMBERS]
    leads = ["lead_estimate", "lead_std_error", "lead_pvalue"]
    found, whole = (
        rows[rows["design"] == design.name]
        for rows in (
            responses.segments.reindex(columns=["design", *SEGMENT, *columns, *leads]),
            responses.products.reindex(columns=["design", "product", *leads]),
        )
    )
    within = found.groupby("product")["lead_pvalue"].transform(adjust_pvalues)
    whole = pd.DataFrame(
        {
            "product": whole["product"],
            "product_lead_pvalue": adjust_pvalues(whole["lead_pvalue"]),
            "product_lead_std_error": whole["lead_std_error"],
        }
    )
    tested = found.assign(lead_pvalue=within).drop(columns="design")
    joined = panel.segments.merge(tested, on=SEGMENT, how="left")
    return joined.merge(whole, on="product", how="left")


def _judge_product(
    product: str, rows: pd.DataFrame, panel: BalancePanel
) -> dict[str, object]:
    grade = rows["grade"].min()
    best = rows[rows["grade"] == grade]
    fit: dict[str, float] = {}
    previous: dict[str, float] = {}
    cells = 0
    if grade != REFUSED:
        design = next(design for design in DESIGNS if design.grade == grade)
        groups = panel.groups
        is_best = groups["segment"].isin(best["segment"])
        mine = groups[(groups["product"] == product) & is_best]
        end = pd.Timestamp(panel.quarter.previous.last_day)
        fit = design.fit(mine)
        previous = design.fit(mine[mine["period"] <= end])
        cells = mine["cell"].nunique()
    main = rows.sort_values("customers", ascending=False).iloc[0]
    return {
        "product": product,
        "balance": rows["balance"].sum(),
        "segments": len(rows),
        "cells": cells,
        "identified": len(best) if fit else 0,
        "lead_pvalue": main["product_lead_pvalue"],
        "grade": grade,
        "check": "" if fit else main["check"],
        "reason": "" if fit else main["reason"],
        **{name: fit.get(name, math.nan) for name in (*NUMBERS, "nobs", "clusters")},
        "previous": previous.get("estimate", math.nan),
    }
