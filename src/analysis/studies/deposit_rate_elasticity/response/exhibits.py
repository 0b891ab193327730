"""Charts and tables on how balances answer posted rates, and what that rests on."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd

from analysis.presentation.charts import Chart, draw_intervals
from analysis.presentation.disclosure import Released, release
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.studies.deposit_rate_elasticity.parameters import WEAKEST_INSTRUMENT
from analysis.studies.deposit_rate_elasticity.response.pooling import (
    POOLED,
    RAW,
    PooledResponses,
    prefer_pooled,
)
from analysis.studies.deposit_rate_elasticity.response.verdicts import Verdicts
from analysis.studies.deposit_rate_elasticity.sentences import (
    name_segment,
    write_pvalue,
    write_rate,
)
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import mark, say

SHORT_REASONS = {
    "": mark("Passed every check"),
    "customers": mark("Too few customers"),
    "variation": mark("Prices move together"),
    "clusters": mark("Too few pricing cells"),
    "experiment": mark("No prices set at random"),
    "instrument": mark("No instrument"),
    "strength": mark("Instrument too weak"),
    "lead": mark("Prices answer balances"),
    "power": mark("Lead test too weak"),
    "sign": mark("Wrong sign"),
}
"""What a verdict rests on, by the check that failed."""
GRADES = {
    "A": mark("Grade A: only price moves that were set at random."),
    "B": mark(
        "Grade B: only price moves that came with the treasury's credit for a region's "
        "new money."
    ),
    "C": mark("Grade C: account and period effects only; no experiment is behind it."),
}
"""What a grade says."""


def chart_responses(verdicts: Verdicts, pooled: PooledResponses) -> Chart | Note:
    """Draw the response of each product and segment; refused ones carry no number.

    Parameters
    ----------
    verdicts : Verdicts
        Grades and estimates.
    pooled : PooledResponses
        The same, pooled.

    Returns
    -------
    Chart or Note
        A note when nothing is identified.
    """
    rows = _gather_refused(pooled.segments)
    held = rows[~rows["is_refused"]]
    printed = prefer_pooled(replace(pooled, segments=held))
    if held.empty:
        return Note(
            say(
                "No response is identified this quarter, so none is drawn; the reasons "
                "are in the table of verdicts."
            )
        )
    return Chart(
        drawing=draw_intervals(
            _release_responses(_stand_beside(rows)),
            label="label",
            group="way",
            estimate="estimate",
            lower="lower",
            upper="upper",
            unit=say("Percent of balance per percentage point"),
            reference=0.0,
            muted="is_refused",
        ),
        title=say(
            "{held} of {rows} product-segments pass every check; their responses "
            "are {range}",
            held=write_number(len(held)),
            rows=write_number(len(verdicts.segments)),
            range=_write_range(printed["estimate"]),
        ),
        subtitle=say(
            "Change of existing balances per point of posted rate, 95% interval"
        ),
        source=verdicts.source,
        nobs=int(held["nobs"].sum()),
        alt=say(
            "Rows by product and segment; {held} have an estimate with its interval, "
            "{refused} are marked as not estimated.",
            held=write_number(len(held)),
            refused=write_number(len(rows) - len(held)),
        ),
        note=_explain_marks(held, pooled),
    )


def _explain_marks(held: pd.DataFrame, pooled: PooledResponses) -> str:
    """Say what stands behind the estimates that are shown."""
    grades = [say(GRADES[grade]) for grade in sorted(set(held["grade"]))]
    if math.isnan(pooled.spread):
        return " ".join(grades)
    spread = say(
        "Pooled: segments that differ alike between products lend each other strength; "
        "beyond the errors, segments of a product differ by {spread}.",
        spread=write_value(pooled.spread, Unit.PERCENT_PER_POINT),
    )
    return " ".join([*grades, spread])


def _write_range(estimates: pd.Series[float]) -> str:
    ends = (float(estimates.min()), float(estimates.max()))
    return write_interval(*ends, Unit.PERCENT_PER_POINT)


def tabulate_verdicts(verdicts: Verdicts) -> DisplayTable:
    """Show what each verdict rests on, and every reason for a refusal.

    Parameters
    ----------
    verdicts : Verdicts
        Grades and diagnostics.

    Returns
    -------
    DisplayTable
        One row per product and segment.
    """
    rows = _name_rows(verdicts.segments)
    leads = {
        name: rows[name].map(write_pvalue)
        for name in ("product_lead_pvalue", "lead_pvalue")
    }
    columns = (
        DisplayColumn("product", say("Product")),
        DisplayColumn("segment", say("Segment")),
        DisplayColumn("grade", say("Grade")),
        DisplayColumn("customers", say("Customers"), Unit.COUNT),
        DisplayColumn("cells", say("Pricing cells"), Unit.COUNT),
        DisplayColumn("free_share_pct", say("Free variation"), Unit.PERCENT),
        DisplayColumn("strength", say("Instrument, F"), None, 0),
        DisplayColumn("product_lead_pvalue", say("Lead test, p")),
        DisplayColumn("lead_pvalue", say("In segment, p")),
        DisplayColumn("verdict", say("Verdict")),
    )
    shown = rows.assign(
        verdict=[say(SHORT_REASONS[check]) for check in rows["check"]], **leads
    )
    names = [column.name for column in columns]
    refused = int((rows["grade"] == "D").sum())
    return DisplayTable(
        title=say(
            "{refused} of {rows} responses are refused, each for a stated reason",
            refused=write_number(refused),
            rows=write_number(len(rows)),
        ),
        released=release(
            shown[names],
            count="customers",
            derived={
                name: ["customers"] for name in ("cells", "free_share_pct", "strength")
            },
        ),
        columns=columns,
        source=verdicts.source,
        note=_explain_table(verdicts),
    )


def _name_rows(segments: pd.DataFrame) -> pd.DataFrame:
    total = segments.groupby("product")["balance"].transform("sum")
    ordered = segments.assign(total=total).sort_values(
        ["total", "product", "customers"], ascending=[False, True, False]
    )
    return ordered.assign(
        segment=ordered["segment"].map(name_segment),
        is_refused=ordered["grade"] == "D",
    ).reset_index(drop=True)


def _stand_beside(rows: pd.DataFrame) -> pd.DataFrame:
    """Give a row for the segment pooled where it is, and one for it alone."""
    names = dict(zip(POOLED, RAW, strict=True))
    pooled = rows[rows["pooled"].notna()].drop(columns=list(RAW))
    pooled = pooled.rename(columns=names).assign(way=say("pooled with the others"))
    alone = rows.assign(way=say("this segment alone"))
    return pd.concat([pooled, alone]).sort_index(kind="stable")


def _gather_refused(segments: pd.DataFrame) -> pd.DataFrame:
    """Keep the segments of a product that holds an estimate, one row for others."""
    segments = _name_rows(segments)
    holds = segments.groupby("product")["is_refused"].transform("min") == 0
    labels = [
        say("{product}, {segment}", product=product, segment=segment)
        for product, segment in zip(
            segments["product"], segments["segment"], strict=True
        )
    ]
    named = segments.assign(label=labels)
    whole = named[~holds].drop_duplicates("product")
    whole = whole.assign(
        label=[
            say("{product}, every segment", product=product)
            for product in whole["product"]
        ]
    )
    return pd.concat([named[holds], whole], ignore_index=True)


def _release_responses(rows: pd.DataFrame) -> Released:
    numbers = ("estimate", "lower", "upper")
    shown = rows[["label", "way", "customers", *numbers, "is_refused"]]
    derived = {name: ["customers"] for name in numbers}
    return release(shown, count="customers", derived=derived)


def _explain_table(verdicts: Verdicts) -> str:
    empty = verdicts.segments["empty_share_pct"] * verdicts.segments["account_periods"]
    share = float(empty.sum() / verdicts.segments["account_periods"].sum())
    return say(
        "Free variation: share of the posted rate's variance within cells that other "
        "cells of the same product, term, segment and period do not share. Instrument: "
        "effective F, on the posted rate, of the treasury's credit or of prices set at "
        "random, used from {weakest} on. Lead test: does today's balance go with a "
        "later change of price; adjusted by Holm's rule. Empty balances, {share} of "
        "all, are left out of the logs.",
        share=write_rate(share),
        weakest=write_number(WEAKEST_INSTRUMENT),
    )
