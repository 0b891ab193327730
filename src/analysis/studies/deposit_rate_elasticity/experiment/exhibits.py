"""Charts and tables of the tests of prices that would tell what past data cannot."""

from __future__ import annotations

import math

import pandas as pd

from analysis.presentation.charts import Chart, draw_curve
from analysis.presentation.disclosure import (
    Released,
    is_suppressed,
    release,
)
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.studies.deposit_rate_elasticity.experiment.designs import (
    ASSIGNMENTS,
    UNKNOWN_RESPONSES,
    WANTED_ERROR,
    TestDesigns,
)
from analysis.studies.deposit_rate_elasticity.experiment.words import (
    choose_product,
    write_arms,
)
from analysis.units import (
    Unit,
    choose_step,
    write_interval,
    write_money_unit,
    write_number,
    write_value,
)
from analysis.wording import say

MONEY = ("paid", "saved", "cost_lower", "cost_upper")
MEASURES = ("balance_largest", "balance_second", "balance_absolute")


def release_tests(designs: TestDesigns) -> Released:
    """Let the chosen tests pass the disclosure door: costs tell what customers hold.

    Parameters
    ----------
    designs : TestDesigns
        Tests tried and chosen.

    Returns
    -------
    Released
        One row per product for which a test can be laid out, all columns shown.
    """
    rows = designs.products[designs.products["is_possible"]]
    numbers = ["regions", "months", "cells", "left_out", "error", "detectable"]
    shown = rows.assign(arms=[write_arms(row) for _, row in rows.iterrows()])
    columns = ["product", "arms", *numbers, "customers", "balance", *MEASURES, *MONEY]
    return release(
        shown[columns].reset_index(drop=True),
        count="customers",
        amounts=("balance",),
        derived={
            **{name: ["customers"] for name in ("arms", *numbers)},
            **{name: ["balance"] for name in MONEY},
        },
        dominance=("balance",),
    )


def tabulate_tests(designs: TestDesigns) -> DisplayTable | tuple[()]:
    """Show the smallest test of each product that is good enough, and its cost.

    Parameters
    ----------
    designs : TestDesigns
        Tests tried and chosen.

    Returns
    -------
    DisplayTable or tuple
        One row per product; nothing when no test can be laid out.
    """
    if not designs.products["is_possible"].any():
        return ()
    released = release_tests(designs)
    sums = [
        float(value)
        for name in MONEY
        for value in released.rows[name]
        if not is_suppressed(value) and not math.isnan(value)
    ]
    step = choose_step(max(map(abs, sums), default=0.0))
    unit = write_money_unit(designs.currency, step)
    reached = int(designs.products["is_reached"].sum())
    return DisplayTable(
        title=_write_title(reached, len(released.rows)),
        released=_scale(designs, step.divisor),
        columns=(
            DisplayColumn("product", say("Product")),
            DisplayColumn("arms", say("Rates set")),
            DisplayColumn("regions", say("Regions"), Unit.COUNT),
            DisplayColumn("months", say("Months"), None, 0),
            DisplayColumn("cells", say("Cells"), Unit.COUNT),
            DisplayColumn("left_out", say("Left out"), Unit.COUNT),
            DisplayColumn("error", say("Error"), Unit.PERCENT_PER_POINT),
            DisplayColumn("detectable", say("Seen 4 in 5"), Unit.PERCENT_PER_POINT),
            DisplayColumn("paid", say("Paid more"), decimals=1, unit_label=unit),
            DisplayColumn("saved", say("Paid less"), decimals=1, unit_label=unit),
            DisplayColumn("cost_lower", say("Cost from"), decimals=1, unit_label=unit),
            DisplayColumn("cost_upper", say("Cost up to"), decimals=1, unit_label=unit),
        ),
        source=designs.source,
        note=_explain_costs(),
    )


def _scale(designs: TestDesigns, divisor: float) -> Released:
    products = designs.products
    scaled = {name: products[name] / divisor for name in MONEY}
    return release_tests(
        TestDesigns(
            designs.tried,
            products.assign(**scaled),
            designs.quarter,
            designs.source,
            designs.currency,
        )
    )


def _write_title(reached: int, products: int) -> str:
    if reached == products:
        return say(
            "The smallest test of each product with an error of {wanted} or less",
            wanted=write_value(WANTED_ERROR, Unit.PERCENT_PER_POINT),
        )
    return say(
        "{reached} of {products} products have a test with an error of {wanted} or "
        "less; for the others the sharpest is shown",
        reached=write_number(reached),
        products=write_number(products),
        wanted=write_value(WANTED_ERROR, Unit.PERCENT_PER_POINT),
    )


def _explain_costs() -> str:
    return say(
        "Smallest: moves least interest. Left out: pricing cells without room below "
        "the ceiling and above zero, or whose region has fewer than three accounts. "
        "Seen 4 in 5: smallest response found four times in five. Paid more and less: "
        "interest on today's balances in raised and lowered cells, as if all were "
        "repriced at once, so an upper bound for running terms. Cost: interest less "
        "what balances gained and lost bring at the treasury's credit, at both ends "
        "of the response's interval ({range} where it is not known); negative is a "
        "gain.",
        range=write_interval(*UNKNOWN_RESPONSES, Unit.PERCENT_PER_POINT),
    )


def chart_tests(designs: TestDesigns) -> Chart | Note:
    """Draw how the error of a test falls with its length and its wedge.

    Parameters
    ----------
    designs : TestDesigns
        Tests tried and chosen.

    Returns
    -------
    Chart or Note
        One product, all its regions; a note when no test can be laid out.
    """
    product = choose_product(designs)
    if product is None:
        return Note(
            say("Without a test that can be laid out there is nothing to draw or plan.")
        )
    tried = designs.tried[designs.tried["product"] == product["product"]]
    tried = tried.dropna(subset="error")
    regions = int(tried["regions"].max())
    rows = tried[tried["regions"] == regions].assign(customers=product["customers"])
    rows = rows.assign(arms=[write_arms(row) for _, row in rows.iterrows()])
    numbers = ["error", "error_lower", "error_upper"]
    kept = rows[["arms", "months", *numbers, "customers"]].reset_index(drop=True)
    return Chart(
        drawing=draw_curve(
            release(
                kept,
                count="customers",
                derived={name: ["customers"] for name in numbers},
            ),
            x="months",
            y="error",
            lower="error_lower",
            upper="error_upper",
            series="arms",
            x_label=say("Months of the test"),
            y_label=say("Percent of balance per percentage point"),
            reference=WANTED_ERROR,
        ),
        title=_write_chart_title(product),
        subtitle=say(
            "Expected error of the response of {product} in {regions} regions, by the "
            "rates set",
            product=str(product["product"]),
            regions=write_number(regions),
        ),
        source=designs.source,
        nobs=int(rows["nobs"].max()),
        alt=_describe_curves(rows),
        note=say(
            "Dashed: the wanted error. Bands: 95%, for the {lots} lots behind each "
            "point. Rates for which no cell has room are not drawn.",
            lots=write_number(ASSIGNMENTS),
        ),
    )


def _write_chart_title(product: pd.Series) -> str:
    error = write_value(float(product["error"]), Unit.PERCENT_PER_POINT)
    words = {
        "product": str(product["product"]),
        "arms": write_arms(product),
        "months": write_number(product["months"]),
        "error": error,
    }
    if product["is_reached"]:
        return say(
            "{product}: {arms} for {months} months is enough, with an error of {error}",
            **words,
        )
    return say(
        "{product}: no test tried is sharp enough; {arms} for {months} months leaves "
        "an error of {error}",
        **words,
    )


def _describe_curves(rows: pd.DataFrame) -> str:
    ends = rows.groupby("arms", sort=False)["error"].agg(["first", "last"])
    parts = [
        say(
            "{arms}: {first} to {last}",
            arms=str(arms),
            first=write_value(float(end["first"]), Unit.PERCENT_PER_POINT),
            last=write_value(float(end["last"]), Unit.PERCENT_PER_POINT),
        )
        for arms, end in ends.iterrows()
    ]
    return say(
        "Falling curves from {first} to {last} months. {parts}.",
        first=write_number(rows["months"].min()),
        last=write_number(rows["months"].max()),
        parts="; ".join(parts),
    )
