"""A big table by XlsxWriter, row by row."""

from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import xlsxwriter

from benchmarks.table_data import COLUMNS, FORMATS, HEADERS, KINDS, rows_of

NAME = "Rows"


def written(size: int, folder: Path) -> Callable[[], object]:
    """Write the table from rows."""
    rows = rows_of(size)
    return lambda: write_table(folder / "xlsxwriter.xlsx", rows)


def write_table(target: Path | BytesIO, rows: Sequence[Sequence[object]]) -> None:
    """Write a workbook with one sheet and one table."""
    with xlsxwriter.Workbook(target) as book:
        page = book.add_worksheet(NAME)
        shapes = [book.add_format({"num_format": FORMATS[kind]}) for kind in KINDS]
        columns = [{"header": header} for header in HEADERS]
        page.add_table(0, 0, len(rows), COLUMNS - 1, {"name": NAME, "columns": columns})
        for number, row in enumerate(rows, start=1):
            for place, (value, shape) in enumerate(zip(row, shapes, strict=True)):
                page.write(number, place, value, shape)
