"""What a better rating is worth: customers who stay, and the balances they keep.

An attribute that is rated one point better (less for those already near the top)
raises satisfaction by its effect; satisfaction goes along with staying. Money is in
major currency units; "kept" and "balances" are for one quarter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.statistics.resampling import cut_interval, measure_rank_probabilities
from analysis.studies.satisfaction_drivers.answers.survey import Survey
from analysis.studies.satisfaction_drivers.drivers.importance import Importance
from analysis.studies.satisfaction_drivers.loyalty.gains import (
    add_up_gains,
    draw_futures,
)
from analysis.studies.satisfaction_drivers.loyalty.linked_answers import LinkedAnswers
from analysis.studies.satisfaction_drivers.loyalty.outcomes import Outcome
from analysis.studies.satisfaction_drivers.parameters import Parameters
from analysis.studies.satisfaction_drivers.refusal import Refused

_Floats = NDArray[np.float64]

EVERYTHING = "satisfaction"
"""Name of the row on satisfaction itself."""


@dataclass(frozen=True, slots=True, eq=False)
class Worth:
    """What better ratings are worth.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per attribute, the largest worth first: `attribute`, `label`, `answers`
        (a count), `reach` (customers who rate it), `effect` with its ends (points of
        satisfaction per point), `promoter_effect` where NPS was asked, `kept` with its
        ends (customers a quarter), `balances` and `profit` with their ends (a
        quarter's balances; a year's profit on them),
        `first` and `top_3` (percent of draws), `assets` (of those who rate it) and
        what dominance is told by.
    point : pandas.Series
        The same numbers for one point more satisfaction of everyone.
    leaving : Outcome
        How leaving goes along with satisfaction.
    margin_pct : float
        Assumed profit a year per 100 of balances.
    """

    table: pd.DataFrame
    point: pd.Series[float]
    leaving: Outcome
    margin_pct: float

    @property
    def links(self) -> LinkedAnswers:
        """Answers that all this rests on."""
        return self.leaving.links


def value_fixes(
    importance: Importance,
    leaving: Outcome | Refused,
    survey: Survey,
    parameters: Parameters,
) -> Worth | Refused:
    """Say what one point more of each attribute is worth.

    Parameters
    ----------
    importance : Importance
        Effects of the attributes on satisfaction, with their replicates.
    leaving : Outcome or Refused
        How leaving goes along with satisfaction.
    survey : Survey
        Ends of the scales, and who answered what.
    parameters : Parameters
        Margin, confidence level and seed.

    Returns
    -------
    Worth or Refused
        Refused where leaving is. Intervals hold what is not known of the effects, of
        leaving, and of who was asked.
    """
    if isinstance(leaving, Refused):
        return leaving
    draws = draw_futures(leaving, len(importance.effect_draws), parameters.seed)
    step = measure_steps(list(importance.table["attribute"]), leaving.links, survey)
    effects = np.vstack([importance.table["effect"], importance.effect_draws])
    sums = [
        add_up_gains(draws, step[:, place], effects[:, place])
        for place in range(step.shape[1])
    ]
    kept, balances = (np.column_stack(part) for part in zip(*sums, strict=True))
    profit = balances * parameters.yearly_margin_pct / 100
    level = parameters.confidence_level
    table = _describe(importance, leaving.links, step, (kept, balances, profit), level)
    whole = np.clip(leaving.links.highest - leaving.links.now[EVERYTHING], 0.0, 1.0)
    ones = np.ones(len(effects))
    one_kept, one_balances = add_up_gains(draws, whole.to_numpy(), ones)
    money = one_balances * parameters.yearly_margin_pct / 100
    point = pd.Series(
        enclose("kept", one_kept, level)
        | enclose("balances", one_balances, level)
        | enclose("profit", money, level)
    )
    order = np.argsort(-table["balances"].to_numpy(), kind="stable")
    return Worth(
        table=table.iloc[order].reset_index(drop=True),
        point=point,
        leaving=leaving,
        margin_pct=parameters.yearly_margin_pct,
    )


def measure_steps(names: list[str], links: LinkedAnswers, survey: Survey) -> _Floats:
    """Give by how much each respondent's ratings can rise, a point at most.

    Parameters
    ----------
    names : list of str
        Attributes.
    links : LinkedAnswers
        Respondents of the wave reported.
    survey : Survey
        Ratings, and ends of the scales.

    Returns
    -------
    numpy.ndarray, shape (respondents, attributes)
        Points, NaN for no rating.
    """
    tops = {each.name: each.highest for each in survey.attributes}
    scores = survey.respondents.set_index(["quarter", "customer_id"])[names]
    scores = scores[~scores.index.duplicated()]
    keys = pd.MultiIndex.from_frame(links.now[["quarter", "customer_id"]])
    rated = scores.reindex(keys).to_numpy(dtype=np.float64)
    room: _Floats = np.array([tops[name] for name in names]) - rated
    return np.clip(room, 0.0, 1.0)


def _describe(
    importance: Importance,
    links: LinkedAnswers,
    step: _Floats,
    sums: tuple[_Floats, _Floats, _Floats],
    level: float,
) -> pd.DataFrame:
    weight = links.now["weight"].to_numpy(dtype=np.float64)
    rated = np.isfinite(step)
    ranks = 100 * measure_rank_probabilities(sums[1][1:])
    shown = ["attribute", "label", "effect", "effect_lower", "effect_upper"]
    if "promoter_effect" in importance.table:
        shown.append("promoter_effect")
    found = importance.table[shown].assign(
        answers=rated.sum(axis=0),
        reach=weight @ rated,
        first=ranks[:, 0],
        top_3=ranks[:, :3].sum(axis=1),
        **_measure_assets(links, rated),
    )
    for name, each in zip(("kept", "balances", "profit"), sums, strict=True):
        found = found.assign(**enclose(name, each, level))
    return found


def _measure_assets(
    links: LinkedAnswers, rated: NDArray[np.bool_]
) -> dict[str, _Floats]:
    """Sum assets of who rated an attribute, with the largest two, for dominance."""
    assets = links.now["assets"].fillna(0.0).to_numpy(dtype=np.float64)
    held = np.sort(np.where(rated, assets[:, None], 0.0), axis=0)
    return {
        "assets": held.sum(axis=0),
        "assets_largest": held[-1],
        "assets_second": held[-2],
        "assets_absolute": held.sum(axis=0),
    }


def enclose(name: str, values: _Floats, level: float) -> dict[str, _Floats]:
    """Name an estimate and its percentile interval.

    Parameters
    ----------
    name : str
        Name of the estimate.
    values : numpy.ndarray, shape (1 + draws, ...)
        The estimate, then its draws.
    level : float
        Share of such intervals that hold the truth.

    Returns
    -------
    dict of str to numpy.ndarray
        Estimate and ends, by name.
    """
    lower, upper = cut_interval(values[1:], values[0], level)
    return {name: values[0], f"{name}_lower": lower, f"{name}_upper": upper}
