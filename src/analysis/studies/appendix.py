"""The closing pages that every study shares: checks, assumptions, codebook, record."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Literal

import pandas as pd
from pydantic import BaseModel

from analysis.data.contract import CONTRACT
from analysis.data.sources import Tables
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.units import write_number
from analysis.wording import join_names, say

Light = Literal["green", "amber", "red"]

_PACKAGES = ("quarterbook", "duckdb", "ibis-framework", "numpy", "pandas", "scipy")


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something a study takes for granted.

    Parameters
    ----------
    assumption : str
        What is taken for granted, as a sentence.
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
        (check.table, check.name, check.severity, check.message) for check in failed
    ]
    for table in dict.fromkeys(check.table for check in passed):
        names = [check.name for check in passed if check.table == table]
        rows = max(check.nobs for check in passed if check.table == table)
        kinds = join_names(list(dict.fromkeys(names)))
        found = say("{rows} rows hold what they must.", rows=write_number(rows))
        facts.append((table, kinds, "passed", found))
    title = say(
        "{passed} of {total} checks of the data passed",
        passed=len(passed),
        total=len(tables.checks),
    )
    columns = (
        DisplayColumn("table", "Table"),
        DisplayColumn("check", "Checked"),
        DisplayColumn("result", "Result"),
        DisplayColumn("message", "What was found"),
    )
    return DisplayTable(
        title=title,
        released=pd.DataFrame(facts, columns=["table", "check", "result", "message"]),
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
        DisplayColumn("assumption", "What is assumed"),
        DisplayColumn("quality", "Support"),
        DisplayColumn("impact", "Effect if wrong"),
        DisplayColumn("why", "Why, and what would improve it"),
    )
    return DisplayTable(
        title="What the numbers rest on",
        released=rows,
        columns=columns,
        source="The study's method",
        note=(
            "Support: green is measured, amber plausible, red a guess. "
            "Effect if wrong: green is little, amber some, red much."
        ),
    )


def tabulate_codebook(names: Iterable[str]) -> DisplayTable:
    """Show the columns of the tables that a study may read.

    Parameters
    ----------
    names : iterable of str
        Tables of the contract.

    Returns
    -------
    DisplayTable
        One row per column of each table.
    """
    rows = pd.DataFrame(
        [
            (table, column.name, column.unit, column.meaning)
            for table in names
            for column in CONTRACT[table].columns
        ],
        columns=["table", "column", "unit", "meaning"],
    )
    columns = (
        DisplayColumn("table", "Table"),
        DisplayColumn("column", "Column"),
        DisplayColumn("unit", "Unit"),
        DisplayColumn("meaning", "Meaning"),
    )
    return DisplayTable(
        title="What each column means",
        released=rows,
        columns=columns,
        source="Quarterbook data contract",
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
    facts = [
        ("Source", tables.source.title, tables.source.attribution),
        ("Currency", tables.source.currency, "Money is in this currency."),
        *(
            (name, str(getattr(parameters, name)), field.description or "")
            for name, field in fields.items()
        ),
        ("Python", platform.python_version(), "Version that ran the notebook."),
        *((name, version(name), "Version of the package.") for name in _PACKAGES),
    ]
    columns = (
        DisplayColumn("what", "What"),
        DisplayColumn("value", "Value"),
        DisplayColumn("meaning", "Meaning"),
    )
    return DisplayTable(
        title="What was run",
        released=pd.DataFrame(facts, columns=["what", "value", "meaning"]),
        columns=columns,
        source="The run itself",
    )
