"""Executed notebooks kept by their key, so that no run does again what is done.

They lie in the confidential folder, because nobody has yet looked through them for
identifiers. An entry appears whole or not at all, and is believed only as long as its
content is what was written.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from analysis.reporting.durable import flush_folder
from analysis.reporting.fingerprints import hash_bytes
from analysis.reporting.running.execution import Record
from analysis.reporting.running.keys import Key

_NOTEBOOK, _LISTS, _ABOUT = "executed.ipynb", "lists", "about.json"
_DRAFT = ".draft-"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Kept results of the notebooks of one quarter and edition.

    Parameters
    ----------
    folder : pathlib.Path
        Where they lie; only its owner can open it.
    """

    folder: Path

    def find(self, study: str, key: Key) -> Record | None:
        """Find the result of a notebook.

        Parameters
        ----------
        study : str
            Name of the study.
        key : Key
            What the result depends on.

        Returns
        -------
        Record or None
            None if there is none, if it is damaged, or if its data cannot be known.
        """
        place = self._place(study, key)
        record, about = _read(place), _read_about(place / _ABOUT)
        if not key.is_known or record is None:
            return None
        return record if about.get("files") == _hash(record) else None

    def keep(self, study: str, key: Key, record: Record) -> None:
        """Keep the result of a notebook.

        Parameters
        ----------
        study : str
            Name of the study.
        key : Key
            What the result depends on.
        record : Record
            What the notebook left.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = Path(mkdtemp(prefix=_DRAFT, dir=self.folder))
        about = {"study": study, "key": asdict(key), "files": _hash(record)}
        (draft / _LISTS).mkdir()
        (draft / _NOTEBOOK).write_bytes(record.notebook)
        for name, content in record.lists.items():
            (draft / _LISTS / name).write_bytes(content)
        (draft / _ABOUT).write_text(json.dumps(about), "utf-8")
        flush_folder(draft)
        place = self._place(study, key)
        shutil.rmtree(place, ignore_errors=True)
        draft.rename(place)

    def list_keys(self, study: str) -> Iterator[Key]:
        """List what the kept results of a study depended on.

        Parameters
        ----------
        study : str
            Name of the study.

        Yields
        ------
        Key
            One per result that can be read.
        """
        for path in sorted(self.folder.glob(f"{study}-*/{_ABOUT}")):
            with suppress(TypeError):  # a damaged one tells nothing
                yield Key(**_read_about(path).get("key", {}))

    def clear(self, kept: Iterable[tuple[str, Key]]) -> None:
        """Remove all results but those of the run that was published.

        Parameters
        ----------
        kept : iterable of str and Key
            Studies of the run, with their keys.
        """
        wanted = {self._place(study, key) for study, key in kept}
        for place in self.folder.glob("*"):
            if place not in wanted:
                shutil.rmtree(place)

    def _place(self, study: str, key: Key) -> Path:
        return self.folder / f"{study}-{key.digest[:16]}"


def _read_about(path: Path) -> dict[str, Any]:
    """Read the description of a kept result; a damaged one says nothing."""
    try:
        about = json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return about if isinstance(about, dict) else {}


def _read(place: Path) -> Record | None:
    try:
        notebook = (place / _NOTEBOOK).read_bytes()
        lists = sorted((place / _LISTS).iterdir())
    except FileNotFoundError:
        return None
    return Record(notebook, {path.name: path.read_bytes() for path in lists})


def _hash(record: Record) -> dict[str, str]:
    named = {_NOTEBOOK: record.notebook, **record.lists}
    return {name: hash_bytes(content) for name, content in named.items()}
