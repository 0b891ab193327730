"""The closing pages that every study shares: checks, assumptions, codebook, record."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Literal

import pandas as pd
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from analysis.data.contract import CONTRACT
from analysis.data.sources import Tables
from analysis.presentation.action_lists import LISTS_VARIABLE
from analysis.presentation.disclosure import release_public
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.units import write_currency, write_number
from analysis.wording import get_language, join_names, mark, say

Light = Literal["green", "amber", "red"]
_SEVERITIES = {"error": mark("failed"), "warning": mark("warning")}
_EDITIONS = {True: mark("restricted"), False: mark("management")}
_LANGUAGE_NAMES = {"en": mark("English"), "zh": mark("Chinese")}

_PACKAGES = ("quarterbook", "duckdb", "ibis-framework", "numpy", "pandas", "scipy")


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something a study takes for granted.

    Parameters
    ----------
    assumption : str
        What is taken for granted, as a sentence in the reader's language.
    quality : {"green", "amber", "red"}
        How well it is supported: measured, plausible, or a guess.
    impact : {"green", "amber", "red"}
        How much the findings move if it is wrong: little, some, or much.
    why : str
        What supports it, and what would be done with better data.
    """

    assumption: str
    quality: Light
    impact: Light
    why: str


def tabulate_checks(tables: Tables) -> DisplayTable:
    """Show the checks of the tables that a study read, every failed one by itself.

    Parameters
    ----------
    tables : Tables
        What the study read.

    Returns
    -------
    DisplayTable
        One row per failed check, then one row per table for those that passed.
    """
    failed = [check for check in tables.checks if not check.passed]
    passed = [check for check in tables.checks if check.passed]
    facts: list[tuple[str, str, str, str]] = [
        (check.table, check.name, say(_SEVERITIES[check.severity]), check.message)
        for check in failed
    ]
    for table in dict.fromkeys(check.table for check in passed):
        names = [check.name for check in passed if check.table == table]
        nobs = max(check.nobs for check in passed if check.table == table)
        kinds = join_names(list(dict.fromkeys(names)))
        found = say("All rows hold what they must: {rows}.", rows=write_number(nobs))
        facts.append((table, kinds, say("passed"), found))
    title = say(
        "{passed} of {total} checks of the data passed",
        passed=len(passed),
        total=len(tables.checks),
    )
    columns = (
        DisplayColumn("table", say("Data table")),
        DisplayColumn("check", say("Checked")),
        DisplayColumn("result", say("Result")),
        DisplayColumn("message", say("What was found")),
    )
    rows = pd.DataFrame(facts, columns=["table", "check", "result", "message"])
    return DisplayTable(
        title=title,
        released=release_public(rows, reason="checks of whole tables"),
        columns=columns,
        source=tables.source.title,
    )


def tabulate_assumptions(assumptions: Sequence[Assumption]) -> DisplayTable:
    """Show what a study takes for granted, with its lights in words.

    Parameters
    ----------
    assumptions : sequence of Assumption
        In the order in which they are shown.

    Returns
    -------
    DisplayTable
        One row per assumption.
    """
    rows = pd.DataFrame(
        [(a.assumption, a.quality, a.impact, a.why) for a in assumptions],
        columns=["assumption", "quality", "impact", "why"],
    )
    columns = (
        DisplayColumn("assumption", say("What is assumed")),
        DisplayColumn(
            "quality",
            say("Support"),
            shade="light",
            lights=(say("measured"), say("plausible"), say("a guess")),
        ),
        DisplayColumn(
            "impact",
            say("Effect if wrong"),
            shade="light",
            lights=(say("little"), say("some"), say("much")),
        ),
        DisplayColumn("why", say("Why, and what would improve it")),
    )
    return DisplayTable(
        title=say("What the numbers rest on"),
        released=release_public(rows, reason="the study's method"),
        columns=columns,
        source=say("The study's method"),
    )


def tabulate_codebook(
    names: Iterable[str], *, read: Mapping[str, Sequence[str]] | None = None
) -> DisplayTable:
    """Show the columns of the tables that a study reads.

    Parameters
    ----------
    names : iterable of str
        Tables of the contract.
    read : mapping of str to sequence of str, optional
        Columns that the study reads of a table; of a table left out, all.

    Returns
    -------
    DisplayTable
        One row per column, with its unit where it has one; one that several tables
        share with the same meaning comes once.
    """
    chosen = read or {}
    held: dict[tuple[str, str, str], list[str]] = {}
    for table in names:
        for column in CONTRACT[table].columns:
            if column.name in chosen.get(table, (column.name,)):
                fact = (column.name, column.unit, column.meaning)
                held.setdefault(fact, []).append(table)
    facts = [
        (say(", ").join(tables), name, _add_unit(say(meaning), unit))
        for (name, unit, meaning), tables in held.items()
    ]
    columns = (
        DisplayColumn("tables", say("Data tables")),
        DisplayColumn("column", say("Data column")),
        DisplayColumn("meaning", say("Meaning")),
    )
    rows = pd.DataFrame(facts, columns=["tables", "column", "meaning"])
    groups = rows["tables"].map(rows["tables"].drop_duplicates().tolist().index)
    rows = rows.iloc[groups.argsort(kind="stable")]
    return DisplayTable(
        title=say("What each column means"),
        released=release_public(rows, reason="the data contract"),
        columns=columns,
        source=say("Quarterbook data contract"),
    )


def describe_run(tables: Tables, parameters: BaseModel) -> DisplayTable:
    """Show what was run: source, parameters with their meaning, versions.

    Parameters
    ----------
    tables : Tables
        What the study read.
    parameters : pydantic.BaseModel
        The study's parameters.

    Returns
    -------
    DisplayTable
        One row per fact.
    """
    fields = type(parameters).model_fields
    source = tables.source
    facts = [
        (say("Data source"), source.title, source.attribution or source.title),
        (
            say("Currency"),
            write_currency(source.currency),
            say("Money is in this currency."),
        ),
        (
            say("Language"),
            say(_LANGUAGE_NAMES[get_language()]),
            say("In which the report is written."),
        ),
        (
            say("Edition"),
            say(_EDITIONS[bool(os.environ.get(LISTS_VARIABLE))]),
            say("Whether lists of single customers may be written."),
        ),
        *(
            (name, _write_setting(getattr(parameters, name)), _describe(field))
            for name, field in fields.items()
        ),
        ("Python", platform.python_version(), say("Version that ran the notebook.")),
        *((name, version(name), say("Version of the package.")) for name in _PACKAGES),
    ]
    columns = (
        DisplayColumn("what", say("What")),
        DisplayColumn("value", say("Value used")),
        DisplayColumn("meaning", say("Meaning")),
    )
    rows = pd.DataFrame(facts, columns=["what", "value", "meaning"])
    return DisplayTable(
        title=say("What was run"),
        released=release_public(rows, reason="settings and versions of the run"),
        columns=columns,
        source=say("The run itself"),
    )


def _add_unit(meaning: str, unit: str) -> str:
    if unit == "none":
        return meaning
    return say("{meaning} Unit: {unit}.", meaning=meaning, unit=say(unit))


def _write_setting(value: object) -> str:
    """Write a parameter as the params file would hold it; text may be empty."""
    if isinstance(value, bool):
        return say(mark("yes") if value else mark("no"))
    return str(value) or say("(empty)")


def _describe(field: FieldInfo) -> str:
    return say(field.description) if field.description else ""
