"""What the result of a notebook depends on, by content, and why it must run again.

The key of a result is made of the notebook, its parameters, the rows of every table
that it can read, the modules that it can reach, and its settings: language, rules of
disclosure, versions. Times of files play no part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from analysis.reporting.fingerprints import hash_text

UNKNOWN: Final = "unknown"
"""Stands for the content of a table in a server: it is taken as changed every time."""

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Key:
    """What a result depends on.

    Parameters
    ----------
    notebook : str
        Fingerprint of the notebook as committed.
    parameters : dict
        Values of the parameters cell.
    inputs : dict of str to str
        Fingerprint of each table or report that is read, by its name.
    modules : dict of str to str
        Fingerprint of each module that can be reached, by its path.
    settings : dict of str to str
        Whatever else it depends on: language, edition, rules, versions.
    """

    notebook: str
    parameters: Mapping[str, Any]
    inputs: Mapping[str, str]
    modules: Mapping[str, str]
    settings: Mapping[str, str]

    @property
    def digest(self) -> str:
        """One SHA-256 of it all."""
        return hash_text(asdict(self))

    @property
    def is_known(self) -> bool:
        """Whether the content of all that is read is known."""
        return UNKNOWN not in self.inputs.values()


def explain_run(now: Key, kept: Iterable[Key]) -> str:
    """Say why a notebook must run, compared with the kept result that is nearest.

    Parameters
    ----------
    now : Key
        What the result depends on.
    kept : iterable of Key
        What the results of earlier runs depended on.

    Returns
    -------
    str
        A clause: "new", or what changed.
    """
    if not now.is_known:
        return "data in a server have no fingerprint"
    reasons = [list(_list_changes(now, key)) for key in kept]
    if not reasons:
        return "new"
    nearest: list[str] = min(reasons, key=len)
    return "; ".join(nearest) or "its kept result is damaged"


def _list_changes(now: Key, before: Key) -> Iterator[str]:
    for name in _compare(now.parameters, before.parameters):
        old, new = before.parameters.get(name), now.parameters.get(name)
        yield f"params changed: {name} {old!r} to {new!r}"
    if changed := _compare(now.inputs, before.inputs):
        yield f"data changed: {_shorten(changed)}"
    if changed := _compare(now.modules, before.modules):
        yield f"code changed: {_shorten(changed)}"
    if now.notebook != before.notebook:
        yield "notebook changed"
    for name in _compare(now.settings, before.settings):
        yield f"{name} changed"


def _compare(now: Mapping[str, Any], before: Mapping[str, Any]) -> list[str]:
    names = sorted({*now, *before})
    return [name for name in names if now.get(name) != before.get(name)]


def _shorten(names: list[str]) -> str:
    others = len(names) - _MOST_NAMED
    told = ", ".join(names[:_MOST_NAMED])
    return f"{told} and {others} more" if others > 0 else told
