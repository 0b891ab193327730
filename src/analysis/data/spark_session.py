"""Connect to a Spark cluster, once a process, and open sessions on it.

What is missing (the package, Java, an answer from the cluster) is told before anything
is started. What Java writes goes to a log of its own, never into a report.
"""

from __future__ import annotations

import atexit
import logging
import os
import re
import shutil
import socket
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from analysis.data.mapping import SparkOptions
from analysis.errors import BadInputError, Problem

_SETTINGS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
}
"""How a session reads and computes: what cannot be computed fails, as it must."""
_QUIET = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
_ADDRESS = re.compile(r"([^,:/]+):([0-9]+)")
_PATIENCE_SECONDS = 5
_DIRECTIVES = {
    "%Y": "'yyyy'",
    "%y": "'yy'",
    "%B": "'MMMM'",
    "%b": "'MMM'",
    "%m": "if(pattern rlike '%[A-Za-z]%', 'MM', 'M')",
    "%d": "if(pattern rlike '%[A-Za-z]%', 'dd', 'd')",
    "%j": "'DDD'",
    "%H": "'HH'",
    "%M": "'mm'",
    "%S": "'ss'",
}
"""Of a date format, in Spark's letters; numbers that touch have a fixed width."""


def connect_spark(options: SparkOptions) -> Any:  # noqa: ANN401 - pyspark is optional
    """Connect to a cluster, in a session of its own.

    Parameters
    ----------
    options : SparkOptions
        Which cluster, with which settings; a process has one cluster only.

    Returns
    -------
    ibis.BaseBackend
        An `ArrowBackend`; its `session` is Spark's.

    Raises
    ------
    BadInputError
        If Spark or Java is not installed, or the cluster cannot be reached.
    """
    _require_programs()
    _require_reachable(options.master)
    session = _open_session(options)
    from analysis.data.spark_backend import ArrowBackend

    ArrowBackend.register_options()
    return ArrowBackend().connect(session)


def _require_programs() -> None:
    if find_spec("pyspark") is None:
        problem = Problem(
            "A source of kind spark must have pyspark; it is not installed.",
            "kind",
            "Install it with `make spark`, or read the files with kind parquet.",
        )
        raise BadInputError([problem])
    if not os.environ.get("JAVA_HOME") and shutil.which("java") is None:
        problem = Problem(
            "Spark must have Java 17 or newer; no `java` was found.",
            "kind",
            "Install it (Debian: openjdk-17-jre-headless), or set JAVA_HOME.",
        )
        raise BadInputError([problem])


def _require_reachable(master: str | None) -> None:
    """Try the door of a standalone cluster: Spark itself gives up after a minute."""
    if master is None or not master.startswith("spark://"):
        return
    addresses = _ADDRESS.findall(master)
    if not any(_answers(host, int(port)) for host, port in addresses):
        problem = Problem(
            f"The cluster must be reachable at `{master}`; nothing answers there.",
            "spark.master",
            "Check the address, and whether the cluster is running.",
        )
        raise BadInputError([problem])


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=_PATIENCE_SECONDS).close()
    except OSError:
        return False
    return True


def _open_session(options: SparkOptions) -> Any:  # noqa: ANN401 - pyspark is optional
    """Give a session of its own on the process's connection to the cluster."""
    from pyspark.sql import SparkSession

    log = Path(tempfile.gettempdir()) / f"quarterbook-spark-{os.getpid()}.log"
    try:
        _start(options, log)
        session = SparkSession.builder.getOrCreate().newSession()
        for key, value in _SETTINGS.items():
            session.conf.set(key, value)
        session.sql(_write_try_strptime())
    except Exception as error:  # of Spark, of the cluster, of Java
        where = f" Its log is `{log}`." if log.exists() else ""
        problem = Problem(
            f"Spark must start; it failed with {name_error(error)}.{where}",
            "spark",
            "Check master and settings, and that Java is 17 or newer.",
        )
        raise BadInputError([problem]) from None
    atexit.register(log.unlink, missing_ok=True)
    return session


def _start(options: SparkOptions, log: Path) -> None:
    """Start Java and connect to the cluster, once a process; Java writes to its log."""
    from pyspark import SparkConf, SparkContext
    from pyspark.java_gateway import launch_gateway

    if SparkContext._active_spark_context is not None:
        return
    # A query that fails is told in our words: its own may hold data.
    logging.getLogger("SQLQueryContextLogger").disabled = True
    conf = SparkConf().setAppName("Quarterbook").setAll([*_QUIET.items()])
    conf.setAll([*options.settings.items()])
    if options.master is not None:
        conf.setMaster(options.master)
    with log.open("ab") as stream:
        gateway = SparkContext._gateway or launch_gateway(
            conf, popen_kwargs={"stdout": stream, "stderr": stream}
        )
    SparkContext(conf=conf, gateway=gateway)


def _write_try_strptime() -> str:
    """Write the embedded engine's forgiving reading of times as a function of Spark.

    Years of two digits are those from 1969 to 2068, as strptime has them; letters that
    are no directive stand for themselves.
    """
    letters = "regexp_replace(pattern, '(?<!%)([A-Za-z]+)', '\\'$1\\'')"
    for directive, spark in _DIRECTIVES.items():
        letters = f"replace({letters}, '{directive}', {spark})"
    moment = f"try_to_timestamp(text, {letters})"
    is_later = f"contains(pattern, '%y') and year({moment}) >= 2069"
    return (
        "create or replace temporary function try_strptime(text string, pattern string)"
        " returns timestamp "
        f"return if({is_later}, {moment} - interval 100 years, {moment})"
    )


def name_error(error: Exception) -> str:
    """Name an error of Spark: Java's own name where it has one.

    Parameters
    ----------
    error : Exception
        Of Spark, of its file systems, of Java.

    Returns
    -------
    str
        A name; the error's text may hold data and is left out.
    """
    cause = getattr(error, "java_exception", None)
    if cause is not None:
        return str(cause.getClass().getSimpleName())
    getter = getattr(error, "getCondition", None)
    return (getter and getter()) or type(error).__name__
