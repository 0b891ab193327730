"""Rows that several results are computed from, kept once inside the engine."""

from __future__ import annotations

import ibis


def keep_rows(rows: ibis.Table, name: str) -> ibis.Table:
    """Compute rows once, as a temporary table of the engine.

    Parameters
    ----------
    rows : ibis.Table
        Rows not yet computed.
    name : str
        What the rows are, for the name of the table.

    Returns
    -------
    ibis.Table
        The same rows, computed.
    """
    return rows.get_backend().create_table(ibis.util.gen_name(name), rows, temp=True)
