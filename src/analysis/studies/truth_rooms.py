"""Rooms of a study whose estimators are scored where the truth is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd


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


def count_draws(rooms: Sequence[Room]) -> dict[str, int]:
    """Give the draws of each world of all rooms.

    Parameters
    ----------
    rooms : sequence of Room
        Rooms of a study.

    Returns
    -------
    dict of str to int
        Draws by the name of the world, in the order of rooms.
    """
    return {name: n for room in rooms for name, n in room.draws.items()}


def score_in_its_room(
    rooms: Sequence[Room], scenario: str, rng: np.random.Generator
) -> pd.DataFrame:
    """Draw a world in the room that knows it.

    Parameters
    ----------
    rooms : sequence of Room
        Rooms of a study.
    scenario : str
        Name of a world.
    rng : numpy.random.Generator
        Random numbers.

    Returns
    -------
    pandas.DataFrame
        One row per estimator and part of a target: `estimator`, `target`, `part`,
        `truth`, `estimate`, `lower`, `upper`; missing where a number is refused.

    Raises
    ------
    ValueError
        If not exactly one room knows the world.
    """
    (room,) = (room for room in rooms if scenario in room.draws)
    return room.score(scenario, rng)
