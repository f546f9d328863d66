"""The cells of a finished sheet, read from its XML and written back.

Rows that nobody touches are written back byte for byte, and so is everything before and after the
cells. A row is taken apart only when one of its cells is asked for.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from clv_xl.errors import SourceError
from clv_xl.workbooks.areas import Area, cell_reference
from clv_xl.workbooks.cells import RawCell, attributes_of
from clv_xl.workbooks.moves import Move
from clv_xl.workbooks.sheet_xml import column_letters, column_position

_DATA = re.compile(r"<sheetData\s*/>|<sheetData\s*>(.*)</sheetData>", re.DOTALL)
_OPENED_ROW = re.compile(r"<row\b([^>]*?)(/?)>")
_USUAL_ROW = re.compile(r'<row r="(\d+)"((?: [^>/]*)?)>')
_CELL = re.compile(r"<c\b([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
_USUAL_CELL = re.compile(r'<c r="([A-Z]+)\d+"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_PLACE = re.compile(r'\s*\br="([A-Z]*)(\d+)"')
_SPANS = re.compile(r'\s*\bspans="[^"]*"')
_NOT_OURS = ("<![CDATA[", "<!--")


class Row:
    """One row of a sheet: its attributes without its number, and its cells by column."""

    __slots__ = ("_body", "_cells", "attributes")

    def __init__(self, attributes: str = "", body: str = "") -> None:
        """Take a row as its sheet writes it."""
        self.attributes = attributes
        self._body = body
        self._cells: dict[int, RawCell] | None = None

    @property
    def body(self) -> str | None:
        """The XML of the cells, None once they are taken apart."""
        return self._body if self._cells is None else None

    @property
    def cells(self) -> dict[int, RawCell]:
        """The cells by column, to be changed in place."""
        if self._cells is None:
            self._cells = dict(_cells(self._body))
        return self._cells

    def written(self, number: int) -> str:
        """Return the XML of the cells, as those of the row with this number."""
        if self._cells is None:
            return self._body
        ordered = sorted(self._cells.items())
        return "".join(cell.xml(cell_reference(number, column)) for column, cell in ordered)

    def xml(self, number: int) -> str:
        """Return the row as the one with this number."""
        body = self.written(number)
        opened = f'<row r="{number}"{self.attributes}'
        return f"{opened}>{body}</row>" if body else f"{opened}/>"


def is_usual(body: str) -> bool:
    """Return whether every cell of a row begins with its reference, as all programs write it."""
    return "<c>" not in body and body.count("<c ") == body.count('<c r="')


def _cells(body: str) -> Iterator[tuple[int, RawCell]]:
    if is_usual(body):
        for letters, attributes, inside in _USUAL_CELL.findall(body):
            yield column_position(letters), RawCell(attributes, inside or None)
        return
    column = 0
    for attributes, inside in _CELL.findall(body):
        place = _PLACE.search(attributes)
        column = column_position(place[1]) if place else column + 1
        yield column, RawCell(_PLACE.sub("", attributes), inside or None)


class SheetCells:
    """The cells of one sheet, and the XML around them."""

    def __init__(self, xml: str, sheet: str) -> None:
        """Take a sheet's XML apart; `sheet` is its name."""
        found = _DATA.search(xml)
        if found is None or any(mark in xml for mark in _NOT_OURS):
            raise SourceError(
                f"the sheet {sheet} is written in a form that cannot be changed here: open the "
                "workbook in a spreadsheet program and save it again"
            )
        self.sheet = sheet
        self.before = xml[: found.start()]
        self.after = xml[found.end() :]
        self.rows: dict[int, Row] = dict(_rows(found[1] or ""))
        self._written = xml
        self.touched = False

    def xml(self) -> str:
        """Return the sheet's XML."""
        if not self.touched:
            return self._written
        numbered = sorted(self.rows.items())
        body = "".join(row.xml(number) for number, row in numbered)
        data = f"<sheetData>{body}</sheetData>" if body else "<sheetData/>"
        return self._with_dimension(self.before, numbered) + data + self.after

    def _with_dimension(self, before: str, numbered: list[tuple[int, Row]]) -> str:
        """Widen what the sheet says of its own size, where it says it."""
        found = re.search(r'<dimension\b[^>]*\bref="([^"]*)"', before)
        known = Area.parsed(found[1], self.sheet) if found else None
        columns = [c for _, row in numbered if row.body is None for c in row.cells]
        rows = [number for number, row in numbered if row.body != ""]
        if found is None or known is None or not columns or not rows:
            return before
        whole = replace(
            known,
            top=min(rows),
            bottom=max(rows),
            left=min(known.left, *columns),
            right=max(known.right, *columns),
        )
        return before[: found.start(1)] + whole.local + before[found.end(1) :]

    def get(self, row: int, column: int) -> RawCell | None:
        """Return a cell, None where the sheet has none."""
        found = self.rows.get(row)
        return None if found is None else found.cells.get(column)

    def column(self, column: int, rows: Iterable[int]) -> Iterator[RawCell | None]:
        """Walk down one column; rows are not taken apart for it."""
        pattern = re.compile(
            rf'<c r="{column_letters(column)}\d+"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL
        )
        for number in rows:
            row = self.rows.get(number)
            if row is None or row.body is None or '<c r="' not in row.body:
                yield None if row is None else row.cells.get(column)
                continue
            found = pattern.search(row.body)
            yield None if found is None else RawCell(found[1], found[2] or None)

    def put(self, row: int, column: int, cell: RawCell | None) -> None:
        """Put a cell in its place, or take away what is there."""
        if self.get(row, column) == cell:
            return
        self.touched = True
        holder = self.rows.setdefault(row, Row())
        holder.attributes = _SPANS.sub("", holder.attributes)
        if cell is None:
            holder.cells.pop(column, None)
        else:
            holder.cells[column] = cell

    def within(self, area: Area) -> Iterator[tuple[int, int, RawCell]]:
        """Walk over the cells of an area that the sheet has: row, column, cell."""
        for number in self.numbers(area.top, area.bottom):
            for column, cell in sorted(self.rows[number].cells.items()):
                if area.left <= column <= area.right:
                    yield number, column, cell

    def numbers(self, first: int, last: int) -> list[int]:
        """Return the numbers of the rows that the sheet has, between two."""
        if last - first < len(self.rows):
            return [number for number in range(first, last + 1) if number in self.rows]
        return sorted(number for number in self.rows if first <= number <= last)

    def move(self, move: Move) -> None:
        """Move cells; whole rows take their height and format with them."""
        self.touched = True
        if move.whole_rows:
            self._move_rows(move)
            return
        moving = list(self.within(move.area))
        for area in (move.area, move.way):
            for row, column, _ in list(self.within(area)) if area is not None else ():
                self.put(row, column, None)
        for row, column, cell in moving:
            self.put(row + move.down, column + move.across, cell)

    def _move_rows(self, move: Move) -> None:
        moved: dict[int, Row] = {}
        for number, row in self.rows.items():
            there = move.cell(number, 1)
            if there is None:
                continue
            if there[0] != number:
                _ = row.cells  # the references in them change
            moved[there[0]] = row
        self.rows = moved


def _rows(body: str) -> Iterator[tuple[int, Row]]:
    number = 0
    for chunk in body.split("</row>"):
        usual = _USUAL_ROW.match(chunk)
        if usual is not None:
            number = int(usual[1])
            yield number, Row(usual[2], chunk[usual.end() :])
            continue
        position = 0
        while (opened := _OPENED_ROW.search(chunk, position)) is not None:
            said = attributes_of(opened[1]).get("r")
            number = int(said) if said else number + 1
            position = opened.end()
            rest = _PLACE.sub("", opened[1])
            yield number, Row(rest, "" if opened[2] else chunk[position:])
