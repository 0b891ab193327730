"""Charts on kinds of attributes, and on drivers by segment."""

from __future__ import annotations

import pandas as pd

from analysis.presentation.charts import Chart, draw_heat_map, draw_intervals
from analysis.presentation.disclosure import release
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.statistics.penalty_reward import (
    BASIC,
    EXCITEMENT,
    INDIFFERENT,
    PERFORMANCE,
)
from analysis.studies.satisfaction_drivers.drivers.asymmetry import Asymmetry
from analysis.studies.satisfaction_drivers.drivers.segment_drivers import (
    MOST_DISCOVERIES_FALSE,
    SegmentDrivers,
)
from analysis.units import Unit, write_number
from analysis.wording import join_names, mark, say

KINDS = {
    BASIC: mark("taken for granted"),
    EXCITEMENT: mark("delights"),
    PERFORMANCE: mark("both ways alike"),
    INDIFFERENT: mark("no clear effect"),
}
"""What a reader calls kinds of attributes."""


def chart_asymmetry(asymmetry: Asymmetry) -> Chart:
    """Draw penalty and reward of each attribute.

    Parameters
    ----------
    asymmetry : Asymmetry
        Of the wave reported.

    Returns
    -------
    Chart
        Two intervals an attribute: loss of one point below the middle, gain of one
        point above it.
    """
    table = asymmetry.table
    numbers = {name: ["answers"] for name in ("slope", "lower", "upper")}
    named = [kind for kind in (BASIC, EXCITEMENT) if (table["kind"] == kind).any()]
    return Chart(
        drawing=draw_intervals(
            release(_stack_sides(table), count="answers", derived=numbers),
            label="label",
            estimate="slope",
            lower="lower",
            upper="upper",
            unit=say("points of satisfaction for one point"),
            group="side",
            reference=0.0,
        ),
        title=_name_kinds(table, named)
        if named
        else say("No attribute clearly punishes more than it delights, or the reverse"),
        subtitle=say(
            "Lost by one point less below the average rating, and gained by one point "
            "more above it, {quarter}",
            quarter=write_quarter(asymmetry.quarter),
        ),
        source=asymmetry.source,
        nobs=asymmetry.nobs,
        alt=say(
            "Two dots an attribute with intervals; the largest penalty is that of "
            "{label} with {penalty}, and its reward is {reward}.",
            label=table["label"].iloc[0],
            penalty=write_number(table["penalty"].iloc[0], decimals=2),
            reward=write_number(table["reward"].iloc[0], decimals=2),
        ),
        note=say(
            "Repair where the penalty is larger; excel where the reward is larger; "
            "elsewhere every point counts alike."
        ),
    )


def _stack_sides(table: pd.DataFrame) -> pd.DataFrame:
    sides = {"penalty": mark("penalty"), "reward": mark("reward")}
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "label": table["label"],
                    "answers": table["answers"],
                    "slope": table[side],
                    "lower": table[f"{side}_lower"],
                    "upper": table[f"{side}_upper"],
                    "side": say(name),
                }
            )
            for side, name in sides.items()
        ],
        ignore_index=True,
    )


def _name_kinds(table: pd.DataFrame, kinds: list[str]) -> str:
    parts = [
        say(
            "{kind}: {names}",
            kind=say(KINDS[kind]).capitalize(),
            names=join_names(list(table.loc[table["kind"] == kind, "label"])),
        )
        for kind in kinds
    ]
    if len(parts) == 1:
        return parts[0]
    return say("{first}; {second}", first=parts[0], second=parts[1])


def tabulate_kinds(asymmetry: Asymmetry) -> DisplayTable:
    """Show what kind each attribute is, and how sure that is.

    Parameters
    ----------
    asymmetry : Asymmetry
        Of the wave reported.

    Returns
    -------
    DisplayTable
        One row an attribute.
    """
    table = asymmetry.table
    rows = table[["label", "answers", "gap", "gap_lower", "gap_upper"]].assign(
        penalty_larger=table["penalty_larger"],
        kind=[say(KINDS[kind]) for kind in table["kind"]],
    )
    derived = ("gap", "gap_lower", "gap_upper", "penalty_larger", "kind")
    return DisplayTable(
        title=say("Kinds of attributes"),
        released=release(
            rows, count="answers", derived={name: ["answers"] for name in derived}
        ),
        columns=(
            DisplayColumn("label", say("Attribute")),
            DisplayColumn("kind", say("Kind")),
            DisplayColumn("gap", say("Penalty less reward"), Unit.SCORE),
            DisplayColumn("gap_lower", say("Low end"), Unit.SCORE),
            DisplayColumn("gap_upper", say("High end"), Unit.SCORE),
            DisplayColumn(
                "penalty_larger",
                say("Chance that the penalty is larger"),
                Unit.PERCENT,
                decimals=0,
            ),
        ),
        source=asymmetry.source,
        note=say(
            "Taken for granted or delights: the interval of the difference leaves out "
            "zero. Both ways alike: it does not, but the attribute has a clear effect."
        ),
    )


def chart_segment_drivers(segments: SegmentDrivers) -> Chart | Note:
    """Draw pooled effects of attributes by segment.

    Parameters
    ----------
    segments : SegmentDrivers
        Effects by segment.

    Returns
    -------
    Chart or Note
        Segments by attributes, cells that differ from the bank marked with a star; a
        note where no three segments are large enough.
    """
    table = segments.table
    if table.empty:
        return Note(
            say(
                "Drivers are not compared between segments: no three segments of one "
                "kind are large enough in this wave."
            )
        )
    different = int(table["is_different"].sum())
    group = str(table["group"].iloc[int(table["qvalue"].to_numpy().argmin())])
    table, cells = table[table["group"] == group], len(table)
    return Chart(
        drawing=draw_heat_map(
            release(
                _star(table), count="respondents", derived={"effect": ["respondents"]}
            ),
            unit=say("points of satisfaction for one point"),
            row="row",
            column="segment",
            value="effect",
        ),
        title=_title_segments(different, cells),
        subtitle=say(
            "{group}: effect of one point by segment after pooling, {quarter}",
            group=group,
            quarter=write_quarter(segments.quarter),
        ),
        source=segments.source,
        nobs=segments.nobs,
        alt=say(
            "Matrix of {attributes} attributes by {segments} segments; effects run "
            "from {least} to {most}.",
            attributes=table["label"].nunique(),
            segments=table["segment"].nunique(),
            least=write_number(table["effect"].min(), decimals=2),
            most=write_number(table["effect"].max(), decimals=2),
        ),
        note=say(
            "Small segments lean on the others, the more the fewer answered. A star "
            "marks attributes with a segment that differs from the rest of the bank "
            "(share of false ones expected below {share}%).",
            share=write_number(100 * MOST_DISCOVERIES_FALSE),
        ),
    )


def tabulate_splits(segments: SegmentDrivers) -> DisplayTable | Note:
    """Show by which characteristics drivers were compared, and where most differ.

    Parameters
    ----------
    segments : SegmentDrivers
        Effects by segment.

    Returns
    -------
    DisplayTable or Note
        One row per characteristic; a note where none has three large segments.
    """
    if segments.table.empty:
        return Note(say("No characteristic tells three segments or more apart."))
    rows = []
    for group, cells in segments.table.groupby("group", sort=False):
        own = segments.drivers[segments.drivers["group"] == group]
        most = own.iloc[int(own["heterogeneity_pct"].to_numpy().argmax())]
        first = cells.drop_duplicates("segment")
        rows.append(
            {
                "group": group,
                "segments": len(first),
                "respondents": int(first["respondents"].sum()),
                "differing": int(cells["is_different"].sum()),
                "smallest": cells["qvalue"].min(),
                "label": most["label"],
                "heterogeneity_pct": most["heterogeneity_pct"],
            }
        )
    derived = ("differing", "smallest", "label", "heterogeneity_pct")
    return DisplayTable(
        title=say("By what drivers were compared"),
        released=release(
            pd.DataFrame(rows),
            count="respondents",
            derived={name: ["respondents"] for name in derived},
        ),
        columns=(
            DisplayColumn("group", say("Characteristic")),
            DisplayColumn("segments", say("Segments"), Unit.COUNT),
            DisplayColumn("respondents", say("Answers"), Unit.COUNT),
            DisplayColumn("differing", say("Effects that differ"), Unit.COUNT),
            DisplayColumn("smallest", say("Smallest q-value"), Unit.RATIO),
            DisplayColumn("label", say("Differs most")),
            DisplayColumn("heterogeneity_pct", say("Not chance"), Unit.PERCENT),
        ),
        source=segments.source,
        note=say(
            "Not chance: share of the spread between segments beyond what errors "
            "explain (I squared)."
        ),
    )


def _star(table: pd.DataFrame) -> pd.DataFrame:
    starred = set(table.loc[table["is_different"], "label"])
    return table.assign(
        row=[
            say("{attribute} *", attribute=label) if label in starred else label
            for label in table["label"]
        ]
    )[["row", "segment", "effect", "respondents"]]


def _title_segments(different: int, cells: int) -> str:
    if different == 0:
        return say("No segment clearly differs in what drives its satisfaction")
    return say(
        "{different} of {cells} effects differ clearly between segments",
        different=different,
        cells=cells,
    )
