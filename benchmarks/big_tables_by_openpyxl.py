"""A big table by openpyxl, row by row in its write-only mode."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table, TableColumn

from benchmarks.table_data import COLUMNS, FORMATS, HEADERS, KINDS, Row, rows_of

NAME = "Rows"


def written(size: int, folder: Path) -> Callable[[], object]:
    """Write the table from rows."""
    rows = rows_of(size)
    return lambda: _write(folder / "openpyxl.xlsx", rows)


def _write(target: Path, rows: list[Row]) -> None:
    book = Workbook(write_only=True)
    page = book.create_sheet(NAME)
    page.append(HEADERS)
    for row in rows:
        page.append(_cells(partial(WriteOnlyCell, page), row))
    last = f"{get_column_letter(COLUMNS)}{len(rows) + 1}"
    table = Table(displayName=NAME, ref=f"A1:{last}")
    table.tableColumns = [
        TableColumn(id=number, name=header) for number, header in enumerate(HEADERS, start=1)
    ]
    page.add_table(table)
    book.save(target)


def _cells(new_cell: Callable[..., Cell], row: Row) -> Iterator[Cell]:
    for value, kind in zip(row, KINDS, strict=True):
        cell = new_cell(value=value)
        cell.number_format = FORMATS[kind]
        yield cell
