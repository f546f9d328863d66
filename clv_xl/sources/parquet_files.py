"""Parquet: typed columns, handed on as text like every other table."""

import numpy as np
import pandas as pd

from clv_xl.errors import DataError, SourceError
from clv_xl.sources.raw_table import (
    EXACT_INTEGERS_END,
    RawTable,
    SourceFile,
    cell_text,
    refuse_too_wide,
)

try:
    import pyarrow as pa
    from pyarrow import compute, parquet
except ImportError:  # no wheel for WebAssembly
    parquet = None


def read_parquet(file: SourceFile) -> RawTable:
    """Return the table of a Parquet file; moments in a time zone become its local time."""
    if parquet is None:
        raise SourceError(f"{file.name} is a Parquet file: install pyarrow to read it")
    try:
        table = parquet.read_table(pa.BufferReader(file.data))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise SourceError(f"{file.name} cannot be read as Parquet: {error}") from None
    refuse_too_wide(file.name, table.num_columns)
    if table.num_rows == 0:
        raise DataError(f"{file.name} has a header but no rows below it")
    columns = dict(enumerate(table.itercolumns()))
    return RawTable(
        source=file.name,
        headers=tuple(str(name) for name in table.column_names),
        cells=pd.DataFrame({at: _text(column) for at, column in columns.items()}),
        rows=np.arange(1, table.num_rows + 1, dtype=np.int64),
        has_header=True,
        sha256=file.sha256,
        numbers={
            at: np.ones(table.num_rows, dtype=np.bool_)
            for at, column in columns.items()
            if pa.types.is_floating(column.type)
            or pa.types.is_integer(column.type)
            or pa.types.is_decimal(column.type)
        },
    )


def _text(column: "pa.ChunkedArray") -> pd.Series:
    """Write one Arrow column as text: whole numbers without a decimal mark, dates as ISO."""
    kind = column.type
    if pa.types.is_timestamp(kind):
        local = column if kind.tz is None else compute.local_timestamp(column)
        column = local.cast(pa.timestamp("s"), safe=False)
    elif pa.types.is_floating(kind):
        return _floats_text(column.to_pandas().to_numpy(dtype=np.float64))
    elif not (pa.types.is_integer(kind) or pa.types.is_decimal(kind) or pa.types.is_date(kind)):
        return pd.Series([cell_text(value) for value in column.to_pylist()], dtype=str)
    written: pd.Series = column.cast(pa.string()).to_pandas()
    return written.fillna("").astype(str)


def _floats_text(values: np.ndarray) -> pd.Series:
    """Write floats; a column of ids that became floats because of its blanks reads as ids again."""
    blank = np.isnan(values)
    with np.errstate(invalid="ignore"):
        whole = (np.abs(values) < EXACT_INTEGERS_END) & (values == np.floor(values))
    if (whole | blank).all():
        written = pd.Series(np.where(whole, values, 0).astype(np.int64)).astype(str)
        return written.mask(pd.Series(blank), "")
    return pd.Series([cell_text(value) for value in values.tolist()], dtype=str)
