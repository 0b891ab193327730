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
from analysis.presentation.disclosure.release import release, release_public
from analysis.presentation.disclosure.released import Released, stack
from analysis.presentation.disclosure.rules import RuleSet, current_rules
from analysis.presentation.disclosure.structure import Sum

__all__ = [
    "MINIMUM_CELL",
    "SUPPRESSED",
    "Released",
    "RuleSet",
    "Sum",
    "Suppressed",
    "count_suppressed",
    "current_rules",
    "cut_into_points",
    "is_suppressed",
    "release",
    "release_public",
    "stack",
    "suppress_small_cells",
]
