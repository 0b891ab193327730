"""Screen the answers of each wave and weight them to the bank's customers.

Weights count customers: what the invitation stood for, raked to the frame's counts
by tier, kind of customer, region, age and channel. A source that does not know who
was not asked gets weights of one, and the report says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.statistics.survey_weights import (
    RakedWeights,
    encode_margins,
    measure_design_effect,
    rake_weights,
)
from analysis.studies.satisfaction_drivers.answers.people import CHARACTERISTICS, OTHERS
from analysis.studies.satisfaction_drivers.answers.survey import Survey
from analysis.studies.satisfaction_drivers.parameters import Parameters
from analysis.wording import mark

_Floats = NDArray[np.float64]

FEWEST_RESPONDENTS = 20
"""Categories with fewer respondents are raked together."""

INVITED, ANSWERED = mark("Invited"), mark("Answered")
ACTIVE, KEPT = (
    mark("Active customer at the quarter's end"),
    mark("Kept after screening"),
)
"""Steps from the customers asked to the answers used."""

_FEWEST_ANSWERS = 5
_UNKNOWN_RATE = 0.01


@dataclass(frozen=True, slots=True)
class WeightedWave:
    """One wave, screened and weighted.

    Parameters
    ----------
    quarter : str
        Quarter that the wave describes.
    respondents : pandas.DataFrame
        One row per respondent kept; `customers` repeats the weights.
    weights : numpy.ndarray, shape (respondents,)
        Customers that each respondent stands for; ones without a frame.
    margins : numpy.ndarray or None, shape (respondents, categories)
        Indicators of what the weights were raked to.
    raked : RakedWeights or None
        Margins before and after; None without a frame.
    funnel : dict of str to int
        From `INVITED` to `KEPT`: how many at each step.
    straight, fast : int
        Respondents who gave one answer throughout, and who were too fast.
    categories : pandas.DataFrame or None
        One row per respondent: categories that the weights were raked by.
    """

    quarter: str
    respondents: pd.DataFrame
    weights: _Floats
    margins: _Floats | None
    raked: RakedWeights | None
    funnel: dict[str, int]
    straight: int
    fast: int
    categories: pd.DataFrame | None = None

    @property
    def design_effect(self) -> float:
        """Kish's design effect of the weights."""
        return measure_design_effect(self.weights)

    @property
    def effective(self) -> float:
        """Equally weighted answers that would tell as much."""
        return len(self.weights) / self.design_effect

    @property
    def spread(self) -> float:
        """Largest over smallest weight."""
        return float(self.weights.max() / self.weights.min())

    @property
    def response_rate(self) -> float:
        """Share of the invited who answered; near zero where that is not known."""
        invited = self.funnel.get(INVITED, 0)
        answered = self.funnel[ANSWERED]
        return answered / invited if invited >= answered else _UNKNOWN_RATE

    def scores(self, name: str) -> _Floats:
        """Give the scores of an attribute or outcome, NaN where missing.

        Parameters
        ----------
        name : str
            Name of the attribute or outcome.

        Returns
        -------
        array, shape (respondents,)
            Scores on the survey's scale.
        """
        return self.respondents[name].to_numpy(dtype=np.float64)


@dataclass(frozen=True, slots=True)
class WeightedSurvey:
    """All waves, weighted.

    Parameters
    ----------
    waves : tuple of WeightedWave
        In time; the last one is reported.
    unscreened : WeightedWave
        The wave reported with the doubtful answers kept, for comparison.
    """

    waves: tuple[WeightedWave, ...]
    unscreened: WeightedWave

    @property
    def reported(self) -> WeightedWave:
        """The wave reported."""
        return self.waves[-1]

    @property
    def previous(self) -> WeightedWave | None:
        """The wave before, if there is one."""
        return self.waves[-2] if len(self.waves) > 1 else None


def weigh_survey(survey: Survey, parameters: Parameters) -> WeightedSurvey:
    """Screen and weight every wave.

    Parameters
    ----------
    survey : Survey
        Answers and frame.
    parameters : Parameters
        What counts as too fast.

    Returns
    -------
    WeightedSurvey
        Waves in time, and the last one unscreened.
    """
    waves = tuple(
        _weigh_wave(survey, quarter, parameters, screened=True)
        for quarter in survey.quarters
    )
    unscreened = _weigh_wave(survey, survey.reported, parameters, screened=False)
    return WeightedSurvey(waves, unscreened)


def name_people(wave: WeightedWave) -> pd.Index:
    """Name the customers of a wave, so that those of two waves can be matched.

    Parameters
    ----------
    wave : WeightedWave
        Who answered.

    Returns
    -------
    pandas.Index
        Keys of customers; where there is none, a name that no other wave has.
    """
    people: pd.Series[str] = wave.respondents["customer_id"].astype(object)
    own = wave.quarter + " " + wave.respondents["respondent_id"].astype(str)
    return pd.Index(people.where(people.notna(), own))


def _weigh_wave(
    survey: Survey, quarter: str, parameters: Parameters, *, screened: bool
) -> WeightedWave:
    wave = survey.respondents[survey.respondents["quarter"] == quarter]
    straight, fast = flag_careless(wave, parameters)
    doubtful = straight & (fast if wave["seconds"].notna().any() else True)
    return weigh_kept(survey, quarter, ~doubtful | (not screened), (straight, fast))


def weigh_kept(
    survey: Survey,
    quarter: str,
    kept: NDArray[np.bool_],
    flags: tuple[NDArray[np.bool_], NDArray[np.bool_]],
) -> WeightedWave:
    """Weight chosen respondents of a wave.

    Parameters
    ----------
    survey : Survey
        Answers and frame.
    quarter : str
        Quarter of the wave.
    kept : numpy.ndarray of bool, shape (respondents of the wave,)
        Who is kept, in the order of `survey.respondents`.
    flags : tuple of numpy.ndarray
        Who gave one answer throughout, and who was too fast; they are counted.

    Returns
    -------
    WeightedWave
        Those kept who are customers of the frame.
    """
    wave = survey.respondents[survey.respondents["quarter"] == quarter]
    held = wave["in_frame"].to_numpy(dtype=bool)
    straight, fast = flags
    kept = held & kept
    respondents = wave[kept].reset_index(drop=True)
    funnel = {
        INVITED: survey.invited.get(quarter, 0),
        ANSWERED: len(wave),
        ACTIVE: 0 if survey.frame is None else int(held.sum()),
        KEPT: int(kept.sum()),
    }
    start = respondents["design_weight"].to_numpy(dtype=np.float64)
    raked, categories = _rake(survey.frame, quarter, respondents, start)
    weights = start if raked is None else raked.weights
    return WeightedWave(
        quarter=quarter,
        respondents=respondents.assign(customers=weights),
        weights=weights,
        margins=None if categories is None else encode_margins(categories),
        raked=raked,
        funnel={step: count for step, count in funnel.items() if count},
        straight=int(straight.sum()),
        fast=int(fast.sum()),
        categories=categories,
    )


def flag_careless(
    wave: pd.DataFrame, parameters: Parameters
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Flag one answer throughout, and less than a share of the median time.

    Parameters
    ----------
    wave : pandas.DataFrame
        Respondents of one wave: `answered`, `smallest`, `largest`, `seconds`.
    parameters : Parameters
        What counts as too fast.

    Returns
    -------
    tuple of numpy.ndarray of bool
        Who gave one answer throughout, and who was too fast.

    References
    ----------
    .. [1] Curran (2016), Methods for the detection of carelessly invalid responses in
       survey data, J. of Experimental Social Psychology 66.
    """
    enough = wave["answered"] >= _FEWEST_ANSWERS
    straight = (wave["smallest"] == wave["largest"]) & enough
    fast = wave["seconds"] < parameters.fast_share * wave["seconds"].median()
    return straight.to_numpy(dtype=bool), fast.to_numpy(dtype=bool)


def _rake(
    frame: pd.DataFrame | None,
    quarter: str,
    respondents: pd.DataFrame,
    start: _Floats,
) -> tuple[RakedWeights | None, pd.DataFrame | None]:
    if frame is None or respondents.empty:
        return None, None
    population = frame[frame["quarter"] == quarter]
    columns: dict[str, pd.Series[str]] = {}
    targets: dict[str, pd.Series[float]] = {}
    for name in CHARACTERISTICS:
        held = respondents[name].astype(object)
        target = population.groupby(name)["customers"].sum().astype(float)
        names = _merge_small(held, target)
        merged = target.groupby(names).sum()
        if len(merged) > 1:
            columns[name] = held.map(names)
            targets[name] = merged
    if not targets:
        return None, None
    categories = pd.DataFrame(columns)
    return rake_weights(categories, targets, start), categories


def _merge_small(held: pd.Series[str], target: pd.Series[float]) -> pd.Series[str]:
    """Give every category the name under which it is raked."""
    counts = held.value_counts().reindex(target.index, fill_value=0).sort_values()
    small = counts.index[counts < FEWEST_RESPONDENTS].tolist()
    rest = [name for name in counts.index if name not in small]
    while small and rest and counts[small].sum() < FEWEST_RESPONDENTS:
        small.append(rest.pop(0))
    return pd.Series(
        {name: OTHERS if name in small else name for name in target.index},
        dtype=object,
    )
