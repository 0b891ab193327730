"""Score complaints and waiting where the truth is known.

Drawn are complaints that are still open when they are counted, customers whose tier
and tenure move both complaining and leaving, and ratings that answer to minutes by a
straight or a bent line. Shares are percent, differences percentage points, gains points
of the scale.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from scipy.special import expit
from scipy.stats import gamma

from analysis.statistics.threshold_response import (
    Doses,
    estimate_threshold_response,
)
from analysis.studies.satisfaction_drivers.parameters import Parameters
from analysis.studies.satisfaction_drivers.service.closure import follow_complaints
from analysis.studies.satisfaction_drivers.service.leavers import compare_leavers

HEADLINE: Final = "report"
CLOSED_ONLY: Final = "closed complaints only"
OPEN_LATE: Final = "open ones counted as late"
RAW: Final = "raw difference"
STRAIGHT: Final = "straight line"
IN_TIME, LEAVING, GAIN = "closed in time", "more leavers", "five minutes less"
OPEN, TIERS = "open complaints", "unlike complainers"
LINE, BEND = "waiting, straight", "waiting, bent"
SCENARIOS: Final = (OPEN, TIERS, LINE, BEND)
"""Worlds by name."""

COMPLAINTS, SHAPE, SCALE = 200, 2.0, 6.0
LIMIT, QUARTER_DAYS = 15, 91
CUSTOMERS: Final = 20_000
BASE, BY_COMPLAINT, BY_TIER, BY_TENURE = -3.6, 0.6, -0.8, -0.3
"""Log-odds of leaving in a quarter, and what moves them."""
ANSWERS, KNOT = 1200, 15.0
BELOW, ABOVE = -0.02, -0.12
"""Rating points a minute before and after the bend."""
STEP: Final = 5.0
_DRAWS: Final = 299
_NONE: Final = (float("nan"), float("nan"))
Row = tuple[str, str, str, float, float, float, float]


def score_service(scenario: str, rng: np.random.Generator) -> pd.DataFrame:
    """Draw a world and let every estimator say what it finds.

    Parameters
    ----------
    scenario : str
        One of `SCENARIOS`.
    rng : numpy.random.Generator
        Random numbers.

    Returns
    -------
    pandas.DataFrame
        One row per estimator and target: `estimator`, `target`, `part`, `truth`,
        `estimate`, `lower`, `upper`; no ends for what is common instead.
    """
    score = {OPEN: _score_open, TIERS: _score_leavers}.get(scenario)
    rows = score(rng) if score else _score_waiting(scenario, rng)
    columns = ["estimator", "target", "part", "truth", "estimate", "lower", "upper"]
    return pd.DataFrame(rows, columns=columns)


def _score_open(rng: np.random.Generator) -> list[Row]:
    days = np.floor(rng.gamma(SHAPE, SCALE, COMPLAINTS))
    seen = rng.integers(0, QUARTER_DAYS, COMPLAINTS)
    rows = pd.DataFrame({"days": np.minimum(days, seen), "ended": days <= seen})
    rows = rows.assign(complaints=1)
    still, lower, upper = follow_complaints(rows, 0.95).read(LIMIT)
    truth = 100 * float(gamma.cdf(LIMIT + 1, SHAPE, scale=SCALE))
    soon = days <= LIMIT
    flattering = 100 * float(soon[days <= seen].mean())
    harsh = 100 * float((soon & (days <= seen)).mean())
    ends = (100 * (1 - still), 100 * (1 - upper), 100 * (1 - lower))
    return [
        (HEADLINE, IN_TIME, "all", truth, *ends),
        (CLOSED_ONLY, IN_TIME, "all", truth, flattering, *_NONE),
        (OPEN_LATE, IN_TIME, "all", truth, harsh, *_NONE),
    ]


def draw_leavers(rng: np.random.Generator) -> tuple[pd.DataFrame, float]:
    """Draw customers who complain and leave, by tier and tenure.

    Parameters
    ----------
    rng : numpy.random.Generator
        Random numbers.

    Returns
    -------
    pandas.DataFrame, float
        Cells, and the true difference of those who complained, percentage points.
    """
    tier, tenure = (rng.integers(0, levels, CUSTOMERS) for levels in (3, 4))
    complained = rng.random(CUSTOMERS) < expit(-3.4 + 0.8 * tier - 0.3 * tenure)
    lean = BASE + BY_TIER * tier + BY_TENURE * tenure
    chance = expit(lean + BY_COMPLAINT * complained)
    gap = expit(lean + BY_COMPLAINT) - expit(lean)
    people = pd.DataFrame(
        {
            "quarter": "2026Q1",
            "tier": tier,
            "tenure": tenure,
            "assets": 1,
            "digital": 0,
            "complained": complained.astype(int),
            "late": 0,
            "left": (rng.random(CUSTOMERS) < chance).astype(int),
        }
    )
    names = [name for name in people if name != "left"]
    cells = people.groupby(names, as_index=False).agg(
        units=("left", "size"), left=("left", "sum")
    )
    return cells, 100 * float(gap[complained].mean())


def _score_leavers(rng: np.random.Generator) -> list[Row]:
    cells, truth = draw_leavers(rng)
    parameters = Parameters(quarter="2026Q1", seed=int(rng.integers(1 << 31)))
    found = compare_leavers(cells, parameters, "drawn")
    return [
        (HEADLINE, LEAVING, "all", truth, found.difference, found.lower, found.upper),
        (RAW, LEAVING, "all", truth, found.naive, *_NONE),
    ]


def _score_waiting(scenario: str, rng: np.random.Generator) -> list[Row]:
    dose = rng.gamma(2.0, 6.0, ANSWERS)
    tier = rng.integers(0, 3, ANSWERS)
    turn = ABOVE - BELOW if scenario == BEND else 0.0
    rating = 8 + BELOW * dose + turn * np.maximum(dose - KNOT, 0.0) + 0.3 * tier
    rating += 1.5 * rng.standard_normal(ANSWERS)
    controls = np.column_stack([tier == 1, tier == 2]).astype(np.float64)
    doses = Doses(rating, dose, np.ones(ANSWERS), controls, np.arange(ANSWERS))
    found = estimate_threshold_response(doses, step=STEP, rng=rng, draws=_DRAWS)
    less = np.maximum(dose - STEP, 0.0)
    over = np.maximum(less - KNOT, 0.0) - np.maximum(dose - KNOT, 0.0)
    truth = float((BELOW * (less - dose) + turn * over).mean())
    fall = float((less - dose).mean())
    ends = (found.gain, found.gain_lower, found.gain_upper)
    line = (fall * found.slope, fall * found.slope_upper, fall * found.slope_lower)
    return [
        (HEADLINE, GAIN, "all", truth, *ends),
        (STRAIGHT, GAIN, "all", truth, *line),
    ]
