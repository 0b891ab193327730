"""Score the report's long run on drawn rates whose long run is known.

Shares are percent of a policy move. What is scored is the report's own estimator, with
its refusals; beside it stands the plain interval of the same fit.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy import stats

from analysis.quarter import Quarter
from analysis.statistics.error_correction import estimate_error_correction
from analysis.statistics.lag_orders import select_orders
from analysis.studies.deposit_rate_elasticity.parameters import (
    CONFIDENCE_LEVEL,
    MAX_LAG_PERIODS,
    Parameters,
)
from analysis.studies.deposit_rate_elasticity.pass_through.estimates import (
    LinePassThrough,
    fit_line,
)
from analysis.synthetic.rate_paths import RateSwitches, draw_rate_path

HEADLINE = "report"
PLAIN = "delta method"
TARGET, PART = "long run", "all"
SCENARIOS = {
    "smooth rates": RateSwitches(),
    "slow and one-sided rates": RateSwitches(speed_up=0.08, speed_down=0.30),
    "stepped rates": RateSwitches(speed_up=0.08, speed_down=0.30, step_pct=0.25),
    "five years of rates": RateSwitches(months=60, speed_up=0.08, speed_down=0.30),
}
"""Worlds by name: 180 months but for the last, long run 45 %."""
_QUARTER = Quarter.parse("2026Q3")


def score_pass_through(scenario: str, rng: np.random.Generator) -> pd.DataFrame:
    """Draw a pair of rates and let the report say what its long run is.

    Parameters
    ----------
    scenario : str
        One of `SCENARIOS`.
    rng : numpy.random.Generator
        Random numbers.

    Returns
    -------
    pandas.DataFrame
        One row per estimator: `estimator`, `target`, `part`, `truth`, `estimate`,
        `lower`, `upper`, percent of a policy move; missing where it is refused.
    """
    path = draw_rate_path(rng, switches=SCENARIOS[scenario])
    parameters = Parameters(quarter=str(_QUARTER))
    line = fit_line(TARGET, path.rates, parameters, 1)
    rows = [
        {"estimator": PLAIN, **_fit_plain(path.rates, line)},
        {
            "estimator": HEADLINE,
            **{name: getattr(line, name) for name in ("estimate", "lower", "upper")},
        },
    ]
    found = pd.DataFrame(rows).assign(
        target=TARGET, part=PART, truth=path.switches.long_run
    )
    numbers = ["truth", "estimate", "lower", "upper"]
    found[numbers] = 100 * found[numbers]
    return found[["estimator", "target", "part", *numbers]]


def _fit_plain(rates: pd.DataFrame, line: LinePassThrough) -> dict[str, float]:
    """Give the symmetric interval where the report gives one."""
    if line.reason:
        return dict.fromkeys(("estimate", "lower", "upper"), math.nan)
    series = rates[["own_pct", "policy_pct"]]
    orders = select_orders(
        series, outcome="own_pct", drivers=["policy_pct"], max_lag=MAX_LAG_PERIODS
    )
    model = estimate_error_correction(series, outcome="own_pct", orders=orders)
    value = float(model.long_run["estimate"].item())
    quantile = float(stats.norm.ppf(0.5 + CONFIDENCE_LEVEL / 2))
    reach = quantile * float(model.long_run["std_error"].item())
    return {"estimate": value, "lower": value - reach, "upper": value + reach}
