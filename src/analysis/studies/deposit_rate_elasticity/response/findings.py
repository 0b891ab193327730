"""Findings on how balances answer posted rates."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.presentation.findings import Finding
from analysis.quarter import Quarter, write_quarter
from analysis.studies.deposit_rate_elasticity.parameters import CONFIDENCE_LEVEL
from analysis.studies.deposit_rate_elasticity.response.verdicts import Verdicts
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import mark, say

ADVICE = {
    "variation": mark(
        "Let posted rates differ between regions for a quarter, by 10 to 20 bp set at "
        "random; past data cannot tell."
    ),
    "lead": mark(
        "Do not price from past data here: rates followed balances. Set the rates of "
        "a few pricing cells at random, or record why each was set."
    ),
    "power": mark("Wait for more history, or test prices in more regions."),
    "strength": mark(
        "Let posted rates follow what the treasury credits a region, or set them at "
        "random in some regions."
    ),
}
"""What to do about a response that is not identified, by the check that failed."""
MEASURED = mark(
    "One percentage point more on the posted rate goes with {estimate} ({interval}) "
    "more balance in existing accounts of {product}; {nobs} account-months in {cells} "
    "pricing cells up to {quarter}, {identified} of {segments} segments pass every "
    "check."
)
MEASURED_WITH_SHARE = mark(
    "One percentage point more on the posted rate goes with {estimate} ({interval}) "
    "more balance in existing accounts of {product}; {nobs} account-months in {cells} "
    "pricing cells up to {quarter}, {identified} of {segments} segments pass every "
    "check. {product} holds {share} of priced deposits."
)
PLAN = {
    "A": mark(
        "For a 10 bp move of {product} plan {low} to {high} of balance: prices set at "
        "random say so."
    ),
    "B": mark(
        "For a 10 bp move of {product} plan {low} to {high} of balance, and compare "
        "what comes."
    ),
    "C": mark(
        "For a 10 bp move of {product} plan {low} to {high} of balance; before "
        "relying on it, confirm it with prices set at random in some regions."
    ),
}
"""What to do with a response, by its grade."""
LARGE_SHARE = 10.0
"""Percent of priced deposits from which a refusal matters more."""
OTHER_ADVICE = mark("Use no response for this product; it has too few observations.")


def find_responses(
    verdicts: Verdicts, shares: Mapping[str, float]
) -> tuple[Finding, ...]:
    """Say for each product how balances answer its rate, or why that is not known.

    Parameters
    ----------
    verdicts : Verdicts
        Grades and estimates.
    shares : mapping of str to float
        Percent of priced deposits by product, see `find_shares`; a product whose
        share may not be shown is left out.

    Returns
    -------
    tuple of Finding
        One per product, largest balance first.
    """
    return tuple(
        _find_response(row, verdicts, shares.get(str(row["product"])))
        for _, row in verdicts.products.iterrows()
    )


def _find_response(row: pd.Series, verdicts: Verdicts, share: float | None) -> Finding:
    shared: dict[str, Any] = {
        "key": f"semi_elasticity_{row['product']}",
        "requirement": "A3",
        "unit": Unit.PERCENT_PER_POINT,
        "period": str(verdicts.quarter),
        "source": verdicts.source,
        "confidence_level": CONFIDENCE_LEVEL,
    }
    if row["grade"] == "D":
        return _refuse_response(row, share, verdicts, shared)
    return _measure_response(row, share, verdicts, shared)


def _refuse_response(
    row: pd.Series, share: float | None, verdicts: Verdicts, shared: dict[str, Any]
) -> Finding:
    advice = ADVICE.get(str(row["check"]), OTHER_ADVICE)
    return Finding(
        **shared,
        headline=say(
            "How balances of {product} respond to its rate is not known",
            product=row["product"],
        ),
        sentence=_explain_refusal(str(row["product"]), share, verdicts.quarter),
        action=say(advice),
        verdict="not identified",
        nobs=0,
        reason=str(row["reason"]),
        importance=0.5 if share is not None and share >= LARGE_SHARE else 0.3,
    )


def _measure_response(
    row: pd.Series, share: float | None, verdicts: Verdicts, shared: dict[str, Any]
) -> Finding:
    estimate, lower, upper = (float(row[n]) for n in ("estimate", "lower", "upper"))
    return Finding(
        **shared,
        headline=_write_response(row, estimate, lower, upper),
        sentence=_write_measured(row, share, verdicts.quarter),
        action=_advise_on_response(row, lower, upper),
        measure=say(
            "Balance of {product} per point of its rate", product=row["product"]
        ),
        verdict="measured",
        nobs=int(row["nobs"]),
        estimate=estimate,
        lower=lower,
        upper=upper,
        previous=None if math.isnan(row["previous"]) else float(row["previous"]),
        importance=0.9,
    )


def _write_measured(row: pd.Series, share: float | None, quarter: Quarter) -> str:
    words = {
        "estimate": write_value(float(row["estimate"]), Unit.PERCENT),
        "interval": write_interval(
            float(row["lower"]), float(row["upper"]), Unit.PERCENT
        ),
        "product": str(row["product"]),
        "nobs": write_number(float(row["nobs"])),
        "cells": write_number(row["cells"]),
        "quarter": write_quarter(quarter),
        "identified": write_number(row["identified"]),
        "segments": write_number(row["segments"]),
    }
    if share is None:
        return say(MEASURED, **words)
    return say(MEASURED_WITH_SHARE, share=write_value(share, Unit.PERCENT), **words)


def _explain_refusal(product: str, share: float | None, quarter: Quarter) -> str:
    if share is None:
        return say(
            "What the rate of {product} does cannot be told from the past up to "
            "{quarter}, so no number is given.",
            product=product,
            quarter=write_quarter(quarter),
        )
    return say(
        "{product}: {share} of priced deposits in {quarter}. Past data cannot tell "
        "what its rate does, so no number is given.",
        product=product,
        share=write_value(share, Unit.PERCENT),
        quarter=write_quarter(quarter),
    )


def _write_response(row: pd.Series, estimate: float, lower: float, upper: float) -> str:
    product = str(row["product"])
    if lower <= 0 <= upper:
        return say(
            "Balances of {product} show no clear answer to its rate", product=product
        )
    return say(
        "10 bp more on {product} goes with {tenth} more balance (grade {grade})",
        product=product,
        tenth=write_value(estimate / 10, Unit.PERCENT),
        grade=str(row["grade"]),
    )


def _advise_on_response(row: pd.Series, lower: float, upper: float) -> str:
    product = str(row["product"])
    if lower <= 0 <= upper:
        return say(
            "Do not expect volume from a higher rate on {product}.", product=product
        )
    plan = PLAN[str(row["grade"])]
    return say(
        plan,
        product=product,
        low=write_value(lower / 10, Unit.PERCENT),
        high=write_value(upper / 10, Unit.PERCENT),
    )
