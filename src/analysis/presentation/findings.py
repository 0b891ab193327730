"""A finding: a computed sentence with its estimate, interval, observations and source.

The words follow from the interval and the smallest change that matters, never from
the sign alone. A quantity that the data cannot identify is a finding too: it carries
the reason and no number.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from analysis.units import Unit

Verdict = Literal[
    "rose", "fell", "no clear change", "measured", "exact", "not identified"
]
"""What a finding may claim.

"measured" is an estimate with an interval, "exact" a total of the books, which has
none; "not identified" carries no number.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One answer, in words and in numbers.

    Parameters
    ----------
    key : str
        Name that stays the same from quarter to quarter, unique in a study:
        "top_20_profit_share".
    requirement : str
        Id of the question answered, for example "B1".
    headline : str
        The finding as a short sentence; it is the heading over its evidence.
    sentence : str
        The finding with estimate, unit, interval, observations and period.
    action : str
        What to do about it, in one sentence.
    verdict : Verdict
        What the interval allows to say.
    unit : Unit
        Unit of estimate, interval and previous estimate.
    currency : str
        ISO code of the currency when the unit is money; empty otherwise.
    nobs : int
        Observations behind the number.
    period : str
        Quarter, or first and last quarter, that the number describes.
    source : str
        Tables that the number comes from.
    measure : str
        What the estimate is, as a noun that can stand over the bare number: "Share of
        customers who lose money". About 45 characters at most; empty when refused.
    estimate, lower, upper : float or None
        Estimate and the ends of its interval, in `unit`; all None when refused,
        and no ends when exact.
    confidence_level : float
        Share of such intervals that hold the truth.
    previous : float or None
        The same estimate a quarter before, computed by the same code.
    change : {"rose", "fell", "no clear change"} or None
        What became of it since; None when it cannot be said.
    reason : str
        Why the number is refused; empty otherwise.
    importance : float
        From 0 to 1: how much it matters to the bank, for the order of the summary.
    """

    key: str
    requirement: str
    headline: str
    sentence: str
    action: str
    verdict: Verdict
    unit: Unit
    nobs: int
    period: str
    source: str
    currency: str = ""
    measure: str = ""
    estimate: float | None = None
    lower: float | None = None
    upper: float | None = None
    confidence_level: float = 0.95
    previous: float | None = None
    change: Literal["rose", "fell", "no clear change"] | None = None
    reason: str = ""
    importance: float = 0.5

    def __post_init__(self) -> None:
        problem = _find_contradiction(self)
        if problem:
            message = f"Finding {self.key!r} {problem}"
            raise ValueError(message)


def judge_change(
    lower: float, upper: float, *, smallest_change: float = 0.0
) -> Literal["rose", "fell", "no clear change"]:
    """Say what an interval of a change allows to say.

    Parameters
    ----------
    lower, upper : float
        Interval of the change.
    smallest_change : float
        Smallest change that matters, not negative, in the unit of the change.

    Returns
    -------
    {"rose", "fell", "no clear change"}
        "rose" when the whole interval lies above zero and reaches beyond the
        smallest change; "fell" the other way round.

    Raises
    ------
    ValueError
        If the interval is upside down or not finite.

    Examples
    --------
    >>> judge_change(0.2, 1.4, smallest_change=0.5)
    'rose'
    >>> judge_change(0.1, 0.3, smallest_change=0.5)
    'no clear change'
    """
    if not (math.isfinite(lower) and math.isfinite(upper) and lower <= upper):
        message = f"An interval must have lower <= upper, not [{lower}, {upper}]."
        raise ValueError(message)
    if lower > 0 and upper >= smallest_change:
        return "rose"
    if upper < 0 and -lower >= smallest_change:
        return "fell"
    return "no clear change"


def _find_contradiction(finding: Finding) -> str:
    if (finding.unit is Unit.MONEY) != bool(finding.currency):
        return "must name a currency exactly when its unit is money."
    numbers = (finding.estimate, finding.lower, finding.upper)
    if finding.verdict == "not identified":
        if any(number is not None for number in numbers):
            return "is not identified and must carry no number."
        return "" if finding.reason else "is not identified and must say why."
    if finding.estimate is None or not math.isfinite(finding.estimate):
        return f"must have a finite estimate, not {finding.estimate!r}."
    if not finding.measure.strip():
        return "has an estimate and must say in `measure` what it is."
    return _find_interval_contradiction(finding)


def _find_interval_contradiction(finding: Finding) -> str:
    if finding.verdict == "exact":
        return "" if finding.lower is finding.upper is None else "needs no interval."
    if finding.lower is None or finding.upper is None:
        return "must have an interval."
    if not finding.lower <= finding.estimate <= finding.upper:  # type: ignore[operator]
        interval = f"[{finding.lower}, {finding.upper}]"
        return f"must lie in its interval: {finding.estimate} is not in {interval}."
    return ""
