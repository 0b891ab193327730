"""Write contract tables as Parquet: a folder appears whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from analysis.data.contract import CONTRACT, Column, Table
from analysis.errors import BadInputError, Problem

ARROW_TYPES = {
    "text": pa.string(),
    "whole": pa.int64(),
    "number": pa.float64(),
    "date": pa.date32(),
    "flag": pa.bool_(),
    "minor": pa.int64(),
    "rate": pa.float64(),
}
_MARK = "bank.json"
_LONGEST_QUEUE = 3


def write_ids(prefix: str, numbers: NDArray[Any], width: int) -> pa.Array:
    """Write numbers as identifiers such as "C0000123".

    Parameters
    ----------
    prefix : str
        One ASCII letter.
    numbers : array of int, shape (n,)
        Numbers of at most `width` digits, none negative.
    width : int
        Digits.

    Returns
    -------
    pyarrow.Array
        Strings, shape (n,).
    """
    letters = np.empty((len(numbers), width + 1), np.uint8)
    letters[:, 0] = ord(prefix)
    rest = np.asarray(numbers, np.int32)
    for place in range(width, 0, -1):
        shorter = rest // np.int32(10)
        letters[:, place] = (rest - 10 * shorter + 48).astype(np.uint8)
        rest = shorter
    offsets = np.arange(0, letters.size + 1, width + 1, dtype=np.int32)
    buffers = (pa.py_buffer(offsets), pa.py_buffer(letters))
    return pa.StringArray.from_buffers(len(numbers), *buffers)


def write_customer_ids(positions: NDArray[Any]) -> pa.Array:
    """Write positions in the population as customers' keys.

    Parameters
    ----------
    positions : array of int, shape (n,)
        Positions, from 0.

    Returns
    -------
    pyarrow.Array
        Strings, shape (n,).
    """
    return write_ids("C", np.asarray(positions) + 1, 7)


def write_account_ids(numbers: NDArray[Any]) -> pa.Array:
    """Write account numbers as accounts' keys.

    Parameters
    ----------
    numbers : array of int, shape (n,)
        Numbers of the accounts.

    Returns
    -------
    pyarrow.Array
        Strings, shape (n,).
    """
    return write_ids("A", numbers, 8)


def write_codes(codes: NDArray[Any], names: Sequence[str]) -> pa.Array:
    """Write codes as names; a negative code is missing.

    Parameters
    ----------
    codes : array of int, shape (n,)
        Positions in `names`.
    names : sequence of str
        Names.

    Returns
    -------
    pyarrow.Array
        Dictionary-encoded strings, shape (n,).
    """
    positions = np.asarray(codes, np.int32)
    missing = positions < 0 if (positions < 0).any() else None
    indices = pa.array(positions, mask=missing)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(names)))


class BankFolder:
    """A bank's folder while it is being written.

    Everything goes to a temporary folder beside the final one, which takes its name
    when the `with` block ends without an error.

    Parameters
    ----------
    folder : Path
        Final place; an older bank there is replaced.

    Raises
    ------
    BadInputError
        If the folder exists and is not a bank.
    """

    def __init__(self, folder: Path) -> None:
        if folder.exists() and not _may_replace(folder):
            what = f"The folder must be a synthetic bank or empty; it has no '{_MARK}'."
            problem = Problem(what, str(folder), "Choose another folder.")
            raise BadInputError([problem])
        self.folder = folder
        # Two runs at once never share a workplace; the last to finish stays.
        name = f".{folder.name.lstrip('.')}.{os.getpid()}"
        self.workplace = folder.with_name(f"{name}.being-written")
        self._older = folder.with_name(f"{name}.older")
        self.rows: dict[str, int] = {}
        self._executor = ThreadPoolExecutor(max_workers=1)
        self._pending: deque[Future[None]] = deque()

    def __enter__(self) -> BankFolder:
        shutil.rmtree(self.workplace, ignore_errors=True)
        self.workplace.mkdir(parents=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._wait(0)
            if kind is None:
                self._publish()
        finally:
            self._executor.shutdown(cancel_futures=True)
            shutil.rmtree(self.workplace, ignore_errors=True)

    def write(
        self, name: str, columns: Mapping[str, Any], period: date | None = None
    ) -> None:
        """Write a contract table, or one month of it, in the background.

        Parameters
        ----------
        name : str
            Name of a contract table.
        columns : mapping of str to array
            Values by contract column, each of shape (n,); a column left out is
            missing in every row.
        period : date or None
            Last day of the month that the rows belong to; None for a whole table.
        """
        table = CONTRACT[name]
        size = len(next(iter(columns.values())))
        frame = _shape_table(table, columns, size, period)
        path = self.workplace / (
            f"{name}.parquet" if period is None else f"{name}/{period:%Y-%m}.parquet"
        )
        self.rows[name] = self.rows.get(name, 0) + size
        self.write_frame(path, frame)

    def write_truth(self, name: str, frame: pa.Table) -> None:
        """Write a frame of truths to truth/<name>.parquet.

        Parameters
        ----------
        name : str
            Name of the file, without its ending; may hold a folder.
        frame : pyarrow.Table
            What is true.
        """
        self.write_frame(self.workplace / "truth" / f"{name}.parquet", frame)

    def write_text(self, name: str, text: str) -> None:
        """Write a small text file into the bank's folder.

        Parameters
        ----------
        name : str
            Path of the file below the bank's folder.
        text : str
            Its content.
        """
        path = self.workplace / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def write_frame(self, path: Path, frame: pa.Table) -> None:
        """Write any frame in the background; at most three wait at a time.

        Parameters
        ----------
        path : Path
            Where the file goes, below `workplace`.
        frame : pyarrow.Table
            Its content.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        self._wait(_LONGEST_QUEUE - 1)
        self._pending.append(self._executor.submit(_write_parquet, path, frame))

    def _wait(self, allowed: int) -> None:
        while len(self._pending) > allowed:
            self._pending.popleft().result()

    def _publish(self) -> None:
        if self.folder.exists():
            self.folder.rename(self._older)
        self.workplace.rename(self.folder)
        shutil.rmtree(self._older, ignore_errors=True)


def _may_replace(folder: Path) -> bool:
    is_bank = (folder / _MARK).is_file()
    return folder.is_dir() and (is_bank or not any(folder.iterdir()))


def _shape_table(
    table: Table, columns: Mapping[str, Any], size: int, period: date | None
) -> pa.Table:
    arrays = [_shape_column(column, columns, size, period) for column in table.columns]
    return pa.table(arrays, names=[column.name for column in table.columns])


def _shape_column(
    column: Column, columns: Mapping[str, Any], size: int, period: date | None
) -> pa.Array:
    kind = ARROW_TYPES[column.type]
    if column.name == "period" and period is not None:
        return pa.array(np.full(size, period, "datetime64[D]"))
    if column.name not in columns:
        return pa.nulls(size, kind)
    values = columns[column.name]
    if isinstance(values, pa.Array):
        return values
    values = np.asarray(values)
    if values.dtype.kind == "f":
        return pa.array(values.astype(np.float64), kind, from_pandas=True)
    return pa.array(values, kind)


def _write_parquet(path: Path, frame: pa.Table) -> None:
    repeated = [
        field.name
        for field in frame.schema
        if pa.types.is_dictionary(field.type) or pa.types.is_date32(field.type)
    ]
    pq.write_table(
        frame,
        path,
        compression="zstd",
        compression_level=1,
        use_dictionary=repeated,
        store_schema=False,
    )
