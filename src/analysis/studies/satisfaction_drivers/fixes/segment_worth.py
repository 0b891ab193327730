"""Which fix is worth most in each segment, by the segment's own pooled effects.

Customers kept and balances (major currency units) are those of one quarter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from analysis.statistics.resampling import measure_rank_probabilities
from analysis.studies.satisfaction_drivers.answers.survey import Survey
from analysis.studies.satisfaction_drivers.answers.weighting import WeightedWave
from analysis.studies.satisfaction_drivers.drivers.segment_drivers import SegmentDrivers
from analysis.studies.satisfaction_drivers.fixes.worth import enclose, measure_steps
from analysis.studies.satisfaction_drivers.levels.segment_cells import Cell, list_cells
from analysis.studies.satisfaction_drivers.loyalty.gains import (
    Futures,
    add_up_gains,
    draw_futures,
)
from analysis.studies.satisfaction_drivers.loyalty.outcomes import Outcome
from analysis.studies.satisfaction_drivers.parameters import Parameters
from analysis.studies.satisfaction_drivers.refusal import Refused
from analysis.wording import say

_Floats = NDArray[np.float64]

_STREAM = 12
"""Sets these random numbers apart from those of other steps."""


@dataclass(frozen=True, slots=True, eq=False)
class SegmentWorth:
    """The best fix of each segment.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per segment: `group`, `segment`, `label` of the best fix, `answers` (who
        rate it), `effect` (points of satisfaction per point), `kept` and `balances`
        with their ends, `first` (percent of draws), `assets` of those who rate it and
        what dominance is told by.
    quarter, source, currency : str
        Of the wave reported.
    """

    table: pd.DataFrame
    quarter: str
    source: str
    currency: str


def value_segment_fixes(
    segments: SegmentDrivers,
    leaving: Outcome | Refused,
    survey: Survey,
    wave: WeightedWave,
    parameters: Parameters,
) -> SegmentWorth | Refused:
    """Say which fix is worth most in each segment.

    Parameters
    ----------
    segments : SegmentDrivers
        Effects by segment, pooled.
    leaving : Outcome or Refused
        How leaving goes along with satisfaction, the same in all segments.
    survey : Survey
        Ratings, and ends of the scales.
    wave : WeightedWave
        The wave reported.
    parameters : Parameters
        Replicates, confidence level and seed.

    Returns
    -------
    SegmentWorth or Refused
        Refused where leaving is, or no segments are pooled.
    """
    if isinstance(leaving, Refused):
        return leaving
    cells = {(cell.group, cell.label): cell for cell in list_cells(wave)}
    table = segments.table
    if len(table):
        known = pd.MultiIndex.from_frame(table[["group", "segment"]])
        table = table[known.isin(list(cells))]
    if table.empty:
        return Refused(
            say("No characteristic tells three segments or more apart."),
            say("Ask more customers, or map more about them."),
            segments.quarter,
            segments.source,
            segments.nobs,
        )
    names = list(dict.fromkeys(table["attribute"]))
    step = measure_steps(names, leaving.links, survey)
    futures = draw_futures(leaving, parameters.replicates, parameters.seed)
    rng = np.random.default_rng([parameters.seed, _STREAM])
    rows = [
        _find_best(rows, cells[str(group), str(name)], step, futures, rng, parameters)
        for (group, name), rows in table.groupby(["group", "segment"], sort=False)
    ]
    return SegmentWorth(
        pd.DataFrame(rows), segments.quarter, segments.source, leaving.links.currency
    )


def _find_best(
    effects: pd.DataFrame,
    cell: Cell,
    step: _Floats,
    futures: Futures,
    rng: np.random.Generator,
    parameters: Parameters,
) -> dict[str, object]:
    """Value every fix inside a segment, and keep the best."""
    now, level = futures.links.now, parameters.confidence_level
    inside = now[cell.characteristic].astype(str).isin(cell.members).to_numpy(bool)
    own = np.where(inside[:, None], step, np.nan)
    drawn = _draw_effects(effects, level, futures.leaving.shape[0] - 1, rng)
    sums = [
        add_up_gains(futures, own[:, place], drawn[:, place])
        for place in range(own.shape[1])
    ]
    kept, balances = (np.column_stack(part) for part in zip(*sums, strict=True))
    best = int(np.argmax(balances[0]))
    rated = np.isfinite(own[:, best])
    assets = np.sort(now["assets"].fillna(0.0).to_numpy(dtype=np.float64)[rated])
    row = effects.iloc[best]
    return {
        "group": cell.group,
        "segment": cell.label,
        "label": row["label"],
        "answers": int(rated.sum()),
        "effect": row["effect"],
        **enclose("kept", kept[:, best], level),
        **enclose("balances", balances[:, best], level),
        "first": 100 * measure_rank_probabilities(balances[1:])[best, 0],
        "assets": assets.sum(),
        "assets_largest": assets[-1],
        "assets_second": assets[-2],
        "assets_absolute": assets.sum(),
    }


def _draw_effects(
    effects: pd.DataFrame, level: float, draws: int, rng: np.random.Generator
) -> _Floats:
    """Draw effects from their posterior, taken as normal; the estimate comes first."""
    middle = effects["effect"].to_numpy(dtype=np.float64)
    width = (effects["effect_upper"] - effects["effect_lower"]).to_numpy(np.float64)
    spread = width / (2 * norm.ppf(0.5 + level / 2))
    drawn = middle + spread * rng.standard_normal((draws, len(middle)))
    return np.vstack([middle, drawn])
