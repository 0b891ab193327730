"""Tables on segments, top shares and the ledger, of what passed the disclosure door."""

from __future__ import annotations

from analysis.presentation.disclosure import release_public
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.account.ledger_tie import (
    LedgerTie,
    name_ledger_line,
)
from analysis.studies.segment_profitability.customers.profit_concentration import (
    Concentration,
)
from analysis.studies.segment_profitability.customers.release_customers import (
    release_tops,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.segments.release_segments import (
    release_segments,
)
from analysis.studies.segment_profitability.segments.segment_profit import SegmentProfit
from analysis.studies.segment_profitability.sentences import (
    LINE_NAMES,
    Nothing,
    write_missing,
)
from analysis.studies.segment_profitability.shown_rows import list_amounts
from analysis.units import Unit, write_currency
from analysis.wording import say


def tabulate_segments(segments: SegmentProfit) -> DisplayTable:
    """Show what each segment brings, costs and earns.

    Parameters
    ----------
    segments : SegmentProfit
        Profit accounts of segments.

    Returns
    -------
    DisplayTable
        One row per segment, richest customers first, and the total.
    """
    account = segments.account
    shown = release_segments(segments)
    columns = (
        DisplayColumn("segment", say("Segment")),
        DisplayColumn("customers", say("Customers"), Unit.COUNT),
        *list_amounts(_name_known(segments), shown.unit, bar="profit"),
    )
    return DisplayTable(
        title=say(
            "What each segment brings and costs, {q}", q=write_quarter(account.quarter)
        ),
        released=shown.released,
        columns=columns,
        source=account.source,
        note=_write_account_note(segments),
        total_row=len(shown.released.rows) > 1,
    )


def tabulate_customers(segments: SegmentProfit) -> DisplayTable:
    """Show what an average customer of each segment brings, costs and earns.

    Parameters
    ----------
    segments : SegmentProfit
        Profit accounts of segments.

    Returns
    -------
    DisplayTable
        One row per segment, richest customers first, and all customers.
    """
    account = segments.account
    released = release_segments(segments).released
    unit = write_currency(account.currency)
    columns = [DisplayColumn("segment", say("Segment"))]
    for name, head in _name_known(segments).items():
        columns.append(
            DisplayColumn(
                f"{name}_each",
                head,
                decimals=1,
                unit_label=unit,
                shade="bar" if name == "profit" else "",
            )
        )
    if not account.refusal:
        columns.append(
            DisplayColumn("losing_pct", say("Lose money"), Unit.PERCENT, shade="heat")
        )
    if segments.rows["main_channel"].notna().any():
        columns.append(DisplayColumn("main_channel", say("Most contacts")))
        columns.append(DisplayColumn("main_cost_channel", say("Most cost")))
    return DisplayTable(
        title=say(
            "What an average customer brings and costs, {q}",
            q=write_quarter(account.quarter),
        ),
        released=released,
        columns=tuple(columns),
        source=account.source,
        note=say("Amounts are of one customer and the whole quarter, costs negative."),
        total_row=len(released.rows) > 1,
    )


def tabulate_top_shares(
    concentration: Concentration | Refused,
) -> DisplayTable | Nothing:
    """Show the share of profit that the top of the customers make.

    Parameters
    ----------
    concentration : Concentration or Refused
        Who makes the profit.

    Returns
    -------
    DisplayTable, or nothing where it is refused
        One row per share of customers.
    """
    if isinstance(concentration, Refused):
        return ()
    released = release_tops(concentration)
    earlier = {"previous": say("Quarter before"), "year_ago": say("A year ago")}
    return DisplayTable(
        title=say("Share of profit made by the most profitable customers"),
        released=released,
        columns=(
            DisplayColumn("top", say("Top share of customers")),
            DisplayColumn("customers", say("Customers"), Unit.COUNT),
            DisplayColumn("share", say("Share of profit"), Unit.PERCENT),
            DisplayColumn("lower", say("Interval from"), Unit.PERCENT),
            DisplayColumn("upper", say("Interval to"), Unit.PERCENT),
            *(
                DisplayColumn(name, head, Unit.PERCENT)
                for name, head in earlier.items()
                if concentration.tops[name].notna().any()
            ),
        ),
        source=concentration.panel.account.source,
        note=say("Intervals are 95% bootstrap intervals over customers."),
    )


def tabulate_ledger_tie(tie: LedgerTie | Refused) -> DisplayTable | Nothing:
    """Show customers, treasury and unused capacity against the ledger.

    Parameters
    ----------
    tie : LedgerTie or Refused
        Line by line.

    Returns
    -------
    DisplayTable, or nothing where it is refused
        One row per line of the ledger, to the smallest unit of money.
    """
    if isinstance(tie, Refused):
        return ()
    unit = write_currency(tie.account.currency)
    names = {
        "customers": say("Customers' accounts"),
        "treasury": say("Treasury"),
        "unassigned": say("Unused capacity"),
        "together": say("Together"),
        "ledger": say("Ledger"),
        "difference": say("Difference"),
    }
    amounts = [
        DisplayColumn(name, head, decimals=2, unit_label=unit)
        for name, head in names.items()
    ]
    labels = [name_ledger_line(str(line)) for line in tie.rows["line"]]
    return DisplayTable(
        title=say(
            "The customers' profit against the ledger, {q}",
            q=write_quarter(tie.account.quarter),
        ),
        released=release_public(
            tie.rows.assign(label=labels),
            reason="totals of the whole bank's books, line by line of the ledger",
        ),
        columns=(DisplayColumn("label", say("Line")), *amounts),
        source=tie.account.source,
        note=say(
            "The treasury takes what transfer prices credit and charge to customers; "
            "what it earns on deposits that are not lent is in none of these lines."
        ),
    )


def _write_account_note(segments: SegmentProfit) -> str:
    account = segments.account
    return say(
        "Income is deposit margin, loan margin and fees; costs are negative. "
        "Profit is after tax, before the cost of capital. {basis} {missing}",
        basis=account.basis,
        missing=write_missing(account),
    )


def _name_known(segments: SegmentProfit) -> dict[str, str]:
    """Name the columns of the profit account that the source can fill."""
    account = segments.account
    if account.refusal:
        line = "fee"
        return {
            "deposits": say("Deposits"),
            "interest_paid": say("Interest paid"),
            line: say(LINE_NAMES[line]),
        }
    heads = {"income": say("Income")}
    for name in ("points", "cost_to_serve", "expected_loss", "tax"):
        if name not in account.refused and (segments.rows[name] != 0).any():
            heads[name] = say(LINE_NAMES[name])
    return {**heads, "profit": say("Profit")}
