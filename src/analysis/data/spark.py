"""Read a source on a Spark cluster: a folder of Parquet files, or a database's tables.

The cluster does all work, by the same expressions as the embedded engine; a notebook
fetches results only. Spark and Java are asked for by such a source alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir

from analysis.data.databases import DatabaseReader
from analysis.data.mapping import SourceMapping
from analysis.data.row_origin import FILE, ROW
from analysis.data.spark_session import connect_spark, name_error
from analysis.errors import BadInputError, Problem
from analysis.wording import choose


@dataclass(frozen=True)
class SparkReader(DatabaseReader):
    """Tables of a database in Spark's catalogue.

    Parameters
    ----------
    connection : ibis.BaseBackend
        Session on the cluster, in which all work is done.
    """

    def keep(self, table: ir.Table, *, copied: bool) -> ir.Table:
        """Give a table a name in the session, or hold its rows on the cluster.

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
        name = ibis.util.gen_name("kept")
        if copied:
            return self.connection.create_table(name, table, temp=True)
        return self.connection.create_view(name, table)


@dataclass(frozen=True)
class SparkFolderReader(SparkReader):
    """Parquet files of a folder that every machine of the cluster can read.

    Parameters
    ----------
    connection : ibis.BaseBackend
        Session on the cluster, in which all work is done.
    folder : str
        Where the files are, as Spark writes it.
    """

    folder: str = field(kw_only=True)
    _known: dict[str, ir.Table] = field(init=False, default_factory=dict)

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
        return _exists(self.connection.session, f"{self.folder}/{place}")

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
        places = (name, f"{name}.parquet")
        return next((place for place in places if self.has(place)), None)

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

    def _open(self, place: str) -> ir.Table:
        files = self.connection.session.read.option("mergeSchema", "true")
        try:
            rows = files.parquet(f"{self.folder}/{place}").selectExpr(
                "*",
                f"cast(_metadata.row_index + 1 as bigint) as `{ROW}`",
                f"_metadata.file_name as `{FILE}`",
            )
        except Exception as error:  # of Spark, of its file systems, of Java
            problem = Problem(
                "The files must be readable as Parquet; Spark refused them with "
                f"{name_error(error)}.",
                place,
                "Check the files, and whether every machine may read them.",
            )
            raise BadInputError([problem]) from None
        name = ibis.util.gen_name("read")
        rows.createOrReplaceTempView(name)
        return self.connection.table(name)


def open_spark(mapping: SourceMapping, root: Path) -> SparkReader:
    """Open a source on a Spark cluster.

    Parameters
    ----------
    mapping : SourceMapping
        The source's mapping, its location with variables replaced.
    root : pathlib.Path
        The project's folder, from which a relative location counts.

    Returns
    -------
    SparkReader
        What gives the raw tables.

    Raises
    ------
    BadInputError
        If Spark or Java is not installed, the cluster cannot be reached, or there is
        nothing at the location.
    """
    title = choose(mapping.title)
    connection = connect_spark(mapping.spark)
    if mapping.spark.reads == "database":
        reader = _open_database(connection, mapping.location)
    else:
        reader = _open_folder(connection, mapping.location, root)
    if reader is None:
        problem = Problem(
            f"The data of '{title}' must be at `{mapping.location}`; nothing is there.",
            "location",
            mapping.obtain,
        )
        raise BadInputError([problem])
    return reader


def _open_database(connection: Any, name: str) -> SparkReader | None:  # noqa: ANN401
    if not connection.session.catalog.databaseExists(name):
        return None
    connection.session.catalog.setCurrentDatabase(name)
    return SparkReader(connection)


def _open_folder(
    connection: Any,  # noqa: ANN401 - Ibis gives its backends no types
    location: str,
    root: Path,
) -> SparkReader | None:
    """Open a folder; a relative one counts from the project, others are Spark's."""
    folder = location
    if "://" not in location:
        path = Path(location).expanduser()
        folder = str(path) if path.is_absolute() else (root.resolve() / path).as_uri()
    try:
        found = _exists(connection.session, folder)
    except Exception as error:  # of Spark's file systems, of Java
        problem = Problem(
            f"Spark must be able to look at `{location}`; it failed with "
            f"{name_error(error)}.",
            "location",
            "Check the address, and whether Spark's settings open the storage.",
        )
        raise BadInputError([problem]) from None
    return SparkFolderReader(connection, folder=folder.rstrip("/")) if found else None


def _exists(session: Any, path: str) -> bool:  # noqa: ANN401 - pyspark is optional
    """Ask the cluster's file system whether anything is at a path or fits a pattern."""
    place = session._jvm.org.apache.hadoop.fs.Path(path)
    system = place.getFileSystem(session._jsc.hadoopConfiguration())
    return bool(system.globStatus(place))
