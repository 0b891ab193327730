"""Score the study where the truth is known, room by room.

A room that has worlds of its own is one import and one entry of `ROOMS`. A draw's
numbers depend on the place of its world: new rooms are added at the end.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from analysis.studies.segment_profitability.assurance import truth as account
from analysis.studies.segment_profitability.classes import truth as classes
from analysis.studies.segment_profitability.customers import truth as customers
from analysis.studies.segment_profitability.levers import truth as levers
from analysis.studies.segment_profitability.lifetime import truth as lifetime
from analysis.studies.truth_rooms import Room, count_draws, score_in_its_room

__all__ = ["DRAWS", "HEADLINE", "SCENARIOS", "score_draw"]

HEADLINE: Final = "report"
"""The estimator whose number the report prints, in every room."""

MOST: Final = 600
"""Draws where each takes a moment: coverage is then known to a point."""
MANY: Final = 200
FEW: Final = 100
"""Draws where each takes a second or two."""


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
