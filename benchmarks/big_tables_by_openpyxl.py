"""A big table by openpyxl, row by row in its write-only mode."""

from collections.abc import Callable, Iterator
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.table import Table, TableColumn

from benchmarks.table_data import COLUMNS, FORMATS, HEADERS, KINDS, rows_of

NAME = "Rows"


def written(size: int, folder: Path) -> Callable[[], object]:
    """Write the table from rows."""
    rows = rows_of(size)
    return lambda: _write(folder / "openpyxl.xlsx", rows)


def _write(target: Path, rows: list[list[object]]) -> None:
    book = Workbook(write_only=True)
    page = book.create_sheet(NAME)
    page.append(HEADERS)
    for row in rows:
        page.append(_cells(page, row))
    last = f"{get_column_letter(COLUMNS)}{len(rows) + 1}"
    table = Table(displayName=NAME, ref=f"A1:{last}")
    table.tableColumns = [
        TableColumn(id=number, name=header) for number, header in enumerate(HEADERS, start=1)
    ]
    page.add_table(table)
    book.save(target)


def _cells(page: WriteOnlyWorksheet, row: list[object]) -> Iterator[WriteOnlyCell]:
    for value, kind in zip(row, KINDS, strict=True):
        cell = WriteOnlyCell(page, value=value)
        cell.number_format = FORMATS[kind]
        yield cell
