"""What may not be shown, and the one door that everything shown has passed."""

from __future__ import annotations

from analysis.presentation.disclosure.cells import (
    MINIMUM_CELL,
    SUPPRESSED,
    Suppressed,
    count_suppressed,
    cut_into_points,
    is_suppressed,
    suppress_small_cells,
)
from analysis.presentation.disclosure.release import Sum, release, release_public
from analysis.presentation.disclosure.released import Released, stack

__all__ = [
    "MINIMUM_CELL",
    "SUPPRESSED",
    "Released",
    "Sum",
    "Suppressed",
    "count_suppressed",
    "cut_into_points",
    "is_suppressed",
    "release",
    "release_public",
    "stack",
    "suppress_small_cells",
]
