"""Do customers who complained leave more often than similar ones who did not.

A customer present at a quarter's end, who complained in it or did not, is followed
for the next quarter. Cells of customers alike in what was known before are counted in
the engine. This compares; it does not say that the complaint makes customers leave:
who is unhappy both complains and leaves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.data.sources import Tables
from analysis.statistics.discrete_hazard import DiscreteHazard, fit_discrete_hazard
from analysis.statistics.event_rates import RateRatio, compare_rates
from analysis.studies.satisfaction_drivers.parameters import Parameters
from analysis.studies.satisfaction_drivers.refusal import Refused
from analysis.studies.satisfaction_drivers.service.leaver_cells import (
    ALIKE,
    count_cells,
)
from analysis.studies.satisfaction_drivers.service.missing import miss
from analysis.wording import say

Floats = NDArray[np.float64]

FEWEST_COMPLAINERS, FEWEST_LEAVERS = 100, 5
"""Who complained, and who of them left, below which nothing is compared."""
_DRAWS = 2000


@dataclass(frozen=True, slots=True)
class Leavers:
    """Leaving in the quarter after, with and without a complaint.

    Parameters
    ----------
    first, last : str
        Quarters of the complaints followed.
    complained_pct, similar_pct : float
        Percent who left of those who complained, and of similar customers.
    difference, lower, upper : float
        Between them, percentage points.
    naive : float
        Difference to all other customers, percentage points.
    odds_ratio, odds_lower, odds_upper : float
        Odds of leaving, complaint over none, others alike.
    hidden_cause : float
        How much a cause not seen here must raise both chances (as a ratio) to explain
        the difference away; 1 where the interval holds nought already.
    complainers, complainers_left, others, others_left : int
        Customer-quarters.
    late : RateRatio or None
        Leaving after a late settlement over leaving after one in time; None where too
        few left.
    late_complainers : int
        Customer-quarters with a complaint not settled in time.
    confidence_level : float
        Of all intervals.
    source : str
        Where all comes from.
    """

    first: str
    last: str
    complained_pct: float
    similar_pct: float
    difference: float
    lower: float
    upper: float
    naive: float
    odds_ratio: float
    odds_lower: float
    odds_upper: float
    hidden_cause: float
    complainers: int
    complainers_left: int
    others: int
    others_left: int
    late: RateRatio | None
    late_complainers: int
    confidence_level: float
    source: str


def follow_complainers(tables: Tables, parameters: Parameters) -> Leavers | Refused:
    """Compare leaving after a complaint with leaving of similar customers.

    Parameters
    ----------
    tables : Tables
        Complaints, customers and their periods.
    parameters : Parameters
        Quarter, days allowed, seed and confidence level.

    Returns
    -------
    Leavers or Refused
        Refused where tables lack or too few complained or left.
    """
    needed = {"complaints", "customers", "customer_periods"}
    if not needed <= set(tables):
        reason = say(
            "This source lacks complaints, customers or customers by period, so that "
            "who leaves after a complaint is not known."
        )
        return miss(tables, parameters, reason, say("Map these tables."))
    cells = count_cells(tables, parameters)
    complained = cells[cells["complained"] == 1]
    people, left = int(complained["units"].sum()), int(complained["left"].sum())
    if people < FEWEST_COMPLAINERS or left < FEWEST_LEAVERS:
        reason = say(
            "Only {people} customers complained in the quarters followed and {left} of "
            "them left; {least} and {fewest} are needed.",
            people=people,
            left=left,
            least=FEWEST_COMPLAINERS,
            fewest=FEWEST_LEAVERS,
        )
        remedy = say("Wait for more quarters.")
        return miss(tables, parameters, reason, remedy, nobs=people)
    source = tables.source.attribution or tables.source.title
    return compare_leavers(cells, parameters, source)


def compare_leavers(
    cells: pd.DataFrame, parameters: Parameters, source: str
) -> Leavers:
    """Compare customers who complained with others of the same cell.

    Parameters
    ----------
    cells : pandas.DataFrame
        Of `count_cells`.
    parameters : Parameters
        Seed and confidence level.
    source : str
        Where cells come from.

    Returns
    -------
    Leavers
        The difference is averaged over those who complained.
    """
    level = parameters.confidence_level
    controls = list_controls(cells)
    model = fit_discrete_hazard(
        _lay_histories(cells, controls), covariates=["complained", *controls]
    )
    draws = model.draw(np.random.default_rng(parameters.seed), _DRAWS)
    mine = cells[cells["complained"] == 1]
    shares = mine["units"].to_numpy(np.float64) / mine["units"].sum()
    held = controls.loc[mine.index].to_numpy(np.float64)
    chances = _average_chances(
        model, np.vstack([model.coefficients, draws]), held, shares
    )
    gap = 100 * (chances[0] - chances[1])
    tails = [(1 - level) / 2, (1 + level) / 2]
    lower, upper = np.quantile(gap[1:], tails)
    odds = np.exp(draws[:, len(model.periods)])
    counts = _count_sides(cells)
    naive = counts[1] / counts[0] - counts[3] / counts[2]
    return Leavers(
        first=str(cells["quarter"].min()),
        last=str(cells["quarter"].max()),
        complained_pct=100 * float(chances[0, 0]),
        similar_pct=100 * float(chances[1, 0]),
        difference=float(gap[0]),
        lower=min(float(lower), float(gap[0])),
        upper=max(float(upper), float(gap[0])),
        naive=100 * naive,
        odds_ratio=float(np.exp(model.effects[0])),
        odds_lower=float(np.quantile(odds, tails[0])),
        odds_upper=float(np.quantile(odds, tails[1])),
        hidden_cause=measure_hidden_cause(chances, float(lower), float(upper)),
        complainers=counts[0],
        complainers_left=counts[1],
        others=counts[2],
        others_left=counts[3],
        late=_compare_late(mine, level),
        late_complainers=int(mine.loc[mine["late"] == 1, "units"].sum()),
        confidence_level=level,
        source=source,
    )


def list_controls(cells: pd.DataFrame) -> pd.DataFrame:
    """Give indicators of what customers are alike in.

    Parameters
    ----------
    cells : pandas.DataFrame
        Of `count_cells`.

    Returns
    -------
    pandas.DataFrame
        One column per level of `ALIKE` in which enough left; the others are together.
    """
    columns = {}
    for name in ALIKE:
        left = cells.groupby(name)["left"].sum()
        usual = cells.groupby(name)["units"].sum().idxmax()
        for each in left[left >= FEWEST_LEAVERS].index:
            if each != usual:
                columns[f"{name}_{each}"] = (cells[name] == each).astype(float)
    return pd.DataFrame(columns, index=cells.index)


def _lay_histories(cells: pd.DataFrame, controls: pd.DataFrame) -> pd.DataFrame:
    """Split each cell into those who left and those who stayed, one period each."""
    parts = []
    for happened, units in (
        (True, cells["left"]),
        (False, cells["units"] - cells["left"]),
    ):
        part = controls.assign(
            complained=cells["complained"].astype(float),
            units=units,
            periods=1,
            has_event=happened,
        )
        parts.append(part[part["units"] > 0])
    return pd.concat(parts, ignore_index=True)


def _average_chances(
    model: DiscreteHazard, coefficients: Floats, held: Floats, shares: Floats
) -> Floats:
    """Average the chance of leaving with and without a complaint, shape (2, draws)."""
    sides = []
    for complained in (1.0, 0.0):
        covariates = np.column_stack([np.full(len(held), complained), held])
        sides.append(model.average_hazard(coefficients, covariates) @ shares)
    return np.stack(sides)


def measure_hidden_cause(chances: Floats, lower: float, upper: float) -> float:
    """Say how strong a cause not seen must be to explain the difference away.

    Parameters
    ----------
    chances : numpy.ndarray, shape (2, draws)
        With and without a complaint; the estimate first.
    lower, upper : float
        Interval of the difference.

    Returns
    -------
    float
        Ratio by which it must raise both the chance of a complaint and of leaving; 1
        where nought is in the interval.

    References
    ----------
    .. [1] VanderWeele and Ding (2017), Sensitivity analysis in observational research:
       introducing the E-value, Annals of Internal Medicine 167.
    """
    if lower <= 0 <= upper:
        return 1.0
    ratio = float(chances[0, 0] / chances[1, 0])
    ratio = max(ratio, 1 / ratio)
    return ratio + float(np.sqrt(ratio * (ratio - 1)))


def _count_sides(cells: pd.DataFrame) -> tuple[int, int, int, int]:
    sides = [cells[cells["complained"] == each] for each in (1, 0)]
    mine, others = (
        (int(side["units"].sum()), int(side["left"].sum())) for side in sides
    )
    return *mine, *others


def _compare_late(mine: pd.DataFrame, level: float) -> RateRatio | None:
    sums = mine.groupby("late")[["units", "left"]].sum()
    if len(sums) < 2 or (sums["left"] < FEWEST_LEAVERS).any():
        return None
    left, units = (
        (float(sums[name].loc[1]), float(sums[name].loc[0]))
        for name in ("left", "units")
    )
    return compare_rates(left, units, confidence_level=level)
