"""The finding on the ledger of every quarter that the source holds."""

from __future__ import annotations

from analysis.presentation.findings import Finding
from analysis.quarter import write_quarter
from analysis.studies.segment_profitability.account.ledger_quarters import (
    LedgerQuarters,
)
from analysis.studies.segment_profitability.refusal import Refused
from analysis.studies.segment_profitability.sentences import refuse
from analysis.units import Unit, write_money, write_number
from analysis.wording import join_names, say


def find_ledger_quarters(quarters: LedgerQuarters | Refused) -> Finding:
    """Say in how many quarters the customers' books tie to the ledger.

    Parameters
    ----------
    quarters : LedgerQuarters or Refused
        Every quarter of the source.

    Returns
    -------
    Finding
        Number of quarters in which every line ties.
    """
    if isinstance(quarters, Refused):
        return refuse(
            quarters,
            key="ledger_quarters",
            requirement="B3",
            question=say("No quarter can be tied to a ledger"),
        )
    n, rows = len(quarters.rows), quarters.rows
    tied = quarters.n_tied == n
    broken = [write_quarter(str(q)) for q in rows.loc[~rows["ties"], "quarter"]]
    worst = float(rows["largest_difference"].max())
    headline = (
        say("The books tie to the ledger in all {n} quarters", n=write_number(n))
        if tied
        else say("The books do NOT tie in {names}", names=join_names(broken))
    )
    return Finding(
        key="ledger_quarters",
        requirement="B3",
        headline=headline,
        sentence=say(
            "From {first} to {last}, {k} of {n} quarters tie to the general ledger on "
            "every line; the largest difference of a line is {worst}.",
            first=write_quarter(str(rows["quarter"].iloc[0])),
            last=write_quarter(str(rows["quarter"].iloc[-1])),
            k=write_number(quarters.n_tied),
            n=write_number(n),
            worst=write_money(worst, quarters.currency),
        ),
        action=say("No action: changes since earlier quarters may be trusted.")
        if tied
        else say("Compare with no quarter that does not tie before it is explained."),
        measure=say("Quarters that tie to the ledger"),
        verdict="exact",
        unit=Unit.COUNT,
        nobs=int(rows["lines"].sum()),
        period=quarters.quarter,
        source=quarters.source,
        estimate=float(quarters.n_tied),
        importance=0.2 if tied else 0.95,
    )
