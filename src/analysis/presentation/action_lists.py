"""Lists of customers to act on: named for named persons only, a count for all others.

The management edition says how many customers there are and nothing else. In the
restricted edition the list is a file with the bank's keys, and the report shows the
same rows under pseudonyms, with rounded amounts and one attribute at most.
"""

from __future__ import annotations

import csv
import datetime
import math
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from analysis.presentation.disclosure import MINIMUM_CELL, release_public
from analysis.presentation.disclosure.pseudonyms import make_pseudonyms, read_key
from analysis.presentation.notes import Note
from analysis.presentation.rendering.characters import disarm
from analysis.presentation.tables import DisplayColumn, DisplayTable
from analysis.units import write_number
from analysis.wording import say

LISTS_VARIABLE: Final = "QUARTERBOOK_RESTRICTED"
"""Environment variable with the folder for lists; absent in the management edition."""

KEY_VARIABLE: Final = "QUARTERBOOK_KEY"
"""Environment variable with the pseudonyms' key file; beside the lists if absent."""

_CUSTOMER = "customer_id"
_PSEUDONYM = "pseudonym"
_N_SHOWN = 20
"""Customers of a list that the page shows; the file holds them all."""

_SIGNIFICANT_DIGITS = 3
_KEY_FORM = re.compile(r"[a-z][a-z0-9_]*")
_OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ActionList:
    """Customers to act on.

    Parameters
    ----------
    key : str
        Name of the list and of its file: small letters, digits and underscores.
    title : str
        What the customers have in common, as a sentence.
    rows : pandas.DataFrame
        One row per customer, most urgent first, with `customer_id` and every column
        named.
    columns : tuple of DisplayColumn
        What the file holds beside the key. The report shows the numbers, rounded to
        three significant digits, and the first column that is text or a date; a
        band ("50 to 59") is better there than a value.
    source : str
        Tables that the list comes from.
    quarter : str
        Quarter of the list; pseudonyms change with it.
    n : int
        Customers to act on; the rows may be the most urgent of them.
    """

    key: str
    title: str
    rows: pd.DataFrame
    columns: tuple[DisplayColumn, ...]
    source: str
    quarter: str
    n: int

    def __post_init__(self) -> None:
        names = [_CUSTOMER, *(column.name for column in self.columns)]
        missing = [name for name in names if name not in self.rows.columns]
        if missing:
            message = (
                f"List {self.key!r} must have columns {missing}. "
                f"It has {list(self.rows.columns)}."
            )
            raise ValueError(message)
        if not _KEY_FORM.fullmatch(self.key):
            message = (
                f"A list's key must be small letters, digits and underscores, not "
                f"{self.key!r}."
            )
            raise ValueError(message)


def open_list(listed: ActionList) -> tuple[Note] | tuple[Note, DisplayTable]:
    """Give what the reader of this edition may see of a list.

    Parameters
    ----------
    listed : ActionList
        Customers to act on.

    Returns
    -------
    tuple
        One sentence in the management edition. In the restricted edition the list is
        written to its file, and a sentence and a table of pseudonyms are given.
    """
    folder = os.environ.get(LISTS_VARIABLE, "")
    if not folder:
        return (Note(_count(listed.n)),)
    key_file = Path(os.environ.get(KEY_VARIABLE) or Path(folder) / "key")
    pseudonyms = make_pseudonyms(
        listed.rows[_CUSTOMER].astype(str).tolist(),
        key=read_key(key_file),
        quarter=listed.quarter,
    )
    path = Path(folder) / f"{listed.key}.csv"
    _write_file(path, listed, pseudonyms)
    told = say(
        "{n} customers are on this list; {file} names them.",
        n=write_number(listed.n),
        file=f"lists/{path.name}",
    )
    return Note(told), _tabulate(listed, pseudonyms)


def _count(n: int) -> str:
    if n == 0:
        return say("No customer is on the list of customers to act on.")
    if n < MINIMUM_CELL:
        return say(
            "A list of fewer than {minimum} customers to act on is in the restricted "
            "edition.",
            minimum=MINIMUM_CELL,
        )
    return say(
        "A list of {n} customers to act on is in the restricted edition.",
        n=write_number(n),
    )


def _write_file(path: Path, listed: ActionList, pseudonyms: Sequence[str]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=_OWNER_ONLY)
    names = [column.name for column in listed.columns]
    chosen = listed.rows[[_CUSTOMER, *names]].itertuples(index=False, name=None)
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        labels = [column.label for column in listed.columns]
        writer.writerow(map(_write_value, (_PSEUDONYM, _CUSTOMER, *labels)))
        for pseudonym, row in zip(pseudonyms, chosen, strict=True):
            writer.writerow(map(_write_value, (pseudonym, *row)))


def _write_value(value: object) -> object:
    return disarm(value) if isinstance(value, str) else value


def _tabulate(listed: ActionList, pseudonyms: Sequence[str]) -> DisplayTable:
    shown = tuple(_choose_columns(listed))
    rows = pd.DataFrame({_PSEUDONYM: pseudonyms[:_N_SHOWN]})
    for column in shown:
        values = listed.rows[column.name].head(_N_SHOWN).tolist()
        rows[column.name] = pd.Series([_coarsen(value) for value in values])
    head = DisplayColumn(_PSEUDONYM, say("Pseudonym"))
    return DisplayTable(
        title=listed.title,
        released=release_public(rows, reason="pseudonyms for named persons"),
        columns=(head, *shown),
        source=listed.source,
        note=say(
            "The first {n} of {total}. Amounts are rounded to three digits; pseudonyms "
            "hold for one quarter.",
            n=len(rows),
            total=write_number(listed.n),
        ),
    )


def _choose_columns(listed: ActionList) -> Iterator[DisplayColumn]:
    """Give the columns of numbers and, of all others, the first."""
    has_attribute = False
    for column in listed.columns:
        is_number = column.unit is not None or column.decimals is not None
        if is_number or not has_attribute:
            yield column
        has_attribute = has_attribute or not is_number


def _coarsen(value: object) -> object:
    if isinstance(value, datetime.date):
        return str(value.year)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    if value == 0 or not math.isfinite(value):
        return value
    digits = _SIGNIFICANT_DIGITS - 1 - math.floor(math.log10(abs(value)))
    return round(value, digits)
