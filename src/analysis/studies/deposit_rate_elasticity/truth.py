"""Score the study where the truth is known: responses of balances, and pass-through.

A scenario is a world with its troubles; one draw of it is scored by the report's own
estimators and by what is common instead.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.studies.deposit_rate_elasticity.pass_through.truth import (
    SCENARIOS as RATES,
)
from analysis.studies.deposit_rate_elasticity.pass_through.truth import (
    score_pass_through,
)
from analysis.studies.deposit_rate_elasticity.response.truth import (
    HEADLINE,
    score_market,
)
from analysis.studies.deposit_rate_elasticity.response.truth import (
    SCENARIOS as MARKETS,
)

__all__ = ["DRAWS", "HEADLINE", "SCENARIOS", "score_draw"]

SCENARIOS = tuple(MARKETS) + tuple(RATES)
"""Worlds by name. A draw's numbers depend on the place of its world: new ones are
added at the end."""
_FEW = {name: 40 for name in MARKETS if name.startswith("clean, ")}
_MANY = dict.fromkeys(("bank", "clean", *RATES), 300)
DRAWS = dict.fromkeys(SCENARIOS, 100) | _FEW | _MANY | {"experiment": 40}
"""Draws of each world."""


def score_draw(scenario: str, rng: np.random.Generator) -> pd.DataFrame:
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
        One row per estimator and part of a target: `estimator`, `target`, `part`,
        `truth`, `estimate`, `lower`, `upper`; missing where a number is refused.
    """
    if scenario in RATES:
        return score_pass_through(scenario, rng)
    return score_market(scenario, rng)
