"""What became of each finding from one run to another, with both numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from analysis.presentation.findings import Finding
from analysis.reporting.comparison.movement import (
    Kind,
    Movement,
    Relation,
    Rule,
    estimate_difference,
    judge_movement,
)
from analysis.reporting.comparison.records import RunRecord
from analysis.reporting.parameters import SUMMARY
from analysis.units import Unit

Fate = Kind | Literal["only before", "only after"]
"""What became of a finding: see `Kind`; or only one of the runs has its key."""

_UNMOVED = frozenset(("steady", "open"))


@dataclass(frozen=True, slots=True)
class Figure:
    """What a run says of a finding.

    Parameters
    ----------
    headline, verdict : str
        See `Finding`; the headline is in the run's language.
    estimate, lower, upper : float or None
        In the unit of the finding; None where it is refused or a full count.
    unit : Unit
        Unit of the three.
    currency : str
        ISO code for money, else empty.
    """

    headline: str
    verdict: str
    estimate: float | None
    lower: float | None
    upper: float | None
    unit: Unit
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingChange:
    """A finding of one run or both.

    Parameters
    ----------
    study, key : str
        Name of the study and key of the finding.
    measure : str
        What is measured; the headline where it is refused.
    importance : float
        From 0 to 1.
    fate : Fate
        What became of it.
    rule : Rule or None
        How two numbers were judged.
    reason : str
        Why they can't be compared; empty otherwise.
    before, after : Figure or None
        What the runs say; None where a run does not have it.
    change, change_lower, change_upper : float or None
        After less before, percent in percentage points; its interval only where the
        rule uses one.
    """

    study: str
    key: str
    measure: str
    importance: float
    fate: Fate
    rule: Rule | None = None
    reason: str = ""
    before: Figure | None = None
    after: Figure | None = None
    change: float | None = None
    change_lower: float | None = None
    change_upper: float | None = None

    @property
    def is_moved(self) -> bool:
        """Whether a reader must look at it."""
        return self.fate not in _UNMOVED


def compare_findings(
    before: RunRecord, after: RunRecord, relation: Relation
) -> Iterator[FindingChange]:
    """Lay the findings of two runs beside each other.

    Parameters
    ----------
    before, after : RunRecord
        The records of the runs.
    relation : Relation
        What the later run is to the earlier.

    Yields
    ------
    FindingChange
        Every finding of either, by study, the most important first.
    """
    old, new = _list_findings(before), _list_findings(after)
    studies = list(dict.fromkeys(study for study, _ in (*new, *old)))
    keys = sorted(
        new | old,
        key=lambda key: (
            studies.index(key[0]),
            -(new.get(key) or old[key]).importance,
            key,
        ),
    )
    judge = partial(
        judge_movement,
        relation=relation,
        same_language=before.language == after.language,
    )
    for key in keys:
        yield _compare(key, old.get(key), new.get(key), judge)


def _list_findings(record: RunRecord) -> dict[tuple[str, str], Finding]:
    """Give findings by study and key; the summary repeats them and is left out."""
    return {
        (study.name, finding.key): finding
        for study in record.studies
        for finding in study.findings
        if study.name != SUMMARY
    }


def _compare(
    key: tuple[str, str],
    before: Finding | None,
    after: Finding | None,
    judge: Callable[[Finding, Finding], Movement],
) -> FindingChange:
    told = [finding for finding in (after, before) if finding is not None]
    measures = (f.measure for f in told if f.verdict != "not identified" and f.measure)
    change = FindingChange(
        study=key[0],
        key=key[1],
        measure=next(measures, told[0].headline),
        importance=told[0].importance,
        fate="only before" if after is None else "only after",
        before=_show(before),
        after=_show(after),
    )
    if before is None or after is None:
        return change
    movement = judge(before, after)
    difference, lower, upper = _measure_change(before, after, movement.rule)
    return replace(
        change,
        fate=movement.kind,
        rule=movement.rule,
        reason=movement.reason,
        change=difference,
        change_lower=lower,
        change_upper=upper,
    )


def _show(finding: Finding | None) -> Figure | None:
    if finding is None:
        return None
    return Figure(
        headline=finding.headline,
        verdict=finding.verdict,
        estimate=finding.estimate,
        lower=finding.lower,
        upper=finding.upper,
        unit=finding.unit,
        currency=finding.currency,
    )


def _measure_change(
    before: Finding, after: Finding, rule: Rule | None
) -> tuple[float | None, float | None, float | None]:
    """Give the change, and its interval where the rule has used it."""
    if rule is None:
        return None, None, None
    change, lower, upper = estimate_difference(before, after)
    if rule != "interval of the difference":
        return change, None, None
    return change, lower, upper
