"""How ratings answer to days until a complaint is closed, and to minutes waited.

Both are read for respondents only; minutes and days are of the same customer, before
the answer. Ratings are points of their scale. What goes along need not be caused.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.data.sources import Tables
from analysis.statistics.threshold_response import (
    Doses,
    ThresholdResponse,
    estimate_threshold_response,
)
from analysis.studies.satisfaction_drivers.answers.survey import SATISFACTION, Survey
from analysis.studies.satisfaction_drivers.answers.weighting import WeightedSurvey
from analysis.studies.satisfaction_drivers.parameters import Parameters
from analysis.studies.satisfaction_drivers.refusal import Refused
from analysis.studies.satisfaction_drivers.service.missing import miss
from analysis.studies.satisfaction_drivers.service.quarter_ends import name_quarter
from analysis.wording import say

FEWEST_ANSWERS = 100
"""Respondents with a dose below which no response is measured."""
STEP = 5.0
"""Days sooner, or minutes less, that are valued."""
_LONGEST_DAYS = 90.0
_DRAWS = 499


@dataclass(frozen=True, slots=True)
class RatingResponse:
    """A rating's response to a dose.

    Parameters
    ----------
    first, last : str
        Quarters of the answers.
    attribute : str
        Name of the attribute rated, for readers.
    rating : ThresholdResponse
        Of the attribute's rating.
    overall : ThresholdResponse
        Of overall satisfaction, same respondents.
    mean_dose : float
        Mean days or minutes.
    open_complaints : int
        Respondents whose complaint was still open when they answered.
    confidence_level : float
        Of all intervals.
    source : str
        Where all comes from.
    """

    first: str
    last: str
    attribute: str
    rating: ThresholdResponse
    overall: ThresholdResponse
    mean_dose: float
    open_complaints: int
    confidence_level: float
    source: str


def measure_speed_response(
    tables: Tables, survey: Survey, weighted: WeightedSurvey, parameters: Parameters
) -> RatingResponse | Refused:
    """Measure how ratings answer to the days until a complaint is closed.

    Parameters
    ----------
    tables : Tables
        Complaints and who answered.
    survey : Survey
        What was asked.
    weighted : WeightedSurvey
        Answers, screened and weighted.
    parameters : Parameters
        Attribute, seed and confidence level.

    Returns
    -------
    RatingResponse or Refused
        Refused where too few who complained have answered.
    """
    if "complaints" not in tables:
        reason = say("This source has no complaints.")
        return miss(tables, parameters, reason, say("Map the table of complaints."))
    rows = _join_answers(weighted, _read_days(tables))
    days = rows["dose"].clip(upper=_LONGEST_DAYS)
    return measure_rating_response(
        tables,
        survey,
        rows.assign(dose=days),
        parameters.complaint_attribute,
        parameters,
    )


def measure_waiting_response(
    tables: Tables, survey: Survey, weighted: WeightedSurvey, parameters: Parameters
) -> RatingResponse | Refused:
    """Measure how ratings answer to the minutes waited.

    Parameters
    ----------
    tables : Tables
        Events and who answered.
    survey : Survey
        What was asked.
    weighted : WeightedSurvey
        Answers, screened and weighted.
    parameters : Parameters
        Attribute, seed and confidence level.

    Returns
    -------
    RatingResponse or Refused
        Refused where too few who waited have answered.
    """
    if "events" not in tables:
        reason = say("This source has no events, so that waiting is not known.")
        return miss(tables, parameters, reason, say("Map the table of events."))
    rows = _join_answers(weighted, _read_minutes(tables))
    return measure_rating_response(
        tables, survey, rows, parameters.waiting_attribute, parameters
    )


def _join_answers(weighted: WeightedSurvey, doses: pd.DataFrame) -> pd.DataFrame:
    """Lay weighted answers of all waves beside the dose of the same quarter."""
    parts = [
        wave.respondents.assign(weight=wave.weights / wave.weights.mean())
        for wave in weighted.waves
    ]
    answers = pd.concat(parts, ignore_index=True)
    return answers.merge(doses, on=["quarter", "customer_id"], how="inner")


def _read_days(tables: Tables) -> pd.DataFrame:
    """Read the days of each respondent's latest complaint before the answer."""
    complaints = tables["complaints"].select(
        "customer_id", "complaint_id", "opened_date", "closed_date"
    )
    joined = _list_respondents(tables).inner_join(complaints, "customer_id")
    told = joined.answered_date.fill_null(joined.period)
    since = joined.filter(
        (joined.opened_date <= told)
        & (joined.opened_date.delta(told, unit="D") >= -_LONGEST_DAYS * 2)
    )
    rows: pd.DataFrame = since.select(
        "customer_id", "period", "answered_date", "opened_date", "closed_date",
        quarter=name_quarter(since.period),
    ).to_pandas()  # fmt: skip
    days = {
        name: pd.to_datetime(rows[name])
        for name in ("period", "answered_date", "opened_date", "closed_date")
    }
    answered = days["answered_date"].fillna(days["period"])
    still = ~(days["closed_date"] <= answered)
    until = days["closed_date"].where(~still, answered)
    rows = rows.assign(
        opened=days["opened_date"],
        dose=(until - days["opened_date"]).dt.days.astype(float),
        is_open=still,
    )
    latest = rows.sort_values(["quarter", "customer_id", "opened", "dose"])
    latest = latest.groupby(["quarter", "customer_id"], as_index=False).last()
    return latest[["quarter", "customer_id", "dose", "is_open"]]


def _list_respondents(tables: Tables) -> ir.Table:
    """Give who answered which wave, and when."""
    waves = tables["survey_waves"].select("wave", "period")
    who = tables["survey_responses"].filter(
        tables["survey_responses"]["customer_id"].notnull()  # noqa: PD004 - a method of Ibis
    )
    return who.select("wave", "customer_id", "answered_date").inner_join(waves, "wave")


def _read_minutes(tables: Tables) -> pd.DataFrame:
    """Average the minutes that respondents waited in the quarter of their wave."""
    events = tables["events"]
    channel = find_waiting_channel(events)
    waits = events.filter(events["wait_minutes"].notnull() & (events["count"] > 0))  # noqa: PD004 - a method of Ibis
    waits = waits.filter(waits.channel == channel)
    waits = waits.mutate(quarter=name_quarter(waits.period))
    asked = _list_respondents(tables)
    asked = asked.select("customer_id", quarter=name_quarter(asked.period)).distinct()
    theirs = waits.semi_join(asked, ["quarter", "customer_id"])
    summed = theirs.group_by(["quarter", "customer_id"]).agg(
        minutes=(theirs.wait_minutes * theirs["count"]).sum(),
        visits=theirs["count"].sum(),
    )
    rows: pd.DataFrame = summed.to_pandas()
    rows = rows.sort_values(["quarter", "customer_id"], ignore_index=True)
    dose = rows["minutes"].astype(float) / rows["visits"].astype(float)
    return rows[["quarter", "customer_id"]].assign(dose=dose, is_open=False)


def find_waiting_channel(events: ir.Table) -> str:
    """Name the channel in which customers wait most in all.

    Parameters
    ----------
    events : ibis.expr.types.Table
        Events with `wait_minutes` and `count`.

    Returns
    -------
    str
        As the source calls it; empty where nobody waits.
    """
    waits = events.filter(events["wait_minutes"].notnull())  # noqa: PD004 - a method of Ibis
    summed = waits.group_by("channel").agg(
        total=(waits.wait_minutes * waits["count"]).sum()
    )
    sums = summed.to_pandas().sort_values(["total", "channel"], ascending=[False, True])
    return str(sums["channel"].iloc[0]) if len(sums) else ""


def measure_rating_response(
    tables: Tables,
    survey: Survey,
    rows: pd.DataFrame,
    attribute: str,
    parameters: Parameters,
) -> RatingResponse | Refused:
    """Measure how an attribute's rating and satisfaction answer to a dose.

    Parameters
    ----------
    tables : Tables
        For the source's name.
    survey : Survey
        What was asked.
    rows : pandas.DataFrame
        One row per answer: `quarter`, `customer_id`, `tier`, `channel`, `weight`,
        `dose`, `is_open`, the attribute and satisfaction.
    attribute : str
        Code of the attribute.
    parameters : Parameters
        Seed and confidence level.

    Returns
    -------
    RatingResponse or Refused
        Refused where the attribute was not asked or too few have a dose.
    """
    asked = [each for each in survey.attributes if each.name == attribute]
    if not asked:
        reason = say("The survey has no attribute '{code}'.", code=attribute)
        remedy = say("Name the attribute in the parameters.")
        return miss(tables, parameters, reason, remedy)
    held = rows.dropna(subset=[attribute, SATISFACTION, "dose"])
    if len(held) < FEWEST_ANSWERS or held["dose"].nunique() < 5:
        reason = say(
            "Only {n} answers come from customers for whom it is known; {least} are "
            "needed.",
            n=len(held),
            least=FEWEST_ANSWERS,
        )
        remedy = say("Invite these customers to the next survey in larger numbers.")
        return miss(tables, parameters, reason, remedy, nobs=len(held))
    rating, overall = (
        _respond(held, each, parameters) for each in (attribute, SATISFACTION)
    )
    return RatingResponse(
        first=str(held["quarter"].min()),
        last=str(held["quarter"].max()),
        attribute=asked[0].label,
        rating=rating,
        overall=overall,
        mean_dose=float(np.average(held["dose"], weights=held["weight"])),
        open_complaints=int(held["is_open"].sum()),
        confidence_level=parameters.confidence_level,
        source=survey.source,
    )


def _respond(
    held: pd.DataFrame, outcome: str, parameters: Parameters
) -> ThresholdResponse:
    doses = Doses(
        outcome=held[outcome].to_numpy(np.float64),
        dose=held["dose"].to_numpy(np.float64),
        weight=held["weight"].to_numpy(np.float64),
        controls=_list_controls(held),
        cluster=pd.factorize(held["customer_id"])[0].astype(np.int64),
    )
    return estimate_threshold_response(
        doses,
        step=STEP,
        rng=np.random.default_rng(parameters.seed),
        draws=_DRAWS,
        confidence_level=parameters.confidence_level,
    )


def _list_controls(
    held: pd.DataFrame,
) -> NDArray[np.float64]:
    """List indicators of tier, quarter and use of the app, rare ones together."""
    columns = [
        (held[name] == each).to_numpy(np.float64)
        for name in ("tier", "quarter", "channel")
        for each, count in list(held[name].value_counts().items())[1:]
        if count >= 20
    ]
    empty = np.zeros((len(held), 0))
    return np.column_stack(columns) if columns else empty
