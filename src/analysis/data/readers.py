"""Open what a source keeps: Parquet, text files, a database, or a Spark cluster.

Every table is given as it stands, with two columns more: the file and the row in it,
so that a mistake can be found again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import ibis.expr.types as ir

from analysis.data.databases import DatabaseReader, connect, open_duckdb
from analysis.data.files import FileReader
from analysis.data.mapping import SourceMapping
from analysis.data.spark import open_spark
from analysis.errors import BadInputError, Problem
from analysis.wording import choose


class Reader(Protocol):
    """Gives the raw tables of one source."""

    @property
    def connection(self) -> Any:  # noqa: ANN401 - Ibis gives its backends no types
        """Connection in which all work is done."""

    def keep(self, table: ir.Table, *, copied: bool) -> ir.Table:
        """Give a table a name, or copy it, where the source may be written to.

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

    def is_text(self, place: str) -> bool:
        """Say whether a table is kept as text, so that reading it costs much.

        Parameters
        ----------
        place : str
            What `read` takes.

        Returns
        -------
        bool
            Whether any file of it is text.
        """

    def has(self, place: str) -> bool:
        """Say whether there is such a file or table.

        Parameters
        ----------
        place : str
            What `read` takes.

        Returns
        -------
        bool
            Whether there is one.
        """

    def read(self, place: str) -> ir.Table:
        """Give a file or table as it stands, with its file and row numbers.

        Parameters
        ----------
        place : str
            Name of a file or table, as a mapping file writes it.

        Returns
        -------
        ibis.Table
            Its columns as they stand, and the two of `row_origin`.
        """

    def list_files(self, place: str) -> tuple[Path, ...] | None:
        """List the files that hold a table, so that its content can be told.

        Parameters
        ----------
        place : str
            What `read` takes.

        Returns
        -------
        tuple of pathlib.Path or None
            None where it is in no file, as in a server.
        """

    def find(self, name: str) -> str | None:
        """Find where a table named as in the contract is kept.

        Parameters
        ----------
        name : str
            Name of a contract table.

        Returns
        -------
        str or None
            What `read` takes; None where there is none.
        """


def open_reader(mapping: SourceMapping, root: Path) -> Reader:
    """Open the place where a source is kept.

    Parameters
    ----------
    mapping : SourceMapping
        The source's mapping, its location with variables replaced.
    root : pathlib.Path
        The project's folder, from which a relative location counts.

    Returns
    -------
    Reader
        What gives the raw tables.

    Raises
    ------
    BadInputError
        If there is nothing at the location, or its server cannot be reached.
    """
    if mapping.kind == "sql":
        return DatabaseReader(connect(mapping))
    if mapping.kind == "spark":
        return open_spark(mapping, root)
    path = root / Path(mapping.location).expanduser()
    wants_folder = mapping.kind != "duckdb"
    if path.exists() and path.is_dir() != wants_folder:
        problem = Problem(
            f"With `kind: {mapping.kind}`, `{mapping.location}` must be a "
            f"{'folder' if wants_folder else 'file'}; it is none.",
            "location",
            mapping.obtain,
        )
        raise BadInputError([problem])
    if not path.exists():
        problem = Problem(
            f"The data of '{choose(mapping.title)}' must be at `{mapping.location}`; "
            "nothing is there.",
            "location",
            mapping.obtain,
        )
        raise BadInputError([problem])
    if mapping.kind == "duckdb":
        return DatabaseReader(open_duckdb(path), path)
    return FileReader(path, mapping.csv, mapping.kind == "csv")
