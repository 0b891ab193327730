"""Say what a source has of a contract table: where from, how much, since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import ibis

from analysis.data.contract import CONTRACT
from analysis.data.derivation import DERIVED
from analysis.data.source import Source
from analysis.wording import say


@dataclass(frozen=True, slots=True)
class TableReport:
    """What a source has of one contract table.

    Parameters
    ----------
    name : str
        Name of the contract table.
    origins : tuple of str
        Files or tables it is read from, or "derived from ...".
    nobs : int
        Rows, all of its time.
    first, last : datetime.date or None
        First and last period, booking or opening day; None when it has no days.
    columns : tuple of str
        Contract columns that the source has.
    missing : tuple of str
        Contract columns that it does not have; none of them is required.
    """

    name: str
    origins: tuple[str, ...]
    nobs: int
    first: date | None
    last: date | None
    columns: tuple[str, ...]
    missing: tuple[str, ...]


def describe_table(source: Source, name: str) -> TableReport:
    """Say where a table comes from, how long it is, what time it covers.

    Parameters
    ----------
    source : Source
        An open source.
    name : str
        Contract table that it has.

    Returns
    -------
    TableReport
        What the source has of it.
    """
    contract = CONTRACT[name]
    table = source.read(name)
    named = ("period", "date", "open_date", "opened_date")
    days = [column for column in named if column in table.columns]
    summary = table.agg(
        nobs=table.count(),
        first=table[days[0]].min() if days else ibis.null("date"),
        last=table[days[0]].max() if days else ibis.null("date"),
        **{f"n_{c.name}": table[c.name].count() for c in contract.columns},
    )
    row = summary.to_pyarrow().to_pylist()[0]
    entries = source.entries.get(name, ())
    places = dict.fromkeys(entry.table or say("the mapping file") for entry in entries)
    columns = tuple(c.name for c in contract.columns if row[f"n_{c.name}"])
    return TableReport(
        name=name,
        origins=tuple(places) or (_name_origins(name),),
        nobs=row["nobs"],
        first=row["first"],
        last=row["last"],
        columns=columns,
        missing=tuple(c.name for c in contract.columns if c.name not in columns),
    )


def _name_origins(name: str) -> str:
    return say("derived from {tables}", tables=say(", ").join(DERIVED[name]))
