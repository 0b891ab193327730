"""Tables on what is paid above posted prices."""

from __future__ import annotations

from analysis.presentation.notes import Note
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.quarter import write_quarter
from analysis.studies.deposit_rate_elasticity.conduct.exceptions import Exceptions
from analysis.studies.deposit_rate_elasticity.conduct.exceptions_release import (
    release_exceptions,
)
from analysis.studies.deposit_rate_elasticity.sentences import name_segment
from analysis.units import Unit, write_money
from analysis.wording import say


def tabulate_exceptions(exceptions: Exceptions) -> DisplayTable | Note:
    """Show rates paid and exceptions by product and segment.

    Parameters
    ----------
    exceptions : Exceptions
        What was measured.

    Returns
    -------
    DisplayTable or Note
        One row per product and segment, products with exceptions only; a note where
        there are none.
    """
    if exceptions.segments.empty:
        return Note(say("No deposit can be shown to be paid above its posted price."))
    rows = exceptions.segments.assign(
        segment=[name_segment(name) for name in exceptions.segments["segment"]]
    )
    rows.loc[rows.index[-1], ["product", "segment"]] = [say("Together"), ""]
    released, unit = release_exceptions(
        rows, ["product", "segment"], exceptions.currency
    )
    return DisplayTable(
        title=say(
            "Who is paid above the posted price, {q}",
            q=write_quarter(exceptions.quarter),
        ),
        released=released,
        columns=(
            DisplayColumn("product", say("Product")),
            DisplayColumn("segment", say("Segment")),
            DisplayColumn("paid_pct", say("Rate paid"), Unit.RATE),
            DisplayColumn(
                "exception_customers", say("Customers above posted"), Unit.COUNT
            ),
            DisplayColumn("share_pct", say("Share of balance"), Unit.PERCENT),
            DisplayColumn("bonus_bp", say("Bonus"), Unit.BASIS_POINTS),
            DisplayColumn(
                "cost_scaled", say("Cost a year"), decimals=1, unit_label=unit
            ),
        ),
        source=exceptions.source,
        note=say(
            "Deposits whose price can be laid beside the one posted for their pricing "
            "cell when they were made; products without any exception are left out."
        ),
        total_row=True,
    )


def tabulate_large_exceptions(exceptions: Exceptions) -> DisplayTable | Note:
    """Show exceptions for small and large deposits.

    Parameters
    ----------
    exceptions : Exceptions
        What was measured.

    Returns
    -------
    DisplayTable or Note
        One row for small deposits, one for large ones, and both together; a note
        where no rate paid is known.
    """
    if exceptions.bands.empty:
        return Note(
            say("What exceptions for large deposits cost is not known: no rates paid.")
        )
    rows = exceptions.bands.assign(
        size=[_name_band(band, exceptions) for band in exceptions.bands["band"]]
    )
    released, unit = release_exceptions(rows, ["size"], exceptions.currency)
    return DisplayTable(
        title=say("When an exception pays, by size of deposit"),
        released=released,
        columns=(
            DisplayColumn("size", say("Size of deposit")),
            DisplayColumn(
                "exception_customers", say("Customers above posted"), Unit.COUNT
            ),
            DisplayColumn(
                "exception_balance_scaled",
                say("Balance above posted"),
                decimals=1,
                unit_label=unit,
            ),
            DisplayColumn(
                "cost_scaled", say("Cost a year"), decimals=1, unit_label=unit
            ),
            DisplayColumn(
                "bonus_bp", say("Least cost of amount kept"), Unit.BASIS_POINTS
            ),
            DisplayColumn(
                "break_even_pct", say("Pays if more would leave"), Unit.PERCENT
            ),
        ),
        source=exceptions.source,
        note=say(
            "Least cost: the bonus over the balance, as if all of it would have left. "
            "Pays if: bonus over the margin at the posted price, which is the transfer "
            "price less the posted rate. Neither says what an exception did."
        ),
        total_row=True,
    )


def _name_band(band: int, exceptions: Exceptions) -> str:
    amount = write_money(exceptions.large_balance, exceptions.currency)
    if band < 0:
        return say("All deposits")
    if band == 0:
        return say("Below {amount}", amount=amount)
    return say("{amount} or more", amount=amount)
