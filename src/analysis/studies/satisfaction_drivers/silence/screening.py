"""Answers given without reading: four signs, and what leaving them out changes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.data.sources import Tables
from analysis.statistics.careless_answers import (
    measure_distances,
    measure_long_strings,
    measure_variability,
)
from analysis.statistics.missing_answers import estimate_moments
from analysis.statistics.survey_means import SurveyMean, estimate_mean
from analysis.studies.satisfaction_drivers.answers.survey import Survey
from analysis.studies.satisfaction_drivers.answers.weighting import (
    flag_careless,
    weigh_kept,
)
from analysis.studies.satisfaction_drivers.levels.measures import (
    Measure,
    list_measures,
    score,
)
from analysis.studies.satisfaction_drivers.parameters import Parameters
from analysis.wording import mark

_Flags = NDArray[np.bool_]

STRAIGHT, FAST, RUN, ODD = (
    mark("One answer throughout"),
    mark("Much too fast"),
    mark("Long run of one answer"),
    mark("Odd combination of answers"),
)
SIGNS = (STRAIGHT, FAST, RUN, ODD)
NOTHING, USED, EITHER, ANY_SIGN = (
    mark("Nothing left out"),
    mark("One answer throughout and too fast (used)"),
    mark("One answer throughout or too fast"),
    mark("Any sign"),
)
"""Rules of leaving answers out."""
_RUN_SHARE = 0.6
_ODD_CHANCE = 0.001
_FEWEST_ITEMS = 5
_FEWEST_ANSWERS = 50


@dataclass(frozen=True, slots=True)
class Screening:
    """Signs of careless answers in the wave reported.

    Parameters
    ----------
    signs : pandas.DataFrame
        One row per respondent: `SIGNS` as flags, `long_string` (items), `variability`
        (points) and `distance` (squared Mahalanobis).
    overlap : pandas.DataFrame
        Respondents by pair of signs, one row and one column a sign.
    rules : pandas.DataFrame
        One row per rule: `rule`, `left_out`, `nobs`, `estimate`, `lower`, `upper` of
        the headline score, weighted anew.
    measure : Measure
        What is scored.
    items : int
        Items that the signs rest on.
    quarter, source : str
        Quarter of the wave, and where the answers come from.
    """

    signs: pd.DataFrame
    overlap: pd.DataFrame
    rules: pd.DataFrame
    measure: Measure
    items: int
    quarter: str
    source: str


def screen_answers(
    tables: Tables, survey: Survey, parameters: Parameters
) -> Screening | None:
    """Look for answers given without reading.

    Parameters
    ----------
    tables : Tables
        The answers, item by item.
    survey : Survey
        Respondents.
    parameters : Parameters
        What counts as too fast.

    Returns
    -------
    Screening or None
        None when too few items or answers were given to tell.

    References
    ----------
    .. [1] Curran (2016), Methods for the detection of carelessly invalid responses in
       survey data, J. of Experimental Social Psychology 66.
    """
    wave = survey.respondents[survey.respondents["quarter"] == survey.reported]
    answers = _read_sheets(tables, survey, wave)
    if answers.shape[1] < _FEWEST_ITEMS or len(answers) < _FEWEST_ANSWERS:
        return None
    straight, fast = flag_careless(wave, parameters)
    signs = _list_signs(answers, straight, fast)
    flags = signs[list(SIGNS)].to_numpy(dtype=bool)
    timed = bool(wave["seconds"].notna().any())
    left_out: dict[str, _Flags] = {
        NOTHING: np.zeros(len(wave), dtype=bool),
        USED: straight & fast if timed else straight,
        STRAIGHT: straight,
        EITHER: straight | fast,
        ODD: signs[ODD].to_numpy(dtype=bool),
        ANY_SIGN: np.asarray(flags.any(axis=1), dtype=bool),
    }
    measure = list_measures(survey)[0]
    rows = [
        _score_rule(survey, parameters, rule, out) for rule, out in left_out.items()
    ]
    counts = flags.T.astype(int) @ flags.astype(int)
    return Screening(
        signs=signs,
        overlap=pd.DataFrame(counts, index=SIGNS, columns=SIGNS),
        rules=pd.DataFrame([row for row in rows if row is not None]),
        measure=measure,
        items=answers.shape[1],
        quarter=survey.reported,
        source=survey.source,
    )


def _read_sheets(
    tables: Tables, survey: Survey, wave: pd.DataFrame
) -> NDArray[np.float64]:
    """Give one row per respondent and one column per item, in the order asked."""
    scales = [(each.lowest, each.highest) for each in survey.attributes]
    usual = max(set(scales), key=scales.count)
    asked = [*survey.attributes, *survey.outcomes.values()]
    items = [
        item
        for each in asked
        if (each.lowest, each.highest) == usual
        for item in each.items
    ]
    answers = tables["survey_answers"]
    answers = answers.filter(answers.wave.isin(sorted(wave["wave"].unique())))
    columns = {
        f"item_{n}": answers.score.max(where=answers.item == item)
        for n, item in enumerate(items)
    }
    sheets = answers.group_by(["wave", "respondent_id"]).aggregate(**columns)
    keys = ["wave", "respondent_id"]
    joined = wave[keys].merge(sheets.to_pandas(), on=keys, how="left")
    matrix: NDArray[np.float64] = joined[list(columns)].to_numpy(dtype=np.float64)
    return matrix[:, np.isfinite(matrix).any(axis=0)]


def _list_signs(
    answers: NDArray[np.float64], straight: _Flags, fast: _Flags
) -> pd.DataFrame:
    moments = estimate_moments(answers)
    distances = measure_distances(answers, moments.mean, moments.covariance)
    longest = measure_long_strings(answers)
    limit = max(_RUN_SHARE * answers.shape[1], _FEWEST_ITEMS)
    return pd.DataFrame(
        {
            STRAIGHT: straight,
            FAST: fast,
            RUN: longest >= limit,
            ODD: (distances["pvalue"] < _ODD_CHANCE).to_numpy(dtype=bool),
            "long_string": longest,
            "variability": measure_variability(answers),
            "distance": distances["distance"],
        }
    )


def _score_rule(
    survey: Survey, parameters: Parameters, rule: str, left_out: _Flags
) -> dict[str, object] | None:
    """Weight the wave anew without those left out, and score it."""
    none = np.zeros(len(left_out), dtype=bool)
    wave = weigh_kept(survey, survey.reported, ~left_out, (none, none))
    answers = score(survey, wave, list_measures(survey)[0])
    if np.isfinite(answers).sum() < _FEWEST_ANSWERS:
        return None
    found: SurveyMean = estimate_mean(
        answers,
        wave.weights,
        margins=wave.margins,
        confidence_level=parameters.confidence_level,
    )
    return {
        "rule": rule,
        "left_out": int(left_out.sum()),
        "nobs": found.nobs,
        "estimate": found.estimate,
        "lower": found.lower,
        "upper": found.upper,
    }
