"""Why the score changed: other customers, other answers, or chance.

Parts are in the unit of the measure and add up to the change.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.statistics.multiple_tests import adjust_pvalues
from analysis.statistics.rate_decomposition import (
    GroupRates,
    RateDecomposition,
    decompose_change,
)
from analysis.statistics.survey_means import SurveyMean, estimate_mean
from analysis.studies.satisfaction_drivers.answers.survey import Survey
from analysis.studies.satisfaction_drivers.answers.weighting import (
    WeightedSurvey,
    WeightedWave,
    name_people,
)
from analysis.studies.satisfaction_drivers.levels.measures import (
    Measure,
    list_measures,
    score,
)
from analysis.studies.satisfaction_drivers.levels.segment_cells import (
    SEGMENTS,
    Cell,
    list_cells,
)
from analysis.studies.satisfaction_drivers.parameters import (
    SUPPRESSED_BELOW,
    Parameters,
)
from analysis.studies.satisfaction_drivers.refusal import Refused
from analysis.wording import mark, say

OTHER_CUSTOMERS = mark("other customers")
_TRIFLE = 0.25
"""Parts below this share of the largest error are too small to be named."""


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """Parts of the change of the headline score between two waves.

    Parameters
    ----------
    measure : Measure
        What changed.
    parts : pandas.DataFrame
        One row per part, other customers first and then each segment: `name`,
        `estimate`, `lower`, `upper`, `pvalue` (adjusted for looking at all), `nobs`
        (answers of both waves), `is_clear`.
    group : str
        What tells the segments apart, for readers.
    before, now : float
        The two scores.
    lower, upper : float
        Interval of the change.
    quarter, previous : str
        The two quarters.
    nobs : int
        Answers of both waves.
    source : str
        Where they come from.
    """

    measure: Measure
    parts: pd.DataFrame
    group: str
    before: float
    now: float
    lower: float
    upper: float
    quarter: str
    previous: str
    nobs: int
    source: str

    @property
    def total(self) -> float:
        """The change."""
        return self.now - self.before

    @property
    def unexplained(self) -> float:
        """Sum of the parts that cannot be told from chance."""
        unclear = ~self.parts["is_clear"]
        return float(self.parts.loc[unclear, "estimate"].sum())


def explain_change(
    survey: Survey, weighted: WeightedSurvey, parameters: Parameters
) -> ScoreChange | Refused:
    """Split the change since the wave before.

    Parameters
    ----------
    survey : Survey
        What was asked.
    weighted : WeightedSurvey
        Screened, weighted waves.
    parameters : Parameters
        Confidence level.

    Returns
    -------
    ScoreChange or Refused
        Refused with one wave, or without segments that both waves can tell apart.
    """
    now, before = weighted.reported, weighted.previous
    if before is None:
        reason = say("This source has one wave only.")
        return _refuse(survey, reason, len(now.weights))
    cells = _choose_cells(now, before)
    if not cells:
        reason = say("No segments can be told apart in both waves.")
        return _refuse(survey, reason, len(now.weights))
    measure = list_measures(survey)[0]
    later, earlier = (
        estimate_groups(score(survey, wave, measure), wave, cells)
        for wave in (now, before)
    )
    level = parameters.confidence_level
    found = decompose_change(later, earlier, confidence_level=level)
    low, high = _enclose_total(later, earlier, level)
    counts = [_count(survey, now, before, measure, cell) for cell in cells]
    return ScoreChange(
        measure=measure,
        parts=_name_parts(found, cells, counts, level),
        group=cells[0].group,
        before=float(earlier.shares @ earlier.means),
        now=float(later.shares @ later.means),
        lower=low,
        upper=high,
        quarter=now.quarter,
        previous=before.quarter,
        nobs=sum(counts),
        source=survey.source,
    )


def estimate_groups(
    answers: NDArray[np.float64], wave: WeightedWave, cells: list[Cell]
) -> GroupRates:
    """Estimate mean and share of each segment of a wave, with their scores.

    Parameters
    ----------
    answers : numpy.ndarray, shape (respondents,)
        Scores, NaN where missing.
    wave : WeightedWave
        Who answered.
    cells : list of Cell
        Segments that hold everyone.

    Returns
    -------
    GroupRates
        Of those who answered; shares carry no error as far as weights are raked to
        them.
    """
    answered = np.isfinite(answers)
    means, shares = [], []
    for cell in cells:
        inside = wave.respondents[cell.characteristic].isin(cell.members).to_numpy(bool)
        means.append(_estimate(answers, wave, inside))
        share = np.where(answered, inside.astype(float), np.nan)
        shares.append(_estimate(share, wave, None))
    return GroupRates(
        means=np.array([each.estimate for each in means]),
        shares=np.array([each.estimate for each in shares]),
        mean_scores=np.column_stack([each.scores for each in means]),
        share_scores=np.column_stack([each.scores for each in shares]),
        people=name_people(wave),
    )


def _estimate(
    answers: NDArray[np.float64], wave: WeightedWave, inside: NDArray[np.bool_] | None
) -> SurveyMean:
    return estimate_mean(answers, wave.weights, inside=inside, margins=wave.margins)


def _choose_cells(now: WeightedWave, before: WeightedWave) -> list[Cell]:
    """Take the first characteristic whose segments hold everyone in both waves."""
    cells = list_cells(now)
    for name in SEGMENTS:
        chosen = [cell for cell in cells if cell.characteristic == name]
        known = {member for cell in chosen for member in cell.members}
        sizes = [_measure_size(before, cell) for cell in chosen]
        whole = set(before.respondents[name]) <= known
        if chosen and whole and min(sizes) >= SUPPRESSED_BELOW:
            return chosen
    return []


def _measure_size(wave: WeightedWave, cell: Cell) -> int:
    return int(wave.respondents[cell.characteristic].isin(cell.members).sum())


def _count(
    survey: Survey,
    now: WeightedWave,
    before: WeightedWave,
    measure: Measure,
    cell: Cell,
) -> int:
    counts = [
        np.isfinite(score(survey, wave, measure))
        & wave.respondents[cell.characteristic].isin(cell.members).to_numpy(bool)
        for wave in (now, before)
    ]
    return int(sum(each.sum() for each in counts))


def _enclose_total(
    later: GroupRates, earlier: GroupRates, level: float
) -> tuple[float, float]:
    """Give the interval of the whole change, as one group."""
    whole = [
        GroupRates(
            np.array([rates.shares @ rates.means]),
            np.ones(1),
            (rates.mean_scores @ rates.shares + rates.share_scores @ rates.means)[
                :, None
            ],
            np.zeros((len(rates.people), 1)),
            rates.people,
        )
        for rates in (later, earlier)
    ]
    row = decompose_change(*whole, confidence_level=level).parts.iloc[1]
    return float(row["lower"]), float(row["upper"])


def _name_parts(
    found: RateDecomposition, cells: list[Cell], counts: list[int], level: float
) -> pd.DataFrame:
    adjusted = adjust_pvalues(found.parts["pvalue"])
    large = found.parts["estimate"].abs() >= _TRIFLE * found.parts["std_error"].max()
    names = [say(OTHER_CUSTOMERS), *(cell.label for cell in cells)]
    return found.parts.assign(
        name=names,
        nobs=[sum(counts), *counts],
        pvalue=adjusted,
        is_clear=(adjusted < 1 - level) & large,
    )


def _refuse(survey: Survey, reason: str, nobs: int) -> Refused:
    return Refused(
        reason=reason,
        remedy=say("Ask the same questions again next quarter."),
        period=survey.reported,
        source=survey.source,
        nobs=nobs,
    )
