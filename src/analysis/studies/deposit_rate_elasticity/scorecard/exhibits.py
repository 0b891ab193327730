"""Chart and table on how the last forecasts did."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from analysis.presentation.charts import Chart, draw_intervals
from analysis.presentation.disclosure import release
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.deposit_rate_elasticity.scorecard.scores import (
    FEWEST_CHANGES,
    SCORED_QUARTERS,
    Scorecard,
)
from analysis.studies.deposit_rate_elasticity.sentences import write_pvalue
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import mark, say

SPANS = {"last": mark("last quarter"), "year": mark("last four quarters")}
VERDICTS = {
    "trust": mark("Trust"),
    "recalibrate": mark("Recalibrate"),
    "freeze": mark("Freeze"),
    "cannot tell": mark("Cannot tell"),
}
_DASH = "\N{EN DASH}"


def chart_forecast_scores(scorecard: Scorecard) -> Chart | Note:
    """Draw what came for one foreseen, by product and span.

    Parameters
    ----------
    scorecard : Scorecard
        How forecasts did.

    Returns
    -------
    Chart or Note
        A note when nothing can be scored.
    """
    known = _name_known(scorecard.products)
    if known.empty:
        return Note(say("Without a slope that has two ends there is nothing to draw."))
    numbers = ("slope", "lower", "upper")
    return Chart(
        drawing=draw_intervals(
            release(
                known[["label", "customers", *numbers]],
                count="customers",
                derived={name: ["customers"] for name in numbers},
            ),
            label="label",
            estimate="slope",
            lower="lower",
            upper="upper",
            unit=say("What came for one foreseen"),
            reference=1.0,
            reference_label=say("as foreseen"),
        ),
        title=_write_title(scorecard.products),
        subtitle=say(
            "Slope of the change of balances on the change foreseen a quarter before, "
            "95% interval"
        ),
        source=scorecard.source,
        nobs=int(known.loc[known["span"] == "year", "nobs"].sum()),
        alt=say(
            "One row per product and span. Slopes over four quarters: {slopes}.",
            slopes=_list_slopes(known[known["span"] == "year"]),
        ),
        note=say(
            "One is right, nought says that the forecast knew nothing. Each forecast "
            "uses only what was known a quarter before."
        ),
    )


def _name_known(rows: pd.DataFrame) -> pd.DataFrame:
    """Keep the slopes that have ends, each with its product and span."""
    if rows.empty:
        return rows
    known = rows[np.isfinite(rows[["slope", "lower", "upper"]]).all(axis=1)]
    pairs = zip(known["product"], known["span"], strict=True)
    return known.assign(
        label=[
            say("{product}, {span}", product=product, span=say(SPANS[span]))
            for product, span in pairs
        ]
    )


def _write_title(rows: pd.DataFrame) -> str:
    verdicts = rows.loc[rows["span"] == "year", "verdict"]
    return say(
        "Over {quarters} quarters forecasts held for {held} of {products} products "
        "scored",
        quarters=write_number(SCORED_QUARTERS),
        held=write_number(int((verdicts == "trust").sum())),
        products=write_number(len(verdicts)),
    )


def _list_slopes(year: pd.DataFrame) -> str:
    parts = [
        say(
            "{product} {slope}",
            product=str(row["product"]),
            slope=write_value(float(row["slope"]), Unit.RATIO),
        )
        for _, row in year.iterrows()
    ]
    return ", ".join(parts)


def tabulate_forecast_scores(scorecard: Scorecard) -> DisplayTable | tuple[()]:
    """Show calibration, coverage, drift and verdict of each product.

    Parameters
    ----------
    scorecard : Scorecard
        How forecasts did.

    Returns
    -------
    DisplayTable or tuple
        One row per product and span; nothing when nothing can be scored.
    """
    rows = scorecard.products
    if rows.empty:
        return ()
    shown = rows.assign(
        span=[say(SPANS[span]) for span in rows["span"]],
        interval=_write_intervals(rows, "lower", "upper", Unit.RATIO),
        pvalue=rows["pvalue_95"].map(write_pvalue),
        drift=_write_intervals(
            rows, "drift_lower", "drift_upper", Unit.PERCENT_PER_POINT
        ),
        verdict=[say(VERDICTS[verdict]) for verdict in rows["verdict"]],
    )
    # The response moved since the quarter before: once a product is enough.
    shown = shown.assign(drift=shown["drift"].where(rows["span"] == "last", _DASH))
    numbers = ["slope", "detectable", "inside_80_pct", "inside_95_pct"]
    texts = ["forecasts", "interval", "pvalue", "drift", "verdict"]
    return DisplayTable(
        title=say(
            "What came of each response's forecasts up to {quarter}, and what to do",
            quarter=write_quarter(scorecard.quarter),
        ),
        released=release(
            shown[["product", "span", "customers", *numbers, *texts]],
            count="customers",
            derived={name: ["customers"] for name in (*numbers, *texts)},
        ),
        columns=(
            DisplayColumn("product", say("Product")),
            DisplayColumn("span", say("Span")),
            DisplayColumn("forecasts", say("Forecasts"), Unit.COUNT),
            DisplayColumn("slope", say("Slope"), Unit.RATIO),
            DisplayColumn("interval", say("95% interval")),
            DisplayColumn("detectable", say("Seen from"), Unit.RATIO),
            DisplayColumn("inside_80_pct", say("In 80% interval"), Unit.PERCENT),
            DisplayColumn("inside_95_pct", say("In 95% interval"), Unit.PERCENT),
            DisplayColumn("pvalue", say("Coverage, p")),
            DisplayColumn("drift", say("Drift")),
            DisplayColumn("verdict", say("Verdict")),
        ),
        source=scorecard.source,
        note=_explain_scores(),
    )


def _write_intervals(
    rows: pd.DataFrame, lower: str, upper: str, unit: Unit
) -> list[str]:
    return [
        write_interval(float(low), float(high), unit)
        if math.isfinite(low) and math.isfinite(high)
        else _DASH
        for low, high in zip(rows[lower], rows[upper], strict=True)
    ]


def _explain_scores() -> str:
    return say(
        "Slope: percent of balance that came for each percent foreseen. Trust where "
        "its interval holds one, recalibrate where it does not, freeze where it also "
        "reaches nought or below; cannot tell where it holds both one and nought. Seen "
        "from: smallest departure from one found four times in five. In intervals: "
        "share of cells whose change lay inside, of those with {changes} earlier "
        "changes or more; p of the 95% interval takes cells as independent. Drift: 95% "
        "interval of how far the response moved since the quarter before.",
        changes=write_number(FEWEST_CHANGES),
    )
