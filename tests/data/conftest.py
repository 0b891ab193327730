"""A project in a temporary folder, and a PostgreSQL server of our own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import psycopg
import pytest
import yaml

from analysis.data.opening import Source, open_source

SHARED = Path(__file__).parents[3] / "shared" / "data"


@dataclass(frozen=True)
class Project:
    """A folder with params/sources and data/."""

    root: Path

    def write_source(self, name: str = "bank", **keys: Any) -> None:
        mapping = {
            "title": "A bank",
            "attribution": "Nobody",
            "currency": "CNY",
            "period": "month",
            "kind": "csv",
            "location": "data",
            **keys,
        }
        text = yaml.safe_dump(mapping, sort_keys=False, allow_unicode=True)
        self.write_text(f"params/sources/{name}.yml", text)

    def write_text(self, path: str, text: str, encoding: str = "utf-8") -> Path:
        return self.write_bytes(path, text.encode(encoding))

    def write_bytes(self, path: str, content: bytes) -> Path:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        return target

    def write_parquet(self, path: str, frame: pd.DataFrame) -> None:
        target = self.root / "data" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        frame.to_parquet(target)

    def open(self, name: str = "bank") -> Source:
        return open_source(name, root=self.root)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    (tmp_path / "params" / "sources").mkdir(parents=True)
    (tmp_path / "data").mkdir()
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path)


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of real data; tests that use it are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"real data are not in {SHARED}")
    monkeypatch.setenv("QUARTERBOOK_DATA", str(SHARED))
    monkeypatch.chdir(Path(__file__).parents[2])
    return SHARED


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server of our own, on a free port."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        pytest.skip("PostgreSQL is not installed under /usr/lib/postgresql")
    base = Path(tempfile.mkdtemp(prefix="quarterbook-postgres-"))
    before = _leave_root(base)
    port = _find_free_port()
    control = [*before, programs[-1] / "pg_ctl", "-D", base / "cluster"]
    _run([*control, "initdb", "-o", "-A trust -U bank --no-sync"])
    options = f"-p {port} -k {base} -c listen_addresses=127.0.0.1 -c fsync=off"
    _run([*control, "-w", "-l", base / "log", "-o", options, "start"])
    yield f"postgres://bank:secret@127.0.0.1:{port}/postgres"
    _run([*control, "-m", "immediate", "stop"])
    shutil.rmtree(base)


@pytest.fixture
def load(postgres: str) -> Callable[[str], None]:
    """Run statements on the server."""

    def run(statements: str) -> None:
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(statements)

    return run


def _leave_root(base: Path) -> list[str]:
    """Give PostgreSQL, which refuses to run as root, another user."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("PostgreSQL can't run as root, and setpriv is not installed")
    shutil.chown(base, "nobody")
    return [setpriv, "--reuid=nobody", "--clear-groups"]


def _find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(command: list[Any]) -> None:
    subprocess.run(
        [str(part) for part in command],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
    )
