"""A project in a temporary folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
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
