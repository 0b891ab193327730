"""Read the survey: one row per respondent, attributes as columns, and the frame.

Attribute scores are means of the items of an attribute, in points of their scale.
Answers are aggregated inside the engine; what comes here has one row per respondent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd

from analysis.data.sources import Tables
from analysis.errors import BadInputError, Problem
from analysis.quarter import Quarter
from analysis.studies.satisfaction_drivers.parameters import Parameters

SATISFACTION, RECOMMEND = "satisfaction", "recommend"
AGE_LIMITS = (30, 45, 60)
CHARACTERISTICS = {
    "tier": "Tier",
    "customer_type": "Kind of customer",
    "age_band": "Age",
    "channel": "Channel",
    "region": "Region",
}
"""Columns that tell segments apart, and what a reader calls them."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """What some items measure together.

    Parameters
    ----------
    name, label : str
        Name in the data and for readers.
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
        Overall satisfaction and readiness to recommend, as far as they were asked.
    respondents : pandas.DataFrame
        One row per respondent and quarter: `quarter`, `respondent_id`, `customer_id`,
        `design_weight`, `seconds`, `in_frame`, the `CHARACTERISTICS`, one column per
        attribute and outcome (points), `answered`, `smallest`, `largest` (over the
        items of the scale that most drivers have).
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
    attributes, outcomes = _read_items(tables["survey_items"].to_pandas())
    people = _describe_customers(tables, waves)
    scored = _score_respondents(tables, waves, (*attributes, *outcomes.values()))
    respondents = _join_people(scored, people, tables, waves)
    invited = waves.groupby("quarter")["invited"].sum(min_count=1).dropna().astype(int)
    return Survey(
        quarters=tuple(sorted(waves["quarter"].unique())),
        invited={str(quarter): int(count) for quarter, count in invited.items()},
        attributes=attributes,
        outcomes=outcomes,
        respondents=respondents,
        frame=_count_frame(people) if "customer_periods" in tables else None,
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


def _read_items(
    items: pd.DataFrame,
) -> tuple[tuple[Attribute, ...], dict[str, Attribute]]:
    drivers = items[items["role"] == "driver"]
    named = drivers.assign(attribute=drivers["attribute"].fillna(drivers["item"]))
    attributes = tuple(
        _gather(str(name), group)
        for name, group in named.groupby("attribute", sort=False)
    )
    outcomes = {
        role: _gather(role, items[items["role"] == role])
        for role in (SATISFACTION, RECOMMEND)
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
    alone = len(group) == 1
    words = str(group["label_en"].iloc[0]) if alone else name.replace("_", " ")
    lowest, highest = scales.iloc[0]
    items = tuple(str(item) for item in group["item"])
    return Attribute(name, words[:1].upper() + words[1:], items, lowest, highest)


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
        "wave", "respondent_id", "customer_id", "design_weight", "seconds"
    )
    joined: pd.DataFrame = who.inner_join(rows, ["wave", "respondent_id"]).to_pandas()
    joined = joined.merge(waves[["wave", "quarter"]], on="wave")
    joined["design_weight"] = joined["design_weight"].astype(float).fillna(1.0)
    joined["seconds"] = joined["seconds"].astype(float)
    return joined.sort_values(["quarter", "wave", "respondent_id"], ignore_index=True)


def _same_scale(one: Attribute, other: Attribute) -> bool:
    return (one.lowest, one.highest) == (other.lowest, other.highest)


def _describe_customers(tables: Tables, waves: pd.DataFrame) -> ir.Table | None:
    """Give quarter, customer and characteristics: the frame, or all there is."""
    if "customers" not in tables:
        return None
    customers = tables["customers"]
    ends = waves.groupby("quarter")["period"].max()
    if "customer_periods" not in tables:
        parts = [
            _name_characteristics(customers.mutate(tier=ibis.null("string")), q, day)
            for q, day in ends.items()
        ]
        return ibis.union(*parts) if len(parts) > 1 else parts[0]
    periods = tables["customer_periods"]
    parts = []
    for quarter, day in ends.items():
        last = periods.filter(periods.period <= day.date()).period.max()
        held = periods.filter(periods.period == last.as_scalar())
        active = held.filter(held.state.fill_null("active") == "active")
        joined = active.select("customer_id", "tier").inner_join(
            customers, "customer_id"
        )
        parts.append(_name_characteristics(joined, str(quarter), day))
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def _name_characteristics(people: ir.Table, quarter: object, day: date) -> ir.Table:
    age = day.year - people.birth_year
    low, middle, high = AGE_LIMITS
    band = ibis.cases(
        (age < low, f"under {low}"),
        (age < middle, f"{low} to {middle - 1}"),
        (age < high, f"{middle} to {high - 1}"),
        (age >= high, f"{high} and over"),
        else_=people.age_band,
    )
    channel = ibis.cases(
        (people.is_digital, "uses the app"),
        (~people.is_digital, "no app"),
        else_=ibis.null("string"),
    )
    return people.select(
        "customer_id",
        "tier",
        "customer_type",
        "region",
        quarter=ibis.literal(str(quarter)),
        age_band=band,
        channel=channel,
    )


def _join_people(
    scored: pd.DataFrame,
    people: ir.Table | None,
    tables: Tables,
    waves: pd.DataFrame,
) -> pd.DataFrame:
    """Join characteristics to respondents; only theirs leave the engine."""
    if people is None:
        empty = dict.fromkeys(CHARACTERISTICS, None)
        return scored.assign(**empty, in_frame=True)
    who = tables["survey_responses"]
    names = zip(waves["wave"], waves["quarter"], strict=True)
    asked = who.select("customer_id", quarter=who.wave.cases(*names))
    found = people.semi_join(asked, ["quarter", "customer_id"]).to_pandas()
    joined = scored.merge(
        found, on=["quarter", "customer_id"], how="left", indicator=True
    )
    return joined.assign(in_frame=joined.pop("_merge") == "both")


def _count_frame(people: ir.Table | None) -> pd.DataFrame | None:
    if people is None:
        return None
    cells = people.group_by(["quarter", *CHARACTERISTICS])
    counts: pd.DataFrame = cells.aggregate(customers=people.count()).to_pandas()
    return counts


def _refuse(what: str, remedy: str) -> BadInputError:
    return BadInputError([Problem(what, "survey", remedy)])
