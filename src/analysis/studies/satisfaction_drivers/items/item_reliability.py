"""How reliably the items of each attribute measure it, for all and by tier.

Reliability is the share of a score's variance that is not noise, from 0 to 1. An
attribute with one item has none that the answers could tell.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.statistics.reliability import (
    drop_items,
    estimate_alpha,
    estimate_omega,
)
from analysis.statistics.sample_moments import SampleMoments, measure_moments
from analysis.studies.satisfaction_drivers.answers.item_answers import ItemAnswers
from analysis.studies.satisfaction_drivers.answers.survey import Attribute, Survey
from analysis.studies.satisfaction_drivers.answers.weighting import (
    WeightedSurvey,
    WeightedWave,
)
from analysis.studies.satisfaction_drivers.parameters import (
    UNCERTAIN_BELOW,
    Parameters,
)
from analysis.wording import mark

ENOUGH = 0.7
"""Reliability from which a score tells groups apart (Nunnally 1978, p. 245)."""
ONE_ITEM = mark("It has one item, and noise can't be told from one item.")
TOO_FEW = mark("Too few answered all its items.")
ALL_ALIKE = mark("Its items do not vary, do not go together, or repeat each other.")
_SMALLEST = 1e-6


@dataclass(frozen=True, slots=True)
class ItemReliability:
    """Reliability of every attribute.

    Parameters
    ----------
    quarter : str
        Wave reported.
    table : pandas.DataFrame
        One row per attribute, the least reliable first: `attribute`, `label`,
        `items`, `nobs`, `alpha`, `omega` (each with `_lower` and `_upper`),
        `dropped` (alpha without the item that lowers it most, NaN if none does),
        `reason` (empty where measured). Omega is missing below three items.
    tiers : pandas.DataFrame
        One row per attribute and tier with enough answers: `attribute`, `tier`,
        `nobs`, `alpha`, `lower`, `upper`.
    previous : pandas.DataFrame or None
        `table` of the wave before.
    level : float
        Share of intervals that hold the truth.
    source : str
        Where the answers come from.
    """

    quarter: str
    table: pd.DataFrame
    tiers: pd.DataFrame
    previous: pd.DataFrame | None
    level: float
    source: str

    @property
    def measured(self) -> pd.DataFrame:
        """Attributes whose reliability the answers tell."""
        return self.table[self.table["alpha"].notna()]


def measure_reliability(
    survey: Survey,
    weighted: WeightedSurvey,
    items: ItemAnswers,
    parameters: Parameters,
) -> ItemReliability:
    """Measure the reliability of every attribute.

    Parameters
    ----------
    survey : Survey
        What was asked.
    weighted : WeightedSurvey
        Who answered.
    items : ItemAnswers
        Answers to single items.
    parameters : Parameters
        Confidence level.

    Returns
    -------
    ItemReliability
        Alpha and omega by attribute, alpha by tier.
    """
    level = parameters.confidence_level
    before = weighted.previous
    return ItemReliability(
        quarter=survey.reported,
        table=_tabulate(survey, weighted.reported, items, level),
        tiers=_tabulate_tiers(survey, weighted.reported, items, level),
        previous=_tabulate(survey, before, items, level) if before else None,
        level=level,
        source=survey.source,
    )


def sample_items(
    attribute: Attribute,
    wave: WeightedWave,
    items: ItemAnswers,
    inside: NDArray[np.bool_] | None = None,
) -> tuple[SampleMoments | None, str]:
    """Measure the moments of an attribute's items, or say why that can't be done.

    Parameters
    ----------
    attribute : Attribute
        What was asked.
    wave : WeightedWave
        Who answered.
    items : ItemAnswers
        Answers to single items.
    inside : numpy.ndarray of bool, shape (respondents,), optional
        Who counts; everyone when left out.

    Returns
    -------
    tuple of SampleMoments or None, and str
        Moments, and the reason where there are none.
    """
    answers = items.read(attribute, wave)
    if answers.shape[1] < 2:
        return None, ONE_ITEM
    kept = np.isfinite(answers).all(axis=1)
    if inside is not None:
        kept = kept & inside
    if kept.sum() < UNCERTAIN_BELOW:
        return None, TOO_FEW
    sample = measure_moments(answers[kept], wave.weights[kept])
    together = bool((sample.covariance > 0).all())
    if not together or np.linalg.eigvalsh(sample.covariance)[0] <= _SMALLEST:
        return None, ALL_ALIKE
    return sample, ""


def _tabulate(
    survey: Survey, wave: WeightedWave, items: ItemAnswers, level: float
) -> pd.DataFrame:
    rows = [_measure(each, wave, items, level) for each in survey.attributes]
    columns = ["alpha", "alpha_lower", "alpha_upper", "omega", "omega_lower"]
    table = pd.DataFrame(rows).reindex(
        columns=[
            *("attribute", "label", "items", "nobs", "reason", "dropped"),
            *columns,
            "omega_upper",
        ]
    )
    return table.sort_values("alpha", kind="stable", ignore_index=True)


def _measure(
    attribute: Attribute, wave: WeightedWave, items: ItemAnswers, level: float
) -> dict[str, object]:
    sample, reason = sample_items(attribute, wave, items)
    row: dict[str, object] = {
        "attribute": attribute.name,
        "label": attribute.label,
        "items": len(attribute.items),
        "nobs": 0 if sample is None else sample.nobs,
        "reason": reason,
    }
    if sample is None:
        return row
    alpha = estimate_alpha(sample, confidence_level=level)
    row |= {
        "alpha": alpha.estimate,
        "alpha_lower": alpha.lower,
        "alpha_upper": alpha.upper,
        "dropped": _find_harmful(sample, alpha.estimate),
    }
    if len(attribute.items) > 2:
        omega = estimate_omega(sample, confidence_level=level)
        row |= {
            "omega": omega.estimate,
            "omega_lower": omega.lower,
            "omega_upper": omega.upper,
        }
    return row


def _find_harmful(sample: SampleMoments, alpha: float) -> float:
    """Give the highest alpha without one item, NaN where none is higher."""
    dropped = drop_items(sample.covariance)
    highest = float(dropped.max())
    return highest if highest > alpha else np.nan


def _tabulate_tiers(
    survey: Survey, wave: WeightedWave, items: ItemAnswers, level: float
) -> pd.DataFrame:
    tiers = wave.respondents["tier"].astype(object)
    rows = []
    for attribute in survey.attributes:
        for tier in sorted(tiers.dropna().unique()):
            inside = (tiers == tier).to_numpy(dtype=bool)
            sample, _ = sample_items(attribute, wave, items, inside)
            if sample is None:
                continue
            alpha = estimate_alpha(sample, confidence_level=level)
            rows.append(
                (attribute.name, tier, alpha.nobs, alpha.estimate, alpha.lower,
                 alpha.upper)
            )  # fmt: skip
    columns = ["attribute", "tier", "nobs", "alpha", "lower", "upper"]
    return pd.DataFrame(rows, columns=columns)
