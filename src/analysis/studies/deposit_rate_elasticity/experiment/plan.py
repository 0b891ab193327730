"""The analysis of a test, written down before its first rate is set."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.disclosure import release_public
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.studies.deposit_rate_elasticity.experiment.designs import TestDesigns
from analysis.studies.deposit_rate_elasticity.experiment.words import (
    choose_product,
    write_arms,
)
from analysis.units import Unit, write_number, write_value
from analysis.wording import mark, say

OUTCOME = mark(
    "Log of each existing account's mean balance in a month, net of interest credited. "
    "Accounts opened during the test are reported apart."
)
ESTIMATOR = mark(
    "Least squares on the wedge that was drawn, with effects of account and of line, "
    "segment and month; the three months before the test are the baseline. A cell that "
    "was not priced as drawn stays with its lot."
)
ERRORS = mark("Clustered by pricing cell; 95% interval from Student's t.")
STOPPING = mark("None: no look at the response before the last month is complete.")


def tabulate_plan(designs: TestDesigns) -> DisplayTable | tuple[()]:
    """Write down the analysis before the test begins.

    Parameters
    ----------
    designs : TestDesigns
        Tests tried and chosen.

    Returns
    -------
    DisplayTable or tuple
        One row per part of the plan; nothing when no test can be laid out.
    """
    product = choose_product(designs)
    if product is None:
        return ()
    plan = pd.DataFrame(
        {
            say("Outcome"): [say(OUTCOME)],
            say("Design"): [_write_design(product)],
            say("Estimator"): [say(ESTIMATOR)],
            say("Errors"): [say(ERRORS)],
            say("Stopping"): [say(STOPPING)],
            say("What decides"): [_write_decision(product)],
        }
    )
    rows = plan.T.reset_index().set_axis(["part", "fixed"], axis=1)
    return DisplayTable(
        title=say(
            "The analysis of the test of {product}, written beforehand",
            product=str(product["product"]),
        ),
        released=release_public(rows, reason="a plan; its numbers are of design"),
        columns=(
            DisplayColumn("part", say("Part")),
            DisplayColumn("fixed", say("Fixed before the first rate is set")),
        ),
        source=designs.source,
    )


def _write_design(product: pd.Series) -> str:
    return say(
        "{product}: {regions} regions drawn by lot, {months} months. In each pricing "
        "cell the rate is set by lot ({arms}), anew each quarter, half of the cells of "
        "a term and tier at the higher rate and half at the lower. Cells without room "
        "are left out ({left_out}).",
        product=str(product["product"]),
        regions=write_number(product["regions"]),
        months=write_number(product["months"]),
        arms=write_arms(product),
        left_out=write_number(product["left_out"]),
    )


def _write_decision(product: pd.Series) -> str:
    return say(
        "Only the interval of the response. Where it leaves zero out, prices use the "
        "response. Where it holds zero, no volume is expected from this rate: a "
        "response of {detectable} would have been seen four times in five.",
        detectable=write_value(float(product["detectable"]), Unit.PERCENT_PER_POINT),
    )
