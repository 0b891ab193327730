"""Whether satisfied customers who stay bring money: the growth of their assets.

Growth is the log ratio of assets a quarter later, in percent; effects are for one
point of satisfaction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm
from scipy import stats

from analysis.studies.satisfaction_drivers.loyalty.controls import encode_controls
from analysis.studies.satisfaction_drivers.loyalty.linked_answers import LinkedAnswers
from analysis.studies.satisfaction_drivers.parameters import Parameters
from analysis.studies.satisfaction_drivers.refusal import Refused
from analysis.wording import say

FEWEST_STAYERS = 200
"""Customers with assets before and after below which no effect is estimated."""


@dataclass(frozen=True, slots=True)
class Growth:
    """How growth of assets goes along with satisfaction.

    Parameters
    ----------
    effect_pct, lower, upper, std_error : float
        Percent more growth in a quarter for one point more satisfaction.
    nobs, people : int
        Answers of customers who stayed, and customers.
    """

    effect_pct: float
    lower: float
    upper: float
    std_error: float
    nobs: int
    people: int


def measure_growth(
    links: LinkedAnswers | Refused, parameters: Parameters
) -> Growth | Refused:
    """Estimate how assets grow with satisfaction among customers who stay.

    Parameters
    ----------
    links : LinkedAnswers or Refused
        Answers, and assets before and after.
    parameters : Parameters
        Confidence level.

    Returns
    -------
    Growth or Refused
        Weighted least squares on the log ratio, errors by customer; refused where the
        assets of too few are known. Nothing is cut: the few who move all their money
        are what matters.
    """
    if isinstance(links, Refused):
        return links
    before, after = (links.rows[name].to_numpy() for name in ("assets", "assets_next"))
    held = (before > 0) & (after > 0)
    if held.sum() < FEWEST_STAYERS:
        return Refused(
            say("The assets of too few respondents are known a quarter later."),
            say("Map assets_average of customer_periods in the source's file."),
            links.reported,
            links.source,
            int(held.sum()),
        )
    growth = 100 * np.log(after[held] / before[held])
    controls, _ = encode_controls(links)
    regressors = np.column_stack([links.satisfaction, controls])[held]
    fitted = sm.WLS(
        growth, sm.add_constant(regressors), weights=links.weights[held]
    ).fit(
        cov_type="cluster",
        cov_kwds={"groups": links.people[held], "use_correction": True},
    )
    effect, error = float(fitted.params[1]), float(fitted.bse[1])
    reach = float(stats.norm.ppf(0.5 + parameters.confidence_level / 2)) * error
    n_people = len(np.unique(links.people[held]))
    return Growth(
        effect, effect - reach, effect + reach, error, int(held.sum()), n_people
    )
