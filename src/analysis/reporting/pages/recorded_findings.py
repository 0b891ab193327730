"""Findings as a run recorded them, made whole again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from analysis.presentation.findings import Finding
from analysis.units import Unit

_FIELDS = frozenset(field.name for field in fields(Finding))


def restore_finding(content: Mapping[str, Any], **changes: object) -> Finding:
    """Make a finding of the data that `show` kept of it.

    Parameters
    ----------
    content : mapping
        One entry of "findings" in run.json, or the content of a shown finding.
    **changes : object
        Fields that are to be different.

    Returns
    -------
    Finding
        The same finding; what a later version of `Finding` kept besides is left out.
    """
    known = {name: value for name, value in content.items() if name in _FIELDS}
    # Earlier runs kept no measure; their headlines say what was counted.
    known.setdefault("measure", known["headline"])
    return Finding(**{**known, "unit": Unit(content["unit"]), **changes})
