"""Tables on other assumptions, of what passed the disclosure door."""

from __future__ import annotations

from typing import Final

from analysis.presentation.disclosure import release_public
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.account.ledger_quarters import (
    LedgerQuarters,
)
from analysis.studies.segment_profitability.account.ledger_tie import name_ledger_line
from analysis.studies.segment_profitability.assurance.dial import ChangedAssumptions
from analysis.studies.segment_profitability.assurance.release_assurance import (
    release_certainty,
    release_change,
    release_flips,
)
from analysis.studies.segment_profitability.assurance.segment_certainty import (
    SegmentCertainty,
)
from analysis.studies.segment_profitability.assurance.sign_stability import (
    SignStability,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.sentences import Nothing
from analysis.units import Unit, write_currency, write_number
from analysis.wording import join_names, mark, say

_SETTINGS: Final = {
    "core_share_pct": mark(
        "stable share of money without a term {after}, not {before}"
    ),
    "core_life_months": mark("stable money stays {after} months, not {before}"),
    "tax_rate_pct": mark("tax {after}, not {before}"),
    "hurdle_rate_pct": mark("capital costs {after}, not {before}"),
    "points_redeemed_pct": mark("share of points redeemed {after}, not {before}"),
    "counted_cost_pct": mark("cost of contacts counted {after}, not {before}"),
    "idle_share_pct": mark("unused capacity spread over users {after}, not {before}"),
}
"""Choices that take the place of another, with both."""
_SHIFTS: Final = {
    "curve_shift_pp": mark("transfer rates {after}"),
    "cost_rate_change_pct": mark("cost of a contact {after}"),
    "loss_change_pct": mark("credit losses {after}"),
    "capital_change_pct": mark("capital {after}"),
}
"""Choices that are changes themselves."""
_SWITCHES: Final = {
    "counts_capital": mark("the cost of capital is taken off"),
    "pooling": mark("transfer rates by pool"),
}


def tabulate_alternatives(stability: SignStability | Refused) -> DisplayTable | Nothing:
    """Show how many customers change sides under each alternative.

    Parameters
    ----------
    stability : SignStability or Refused
        Signs of all customers under every alternative.

    Returns
    -------
    DisplayTable, or nothing where it is refused
        One row per alternative, the most changes of sign first.
    """
    if isinstance(stability, Refused):
        return ()
    account = stability.panel.account
    return DisplayTable(
        title=say(
            "Customers whose profit changes its sign under other assumptions, {q}",
            q=write_quarter(account.quarter),
        ),
        released=release_flips(stability),
        columns=(
            DisplayColumn("name", say("Assumption")),
            DisplayColumn("flips_pct", say("Sign changes"), Unit.PERCENT, shade="bar"),
            DisplayColumn("lower", say("Interval from"), Unit.PERCENT),
            DisplayColumn("upper", say("to"), Unit.PERCENT),
            DisplayColumn("previous", say("A quarter earlier"), Unit.PERCENT),
            DisplayColumn("losing_pct", say("Lose money then"), Unit.PERCENT),
        ),
        source=account.source,
        note=say(
            "One assumption is changed at a time; the others stay as they are. Tax "
            "takes the same part of a loss as of a profit, so that it turns no sign."
        ),
    )


def tabulate_certainty(certainty: SegmentCertainty | Refused) -> DisplayTable | Nothing:
    """Show for each segment whose sign is sure.

    Parameters
    ----------
    certainty : SegmentCertainty or Refused
        Segments with what is sure of them.

    Returns
    -------
    DisplayTable, or nothing where it is refused
        One row per segment, richest customers first, and all customers.
    """
    if isinstance(certainty, Refused):
        return ()
    account = certainty.segments.account
    shown = release_certainty(certainty)
    unit = write_currency(account.currency)
    amounts = {
        "each": say("Profit each"),
        "pooled": say("Pooled"),
        "pooled_lower": say("Interval from"),
        "pooled_upper": say("to"),
    }
    return DisplayTable(
        title=say(
            "How sure each segment's profit is, {q}", q=write_quarter(account.quarter)
        ),
        released=shown.released,
        columns=(
            DisplayColumn("segment", say("Segment")),
            DisplayColumn("customers", say("Customers"), Unit.COUNT),
            DisplayColumn(
                "depends_pct", say("Sign depends"), Unit.PERCENT, shade="bar"
            ),
            DisplayColumn("depends_lower", say("Interval from"), Unit.PERCENT),
            DisplayColumn("depends_upper", say("to"), Unit.PERCENT),
            *(
                DisplayColumn(name, head, decimals=1, unit_label=unit)
                for name, head in amounts.items()
            ),
            DisplayColumn("verdict", say("The segment")),
        ),
        source=account.source,
        note=say(
            "Sign depends: customers who lose under some assumptions and earn under "
            "others. Pooled: profit of a customer, where small segments lean on the "
            "others; a dash where the table of segments hides it."
        ),
        total_row=len(shown.released.rows) > 1,
    )


def tabulate_change(changed: ChangedAssumptions | Refused) -> DisplayTable | Nothing:
    """Show the profits of segments before and after a change of assumptions.

    Parameters
    ----------
    changed : ChangedAssumptions or Refused
        Segments before and after.

    Returns
    -------
    DisplayTable, or nothing where it is refused
        One row per segment, and all customers.
    """
    if isinstance(changed, Refused):
        return ()
    account = changed.segments.account
    shown, unit = release_change(changed)
    amounts = {
        "profit_before": say("Profit in force"),
        "profit_after": say("Profit then"),
        "economic_before": say("After capital in force"),
        "economic_after": say("After capital then"),
    }
    return DisplayTable(
        title=_name_change(changed),
        released=shown.released,
        columns=(
            DisplayColumn("segment", say("Segment")),
            DisplayColumn("customers", say("Customers"), Unit.COUNT),
            *(
                DisplayColumn(f"{name}_scaled", head, decimals=1, unit_label=unit)
                for name, head in amounts.items()
            ),
            DisplayColumn("losing_before", say("Losing in force"), Unit.COUNT),
            DisplayColumn("losing_after", say("Losing then"), Unit.COUNT),
        ),
        source=account.source,
        note=say(
            "Profit after tax, and after the cost of capital too, {q}; losing means a "
            "profit below zero before that cost.",
            q=write_quarter(account.quarter),
        ),
        total_row=len(shown.released.rows) > 1,
    )


def tabulate_ledger_quarters(
    quarters: LedgerQuarters | Refused,
) -> DisplayTable | Nothing:
    """Show in which quarters the books tie to the ledger.

    Parameters
    ----------
    quarters : LedgerQuarters or Refused
        Every quarter of the source.

    Returns
    -------
    DisplayTable, or nothing where it is refused
        One row per quarter.
    """
    if isinstance(quarters, Refused):
        return ()
    rows = quarters.rows.assign(
        name=[write_quarter(str(name)) for name in quarters.rows["quarter"]],
        verdict=["green" if ties else "red" for ties in quarters.rows["ties"]],
        which=[
            join_names([name_ledger_line(line) for line in lines]) if lines else ""
            for lines in quarters.rows["broken"]
        ],
    )
    return DisplayTable(
        title=say("The customers' books against the ledger, quarter by quarter"),
        released=release_public(
            rows[["name", "lines", "largest_difference", "verdict", "which"]],
            reason="totals of the whole bank's books against its ledger",
        ),
        columns=(
            DisplayColumn("name", say("Quarter")),
            DisplayColumn("lines", say("Lines"), Unit.COUNT),
            DisplayColumn(
                "largest_difference",
                say("Largest difference"),
                decimals=2,
                unit_label=write_currency(quarters.currency),
            ),
            DisplayColumn(
                "verdict",
                say("Ties"),
                shade="light",
                lights=(say("yes"), say("nearly"), say("no")),
            ),
            DisplayColumn("which", say("Lines that differ")),
        ),
        source=quarters.source,
    )


def _name_change(changed: ChangedAssumptions) -> str:
    if not changed.changed:
        return say("No assumption was changed")
    words = [_write_choice(name, changed) for name in changed.changed]
    return say("Profit of segments if: {changes}", changes=join_names(words))


def _write_choice(name: str, changed: ChangedAssumptions) -> str:
    if name in _SWITCHES:
        return say(_SWITCHES[name])
    before, after = (
        float(getattr(choices, name)) for choices in (changed.before, changed.after)
    )
    if name in _SHIFTS:
        return say(_SHIFTS[name], after=_write_size(name, after, signed=True))
    return say(
        _SETTINGS[name],
        after=_write_size(name, after),
        before=_write_size(name, before),
    )


def _write_size(name: str, size: float, *, signed: bool = False) -> str:
    decimals = 0 if size.is_integer() else 2
    number = write_number(size, decimals=decimals, signed=signed)
    if name.endswith("_months"):
        return number
    unit = "{number} pp" if name.endswith("_pp") else "{number}%"
    return say(unit, number=number)
