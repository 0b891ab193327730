"""Which branches, and which managers, stand out once their customers are allowed for.

A funnel instead of a league table: each unit is held against limits at its own number
of answers, widened where ordinary units differ anyway; what is called out is held to a
share of false discoveries. Small units are not judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analysis.statistics.funnel_limits import FEWEST_UNITS, Funnel, judge_units
from analysis.statistics.pooled_normal import PooledEffects, pool_effects
from analysis.studies.satisfaction_drivers.answers.people import UNKNOWN
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
from analysis.studies.satisfaction_drivers.levels.unit_scores import (
    StandardisedUnits,
    standardise_units,
)
from analysis.studies.satisfaction_drivers.parameters import (
    SUPPRESSED_BELOW,
    Parameters,
)
from analysis.studies.satisfaction_drivers.refusal import Refused
from analysis.wording import say

Unit = Literal["home_branch", "manager"]
CASE_MIX = ("tier", "customer_type", "age_band", "channel")
"""What units are adjusted for; the region is not, it is the branch's own."""
WAVES_TAKEN = 4
FALSE_SHARE = 0.05
"""Share of false ones among units called out, at most as expected."""
_WAVE = "wave_quarter"


@dataclass(frozen=True, slots=True)
class UnitFunnel:
    """Units against their limits.

    Parameters
    ----------
    unit : {"home_branch", "manager"}
        What the units are.
    measure : Measure
        Score that is compared.
    table : pandas.DataFrame
        One row per unit that is judged: columns of `StandardisedUnits.table` and of
        `Funnel.units`, and `pooled`, `pooled_lower`, `pooled_upper`.
    standardised : StandardisedUnits
        All units.
    funnel : Funnel
        Limits, dispersion and spread.
    pooled : PooledEffects
        Units that lend each other strength.
    quarters : tuple of str
        First and last quarter of the answers.
    too_small : int
        Units worth fewer answers than are needed.
    source : str
        Where the answers come from.
    """

    unit: Unit
    measure: Measure
    table: pd.DataFrame
    standardised: StandardisedUnits
    funnel: Funnel
    pooled: PooledEffects
    quarters: tuple[str, str]
    too_small: int
    source: str

    @property
    def below(self) -> pd.DataFrame:
        """Units called out as lower than the others, the clearest first."""
        low = (self.table["qvalue"] < FALSE_SHARE) & (self.table["z"] < 0)
        return self.table[low].sort_values("z")

    @property
    def above(self) -> pd.DataFrame:
        """Units called out as higher than the others, the clearest first."""
        high = (self.table["qvalue"] < FALSE_SHARE) & (self.table["z"] > 0)
        return self.table[high].sort_values("z", ascending=False)


def compare_branches(
    survey: Survey, weighted: WeightedSurvey, parameters: Parameters
) -> UnitFunnel | Refused:
    """Hold branches against their limits.

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
    UnitFunnel or Refused
        Refused without branches, enough answers, or characteristics to adjust for.
    """
    return _compare(survey, weighted, "home_branch", parameters)


def compare_managers(
    survey: Survey, weighted: WeightedSurvey, parameters: Parameters
) -> UnitFunnel | Refused:
    """Hold relationship managers against their limits.

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
    UnitFunnel or Refused
        Managers under numbers, not keys; refused as branches are.
    """
    return _compare(survey, weighted, "manager", parameters)


def _compare(
    survey: Survey, weighted: WeightedSurvey, unit: Unit, parameters: Parameters
) -> UnitFunnel | Refused:
    waves = weighted.waves[-WAVES_TAKEN:]
    measure = list_measures(survey)[0]
    rows = pd.concat([_stack(survey, wave, unit, measure) for wave in waves])
    mix = [name for name in CASE_MIX if len(rows[name].unique()) > 1]
    reason = _find_obstacle(rows, unit, mix)
    if reason:
        return _refuse(survey, unit, reason, len(rows))
    varying = [*mix, *([_WAVE] if len(waves) > 1 else [])]
    found = standardise_units(rows.reset_index(drop=True), varying)
    large = found.table[found.table["effective"] >= SUPPRESSED_BELOW]
    large = large.reset_index(drop=True)
    if len(large) < FEWEST_UNITS:
        return _refuse(survey, unit, _say_few(unit, len(large)), len(rows))
    estimates, errors = (large[n].to_numpy(float) for n in ("adjusted", "std_error"))
    funnel = judge_units(estimates, errors, found.target)
    pooled = pool_effects(
        estimates, errors, confidence_level=parameters.confidence_level
    )
    return UnitFunnel(
        unit=unit,
        measure=measure,
        table=_join(large, funnel, pooled, _name_units(large, unit, parameters.seed)),
        standardised=found,
        funnel=funnel,
        pooled=pooled,
        quarters=(waves[0].quarter, waves[-1].quarter),
        too_small=len(found.table) - len(large),
        source=survey.source,
    )


def _stack(
    survey: Survey, wave: WeightedWave, unit: Unit, measure: Measure
) -> pd.DataFrame:
    """Lay out a wave's answers; each wave weighs as much as any other."""
    held = wave.respondents
    known = held[unit] if unit in held else pd.Series(UNKNOWN, index=held.index)
    rows = pd.DataFrame(
        {
            "score": score(survey, wave, measure),
            "weight": wave.weights / wave.weights.sum(),
            "unit": known.to_numpy(),
            "person": name_people(wave),
            _WAVE: wave.quarter,
            **{name: held[name].to_numpy() for name in CASE_MIX},
        }
    )
    known_rows = np.isfinite(rows["score"]) & (rows["unit"] != UNKNOWN)
    kept: pd.DataFrame = rows.loc[known_rows]
    return kept


def _find_obstacle(rows: pd.DataFrame, unit: Unit, mix: list[str]) -> str:
    if rows.empty or rows["unit"].nunique() < FEWEST_UNITS:
        return (
            say("The source does not say which branch keeps which customer.")
            if unit == "home_branch"
            else say("The source does not say which manager looks after whom.")
        )
    if not mix:
        return say(
            "The customers of one cannot be told from those of another, so a fair "
            "comparison is not possible."
        )
    return ""


def _say_few(unit: Unit, large: int) -> str:
    words = {"large": large, "least": SUPPRESSED_BELOW, "needed": FEWEST_UNITS}
    if unit == "home_branch":
        return say(
            "Only {large} branches have answers worth {least}; {needed} are needed.",
            **words,
        )
    return say(
        "Only {large} managers have answers worth {least}; {needed} are needed.",
        **words,
    )


def _refuse(survey: Survey, unit: Unit, reason: str, nobs: int) -> Refused:
    return Refused(
        reason=reason,
        remedy=(
            say("Map the customers' branches and ask more customers of each.")
            if unit == "home_branch"
            else say(
                "Do not judge managers by this survey; map who looks after whom first."
            )
        ),
        period=survey.reported,
        source=survey.source,
        nobs=nobs,
    )


def _join(
    large: pd.DataFrame, funnel: Funnel, pooled: PooledEffects, names: list[str]
) -> pd.DataFrame:
    own = pooled.groups.rename(
        columns={"mean": "pooled", "lower": "pooled_lower", "upper": "pooled_upper"}
    )
    table = pd.concat(
        [
            large,
            funnel.units.drop(columns=["estimate", "std_error"]),
            own[["pooled", "pooled_lower", "pooled_upper", "own_share"]],
        ],
        axis=1,
    )
    return table.assign(unit=names)


def _name_units(large: pd.DataFrame, unit: Unit, seed: int) -> list[str]:
    """Give branches their names, and managers numbers that tell nothing of them."""
    if unit == "home_branch":
        return [str(name) for name in large["unit"]]
    numbers = np.random.default_rng(seed).permutation(len(large)) + 1
    return [say("Manager {number}", number=int(number)) for number in numbers]
