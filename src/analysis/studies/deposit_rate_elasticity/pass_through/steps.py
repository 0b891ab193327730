"""Ask how likely stepped price lists off their level are to be cut, or raised.

A price list's level is the long run of its line at the policy rate of the day, and what
the list usually stands above the line. Chances are percent a period, gaps basis points.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.quarter import Quarter
from analysis.statistics.stepped_rates import (
    FEWEST_EACH,
    StepGrid,
    SteppedRates,
    estimate_stepped_rates,
    find_grid,
)
from analysis.studies.deposit_rate_elasticity.parameters import (
    CELL,
    CONFIDENCE_LEVEL,
    FEWEST_CLUSTERS,
    LINE,
)
from analysis.studies.deposit_rate_elasticity.pass_through.cycles import (
    SMALLEST_TURN_PCT,
)
from analysis.studies.deposit_rate_elasticity.pass_through.estimates import PassThrough
from analysis.studies.deposit_rate_elasticity.rates.history import RateHistory
from analysis.units import write_number
from analysis.wording import say

GRIDS_BP = (25.0, 12.5, 10.0, 5.0, 2.5, 1.0)
"""Steps tried, basis points."""
SMALLEST_MOVE_BP = 0.49
LEAST_STILL_SHARE = 0.10
"""Share of periods without a move from which a price list counts as stepped."""
AT_GAP_BP = 25.0
"""Distance from the level at which chances are shown."""
LEAST_FAR_SHARE = 0.01
"""Share of list-periods that must lie beyond that distance, on either side."""
WANTED_DIFFERENCE = 0.20
"""Difference of chances for which the power is shown; 23 points were published."""


@dataclass(frozen=True, slots=True)
class LineSteps:
    """Steps of one line, or of all that could be measured.

    Parameters
    ----------
    label : str
        Name of the line.
    grid : StepGrid
        How its price lists move, basis points.
    found : SteppedRates or None
        Chances; None when refused.
    is_two_way : bool
        Whether the policy rate went both up and down; if not, cuts and rises cannot be
        compared, for prices that lag behind stay on one side.
    reason : str
        Why it is refused; empty when it is not.
    """

    label: str
    grid: StepGrid
    found: SteppedRates | None = None
    is_two_way: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RateSteps:
    """Steps of every line, and of those together that could be measured.

    Parameters
    ----------
    together : LineSteps
        All measured lines; refused where none could be.
    lines : tuple of LineSteps
        Largest balance first.
    quarter : Quarter
        The quarter reported.
    source : str
        Where the numbers come from.
    period_months : int
        Months in a period.
    """

    together: LineSteps
    lines: tuple[LineSteps, ...]
    quarter: Quarter
    source: str
    period_months: int


def estimate_rate_steps(history: RateHistory, pass_through: PassThrough) -> RateSteps:
    """Fit a logit of rises and falls to the price lists of each line.

    Parameters
    ----------
    history : RateHistory
        Price lists and the policy rate.
    pass_through : PassThrough
        Long run of each line.

    Returns
    -------
    RateSteps
        Chances, or the reason for a refusal.
    """
    rows = lay_out_moves(history, pass_through)
    by_label = dict(list(rows.groupby("label")))
    lines = tuple(
        fit_steps(line.label, by_label[line.label])
        for line in pass_through.lines
        if line.label in by_label
    )
    measured = [line.label for line in lines if line.found is not None]
    kept = rows[rows["label"].isin(measured)]
    together = LineSteps(say("Measured together"), _find_grid(rows))
    return RateSteps(
        together=fit_steps(together.label, kept)
        if measured
        else replace(together, reason=say("No line could be measured.")),
        lines=lines,
        quarter=history.quarter,
        source=history.source,
        period_months=history.period_months,
    )


def lay_out_moves(history: RateHistory, pass_through: PassThrough) -> pd.DataFrame:
    """Lay out moves of each price list beside how far it stood from its level.

    Parameters
    ----------
    history : RateHistory
        Price lists, lines and the policy rate.
    pass_through : PassThrough
        Long run of each line.

    Returns
    -------
    pandas.DataFrame
        One row per price list and period but its first: `label`, `unit`, `period`,
        `change_bp`, `move` (-1, 0, 1), `gap` (before the move, at the period's policy
        rate; missing where the line has no long run), `push` (the policy rate's change)
        and `level_error` (of the line's long run), basis points.
    """
    rows = history.cells.merge(
        history.rates[[*LINE, "period", "label", "policy_pct", "own_pct"]],
        on=[*LINE, "period"],
        suffixes=("", "_line"),
    ).sort_values([*CELL, "period"], ignore_index=True)
    keys = [rows[name] for name in CELL]
    spread = (rows["own_pct"] - rows["own_pct_line"]).groupby(keys).transform("mean")
    target = spread + _give_levels(rows, pass_through)
    errors = {line.label: line.level_error_pct for line in pass_through.lines}
    before = rows["own_pct"].groupby(keys).shift()
    change = 100 * (rows["own_pct"] - before)
    laid = rows.assign(
        unit=rows.groupby(CELL).ngroup(),
        change_bp=change,
        move=np.sign(change.where(change.abs() >= SMALLEST_MOVE_BP, 0.0)),
        gap=100 * (before - target),
        push=100 * rows["policy_pct"].groupby(keys).diff(),
        level_error=100 * rows["label"].map(errors),
    )
    columns = ["label", "unit", "period", "change_bp", "move", "gap", "push"]
    columns += ["level_error"]
    return laid.loc[before.notna(), columns].reset_index(drop=True)


def fit_steps(label: str, rows: pd.DataFrame) -> LineSteps:
    """Fit some price lists, or refuse them.

    Parameters
    ----------
    label : str
        Their name.
    rows : pandas.DataFrame
        As `lay_out_moves` gives them.

    Returns
    -------
    LineSteps
        Chances, or the reason for a refusal.
    """
    line = LineSteps(label, _find_grid(rows), is_two_way=_went_both_ways(rows))
    reason = _refuse(rows, line.grid)
    if reason:
        return replace(line, reason=reason)
    try:
        found = estimate_stepped_rates(
            rows,
            at_gap=AT_GAP_BP,
            difference=WANTED_DIFFERENCE,
            gap_error=float(rows["level_error"].max()),
            confidence_level=CONFIDENCE_LEVEL,
        )
    except ValueError:
        return replace(line, reason=say("The distance tells every move beforehand."))
    return replace(line, found=found)


def _give_levels(rows: pd.DataFrame, pass_through: PassThrough) -> pd.Series:
    """Give each line's long run at the policy rate; missing where there is none."""
    known = {line.label: line for line in pass_through.lines}
    level = rows["label"].map({name: line.level_pct for name, line in known.items()})
    share = rows["label"].map({name: line.estimate for name, line in known.items()})
    return level + share * rows["policy_pct"]


def _find_grid(rows: pd.DataFrame) -> StepGrid:
    return find_grid(rows["change_bp"], steps=GRIDS_BP, smallest_move=SMALLEST_MOVE_BP)


def _went_both_ways(rows: pd.DataFrame) -> bool:
    moves = rows.groupby("period")["push"].first()
    up, down = moves.clip(lower=0).sum(), -moves.clip(upper=0).sum()
    return min(up, down) >= 100 * SMALLEST_TURN_PCT


def _refuse(rows: pd.DataFrame, grid: StepGrid) -> str:
    if math.isclose(grid.step, 0.0) or grid.still_share < LEAST_STILL_SHARE:
        return say("Prices don't move in steps.")
    if rows["gap"].isna().any():
        return say("There is no long run to be off.")
    if rows["unit"].nunique() < FEWEST_CLUSTERS:
        return say(
            "There are {units} price lists; {needed} are needed.",
            units=write_number(rows["unit"].nunique()),
            needed=write_number(FEWEST_CLUSTERS),
        )
    moves = [int((rows["move"] == sign).sum()) for sign in (1, -1)]
    if min(moves) < FEWEST_EACH:
        return say(
            "There were {rises} rises and {falls} cuts; {needed} of each are needed.",
            rises=write_number(moves[0]),
            falls=write_number(moves[1]),
            needed=write_number(FEWEST_EACH),
        )
    far = [(sign * rows["gap"] >= AT_GAP_BP).mean() for sign in (1, -1)]
    if min(far) < LEAST_FAR_SHARE:
        return say(
            "Prices seldom stood {gap} bp off their level.",
            gap=write_number(AT_GAP_BP),
        )
    return ""
