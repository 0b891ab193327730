"""Read a bank's own database; all work is done in it, and nothing is written to it."""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir
from ibis.common.exceptions import TableNotFound

from analysis.data.files import settle
from analysis.data.mapping import SourceMapping
from analysis.data.row_origin import FILE, ROW
from analysis.errors import BadInputError, Problem
from analysis.wording import choose

_REFUSALS = {
    "lock": "another program holds it",
    "newer version": "a newer DuckDB wrote it",
    "enough bytes": "it is cut off",
    "Corrupt": "it is damaged",
    "not a valid DuckDB": "it is none",
}
"""What DuckDB's own message holds, and what it means."""


def connect(mapping: SourceMapping) -> Any:  # noqa: ANN401 - Ibis gives no types
    """Open a database; its address may hold a password and is never repeated.

    Parameters
    ----------
    mapping : SourceMapping
        The source's mapping, its location with variables replaced.

    Returns
    -------
    ibis.BaseBackend
        The connection, closed when nothing uses it any more.

    Raises
    ------
    BadInputError
        If the database cannot be opened.
    """
    scheme = mapping.location.partition("://")[0]
    try:
        connection = ibis.connect(mapping.location)
    except Exception as error:  # every backend has its own
        problem = Problem(
            f"The {scheme} database of '{choose(mapping.title)}' must be reachable; "
            f"opening it failed with {type(error).__name__}.",
            "location",
            "Check the address, the password and whether the server is running.",
        )
        raise BadInputError([problem]) from None
    weakref.finalize(connection, connection.con.close)
    return connection


def open_duckdb(path: Path) -> Any:  # noqa: ANN401 - Ibis gives no types
    """Open a DuckDB file without writing to it.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    ibis.BaseBackend
        The connection.

    Raises
    ------
    BadInputError
        If it is no DuckDB file, of a newer version, or held by another program.
    """
    try:
        connection = ibis.duckdb.connect(path, read_only=True)
    except duckdb.Error as error:
        said = str(error)
        reason = next((told for mark, told in _REFUSALS.items() if mark in said), "")
        problem = Problem(
            f"The file must be a DuckDB file that can be opened; "
            f"{reason or type(error).__name__}.",
            path.name,
            "Close what holds it, or write it again with the DuckDB of the lock file.",
        )
        raise BadInputError([problem]) from None
    settle(connection)
    return connection


@dataclass(frozen=True)
class DatabaseReader:
    """Tables of a database; they have no files and no row numbers.

    Parameters
    ----------
    connection : ibis.BaseBackend
        Connection to the database, in which all work is done.
    file : pathlib.Path or None
        The file that it is, if it is one.
    """

    connection: Any
    file: Path | None = None

    def keep(self, table: ir.Table, *, copied: bool) -> ir.Table:  # noqa: ARG002 - ditto
        """Leave a table as it is: a bank's database is not written to.

        Parameters
        ----------
        table : ibis.Table
            What will be used again and again.
        copied : bool
            Whether computing it costs more than a copy.

        Returns
        -------
        ibis.Table
            The same rows.
        """
        return table

    def is_text(self, place: str) -> bool:  # noqa: ARG002 - a reader's signature
        """Say that a database's tables are not text.

        Parameters
        ----------
        place : str
            Name of a table, or of schema and table with a point between.

        Returns
        -------
        bool
            Always false.
        """
        return False

    def has(self, place: str) -> bool:
        """Say whether there is such a table; `schema.table` is understood.

        Parameters
        ----------
        place : str
            Name of a table, or of schema and table with a point between.

        Returns
        -------
        bool
            Whether there is one.
        """
        schema, _, name = place.rpartition(".")
        try:
            self.connection.table(name, database=schema or None)
        except TableNotFound:
            return False
        return True

    def read(self, place: str) -> ir.Table:
        """Give a table as it stands.

        Parameters
        ----------
        place : str
            Name of a table, or of schema and table with a point between.

        Returns
        -------
        ibis.Table
            Its columns as they stand, and the two of `row_origin`.
        """
        schema, _, name = place.rpartition(".")
        table = self.connection.table(name, database=schema or None)
        nothing = {
            ROW: ibis.null("int64"),
            FILE: ibis.literal(place),
        }
        return table.mutate(**nothing)

    def list_files(self, place: str) -> tuple[Path, ...] | None:  # noqa: ARG002 - ditto
        """Give the database's file, which holds all tables.

        Parameters
        ----------
        place : str
            Name of a table, or of schema and table with a point between.

        Returns
        -------
        tuple of pathlib.Path or None
            None if it is a server.
        """
        return None if self.file is None else (self.file,)

    def find(self, name: str) -> str | None:
        """Find a table of the contract's name.

        Parameters
        ----------
        name : str
            Name of a contract table.

        Returns
        -------
        str or None
            What `read` takes; None where there is none.
        """
        return name if self.has(name) else None
