"""Whether satisfied customers who stay bring money: the growth of their assets.

Growth is the log ratio of assets a quarter later, in percent; effects are for one
point of satisfaction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm
from numpy.typing import NDArray
from scipy import stats

from analysis.studies.satisfaction_drivers.loyalty.linked_answers import LinkedAnswers
from analysis.studies.satisfaction_drivers.parameters import Parameters
from analysis.studies.satisfaction_drivers.refusal import Refused
from analysis.wording import say

_Floats = NDArray[np.float64]

FEWEST_STAYERS = 200
"""Customers with assets before and after below which no effect is estimated."""
_TAIL = 0.01
"""Share of growth cut to its quantile at either end."""


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
        Weighted least squares on the cut log ratio, errors by customer; refused where
        the assets of too few are known.

    References
    ----------
    .. [1] Wilcox (2017), Introduction to Robust Estimation and Hypothesis Testing,
       4th edition, section 3.2.6, on cutting tails to their quantiles.
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
    cut = np.clip(growth, *np.quantile(growth, [_TAIL, 1 - _TAIL]))
    design = np.column_stack(
        [np.ones(held.sum()), links.satisfaction[held], links.controls[held]]
    )
    people = links.people[held]
    fitted = sm.WLS(cut, design, weights=links.weights[held]).fit(
        cov_type="cluster", cov_kwds={"groups": people, "use_correction": True}
    )
    effect, error = float(fitted.params[1]), float(fitted.bse[1])
    reach = float(stats.norm.ppf(0.5 + parameters.confidence_level / 2)) * error
    n_people = len(np.unique(people))
    return Growth(
        effect, effect - reach, effect + reach, error, int(held.sum()), n_people
    )
