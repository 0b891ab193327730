"""The table of the best fix in each segment."""

from __future__ import annotations

from analysis.presentation.disclosure import release
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.satisfaction_drivers.fixes.segment_worth import SegmentWorth
from analysis.studies.satisfaction_drivers.refusal import Refused
from analysis.units import Unit, choose_step, write_money_unit
from analysis.wording import say

_AMOUNTS = ("balances", "balances_lower", "balances_upper")
_NUMBERS = ("effect", "kept", "kept_lower", "kept_upper", "first")


def tabulate_segment_worth(worth: SegmentWorth | Refused) -> DisplayTable | Note:
    """Show which fix is worth most in each segment.

    Parameters
    ----------
    worth : SegmentWorth or Refused
        The best fix of each segment.

    Returns
    -------
    DisplayTable or Note
        One row per segment.
    """
    if isinstance(worth, Refused):
        return Note(worth.reason)
    rows = worth.table
    step = choose_step(float(rows[list(_AMOUNTS)].abs().to_numpy().max()) / 20)
    rows = rows.assign(**{name: rows[name] / step.divisor for name in _AMOUNTS})
    released = release(
        rows,
        count="answers",
        amounts=("assets",),
        derived={name: ("answers",) for name in _NUMBERS}
        | {name: ("answers", "assets") for name in _AMOUNTS},
        dominance=("assets",),
    )
    unit = write_money_unit(worth.currency, step)
    return DisplayTable(
        title=say("The best fix of each segment, by what it keeps"),
        released=released,
        columns=(
            DisplayColumn("group", say("Group")),
            DisplayColumn("segment", say("Segment")),
            DisplayColumn("label", say("Best fix")),
            DisplayColumn("effect", say("Effect of one point"), Unit.SCORE),
            DisplayColumn("kept", say("Customers kept a quarter"), decimals=1),
            DisplayColumn(
                "balances", say("Balances kept"), decimals=1, unit_label=unit
            ),
            DisplayColumn(
                "balances_lower", say("at least"), decimals=1, unit_label=unit
            ),
            DisplayColumn(
                "balances_upper", say("at most"), decimals=1, unit_label=unit
            ),
            DisplayColumn("first", say("Chance of rank 1"), Unit.PERCENT, decimals=0),
        ),
        source=worth.source,
        note=say(
            "{quarter}. Effects are the segment's own, pooled with the others; how "
            "leaving follows satisfaction is taken as the same everywhere.",
            quarter=write_quarter(worth.quarter),
        ),
    )
