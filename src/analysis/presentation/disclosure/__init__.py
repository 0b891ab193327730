"""What may not be shown, and the one door that everything shown has passed."""

from __future__ import annotations

from analysis.presentation.disclosure.auditing import list_inferences
from analysis.presentation.disclosure.cells import (
    SUPPRESSED,
    Suppressed,
    count_suppressed,
    cut_into_points,
    is_suppressed,
)
from analysis.presentation.disclosure.identifiers import Identifier, find_identifiers
from analysis.presentation.disclosure.intervals import (
    Interval,
    Knowledge,
    Relation,
    infer_interval,
)
from analysis.presentation.disclosure.pseudonyms import make_pseudonyms, read_key
from analysis.presentation.disclosure.register import (
    Difference,
    Release,
    add_release,
    find_differences,
    list_cells,
    name_cell,
    read_register,
    withdraw,
)
from analysis.presentation.disclosure.release import release, release_public
from analysis.presentation.disclosure.released import Released, require_released, stack
from analysis.presentation.disclosure.rules import (
    DEFAULT_RULES,
    MINIMUM_CELL,
    RULES_VARIABLE,
    RuleSet,
    current_rules,
    read_rules,
)
from analysis.presentation.disclosure.structure import Structure, Sum

__all__ = [
    "DEFAULT_RULES",
    "MINIMUM_CELL",
    "RULES_VARIABLE",
    "SUPPRESSED",
    "Difference",
    "Identifier",
    "Interval",
    "Knowledge",
    "Relation",
    "Release",
    "Released",
    "RuleSet",
    "Structure",
    "Sum",
    "Suppressed",
    "add_release",
    "count_suppressed",
    "current_rules",
    "cut_into_points",
    "find_differences",
    "find_identifiers",
    "infer_interval",
    "is_suppressed",
    "list_cells",
    "list_inferences",
    "make_pseudonyms",
    "name_cell",
    "read_key",
    "read_register",
    "read_rules",
    "release",
    "release_public",
    "require_released",
    "stack",
    "withdraw",
]
