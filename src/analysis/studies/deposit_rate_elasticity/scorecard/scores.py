"""Score the responses of the quarter before by what balances did in this one.

Every graded response is estimated again on what was known a quarter before. What it
foresees of each pricing cell is its response times the change of the cell's rate
beside the other cells of its line. Only responses of grade B and C are scored.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.quarter import Quarter
from analysis.statistics.experiment_design import find_detectable_effect
from analysis.statistics.forecast_score import (
    Calibration,
    calibrate_forecast,
    check_coverage,
    find_inside,
)
from analysis.studies.deposit_rate_elasticity.parameters import (
    CONFIDENCE_LEVEL,
    FEWEST_CLUSTERS,
    WEAKEST_INSTRUMENT,
)
from analysis.studies.deposit_rate_elasticity.rates.history import RateHistory
from analysis.studies.deposit_rate_elasticity.response.balance_panel import (
    SEGMENT,
    BalancePanel,
)
from analysis.studies.deposit_rate_elasticity.response.estimates import (
    DESIGNS,
    Design,
)
from analysis.studies.deposit_rate_elasticity.response.verdicts import (
    REFUSED,
    Verdicts,
)
from analysis.studies.deposit_rate_elasticity.scorecard.changes import (
    UNIT,
    list_changes,
)
from analysis.studies.deposit_rate_elasticity.scorecard.drift import measure_drift

SCORED_QUARTERS = 4
"""Quarters whose forecasts are scored together, the last one included."""
FEWEST_CHANGES = 5
"""Earlier changes of a cell behind its predictive interval."""
LEVELS = (0.80, 0.95)
"""Shares that predictive intervals promise to hold."""
DESIGN_OF = {design.name: design for design in DESIGNS}


@dataclass(frozen=True, slots=True)
class Scorecard:
    """How forecasts did.

    Parameters
    ----------
    products : pandas.DataFrame
        One row per scored product and span, largest balance first: `span` ("last" or
        "year"), `customers`, `slope`, `std_error`, `lower`, `upper` (what came for
        one foreseen), `detectable` (smallest departure of the slope from one that is
        seen four times in five), `forecasts`, `cells`, `nobs`, `inside_80_pct` and
        `inside_95_pct` with `pvalue_80` and `pvalue_95`, `drift` with `drift_lower`
        and `drift_upper` (change of the response since the quarter before) and
        `verdict` ("trust", "recalibrate", "freeze" or "cannot tell").
    refused : int
        Products that are not scored, because no response of theirs is graded.
    quarter : Quarter
        The quarter reported.
    source : str
        Where the numbers come from.
    """

    products: pd.DataFrame
    refused: int
    quarter: Quarter
    source: str


def score_forecasts(
    panel: BalancePanel, verdicts: Verdicts, history: RateHistory
) -> Scorecard:
    """Score each product's forecasts, of the last quarter and of the last year.

    Parameters
    ----------
    panel : BalancePanel
        Compressed panel.
    verdicts : Verdicts
        Which responses are graded, and by which design.
    history : RateHistory
        Says how long a period is.

    Returns
    -------
    Scorecard
        Empty where no response is graded, or none has a forecast.
    """
    graded = verdicts.products[verdicts.products["grade"] != REFUSED]
    rows: list[dict[str, object]] = []
    for _, product in graded.iterrows():
        best = _choose_segments(verdicts, product)
        groups = panel.groups.merge(best[SEGMENT], on=SEGMENT)
        design = DESIGN_OF[str(best["design"].iloc[0])]
        changes = list_changes(groups, period_months=history.period_months)
        forecasts = _forecast(groups, changes, design, panel.quarter)
        if forecasts.empty:
            continue
        named = {
            "product": product["product"],
            "customers": int(best["customers"].sum()),
            **measure_drift(groups, design, panel.quarter),
        }
        rows += [named | span for span in _score_spans(forecasts, design)]
    return Scorecard(
        products=pd.DataFrame(rows),
        refused=len(verdicts.products) - len(graded),
        quarter=panel.quarter,
        source=panel.source,
    )


def judge_slope(lower: float, upper: float) -> str:
    """Say what to do with a response by the interval of its forecasts' slope.

    Parameters
    ----------
    lower, upper : float
        Interval of what came for one foreseen.

    Returns
    -------
    str
        "cannot tell" where the interval holds one and nothing, or has no end;
        "trust" where it holds one; "freeze" where it does not and reaches to nothing
        or below; else "recalibrate".
    """
    if not (math.isfinite(lower) and math.isfinite(upper)):
        return "cannot tell"
    if lower <= 1 <= upper:
        return "cannot tell" if lower <= 0 else "trust"
    return "freeze" if lower <= 0 else "recalibrate"


def _choose_segments(verdicts: Verdicts, product: pd.Series) -> pd.DataFrame:
    """Take the segments behind a product's response."""
    segments = verdicts.segments
    is_best = (segments["product"] == product["product"]) & (
        segments["grade"] == product["grade"]
    )
    best: pd.DataFrame = segments[is_best]
    return best


def _forecast(
    groups: pd.DataFrame, changes: pd.DataFrame, design: Design, quarter: Quarter
) -> pd.DataFrame:
    """Foresee the changes of each of the last quarters from what was known before."""
    parts = []
    for back in range(SCORED_QUARTERS):
        scored = quarter.shift(-back)
        known = groups[groups["period"] <= pd.Timestamp(scored.previous.last_day)]
        fits = _refit(known, design)
        number = 4 * scored.year + scored.number
        if fits.empty:
            continue
        told = changes.merge(fits, on="segment")
        foreseen = _predict(told[told["quarter"] == number])
        earlier = _predict(told[told["quarter"] < number])
        parts.append(foreseen.merge(_measure_noise(earlier), on=UNIT, how="left"))
    if not parts:
        return changes.iloc[:0]
    return pd.concat(parts, ignore_index=True)


def _refit(known: pd.DataFrame, design: Design) -> pd.DataFrame:
    """Estimate the response of each segment from what was known."""
    rows = []
    for segment, part in known.groupby("segment"):
        enough = part[design.cluster].nunique() >= FEWEST_CLUSTERS
        fit = design.fit(part) if enough else {}
        if fit:
            error = fit["std_error"] / 100
            rows.append(
                {"segment": segment, "response": fit["estimate"] / 100, "error": error}
            )
    return pd.DataFrame(rows)


def _predict(told: pd.DataFrame) -> pd.DataFrame:
    predicted = told["response"] * told["rate_pct"]
    return told.assign(
        predicted=predicted,
        mover=told["response"] * told["funding_pct"],
        missed=told["outcome"] - predicted,
        doubt=(told["error"] * told["rate_pct"]).abs(),
    )


def _measure_noise(earlier: pd.DataFrame) -> pd.DataFrame:
    """Give each cell the size of its earlier misses, where there are enough."""
    squares = earlier.assign(square=earlier["missed"] ** 2)
    found = squares.groupby(UNIT, as_index=False).agg(
        noise=("square", "mean"), degrees=("square", "size")
    )
    found = found[found["degrees"] >= FEWEST_CHANGES]
    return found.assign(noise=np.sqrt(found["noise"]))


def _score_spans(forecasts: pd.DataFrame, design: Design) -> list[dict[str, object]]:
    """Score the last quarter alone, and the last quarters together."""
    last = forecasts[forecasts["quarter"] == forecasts["quarter"].max()]
    return [
        {"span": name, **_score(rows, design)}
        for name, rows in (("last", last), ("year", forecasts))
    ]


def _score(forecasts: pd.DataFrame, design: Design) -> dict[str, object]:
    found = None
    if forecasts[design.cluster].nunique() >= FEWEST_CLUSTERS:
        by_credit = design.cluster == "region"
        found = calibrate_forecast(
            forecasts,
            effects=["market"],
            cluster=design.cluster,
            mover="mover" if by_credit else None,
            beside=("sister_pct", "sister_funding_pct"),
            weakest=WEAKEST_INSTRUMENT,
            confidence_level=CONFIDENCE_LEVEL,
        )
    return {
        "forecasts": len(forecasts),
        "cells": forecasts.groupby(UNIT).ngroups,
        "quarters": forecasts["quarter"].nunique(),
        **_describe_calibration(found),
        **_describe_coverage(forecasts),
    }


def _describe_calibration(found: Calibration | None) -> dict[str, object]:
    if found is None:
        numbers = ("slope", "std_error", "lower", "upper", "detectable")
        blank = dict.fromkeys(numbers, math.nan)
        return {**blank, "nobs": 0, "verdict": judge_slope(math.nan, math.nan)}
    degrees = found.clusters - 1
    return {
        "slope": found.slope,
        "std_error": found.std_error,
        "lower": found.lower,
        "upper": found.upper,
        "detectable": find_detectable_effect(found.std_error, degrees=degrees),
        "nobs": found.nobs,
        "verdict": judge_slope(found.lower, found.upper),
    }


def _describe_coverage(forecasts: pd.DataFrame) -> dict[str, float]:
    known = forecasts.dropna(subset="noise")
    rows: dict[str, float] = {"covered": len(known)}
    for level in LEVELS:
        percent = round(100 * level)
        share = pvalue = math.nan
        if len(known):
            inside = find_inside(
                known["missed"].to_numpy(),
                noise=known["noise"].to_numpy(),
                degrees=known["degrees"].to_numpy(),
                doubt=known["doubt"].to_numpy(),
                level=level,
            )
            tested = check_coverage(int(inside.sum()), len(inside), promised=level)
            share, pvalue = 100 * tested.share, tested.pvalue
        rows |= {f"inside_{percent}_pct": share, f"pvalue_{percent}": pvalue}
    return rows
