"""Whether groups and waves understand the items alike, and what the marker tells.

Each attribute is tested alone, among those who answered all its items: who does not
use a channel is not asked about it, and would otherwise be lost for all attributes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.statistics.common_method import adjust_for_marker, measure_heterotrait
from analysis.statistics.factor_fit import (
    LARGEST_CFI_LOSS,
    FactorFit,
    compare_groups,
    measure_fit,
    measure_residuals,
)
from analysis.statistics.factor_model import fit_factors
from analysis.statistics.missing_answers import correlate
from analysis.statistics.multiple_tests import limit_false_discoveries
from analysis.statistics.sample_moments import SampleMoments, measure_moments
from analysis.studies.satisfaction_drivers.answers.item_answers import ItemAnswers
from analysis.studies.satisfaction_drivers.answers.survey import Attribute, Survey
from analysis.studies.satisfaction_drivers.answers.weighting import (
    WeightedSurvey,
    WeightedWave,
)
from analysis.studies.satisfaction_drivers.items.item_reliability import sample_items
from analysis.studies.satisfaction_drivers.parameters import UNCERTAIN_BELOW
from analysis.wording import mark

TIERS, WAVES = mark("tiers"), mark("the last two waves")
ALIKE, DIFFERENT = mark("measured alike"), mark("measured differently")
SURE = 0.05
"""False discovery rate of the tests."""


@dataclass(frozen=True, slots=True)
class WholeFit:
    """Fit of the model with one factor an attribute.

    Parameters
    ----------
    fit : FactorFit
        Fit indices.
    scaled_chi2 : float
        The statistic, corrected for weights and answers that are not normal.
    nobs : int
        Respondents who answered every item.
    residual : float
        Largest correlation between items that the model leaves over.
    heterotrait : float
        Largest heterotrait-monotrait ratio of two attributes.
    """

    fit: FactorFit
    scaled_chi2: float
    nobs: int
    residual: float
    heterotrait: float


@dataclass(frozen=True, slots=True)
class MarkerCheck:
    """What the marker shares with the other items.

    Parameters
    ----------
    shared : float
        Mean correlation of the marker with the attributes' items.
    between, adjusted : float
        Mean correlation between items of different attributes, and without what the
        marker shares.
    """

    shared: float
    between: float
    adjusted: float


@dataclass(frozen=True, slots=True)
class ItemLikeness:
    """How the items behave together.

    Parameters
    ----------
    quarter : str
        Wave reported.
    table : pandas.DataFrame
        One row per attribute and comparison (`TIERS`, `WAVES`): `attribute`,
        `label`, `compared`, `groups`, `nobs`, `loadings_qvalue`,
        `intercepts_qvalue`, `cfi_loss` (of both steps), `verdict`.
    whole : WholeFit or None
        All attributes together; None where nothing can be fitted.
    marker : MarkerCheck or None
        What the marker tells; None where there is none.
    source : str
        Where the answers come from.
    """

    quarter: str
    table: pd.DataFrame
    whole: WholeFit | None
    marker: MarkerCheck | None
    source: str


def compare_likeness(
    survey: Survey, weighted: WeightedSurvey, items: ItemAnswers
) -> ItemLikeness:
    """Test whether items are understood alike, and fit all attributes together.

    Parameters
    ----------
    survey : Survey
        What was asked.
    weighted : WeightedSurvey
        Who answered.
    items : ItemAnswers
        Answers to single items.

    Returns
    -------
    ItemLikeness
        Tests by attribute, fit of the whole, and what the marker tells.
    """
    several = [each for each in survey.attributes if len(each.items) > 2]
    several = [each for each in several if set(each.items) <= set(items.table.columns)]
    rows = [
        row
        for each in several
        for row in (
            _compare(each, TIERS, _sample_tiers(each, weighted.reported, items)),
            _compare(each, WAVES, _sample_waves(each, weighted, items)),
        )
        if row is not None
    ]
    return ItemLikeness(
        quarter=survey.reported,
        table=_judge(pd.DataFrame(rows)),
        whole=_fit_whole(several, weighted.reported, items),
        marker=_weigh_marker(several, weighted.reported, items),
        source=survey.source,
    )


def _sample_tiers(
    attribute: Attribute, wave: WeightedWave, items: ItemAnswers
) -> list[SampleMoments]:
    tiers = wave.respondents["tier"].astype(object)
    kept = []
    for tier in sorted(tiers.dropna().unique()):
        inside = (tiers == tier).to_numpy(dtype=bool)
        sample, _ = sample_items(attribute, wave, items, inside)
        if sample is not None:
            kept.append(sample)
    return kept


def _sample_waves(
    attribute: Attribute, weighted: WeightedSurvey, items: ItemAnswers
) -> list[SampleMoments]:
    found = [sample_items(attribute, wave, items)[0] for wave in weighted.waves[-2:]]
    return [sample for sample in found if sample is not None]


def _compare(
    attribute: Attribute, compared: str, samples: Sequence[SampleMoments]
) -> dict[str, object] | None:
    if len(samples) < 2:
        return None
    found = compare_groups(samples, [0] * len(attribute.items))
    return {
        "attribute": attribute.name,
        "label": attribute.label,
        "compared": compared,
        "groups": len(samples),
        "nobs": sum(sample.nobs for sample in samples),
        "loadings_pvalue": found.metric.pvalue,
        "intercepts_pvalue": found.scalar.pvalue,
        "cfi_loss": max(found.metric.cfi_loss, found.scalar.cfi_loss),
    }


def _judge(table: pd.DataFrame) -> pd.DataFrame:
    """Call an attribute measured differently if a test and the loss of fit say so."""
    if table.empty:
        return table
    names = ["loadings", "intercepts"]
    pvalues = table[[f"{name}_pvalue" for name in names]].to_numpy(dtype=np.float64)
    flat = limit_false_discoveries(pd.Series(pvalues.ravel()))
    adjusted = flat.to_numpy(dtype=np.float64).reshape(pvalues.shape)
    lost = table["cfi_loss"].to_numpy(dtype=np.float64)
    differs = (adjusted < SURE).any(axis=1) & (lost > LARGEST_CFI_LOSS)
    return table.assign(
        loadings_qvalue=adjusted[:, 0],
        intercepts_qvalue=adjusted[:, 1],
        verdict=np.where(differs, DIFFERENT, ALIKE),
    )


def _fit_whole(
    several: Sequence[Attribute], wave: WeightedWave, items: ItemAnswers
) -> WholeFit | None:
    """Fit one factor an attribute to those who answered every item."""
    if len(several) < 2:
        return None
    answers = np.hstack([items.read(each, wave) for each in several])
    whole = np.isfinite(answers).all(axis=1)
    if whole.sum() < max(UNCERTAIN_BELOW, 5 * answers.shape[1]):
        return None
    sample = measure_moments(answers[whole], wave.weights[whole])
    if np.linalg.eigvalsh(sample.covariance)[0] <= 0:
        return None
    sizes = [len(each.items) for each in several]
    factors = np.repeat(np.arange(len(several)), sizes)
    model = fit_factors([sample], factors.tolist())
    residuals = measure_residuals(model, [sample])[0][0]
    ratios = measure_heterotrait(correlate(sample.covariance), factors)
    apart = ~np.eye(len(several), dtype=bool)
    return WholeFit(
        fit=measure_fit(model, [sample]),
        scaled_chi2=model.chi2 / model.scaling,
        nobs=sample.nobs,
        residual=float(np.abs(residuals[~np.eye(len(factors), dtype=bool)]).max()),
        heterotrait=float(ratios[apart].max()),
    )


def _weigh_marker(
    several: Sequence[Attribute], wave: WeightedWave, items: ItemAnswers
) -> MarkerCheck | None:
    """Measure what items of different attributes share, and the marker with them."""
    if not items.markers or len(several) < 2:
        return None
    names = [i for each in several for i in each.items]
    answers = items.align([*names, items.markers[0]], wave)
    correlation = pd.DataFrame(answers).corr(min_periods=UNCERTAIN_BELOW).to_numpy()
    factors = np.repeat(np.arange(len(several)), [len(each.items) for each in several])
    apart = factors[:, None] != factors
    between = float(np.nanmean(correlation[:-1, :-1][apart]))
    shared = float(np.nanmean(correlation[-1, :-1]))
    adjusted = float(adjust_for_marker(np.array(between), shared))
    return MarkerCheck(shared, between, adjusted)
