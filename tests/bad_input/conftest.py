"""A small good project, and the ways in which a case breaks it.

A case is data: see cases/*.yml. `edits` are done one after the other on a copy of
good/ with the real notebooks and a published quarter; each names a file and one verb.
"""

from __future__ import annotations

import ctypes
import gzip
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from jupyter_client.manager import KernelManager

HERE = Path(__file__).parent
NOTEBOOKS = HERE.parents[1] / "notebooks"
QUARTER = "2026Q1"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Give a good project in which 2026Q1 is published."""
    root = tmp_path / "project"
    shutil.copytree(HERE / "good", root)
    shutil.copytree(NOTEBOOKS, root / "notebooks")
    published = root / "outputs" / QUARTER
    published.mkdir(parents=True)
    (published / "index.html").write_text("what managers read")
    (published / "run.json").write_text('{"source": {"name": "bank"}}')
    restricted = root / "restricted"
    restricted.mkdir(mode=0o700)
    (restricted / "register.json").write_text('{"form": 1, "releases": []}')
    (restricted / "key").write_bytes(bytes(range(32)))
    (restricted / "key").chmod(0o600)
    return root


@contextmanager
def nothing_may_start() -> Iterator[None]:
    """Fail the test at once if a kernel or any other process is started."""

    def refuse(*arguments: Any, **options: Any) -> None:
        pytest.fail(f"bad input must start nothing, and {arguments} was started")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(KernelManager, "start_kernel", refuse)
        patch.setattr(subprocess.Popen, "__init__", refuse)
        for name in ("fork", "forkpty", "posix_spawn", "posix_spawnp"):
            patch.setattr(os, name, refuse)
        yield


@pytest.fixture
def guarded() -> Callable[[dict[str, Any]], Any]:
    """Give the context in which a case's plan is made."""

    @contextmanager
    def guard(case: dict[str, Any]) -> Iterator[None]:
        with nothing_may_start(), as_the_system_sees_it(case):
            yield

    return guard


@pytest.fixture
def break_project(
    project: Path, request: pytest.FixtureRequest
) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Break the project as a case says; give what its sentences may name."""

    def run(case: dict[str, Any]) -> dict[str, Any]:
        source = case.get("source", "bank")
        if source != "bank":
            for file in (f"params/{QUARTER}.yml", f"outputs/{QUARTER}/run.json"):
                _replace(project / file, {"replace": "bank", "with": source})
        facts = {"root": project}
        if "needs" in case:
            facts |= request.getfixturevalue(case["needs"])
        if "sql" in case:
            request.getfixturevalue("load")(case["sql"])
        for edit in case.get("edits", ()):
            filled = _fill(edit, facts)
            (verb,) = set(filled) & set(_VERBS)
            path = project / filled["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            _VERBS[verb](path, filled)
        return facts

    return run


@pytest.fixture
def deaf_server() -> Iterator[dict[str, Any]]:
    """Give the port of a server that hangs up on everyone."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            while True:
                try:
                    server.accept()[0].close()
                except OSError:
                    return

        threading.Thread(target=hang_up, daemon=True).start()
        yield {"port": server.getsockname()[1]}
        server.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def database(postgres: str, load: Callable[[str], None]) -> dict[str, Any]:
    """Give the address of a PostgreSQL server with a sound bank in `core`."""
    load((HERE / "good" / "bank.sql").read_text("utf-8"))
    return {"address": postgres}


@pytest.fixture
def held_file(project: Path) -> Iterator[dict[str, Any]]:
    """Hold a DuckDB file from another process, as a colleague's notebook does."""
    path = project / "data" / "bank.duckdb"
    code = f"import duckdb; c = duckdb.connect({str(path)!r}); print(1); input()"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", code], **pipes) as holder:
        holder.stdout.readline()
        yield {}
        holder.communicate(b"\n")


def as_the_system_sees_it(case: dict[str, Any]) -> Any:
    """Give a context in which modes count even for root, where a case needs it."""
    has_modes = any("mode" in edit for edit in case.get("edits", ()))
    if not has_modes or os.geteuid() != 0:
        return nullcontext()
    if sys.platform != "linux":
        pytest.skip("root reads everything here")
    return _without_privilege()


@contextmanager
def _without_privilege() -> Iterator[None]:
    """Lay down the right of root to read and write what its mode forbids."""
    libc = ctypes.CDLL(None, use_errno=True)
    head = struct.pack("Ii", 0x20080522, 0)
    kept = ctypes.create_string_buffer(24)
    if libc.capget(head, kept):
        pytest.skip("this machine does not tell its capabilities")
    words = list(struct.unpack("6I", kept.raw))
    words[0] &= ~0b110  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, effective
    assert libc.capset(head, struct.pack("6I", *words)) == 0
    try:
        yield
    finally:
        assert libc.capset(head, kept.raw) == 0


def _fill(edit: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
    """Put the port and the like where an edit names them in angle brackets."""
    text = json.dumps(edit, default=str)
    for name, value in facts.items():
        text = text.replace(f"<{name}>", str(value))
    filled: dict[str, Any] = json.loads(text)
    return filled


def _replace(path: Path, edit: dict[str, Any]) -> None:
    text = path.read_text("utf-8")
    assert edit["replace"] in text, f"{path} must hold {edit['replace']!r}"
    count = -1 if edit.get("everywhere") else 1
    path.write_text(text.replace(edit["replace"], edit["with"], count), "utf-8")


def _append(path: Path, edit: dict[str, Any]) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(edit["append"] * edit.get("times", 1))


def _add_bytes(path: Path, edit: dict[str, Any]) -> None:
    content = path.read_bytes() if path.exists() else b""
    added = bytes.fromhex(edit["bytes"])
    path.write_bytes(added + content if edit.get("before") else content + added)


def _remove(path: Path, edit: dict[str, Any]) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _make_folder(path: Path, edit: dict[str, Any]) -> None:
    _remove(path, edit)
    path.mkdir()


def _cut(path: Path, edit: dict[str, Any]) -> None:
    """Keep the first part of a file, as after a broken copy."""
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * edit["cut"])])


def _blot(path: Path, edit: dict[str, Any]) -> None:
    """Overwrite part of a file, as a bad disk does."""
    content = bytearray(path.read_bytes())
    start, end = (int(len(content) * part) for part in edit["blot"])
    content[start:end] = b"\xff" * (end - start)
    path.write_bytes(content)


def _make_parquet(path: Path, edit: dict[str, Any]) -> None:
    """Write a text file as Parquet, many times over if asked for."""
    frame = pd.read_csv(path, dtype=edit.get("types"))
    frame = pd.concat([frame] * edit.get("times", 1), ignore_index=True)
    frame = frame.rename(columns=edit.get("names", {}))
    frame.to_parquet(path.parent / edit["parquet"])


def _edit_notebook(path: Path, edit: dict[str, Any]) -> None:
    """Set or take out what keys lead to; "parameters" is the place of that cell."""
    notebook = json.loads(path.read_text("utf-8"))
    *keys, last = [_find_cell(notebook, key) for key in edit["at"]]
    inner = notebook
    for key in keys:
        inner = inner[key]
    if "set" in edit:
        inner[last] = edit["set"]
    elif "insert" in edit:
        inner.insert(last, edit["insert"])
    else:
        del inner[last]
    path.write_text(json.dumps(notebook, indent=1), "utf-8")


def _find_cell(notebook: dict[str, Any], key: Any) -> Any:
    if key != "parameters":
        return key
    tags = [cell["metadata"].get("tags", []) for cell in notebook["cells"]]
    return tags.index(["parameters"])


def _make_duckdb(path: Path, edit: dict[str, Any]) -> None:
    with duckdb.connect(str(path)) as connection:
        for statement in edit["duckdb"]:
            connection.execute(statement)


def _age_duckdb(path: Path, edit: dict[str, Any]) -> None:
    """Give a DuckDB file another version, with the checksum that belongs to it."""
    content = bytearray(path.read_bytes())
    content[12:20] = struct.pack("<Q", edit["version"])
    mask, factor, total = 2**64 - 1, 0xBF58476D1CE4E5B9, 5381
    for (word,) in struct.iter_unpack("<Q", content[8:4096]):
        total ^= word * factor & mask
    content[:8] = struct.pack("<Q", total)
    path.write_bytes(content)


_VERBS: dict[str, Callable[[Path, dict[str, Any]], Any]] = {
    "replace": _replace,
    "write": lambda path, edit: path.write_text(edit["write"], "utf-8"),
    "append": _append,
    "bytes": _add_bytes,
    "encode": lambda path, edit: path.write_bytes(
        path.read_text("utf-8").encode(edit["encode"])
    ),
    "delete": _remove,
    "folder": _make_folder,
    "cut": _cut,
    "blot": _blot,
    "pack": lambda path, edit: Path(f"{path}.gz").write_bytes(
        gzip.compress(path.read_bytes(), mtime=0)
    ),
    "parquet": _make_parquet,
    "at": _edit_notebook,
    "duckdb": _make_duckdb,
    "version": _age_duckdb,
    "mode": lambda path, edit: path.chmod(int(edit["mode"], 8)),
    "link": lambda path, edit: path.symlink_to(edit["link"]),
}
"""Every way to break a file, by the key that an edit has for it."""
