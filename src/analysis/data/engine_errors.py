"""End a source that fails in the middle of its work in a sentence, not in a trace.

What an engine says may quote a row, so that only the name of its error is repeated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from analysis.errors import BadInputError, Problem
from analysis.wording import mark, say

_ENGINES = frozenset(
    ("duckdb", "_duckdb", "psycopg", "ibis", "pyarrow", "pyspark", "py4j")
)
"""Packages whose errors are those of the source. They need not be installed."""

_REMEDIES = (
    (
        re.compile("OutOfMemory|DiskFull"),
        mark("Make room, or give the engine less with QUARTERBOOK_MEMORY."),
    ),
    (
        re.compile("IOException|InvalidInput|Serialization|Fatal|Internal|OSError"),
        mark("Copy or export it again; it may be cut off or damaged."),
    ),
    (
        re.compile("Privilege|Permission"),
        mark("Ask the database's owner for the right to read it."),
    ),
    (
        re.compile("QueryCanceled|Lock|Timeout"),
        mark("Give the query more time, or run when the database is less busy."),
    ),
    (
        re.compile("DataError|Conversion"),
        mark("Compare its values with the types, conditions and dates of its mapping."),
    ),
    (
        re.compile("Operational|Interface|Connection"),
        mark("Check whether the server is running, then run again."),
    ),
)
_REMEDY = mark("Query the table by itself and mend what the engine then says.")


@contextmanager
def tell_engine_errors(where: str) -> Iterator[None]:
    """Turn what an engine raises into a problem of the source.

    Parameters
    ----------
    where : str
        The source and table that are read.

    Yields
    ------
    None
        While the source is read.

    Raises
    ------
    BadInputError
        If the engine fails; any other error passes, since it is ours.
    """
    try:
        yield
    except Exception as error:
        if not is_engine_error(error):
            raise
        raise BadInputError([Problem(*_explain(error, where))]) from None


def is_engine_error(error: Exception) -> bool:
    """Say whether an error is that of a source, not of this program.

    Parameters
    ----------
    error : Exception
        What was raised.

    Returns
    -------
    bool
        Whether an engine or the operating system raised it.
    """
    package, _, _ = type(error).__module__.partition(".")
    return package in _ENGINES or isinstance(error, OSError)


def advise(error: Exception) -> str:
    """Say what to do about a source that failed.

    Parameters
    ----------
    error : Exception
        An engine's error.

    Returns
    -------
    str
        A sentence.
    """
    kinds = " ".join(kind.__name__ for kind in type(error).__mro__)
    found = (told for named, told in _REMEDIES if named.search(kinds))
    return say(next(found, _REMEDY))


def _explain(error: Exception, where: str) -> tuple[str, str, str]:
    what = say(
        "The source must be readable to its end; reading it failed with {error}.",
        error=type(error).__name__,
    )
    return what, where, advise(error)
