"""Find the smallest test of prices that tells a product's response well enough.

A test sets the posted rates of pricing cells above or below what they are, by lot,
anew each quarter, in some regions for some months. Its error is read off the panel's
own noise, see `analysis.statistics.experiment_design`. Errors are percent of balance
per percentage point.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.quarter import Quarter
from analysis.statistics.experiment_design import (
    assign_treatments,
    find_detectable_effect,
    measure_placebo_errors,
)
from analysis.studies.deposit_rate_elasticity.experiment.arms import (
    LOWERED_ONLY,
    RAISED_ONLY,
    cost_test,
    place_arms,
)
from analysis.studies.deposit_rate_elasticity.experiment.noise_panel import (
    BASELINE_MONTHS,
    TEST_MONTHS,
    NoisePanel,
)
from analysis.studies.deposit_rate_elasticity.parameters import LINE, Parameters
from analysis.studies.deposit_rate_elasticity.response.verdicts import (
    REFUSED,
    Verdicts,
)

WANTED_ERROR = 4.0
"""Standard error that a test is to reach, % of balance per percentage point."""
WEDGES_BP = (10, 20, 30)
"""Sizes of a wedge that are tried; the price list has steps of 5 bp."""
REGION_SHARES = (0.5, 1.0)
"""Shares of the regions that are tried."""
FEWEST_REGIONS = 6
"""Regions below which no lot is drawn."""
QUARTER_MONTHS = 3
"""Months after which the lot is drawn anew."""
ASSIGNMENTS = 100
"""Lots drawn for each length and number of regions."""
EFFECTS = ["group", "market"]
UNKNOWN_RESPONSES = (0.0, 30.0)
"""Responses thought possible where none is known, % of balance per percentage point."""


@dataclass(frozen=True, slots=True)
class TestDesigns:
    """Tests that were tried, and the smallest good enough one of each product.

    Parameters
    ----------
    tried : pandas.DataFrame
        One row per product, wedge, number of regions and length: `wedge_bp`,
        `regions`, `months`, `error` with `error_lower` and `error_upper` (for the
        number of lots), `stated_error` (mean clustered error), `detectable` (smallest
        response seen four times in five), `cells` tested, `possible` and `left_out`
        (cells with and without room), `raised_only` and `lowered_only` (cells whose
        lower or higher rate is the posted one), `nobs`, `clusters` and the costs of
        `cost_test`.
    products : pandas.DataFrame
        One row per product, largest balance first: counts, balances, `grade`,
        `estimate`, `lower`, `upper` of the response (missing where it is not known),
        `is_possible` (whether any test could be laid out), `is_reached` and the
        columns of `tried` for the smallest test that reaches the wanted error, or
        the sharpest one where none does.
    quarter : Quarter
        The quarter reported.
    source, currency : str
        Where the numbers come from, and in what money.
    """

    tried: pd.DataFrame
    products: pd.DataFrame
    quarter: Quarter
    source: str
    currency: str


def design_tests(
    noise: NoisePanel, verdicts: Verdicts, parameters: Parameters
) -> TestDesigns:
    """Try tests of each product on its own noise.

    Parameters
    ----------
    noise : NoisePanel
        What balances did lately.
    verdicts : Verdicts
        What is known of each response so far.
    parameters : Parameters
        Seed of the lots.

    Returns
    -------
    TestDesigns
        All that were tried and the smallest that is good enough.
    """
    known = verdicts.products[["product", "grade", "estimate", "lower", "upper"]]
    products = noise.products.merge(known, on="product", how="left").fillna(
        {"grade": REFUSED}
    )
    tried, chosen = [], []
    for number, (_, product) in enumerate(products.iterrows()):
        rng = np.random.default_rng([parameters.seed, number])
        rows = pd.DataFrame(_try_tests(noise, product, rng))
        tried.append(rows)
        chosen.append(_choose_test(rows))
    return TestDesigns(
        tried=pd.concat(tried, ignore_index=True),
        products=pd.concat([products, pd.DataFrame(chosen)], axis=1),
        quarter=noise.quarter,
        source=noise.source,
        currency=noise.currency,
    )


def _try_tests(
    noise: NoisePanel, product: pd.Series, rng: np.random.Generator
) -> list[dict[str, object]]:
    """Give the error and the cost of every test of a product."""
    cells = noise.cells[noise.cells["product"] == product["product"]]
    lifts = {wedge: place_arms(cells, wedge / 100) for wedge in WEDGES_BP}
    rows: list[dict[str, object]] = []
    for months in _list_lengths(noise):
        known: dict[bytes, list[dict[str, float]]] = {}
        window = _cut_window(noise, cells, months)
        for wedge, lift in lifts.items():
            # The error of a wedge is that of another with the same cells, in scale.
            takes_part = lift.notna().to_numpy()
            key = takes_part.tobytes()
            if key not in known:
                known[key] = _measure_errors(window, cells, takes_part, rng)
            rows += [
                _describe_test(cells, lift, wedge, months, error, product)
                for error in known[key]
            ]
    return rows


def _list_lengths(noise: NoisePanel) -> list[int]:
    """List the lengths for which there is a history of noise."""
    months = len(noise.periods) * noise.period_months - BASELINE_MONTHS
    return [length for length in TEST_MONTHS if length <= months]


def _cut_window(noise: NoisePanel, cells: pd.DataFrame, months: int) -> pd.DataFrame:
    """Give a product's last months with round of the lot and place of the cell."""
    quarter = QUARTER_MONTHS // noise.period_months
    baseline = BASELINE_MONTHS // noise.period_months
    length = months // noise.period_months + baseline
    periods = pd.DatetimeIndex(noise.periods[-length:])
    of_product = noise.groups["product"].isin(cells["product"])
    rows = noise.groups[of_product & noise.groups["period"].isin(periods)]
    turn = periods.get_indexer(pd.DatetimeIndex(rows["period"])) - baseline
    return rows.assign(
        round=np.where(turn >= 0, turn // quarter, -1),
        place=pd.Index(cells["cell"]).get_indexer(pd.Index(rows["cell"])),
    )


def _measure_errors(
    window: pd.DataFrame,
    cells: pd.DataFrame,
    takes_part: np.ndarray,
    rng: np.random.Generator,
) -> list[dict[str, float]]:
    """Measure the error of a wedge of one percentage point, by number of regions."""
    places = cells["region"].where(takes_part)
    regions = np.sort(places.dropna().unique())
    strata = np.asarray(cells.groupby([*LINE, "tier"]).ngroup(), dtype=np.intp)
    rounds = int(window["round"].max()) + 1
    found: list[dict[str, float]] = []
    for share in REGION_SHARES:
        n_regions = int(share * len(regions))
        if n_regions < FEWEST_REGIONS:
            continue
        drawn = [
            rng.choice(regions, n_regions, replace=False) for _ in range(ASSIGNMENTS)
        ]
        chosen = np.array([places.isin(some).to_numpy() for some in drawn])
        lots = assign_treatments(strata, chosen, rounds=rounds, rng=rng)
        errors = measure_placebo_errors(window, lots, effects=EFFECTS, cluster="cell")
        found.append(
            {
                "regions": n_regions,
                "share": n_regions / len(regions),
                "cells": int(chosen.sum(axis=1).mean().round()),
                "spread": 100 * errors.spread,
                "spread_lower": 100 * errors.lower,
                "spread_upper": 100 * errors.upper,
                "std_error": 100 * errors.std_error,
                "nobs": errors.nobs,
                "clusters": errors.clusters,
            }
        )
    return found


def _describe_test(
    cells: pd.DataFrame,
    lift: pd.Series,
    wedge_bp: int,
    months: int,
    found: dict[str, float],
    product: pd.Series,
) -> dict[str, object]:
    """Put a wedge's error beside what it moves and costs."""
    wedge = wedge_bp / 100
    is_known = product["grade"] != REFUSED
    responses = (product["lower"], product["upper"]) if is_known else UNKNOWN_RESPONSES
    costs = cost_test(
        cells, lift, wedge, months=months, share=found["share"], responses=responses
    )
    error = found["spread"] / wedge
    return {
        "product": product["product"],
        "wedge_bp": wedge_bp,
        "regions": found["regions"],
        "months": months,
        "error": error,
        "error_lower": found["spread_lower"] / wedge,
        "error_upper": found["spread_upper"] / wedge,
        "stated_error": found["std_error"] / wedge,
        "detectable": find_detectable_effect(error, degrees=found["clusters"] - 1),
        "cells": found["cells"],
        "possible": int(lift.notna().sum()),
        "left_out": int(lift.isna().sum()),
        "raised_only": int((lift == RAISED_ONLY).sum()),
        "lowered_only": int((lift == LOWERED_ONLY).sum()),
        "nobs": found["nobs"],
        "clusters": found["clusters"],
        **costs,
    }


def _choose_test(tried: pd.DataFrame) -> dict[str, object]:
    """Take the test that moves least interest of those that reach the wanted error."""
    known = tried.dropna(subset="error") if len(tried) else tried
    if known.empty:
        return {"is_possible": False, "is_reached": False}
    good = known[known["error"] <= WANTED_ERROR]
    best = known.sort_values("error").iloc[0]
    if len(good):
        best = good.sort_values(["moved", "months"]).iloc[0]
    taken = {str(name): value for name, value in best.drop("product").items()}
    return {"is_possible": True, "is_reached": bool(len(good)), **taken}
