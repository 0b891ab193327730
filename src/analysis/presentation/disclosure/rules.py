"""Which rules a published number must pass; their parameters are not for readers.

The defaults are those that acro publishes. A bank keeps its own in a file outside the
project, named by the environment variable `QUARTERBOOK_RULES`; pages print the version
and nothing else, since who knows p can work back from what is hidden.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from analysis.errors import BadInputError, Problem
from analysis.strict_yaml import UNREADABLE, StrictLoader, explain_yaml

RULES_VARIABLE: Final = "QUARTERBOOK_RULES"
"""Environment variable with the path of the rule file."""

MINIMUM_CELL: Final = 10
"""Fewest customers that a published number may ever describe."""

_REMEDY = (
    "Write a `version` of your own and, where they differ from the defaults, "
    "`minimum_count`, `dominance_n`, `dominance_percent` and `p_percent`."
)
_READ_BY_OTHERS = 0o007


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The primary rules, each with its parameter.

    Parameters
    ----------
    version : str
        Name that pages print.
    minimum_count : int
        Fewest customers in a cell; at least `MINIMUM_CELL`.
    dominance_n : int
        The n of the (n, k) rule, 1 or 2: aggregates carry the two largest amounts.
    dominance_percent : float
        The k of the (n, k) rule, percent of the cell's amount.
    p_percent : float
        The p of the p % rule, percent of the largest amount. Hidden amounts must also
        stay uncertain by this share of themselves, on both sides.

    Raises
    ------
    BadInputError
        If a parameter is out of range.

    References
    ----------
    .. [1] acro, default.yaml: safe_threshold 10, safe_nk_n 2, safe_nk_k 0.9,
       safe_pratio_p 0.1.
    .. [2] Office for National Statistics, rule of ten for released counts.
    """

    version: str
    minimum_count: int = MINIMUM_CELL
    dominance_n: int = 2
    dominance_percent: float = 90.0
    p_percent: float = 10.0

    def __post_init__(self) -> None:
        problems = [
            Problem(f"`{name}` must be {wanted}, not {found!r}.", "Rule set", _REMEDY)
            for name, wanted, found, is_right in _list_demands(self)
            if not is_right
        ]
        if problems:
            raise BadInputError(problems)


def current_rules() -> RuleSet:
    """Give the rules in force.

    Returns
    -------
    RuleSet
        Those of the file that `QUARTERBOOK_RULES` names, read once a path;
        `DEFAULT_RULES` if it names none.

    Raises
    ------
    BadInputError
        If the file can't be used.
    """
    named = os.environ.get(RULES_VARIABLE, "").strip()
    return _read_once(Path(named)) if named else DEFAULT_RULES


def read_rules(path: Path) -> RuleSet:
    """Read a rule set from a file.

    Parameters
    ----------
    path : pathlib.Path
        YAML with `version` and any of the other fields of `RuleSet`.

    Returns
    -------
    RuleSet
        The rules; what the file leaves out is as in `DEFAULT_RULES`.

    Raises
    ------
    BadInputError
        If the file is missing, open to everybody, no YAML mapping, names unknown
        rules, has no version of its own, or has a parameter out of range.
    """
    values = _read_mapping(path)
    known = [field.name for field in fields(RuleSet)]
    problems = [
        _blame(path, f"'{name}' is no rule; known are {known}.")
        for name in values
        if name not in known
    ]
    if values.get("version") in (None, DEFAULT_RULES.version):
        problems.append(_blame(path, "`version` must name this rule set, as its own."))
    if problems:
        raise BadInputError(problems)
    return RuleSet(**values)


@cache
def _read_once(path: Path) -> RuleSet:
    return read_rules(path)


def _read_mapping(path: Path) -> dict[str, Any]:
    try:
        mode = path.stat().st_mode
        values = yaml.load(path.read_text("utf-8"), StrictLoader)  # noqa: S506 - safe
    except OSError as error:
        message = f"The file can't be read: {error.strerror}."
        raise BadInputError([_blame(path, message)]) from error
    except UNREADABLE as error:
        reason, place = explain_yaml(error)
        message = f"The file must be YAML in UTF-8{place}; {reason}."
        raise BadInputError([_blame(path, message)]) from error
    if mode & _READ_BY_OTHERS:
        message = "The file must be closed to other users of the machine (chmod 640)."
        raise BadInputError([_blame(path, message)])
    if not isinstance(values, dict):
        message = f"The file must hold a mapping, not {type(values).__name__}."
        raise BadInputError([_blame(path, message)])
    return {str(name): value for name, value in values.items()}


def _blame(path: Path, what: str) -> Problem:
    return Problem(what, f"Rule file {path.name}", _REMEDY)


def _list_demands(rules: RuleSet) -> list[tuple[str, str, object, bool]]:
    version, count, n = rules.version, rules.minimum_count, rules.dominance_n
    named = isinstance(version, str) and bool(version.strip())
    return [
        ("version", "a name", version, named),
        (
            "minimum_count",
            f"a whole number from {MINIMUM_CELL} up",
            count,
            type(count) is int and count >= MINIMUM_CELL,
        ),
        ("dominance_n", "1 or 2", n, type(n) is int and n in (1, 2)),
        *(
            (name, "a percentage above 0 and up to 100", value, _is_percentage(value))
            for name, value in (
                ("dominance_percent", rules.dominance_percent),
                ("p_percent", rules.p_percent),
            )
        ),
    ]


def _is_percentage(value: object) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and 0 < float(str(value)) <= 100


DEFAULT_RULES: Final = RuleSet("standard-1")
"""The published defaults of acro."""
