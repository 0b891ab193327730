"""Steps that add and take away, down to their total."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from analysis.presentation.disclosure import (
    SUPPRESSED,
    Released,
    is_suppressed,
    require_released,
)
from analysis.presentation.drawing.annotations import write_unit
from analysis.presentation.drawing.bar_charts import BAR_HEIGHT, write_at_bar_ends
from analysis.presentation.drawing.canvas import Margins, Row, close, open_rows
from analysis.presentation.drawing.drawings import (
    Drawing,
    DrawnColumn,
    DrawnData,
    collect_numbers,
)
from analysis.presentation.drawing.scales import (
    Scale,
    choose_scale,
    read_numbers,
    require_rows,
    write_missing,
)
from analysis.presentation.drawing.theme import (
    MUTED,
    NEGATIVE,
    POSITIVE,
    TEXT,
)
from analysis.presentation.drawing.tips import add_row_tips, write_tip
from analysis.presentation.drawing.widths import draw_at_both_widths
from analysis.wording import say


@dataclass(frozen=True, slots=True)
class _Steps:
    names: list[str]
    cells: pd.Series[float]  # the steps and their total as they are shown
    starts: NDArray[np.float64]
    stops: NDArray[np.float64]
    texts: list[str]
    scale: Scale


@draw_at_both_widths
def draw_waterfall(
    released: Released,
    *,
    label: str,
    value: str,
    unit: str,
    total_label: str,
) -> Drawing:
    """Draw steps that add and take away, one row each, down to their total.

    Parameters
    ----------
    released : Released
        One row per step, from top to bottom.
    label, value : str
        Columns with the step's name and its signed amount. A missing amount is
        written as such and moves nothing.
    unit : str
        What the amounts count, in words.
    total_label : str
        Name of the last row, the sum of the steps.

    Returns
    -------
    Drawing
        Steps with their signed amounts, the total without. A hidden step hides the
        total too.

    Raises
    ------
    ValueError
        If a column lacks, or no step has an amount.
    """
    require_released(released)
    require_rows(released.rows, [label, value], [value])
    steps = _add_up(released.rows, label, value, unit, total_label)
    rows = [Row(name) for name in steps.names]
    axes, centres = open_rows(rows, margins=Margins(top=0.28, bottom=0.04))
    lengths = steps.stops - steps.starts
    colors = [NEGATIVE if length < 0 else POSITIVE for length in lengths[:-1]]
    axes.barh(
        centres,
        lengths,
        left=steps.starts,
        height=BAR_HEIGHT,
        color=[*colors, TEXT],
        zorder=2,
    )
    _join_steps(axes, centres, steps.stops[:-1])
    write_at_bar_ends(axes, centres, steps.stops, steps.texts, starts=steps.starts)
    write_unit(axes, steps.scale.unit, above=0.08)
    tips = [
        write_tip(name, text, steps.scale.unit)
        for name, text in zip(steps.names, steps.texts, strict=True)
    ]
    add_row_tips(axes, centres, tips)
    return close(axes, _collect_steps(released, steps))


def _add_up(
    rows: pd.DataFrame, label: str, value: str, unit: str, total_label: str
) -> _Steps:
    amounts = read_numbers(rows, value)
    hides = any(is_suppressed(cell) for cell in rows[value])
    total = float(np.nansum(amounts))
    ends = np.cumsum(np.nan_to_num(amounts))
    scale = choose_scale(np.concatenate([amounts, ends]), unit)
    amounts, ends = amounts / scale.divisor, ends / scale.divisor
    texts = [
        scale.write(step, signed=True) if np.isfinite(step) else write_missing(cell)
        for step, cell in zip(amounts, rows[value], strict=True)
    ]
    texts.append(write_missing(SUPPRESSED) if hides else scale.write(float(ends[-1])))
    return _Steps(
        names=[*(str(name) for name in rows[label]), total_label],
        cells=pd.Series([*rows[value], SUPPRESSED if hides else total], dtype=object),
        starts=np.append(ends - np.nan_to_num(amounts), 0.0),
        stops=np.append(ends, 0.0 if hides else ends[-1]),
        texts=texts,
        scale=scale,
    )


def _collect_steps(released: Released, steps: _Steps) -> DrawnData:
    customers = released.customers
    return DrawnData(
        (
            DrawnColumn(say("Step"), "", tuple(steps.names)),
            collect_numbers(steps.cells, say("Value"), steps.scale),
        ),
        None if customers is None else (*customers, None),
        released.version,
    )


def _join_steps(
    axes: Axes, centres: NDArray[np.float64], ends: NDArray[np.float64]
) -> None:
    half = BAR_HEIGHT / 2
    for above, below, end in zip(centres[:-1], centres[1:], ends, strict=True):
        axes.plot(
            [end, end],
            [above + half, below - half],
            color=MUTED,
            linewidth=0.8,
            zorder=1,
        )
