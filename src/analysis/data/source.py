"""A source: its contract tables, kept or derived, up to a quarter's end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import ibis
import ibis.expr.types as ir

from analysis.data.assembly import build_table
from analysis.data.contract import CONTRACT, CUT_BY_WAVES
from analysis.data.conversion import Conventions
from analysis.data.derivation import (
    DERIVED,
    Period,
    derive_balances,
    derive_customer_income,
    derive_customer_periods,
    list_periods,
)
from analysis.data.mapping import Entry
from analysis.data.readers import Reader
from analysis.data.row_origin import FILE, ROW
from analysis.errors import BadInputError, Problem
from analysis.quarter import Quarter


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What a reader must know of a source.

    Parameters
    ----------
    name : str
        Name of its mapping file.
    title : str
        Name for readers.
    currency : str
        ISO 4217 code.
    minor_units : int
        Minor units in a major unit of the currency.
    period : {"month", "quarter"}
        Length of a period.
    attribution : str
        Whom the caption of a chart names.
    """

    name: str
    title: str
    currency: str
    minor_units: int
    period: Literal["month", "quarter"]
    attribution: str


@dataclass(frozen=True)
class Source:
    """An open source.

    Parameters
    ----------
    info : SourceInfo
        What a reader must know of it.
    entries : mapping of str to tuple of Entry
        Contract table: its origins.
    reader : Reader
        Gives the raw files or tables.
    conventions : Conventions
        How numbers and missing values are written.
    """

    info: SourceInfo
    entries: Mapping[str, tuple[Entry, ...]]
    reader: Reader
    conventions: Conventions
    _built: dict[str, ir.Table] = field(init=False, default_factory=dict)
    _read: dict[tuple[str, Quarter | None], ir.Table] = field(
        init=False, default_factory=dict
    )

    def __contains__(self, name: object) -> bool:
        """Say whether the source keeps a contract table, or lets it be derived."""
        return name in self.entries or self.derives(name)

    def __iter__(self) -> Iterator[str]:
        """Give the names of its tables in the contract's order."""
        return (name for name in CONTRACT if name in self)

    def derives(self, name: object) -> bool:
        """Say whether a table is not kept but can be derived.

        Parameters
        ----------
        name : object
            Name of a contract table.

        Returns
        -------
        bool
            Whether it follows from tables that the source has.
        """
        if name in self.entries or not isinstance(name, str) or name not in DERIVED:
            return False
        return all(needed in self for needed in DERIVED[name])

    def build(self, name: str) -> ir.Table:
        """Give a kept table with file, row and failed conversions, all of its time.

        Parameters
        ----------
        name : str
            Name of a contract table that the source keeps.

        Returns
        -------
        ibis.Table
            See `analysis.data.assembly.build_table`.
        """
        if name not in self._built:
            entries = self.entries[name]
            built = build_table(CONTRACT[name], entries, self.reader, self.conventions)
            is_text = any(
                entry.table and self.reader.is_text(entry.table) for entry in entries
            )
            self._built[name] = self.reader.keep(built, copied=is_text)
        return self._built[name]

    def read(self, name: str, quarter: Quarter | None = None) -> ir.Table:
        """Give a table in contract form; nothing after the quarter's end is in it.

        Parameters
        ----------
        name : str
            Name of a contract table.
        quarter : Quarter, optional
            The quarter reported; everything when absent.

        Returns
        -------
        ibis.Table
            Every column of the contract, in its types.
        """
        if (name, quarter) not in self._read:
            kept = name in self.entries
            table = self._select(name, quarter) if kept else self._derive(name, quarter)
            self._read[name, quarter] = self.reader.keep(table, copied=not kept)
        return self._read[name, quarter]

    def inspect(self, name: str, quarter: Quarter | None = None) -> ir.Table:
        """Give a table as `read` does, with file, row and failed conversions beside.

        Parameters
        ----------
        name : str
            Name of a contract table.
        quarter : Quarter, optional
            The quarter reported; everything when absent.

        Returns
        -------
        ibis.Table
            A derived table has no rows in a file and no failed conversions.
        """
        if name not in self.entries:
            origin = f"derived from {', '.join(DERIVED[name])}"
            nowhere = {ROW: ibis.null("int64"), FILE: ibis.literal(origin)}
            return self.read(name, quarter).mutate(**nowhere)
        built = self.build(name)
        return built if quarter is None else self.cut(built, name, quarter)

    def _select(self, name: str, quarter: Quarter | None) -> ir.Table:
        columns = [column.name for column in CONTRACT[name].columns]
        return self.inspect(name, quarter).select(columns)

    def cut(self, table: ir.Table, name: str, quarter: Quarter) -> ir.Table:
        """Leave out of a table what happened after a quarter's last day.

        Parameters
        ----------
        table : ibis.Table
            A contract table, perhaps with more columns.
        name : str
            Its name.
        quarter : Quarter
            The quarter reported.

        Returns
        -------
        ibis.Table
            Rows known on that day; a later day of leaving or settling is missing.
        """
        last_day = quarter.last_day
        for column in {"close_date", "closed_date"}.intersection(table.columns):
            known = table[column] <= last_day
            table = table.mutate({column: known.ifelse(table[column], None)})
        if name in CUT_BY_WAVES and "survey_waves" in self:
            waves = self.read("survey_waves", quarter)
            return table.semi_join(waves, "wave")
        for column in ("period", "date", "open_date", "opened_date"):
            if column in table.columns:
                day = table[column]
                return table.filter((day <= last_day) | day.isnull())
        return table

    def _derive(self, name: str, quarter: Quarter | None) -> ir.Table:
        accounts = self.read("accounts", quarter)
        if name == "customer_periods":
            return derive_customer_periods(self.read("balances", quarter), accounts)
        transactions = self.read("transactions", quarter)
        periods = self._list_periods(transactions, quarter)
        if name == "customer_income":
            return derive_customer_income(transactions, accounts, periods=periods)
        return derive_balances(
            transactions,
            accounts,
            periods=periods,
            minor_units=self.info.minor_units,
        )

    def _list_periods(
        self, transactions: ir.Table, quarter: Quarter | None
    ) -> tuple[Period, ...]:
        span = transactions.agg(
            first=transactions.date.min(), last=transactions.date.max()
        ).to_pyarrow()
        first, last = (span[column][0].as_py() for column in ("first", "last"))
        if first is None:
            when = f" up to {quarter}" if quarter else ""
            problem = Problem(
                f"Table 'transactions' must have rows{when}; it has none.",
                f"source '{self.info.name}'",
                "Name a quarter that the data cover, or bring the extract up to date.",
            )
            raise BadInputError([problem])
        return list_periods(first, last, self.info.period)
