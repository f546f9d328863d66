"""The parts of an `.xlsx` package: is it safe to unpack, which sheets and tables does it hold."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from openpyxl.packaging.relationship import get_dependents, get_rels_path
from openpyxl.reader.workbook import WorkbookParser
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.xml.functions import fromstring

from clv_xl.errors import SourceError

MOST_UNPACKED = 2 * 1024**3
"""Bytes a workbook may unpack to: four times a full sheet of a dozen columns."""
MOST_UNPACKED_PART = 50 * 1024**2
HIGHEST_RATIO = 200
"""A sheet of real data shrinks 5 to 30 times; no part above 50 MB may shrink 200 times."""

_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\b[^>]*\bref=\"[^\":]+:([A-Z]+)(\d+)\"")
_ERROR_CELL = re.compile(
    rb"<(?:\w+:)?c\b(?=[^>]*\bt=\"e\")(?=[^>]*\br=\"([A-Z]+)(\d+)\")[^>]*>"
    rb"(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One worksheet and where it lies in the package."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class TablePart:
    """One Excel table: its sheet, its range and its rows of headers and totals."""

    name: str
    sheet: str
    ref: str
    has_header: bool
    totals: int


def refuse_unsafe(source: str, data: bytes) -> None:
    """Refuse a package that would unpack to more than any workbook holds."""
    try:
        with ZipFile(BytesIO(data)) as package:
            parts = package.infolist()
    except (BadZipFile, ValueError, OSError):
        raise SourceError(
            f"{source} is damaged: it begins as a workbook but cannot be unpacked"
        ) from None
    total = sum(part.file_size for part in parts)
    dense = any(
        part.file_size > MOST_UNPACKED_PART
        and part.file_size > HIGHEST_RATIO * max(part.compress_size, 1)
        for part in parts
    )
    if total > MOST_UNPACKED or dense:
        raise SourceError(
            f"{source} is not opened: its {len(data):,} bytes unpack to {total:,}, which no order "
            "log does (a zip bomb); export the data as CSV if they are really that many"
        )


def sheets_of(package: ZipFile) -> tuple[list[SheetPart], bool]:
    """Return the worksheets in their order, and whether dates count from 1904."""
    parser = WorkbookParser(package, _workbook_path(package), keep_links=False)
    parser.parse()
    sheets = [
        SheetPart(str(sheet.name), rel.target)
        for sheet, rel in parser.find_sheets()
        if rel.Type.endswith("/worksheet")
    ]
    return sheets, parser.wb.epoch == CALENDAR_MAC_1904


def _workbook_path(package: ZipFile) -> str:
    for rel in get_dependents(package, "_rels/.rels"):
        if rel.Type.endswith("/officeDocument"):
            return str(rel.target)
    return "xl/workbook.xml"


def tables_of(package: ZipFile, sheets: list[SheetPart]) -> Iterator[TablePart]:
    """Yield every Excel table of the workbook."""
    there = set(package.namelist())
    for sheet in sheets:
        links = get_rels_path(sheet.path)  # type: ignore[no-untyped-call]
        if links not in there:
            continue
        for rel in get_dependents(package, links):
            if rel.Type.endswith("/table"):
                said = fromstring(package.read(rel.target)).attrib
                yield TablePart(
                    name=said["displayName"],
                    sheet=sheet.name,
                    ref=said["ref"],
                    has_header=said.get("headerRowCount") != "0",
                    totals=int(said.get("totalsRowCount", 0)),
                )


def extent(package: ZipFile, sheet: SheetPart) -> tuple[int, int]:
    """Return the rows and columns that a sheet says it spans; zeros when it does not say."""
    with package.open(sheet.path) as part:
        said = _DIMENSION.search(part.read(8_000))
    if said is None:
        return 0, 0
    return int(said.group(2)), column_number(said.group(1).decode())


def error_cells(package: ZipFile, sheet: SheetPart) -> Iterator[tuple[int, int, str]]:
    """Yield row, column (from 0) and text of the cells that hold an error such as #N/A."""
    xml = package.read(sheet.path)
    if b't="e"' not in xml:
        return
    for cell in _ERROR_CELL.finditer(xml):
        letters, row, error = (group.decode() for group in cell.groups())
        yield int(row) - 1, column_number(letters) - 1, error


def column_number(letters: str) -> int:
    """Return the number of a column from 1.

    Examples
    --------
    >>> column_number("A"), column_number("XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number
