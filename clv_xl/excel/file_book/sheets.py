"""Sheets that are added to a workbook file."""

import re
from collections.abc import Sequence
from html import escape

from clv_xl.errors import InvalidArgumentError
from clv_xl.excel.file_book.dress import clear
from clv_xl.excel.file_book.parts import Parts
from clv_xl.workbooks.areas import LAST_COLUMN, LAST_ROW, Area
from clv_xl.workbooks.package import SheetEntry

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
# As wide as a page, like the sheets of a dashboard.
_EMPTY = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet '
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
    '<sheetViews><sheetView showGridLines="0" workbookViewId="0"/></sheetViews>'
    '<sheetData></sheetData><pageSetup orientation="landscape" fitToHeight="0"/></worksheet>'
)
_LONGEST_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")


def added_sheet(parts: Parts, name: str, widths: Sequence[float]) -> str:
    """Add a worksheet at the end, or empty the one there, and return its name."""
    if not 0 < len(name) <= _LONGEST_NAME or _FORBIDDEN.search(name):
        raise InvalidArgumentError("sheet", name, "a name of up to 31 characters that Excel takes")
    known = next((one for one in parts.entries if one.casefold() == name.casefold()), None)
    if known is None:
        _add(parts, name)
        known = name
    else:
        clear(parts, Area(known, 1, 1, LAST_ROW, LAST_COLUMN))
    cells = parts.sheet(known)
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(widths, start=1)
    )
    if columns:
        before = re.sub(r"<cols>.*?</cols>", "", cells.before, flags=re.DOTALL)
        cells.before, cells.touched = f"{before}<cols>{columns}</cols>", True
    return known


def _add(parts: Parts, name: str) -> None:
    package = parts.package
    part = package.free("xl/worksheets/sheet{}.xml")
    package.add(part, _EMPTY, _TYPE)
    relation = package.relate(package.book_part, "worksheet", part)
    book = package.text(package.book_part)
    numbers = [int(number) for number in re.findall(r'<sheet\b[^>]*\bsheetId="(\d+)"', book)]
    entry = f'<sheet name="{escape(name)}" sheetId="{max(numbers) + 1}" r:id="{relation}"/>'
    package.put(package.book_part, book.replace("</sheets>", f"{entry}</sheets>", 1))
    parts.entries[name] = SheetEntry(name, part, "visible")
