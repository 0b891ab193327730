"""The matrix of answers from which drivers are estimated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.presentation.disclosure import MINIMUM_CELL
from analysis.statistics.net_promoter import score_promoters
from analysis.studies.satisfaction_drivers.answers.item_answers import ItemAnswers
from analysis.studies.satisfaction_drivers.answers.survey import (
    RECOMMEND,
    SATISFACTION,
    Attribute,
    Survey,
)
from analysis.studies.satisfaction_drivers.answers.weighting import WeightedWave
from analysis.studies.satisfaction_drivers.levels.measures import list_measures

_Floats = NDArray[np.float64]

_FEWEST_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class DriverAnswers:
    """What enters the moments.

    Parameters
    ----------
    attributes : tuple of Attribute
        Drivers kept.
    scores : numpy.ndarray, shape (respondents, variables)
        Attributes, then satisfaction, then promoter points where they were asked;
        NaN where missing.
    weights : numpy.ndarray, shape (respondents,)
        Survey weights with mean 1.
    items : tuple of numpy.ndarray, shape (respondents, items)
        Answers to the items of each attribute; one column where it has one.
    """

    attributes: tuple[Attribute, ...]
    scores: _Floats
    weights: _Floats
    items: tuple[_Floats, ...]


def gather_answers(
    survey: Survey, wave: WeightedWave, items: ItemAnswers | None = None
) -> DriverAnswers:
    """Gather the answers of a wave; attributes that tell nothing are left out.

    Parameters
    ----------
    survey : Survey
        What was asked.
    wave : WeightedWave
        Who answered.
    items : ItemAnswers, optional
        Answers to single items.

    Returns
    -------
    DriverAnswers
        Attributes that at least one in twenty answered, and not fewer than may be
        shown, and not all alike.
    """
    satisfied = wave.scores(SATISFACTION)
    kept = tuple(
        each
        for each in survey.attributes
        if _is_usable(wave.scores(each.name), len(satisfied))
    )
    columns = [wave.scores(each.name) for each in kept] + [satisfied]
    if "net_promoter" in list_measures(survey):
        columns.append(score_promoters(wave.scores(RECOMMEND)))
    share = wave.weights / wave.weights.mean()
    known = items or ItemAnswers(pd.DataFrame())
    asked = tuple(known.read(each, wave) for each in kept)
    return DriverAnswers(kept, np.column_stack(columns), share, asked)


def _is_usable(scores: _Floats, nobs: int) -> bool:
    held = scores[np.isfinite(scores)]
    enough = len(held) >= max(MINIMUM_CELL, _FEWEST_SHARE * nobs)
    return enough and bool(np.ptp(held) > 0)
