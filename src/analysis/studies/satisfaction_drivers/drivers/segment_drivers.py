"""Which drivers differ between segments that lend each other strength."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.statistics.multiple_tests import limit_false_discoveries
from analysis.statistics.pooled_normal import FEWEST_GROUPS
from analysis.studies.satisfaction_drivers.answers.people import TRAITS
from analysis.studies.satisfaction_drivers.answers.survey import Survey
from analysis.studies.satisfaction_drivers.answers.weighting import WeightedWave
from analysis.studies.satisfaction_drivers.drivers.driver_answers import (
    DriverAnswers,
    gather_answers,
)
from analysis.studies.satisfaction_drivers.drivers.segment_effects import (
    SegmentEffects,
    pool_segments,
    regress_segment,
)
from analysis.studies.satisfaction_drivers.levels.segment_cells import (
    SEGMENTS,
    Cell,
    list_cells,
    name_characteristic,
)
from analysis.studies.satisfaction_drivers.parameters import Parameters

_Floats = NDArray[np.float64]

MOST_DISCOVERIES_FALSE = 0.05
"""Share of false ones to expect among cells that are said to differ."""
_ANSWERS_PER_ATTRIBUTE = 4
SPLITS = (*SEGMENTS, "region", *TRAITS)
"""Characteristics and traits by which drivers are compared."""


@dataclass(frozen=True, slots=True)
class SegmentDrivers:
    """Effects of attributes by segment.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per segment and attribute: `group`, `segment`, `attribute`, `label`,
        `respondents` (a count), `alone` (the segment's own estimate), `effect` with
        `effect_lower` and `effect_upper` (pooled; points of satisfaction per point),
        `bank` (mean of the segments), `differs_pct` (chance that it lies on its side
        of the bank), `qvalue`, `is_different`.
    drivers : pandas.DataFrame
        One row per characteristic and attribute: `group`, `attribute`, `label`,
        `heterogeneity_pct` (I squared), `bank`.
    left_out : tuple of str
        Segments too small, and characteristics of too few segments, to be pooled.
    nobs : int
        Respondents of the wave.
    quarter, source : str
        Quarter of the wave, and where the answers come from.
    """

    table: pd.DataFrame
    drivers: pd.DataFrame
    left_out: tuple[str, ...]
    nobs: int
    quarter: str
    source: str


def estimate_segment_drivers(
    survey: Survey, wave: WeightedWave, parameters: Parameters
) -> SegmentDrivers:
    """Estimate effects in each segment and pool them by characteristic.

    Parameters
    ----------
    survey : Survey
        What was asked.
    wave : WeightedWave
        Who answered.
    parameters : Parameters
        Confidence level.

    Returns
    -------
    SegmentDrivers
        Characteristics that tell three segments or more apart; false discoveries are
        held down over all their cells together.
    """
    answers = gather_answers(survey, wave)
    cells = [cell for cell in list_cells(wave, SPLITS) if cell.members]
    tables, drivers, left_out = [], [], []
    for name in dict.fromkeys(cell.characteristic for cell in cells):
        group = [cell for cell in cells if cell.characteristic == name]
        fits = {cell.label: _fit_cell(answers, wave, cell) for cell in group}
        held = {label: fit for label, fit in fits.items() if fit is not None}
        left_out += [label for label in fits if label not in held]
        if len(held) < FEWEST_GROUPS:
            left_out.append(name_characteristic(name))
            continue
        table, driver = _pool(held, answers, parameters.confidence_level)
        heading = name_characteristic(name)
        tables.append(table.assign(group=heading))
        drivers.append(driver.assign(group=heading))
    whole = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
    if len(whole):
        whole["qvalue"] = limit_false_discoveries(whole["pvalue"])
        whole["is_different"] = whole["qvalue"] < MOST_DISCOVERIES_FALSE
    return SegmentDrivers(
        table=whole,
        drivers=pd.concat(drivers, ignore_index=True) if drivers else pd.DataFrame(),
        left_out=tuple(left_out),
        nobs=len(wave.weights),
        quarter=wave.quarter,
        source=survey.source,
    )


def _fit_cell(
    answers: DriverAnswers, wave: WeightedWave, cell: Cell
) -> SegmentEffects | None:
    """Fit one segment; None where it is too small for that many attributes."""
    held = wave.respondents[cell.characteristic].astype(str).isin(cell.members)
    rows = held.to_numpy(dtype=bool)
    count = len(answers.attributes)
    scores = answers.scores[rows, : count + 1]
    enough = np.isfinite(scores).sum(axis=0) >= _ANSWERS_PER_ATTRIBUTE * (count + 1)
    if not enough.all() or not (np.nanstd(scores, axis=0) > 0).all():
        return None
    return regress_segment(scores, answers.weights[rows])


def _pool(
    fits: dict[str, SegmentEffects], answers: DriverAnswers, level: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    effects = np.array([fit.effects for fit in fits.values()])
    errors = np.array([fit.std_errors for fit in fits.values()])
    pooled = pool_segments(effects, errors, level)
    names = [each.name for each in answers.attributes]
    labels = [each.label for each in answers.attributes]
    cells = len(names), len(fits)
    table = pd.DataFrame(
        {
            "segment": np.repeat(list(fits), cells[0]),
            "attribute": names * cells[1],
            "label": labels * cells[1],
            "respondents": np.repeat([fit.nobs for fit in fits.values()], cells[0]),
            "alone": effects.ravel(),
            "effect": pooled.mean.ravel(),
            "effect_lower": pooled.lower.ravel(),
            "effect_upper": pooled.upper.ravel(),
            "bank": np.tile(pooled.centre, cells[1]),
            "differs_pct": 100 * pooled.differs.ravel(),
            "pvalue": pooled.pvalue.ravel(),
        }
    )
    drivers = pd.DataFrame(
        {
            "attribute": names,
            "label": labels,
            "heterogeneity_pct": 100 * pooled.heterogeneity,
            "bank": pooled.centre,
        }
    )
    return table, drivers
