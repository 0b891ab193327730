"""The numbers behind every table and chart: a CSV file each, and one workbook for all.

Whoever opens them in a spreadsheet program runs nothing: text is written as text, and
where a file can't say so, a mark before it does. The same notebooks give the same
bytes.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from analysis.presentation.drawing.theme import ACCENT, MUTED_TEXT
from analysis.presentation.rendering.characters import disarm
from analysis.reporting.pages.exhibits import (
    Exhibit,
    Value,
    count_decimals,
    read_exhibits,
)
from analysis.wording import mark, say

WORKBOOK = "tables.xlsx"
"""Name of the workbook in a quarter's folder."""
TABLES_FOLDER = "tables"
"""Folder of the files in a quarter's folder, with one for each study."""
_TITLE = mark("Tables behind the reports")

_UNKNOWN_DAY = "2000-01-01"
"""Date of creation where none is known: the same in every run."""
_FORBIDDEN_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\'\x00-\x1f]+")
_LONGEST_SHEET_NAME = 31
_LONGEST_TEXT = 32_767
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\uffef]")
_WIDTHS = (9, 48)
"""Narrowest and widest column, in digits."""
_HEAD_ROW = 3
_KINDS = {"table": mark("Table"), "chart": mark("Chart")}
_SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_tables(
    staging: Path, studies: Sequence[tuple[str, str, Path]], day: str = ""
) -> dict[Path, str]:
    """Write what the tables and charts of a run's reports show.

    Parameters
    ----------
    staging : pathlib.Path
        The quarter's folder.
    studies : sequence of (str, str, pathlib.Path)
        Name of each study, title of its report and its executed notebook; one that
        has no notebook is left out.
    day : str
        Date of the workbook, "2026-11-22"; empty where unknown.

    Returns
    -------
    dict of pathlib.Path to str
        The files written, `tables.xlsx` and `tables/<study>/NN-<kind>.csv`, each with
        the title of what it holds.
    """
    exhibits = [
        exhibit
        for name, title, notebook in studies
        if notebook.is_file()
        for exhibit in read_exhibits(name, title, notebook)
    ]
    if not exhibits:
        return {}
    workbook = staging / WORKBOOK
    workbook.write_bytes(write_workbook(exhibits, day))
    saved = {_save_csv(staging, exhibit): exhibit.title for exhibit in exhibits}
    return {workbook: say(_TITLE), **saved}


def write_csv(exhibit: Exhibit) -> bytes:
    """Write an exhibit as RFC 4180 text that spreadsheet programs open right.

    Parameters
    ----------
    exhibit : Exhibit
        Any exhibit.

    Returns
    -------
    bytes
        UTF-8 with a byte order mark; the first line holds the heads. Text that a
        spreadsheet program would calculate begins with an apostrophe.
    """
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(map(disarm, exhibit.heads))
    writer.writerows(zip(*map(_write_cells, exhibit.columns), strict=True))
    return written.getvalue().encode("utf-8-sig")


def write_workbook(exhibits: Sequence[Exhibit], day: str = "") -> bytes:
    """Write exhibits as one workbook with a sheet of contents.

    Parameters
    ----------
    exhibits : sequence of Exhibit
        In their order.
    day : str
        Date of the workbook, "2026-11-22"; empty where unknown.

    Returns
    -------
    bytes
        The file. No cell holds a formula; the only links lead to its own sheets.
    """
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, _SAFE) as book:
        title = say(_TITLE)
        created = datetime.fromisoformat(day or _UNKNOWN_DAY)
        book.set_properties({"title": title, "created": created})
        names = _name_sheets(exhibits)
        _write_contents(book, title, exhibits, names)
        for exhibit, name in zip(exhibits, names, strict=True):
            _write_exhibit(book, exhibit, name)
    return content.getvalue()


def _save_csv(staging: Path, exhibit: Exhibit) -> Path:
    path = staging / TABLES_FOLDER / exhibit.study / exhibit.file_name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(write_csv(exhibit))
    return path


def _write_cells(cells: Sequence[Value]) -> Iterator[str]:
    """Write one column, its numbers with the digits that they were rounded to."""
    decimals = count_decimals(cells)
    for cell in cells:
        if isinstance(cell, str):
            yield disarm(cell)
        else:
            yield "" if cell is None else f"{cell:.{decimals}f}"


def _name_sheets(exhibits: Sequence[Exhibit]) -> list[str]:
    """Name sheets by study, place and title; the first two make a name unique."""
    studies = list(dict.fromkeys(exhibit.study for exhibit in exhibits))
    names = []
    for exhibit in exhibits:
        place = f"{studies.index(exhibit.study) + 1}-{exhibit.number:02}"
        title = _FORBIDDEN_IN_SHEET_NAMES.sub(" ", exhibit.title)
        name = f"{place} {' '.join(title.split())}"[:_LONGEST_SHEET_NAME]
        names.append(name.strip())
    return names


def _write_contents(
    book: xlsxwriter.Workbook,
    title: str,
    exhibits: Sequence[Exhibit],
    names: Sequence[str],
) -> None:
    sheet = book.add_worksheet(_contents_name())
    sheet.write_string(0, 0, title, _format(book, "title"))
    hidden = say("A number that could tell of single customers is hidden.")
    sheet.write_string(1, 0, hidden, _format(book, "quiet"))
    columns: dict[str, tuple[Value, ...]] = {
        say("Report"): tuple(each.study_title for each in exhibits),
        say("Kind"): tuple(say(_KINDS[each.kind]) for each in exhibits),
        say("Title"): tuple(each.title for each in exhibits),
        say("Unit"): tuple(say(", ").join(each.units) for each in exhibits),
        say("Source"): tuple(each.source for each in exhibits),
        say("Observations"): tuple(each.nobs for each in exhibits),
        say("Sheet"): tuple(names),
    }
    _write_columns(book, sheet, tuple(columns), tuple(columns.values()))
    for row, name in enumerate(names, start=_HEAD_ROW + 1):
        link = _format(book, "link")
        sheet.write_url(row, len(columns) - 1, f"internal:'{name}'!A1", link, name)


def _write_exhibit(book: xlsxwriter.Workbook, exhibit: Exhibit, name: str) -> None:
    sheet = book.add_worksheet(name)
    sheet.write_string(0, 0, exhibit.title, _format(book, "title"))
    if exhibit.subtitle:
        sheet.write_string(1, 0, exhibit.subtitle, _format(book, "quiet"))
    back = f"internal:'{_contents_name()}'!A1"
    sheet.write_url(2, 0, back, _format(book, "link"), say("Contents"))
    _write_columns(book, sheet, exhibit.heads, exhibit.columns)
    below = _HEAD_ROW + len(exhibit.rows) + 2
    source = say("Source: {source}", source=exhibit.source)
    for row, text in enumerate((*exhibit.notes, source), start=below):
        sheet.write_string(row, 0, text[:_LONGEST_TEXT], _format(book, "quiet"))


def _write_columns(
    book: xlsxwriter.Workbook,
    sheet: xlsxwriter.worksheet.Worksheet,
    heads: Sequence[str],
    columns: Sequence[Sequence[Value]],
) -> None:
    sheet.freeze_panes(_HEAD_ROW + 1, 0)
    for place, (head, cells) in enumerate(zip(heads, columns, strict=True)):
        has_numbers = any(isinstance(cell, int | float) for cell in cells)
        number_format = _format(book, "number", count_decimals(cells))
        text_format = _format(book, "hidden" if has_numbers else "text")
        head_format = _format(book, "number head" if has_numbers else "head")
        sheet.write_string(_HEAD_ROW, place, head, head_format)
        for row, cell in enumerate(cells, start=_HEAD_ROW + 1):
            if isinstance(cell, str):
                sheet.write_string(row, place, cell[:_LONGEST_TEXT], text_format)
            elif cell is not None:
                sheet.write_number(row, place, cell, number_format)
        sheet.set_column(place, place, _measure_column(head, cells))


def _measure_column(head: str, cells: Sequence[Value]) -> int:
    narrowest, widest = _WIDTHS
    texts = (cell if isinstance(cell, str) else f"{cell or 0:,}" for cell in cells)
    longest = max(len(text) + len(_WIDE.findall(text)) for text in (head, *texts))
    return min(max(longest + 2, narrowest), widest)


def _contents_name() -> str:
    return say("Contents")


def _format(
    book: xlsxwriter.Workbook, name: str, decimals: int = 0
) -> xlsxwriter.format.Format:
    digits = "." + "0" * decimals if decimals else ""
    looks: dict[str, dict[str, Any]] = {
        "title": {"bold": True, "font_size": 13},
        "quiet": {"font_color": MUTED_TEXT},
        "link": {"font_color": ACCENT, "underline": 1},
        "head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"},
        "text": {"valign": "top", "text_wrap": True},
        "hidden": {"align": "right", "font_color": MUTED_TEXT},
        "number": {"num_format": f"#,##0{digits}", "valign": "top"},
    }
    looks["number head"] = {**looks["head"], "align": "right"}
    return book.add_format(looks[name])
