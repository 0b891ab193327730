"""Which attributes comments are about, and whether ratings of the writers agree.

The lowest-rated attribute of a respondent is the one that lies furthest below the
mean of its wave, in standard deviations: some attributes are rated low by everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from analysis.data.sources import Tables
from analysis.statistics.chance_agreement import Agreement, measure_agreement
from analysis.statistics.histogram_quantile import bound_share
from analysis.studies.satisfaction_drivers.answers.survey import Attribute, Survey
from analysis.studies.satisfaction_drivers.parameters import Parameters
from analysis.studies.satisfaction_drivers.refusal import Refused
from analysis.studies.satisfaction_drivers.service.missing import miss
from analysis.studies.satisfaction_drivers.verbatims.code_frame import list_seeds
from analysis.studies.satisfaction_drivers.verbatims.topics import (
    OTHER,
    code_comments,
)
from analysis.wording import LANGUAGES, say

FEWEST_COMMENTS: Final = 50
"""Comments below which nothing is said of them."""


@dataclass(frozen=True, slots=True)
class Comments:
    """Comments of several waves, coded, beside the ratings of their writers.

    Parameters
    ----------
    quarter, first : str
        Quarter reported, and the first one whose comments check the topics.
    rows : pandas.DataFrame
        One row per comment: `quarter`, `respondent` (a number), `topic`, `language`,
        `lowest` (attribute, missing where nothing was rated), `text`.
    labels : dict of str to str
        Names of attributes for readers, and of `OTHER`.
    topics : pandas.DataFrame
        Of the quarter reported, one row per topic, the most frequent first, `OTHER`
        last: `topic`, `label`, `comments`, `respondents`, `share` with `lower`,
        `upper` (percent of comments), `chinese_pct`, `match_pct` (its writers who rate
        it lowest, percent, all waves), `expected_pct` (by chance).
    agreement : Agreement or None
        Between topic and lowest-rated attribute; None where there is nothing to code.
    places : tuple of str
        Names of branches, to be masked.
    answers : int
        Respondents of the quarter reported.
    confidence_level : float
        Of all intervals.
    source : str
        Where comments come from.
    """

    quarter: str
    first: str
    rows: pd.DataFrame
    labels: dict[str, str]
    topics: pd.DataFrame
    agreement: Agreement | None
    places: tuple[str, ...]
    answers: int
    confidence_level: float
    source: str

    @property
    def now(self) -> pd.DataFrame:
        """Comments of the quarter reported."""
        return self.rows[self.rows["quarter"] == self.quarter]


def read_comments(
    tables: Tables, survey: Survey, parameters: Parameters
) -> Comments | Refused:
    """Read comments and give them their topics.

    Parameters
    ----------
    tables : Tables
        Comments, items and branches.
    survey : Survey
        Attributes and ratings.
    parameters : Parameters
        Quarter and confidence level.

    Returns
    -------
    Comments or Refused
        Refused where the source has too few comments.
    """
    if "survey_comments" not in tables:
        reason = say("This source has no comments of respondents.")
        return miss(tables, parameters, reason, say("Map the table of comments."))
    written = _join_respondents(tables, survey)
    now = int((written["quarter"] == survey.reported).sum())
    if now < FEWEST_COMMENTS:
        reason = say(
            "Only {n} comments were written in the quarter; {least} are needed.",
            n=now,
            least=FEWEST_COMMENTS,
        )
        remedy = say("Ask every respondent for a comment.")
        return miss(tables, parameters, reason, remedy, nobs=now)
    coded = code_comments(written["text"].tolist(), _list_seeds(tables, survey))
    rows = written.assign(topic=coded.topic, language=coded.language)
    return _summarise(tables, survey, parameters, rows)


def _join_respondents(tables: Tables, survey: Survey) -> pd.DataFrame:
    """Lay comments beside the lowest-rated attribute of who wrote them."""
    comments = tables["survey_comments"].select("wave", "respondent_id", "text")
    rows: pd.DataFrame = comments.to_pandas()
    rows = rows[rows["text"].str.strip().astype(bool)]
    people = survey.respondents.assign(lowest=find_lowest(survey))
    joined = rows.merge(
        people[["quarter", "wave", "respondent_id", "lowest"]],
        on=["wave", "respondent_id"],
    )
    order = joined.sort_values(["quarter", "respondent_id", "text"], ignore_index=True)
    who = order.groupby(["wave", "respondent_id"], sort=False).ngroup()
    return order.assign(respondent=who).drop(columns=["wave", "respondent_id"])


def find_lowest(survey: Survey) -> pd.Series[str]:
    """Find each respondent's lowest-rated attribute.

    Parameters
    ----------
    survey : Survey
        Ratings.

    Returns
    -------
    pandas.Series of str
        Code of the attribute; missing where none was rated, or all alike.
    """
    names = [each.name for each in survey.attributes]
    ratings = survey.respondents[names].astype(float)
    waves = ratings.groupby(survey.respondents["quarter"])
    spread = waves.transform("std").replace(0.0, np.nan)
    apart = (ratings - waves.transform("mean")) / spread
    told = (apart.max(axis=1) > apart.min(axis=1)).to_numpy()
    filled = apart.fillna(np.inf).to_numpy()
    lowest = np.array(names, dtype=object)[filled.argmin(axis=1)]
    return pd.Series(lowest, survey.respondents.index).where(told)


def _list_seeds(tables: Tables, survey: Survey) -> dict[str, tuple[str, ...]]:
    """List the words of each attribute that was asked, with its own names."""
    items = tables["survey_items"].to_pandas()
    named = items["attribute"].fillna(items["item"])
    seeds = {}
    for each in survey.attributes:
        own = items[named == each.name]
        columns = [f"attribute_label_{language}" for language in LANGUAGES]
        labels = own[columns].to_numpy().ravel()
        texts = tuple(str(label) for label in labels if pd.notna(label))
        seeds[each.name] = list_seeds(each.name, texts)
    return seeds


def _summarise(
    tables: Tables, survey: Survey, parameters: Parameters, rows: pd.DataFrame
) -> Comments:
    level = parameters.confidence_level
    labels = {each.name: each.label for each in survey.attributes}
    labels[OTHER] = say("None of the attributes")
    now = rows[rows["quarter"] == survey.reported]
    counts = _count_topics(now, labels, level)
    table = _cross(rows, survey.attributes)
    both = table.sum(axis=0) + table.sum(axis=1)
    used = table.loc[both > 0, both > 0]
    return Comments(
        quarter=survey.reported,
        first=str(rows["quarter"].min()),
        rows=rows,
        labels=labels,
        topics=counts.join(_match(table), on="topic"),
        agreement=(
            measure_agreement(used.to_numpy(np.float64), confidence_level=level)
            if len(used) > 1
            else None
        ),
        places=_list_places(tables),
        answers=int((survey.respondents["quarter"] == survey.reported).sum()),
        confidence_level=level,
        source=survey.source,
    )


def _count_topics(
    now: pd.DataFrame, labels: dict[str, str], level: float
) -> pd.DataFrame:
    grouped = now.groupby("topic")
    counts = pd.DataFrame(
        {
            "comments": grouped.size(),
            "respondents": grouped["respondent"].nunique(),
            "chinese_pct": 100
            * grouped["language"].agg(lambda each: (each == "zh").mean()),
        }
    ).reset_index()
    writers = now["respondent"].nunique()
    ends = [
        bound_share(n / len(now), writers, confidence_level=level)
        for n in counts["comments"]
    ]
    lower, upper = np.array(ends).T
    counts = counts.assign(
        label=counts["topic"].map(labels),
        share=100 * counts["comments"] / len(now),
        lower=100 * lower,
        upper=100 * upper,
        is_other=counts["topic"] == OTHER,
    )
    return counts.sort_values(
        ["is_other", "comments", "topic"], ascending=[True, False, True],
        ignore_index=True,
    )  # fmt: skip


def _cross(rows: pd.DataFrame, attributes: tuple[Attribute, ...]) -> pd.DataFrame:
    """Count respondents by topic (first one) and lowest-rated attribute."""
    names = [each.name for each in attributes]
    told = rows[rows["topic"].isin(names) & rows["lowest"].notna()]
    told = told.drop_duplicates("respondent")
    table = pd.crosstab(told["topic"], told["lowest"])
    return table.reindex(index=names, columns=names, fill_value=0)


def _match(table: pd.DataFrame) -> pd.DataFrame:
    """Give how often a topic's writers rate it lowest, and what chance would give."""
    total = max(int(table.to_numpy().sum()), 1)
    writers = table.sum(axis=1).replace(0, np.nan)
    same = pd.Series(np.diag(table), table.index)
    return pd.DataFrame(
        {
            "match_pct": 100 * same / writers,
            "expected_pct": 100 * table.sum(axis=0) / total,
        }
    )


def _list_places(tables: Tables) -> tuple[str, ...]:
    if "customers" not in tables:
        return ()
    names = tables["customers"].select("branch").distinct().to_pyarrow()["branch"]
    return tuple(sorted(str(name) for name in names.to_pylist() if name))
