"""How satisfied customers are: scores by segment, over time, and how sure that is.

The net promoter score is in points from -100 to 100, satisfaction in points of its
scale, the top-box share in percent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.statistics.survey_means import SurveyMean, estimate_change, estimate_mean
from analysis.studies.satisfaction_drivers.answers.survey import SATISFACTION, Survey
from analysis.studies.satisfaction_drivers.answers.weighting import (
    WeightedSurvey,
    WeightedWave,
    name_people,
)
from analysis.studies.satisfaction_drivers.levels.measures import (
    Measure,
    list_measures,
    score,
    tilt_answers,
)
from analysis.studies.satisfaction_drivers.levels.segment_cells import (
    EVERYONE,
    Cell,
    list_cells,
)
from analysis.studies.satisfaction_drivers.parameters import (
    SUPPRESSED_BELOW,
    UNCERTAIN_BELOW,
    Parameters,
)
from analysis.wording import mark, say


@dataclass(frozen=True, slots=True)
class Levels:
    """Scores of the wave reported and of the waves before.

    Parameters
    ----------
    segments : pandas.DataFrame
        One row per measure and cell: `measure`, `group` and `segment` in the reader's
        language (group `EVERYONE` for all customers), `estimate`,
        `lower`, `upper`, `std_error`, `nobs`, `effective`, `change`, `change_lower`,
        `change_upper`, `detectable`, `gap`, `gap_lower`, `gap_upper` (to all
        customers, at a level that allows for looking at all cells), `status`
        ("shown", "uncertain" or "suppressed").
    trend : pandas.DataFrame
        One row per measure and quarter, all customers: `estimate`, `lower`, `upper`.
    measures : tuple of str
        Measures that the survey allows.
    unscreened : float
        First measure with doubtful answers kept.
    nonresponse : pandas.DataFrame
        First measure by assumed `slope` of answering: `estimate`.
    reported, previous : str
        Quarter of the wave reported, and of the wave before, None without one.
    scale : tuple of float
        Lowest and highest satisfaction that could be answered.
    repeated : int
        Customers who answered in both.
    people : str
        Whom a total describes: "all customers", or "all who answered" when answers
        could not be weighted.
    source : str
        Where the answers come from.
    confidence_level : float
        Of all intervals.
    """

    segments: pd.DataFrame
    trend: pd.DataFrame
    measures: tuple[Measure, ...]
    unscreened: float
    nonresponse: pd.DataFrame
    reported: str
    previous: str | None
    scale: tuple[float, float]
    repeated: int
    people: str
    source: str
    confidence_level: float

    def total(self, measure: Measure) -> pd.Series[float]:
        """Give the row of all customers.

        Parameters
        ----------
        measure : Measure
            One of `measures`.
        """
        rows = self.segments
        chosen = (rows["measure"] == measure) & (rows["group"] == EVERYONE)
        return rows[chosen].iloc[0]

    def before(self, measure: Measure) -> float | None:
        """Give the estimate of the wave before for all customers, None without one.

        Parameters
        ----------
        measure : Measure
            One of `measures`.
        """
        rows = self.trend[self.trend["measure"] == measure]
        return float(rows["estimate"].iloc[-2]) if len(rows) > 1 else None


def measure_levels(
    survey: Survey, weighted: WeightedSurvey, parameters: Parameters
) -> Levels:
    """Estimate scores in total, by segment and over time.

    Parameters
    ----------
    survey : Survey
        What was asked.
    weighted : WeightedSurvey
        Screened, weighted waves.
    parameters : Parameters
        Confidence level and the sizes below which cells are grey or hidden.

    Returns
    -------
    Levels
        Scores with intervals, changes and what could have been detected.
    """
    measures = list_measures(survey)
    cells = list_cells(weighted.reported)
    segments = [
        row
        for measure in measures
        for row in _compare_cells(survey, weighted, measure, cells, parameters)
    ]
    trend = [
        {"measure": measure, "quarter": wave.quarter, **_describe(mean)}
        for measure in measures
        for wave in weighted.waves
        if (mean := _estimate(survey, wave, measure, parameters)) is not None
    ]
    first = measures[0]
    unscreened = _estimate(survey, weighted.unscreened, first, parameters)
    raked = weighted.reported.raked is not None
    asked = survey.outcomes[SATISFACTION]
    return Levels(
        segments=pd.DataFrame(segments),
        trend=pd.DataFrame(trend),
        measures=measures,
        unscreened=np.nan if unscreened is None else unscreened.estimate,
        nonresponse=tilt_answers(survey, weighted.reported, first),
        reported=weighted.reported.quarter,
        previous=weighted.previous.quarter if weighted.previous else None,
        scale=(asked.lowest, asked.highest),
        repeated=_count_repeated(weighted),
        people=say(mark("all customers") if raked else mark("all who answered")),
        source=survey.source,
        confidence_level=parameters.confidence_level,
    )


def _compare_cells(
    survey: Survey,
    weighted: WeightedSurvey,
    measure: Measure,
    cells: list[Cell],
    parameters: Parameters,
) -> list[dict[str, object]]:
    """Describe each cell, its change and its gap to all customers."""
    tail = (1 - parameters.confidence_level) / max(1, len(cells) - 1)
    total = _estimate(survey, weighted.reported, measure, parameters)
    rows: list[dict[str, object]] = []
    for cell in cells:
        name = {"measure": measure, "group": cell.group}
        now = _estimate(survey, weighted.reported, measure, parameters, cell)
        if now is None or now.effective_nobs < SUPPRESSED_BELOW:
            rows.append({**name, "segment": cell.label, **_hide(now)})
            continue
        certain = now.effective_nobs >= UNCERTAIN_BELOW
        changed = _describe_change(survey, weighted, measure, now, cell, parameters)
        gap = _describe_gap(now, total or now, 1 - tail)
        status = {"status": "shown" if certain else "uncertain"}
        found = {**_describe(now), **changed, **gap, **status}
        rows.append({**name, "segment": cell.label, **found})
    return rows


def _hide(now: SurveyMean | None) -> dict[str, object]:
    empty = dict.fromkeys([*_describe_names(), *_change_names(), *_gap_names()], np.nan)
    nobs = 0 if now is None else now.nobs
    effective = 0.0 if now is None else now.effective_nobs
    return {**empty, "nobs": nobs, "effective": effective, "status": "suppressed"}


def _describe_gap(now: SurveyMean, total: SurveyMean, level: float) -> dict[str, float]:
    everyone = pd.RangeIndex(len(now.scores))
    gap = estimate_change(
        now,
        total,
        later_people=everyone,
        earlier_people=everyone,
        confidence_level=level,
    )
    values = (gap.estimate, gap.lower, gap.upper)
    return dict(zip(_gap_names(), values, strict=True))


def _gap_names() -> tuple[str, ...]:
    return ("gap", "gap_lower", "gap_upper")


def _describe_change(
    survey: Survey,
    weighted: WeightedSurvey,
    measure: Measure,
    now: SurveyMean,
    cell: Cell,
    parameters: Parameters,
) -> dict[str, float]:
    before = weighted.previous
    then = before and _estimate(survey, before, measure, parameters, cell)
    if not before or not then or then.effective_nobs < SUPPRESSED_BELOW:
        return dict.fromkeys(_change_names(), np.nan)
    change = estimate_change(
        now,
        then,
        later_people=name_people(weighted.reported),
        earlier_people=name_people(before),
        confidence_level=parameters.confidence_level,
    )
    values = (change.estimate, change.lower, change.upper, change.detectable)
    return dict(zip(_change_names(), values, strict=True))


def _change_names() -> tuple[str, ...]:
    return ("change", "change_lower", "change_upper", "detectable")


def _describe_names() -> tuple[str, ...]:
    return ("estimate", "lower", "upper", "std_error", "nobs", "effective")


def _describe(mean: SurveyMean) -> dict[str, float]:
    values = (mean.estimate, mean.lower, mean.upper, mean.std_error, mean.nobs)
    return dict(zip(_describe_names(), (*values, mean.effective_nobs), strict=True))


def _estimate(
    survey: Survey,
    wave: WeightedWave,
    measure: Measure,
    parameters: Parameters,
    cell: Cell | None = None,
) -> SurveyMean | None:
    answers, inside = score(survey, wave, measure), None
    if cell is not None and cell.members:
        held = wave.respondents[cell.characteristic]
        inside = held.isin(cell.members).to_numpy(dtype=bool)
    counted = np.isfinite(answers) & (True if inside is None else inside)
    if counted.sum() < 2:
        return None
    return estimate_mean(
        answers,
        wave.weights,
        inside=inside,
        margins=wave.margins,
        confidence_level=parameters.confidence_level,
    )


def _count_repeated(weighted: WeightedSurvey) -> int:
    if weighted.previous is None:
        return 0
    now, then = name_people(weighted.reported), name_people(weighted.previous)
    return len(now.unique().intersection(then.unique()))
