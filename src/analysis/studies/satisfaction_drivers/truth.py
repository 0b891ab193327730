"""Score the study where the truth is known, room by room.

A room that has worlds of its own is one import and one entry of `ROOMS`. A draw's
numbers depend on the place of its world: new rooms are added at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from analysis.studies.satisfaction_drivers.drivers import truth as drivers

__all__ = ["DRAWS", "HEADLINE", "SCENARIOS", "score_draw"]

HEADLINE: Final = "report"
"""The estimator whose number the report prints, in every room."""

MANY: Final = 200


@dataclass(frozen=True, slots=True)
class Room:
    """Worlds of one room.

    Parameters
    ----------
    draws : mapping of str to int
        Draws of each world, by its name.
    score : callable
        Draws a world and lets every estimator say what it finds.
    """

    draws: Mapping[str, int]
    score: Callable[[str, np.random.Generator], pd.DataFrame]


ROOMS: Final = (Room(dict.fromkeys(drivers.SCENARIOS, MANY), drivers.score_drivers),)
DRAWS: Final = {name: n for room in ROOMS for name, n in room.draws.items()}
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
    (room,) = (room for room in ROOMS if scenario in room.draws)
    return room.score(scenario, rng)
