"""What findings on drivers share: the caution, earlier waves, and the refusal."""

from __future__ import annotations

from typing import Literal

import pandas as pd
from scipy.stats import norm

from analysis.presentation.findings import Finding, judge_change
from analysis.quarter import write_quarter
from analysis.studies.satisfaction_drivers.drivers.importance import Importance
from analysis.units import Unit, write_number
from analysis.wording import mark, say

TRIAL = mark(
    "Try it with some customers first and compare: drivers show what goes along with "
    "satisfaction, not what causes it."
)


def find_row(
    importance: Importance | None, attribute: object
) -> pd.Series[float] | None:
    """Find an attribute in the wave before.

    Parameters
    ----------
    importance : Importance or None
        Drivers of that wave, if there was one.
    attribute : str
        Name of the attribute.

    Returns
    -------
    pandas.Series or None
        Its row; None when it was not asked.
    """
    if importance is None:
        return None
    rows = importance.table[importance.table["attribute"] == attribute]
    return rows.iloc[0] if len(rows) else None


def judge_quantity(
    now: pd.Series[float], before: pd.Series[float] | None, name: str, *, looked: int
) -> Literal["rose", "fell", "no clear change"] | None:
    """Judge a change between two waves whose replicates are independent.

    Parameters
    ----------
    now, before : pandas.Series
        Rows of the same attribute; `before` may be None.
    name : str
        Quantity, with `_lower` and `_upper` beside it.
    looked : int
        Attributes among which this one was picked: intervals are widened for it.

    Returns
    -------
    {"rose", "fell", "no clear change"} or None
        None when there is nothing to compare with.

    References
    ----------
    .. [1] Zou and Donner (2008), Construction of confidence limits about effect
       measures, Statistics in Medicine 27: intervals of differences from the ends of
       two intervals.
    """
    if before is None:
        return None
    tails = norm.ppf([0.975, 1 - 0.025 / looked])
    wider = tails[1] / tails[0]
    change = now[name] - before[name]
    below = (
        (now[name] - now[f"{name}_lower"]) ** 2
        + (before[f"{name}_upper"] - before[name]) ** 2
    ) ** 0.5
    above = (
        (now[f"{name}_upper"] - now[name]) ** 2
        + (before[name] - before[f"{name}_lower"]) ** 2
    ) ** 0.5
    return judge_change(change - wider * below, change + wider * above)


def refuse_leader(
    now: Importance, *, key: str = "top_driver", requirement: str = "C2"
) -> Finding:
    """Say that no attribute stands out from its floor.

    Parameters
    ----------
    now : Importance
        Drivers of the wave reported.
    key, requirement : str
        Of the finding.

    Returns
    -------
    Finding
        Without a number.
    """
    reason = say(
        "No attribute is credited with clearly more than it owes to others that go "
        "along with it."
    )
    return Finding(
        key=key,
        requirement=requirement,
        headline=say("What matters most cannot be told from this wave"),
        sentence=say(
            "{reason} The wave of {quarter} has {nobs} answers.",
            reason=reason,
            quarter=write_quarter(now.quarter),
            nobs=write_number(now.nobs),
        ),
        action=say("Ask more customers in the next wave before acting on this one."),
        verdict="not identified",
        unit=Unit.PERCENT,
        nobs=now.nobs,
        period=now.quarter,
        source=now.source,
        reason=reason,
        importance=0.3,
    )
