"""Ibis's Spark backend, made to give what the embedded engine gives.

Ibis hands rows over through pandas, in a way that pandas 3 warns of and that turns
whole numbers with gaps into floats; Spark 4 speaks Arrow. A number such as 0.05 is a
decimal in Spark's SQL, cut to few digits in a division; here it is a float. Rows that
are kept stay on the cluster.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar

import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import sqlglot.expressions as sge
from ibis.backends.pyspark import Backend
from ibis.backends.sql.compilers.pyspark import PySparkCompiler
from ibis.formats.pandas import PandasData
from ibis.formats.pyarrow import PyArrowData


class _Compiler(PySparkCompiler):  # type: ignore[misc]
    """Writes Spark's SQL; two things that Ibis leaves out or writes otherwise."""

    __slots__ = ()
    SIMPLE_OPS: ClassVar = {ops.BitOr: "bit_or"}

    def visit_NonNullLiteral(  # noqa: N802 - Ibis names it
        self, op: ops.Literal, *, value: object, dtype: dt.DataType
    ) -> Any:  # noqa: ANN401 - sqlglot's nodes
        if isinstance(value, float) and dtype.is_floating() and math.isfinite(value):
            return self.cast(sge.convert(value), dtype)
        return super().visit_NonNullLiteral(op, value=value, dtype=dtype)


class ArrowBackend(Backend):  # type: ignore[misc]
    """A connection to Spark; `ArrowBackend().connect(session)` opens it."""

    compiler = _Compiler()

    @property
    def session(self) -> Any:  # noqa: ANN401 - pyspark is optional
        """Spark's session."""
        return self._session

    def to_pyarrow(
        self,
        expr: ir.Expr,
        /,
        *,
        params: Mapping[ir.Scalar, Any] | None = None,
        limit: int | str | None = None,
        **kwargs: object,
    ) -> Any:  # noqa: ANN401 - a table, a column or a value, as the expression is
        """Compute an expression on the cluster and fetch its result.

        Parameters
        ----------
        expr : ibis.Expr
            Table, column or value.
        params : mapping, optional
            Values of its parameters.
        limit : int, str or None
            Most rows wanted.
        **kwargs : object
            Passed to the compiler.

        Returns
        -------
        pyarrow.Table, pyarrow.ChunkedArray or pyarrow.Scalar
            In the types of the expression.
        """
        table = expr.as_table()
        self._run_pre_execute_hooks(table)
        query = self.compile(table, params=params, limit=limit, **kwargs)
        rows = PyArrowData.convert_table(self.raw_sql(query).toArrow(), table.schema())
        return expr.__pyarrow_result__(rows)

    def execute(
        self,
        expr: ir.Expr,
        /,
        *,
        params: Mapping[ir.Scalar, Any] | None = None,
        limit: int | str | None = None,
        **kwargs: object,
    ) -> Any:  # noqa: ANN401 - a frame, a series or a value, as the expression is
        """Compute an expression on the cluster and fetch its result for pandas.

        Parameters
        ----------
        expr : ibis.Expr
            Table, column or value.
        params : mapping, optional
            Values of its parameters.
        limit : int, str or None
            Most rows wanted.
        **kwargs : object
            Passed to the compiler.

        Returns
        -------
        pandas.DataFrame, pandas.Series or a value
            In the types that the embedded engine gives.
        """
        table = expr.as_table()
        rows = self.to_pyarrow(table, params=params, limit=limit, **kwargs)
        # Through a list, a missing whole number does not pass through a float.
        columns = {
            name: column.to_pylist() if column.null_count else column.to_pandas()
            for name, column in zip(rows.column_names, rows.columns, strict=True)
        }
        frame = PandasData.convert_table(pd.DataFrame(columns), table.schema())
        return expr.__pandas_result__(frame)

    def create_table(
        self,
        name: str,
        /,
        obj: ir.Table | None = None,
        *,
        temp: bool | None = None,
        **kwargs: object,
    ) -> ir.Table:
        """Create a table; a temporary one holds its rows on the cluster.

        Parameters
        ----------
        name : str
            Its name.
        obj : ibis.Table, optional
            Its rows.
        temp : bool, optional
            Whether it ends with the session; nothing is written to a catalogue then.
        **kwargs : object
            What Ibis takes besides.

        Returns
        -------
        ibis.Table
            The table created.
        """
        if not temp or obj is None:
            return super().create_table(name, obj, temp=temp, **kwargs)
        self._run_pre_execute_hooks(obj)
        return self._create_cached_table(name, obj)

    def _register_in_memory_table(self, op: ops.InMemoryTable) -> None:
        rows: pa.Table = op.data.to_pyarrow(op.schema)
        self._session.createDataFrame(rows).createOrReplaceTempView(op.name)
