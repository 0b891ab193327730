"""How an event in the quarter after an answer goes along with satisfaction.

Shares are percent of customers in one quarter; effects are for satisfaction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from analysis.statistics.clustered_ratio import estimate_clustered_ratio
from analysis.statistics.weighted_logit import WeightedLogit, fit_weighted_logit
from analysis.studies.satisfaction_drivers.loyalty.controls import encode_controls
from analysis.studies.satisfaction_drivers.loyalty.linked_answers import LinkedAnswers
from analysis.studies.satisfaction_drivers.parameters import Parameters
from analysis.units import write_number
from analysis.wording import say

_Floats = NDArray[np.float64]

FEWEST_EVENTS = 30
"""Events below which no effect is estimated."""
_BAND_CUTS = (0.4, 0.6, 0.8)
"""Where the scale of satisfaction is cut into bands, shares of its length."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """An event, and how it goes along with satisfaction.

    Parameters
    ----------
    fit : WeightedLogit
        Satisfaction in points first, then the controls.
    odds_ratio, lower, upper : float
        Odds of the event for one standard deviation more satisfaction.
    deviation : float
        That standard deviation, points.
    bands : pandas.DataFrame
        One row per band of satisfaction, lowest first: `band`, `answers`, `events`
        (counts), `share_pct` with `share_lower` and `share_upper`, `expected_pct` (as
        the fit has it).
    links : LinkedAnswers
        What it rests on.
    now_controls : numpy.ndarray, shape (respondents, controls)
        Controls of the wave reported.
    confidence_level : float
        Of all intervals.
    """

    fit: WeightedLogit
    odds_ratio: float
    lower: float
    upper: float
    deviation: float
    bands: pd.DataFrame
    links: LinkedAnswers
    now_controls: _Floats
    confidence_level: float


def relate_outcome(
    links: LinkedAnswers, happened: NDArray[np.bool_], parameters: Parameters
) -> Outcome:
    """Estimate how the odds of an event go along with satisfaction.

    Parameters
    ----------
    links : LinkedAnswers
        Answers.
    happened : numpy.ndarray of bool, shape (rows,)
        Whether the event came in the quarter after.
    parameters : Parameters
        Confidence level.

    Returns
    -------
    Outcome
        Effect, and shares by band.
    """
    controls, now_controls = encode_controls(links, happened)
    regressors = np.column_stack([links.satisfaction, controls])
    fit = fit_weighted_logit(regressors, happened, links.weights, links.people)
    deviation = _measure_deviation(links.satisfaction, links.weights)
    level = parameters.confidence_level
    reach = float(stats.norm.ppf(0.5 + level / 2)) * fit.std_errors[1]
    odds = [fit.coefficients[1] + side * reach for side in (0, -1, 1)]
    ratio, lower, upper = (float(np.exp(deviation * each)) for each in odds)
    rows = links.rows.assign(
        band=_cut(links),
        happened=happened,
        part=links.weights * happened,
        expected=links.weights * fit.predict(regressors),
    )
    bands = _describe_bands(rows, name_bands(links.lowest, links.highest), level)
    return Outcome(
        fit, ratio, lower, upper, deviation, bands, links, now_controls, level
    )


def name_bands(lowest: float, highest: float) -> list[str]:
    """Name the bands into which the scale of satisfaction is cut.

    Parameters
    ----------
    lowest, highest : float
        Ends of the scale, points.

    Returns
    -------
    list of str
        Names such as "1 to 4", lowest first.
    """
    cuts = _find_cuts(lowest, highest)
    firsts = [lowest, *(float(np.floor(cut)) + 1 for cut in cuts)]
    lasts = [*(first - 1 for first in firsts[1:]), highest]
    return [
        write_number(first)
        if first == last
        else say(
            "{first} to {last}", first=write_number(first), last=write_number(last)
        )
        for first, last in zip(firsts, lasts, strict=True)
    ]


def _find_cuts(lowest: float, highest: float) -> list[float]:
    return [lowest + share * (highest - lowest) for share in _BAND_CUTS]


def _cut(links: LinkedAnswers) -> NDArray[np.int64]:
    cuts = _find_cuts(links.lowest, links.highest)
    return np.digitize(links.satisfaction, cuts, right=True).astype(np.int64)


def _measure_deviation(values: _Floats, weights: _Floats) -> float:
    mean = np.average(values, weights=weights)
    return float(np.sqrt(np.average((values - mean) ** 2, weights=weights)))


def _describe_bands(rows: pd.DataFrame, names: list[str], level: float) -> pd.DataFrame:
    """Set seen and expected shares side by side, band by band."""
    found = []
    for band, group in rows.groupby("band"):
        share = estimate_clustered_ratio(
            group,
            part="part",
            whole="weight",
            cluster="customer_id",
            confidence_level=level,
        )
        found.append(
            {
                "band": names[int(str(band))],
                "answers": len(group),
                "events": int(group["happened"].sum()),
                "share_pct": 100 * share.estimate,
                "share_lower": 100 * share.lower,
                "share_upper": 100 * share.upper,
                "expected_pct": 100 * group["expected"].sum() / group["weight"].sum(),
            }
        )
    return pd.DataFrame(found)
