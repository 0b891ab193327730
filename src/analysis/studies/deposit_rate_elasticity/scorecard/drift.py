"""Say how far a response moved since the quarter before, and how sure that is.

Both estimates share all but the last quarter's rows. They are taken from one
regression on both panels laid on top of each other, each with effects of its own, so
that the error of their difference knows what they share.
"""

from __future__ import annotations

import math

import pandas as pd

from analysis.quarter import Quarter
from analysis.statistics.absorbed_panel import MINIMUM_CLUSTERS
from analysis.statistics.instrumental_effects import estimate_instrumented_effects
from analysis.statistics.panel_effects import estimate_panel_effects
from analysis.studies.deposit_rate_elasticity.parameters import (
    CONFIDENCE_LEVEL,
    WEAKEST_INSTRUMENT,
)
from analysis.studies.deposit_rate_elasticity.response.balance_panel import SISTERS
from analysis.studies.deposit_rate_elasticity.response.estimates import (
    DRAWN,
    OWN,
    Design,
)
from analysis.studies.deposit_rate_elasticity.response.lead_tests import EFFECTS

NOW = "_now"
UNKNOWN = dict.fromkeys(("drift", "drift_lower", "drift_upper"), math.nan)


def measure_drift(
    groups: pd.DataFrame, design: Design, quarter: Quarter
) -> dict[str, float]:
    """Compare a response with the same a quarter before.

    Parameters
    ----------
    groups : pandas.DataFrame
        Groups of accounts by period that share the response, see `BalancePanel`.
    design : Design
        How the response is told.
    quarter : Quarter
        The quarter reported.

    Returns
    -------
    dict of str to float
        `drift`, `drift_lower` and `drift_upper`, percent of balance per percentage
        point; missing where the effects explain every price.
    """
    before = groups[groups["period"] <= pd.Timestamp(quarter.previous.last_day)]
    both = pd.concat(
        [before.assign(is_now=0), groups.assign(is_now=1)], ignore_index=True
    )
    apart = {name: 2 * both[name] + both["is_now"] for name in EFFECTS}
    stacked = both.assign(**apart)
    if design.name == "effects":
        return _regress(stacked, design.cluster)
    if design.name == "experiment":
        return _instrument(stacked, DRAWN, design.cluster) or UNKNOWN
    return (
        _instrument(stacked, [*OWN, *SISTERS], design.cluster)
        or _instrument(stacked, OWN, design.cluster)
        or UNKNOWN
    )


def _regress(both: pd.DataFrame, cluster: str) -> dict[str, float]:
    """Fit the rate in both panels, and what is more of it in the later one."""
    if not _has_clusters(both, cluster):
        return UNKNOWN
    own, more = "rate_pct", f"rate_pct{NOW}"
    found = estimate_panel_effects(
        both.assign(**{more: both[own] * both["is_now"]}),
        regressors=[own, more],
        effects=EFFECTS,
        cluster=cluster,
        confidence_level=CONFIDENCE_LEVEL,
    )
    return UNKNOWN if found.empty else _take(found, more)


def _instrument(both: pd.DataFrame, pairs: list[str], cluster: str) -> dict[str, float]:
    """Fit the same by the treasury's credits; nothing where they are too weak."""
    known = both.dropna(subset=pairs)
    if not _has_clusters(known, cluster):
        return {}
    names = [*pairs, *(f"{name}{NOW}" for name in pairs)]
    found = estimate_instrumented_effects(
        known.assign(
            **{f"{name}{NOW}": known[name] * known["is_now"] for name in pairs}
        ),
        endogenous=names[::2],
        instruments=names[1::2],
        effects=EFFECTS,
        cluster=cluster,
        confidence_level=CONFIDENCE_LEVEL,
    ).effects
    if found.empty:
        return {}
    if len(pairs) > len(OWN) and found["effective_f"].min() < WEAKEST_INSTRUMENT:
        return {}
    return _take(found, f"{pairs[0]}{NOW}")


def _has_clusters(both: pd.DataFrame, cluster: str) -> bool:
    """Say whether either panel has enough clusters for a variance."""
    clusters = both.groupby("is_now")[cluster].nunique().reindex([0, 1], fill_value=0)
    return bool(clusters.min() >= MINIMUM_CLUSTERS)


def _take(found: pd.DataFrame, term: str) -> dict[str, float]:
    row = found[found["term"] == term].iloc[0]
    names = {"drift": "estimate", "drift_lower": "lower", "drift_upper": "upper"}
    return {name: 100 * float(row[column]) for name, column in names.items()}
