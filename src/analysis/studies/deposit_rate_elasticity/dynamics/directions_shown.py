"""Say and show whether balances answer rises and falls of a rate alike."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.presentation.disclosure import release
from analysis.presentation.findings import Finding
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.deposit_rate_elasticity.dynamics.designs import WIDEST_REACH
from analysis.studies.deposit_rate_elasticity.dynamics.directions import Directions
from analysis.studies.deposit_rate_elasticity.dynamics.refusals import (
    SHORT,
    explain_refusal,
    refuse_dynamics,
)
from analysis.studies.deposit_rate_elasticity.parameters import SIGNIFICANCE
from analysis.studies.deposit_rate_elasticity.sentences import write_pvalue
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import say

NAMES = ("up", "down", "difference")


def find_direction(directions: Directions) -> Finding:
    """Say whether rises and falls are answered alike, and what would not be seen.

    Parameters
    ----------
    directions : Directions
        Answers to rises and falls.

    Returns
    -------
    Finding
        On the product that is known best; its estimate is up less down.
    """
    shared: dict[str, Any] = {
        "key": "response_up_less_down",
        "quarter": directions.quarter,
        "source": directions.source,
    }
    headline = say("Whether balances answer rises and falls alike is not known")
    if not directions.main or directions.rows.empty:
        reason = say("No response passes every check, so none is split by direction.")
        return refuse_dynamics(headline, reason, **shared)
    rows = directions.rows
    row = rows[rows["product"] == directions.main].iloc[0]
    if row["check"]:
        return refuse_dynamics(headline, explain_refusal(str(row["check"])), **shared)
    said, action = _judge(row)
    return Finding(
        key=str(shared["key"]),
        requirement="A3",
        headline=said,
        sentence=_write_sentence(row, directions),
        action=action,
        measure=say("Up less down of {product}, per point", product=directions.main),
        verdict="measured",
        unit=Unit.PERCENT_PER_POINT,
        nobs=int(row["nobs"]),
        period=str(directions.quarter),
        source=directions.source,
        estimate=float(row["difference"]),
        lower=float(row["difference_lower"]),
        upper=float(row["difference_upper"]),
        importance=0.5,
    )


def _judge(row: pd.Series) -> tuple[str, str]:
    """Give headline and action."""
    product, is_clear = str(row["product"]), row["pvalue"] < SIGNIFICANCE
    if is_clear and row["difference"] > 0:
        return say(
            "Balances of {product} answer a rise more than a fall", product=product
        ), say(
            "On {product} a cut loses less money than a rise of the same size brings.",
            product=product,
        )
    if is_clear:
        return say(
            "Balances of {product} answer a fall more than a rise", product=product
        ), say(
            "On {product} a cut loses more money than a rise of the same size brings "
            "back; cut in small steps.",
            product=product,
        )
    return say(
        "No clear difference between rises and falls of {product}", product=product
    ), say(
        "Plan cuts and rises of {product} with one response; a difference under "
        "{seen} would often go unseen.",
        product=product,
        seen=write_value(float(row["smallest_seen"]), Unit.PERCENT_PER_POINT),
    )


def _write_sentence(row: pd.Series, directions: Directions) -> str:
    return say(
        "In the period of the move one percentage point up brings {product} {up} "
        "({up_interval}), one down takes {down} ({down_interval}); a difference under "
        "{seen} would often go unseen. {nobs} changes of balances up to {quarter}.",
        product=str(row["product"]),
        up=write_value(float(row["up"]), Unit.PERCENT),
        up_interval=_write_interval(row, "up"),
        down=write_value(float(row["down"]), Unit.PERCENT),
        down_interval=_write_interval(row, "down"),
        seen=write_value(float(row["smallest_seen"]), Unit.PERCENT_PER_POINT),
        nobs=write_number(float(row["nobs"])),
        quarter=write_quarter(directions.quarter),
    )


def _write_interval(row: pd.Series, name: str) -> str:
    if row["check"]:
        return "\N{EN DASH}"
    ends = (float(row[f"{name}_lower"]), float(row[f"{name}_upper"]))
    return write_interval(*ends, Unit.PERCENT)


def tabulate_directions(directions: Directions) -> DisplayTable | Note:
    """Show both answers, their difference, and the difference that would be seen.

    Parameters
    ----------
    directions : Directions
        Answers to rises and falls.

    Returns
    -------
    DisplayTable or Note
        One row per product that is identified; a note where none is.
    """
    rows = directions.rows
    if rows.empty:
        return Note(say("No response is identified, so none is split by direction."))
    numbers = (*NAMES, "pvalue", "smallest_seen")
    lacking = [name for name in numbers if name not in rows]
    full = rows.reindex(columns=[*rows.columns, *lacking])
    shown = full.assign(
        **{
            f"{name}_interval": [
                _write_interval(row, name) for _, row in full.iterrows()
            ]
            for name in NAMES
        },
        pvalue=full["pvalue"].map(write_pvalue),
        answer=[_write_answer(row) for _, row in full.iterrows()],
    )
    columns = (
        DisplayColumn("product", say("Product")),
        DisplayColumn("customers", say("Customers"), Unit.COUNT),
        DisplayColumn("up", say("Up"), Unit.PERCENT_PER_POINT),
        DisplayColumn("up_interval", say("95% interval")),
        DisplayColumn("down", say("Down"), Unit.PERCENT_PER_POINT),
        DisplayColumn("down_interval", say("95% interval")),
        DisplayColumn("pvalue", say("Same, p")),
        DisplayColumn("smallest_seen", say("Would be seen"), Unit.PERCENT_PER_POINT),
        DisplayColumn("answer", say("Answer")),
    )
    derived = ("up", "down", "smallest_seen")
    return DisplayTable(
        title=_write_title(full),
        released=release(
            shown[[column.name for column in columns]],
            count="customers",
            derived={name: ["customers"] for name in derived},
        ),
        columns=columns,
        source=directions.source,
        note=say(
            "Change of existing balances in the period of the move, per percentage "
            "point up and down. Would be seen: difference found four times in five. "
            "An interval that reaches {reach} or more to either side is not printed.",
            reach=write_value(WIDEST_REACH, Unit.PERCENT_PER_POINT),
        ),
    )


def _write_answer(row: pd.Series) -> str:
    check = str(row["check"])
    if check:
        return say(SHORT[check])
    if not row["pvalue"] < SIGNIFICANCE:
        return say("No clear difference")
    return say("More to rises") if row["difference"] > 0 else say("More to falls")


def _write_title(rows: pd.DataFrame) -> str:
    known = rows[rows["check"] == ""]
    apart = int((known["pvalue"] < SIGNIFICANCE).sum())
    return say(
        "Rises and falls differ clearly in {apart} of {known} products that are known "
        "well enough",
        apart=write_number(apart),
        known=write_number(len(known)),
    )
