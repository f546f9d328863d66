"""Workbooks: the sheet or table that holds the order log, as text.

Small files are read by openpyxl, large ones by calamine, which is ten times as fast; both give the
same table.
"""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any, TypeAlias
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

import numpy as np
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from clv_xl.errors import ClvError, DataError, SourceError, listed
from clv_xl.remarks import Remark
from clv_xl.sources.raw_table import (
    RawTable,
    SourceFile,
    TableOptions,
    cell_text,
    columns_of,
    refuse_too_wide,
    without_blank_rows,
)
from clv_xl.sources.vocabulary import HeaderWords
from clv_xl.sources.workbook_parts import (
    SheetPart,
    error_cells,
    extent,
    refuse_unsafe,
    sheets_of,
    tables_of,
)

try:
    import python_calamine as calamine
except ImportError:  # no wheel for WebAssembly: openpyxl reads everything
    calamine = None  # type: ignore[assignment]

Records: TypeAlias = Sequence[Sequence[Any]]

LARGE = 2_000_000
"""Bytes from which on calamine reads."""
MOST_CELLS = 60_000_000
_HEADER_WITHIN = 20
_DAMAGE: tuple[type[Exception], ...] = (
    BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, EOFError, OSError,
    ParseError,
)  # fmt: skip
if calamine is not None:
    _DAMAGE = (*_DAMAGE, calamine.CalamineError)


@dataclass(frozen=True, slots=True)
class _Book:
    """An opened package, its worksheets, and which reader reads them."""

    file: SourceFile
    package: ZipFile
    sheets: list[SheetPart]
    fast: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """The records of the chosen sheet or table; `header_at` is -1 where there is no header."""

    label: str
    sheet: str
    records: Records
    first_row: int
    header_at: int


def read_workbook(
    file: SourceFile, options: TableOptions, words: HeaderWords, *, large: int = LARGE
) -> RawTable:
    """Return the table of the named sheet or Excel table, or of the first sheet that fits."""
    refuse_unsafe(file.name, file.data)
    with _damage_told(file), ZipFile(BytesIO(file.data)) as package:
        sheets, date1904 = sheets_of(package)
        fast = len(file.data) >= large and calamine is not None
        found = _found(_Book(file, package, sheets, fast), options, words)
    return _table(file, found, date1904=date1904, said=bool(options.sheet or options.table))


@contextmanager
def _damage_told(file: SourceFile) -> Iterator[None]:
    """Turn what the readers raise on broken parts into one sentence."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl names the Excel features it leaves out
            yield
    except ClvError:
        raise
    except _DAMAGE as error:
        raise SourceError(
            f"{file.name} cannot be read as a workbook, it seems damaged ({error}): "
            "open it in a spreadsheet and save it again"
        ) from None


def _found(book: _Book, options: TableOptions, words: HeaderWords) -> _Found:
    if options.table is not None:
        return _excel_table(book, options.table)
    if options.sheet is not None:
        sheet = _named(book, options.sheet)
        _refuse_vast(book, sheet)
        return _on_sheet(book, sheet, words, no_header=options.no_header)
    return _first_that_fits(book, words, no_header=options.no_header)


def _named(book: _Book, name: str) -> SheetPart:
    for same in (str, str.casefold):
        for sheet in book.sheets:
            if same(sheet.name) == same(name):
                return sheet
    raise DataError(
        f"{book.file.name} has no sheet {name}; it has {listed(s.name for s in book.sheets)}"
    )


def _excel_table(book: _Book, name: str) -> _Found:
    tables = list(tables_of(book.package, book.sheets))
    for table in tables:
        if table.name.casefold() == name.casefold():
            left, top, right, bottom = (int(edge or 1) for edge in range_boundaries(table.ref))
            sheet = _named(book, table.sheet)
            _refuse_vast(book, sheet)
            cut = _records(book, sheet)[top - 1 : bottom - table.totals]
            records = [record[left - 1 : right] for record in cut]
            at = 0 if table.has_header else -1
            return _Found(f"table {table.name}", table.sheet, records, top, at)
    there = listed(table.name for table in tables)
    raise DataError(f"{book.file.name} has no Excel table {name}; it has {there}")


def _first_that_fits(book: _Book, words: HeaderWords, *, no_header: bool) -> _Found:
    """Return the first sheet whose header has what is needed, else the first with any cells."""
    fallback: _Found | None = None
    vast: SheetPart | None = None
    for sheet in book.sheets:
        if _is_vast(book, sheet):
            vast = vast or sheet
            continue
        found = _on_sheet(book, sheet, words, no_header=no_header)
        if not found.records:
            continue
        if no_header or words.suffices(_texts(found.records[found.header_at])):
            return found
        fallback = fallback or found
    if fallback is None and vast is not None:
        _refuse_vast(book, vast)
    if fallback is None:
        raise DataError(f"{book.file.name} holds no table: its sheets are blank")
    return fallback


def _is_vast(book: _Book, sheet: SheetPart) -> bool:
    try:
        _refuse_vast(book, sheet)
    except DataError:
        return True
    return False


def _refuse_vast(book: _Book, sheet: SheetPart) -> None:
    rows, columns = extent(book.package, sheet)
    refuse_too_wide(f"{book.file.name}, sheet {sheet.name}", columns)
    if rows * columns > MOST_CELLS:
        raise DataError(
            f"{book.file.name}, sheet {sheet.name} spans {rows:,} rows and {columns:,} columns: "
            "delete the rows and columns that hold no orders, or save the sheet as CSV"
        )


def _on_sheet(book: _Book, sheet: SheetPart, words: HeaderWords, *, no_header: bool) -> _Found:
    records = _records(book, sheet)
    head = [_texts(record) for record in records[:_HEADER_WITHIN]]
    at = -1 if no_header else words.header_position(head)
    label = f"sheet {sheet.name}"
    if at is None:
        return _Found(label, sheet.name, [], 1, -1)
    return _Found(label, sheet.name, records, 1, at)


def _records(book: _Book, sheet: SheetPart) -> list[Sequence[Any]]:
    if book.fast:
        return _with_calamine(book, sheet)
    reader = load_workbook(
        BytesIO(book.file.data), read_only=True, data_only=True, keep_links=False
    )
    try:
        page = reader[sheet.name]
        page.reset_dimensions()  # what the sheet says it spans may be wrong
        return list(page.iter_rows(values_only=True))
    finally:
        reader.close()


def _with_calamine(book: _Book, sheet: SheetPart) -> list[Sequence[Any]]:
    with calamine.CalamineWorkbook.from_filelike(BytesIO(book.file.data)) as reader:
        records = reader.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
    for row, column, error in error_cells(book.package, sheet):  # calamine leaves them blank
        records[row][column] = error
    return list(records)


def _texts(record: Sequence[Any]) -> list[str]:
    return [cell_text(cell).strip() for cell in record]


def _table(file: SourceFile, found: _Found, *, date1904: bool, said: bool) -> RawTable:
    header = _texts(found.records[found.header_at]) if found.header_at >= 0 else []
    while header and not header[-1]:
        header.pop()
    body = found.records[found.header_at + 1 :]
    width = len(header) or max(map(len, body), default=0)
    refuse_too_wide(f"{file.name}, {found.label}", width)
    cells, numbers = columns_of(body, width)
    filled = without_blank_rows(cells)
    if not filled.any():
        raise DataError(f"{file.name}, {found.label} has a header but no rows below it")
    rows = np.arange(len(body), dtype=np.int64) + found.first_row + found.header_at + 1
    notes = [] if said else [Remark("remark.read.from_sheet", sheet=found.sheet)]
    if found.header_at > 0:
        header_row = found.first_row + found.header_at
        notes.append(Remark("remark.read.header_row", row=header_row))
    return RawTable(
        source=file.name,
        headers=tuple(header) or tuple(str(number + 1) for number in range(width)),
        cells=cells.loc[filled].reset_index(drop=True),
        rows=rows[filled],
        has_header=found.header_at >= 0,
        sha256=file.sha256,
        numbers={position: mask[filled] for position, mask in numbers.items()},
        date1904=date1904,
        notes=tuple(notes),
    )
