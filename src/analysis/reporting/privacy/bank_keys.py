"""Find the bank's own keys of persons, accounts and bookings among written words.

The bank's tables stay where they are: the words go to the engine, not the keys to us.
A key is told from a count only if it is distinctive: letters with digits, or at least
eight digits. Keys that are short plain numbers are not searched, and that is said.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from analysis.data.contract import CONTRACT
from analysis.data.opening import Source

_WORD = re.compile(r"[0-9A-Za-z]+(?:[-_][0-9A-Za-z]+)*")
_DECIMAL = re.compile(r"[0-9]+\.(?!0(?![0-9]))[0-9]+")
"""A number with digits after its point; a key held as a number ends in ".0"."""
_BREAK = re.compile(r"[-_]")
_SHORTEST_MIXED, _SHORTEST_NUMBER = 5, 8
_DISTINCTIVE = re.compile(
    rf"(?=.*[A-Z])(?=.*[0-9]).{{{_SHORTEST_MIXED},}}|[0-9]{{{_SHORTEST_NUMBER},}}"
)
_ENDING = "_id"
_LONGEST_WORD = 64
_MOST_PARTS = 8


@dataclass(frozen=True, slots=True)
class KeyColumn:
    """A column of the source that holds keys.

    Parameters
    ----------
    table, column : str
        Names in the contract.
    n_distinctive : int
        Keys that can be told from a count; the others are not searched.
    n_others : int
        Keys that cannot.
    """

    table: str
    column: str
    n_distinctive: int
    n_others: int


def list_words(text: str) -> set[str]:
    """Give the words of a text that may be keys, as keys are compared.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    set of str
        Distinctive words without their hyphens, in capitals; of a word with hyphens
        also its parts. The digits of a decimal number are no word.
    """
    plain = text
    if not text.isascii():
        plain = unicodedata.normalize("NFKC", text)
        plain = "".join(c for c in plain if unicodedata.category(c) != "Cf")
    plain = _DECIMAL.sub(" ", plain)
    return {
        word.upper()
        for match in _WORD.finditer(plain)
        for word in _join_parts(_BREAK.split(match[0]))
        if len(word) <= _LONGEST_WORD and _DISTINCTIVE.fullmatch(word.upper())
    }


def find_key_columns(source: Source) -> tuple[KeyColumn, ...]:
    """List the columns with keys of persons, accounts and bookings.

    Parameters
    ----------
    source : Source
        The source of the run.

    Returns
    -------
    tuple of KeyColumn
        Each kind of key once, where the source keeps it first.
    """
    return tuple(
        _count_keys(source, table, column) for table, column in _list_columns(source)
    )


def find_keys(
    source: Source, columns: Sequence[KeyColumn], words: Collection[str]
) -> set[tuple[KeyColumn, str]]:
    """Give the words that are keys of the bank.

    Parameters
    ----------
    source : Source
        The source of the run.
    columns : sequence of KeyColumn
        Which keys.
    words : collection of str
        Words as `list_words` gives them.

    Returns
    -------
    set of tuple of KeyColumn and str
        Those that stand in a column, with the column.
    """
    if not words or not columns:
        return set()
    keys = ibis.union(
        *(
            source.read(column.table).select(
                place=ibis.literal(place, "int64"),
                key=lambda table, name=column.column: _normalise(table[name]),
            )
            for place, column in enumerate(columns)
        )
    )
    # An array in the query: no table is made in the bank's database, and the engine
    # joins by hash where it would compare a list word by word.
    asked = ibis.literal(sorted(words)).unnest().name("key").as_table()
    hits = keys.semi_join(asked, "key").distinct().to_pyarrow().to_pylist()
    return {(columns[hit["place"]], hit["key"]) for hit in hits}


def _join_parts(parts: list[str]) -> Iterator[str]:
    """Give every run of neighbouring parts as one word."""
    for start in range(len(parts)):
        for end in range(start + 1, min(len(parts), start + _MOST_PARTS) + 1):
            yield "".join(parts[start:end])


def _list_columns(source: Source) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for table in source:
        for column in CONTRACT[table].columns:
            is_key = column.name.endswith(_ENDING) and column.name not in seen
            if is_key and table in source.entries:
                seen.add(column.name)
                yield table, column.name


def _count_keys(source: Source, table: str, column: str) -> KeyColumn:
    keys = source.read(table)[column].name("key").as_table()
    key = _normalise(keys.key)
    has_letter, has_digit = key.re_search("[A-Z]"), key.re_search("[0-9]")
    mixed = has_letter & has_digit & (key.length() >= _SHORTEST_MIXED)
    long = ~has_letter & (key.length() >= _SHORTEST_NUMBER)
    counted = keys.agg(
        distinctive=(mixed | long).sum().coalesce(0), every=keys.key.count()
    ).to_pyarrow()
    distinctive, every = (counted[name][0].as_py() for name in counted.column_names)
    return KeyColumn(table, column, int(distinctive), int(every - distinctive))


def _normalise(column: ir.StringColumn) -> ir.StringColumn:
    return column.upper().re_replace("[^0-9A-Z]", "")
