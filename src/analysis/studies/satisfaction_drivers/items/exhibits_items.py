"""Charts and tables on whether the items can be trusted."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.charts import Chart, draw_intervals
from analysis.presentation.disclosure import release
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.satisfaction_drivers.answers.people import write_category
from analysis.studies.satisfaction_drivers.items.gaps import AnswerGaps
from analysis.studies.satisfaction_drivers.items.item_reliability import (
    ENOUGH,
    ItemReliability,
)
from analysis.studies.satisfaction_drivers.items.likeness import (
    TIERS,
    WAVES,
    ItemLikeness,
)
from analysis.units import Unit, write_value
from analysis.wording import say


def chart_reliability(reliability: ItemReliability) -> Chart | Note:
    """Draw the reliability of each attribute with its interval.

    Parameters
    ----------
    reliability : ItemReliability
        By attribute.

    Returns
    -------
    Chart or Note
        One interval an attribute; a note where none is measured.
    """
    rows = reliability.measured
    if rows.empty:
        return Note(
            say(
                "Every attribute has one question, so no chart of reliability is drawn."
            )
        )
    words = {
        "label": rows["label"].iloc[0],
        "low": write_value(rows["alpha"].iloc[0], Unit.RATIO),
        "best": rows["label"].iloc[-1],
        "high": write_value(rows["alpha"].iloc[-1], Unit.RATIO),
    }
    ends = ("alpha", "alpha_lower", "alpha_upper")
    return Chart(
        drawing=draw_intervals(
            release(
                rows[["label", "nobs", *ends]],
                count="nobs",
                derived={name: ["nobs"] for name in ends},
            ),
            label="label",
            estimate="alpha",
            lower="alpha_lower",
            upper="alpha_upper",
            unit=say("share of variance that is not noise"),
            reference=ENOUGH,
            reference_label=say("usually asked for"),
        ),
        title=say(
            "{label} is measured least well, {best} best",
            label=words["label"],
            best=words["best"],
        ),
        subtitle=say(
            "Cronbach's alpha with interval, {quarter}",
            quarter=write_quarter(reliability.quarter),
        ),
        source=reliability.source,
        nobs=int(rows["nobs"].max()),
        alt=say(
            "Intervals of reliability from {low} ({label}) to {high} ({best}).", **words
        ),
    )


def tabulate_reliability(reliability: ItemReliability) -> DisplayTable:
    """Show reliability by attribute, and alpha by tier.

    Parameters
    ----------
    reliability : ItemReliability
        By attribute and tier.

    Returns
    -------
    DisplayTable
        One row an attribute.
    """
    rows = reliability.table
    tiers, names = _spread_tiers(reliability)
    shown = pd.concat([rows.reset_index(drop=True), tiers], axis=1)
    shown = shown.assign(reason=[say(text) if text else "" for text in shown["reason"]])
    values = ["alpha", "alpha_lower", "alpha_upper", "omega", "dropped", *tiers.columns]
    note = say(
        "Omega allows items of different strength. Without the worst item: alpha if "
        "the item that lowers it most is left out; a dash where every item helps."
    )
    reasons = [text for text in dict.fromkeys(shown["reason"]) if text]
    for reason in reasons:
        note = say("{sentence} {more}", sentence=note, more=reason)
    return DisplayTable(
        title=say(
            "Reliability by attribute in {quarter}",
            quarter=write_quarter(reliability.quarter),
        ),
        released=release(
            shown[["label", "items", "nobs", *values]],
            count="nobs",
            derived={name: ["nobs"] for name in values},
        ),
        columns=(
            DisplayColumn("label", say("Attribute")),
            DisplayColumn("items", say("Questions"), Unit.COUNT),
            DisplayColumn("alpha", say("Alpha"), Unit.RATIO),
            DisplayColumn("alpha_lower", say("Low end"), Unit.RATIO),
            DisplayColumn("alpha_upper", say("High end"), Unit.RATIO),
            DisplayColumn("omega", say("Omega"), Unit.RATIO),
            DisplayColumn("dropped", say("Without the worst item"), Unit.RATIO),
            *(
                DisplayColumn(column, write_category(name), Unit.RATIO)
                for name, column in names.items()
            ),
            DisplayColumn("nobs", say("Answers"), Unit.COUNT),
        ),
        source=reliability.source,
        note=note,
    )


def _spread_tiers(
    reliability: ItemReliability,
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Give alpha by tier in columns of their own, and the columns' names."""
    tiers = reliability.tiers.pivot_table(
        index="attribute", columns="tier", values="alpha", sort=False
    )
    if tiers.shape[1] < 2:
        tiers = tiers.iloc[:, :0]
    order = reliability.table["attribute"]
    tiers = tiers.reindex(order).reset_index(drop=True)
    names = {str(name): f"tier_{place}" for place, name in enumerate(tiers.columns)}
    tiers.columns = pd.Index(list(names.values()))
    return tiers, names


def tabulate_likeness(likeness: ItemLikeness) -> DisplayTable | Note:
    """Show the tests of whether groups and waves understand items alike.

    Parameters
    ----------
    likeness : ItemLikeness
        Tests by attribute.

    Returns
    -------
    DisplayTable or Note
        One row an attribute and comparison; a note where nothing can be tested.
    """
    if likeness.table.empty:
        return Note(
            say("No table of tests is shown: they need two groups and three questions.")
        )
    rows = _lay_side_by_side(likeness.table)
    values = [str(name) for name in rows if name not in {"label", "nobs"}]
    heads = {
        "tiers_qvalue": (say("q, tiers"), Unit.RATIO),
        "tiers_loss": (say("Loss of CFI, tiers"), Unit.RATIO),
        "waves_qvalue": (say("q, waves"), Unit.RATIO),
        "waves_loss": (say("Loss of CFI, waves"), Unit.RATIO),
    }
    return DisplayTable(
        title=say("Do groups understand the questions alike?"),
        released=release(
            rows, count="nobs", derived={name: ["nobs"] for name in values}
        ),
        columns=(
            DisplayColumn("label", say("Attribute")),
            *(DisplayColumn(name, *heads[name]) for name in heads if name in rows),
            DisplayColumn("nobs", say("Answers"), Unit.COUNT),
        ),
        source=likeness.source,
        note=say(
            "Measured differently: a q below 0.05 and a loss of CFI above 0.01. q is "
            "the lower one of two tests, same loadings and same intercepts, corrected "
            "for weights and answers that are not normal."
        ),
    )


def _lay_side_by_side(table: pd.DataFrame) -> pd.DataFrame:
    """Give one row an attribute: lower q and loss of CFI of each comparison."""
    lower = table[["loadings_qvalue", "intercepts_qvalue"]].min(axis=1)
    held = table.assign(qvalue=lower)
    parts: list[pd.DataFrame | pd.Series[float]] = []
    for name, compared in (("tiers", TIERS), ("waves", WAVES)):
        part = held[held["compared"] == compared].set_index("attribute")
        names = {"qvalue": f"{name}_qvalue", "cfi_loss": f"{name}_loss"}
        if len(part):
            parts.append(part[list(names)].rename(columns=names))
    first = held.groupby("attribute", sort=False)
    kept = first.agg({"label": "first", "nobs": "max"})
    return kept.join(parts).reset_index(drop=True)


def tabulate_gaps(gaps: AnswerGaps) -> DisplayTable:
    """Show skipped answers, and scores under three ways of treating them.

    Parameters
    ----------
    gaps : AnswerGaps
        Scores by attribute.

    Returns
    -------
    DisplayTable
        One row an attribute.
    """
    values = {
        "skipped_pct": (say("Skipped"), Unit.PERCENT),
        "given": (say("Mean as given"), Unit.SCORE),
        "complete": (say("Complete answers only"), Unit.SCORE),
        "likely": (say("Likelihood (EM)"), Unit.SCORE),
        "filled": (say("Filled in {times} times", times=20), Unit.SCORE),
        "filled_lower": (say("Low end"), Unit.SCORE),
        "filled_upper": (say("High end"), Unit.SCORE),
        "missing_information_pct": (say("Information lost"), Unit.PERCENT),
    }
    return DisplayTable(
        title=say(
            "Gaps and what they do to the scores, {quarter}",
            quarter=write_quarter(gaps.quarter),
        ),
        released=release(
            gaps.scores[["label", "nobs", *values]],
            count="nobs",
            derived={name: ["nobs"] for name in values},
        ),
        columns=(
            DisplayColumn("label", say("Attribute")),
            *(DisplayColumn(name, *words) for name, words in values.items()),
            DisplayColumn("nobs", say("Asked"), Unit.COUNT),
        ),
        source=gaps.source,
        note=say("Only those who were asked count: nothing is filled in for others."),
    )
