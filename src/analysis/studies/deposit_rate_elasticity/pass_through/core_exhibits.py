"""The table of core shares beside the supervisory caps."""

from __future__ import annotations

from analysis.presentation.disclosure import release
from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.studies.deposit_rate_elasticity.pass_through.core import (
    FEWEST_YEARS,
    RETAIL_OTHER_CAP_PCT,
    RETAIL_TRANSACTIONAL_CAP_PCT,
    CoreShares,
)
from analysis.units import Unit, write_number
from analysis.wording import say

_NUMBERS = (
    "stable_pct",
    "left_pct",
    "left_lower_pct",
    "left_upper_pct",
    "core_pct",
)


def tabulate_core_shares(core: CoreShares) -> DisplayTable | Note:
    """Show stable and core shares of money without maturity beside the caps.

    Parameters
    ----------
    core : CoreShares
        Shares by line, or the reason for a refusal.

    Returns
    -------
    DisplayTable or Note
        One row per line; a note when every deposit has a maturity.
    """
    lines = core.lines
    if lines.empty:
        return Note(
            say("Every priced deposit has a maturity, so no core is asked for.")
        )
    shown = lines.assign(
        transactional_pct=RETAIL_TRANSACTIONAL_CAP_PCT, other_pct=RETAIL_OTHER_CAP_PCT
    )
    columns = (
        DisplayColumn("label", say("Without maturity")),
        DisplayColumn("years", say("Years of balances"), None, 1),
        DisplayColumn("stable_pct", say("Stable"), Unit.PERCENT),
        DisplayColumn("left_pct", say("Not passed on"), Unit.PERCENT),
        DisplayColumn("left_lower_pct", say("From"), Unit.PERCENT),
        DisplayColumn("left_upper_pct", say("To"), Unit.PERCENT),
        DisplayColumn("core_pct", say("Core"), Unit.PERCENT),
        DisplayColumn("transactional_pct", say("Payment cap"), Unit.PERCENT, 0),
        DisplayColumn("other_pct", say("Other cap"), Unit.PERCENT, 0),
        DisplayColumn("reason", say("Why refused")),
    )
    refused = int((lines["reason"] != "").sum())
    return DisplayTable(
        title=_write_title(len(lines), refused),
        released=release(
            shown, count="customers", derived={name: ["customers"] for name in _NUMBERS}
        ),
        columns=columns if refused else columns[:-1],
        source=core.source,
        note=say(
            "Core is stable times the share not passed on. Stable is the lowest share "
            "of a balance still there a year later, over at least {years} years. Caps "
            "of Delegated Regulation (EU) 2024/857, article 8, for retail money that "
            "serves payments and for other retail money; which one holds is for the "
            "bank to say.",
            years=write_number(FEWEST_YEARS),
        ),
    )


def _write_title(lines: int, refused: int) -> str:
    if refused == lines:
        return say("No core share can be shown by the rule yet")
    if refused == 0:
        return say("Core shares of money without maturity stand beside their caps")
    return say(
        "{shown} of {lines} lines without maturity have a core share",
        shown=write_number(lines - refused),
        lines=write_number(lines),
    )
