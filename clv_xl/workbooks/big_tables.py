"""Very large tables: a finished workbook with one row of a table, and the other rows spliced in.

XlsxWriter makes the whole workbook (styles, charts, names, the table with one data row); the rows
are then streamed into the sheet's XML while the workbook is zipped again, in the styles that its
one row has. That takes a tenth of the time, and a few megabytes beyond the columns themselves. The
bytes depend on the contents alone: no clock, no operating system.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO
from posixpath import basename, dirname, join, normpath
from types import MappingProxyType
from typing import BinaryIO
from xml.etree import ElementTree as ET
from zipfile import ZIP_DEFLATED, ZipFile

from clv_xl.arrays import same_length
from clv_xl.errors import DataError, InvalidArgumentError, listed
from clv_xl.workbooks.sheet_xml import Cells, SheetParts, TableRange, rows_xml
from clv_xl.workbooks.table_columns import Column, Place, SharedStrings, cells_of

__all__ = ["Column", "finish", "splice_rows"]

LAST_ROW = 1_048_576
"""The last row of a sheet."""
_COMPRESSION = 1  # the fastest: the usual level takes four times as long for a fifth less
_ROWS_AT_ONCE = 4_096
_PLAIN_ZIP = 2**31 - 2**20  # a larger part needs the 64-bit form of a zip
_LONGEST_CELL = 72  # bytes: <c r="XFD1048576" s="9999"><v>-1.2345678901234567e-308</v></c>
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRINGS_PART = "xl/sharedStrings.xml"
_WORKBOOK_PART = "xl/workbook.xml"


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the workbook that is written anew, in pieces."""

    pieces: Iterable[str]
    largest: int = 0  # a bound of its bytes


def finish(
    skeleton: BytesIO, target: BinaryIO, renewed: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Write a finished workbook to `target` in reproducible bytes.

    Parameters
    ----------
    skeleton
        A closed XlsxWriter workbook, made with a fixed `created` property.
    target
        A binary file open for writing.
    renewed
        Parts to write with another text than the skeleton's, by name.
    """
    with ZipFile(skeleton) as archive:
        _zip_again(archive, target, {name: _Part([text]) for name, text in renewed.items()})


def splice_rows(
    skeleton: BytesIO, target: BinaryIO, *, sheet: str, table: str, columns: Sequence[Column]
) -> None:
    """Write a finished workbook to `target`, with the rows of one table spliced in.

    The table has one data row in the skeleton, the last row of its sheet; `columns` replace it, in
    its styles. The table's range and filter, the sheet's dimension, and every defined name that
    stands for the whole table are widened.

    Parameters
    ----------
    skeleton
        A closed XlsxWriter workbook, made with a fixed `created` property.
    target
        A binary file open for writing; nothing is written when a value is refused.
    sheet
        The name of the sheet.
    table
        The name of the table on it.
    columns
        The table's columns from left to right, all of one length.

    Raises
    ------
    DataError
        If there are more rows than a sheet has, or a value that no cell holds: an infinite number,
        a whole number from 2**53, a text over 32,767 characters, a day outside 1900-03-01 to
        9999-12-31.
    """
    with ZipFile(skeleton) as archive:
        found = _Found.on_sheet(archive, sheet, table)
        rows = _row_count(found, columns)
        last_row = found.range.last_row + max(rows, 1) - 1
        parts = SheetParts.cut(archive.read(found.sheet_part).decode(), found.range, last_row)
        strings_xml = archive.read(_STRINGS_PART).decode()
        strings = SharedStrings(strings_xml.count("<si>"))
        places = zip(columns, found.range.letters, parts.styles, found.headers, strict=True)
        cells = [
            cells_of(column, Place(letters, style, header, table), strings)
            for column, letters, style, header in places
        ]
        renewed = {
            found.sheet_part: _Part(
                _sheet(parts, cells, found.range.last_row, rows),
                rows * len(columns) * _LONGEST_CELL,
            ),
            found.table_part: _Part([found.widened_table(archive, last_row)]),
            _WORKBOOK_PART: _Part([found.widened_names(archive, last_row)]),
            _STRINGS_PART: _Part(_shared(strings_xml, strings), strings.largest),
        }
        _zip_again(archive, target, renewed)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A table in a workbook: its parts, range and headers."""

    sheet: str
    sheet_part: str
    table_part: str
    range: TableRange
    headers: list[str]

    @classmethod
    def on_sheet(cls, archive: ZipFile, sheet: str, table: str) -> "_Found":
        sheets = {
            element.get("name", ""): element.get(_RELATION, "")
            for element in _parsed(archive, _WORKBOOK_PART).iterfind("{*}sheets/{*}sheet")
        }
        if sheet not in sheets:
            raise InvalidArgumentError("sheet", sheet, f"one of {listed(sheets)}")
        sheet_part = _relations(archive, _WORKBOOK_PART)[sheets[sheet]]
        names = []
        for part in _relations(archive, sheet_part).values():
            root = _parsed(archive, part)
            names.append(root.get("name", ""))
            if root.tag.endswith("}table") and names[-1] == table:
                return cls(
                    sheet=sheet,
                    sheet_part=sheet_part,
                    table_part=part,
                    range=TableRange.parsed(root.get("ref", "")),
                    headers=[c.get("name", "") for c in root.iterfind("{*}tableColumns/*")],
                )
        raise InvalidArgumentError("table", table, f"one of {listed(filter(None, names))}")

    def widened_table(self, archive: ZipFile, last_row: int) -> str:
        was, now = (self.range.reference(row) for row in (self.range.last_row, last_row))
        return archive.read(self.table_part).decode().replace(f' ref="{was}"', f' ref="{now}"')

    def widened_names(self, archive: ZipFile, last_row: int) -> str:
        was, now = (self.range.reference(row, "$") for row in (self.range.last_row, last_row))
        name = re.escape(escape(self.sheet.replace("'", "''"), quote=False))
        pattern = rf"(>(?:{name}|'{name}')!){re.escape(was)}<"
        workbook = archive.read(_WORKBOOK_PART).decode()
        return re.sub(pattern, lambda found: f"{found[1]}{now}<", workbook)


def _row_count(found: _Found, columns: Sequence[Column]) -> int:
    if len(columns) != len(found.headers):
        expected = f"the table's {len(found.headers)} ({listed(found.headers)})"
        raise InvalidArgumentError("columns", len(columns), expected)
    named = zip(found.headers, columns, strict=True)
    rows = same_length(**{header: column.values for header, column in named})
    room = LAST_ROW - found.range.last_row + 1
    if rows > room:
        raise DataError(
            f"the table on the sheet {found.sheet} has {rows:,} rows, and an Excel sheet has room "
            f"for {room:,}: keep fewer of them, or write a CSV file"
        )
    return rows


def _sheet(parts: SheetParts, cells: Sequence[Cells], first_row: int, rows: int) -> Iterator[str]:
    yield parts.before
    for start in range(0, rows, _ROWS_AT_ONCE):
        stop = min(start + _ROWS_AT_ONCE, rows)
        yield rows_xml(first_row, start, stop, cells, parts.attributes)
    yield parts.after


def _shared(xml: str, strings: SharedStrings) -> Iterator[str]:
    references = int(re.findall(r'<sst [^>]*?\bcount="(\d+)"', xml)[0]) + strings.references
    counts = f' count="{references}" uniqueCount="{strings.size}"'
    yield re.sub(r' count="\d+" uniqueCount="\d+"', counts, xml, count=1).removesuffix("</sst>")
    yield from strings.items()
    yield "</sst>"


def _zip_again(archive: ZipFile, target: BinaryIO, renewed: Mapping[str, _Part]) -> None:
    """Copy the parts of an archive, some of them anew."""
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=_COMPRESSION) as written:
        for name in archive.namelist():
            part = renewed.get(name, _Part(()))
            # Opened by its name, a part is dated 1980-01-01.
            with written.open(name, "w", force_zip64=part.largest > _PLAIN_ZIP) as file:
                if name not in renewed:
                    file.write(archive.read(name))
                for piece in part.pieces:
                    file.write(piece.encode())
            written.getinfo(name).create_system = 0


def _relations(archive: ZipFile, part: str) -> dict[str, str]:
    """Return the parts that a part refers to, by the id of the relation."""
    folder = dirname(part)
    listing = join(folder, "_rels", f"{basename(part)}.rels")
    if listing not in archive.namelist():
        return {}
    return {
        relation.get("Id", ""): normpath(join("/", folder, relation.get("Target", "")))[1:]
        for relation in _parsed(archive, listing)
        if relation.get("TargetMode") != "External"
    }


def _parsed(archive: ZipFile, part: str) -> ET.Element:
    return ET.fromstring(archive.read(part))  # noqa: S314 - XlsxWriter wrote it a moment ago
