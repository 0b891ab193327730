"""Score the study where the truth is known, room by room.

A room that has worlds of its own is one import and one entry of `ROOMS`. A draw's
numbers depend on the place of its world: new rooms are added at the end.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from analysis.studies.satisfaction_drivers.drivers import truth as drivers
from analysis.studies.satisfaction_drivers.items import truth as items
from analysis.studies.satisfaction_drivers.levels import truth as levels
from analysis.studies.satisfaction_drivers.loyalty import truth as loyalty
from analysis.studies.satisfaction_drivers.service import truth as service
from analysis.studies.satisfaction_drivers.silence import truth as silence
from analysis.studies.satisfaction_drivers.verbatims import truth as verbatims
from analysis.studies.truth_rooms import Room, count_draws, score_in_its_room

__all__ = ["DRAWS", "HEADLINE", "SCENARIOS", "score_draw"]

HEADLINE: Final = "report"
"""The estimator whose number the report prints, in every room."""

MANY: Final = 200
FEW: Final = 80
"""Draws where each takes seconds."""


ROOMS: Final = (
    Room(dict.fromkeys(drivers.SCENARIOS, MANY), drivers.score_drivers),
    Room(dict.fromkeys(levels.SCENARIOS, MANY), levels.score_levels),
    Room(dict.fromkeys(silence.SCENARIOS, FEW), silence.score_silence),
    Room(dict.fromkeys(items.SCENARIOS, MANY), items.score_items),
    Room(dict.fromkeys(service.SCENARIOS, MANY), service.score_service),
    Room(dict.fromkeys(verbatims.SCENARIOS, FEW), verbatims.score_verbatims),
    Room(dict.fromkeys(loyalty.SCENARIOS, MANY), loyalty.score_loyalty),
)
DRAWS: Final = count_draws(ROOMS)
"""Draws of each world."""
SCENARIOS: Final = tuple(DRAWS)
"""Worlds by name."""


def score_draw(scenario: str, rng: np.random.Generator) -> pd.DataFrame:
    """Draw a world and let every estimator say what it finds.

    Parameters
    ----------
    scenario : str
        One of `SCENARIOS`.
    rng : numpy.random.Generator
        Random numbers.

    Returns
    -------
    pandas.DataFrame
        One row per estimator and part of a target: `estimator`, `target`, `part`,
        `truth`, `estimate`, `lower`, `upper`; missing where a number is refused.
    """
    return score_in_its_room(ROOMS, scenario, rng)
