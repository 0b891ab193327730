"""Words and units that the findings and tables on conduct share."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.units import (
    Unit,
    choose_step,
    write_interval,
    write_money_unit,
    write_value,
)
from analysis.wording import say

_KEPT_OF_LARGEST = 50.0
"""A step is chosen so that a fiftieth of the largest amount still shows a digit."""


def scale_amounts(
    rows: pd.DataFrame, names: Sequence[str], currency: str
) -> tuple[pd.DataFrame, str]:
    """Put amounts in a step in which all of them can be read.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows with amounts in major units.
    names : sequence of str
        Columns of amounts.
    currency : str
        ISO code.

    Returns
    -------
    pandas.DataFrame, str
        The rows with "<name>_scaled" beside each amount, and the unit for the head.
    """
    largest = float(rows[[*names]].abs().max().max()) if len(rows) else 0.0
    step = choose_step(largest / _KEPT_OF_LARGEST)
    scaled = {f"{name}_scaled": rows[name] / step.divisor for name in names}
    return rows.assign(**scaled), write_money_unit(currency, step)


def write_estimate(estimate: float, lower: float, upper: float, unit: Unit) -> str:
    """Write an estimate with its interval.

    Parameters
    ----------
    estimate, lower, upper : float
        In the unit itself.
    unit : Unit
        What they count.

    Returns
    -------
    str
        For example "+1.2% (0.3% to 2.1%)".
    """
    return say(
        "{estimate} ({interval})",
        estimate=write_value(estimate, unit, signed=True),
        interval=write_interval(lower, upper, unit),
    )
