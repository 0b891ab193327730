"""What customers write about, by the attribute they rate lowest, with masked quotes."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from analysis.presentation.charts import Chart, draw_heat_map
from analysis.presentation.disclosure import (
    MINIMUM_CELL,
    Released,
    release,
    stack,
)
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.satisfaction_drivers.parameters import Parameters
from analysis.studies.satisfaction_drivers.refusal import Refused
from analysis.studies.satisfaction_drivers.service.missing import note
from analysis.studies.satisfaction_drivers.verbatims.comments import Comments
from analysis.studies.satisfaction_drivers.verbatims.masking import (
    mask_comment,
    shorten,
)
from analysis.studies.satisfaction_drivers.verbatims.topics import OTHER
from analysis.units import Unit, write_number
from analysis.wording import get_language, say

_SHORTEST: Final = 6
"""Characters below which a comment says too little for a quote."""
_MOST_ROWS: Final = 10
_SAME_BEGINNING: Final = 8
"""Letters that two quotes must not share at their beginning."""


def chart_comment_topics(comments: Comments | Refused) -> Chart | Note:
    """Draw topics by the attribute that their writers rate lowest.

    Parameters
    ----------
    comments : Comments or Refused
        Coded comments.

    Returns
    -------
    Chart or Note
        One row a topic, percent of its writers; where both agree the diagonal is dark.
    """
    if isinstance(comments, Refused):
        return note(comments)
    told = comments.rows[comments.rows["topic"] != OTHER].dropna(subset=["lowest"])
    told = told.drop_duplicates("respondent")
    names = _order_topics(told, comments)
    cells = _list_cells(told[told["topic"].isin(names)], names, comments)
    if cells.empty or comments.agreement is None:
        return Note(say("Too few comments name an attribute, so no map is drawn."))
    return Chart(
        drawing=draw_heat_map(
            _release_cells(cells),
            row="topic",
            column="lowest",
            value="share",
            unit=say("% of the topic's writers"),
        ),
        title=say("What customers write about, and which attribute they rate lowest"),
        subtitle=say(
            "Rows: topic of the comment; columns: attribute the writer rates furthest "
            "below the mean; {first} to {last}",
            first=write_quarter(comments.first),
            last=write_quarter(comments.quarter),
        ),
        source=comments.source,
        nobs=len(told),
        alt=say(
            "A map of {n} topics by lowest-rated attribute; darkest where both agree.",
            n=len(names),
        ),
        note=say(
            "Topics come from words, not from ratings. Columns: the same attributes, "
            "and all others together."
        ),
    )


def _order_topics(told: pd.DataFrame, comments: Comments) -> list[str]:
    sizes = told["topic"].value_counts()
    names = [n for n in comments.labels if sizes.get(n, 0) >= 2 * MINIMUM_CELL]
    return sorted(names, key=lambda name: -int(sizes[name]))[:_MOST_ROWS]


def _list_cells(
    told: pd.DataFrame, names: list[str], comments: Comments
) -> pd.DataFrame:
    rest = say("Others")
    lowest = told["lowest"].where(told["lowest"].isin(names), OTHER)
    table = pd.crosstab(told["topic"], lowest)
    columns = [*names, *([OTHER] if OTHER in table else [])]
    table = table.reindex(index=names, columns=columns, fill_value=0)
    long = table.rename_axis(index="topic", columns="lowest").reset_index()
    long = long.melt(id_vars="topic", var_name="lowest", value_name="writers")
    place = long["topic"].map({name: at for at, name in enumerate(names)})
    long = long.iloc[np.argsort(place.to_numpy(), kind="stable")]
    total = long.groupby("topic")["writers"].transform("sum")
    labels = comments.labels | {OTHER: rest}
    return long.assign(
        topic=long["topic"].map(comments.labels),
        lowest=long["lowest"].map(labels),
        share=100 * long["writers"] / total,
    )


def _release_cells(cells: pd.DataFrame) -> Released:
    """Release each topic with its total, so that no cell follows from the others."""
    blocks = []
    for _, block in cells.groupby("topic", sort=False):
        total = block.iloc[[0]].assign(writers=block["writers"].sum(), share=100.0)
        whole = pd.concat([block, total], ignore_index=True)
        kept = release(
            whole, count="writers", derived={"share": ["writers"]}, has_total=True
        )
        blocks.append(kept.keep([*[True] * len(block), False]))
    return stack(blocks)


def tabulate_comment_topics(comments: Comments | Refused) -> DisplayTable | Note:
    """Show topics with their share, language and agreement with ratings.

    Parameters
    ----------
    comments : Comments or Refused
        Coded comments.

    Returns
    -------
    DisplayTable or Note
        One row per topic of the quarter.
    """
    if isinstance(comments, Refused):
        return note(comments)
    linked = ("share", "lower", "upper", "chinese_pct", "match_pct", "expected_pct")
    rows = _pool_rare(comments)[["label", "respondents", *linked]]
    return DisplayTable(
        title=say(
            "Topics of {n} comments in {quarter}",
            n=write_number(len(comments.now)),
            quarter=write_quarter(comments.quarter),
        ),
        released=release(
            rows,
            count="respondents",
            derived={name: ["respondents"] for name in linked},
        ).order("share", ascending=False),
        columns=(
            DisplayColumn("label", say("Topic")),
            DisplayColumn("respondents", say("Writers"), Unit.COUNT),
            DisplayColumn("share", say("Share of comments"), Unit.PERCENT, shade="bar"),
            DisplayColumn("lower", say("Low end"), Unit.PERCENT),
            DisplayColumn("upper", say("High end"), Unit.PERCENT),
            DisplayColumn("chinese_pct", say("In Chinese"), Unit.PERCENT, decimals=0),
            DisplayColumn(
                "match_pct", say("Writers who rate it lowest"), Unit.PERCENT, decimals=0
            ),
            DisplayColumn("expected_pct", say("By chance"), Unit.PERCENT, decimals=0),
        ),
        source=comments.source,
        note=say(
            "Writers are dissatisfied more often than other respondents: shares say "
            "what writers care about, not what all customers do. Agreement is over all "
            "waves shown."
        ),
    )


def _pool_rare(comments: Comments) -> pd.DataFrame:
    """Take topics of too few writers together, so that they hide no other one."""
    topics = comments.topics
    is_rare = (topics["respondents"] < MINIMUM_CELL) & (topics["topic"] != OTHER)
    if not is_rare.any():
        return topics
    rare = topics[is_rare]
    last = topics[topics["topic"] == OTHER]
    pooled = pd.concat([rare, last])
    numbers = pooled[["respondents", "share"]].sum()
    together = pooled.iloc[[-1]].assign(
        label=say("None, or rarely named attributes"),
        respondents=int(numbers["respondents"]),
        share=float(numbers["share"]),
        chinese_pct=np.average(pooled["chinese_pct"], weights=pooled["comments"]),
        **dict.fromkeys(("lower", "upper", "match_pct", "expected_pct"), np.nan),
    )
    kept = topics[~is_rare & (topics["topic"] != OTHER)]
    return pd.concat([kept, together], ignore_index=True)


def tabulate_quotes(
    comments: Comments | Refused, parameters: Parameters
) -> DisplayTable | Note:
    """Show masked comments of the topics of enough respondents.

    Parameters
    ----------
    comments : Comments or Refused
        Coded comments.
    parameters : Parameters
        How many quotes a topic gets; 0 shows none.

    Returns
    -------
    DisplayTable or Note
        A note where none may be shown.
    """
    if isinstance(comments, Refused):
        return note(comments)
    if parameters.quotes_per_topic == 0:
        return Note(say("The parameters ask for no quotes."))
    rows = choose_quotes(comments, parameters.quotes_per_topic)
    if rows.empty:
        return Note(say("No topic has ten respondents, so no comment is quoted."))
    return DisplayTable(
        title=say("Comments in customers' own words, masked"),
        released=release(rows, count="respondents", derived={"quote": ["respondents"]}),
        columns=(
            DisplayColumn("label", say("Topic")),
            DisplayColumn("quote", say("Comment")),
            DisplayColumn("respondents", say("Writers on the topic"), Unit.COUNT),
        ),
        source=comments.source,
        note=say(
            "Names, contacts, numbers, amounts and branches are masked. Who knows the "
            "writer may still know the wording: do not pass quotes on; set "
            "quotes_per_topic to 0 to show none. What a comment says is the writer's."
        ),
    )


def choose_quotes(comments: Comments, per_topic: int) -> pd.DataFrame:
    """Choose quotes: no mask needed, of writers who rate it lowest, of usual length.

    Parameters
    ----------
    comments : Comments
        Coded comments.
    per_topic : int
        Quotes of each topic, of different writers.

    Returns
    -------
    pandas.DataFrame
        `label`, `quote`, `respondents` (writers on the topic, `MINIMUM_CELL` or more).
    """
    topics = comments.topics[comments.topics["topic"] != OTHER]
    topics = topics[topics["respondents"] >= MINIMUM_CELL]
    now = comments.now
    quotes = {
        str(topic): _rank_quotes(theirs, comments.places)[:per_topic]
        for topic, theirs in now[now["topic"].isin(topics["topic"])].groupby("topic")
    }
    chosen = topics.assign(quote=topics["topic"].map(quotes)).explode("quote")
    chosen = chosen.dropna(subset=["quote"])
    return chosen[["label", "quote", "respondents"]].reset_index(drop=True)


def _rank_quotes(theirs: pd.DataFrame, places: tuple[str, ...]) -> list[str]:
    masked = [mask_comment(text, places=places) for text in theirs["text"]]
    rows = theirs.assign(quote=[shorten(text) for text in masked])
    rows = rows[rows["quote"].str.len() >= _SHORTEST]
    bare = rows["quote"].str.replace(r"\W", "", regex=True).str.lower()
    begins = bare.str[:_SAME_BEGINNING]
    rows = rows[~begins.duplicated()].drop_duplicates("respondent")
    usual = rows["quote"].str.len().median() if len(rows) else 0.0
    rows = rows.assign(
        has_mask=rows["quote"].str.contains("[", regex=False),
        is_content=rows["lowest"] != rows["topic"],
        is_foreign=rows["language"] != get_language(),
        away=(rows["quote"].str.len() - usual).abs(),
    )
    order = rows.sort_values(["has_mask", "is_content", "is_foreign", "away", "quote"])
    return [str(quote) for quote in order["quote"]]
