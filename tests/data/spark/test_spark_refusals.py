"""What a source on a cluster must have is told before anything is started."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from analysis.data import spark_session
from analysis.data.mapping_files import read_mapping
from analysis.errors import BadInputError


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Spark and Java seem to be installed, wherever the tests run."""
    monkeypatch.setattr(spark_session, "find_spec", lambda name: name)
    monkeypatch.setattr(spark_session.shutil, "which", lambda name: name)


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def test_without_pyspark_the_way_out_is_make_spark(
    project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spark_session, "find_spec", lambda name: None)
    project.write_source(kind="spark", layout="contract")
    with pytest.raises(
        BadInputError, match=r"pyspark; it is not installed.*make spark"
    ):
        project.open()


def test_without_java_its_version_is_named(
    project: Any, installed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spark_session.shutil, "which", lambda name: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    project.write_source(kind="spark", layout="contract")
    with pytest.raises(BadInputError, match="Java 17 or newer; no `java` was found"):
        project.open()


def test_a_cluster_that_does_not_answer_is_named(project: Any, installed: None) -> None:
    master = f"spark://127.0.0.1:{_free_port()}"
    project.write_source(kind="spark", layout="contract", spark={"master": master})
    with pytest.raises(BadInputError, match=f"reachable at `{master}`; nothing"):
        project.open()


def test_master_and_settings_take_the_environments_values(
    project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLUSTER", "yarn")
    options = {"master": "${CLUSTER}", "settings": {"spark.executor.cores": "${N:-4}"}}
    project.write_source(kind="spark", layout="contract", spark=options)
    mapping = read_mapping("bank", project.root)
    assert mapping.spark.master == "yarn"
    assert mapping.spark.settings == {"spark.executor.cores": "4"}


def test_a_setting_whose_variable_is_not_set_is_named(project: Any) -> None:
    options = {"settings": {"spark.hadoop.token": "${NOT_SET_ANYWHERE}"}}
    project.write_source(kind="spark", layout="contract", spark=options)
    with pytest.raises(
        BadInputError, match=r"settings\.spark\.hadoop\.token.*NOT_SET_ANYWHERE` must"
    ):
        read_mapping("bank", project.root)


def _map_numbered_rows(project: Any, reads: str) -> None:
    columns = {"customer_id": {"row_number": True}}
    tables = {"customers": {"table": "customers", "columns": columns}}
    project.write_source(kind="spark", spark={"reads": reads}, tables=tables)


def test_rows_of_files_on_a_cluster_can_be_numbered(project: Any) -> None:
    _map_numbered_rows(project, "folder")
    assert not read_mapping("bank", project.root).keeps_tables


def test_rows_of_a_database_on_a_cluster_have_no_number(project: Any) -> None:
    _map_numbered_rows(project, "database")
    with pytest.raises(BadInputError, match="ow_number can't be used with a database"):
        read_mapping("bank", project.root)
