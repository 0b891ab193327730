"""Rows that several results are computed from, kept once inside the engine."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import ibis
import pandas as pd

_IN_MEMORY = "memory"
"""What the embedded engine calls a database of its own, in no file."""


def keep_rows(rows: ibis.Table, name: str) -> ibis.Table:
    """Compute rows once, as a temporary table of the engine.

    Parameters
    ----------
    rows : ibis.Table
        Rows not yet computed.
    name : str
        What the rows are, for the name of the table.

    Returns
    -------
    ibis.Table
        The same rows, computed.
    """
    return rows.get_backend().create_table(ibis.util.gen_name(name), rows, temp=True)


def keep_side_by_side(
    parts: Mapping[str, ibis.Table], name: str, *, column: str
) -> ibis.Table:
    """Compute parts that do not need each other once, at the same time.

    Each part is computed on one thread, so that its numbers are added up in one order
    and have the same last digits every time, however many cores there are.

    Parameters
    ----------
    parts : mapping of str to ibis.Table
        Rows not yet computed, all with the same columns, by what tells them apart.
    name : str
        What the rows are, for the names of the tables.
    column : str
        Column that will say of which part a row is.

    Returns
    -------
    ibis.Table
        All rows, computed.
    """
    engine = next(iter(parts.values())).get_backend()
    if engine.name == "duckdb" and engine.current_catalog == _IN_MEMORY:
        kept = _keep_in_threads(engine, list(parts.values()), name)
    else:
        kept = [keep_rows(part, name) for part in parts.values()]
    labelled = [
        rows.mutate({column: ibis.literal(key)})
        for key, rows in zip(parts, kept, strict=True)
    ]
    return ibis.union(*labelled) if len(labelled) > 1 else labelled[0]


def fetch_side_by_side(parts: Mapping[str, ibis.Table]) -> dict[str, pd.DataFrame]:
    """Take parts that do not need each other out of the engine at the same time.

    Each part is computed on one thread, as `keep_side_by_side` does.

    Parameters
    ----------
    parts : mapping of str to ibis.Table
        Rows not yet computed, by what tells them apart.

    Returns
    -------
    dict of str to pandas.DataFrame
        The rows of each part.
    """
    engine = next(iter(parts.values())).get_backend()
    if engine.name != "duckdb" or engine.current_catalog != _IN_MEMORY:
        return {name: rows.to_pandas() for name, rows in parts.items()}
    helpers = [ibis.duckdb.from_connection(engine.con.cursor()) for _ in parts]
    with ThreadPoolExecutor(len(parts)) as threads:
        found = threads.map(
            lambda helper, rows: helper.to_pandas(rows), helpers, parts.values()
        )
        return dict(zip(parts, found, strict=True))


def _keep_in_threads(
    engine: Any,  # noqa: ANN401 - Ibis gives its backends no types
    parts: list[ibis.Table],
    name: str,
) -> list[ibis.Table]:
    """Give each part a thread of ours with a connection of its own."""
    names = [ibis.util.gen_name(name) for _ in parts]
    helpers = [ibis.duckdb.from_connection(engine.con.cursor()) for _ in parts]
    with ThreadPoolExecutor(len(parts)) as threads:
        made = threads.map(
            lambda helper, table, rows: helper.create_table(table, rows),
            helpers,
            names,
            parts,
        )
        list(made)
    return [engine.table(table) for table in names]
