"""Score the report's estimators on twins of this quarter's own panel.

A twin has the panel's pricing cells, accounts, prices' strength and errors, and a known
response. Numbers are percent of balance per percentage point.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from analysis.quarter import Quarter
from analysis.statistics.truth_scores import score_estimates
from analysis.statistics.wild_twin import draw_twins
from analysis.studies.deposit_rate_elasticity.parameters import (
    CONFIDENCE_LEVEL,
    TWIN_DRAWS,
    Parameters,
)
from analysis.studies.deposit_rate_elasticity.response.balance_panel import (
    SEGMENT,
    SISTERS,
    BalancePanel,
)
from analysis.studies.deposit_rate_elasticity.response.estimates import (
    DRAWN,
    OWN,
    fit_beside_sisters,
)
from analysis.studies.deposit_rate_elasticity.response.lead_tests import EFFECTS
from analysis.studies.deposit_rate_elasticity.response.verdicts import (
    REFUSED,
    Verdicts,
)

OWN_INSTRUMENT = ["rate_pct", "rate_pct"]
"""Where effects explain prices, a rate is its own instrument."""


@dataclass(frozen=True, slots=True)
class TwinScores:
    """How the estimators do where the response is known.

    Parameters
    ----------
    segments : pandas.DataFrame
        One row per product and segment that holds a response: `customers`, `grade`,
        `truth` (planted: the report's own estimate), `bias`, `relative_pct` (bias in
        percent of the truth), `rmse`, `coverage_pct` of the report's estimator and
        interval, and `naive_bias`, `naive_coverage_pct` of account and period effects.
    coverage_pct, coverage_lower, coverage_upper : float
        Share of all intervals that hold the truth, and Wilson's interval of it.
    draws : int
        Twins of each.
    nobs : int
        Units times periods behind all panels.
    quarter : Quarter
        The quarter reported.
    source : str
        Where the panel comes from.
    """

    segments: pd.DataFrame
    coverage_pct: float
    coverage_lower: float
    coverage_upper: float
    draws: int
    nobs: int
    quarter: Quarter
    source: str


def score_twins(
    panel: BalancePanel, verdicts: Verdicts, parameters: Parameters
) -> TwinScores:
    """Redraw the panel of every response that is shown, and estimate it again.

    Parameters
    ----------
    panel : BalancePanel
        Compressed panel.
    verdicts : Verdicts
        Which responses are shown.
    parameters : Parameters
        Seed.

    Returns
    -------
    TwinScores
        Empty where no response is shown.
    """
    rng = np.random.default_rng(parameters.seed)
    held = verdicts.segments[verdicts.segments["grade"] != REFUSED]
    rows = []
    for verdict in held.to_dict("records"):
        rows_of = panel.groups.groupby(SEGMENT)
        own = rows_of.get_group(tuple(verdict[name] for name in SEGMENT))
        drawn = _draw(own, str(verdict["design"]), rng)
        if not drawn.empty:
            named = {name: verdict[name] for name in (*SEGMENT, "customers", "grade")}
            rows.append(named | _score(drawn))
    scores = pd.DataFrame(rows)
    return TwinScores(
        scores,
        *_cover_all(scores),
        draws=TWIN_DRAWS,
        nobs=int(held["nobs"].sum()),
        quarter=panel.quarter,
        source=panel.source,
    )


def _cover_all(scores: pd.DataFrame) -> tuple[float, float, float]:
    """Give the share of all intervals that hold the truth, with its interval."""
    if scores.empty:
        return math.nan, math.nan, math.nan
    drawn = TWIN_DRAWS * len(scores)
    share = float(scores["coverage_pct"].mean() / 100)
    lower, upper = proportion_confint(
        round(share * drawn), drawn, alpha=1 - CONFIDENCE_LEVEL, method="wilson"
    )
    return 100 * share, 100 * float(lower), 100 * float(upper)


def _draw(rows: pd.DataFrame, design: str, rng: np.random.Generator) -> pd.DataFrame:
    """Draw twins by the estimator that the design uses on these rows."""
    pairs, cluster = _choose_pairs(rows, design)
    return 100 * draw_twins(
        rows.dropna(subset=pairs),
        endogenous=pairs[::2],
        instruments=pairs[1::2],
        effects=EFFECTS,
        cluster=cluster,
        draws=TWIN_DRAWS,
        rng=rng,
        confidence_level=CONFIDENCE_LEVEL,
    )


def _choose_pairs(rows: pd.DataFrame, design: str) -> tuple[list[str], str]:
    if design == "experiment":
        return DRAWN, "cell"
    if design == "effects":
        return OWN_INSTRUMENT, "cell"
    is_beside = bool(fit_beside_sisters(rows))
    return ([*OWN, *SISTERS] if is_beside else OWN), "region"


def _score(drawn: pd.DataFrame) -> dict[str, float]:
    own = score_estimates(drawn)
    naive = score_estimates(
        drawn[["draw", "truth"]].assign(
            estimate=drawn["naive"],
            lower=drawn["naive_lower"],
            upper=drawn["naive_upper"],
        )
    )
    return {
        "truth": float(drawn["truth"].iloc[0]),
        "bias": own["bias"],
        "relative_pct": 100 * own["relative_bias"],
        "rmse": own["rmse"],
        "coverage_pct": 100 * own["coverage"],
        "naive_bias": naive["bias"],
        "naive_coverage_pct": 100 * naive["coverage"],
    }
