"""Which segments a wave can tell apart, and what they are called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.statistics.survey_weights import count_effective
from analysis.studies.satisfaction_drivers.answers.people import (
    CHARACTERISTICS,
    TRAITS,
    write_category,
)
from analysis.studies.satisfaction_drivers.answers.weighting import WeightedWave
from analysis.studies.satisfaction_drivers.parameters import SUPPRESSED_BELOW
from analysis.wording import join_names, say

SEGMENTS = ("tier", "customer_type", "age_band", "channel")
"""Characteristics shown as segments."""
EVERYONE = ""
"""Group of the row of all customers."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A segment, or all customers.

    Parameters
    ----------
    characteristic : str
        Code of what tells the segments apart; empty for all customers.
    group, label : str
        Names of the characteristic and of the segment for readers; the group of all
        customers is `EVERYONE`.
    members : tuple of str
        Values of the characteristic that it holds; none for all customers.
    """

    characteristic: str
    group: str
    label: str
    members: tuple[str, ...]


def name_characteristic(name: str) -> str:
    """Name a characteristic or trait for readers.

    Parameters
    ----------
    name : str
        Its column.

    Returns
    -------
    str
        In the reader's language.
    """
    return say((CHARACTERISTICS | TRAITS)[name])


def list_cells(wave: WeightedWave, names: Sequence[str] = SEGMENTS) -> list[Cell]:
    """List segments; those worth too few answers are taken together.

    Parameters
    ----------
    wave : WeightedWave
        Who answered.
    names : sequence of str
        Characteristics and traits; those that the wave does not know are left out.

    Returns
    -------
    list of Cell
        All customers, then the segments of each characteristic that has two or more.
    """
    cells = [Cell("", EVERYONE, say("All"), ())]
    for name in names:
        if name not in wave.respondents:
            continue
        sizes = wave.respondents.groupby(name)["customers"].agg(_count_effective)
        total = wave.respondents.groupby(name)["customers"].sum()
        held = sorted(
            (str(value) for value in sizes.index),
            key=lambda value: _order_segment(value, total),
        )
        joined = _join_small(sizes, SUPPRESSED_BELOW)
        apart = [value for value in held if value not in joined]
        groups: list[tuple[str, ...]] = [(value,) for value in apart]
        if joined:
            groups.append(tuple(value for value in held if value in joined))
        if len(groups) > 1:
            heading = name_characteristic(name)
            cells += [Cell(name, heading, _write(group), group) for group in groups]
    return cells


def _write(values: tuple[str, ...]) -> str:
    return join_names([write_category(value) for value in values])


def _count_effective(weights: pd.Series[float]) -> float:
    return count_effective(np.asarray(weights, dtype=np.float64))


def _join_small(sizes: pd.Series[float], least: float) -> list[str]:
    """Name segments below the least size, and the next until they pass it together."""
    ordered = sizes.sort_values(kind="stable")
    small = [str(value) for value in ordered.index[ordered < least]]
    rest = [str(value) for value in ordered.index if value not in small]
    while small and rest and ordered[small].sum() < least:
        small.append(rest.pop(0))
    return small


def _order_segment(value: str, sizes: pd.Series[float]) -> tuple[float, bool, float]:
    """Sort by the first figure in the name ("30 to 44"), else the largest first."""
    figures = re.search(r"\d+", value)
    first = float(figures[0]) if figures else 0.0
    return first, not value.startswith(("under", "<")), -float(sizes[value])
