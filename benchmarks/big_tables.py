"""A big table by clv_xl: XlsxWriter makes the workbook with one row, the others are spliced in."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pandas as pd

from benchmarks.big_tables_by_xlsxwriter import NAME, write_table
from benchmarks.table_data import COLUMNS, HEADERS, KINDS, frame
from clv_xl.workbooks.big_tables import Column, splice_rows


def spliced(size: int, folder: Path) -> Callable[[], object]:
    """Write the table from a frame of columns."""
    data = frame(size)
    return lambda: _write(data, folder / "spliced.xlsx")


def _write(data: pd.DataFrame, file: Path) -> None:
    columns = [
        Column(data[header].to_numpy(), kind) for header, kind in zip(HEADERS, KINDS, strict=True)
    ]
    skeleton = BytesIO()
    write_table(skeleton, [[None] * COLUMNS])
    with file.open("wb") as target:
        splice_rows(skeleton, target, sheet=NAME, table=NAME, columns=columns)
