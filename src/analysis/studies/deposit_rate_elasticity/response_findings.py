"""Findings on pass-through, and on how balances answer posted rates."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.presentation.findings import Finding
from analysis.quarter import Quarter, write_quarter
from analysis.studies.deposit_rate_elasticity.parameters import (
    CONFIDENCE_LEVEL,
    Parameters,
)
from analysis.studies.deposit_rate_elasticity.pass_through import (
    LinePassThrough,
    PassThrough,
)
from analysis.studies.deposit_rate_elasticity.sentences import refuse
from analysis.studies.deposit_rate_elasticity.verdicts import Verdicts
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
UNKNOWN_SHARE = mark("How much of a policy move reaches depositors is not identified")
LARGE_SHARE = 10.0
"""Percent of priced deposits from which a refusal matters more."""
OTHER_ADVICE = mark("Use no response for this product; it has too few observations.")


def find_long_run(pass_through: PassThrough) -> Finding:
    """Say how much of a policy move reaches posted rates in the end.

    Parameters
    ----------
    pass_through : PassThrough
        Error correction of the average posted rate.

    Returns
    -------
    Finding
        Long-run pass-through in percent of the policy move.
    """
    average = pass_through.average
    if average.reason:
        return refuse(
            "long_run_pass_through",
            "A8",
            question=say(UNKNOWN_SHARE),
            reason=average.reason,
            quarter=pass_through.quarter,
            source=pass_through.source,
        )
    numbers = {
        name: 100 * getattr(average, name) for name in ("estimate", "lower", "upper")
    }
    share = write_value(numbers["estimate"], Unit.PERCENT)
    previous = pass_through.previous
    return Finding(
        key="long_run_pass_through",
        requirement="A8",
        headline=say(
            "In the end {share} of a policy move reaches depositors", share=share
        ),
        sentence=say(
            "Over {periods} periods up to {quarter} the average posted rate follows "
            "{share} ({interval}) of a lasting move of the policy rate; {at_once} "
            "arrive at once, and half of the rest takes {half_life}.",
            periods=write_number(average.nobs),
            quarter=write_quarter(pass_through.quarter),
            share=share,
            interval=write_interval(numbers["lower"], numbers["upper"], Unit.PERCENT),
            at_once=write_value(100 * average.at_once, Unit.PERCENT),
            half_life=write_value(average.half_life_months, Unit.MONTHS),
        ),
        action=_advise_on_pass_through(average),
        measure=say("Part of a policy move that is passed on"),
        verdict="measured",
        unit=Unit.PERCENT,
        nobs=average.nobs,
        period=str(pass_through.quarter),
        source=pass_through.source,
        **numbers,
        confidence_level=CONFIDENCE_LEVEL,
        previous=None if previous is None else 100 * previous,
        importance=0.8,
    )


def find_pass_through_across(
    pass_through: PassThrough, parameters: Parameters
) -> tuple[Finding, ...]:
    """Say how much price lists that are set apart pass on within some months.

    Parameters
    ----------
    pass_through : PassThrough
        Sums of lagged coefficients by price list.
    parameters : Parameters
        Months within which moves count.

    Returns
    -------
    tuple of Finding
        One finding, or none where headquarters sets a reference price.
    """
    units = pass_through.units
    if units is None:
        return ()
    share = write_value(100 * units.estimate, Unit.PERCENT)
    interval = write_interval(100 * units.lower, 100 * units.upper, Unit.PERCENT)
    months = write_number(parameters.pass_through_months)
    return (
        Finding(
            key="pass_through_across_units",
            requirement="A8",
            headline=say(
                "Within {months} months the mean price list passes on {share}",
                months=months,
                share=share,
            ),
            sentence=say(
                "Across {units} price lists up to {quarter}, {share} ({interval}) of "
                "policy moves is passed on within {months} months; lists differ by a "
                "standard deviation of {spread}.",
                units=write_number(units.units),
                quarter=write_quarter(pass_through.quarter),
                share=share,
                interval=interval,
                months=months,
                spread=write_value(100 * units.spread, Unit.PERCENTAGE_POINTS),
            ),
            action=say(
                "Compare each price list with the mean before blaming the market."
            ),
            measure=say("Part passed on within {months} months", months=months),
            verdict="measured",
            unit=Unit.PERCENT,
            nobs=units.nobs,
            period=str(pass_through.quarter),
            source=pass_through.source,
            estimate=100 * units.estimate,
            lower=100 * units.lower,
            upper=100 * units.upper,
            confidence_level=CONFIDENCE_LEVEL,
            importance=0.6,
        ),
    )


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


def _advise_on_pass_through(average: LinePassThrough) -> str:
    return say(
        "Plan deposit cost with {share} of each policy move and half of it after "
        "{half_life}; stress it with {lower} and {upper}.",
        share=write_value(100 * average.estimate, Unit.PERCENT),
        half_life=write_value(average.half_life_months, Unit.MONTHS),
        lower=write_value(100 * average.lower, Unit.PERCENT),
        upper=write_value(100 * average.upper, Unit.PERCENT),
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
        headline=_write_response(str(row["product"]), estimate, lower, upper),
        sentence=_write_measured(row, share, verdicts.quarter),
        action=_advise_on_response(str(row["product"]), lower, upper),
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
        "cells": write_number(row["clusters"]),
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


def _write_response(product: str, estimate: float, lower: float, upper: float) -> str:
    if lower <= 0 <= upper:
        return say(
            "Balances of {product} show no clear answer to its rate", product=product
        )
    return say(
        "10 bp more on {product} goes with {tenth} more balance (grade C)",
        product=product,
        tenth=write_value(estimate / 10, Unit.PERCENT),
    )


def _advise_on_response(product: str, lower: float, upper: float) -> str:
    if lower <= 0 <= upper:
        return say(
            "Do not expect volume from a higher rate on {product}.", product=product
        )
    return say(
        "For a 10 bp move of {product} plan {low} to {high} of balance; before "
        "relying on it, confirm it with prices set at random in some regions.",
        product=product,
        low=write_value(lower / 10, Unit.PERCENT),
        high=write_value(upper / 10, Unit.PERCENT),
    )
