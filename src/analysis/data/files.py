"""Read Parquet and text files of a folder with an embedded engine.

Text files are brought to UTF-8 and Parquet in a scratch folder that is removed with
the connection; nothing is loaded into memory as a whole.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir

from analysis.data.encodings import read_header, write_utf8
from analysis.data.mapping import CsvOptions
from analysis.data.row_origin import FILE, ROW
from analysis.errors import BadInputError, Problem

MEMORY = "QUARTERBOOK_MEMORY"
"""Environment variable: memory that one notebook's engine may use, such as "4GB"."""
_PARQUET = (".parquet", ".pq")
_TEXT = (".csv", ".txt", ".asc", ".tsv", ".dat")
_NOT_TOLD = ("Original Line", "LINE ")
"""How lines of the engine's message begin that quote a row, or a query of ours."""
_NUMBERED = f"union_by_name = true, filename = '{FILE}_path', file_row_number = true"
"""Options of the engine: files may lack columns, and each row says where it is from."""
_SHOWS_PROGRESS = "SELECT current_setting('enable_progress_bar')"


def settle(connection: Any) -> None:  # noqa: ANN401 - Ibis gives no types
    """Make an embedded engine give the same sums every time, and draw no progress bar.

    Threads add floating-point numbers in the order in which they finish, so that the
    last digits of a sum would change from run to run. Notebooks run side by side: the
    cores are used all the same.

    Parameters
    ----------
    connection : ibis.BaseBackend
        Connection to DuckDB.
    """
    connection.raw_sql("SET threads = 1")
    if connection.raw_sql(_SHOWS_PROGRESS).fetchone()[0]:
        connection.raw_sql("SET enable_progress_bar = false")


@contextmanager
def count_on_all_cores(connection: Any) -> Iterator[None]:  # noqa: ANN401
    """Let an embedded engine use every core where rows are counted.

    Counts are whole numbers: they are the same in whatever order threads finish.

    Parameters
    ----------
    connection : ibis.BaseBackend
        Connection to any engine; one that is not embedded divides its work itself.

    Yields
    ------
    None
        Within the block the cores are used.
    """
    if connection.name != "duckdb":
        yield
        return
    connection.raw_sql(f"SET threads = {os.cpu_count() or 1}")
    try:
        yield
    finally:
        connection.raw_sql("SET threads = 1")


@dataclass(frozen=True)
class FileReader:
    """Files of a folder, read by an embedded engine.

    Parameters
    ----------
    folder : pathlib.Path
        Where the files are.
    csv : CsvOptions
        How text files are written.
    reads_text : bool
        Whether files of unknown suffix are text files.
    """

    folder: Path
    csv: CsvOptions
    reads_text: bool
    connection: Any = field(init=False)
    scratch: Path = field(init=False)
    _known: dict[str, ir.Table] = field(init=False, default_factory=dict)
    _files: dict[str, tuple[Path, ...]] = field(init=False, default_factory=dict)
    _views: list[str] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        """Open the engine, with a folder for what does not fit into memory."""
        scratch = Path(tempfile.mkdtemp(prefix="quarterbook-"))
        settings = {"temp_directory": str(scratch / "spill")}
        if limit := os.environ.get(MEMORY):
            settings["memory_limit"] = limit
        connection = ibis.duckdb.connect(**settings)
        settle(connection)
        weakref.finalize(connection, shutil.rmtree, scratch, ignore_errors=True)
        object.__setattr__(self, "connection", connection)
        object.__setattr__(self, "scratch", scratch)

    def keep(self, table: ir.Table, *, copied: bool) -> ir.Table:
        """Give a table a name in the engine, or copy it to the scratch folder.

        Parameters
        ----------
        table : ibis.Table
            What will be used again and again.
        copied : bool
            Whether computing it costs more than a copy.

        Returns
        -------
        ibis.Table
            The same rows; queries on it are short.
        """
        if not copied:
            self._views.append(f"kept_{len(self._views)}")
            return self.connection.create_view(self._views[-1], table)
        target = self._name_scratch()
        self.connection.to_parquet(table, target, compression="zstd")
        # The engine adds whole numbers up in 128 bits, which Parquet holds as floats.
        return self._read_parquet([target])[table.columns].cast(table.schema())

    def is_text(self, place: str) -> bool:
        """Say whether a table is kept in text files.

        Parameters
        ----------
        place : str
            File, folder of files or pattern of files, from the source's folder.

        Returns
        -------
        bool
            Whether any file of it is text.
        """
        return any(self._is_text(file) for file in self.list_files(place))

    def has(self, place: str) -> bool:
        """Say whether there is such a file, folder of files or pattern of files.

        Parameters
        ----------
        place : str
            File, folder of files or pattern of files, from the source's folder.

        Returns
        -------
        bool
            Whether there is one.
        """
        return bool(self.list_files(place))

    def find(self, name: str) -> str | None:
        """Find the file or folder of a table named as in the contract.

        Parameters
        ----------
        name : str
            Name of a contract table.

        Returns
        -------
        str or None
            What `read` takes; None where there is none.
        """
        suffixes = [*_PARQUET, *_TEXT, *(f"{suffix}.gz" for suffix in _TEXT)]
        for place in (name, *(f"{name}{suffix}" for suffix in suffixes)):
            if self.has(place):
                return place
        return None

    def read(self, place: str) -> ir.Table:
        """Give a file, a folder of files or a pattern of files as one table.

        Parameters
        ----------
        place : str
            File, folder of files or pattern of files, from the source's folder.

        Returns
        -------
        ibis.Table
            Its columns as they stand, and the two of `row_origin`.
        """
        if place not in self._known:
            self._known[place] = self._open(place)
        return self._known[place]

    def list_files(self, place: str) -> tuple[Path, ...]:
        """List the files that hold a table.

        Parameters
        ----------
        place : str
            File, folder of files or pattern of files, from the source's folder.

        Returns
        -------
        tuple of pathlib.Path
            In alphabetical order; hidden ones are left out.
        """
        if place not in self._files:
            self._files[place] = tuple(self._find_files(place))
        return self._files[place]

    def _find_files(self, place: str) -> list[Path]:
        path = self.folder / place
        if path.is_file():
            return [path]
        found = path.rglob("*") if path.is_dir() else self.folder.glob(place)
        return sorted(
            file
            for file in found
            if file.is_file() and not file.name.startswith((".", "_"))
        )

    def _open(self, place: str) -> ir.Table:
        files = self.list_files(place)
        texts = [file for file in files if self._is_text(file)]
        if texts and len(texts) < len(files):
            problem = Problem(
                "A table must be all Parquet or all text files, not both.",
                place,
                "Remove the files that do not belong to it.",
            )
            raise BadInputError([problem])
        if texts:
            files = tuple(self._bring_to_parquet(file) for file in texts)
        table = self._read_parquet(files)
        if texts:
            return table.drop("file_row_number", f"{FILE}_path")
        return _number_rows(table)

    def _is_text(self, file: Path) -> bool:
        suffixes = [suffix.lower() for suffix in file.suffixes if suffix != ".gz"]
        suffix = suffixes[-1] if suffixes else ""
        if suffix in _PARQUET:
            return False
        return suffix in _TEXT or self.reads_text

    def _read_parquet(self, files: Sequence[Path]) -> ir.Table:
        """Give files a view; unlike that of Ibis, each thread's connection knows it."""
        self._views.append(f"files_{len(self._views)}")
        view = self._views[-1]
        places = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
        read = f"read_parquet([{places}], {_NUMBERED})"
        try:
            self.connection.raw_sql(f"CREATE VIEW {view} AS FROM {read}")
        except duckdb.Error as error:
            named = (file for file in files if str(file) in str(error))
            broken = next(named, files[0])
            raise BadInputError([_describe_unreadable(broken, error)]) from error
        return self.connection.table(view)

    def _name_scratch(self) -> Path:
        index = len(list(self.scratch.glob("*.parquet")))
        return self.scratch / f"{index:05d}.parquet"

    def _bring_to_parquet(self, file: Path) -> Path:
        target = self._name_scratch()
        text = target.with_suffix(".csv")
        write_utf8(file, text, self.csv.encoding)
        names = read_header(
            text, file.name, delimiter=self.csv.delimiter, quote=self.csv.quote
        )
        try:
            rows = self.connection.con.read_csv(
                str(text),
                auto_detect=False,
                columns=dict.fromkeys(names, "VARCHAR"),
                header=True,
                delimiter=self.csv.delimiter,
                quotechar=self.csv.quote,
                escapechar=self.csv.quote,
            )
            numbered = rows.select(
                duckdb.StarExpression(),
                duckdb.SQLExpression("row_number() over () + 1").alias(ROW),
                duckdb.ConstantExpression(file.name).alias(FILE),
            )
            numbered.write_parquet(str(target), compression="zstd")
        except duckdb.Error as error:
            raise BadInputError([_describe_unreadable(file, error)]) from error
        text.unlink()
        return target


def _number_rows(table: ir.Table) -> ir.Table:
    """Turn the engine's file path and row number into the two columns promised."""
    path = f"{FILE}_path"
    named = table.mutate(
        **{
            ROW: table.file_row_number + 1,
            FILE: table[path].re_extract(r"([^/\\]+)$", 1),
        }
    )
    return named.drop("file_row_number", path)


def _describe_unreadable(file: Path, error: duckdb.Error) -> Problem:
    """Say what the engine found; a row's own text is nobody's business."""
    lines = [
        line.replace(str(file), file.name)
        for line in str(error).splitlines()
        if (": " in line or "found" in line) and not line.startswith(_NOT_TOLD)
    ]
    told = lines[:2]
    return Problem(
        f"The file must be readable; reading it failed: {'; '.join(told).rstrip('.')}.",
        file.name,
        "Check the file, and `csv:` in the mapping file.",
    )
