"""The finding on whether the last forecasts held."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from analysis.presentation.findings import Finding
from analysis.quarter import write_quarter
from analysis.studies.deposit_rate_elasticity.parameters import CONFIDENCE_LEVEL
from analysis.studies.deposit_rate_elasticity.scorecard.scores import (
    SCORED_QUARTERS,
    Scorecard,
)
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import mark, say

NOTHING_SCORED = mark(
    "No forecast can be scored: a response must be graded B or C, and its pricing "
    "cells must have been there in the quarter before."
)
ORDER = ("freeze", "recalibrate", "trust", "cannot tell")
"""Verdicts, the one that most asks for action first."""
HEADLINES = {
    "freeze": mark("Forecasts of {product} did not hold: freeze its response"),
    "recalibrate": mark("Forecasts of {product} were off: recalibrate its response"),
    "trust": mark("Forecasts of {product} held"),
    "cannot tell": mark("Whether forecasts of {product} held cannot be told"),
}
ACTIONS = {
    "freeze": mark(
        "Do not price {product} by its response until it has been found again."
    ),
    "recalibrate": mark(
        "Multiply what the response of {product} foresees by the slope until the next "
        "estimate."
    ),
    "trust": mark("Go on pricing {product} by its response."),
    "cannot tell": mark(
        "Use the interval of the response of {product}, not its middle; rates moved "
        "too little to check it."
    ),
}


def find_forecast_score(scorecard: Scorecard) -> Finding:
    """Say whether what was foreseen came, for the product that most asks for action.

    Parameters
    ----------
    scorecard : Scorecard
        How forecasts did.

    Returns
    -------
    Finding
        What came for one foreseen in the last year; refused where rates moved too
        little to tell, or no response is graded.
    """
    shared: dict[str, Any] = {
        "key": "forecast_score",
        "requirement": "A5",
        "unit": Unit.RATIO,
        "period": str(scorecard.quarter),
        "source": scorecard.source,
        "confidence_level": CONFIDENCE_LEVEL,
    }
    if scorecard.products.empty:
        return _refuse(shared, scorecard)
    year = scorecard.products[scorecard.products["span"] == "year"]
    place = year["verdict"].map(ORDER.index).to_numpy().argmin()
    row = year.iloc[int(place)]
    verdict, product = str(row["verdict"]), str(row["product"])
    words: dict[str, Any] = {
        "headline": say(HEADLINES[verdict], product=product),
        "action": say(ACTIONS[verdict], product=product),
    }
    if verdict == "cannot tell":
        return Finding(
            **shared,
            **words,
            sentence=_count_verdicts(year, scorecard),
            verdict="not identified",
            nobs=0,
            reason=_write_power(row),
            importance=0.3,
        )
    return Finding(
        **shared,
        **words,
        sentence=_write_score(row, year, scorecard),
        measure=say("What came of {product} for one foreseen", product=product),
        verdict="measured",
        nobs=int(row["nobs"]),
        estimate=float(row["slope"]),
        lower=float(row["lower"]),
        upper=float(row["upper"]),
        importance=0.5 if verdict == "trust" else 0.8,
    )


def _refuse(shared: dict[str, Any], scorecard: Scorecard) -> Finding:
    return Finding(
        **shared,
        headline=say("No forecast of balances can be scored"),
        sentence=say(
            "In {quarter} there is no response whose forecast could be set against "
            "what came.",
            quarter=write_quarter(scorecard.quarter),
        ),
        action=say("Do not plan volume from a response that nothing has checked."),
        verdict="not identified",
        nobs=0,
        reason=say(NOTHING_SCORED),
        importance=0.1,
    )


def _write_score(row: pd.Series, year: pd.DataFrame, scorecard: Scorecard) -> str:
    score = say(
        "For each percent of balance that the response of {product} foresaw a quarter "
        "ahead, {slope} percent came ({interval}), over the {quarters} quarters up to "
        "{quarter} and {cells} pricing cells; {inside} of changes lay inside their 80% "
        "interval.",
        product=str(row["product"]),
        slope=write_value(float(row["slope"]), Unit.RATIO),
        interval=write_interval(float(row["lower"]), float(row["upper"]), Unit.RATIO),
        quarters=write_number(row["quarters"]),
        quarter=write_quarter(scorecard.quarter),
        cells=write_number(row["cells"]),
        inside=_write_share(float(row["inside_80_pct"])),
    )
    return say(
        "{score} {last} {counted}",
        score=score,
        last=_write_last(row, scorecard),
        counted=_count_verdicts(year, scorecard),
    )


def _write_last(row: pd.Series, scorecard: Scorecard) -> str:
    """Write the slope of the last quarter alone, where it has ends."""
    rows = scorecard.products
    is_last = (rows["product"] == row["product"]) & (rows["span"] == "last")
    last = rows[is_last].iloc[0]
    quarter = write_quarter(scorecard.quarter)
    if not (math.isfinite(last["lower"]) and math.isfinite(last["upper"])):
        return say("{quarter} alone cannot tell.", quarter=quarter)
    return say(
        "In {quarter} alone it was {slope} ({interval}).",
        quarter=quarter,
        slope=write_value(float(last["slope"]), Unit.RATIO),
        interval=write_interval(float(last["lower"]), float(last["upper"]), Unit.RATIO),
    )


def _write_share(share_pct: float) -> str:
    if math.isnan(share_pct):
        return say("an unknown share")
    return write_value(share_pct, Unit.PERCENT)


def _count_verdicts(year: pd.DataFrame, scorecard: Scorecard) -> str:
    """Say how many products have which verdict."""
    counts = year["verdict"].value_counts().reindex(list(ORDER), fill_value=0)
    return say(
        "Products by verdict in {quarter}: {trust} to trust, {recalibrate} to "
        "recalibrate, {freeze} to freeze, {unclear} that cannot be told, {refused} "
        "without a graded response.",
        quarter=write_quarter(scorecard.quarter),
        trust=write_number(counts["trust"]),
        recalibrate=write_number(counts["recalibrate"]),
        freeze=write_number(counts["freeze"]),
        unclear=write_number(counts["cannot tell"]),
        refused=write_number(scorecard.refused),
    )


def _write_power(row: pd.Series) -> str:
    if math.isnan(row["detectable"]):
        return say("The rates of its pricing cells did not move beside each other.")
    return say(
        "Rates of its pricing cells moved too little beside each other: over "
        "{quarters} quarters a slope would have to differ from one by {detectable} to "
        "be seen four times in five.",
        quarters=write_number(SCORED_QUARTERS),
        detectable=write_value(float(row["detectable"]), Unit.RATIO),
    )
