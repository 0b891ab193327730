"""Shown items as data that a program can read back from the executed notebook.

Numbers have the digits that the reader sees, so that the data tell no more than the
page; a hidden one is `{"hidden": true}`, a missing one null.
"""

from __future__ import annotations

import dataclasses
import math
import numbers
from collections.abc import Sequence
from typing import Any

from analysis.presentation.charts import Chart
from analysis.presentation.disclosure import is_suppressed
from analysis.presentation.drawing.drawings import DrawnValue
from analysis.presentation.findings import Finding
from analysis.presentation.rendering.table_words import Cell, write_heads, write_rows
from analysis.presentation.tables import DisplayTable

Plain = str | int | float | dict[str, bool] | None


def describe_finding(finding: Finding) -> dict[str, Plain]:
    """Write a finding as data.

    Parameters
    ----------
    finding : Finding
        Any finding.

    Returns
    -------
    dict
        All of its fields; a number that is not finite is null.
    """
    return {
        field.name: _to_plain(getattr(finding, field.name))
        for field in dataclasses.fields(finding)
    }


def describe_table(table: DisplayTable) -> dict[str, Any]:
    """Write a table as data.

    Parameters
    ----------
    table : DisplayTable
        Any table.

    Returns
    -------
    dict
        "rows" as printed and "values" as numbers, both with one list per row;
        "customers" behind each row, null where hidden, and for the whole where the
        table is about no customer.
    """
    rows = write_rows(table)
    released = table.released
    customers = released.customers
    return {
        "title": table.title,
        "columns": [
            {"label": head.label, "unit": head.unit} for head in write_heads(table)
        ],
        "rows": [[cell.text for cell in row] for row in rows],
        "values": [[_read_cell(cell) for cell in row] for row in rows],
        "total_row": table.total_row,
        "note": table.note,
        "hidden_note": table.hidden_note,
        "source": table.source,
        "customers": _list_customers(customers),
        "n_hidden": table.n_hidden,
    }


def describe_chart(chart: Chart) -> dict[str, Any]:
    """Write a chart as data.

    Parameters
    ----------
    chart : Chart
        Any chart.

    Returns
    -------
    dict
        Its words, and what was drawn as "columns" and "rows"; "customers" behind
        each row of what was released, as for a table.
    """
    data = chart.drawing.data
    return {
        "title": chart.title,
        "subtitle": chart.subtitle,
        "alt": chart.alt,
        "source": chart.source,
        "nobs": int(chart.nobs),
        "note": chart.note,
        "hidden_note": chart.hidden_note,
        "columns": [
            {"label": column.label, "unit": column.unit} for column in data.columns
        ],
        "rows": [[_hide(value) for value in row] for row in data.rows],
        "customers": _list_customers(data.customers),
        "n_hidden": data.n_hidden,
    }


def _read_cell(cell: Cell) -> Plain:
    return {"hidden": True} if cell.kind == "suppressed" else cell.value


def _hide(value: DrawnValue) -> Plain:
    return {"hidden": True} if is_suppressed(value) else _to_plain(value)


def _list_customers(customers: Sequence[int | None] | None) -> list[int | None] | None:
    return None if customers is None else list(customers)


def _to_plain(value: object) -> str | int | float | None:
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        number = float(value)
        return number if math.isfinite(number) else None
    return None if value is None else str(value)
