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

from analysis.studies.segment_profitability.assurance import truth as account
from analysis.studies.segment_profitability.classes import truth as classes
from analysis.studies.segment_profitability.customers import truth as customers
from analysis.studies.segment_profitability.levers import truth as levers
from analysis.studies.segment_profitability.lifetime import truth as lifetime

__all__ = ["DRAWS", "HEADLINE", "SCENARIOS", "score_draw"]

HEADLINE: Final = "report"
"""The estimator whose number the report prints, in every room."""

MOST: Final = 600
"""Draws where each takes a moment: coverage is then known to a point."""
MANY: Final = 200
FEW: Final = 100
"""Draws where each takes a second or two."""


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


ROOMS: Final = (
    Room(account.DRAWS, account.score_account),
    Room(customers.DRAWS, customers.score_top_share),
    Room(
        dict.fromkeys(lifetime.SCENARIOS, MANY) | {"lives": MOST},
        lifetime.score_lifetime,
    ),
    Room(dict.fromkeys(levers.SCENARIOS, MANY), levers.score_levers),
    Room(
        dict.fromkeys(classes.SCENARIOS, MANY)
        | {"segments apart": FEW, "segments of chance": FEW},
        classes.score_classes,
    ),
)
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
