"""Read the survey: one row per respondent, attributes as columns, and the frame.

Attribute scores are means of the items of an attribute, in points of their scale.
Answers are aggregated inside the engine; what comes here has one row per respondent.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.data.sources import Tables
from analysis.errors import BadInputError, Problem
from analysis.quarter import Quarter
from analysis.studies.satisfaction_drivers.answers.people import (
    count_frame,
    describe_customers,
    join_people,
)
from analysis.studies.satisfaction_drivers.parameters import Parameters
from analysis.wording import LANGUAGES, choose

SATISFACTION, RECOMMEND, INDEX = "satisfaction", "recommend", "acsi"


@dataclass(frozen=True, slots=True)
class Attribute:
    """What some items measure together.

    Parameters
    ----------
    name, label : str
        Code in the data, and name for readers in their language.
    items : tuple of str
        Its items.
    lowest, highest : float
        Ends of their scale, in points.
    """

    name: str
    label: str
    items: tuple[str, ...]
    lowest: float
    highest: float


@dataclass(frozen=True, slots=True)
class Survey:
    """All waves up to the quarter reported.

    Parameters
    ----------
    quarters : tuple of str
        Quarters that have a wave, in time; the last one is reported.
    invited : dict of str to int
        Customers invited by quarter, where known.
    attributes : tuple of Attribute
        Drivers.
    outcomes : dict of str to Attribute
        Overall satisfaction, readiness to recommend and the further items of the
        satisfaction index, as far as they were asked.
    respondents : pandas.DataFrame
        One row per respondent and quarter: `quarter`, `respondent_id`, `customer_id`,
        `design_weight`, `seconds`, `answered_date`, `in_frame`, the
        `CHARACTERISTICS` and `UNITS`, one column per attribute and outcome (points),
        `answered`, `smallest`, `largest` (over the items of the
        scale that most drivers have).
    frame : pandas.DataFrame or None
        Active customers by `quarter` and `CHARACTERISTICS`: `customers`; None when
        the source does not know who was not asked.
    source : str
        Where all this comes from, for captions.
    """

    quarters: tuple[str, ...]
    invited: dict[str, int]
    attributes: tuple[Attribute, ...]
    outcomes: dict[str, Attribute]
    respondents: pd.DataFrame
    frame: pd.DataFrame | None
    source: str

    @property
    def reported(self) -> str:
        """Quarter of the wave reported."""
        return self.quarters[-1]

    @property
    def previous(self) -> str | None:
        """Quarter of the wave before, if there is one."""
        return self.quarters[-2] if len(self.quarters) > 1 else None


def read_survey(tables: Tables, parameters: Parameters) -> Survey:
    """Read answers and frame of the latest waves.

    Parameters
    ----------
    tables : Tables
        `TABLES`, and the customers where the source has them.
    parameters : Parameters
        How many waves are wanted.

    Returns
    -------
    Survey
        One row per respondent, and the counts of the whole bank where known.

    Raises
    ------
    BadInputError
        If there is no wave, no outcome, or items of one attribute differ in scale.
    """
    waves = _read_waves(tables, parameters)
    attributes, outcomes = read_items(tables["survey_items"].to_pandas())
    people = describe_customers(tables, waves)
    scored = _score_respondents(tables, waves, (*attributes, *outcomes.values()))
    respondents = join_people(scored, people, tables, waves)
    invited = waves.groupby("quarter")["invited"].sum(min_count=1).dropna().astype(int)
    return Survey(
        quarters=tuple(sorted(waves["quarter"].unique())),
        invited={str(quarter): int(count) for quarter, count in invited.items()},
        attributes=attributes,
        outcomes=outcomes,
        respondents=respondents,
        frame=count_frame(people) if "customer_periods" in tables else None,
        source=tables.source.attribution or tables.source.title,
    )


def _read_waves(tables: Tables, parameters: Parameters) -> pd.DataFrame:
    waves: pd.DataFrame = tables["survey_waves"].to_pandas()
    if waves.empty:
        raise _refuse(
            f"Table 'survey_waves' must have a wave up to {parameters.quarter}.",
            "Run a quarter in which a survey was in the field.",
        )
    days = pd.to_datetime(waves["period"])
    quarters = [str(Quarter.of(day.date())) for day in days]
    waves = waves.assign(period=days, quarter=quarters)
    kept = sorted(set(quarters))[-parameters.waves_shown :]
    return waves[waves["quarter"].isin(kept)].reset_index(drop=True)


def read_items(
    items: pd.DataFrame,
) -> tuple[tuple[Attribute, ...], dict[str, Attribute]]:
    """Gather the items of each attribute and outcome.

    Parameters
    ----------
    items : pandas.DataFrame
        Table `survey_items`.

    Returns
    -------
    tuple of Attribute, dict of str to Attribute
        Drivers in the order of the items, and outcomes by their role.

    Raises
    ------
    BadInputError
        If there is no outcome, or items of one attribute differ in scale.
    """
    drivers = items[items["role"] == "driver"]
    named = drivers.assign(attribute=drivers["attribute"].fillna(drivers["item"]))
    attributes = tuple(
        _gather(str(name), group)
        for name, group in named.groupby("attribute", sort=False)
    )
    outcomes = {
        role: _gather(role, items[items["role"] == role])
        for role in (SATISFACTION, RECOMMEND, INDEX)
        if (items["role"] == role).any()
    }
    if SATISFACTION not in outcomes:
        raise _refuse(
            "Table 'survey_items' must have an item of role 'satisfaction'; "
            f"it has {sorted(items['role'].unique())}.",
            "Map the question on overall satisfaction to that role.",
        )
    return attributes, outcomes


def _gather(name: str, group: pd.DataFrame) -> Attribute:
    scales = group[["scale_minimum", "scale_maximum"]].drop_duplicates()
    if len(scales) > 1:
        raise _refuse(
            f"Items of attribute '{name}' must share one scale; they have "
            f"{scales.to_numpy().tolist()}.",
            "Give them different attributes.",
        )
    lowest, highest = scales.iloc[0]
    items = tuple(str(item) for item in group["item"])
    return Attribute(name, _label(name, group), items, lowest, highest)


def _label(name: str, group: pd.DataFrame) -> str:
    """Give the attribute's own label, else its only item's, else its code in words."""
    first = group.iloc[0]
    kinds = ("attribute_label", "label") if len(group) == 1 else ("attribute_label",)
    for kind in kinds:
        held = {language: first[f"{kind}_{language}"] for language in LANGUAGES}
        texts = {key: str(text) for key, text in held.items() if pd.notna(text)}
        if texts:
            words = choose(texts)
            return words[:1].upper() + words[1:]
    return name.replace("_", " ").capitalize()


def _score_respondents(
    tables: Tables, waves: pd.DataFrame, wanted: tuple[Attribute, ...]
) -> pd.DataFrame:
    """Average the items of each attribute in the engine, one row per respondent."""
    answers = tables["survey_answers"]
    answers = answers.filter(answers.wave.isin(waves["wave"].tolist()))
    scores = {
        each.name: answers.score.mean(where=answers.item.isin(each.items))
        for each in wanted
    }
    usual = max(
        wanted, key=lambda each: sum(_same_scale(each, other) for other in wanted)
    )
    alike = [i for each in wanted if _same_scale(each, usual) for i in each.items]
    inside = answers.item.isin(alike)
    rows = answers.group_by(["wave", "respondent_id"]).aggregate(
        **scores,
        answered=answers.count(where=inside),
        smallest=answers.score.min(where=inside),
        largest=answers.score.max(where=inside),
    )
    who = tables["survey_responses"].select(
        "wave",
        "respondent_id",
        "customer_id",
        "design_weight",
        "seconds",
        "answered_date",
    )
    joined: pd.DataFrame = who.inner_join(rows, ["wave", "respondent_id"]).to_pandas()
    joined = joined.merge(waves[["wave", "quarter"]], on="wave")
    joined["design_weight"] = joined["design_weight"].astype(float).fillna(1.0)
    joined["seconds"] = joined["seconds"].astype(float)
    return joined.sort_values(["quarter", "wave", "respondent_id"], ignore_index=True)


def _same_scale(one: Attribute, other: Attribute) -> bool:
    return (one.lowest, one.highest) == (other.lowest, other.highest)


def _refuse(what: str, remedy: str) -> BadInputError:
    return BadInputError([Problem(what, "survey", remedy)])
