"""Show how pass-through differs between price lists that are set apart.

Each list's sum of lagged coefficients carries noise of its own, so that lists look more
different than they are. Pooling tells the two apart. Shares are percent of a move.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.presentation.charts import Chart, draw_bars
from analysis.presentation.disclosure import release
from analysis.presentation.notes import Note
from analysis.quarter import Quarter
from analysis.statistics.lagged_sum import LaggedSum
from analysis.statistics.pooled_normal import pool_effects
from analysis.studies.deposit_rate_elasticity.parameters import CONFIDENCE_LEVEL
from analysis.studies.deposit_rate_elasticity.pass_through.estimates import PassThrough
from analysis.units import Unit, write_interval, write_number, write_value
from analysis.wording import say

WIDTH_PCT = 10.0
"""Width of a bar of the distribution, percent of a policy move."""
SMALLEST_BAR = 10
"""Fewest lists in the first and the last bar, which gather the ends."""


@dataclass(frozen=True, slots=True)
class ListSpread:
    """How price lists differ, noise taken off.

    Parameters
    ----------
    bars : pandas.DataFrame
        One row per bar: `label`, `lists`, by each list's own estimate.
    units : LaggedSum
        Every list's pass-through, and the mean.
    spread, lower, upper : float
        Standard deviation between lists beyond noise, percentage points, with its
        interval.
    above, below : int
        Lists whose pooled interval lies wholly above, or below, the mean.
    quarter : Quarter
        The quarter reported.
    source : str
        Where the numbers come from.
    """

    bars: pd.DataFrame
    units: LaggedSum
    spread: float
    lower: float
    upper: float
    above: int
    below: int
    quarter: Quarter
    source: str


def measure_list_spread(pass_through: PassThrough) -> ListSpread | None:
    """Pool the pass-through of the price lists.

    Parameters
    ----------
    pass_through : PassThrough
        Sums of lagged coefficients by price list.

    Returns
    -------
    ListSpread or None
        None where lists are not set apart, or too few.
    """
    units = pass_through.units
    if units is None:
        return None
    known = units.by_unit[units.by_unit["std_error"] > 0]
    pooled = pool_effects(
        100 * known["estimate"].to_numpy(float),
        100 * known["std_error"].to_numpy(float),
        confidence_level=CONFIDENCE_LEVEL,
    )
    return ListSpread(
        bars=_cut_into_bars(100 * known["estimate"]),
        units=units,
        spread=pooled.spread,
        lower=pooled.spread_lower,
        upper=pooled.spread_upper,
        above=int((pooled.groups["lower"] > pooled.mean).sum()),
        below=int((pooled.groups["upper"] < pooled.mean).sum()),
        quarter=pass_through.quarter,
        source=pass_through.source,
    )


def chart_list_spread(spread: ListSpread | None) -> Chart | Note:
    """Draw how many price lists pass on how much.

    Parameters
    ----------
    spread : ListSpread or None
        The distribution; None where lists are not set apart.

    Returns
    -------
    Chart or Note
        A note where there is no distribution.
    """
    if spread is None:
        return Note(
            say(
                "Headquarters sets a reference price, so price lists have no "
                "pass-through of their own."
            )
        )
    return _draw(spread)


def _draw(spread: ListSpread) -> Chart:
    points = write_value(spread.spread, Unit.PERCENTAGE_POINTS)
    return Chart(
        drawing=draw_bars(
            release(spread.bars, count="lists"),
            label="label",
            value="lists",
            unit=say("Price lists"),
        ),
        title=say(
            "Price lists differ by a standard deviation of {spread} beyond noise",
            spread=points,
        ),
        subtitle=say("Price lists by the part of a policy move that each passes on"),
        source=spread.source,
        nobs=spread.units.units,
        alt=say(
            "One bar per step of {width} of the policy move; {lists} price lists in "
            "all.",
            width=write_value(WIDTH_PCT, Unit.PERCENTAGE_POINTS),
            lists=write_number(int(spread.bars["lists"].sum())),
        ),
        note=_explain(spread),
    )


def _explain(spread: ListSpread) -> str:
    units = spread.units
    return say(
        "Mean {mean} ({interval}); spread beyond noise {spread}. Pooled, {above} lists "
        "lie clearly above the mean and {below} below. The mean expense beta of "
        "American banks in Drechsler, Savov and Schnabl (2021) is 34.5%.",
        mean=write_value(100 * units.estimate, Unit.PERCENT),
        interval=write_interval(100 * units.lower, 100 * units.upper, Unit.PERCENT),
        spread=write_interval(spread.lower, spread.upper, Unit.PERCENTAGE_POINTS),
        above=write_number(spread.above),
        below=write_number(spread.below),
    )


def _cut_into_bars(shares: pd.Series[float]) -> pd.DataFrame:
    """Count lists by steps, those at the ends together."""
    steps = np.floor(np.sort(shares.to_numpy(float)) / WIDTH_PCT)
    reach = min(SMALLEST_BAR, len(steps)) - 1
    low, high = steps[reach], max(steps[reach], steps[-1 - reach])
    found, counts = np.unique(np.clip(steps, low, high), return_counts=True)
    names = [
        _name_bar(float(step), is_first=step == low, is_last=step == high)
        for step in found
    ]
    return pd.DataFrame({"label": names, "lists": counts})


def _name_bar(step: float, *, is_first: bool, is_last: bool) -> str:
    start, end = step * WIDTH_PCT, (step + 1) * WIDTH_PCT
    if is_first:
        return say("Below {end}", end=write_value(end, Unit.PERCENT))
    if is_last:
        return say("{start} and more", start=write_value(start, Unit.PERCENT))
    return write_interval(start, end, Unit.PERCENT)
