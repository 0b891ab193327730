"""The finding on which test of prices would tell what past data cannot."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.findings import Finding
from analysis.quarter import Quarter, write_quarter
from analysis.studies.deposit_rate_elasticity.experiment.designs import (
    WANTED_ERROR,
    TestDesigns,
)
from analysis.studies.deposit_rate_elasticity.experiment.exhibits import (
    release_tests,
)
from analysis.studies.deposit_rate_elasticity.experiment.words import (
    NO_TEST,
    choose_product,
    write_arms,
)
from analysis.studies.deposit_rate_elasticity.parameters import CONFIDENCE_LEVEL
from analysis.studies.deposit_rate_elasticity.response.verdicts import REFUSED
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import mark, say

HEADLINES = {
    (True, True): mark(
        "{months} months of {arms} by lot would tell how {product} responds"
    ),
    (True, False): mark(
        "Even {months} months of {arms} would not tell how {product} responds"
    ),
    (False, True): mark(
        "{months} months of {arms} by lot would confirm how {product} responds"
    ),
    (False, False): mark(
        "Even {months} months of {arms} would not confirm how {product} responds"
    ),
}
"""By whether past data cannot tell, and whether a test reaches the wanted error."""
ACTIONS = {
    True: mark(
        "Run this test of {product}, by the plan below and without a look at results "
        "before its end."
    ),
    False: mark(
        "Test {product} longer, in more regions or with a larger wedge than were tried."
    ),
}
"""By whether a test reaches the wanted error."""


def find_test(designs: TestDesigns) -> Finding:
    """Say which test would settle the most of what past data cannot tell.

    Parameters
    ----------
    designs : TestDesigns
        Tests tried and chosen.

    Returns
    -------
    Finding
        The expected error of the smallest good enough test, with the interval that
        the number of lots leaves; refused when no test can be laid out.
    """
    shared: dict[str, Any] = {
        "key": "price_test",
        "requirement": "A3",
        "unit": Unit.PERCENT_PER_POINT,
        "period": str(designs.quarter),
        "source": designs.source,
        "confidence_level": CONFIDENCE_LEVEL,
    }
    product = choose_product(designs)
    if product is None:
        return _refuse_test(designs.quarter, shared)
    is_reached = bool(product["is_reached"])
    words = {
        "product": str(product["product"]),
        "arms": write_arms(product),
        "months": write_number(product["months"]),
    }
    headline = HEADLINES[product["grade"] == REFUSED, is_reached]
    return Finding(
        **shared,
        headline=say(headline, **words),
        sentence=_write_test(designs, product),
        action=say(ACTIONS[is_reached], product=words["product"]),
        measure=say("Error of a test of {product}", product=words["product"]),
        verdict="measured",
        nobs=int(product["nobs"]),
        estimate=float(product["error"]),
        lower=float(product["error_lower"]),
        upper=float(product["error_upper"]),
        importance=0.6 if product["grade"] == REFUSED else 0.3,
    )


def _refuse_test(quarter: Quarter, shared: dict[str, Any]) -> Finding:
    return Finding(
        **shared,
        headline=say("No test of prices can be laid out"),
        sentence=say(
            "In {quarter} no product has what a test of prices needs.",
            quarter=write_quarter(quarter),
        ),
        action=say("Do not set rates from a response that nothing has shown."),
        verdict="not identified",
        nobs=0,
        reason=say(NO_TEST),
        importance=0.1,
    )


def _write_test(designs: TestDesigns, product: pd.Series) -> str:
    interval = (float(product["error_lower"]), float(product["error_upper"]))
    error = say(
        "Posted rates of {product} set by lot ({arms}) in {regions} regions for "
        "{months} months would tell its response with an error of {error} "
        "({interval}), where {wanted} is wanted, judged by {nobs} account-months up to "
        "{quarter}. A response of {detectable} would be seen four times in five.",
        product=str(product["product"]),
        arms=write_arms(product),
        regions=write_number(product["regions"]),
        months=write_number(product["months"]),
        error=write_value(float(product["error"]), Unit.PERCENT_PER_POINT),
        interval=write_interval(*interval, Unit.PERCENT_PER_POINT),
        wanted=write_value(WANTED_ERROR, Unit.PERCENT_PER_POINT),
        nobs=write_number(product["nobs"]),
        quarter=write_quarter(designs.quarter),
        detectable=write_value(float(product["detectable"]), Unit.PERCENT_PER_POINT),
    )
    return say("{error} {cost}", error=error, cost=_write_cost(designs, product))


def _write_cost(designs: TestDesigns, product: pd.Series) -> str:
    """Write the cost where it may be shown and is known."""
    rows = release_tests(designs).rows
    shown = rows[rows["product"] == product["product"]].iloc[0]
    ends = [shown["cost_lower"], shown["cost_upper"]]
    if any(is_suppressed(end) or pd.isna(end) for end in ends):
        return say("What it costs is not shown.")
    return say(
        "It is expected to cost {cost}.",
        cost=write_interval(
            float(ends[0]),
            float(ends[1]),
            Unit.MONEY,
            currency=designs.currency,
        ),
    )
