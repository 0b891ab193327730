"""The mapping language: how one bank's extract becomes the contract's tables.

A mapping says where each contract table comes from, which column is which, in which
unit and under which codes. It holds no code: what it cannot express belongs into the
bank's own extract. Reading a file of it is the task of `analysis.data.mapping_files`.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from analysis.data.mapping_values import (
    Currency,
    DateFormat,
    Encoding,
    Pattern,
    count_minor_units,
)
from analysis.wording import Language

Words = str | Mapping[Language, str]
"""One text for all readers, or one for each language."""
Scalar = bool | int | float | datetime.date | str
Operator = Literal["=", "!=", "<", "<=", ">", ">=", "in", "not in", "missing", "given"]
Unit = Literal[
    "minor",
    "major",
    "thousand",
    "ten_thousand",
    "million",
    "hundred_million",
    "decimal",
    "percent",
    "basis_points",
]

MONEY_UNITS: dict[str, float] = {
    "major": 1.0,
    "thousand": 1e3,
    "ten_thousand": 1e4,
    "million": 1e6,
    "hundred_million": 1e8,
}
"""How many major units one of each money unit is; "minor" depends on the currency."""
RATE_UNITS: dict[str, float] = {"decimal": 1.0, "percent": 1e-2, "basis_points": 1e-4}
"""What one of each rate unit is as a decimal."""


def _write_text(value: object) -> object:
    """Let YAML's numbers and flags stand for the text that a file would hold."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


Text = Annotated[str, BeforeValidator(_write_text)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Condition(_Part):
    """Keep only rows that meet a condition.

    A row whose value is missing meets "missing", "not in" and "!=", and nothing else.
    """

    column: str = Field(description="Column of the file.")
    op: Operator = Field(description="How the column is compared.")
    value: Scalar | tuple[Scalar, ...] | None = Field(
        None, description="What it is compared with: a list for 'in' and 'not in'."
    )

    @model_validator(mode="after")
    def _check_value(self) -> Self:
        if self.op in ("missing", "given"):
            if self.value is not None:
                message = f"'{self.op}' can't have a value"
                raise ValueError(message)
        elif self.op in ("in", "not in"):
            if not isinstance(self.value, tuple) or not self.value:
                message = f"'{self.op}' must have a list of values"
                raise ValueError(message)
        elif self.value is None or isinstance(self.value, tuple):
            message = f"'{self.op}' must have one value"
            raise ValueError(message)
        return self

    @property
    def values(self) -> tuple[str, ...]:
        """The values of "in" and "not in", as text."""
        listed = self.value if isinstance(self.value, tuple) else (self.value,)
        return tuple(str(value) for value in listed)


class ColumnMapping(_Part):
    """Where the values of one contract column come from, and how they are written."""

    source: str | None = Field(None, alias="from", description="Column of the file.")
    constant: Scalar | None = Field(
        None, description="One value for all rows, in the contract's own unit."
    )
    row_number: bool = Field(
        False, description="Number the rows of the file, where it has no key."
    )
    unit: Unit | None = Field(None, description="Unit in which the file holds it.")
    scale: float = Field(1.0, description="Factor, such as -1 for the other sign.")
    offset: float = Field(0.0, description="What is added after the factor.")
    pattern: Pattern | None = Field(
        None, description="Regular expression; its first group is the value."
    )
    codes: dict[Text, Text] = Field(
        default_factory=dict, description="Code in the file: code in the contract."
    )
    missing: tuple[Text, ...] = Field(
        (), description="Marks that stand for a missing value, besides blanks."
    )
    date_format: DateFormat | None = Field(
        None, description="How a date is written, such as %Y%m%d, or 'quarter'."
    )
    period_end: Literal["month", "quarter"] | None = Field(
        None, description="Move a day to the last day of its month or quarter."
    )

    @model_validator(mode="before")
    @classmethod
    def _read_short_form(cls, value: object) -> object:
        return {"from": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _check_origin(self) -> Self:
        origins = (self.source is not None, self.constant is not None, self.row_number)
        if sum(origins) != 1:
            message = "a column must have exactly one of from, constant, row_number"
            raise ValueError(message)
        return self


class Join(_Part):
    """Another file whose columns are looked up; they are written `name.column`."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="Name of the join.")
    table: str = Field(description="File or table that is looked up.")
    match: dict[str, str] = Field(
        min_length=1, description="Column here: column of the other file."
    )
    where: tuple[Condition, ...] = Field((), description="Rows of it to use.")
    required: bool = Field(
        False, description="Whether rows without a partner are left out."
    )


class Unpivot(_Part):
    """Turn a wide table into a long one: one row per row and listed column."""

    columns: tuple[str, ...] = Field(min_length=1, description="Columns to turn.")
    name: str = Field("item", description="Column that will hold their names.")
    value: str = Field("score", description="Column that will hold their values.")


class Entry(_Part):
    """One origin of a contract table; several origins are put under each other."""

    table: str | None = Field(
        None, description="File, folder of files, pattern of files, or table."
    )
    rows: tuple[dict[str, Scalar | None], ...] = Field(
        (), description="The rows themselves, in the contract's columns and units."
    )
    where: tuple[Condition, ...] = Field((), description="Rows to use.")
    join: tuple[Join, ...] = Field((), description="Files that are looked up.")
    unpivot: Unpivot | None = Field(None, description="Wide to long.")
    columns: dict[str, ColumnMapping] = Field(
        default_factory=dict, description="Contract column: where it comes from."
    )
    distinct: bool = Field(False, description="Whether equal rows count once.")
    average: bool = Field(
        False, description="Whether rows of the same key are averaged."
    )

    @model_validator(mode="after")
    def _check_origin(self) -> Self:
        if (self.table is None) == (not self.rows):
            message = "a table must have either a file or table, or rows"
            raise ValueError(message)
        if self.rows and (self.columns or self.where or self.join or self.unpivot):
            message = "rows can't be combined with columns, where, join or unpivot"
            raise ValueError(message)
        if self.table is not None and not self.columns:
            message = "a table must list its columns"
            raise ValueError(message)
        return self


class CsvOptions(_Part):
    """How the text files of a source are written."""

    encoding: Encoding = Field(
        "auto", description="Such as gb18030; 'auto' tries UTF-8, then GB18030."
    )
    delimiter: str = Field(
        ",", min_length=1, max_length=1, description="What parts the columns."
    )
    quote: str = Field('"', min_length=1, max_length=1, description="Quotation mark.")
    decimal: str = Field(".", min_length=1, max_length=1, description="Decimal mark.")
    thousands: str = Field("", max_length=1, description="Mark between thousands.")
    missing: tuple[Text, ...] = Field(
        (), description="Marks that stand for a missing value in any column."
    )

    @model_validator(mode="after")
    def _check_marks(self) -> Self:
        if self.thousands == self.decimal:
            message = "thousands and decimal must be different marks"
            raise ValueError(message)
        if self.quote in (self.delimiter, self.decimal, self.thousands):
            message = "quote must differ from the other marks"
            raise ValueError(message)
        return self


class SparkOptions(_Part):
    """How a Spark cluster is reached, and what it keeps."""

    master: str | None = Field(
        None,
        description="Cluster: yarn, k8s://…, spark://host:7077 or local[*]; ${NAME} is "
        "replaced. Spark's own configuration names it when absent.",
    )
    reads: Literal["folder", "database"] = Field(
        "folder",
        description="What the location names: a folder of Parquet files that every "
        "machine of the cluster can read, or a database of Spark's catalogue.",
    )
    settings: dict[str, Text] = Field(
        default_factory=dict,
        description="Settings of Spark, such as spark.executor.memory: 8g; ${NAME} is "
        "replaced.",
    )


def _read_entries(value: object) -> object:
    """Let one entry stand for a list of one."""
    return [value] if isinstance(value, dict) else value


Entries = Annotated[tuple[Entry, ...], BeforeValidator(_read_entries)]


class SourceMapping(_Part):
    """One source: where it is, in which currency, and how its tables map."""

    title: Words = Field(description="Name of the source for readers.")
    attribution: Words = Field(description="Whom the caption of a chart names.")
    currency: Currency = Field(description="ISO 4217 code.")
    minor_units: int = Field(
        100, ge=1, description="Minor units in a major unit of the currency."
    )
    period: Literal["month", "quarter"] = Field(description="Length of a period.")
    kind: Literal["parquet", "csv", "duckdb", "sql", "spark"] = Field(
        description="What is found at the location."
    )
    location: str = Field(
        description="Folder, DuckDB file, URL, or database of Spark's catalogue; "
        "${NAME:-default} is replaced."
    )
    layout: Literal["mapped", "contract"] = Field(
        "mapped", description="'contract': tables are named and typed as in it."
    )
    obtain: str = Field(
        "Check `location` in its mapping file.", description="How to get the data."
    )
    csv: CsvOptions = Field(default_factory=CsvOptions, description="Text files.")
    spark: SparkOptions = Field(
        default_factory=SparkOptions, description="Spark cluster."
    )
    tables: dict[str, Entries] = Field(
        default_factory=dict, description="Contract table: where it comes from."
    )

    @property
    def keeps_tables(self) -> bool:
        """Whether a database keeps the data: its rows have no file and no order."""
        if self.kind == "spark":
            return self.spark.reads == "database"
        return self.kind in ("duckdb", "sql")

    @model_validator(mode="after")
    def _check_layout(self) -> Self:
        if (self.layout == "mapped") == (not self.tables):
            message = "tables must be listed, unless layout is contract"
            raise ValueError(message)
        numbered = any(
            column.row_number
            for entries in self.tables.values()
            for entry in entries
            for column in entry.columns.values()
        )
        if numbered and self.keeps_tables:
            message = "row_number can't be used with a database: its rows have no order"
            raise ValueError(message)
        wanted = count_minor_units(self.currency)
        if self.minor_units != wanted:
            message = f"the minor_units of {self.currency} must be {wanted}"
            raise ValueError(message)
        empty = [name for name, entries in self.tables.items() if not entries]
        if empty:
            message = f"tables {empty} must have an origin"
            raise ValueError(message)
        return self
