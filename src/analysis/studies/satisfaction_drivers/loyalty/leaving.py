"""Whether satisfied customers stay: the chance of being gone a quarter later.

Chances are for one quarter, in percent; effects are for one point of satisfaction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from analysis.statistics.clustered_ratio import estimate_clustered_ratio
from analysis.statistics.weighted_logit import WeightedLogit, fit_weighted_logit
from analysis.studies.satisfaction_drivers.loyalty.linked_answers import LinkedAnswers
from analysis.studies.satisfaction_drivers.parameters import Parameters
from analysis.studies.satisfaction_drivers.refusal import Refused
from analysis.units import write_number
from analysis.wording import say

_Floats = NDArray[np.float64]

FEWEST_LEAVERS = 30
"""Customers who left below which no effect is estimated."""
BAND_CUTS = (0.4, 0.6, 0.8)
"""Where the scale of satisfaction is cut into bands, shares of its length."""


@dataclass(frozen=True, slots=True, eq=False)
class Leaving:
    """How leaving goes along with satisfaction.

    Parameters
    ----------
    fit : WeightedLogit
        Satisfaction in points first, then the controls.
    odds_ratio, lower, upper : float
        Odds of leaving for one standard deviation more satisfaction.
    deviation : float
        That standard deviation, points.
    bands : pandas.DataFrame
        One row per band of satisfaction, lowest first: `band`, `answers`, `leavers`
        (counts), `left_pct` with its ends, `expected_pct` (as the fit has it).
    links : LinkedAnswers
        What it rests on.
    """

    fit: WeightedLogit
    odds_ratio: float
    lower: float
    upper: float
    deviation: float
    bands: pd.DataFrame
    links: LinkedAnswers


def measure_leaving(
    links: LinkedAnswers | Refused, parameters: Parameters
) -> Leaving | Refused:
    """Estimate how the chance of leaving falls with satisfaction.

    Parameters
    ----------
    links : LinkedAnswers or Refused
        Answers, and who was still there a quarter later.
    parameters : Parameters
        Confidence level.

    Returns
    -------
    Leaving or Refused
        Refused where fewer than `FEWEST_LEAVERS` left.
    """
    if isinstance(links, Refused):
        return links
    left = links.rows["left"].to_numpy(dtype=bool)
    if left.sum() < FEWEST_LEAVERS:
        return Refused(
            say(
                "Fewer than {least} respondents left in the quarter after their "
                "answer, too few to tell what satisfaction has to do with it.",
                least=write_number(FEWEST_LEAVERS),
            ),
            say("Ask more customers, or show more waves."),
            links.reported,
            links.source,
            len(left),
        )
    regressors = np.column_stack([links.satisfaction, links.controls])
    fit = fit_weighted_logit(regressors, left, links.weights, links.people)
    deviation = _measure_deviation(links.satisfaction, links.weights)
    reach = float(stats.norm.ppf(0.5 + parameters.confidence_level / 2))
    slope, error = fit.coefficients[1], fit.std_errors[1]
    odds = [slope + side * reach * error for side in (0, -1, 1)]
    ratio, lower, upper = (float(np.exp(deviation * each)) for each in odds)
    bands = _describe_bands(links, fit.predict(regressors), parameters)
    return Leaving(fit, ratio, lower, upper, deviation, bands, links)


def name_bands(lowest: float, highest: float) -> tuple[list[float], list[str]]:
    """Cut the scale of satisfaction into bands.

    Parameters
    ----------
    lowest, highest : float
        Ends of the scale, points.

    Returns
    -------
    list of float, list of str
        Inner cuts, and names such as "1 to 4", lowest first.
    """
    cuts = [lowest + share * (highest - lowest) for share in BAND_CUTS]
    firsts = [lowest, *(float(np.floor(cut)) + 1 for cut in cuts)]
    lasts = [*(first - 1 for first in firsts[1:]), highest]
    names = [
        write_number(first)
        if first == last
        else say(
            "{first} to {last}", first=write_number(first), last=write_number(last)
        )
        for first, last in zip(firsts, lasts, strict=True)
    ]
    return cuts, names


def _measure_deviation(values: _Floats, weights: _Floats) -> float:
    mean = np.average(values, weights=weights)
    return float(np.sqrt(np.average((values - mean) ** 2, weights=weights)))


def _describe_bands(
    links: LinkedAnswers, expected: _Floats, parameters: Parameters
) -> pd.DataFrame:
    """Set seen and expected shares of leavers side by side, band by band."""
    cuts, names = name_bands(links.lowest, links.highest)
    rows = links.rows.assign(
        band=np.digitize(links.satisfaction, cuts, right=True),
        part=links.weights * links.rows["left"],
        expected=links.weights * expected,
    )
    found = []
    for band, group in rows.groupby("band"):
        share = estimate_clustered_ratio(
            group,
            part="part",
            whole="weight",
            cluster="customer_id",
            confidence_level=parameters.confidence_level,
        )
        found.append(
            {
                "band": names[int(band)],
                "answers": len(group),
                "leavers": int(group["left"].sum()),
                "left_pct": 100 * share.estimate,
                "left_lower": 100 * share.lower,
                "left_upper": 100 * share.upper,
                "expected_pct": 100 * group["expected"].sum() / group["weight"].sum(),
            }
        )
    return pd.DataFrame(found)
