"""A sheet being written: where the next block goes, and where things came to stand."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np
import xlsxwriter
from xlsxwriter.format import Format as CellFormat
from xlsxwriter.utility import xl_cell_to_rowcol, xl_range_abs
from xlsxwriter.worksheet import Worksheet

from clv_xl.reports.live import Live
from clv_xl.reports.report import Content, Format, Report
from clv_xl.reports.texts import Texts
from clv_xl.workbooks.styles import Styles

GAP = 1
"""Empty rows between two blocks."""
ROW_PIXELS, COLUMN_PIXELS = 20, 64
"""A row whose height is not set, a column whose width is not set."""
PIECE_MARK = "at_"
"""Begins the hidden name of every piece of a sheet, which moves with its cells."""
_HIDDEN = 3  # where XlsxWriter keeps whether a defined name is hidden


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle of cells on a sheet, both ends included, counted from 0."""

    sheet: str
    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def first_rows(self, rows: int | None) -> "Place":
        """Return the first rows of the rectangle, or all of it."""
        if rows is None:
            return self
        last = min(self.last_row, self.first_row + rows - 1)
        return Place(self.sheet, self.first_row, self.first_column, last, self.last_column)

    @property
    def reference(self) -> str:
        """The rectangle as formulas elsewhere write it."""
        quoted = self.sheet.replace("'", "''")
        cells = xl_range_abs(self.first_row, self.first_column, self.last_row, self.last_column)
        return f"'{quoted}'!{cells}"


@dataclass(slots=True)
class Canvas:
    """A workbook being written, and where its named things stand."""

    book: xlsxwriter.Workbook
    styles: Styles
    report: Report
    texts: Texts
    columns: dict[str, Place] = field(default_factory=dict)
    names: dict[str, Place] = field(default_factory=dict)
    pieces: set[str] = field(default_factory=set)
    formulas: int = 0

    def define(self, name: str, place: Place) -> None:
        """Give cells a name that formulas can use."""
        self.names[name] = place
        self.book.define_name(name, f"={place.reference}")

    def mark(self, kind: str, key: str, place: Place) -> None:
        """Give a piece of a sheet a hidden name, by which a refresh finds it wherever it moved."""
        name = f"{PIECE_MARK}{kind}_{re.sub(r'[^A-Za-z0-9_]', '_', key)}"
        while name.casefold() in self.pieces:
            name += "_"
        self.pieces.add(name.casefold())
        self.book.define_name(name, f"={place.reference}")
        self.book.defined_names[-1][_HIDDEN] = True


@dataclass(slots=True)
class Sheet:
    """One worksheet: the row below its last block, the last column, and the rows of each block.

    The empty rows above a block belong to it. Rooms are kept for charts that are drawn later.
    """

    canvas: Canvas
    page: Worksheet
    name: str
    next_row: int = 0
    first_column: int = 1
    last_column: int = 0
    blocks: list[tuple[int, int]] = field(default_factory=list)
    rooms: dict[str, Place] = field(default_factory=dict)
    _heights: dict[int, int] = field(default_factory=dict)

    def start(self, at: str | None, gap: int = GAP) -> tuple[int, int]:
        """Return where a block begins: at its own cell, or below the block before."""
        if at:
            row, column = xl_cell_to_rowcol(at)
            return int(row), int(column)
        return self.next_row + (gap if self.next_row else 0), self.first_column

    def ended(self, row: int) -> None:
        """Note that a block fills the sheet down to `row`."""
        self.next_row = max(self.next_row, row + 1)

    def wrote(self, first: int) -> None:
        """Note which rows a block has taken, if any: from `first` to the last that is filled."""
        if self.next_row > first:
            self.blocks.append((first, self.next_row - 1))

    def set_height(self, row: int, pixels: int) -> None:
        """Make a row so high."""
        self._heights[row] = pixels
        self.page.set_row_pixels(row, pixels)

    def height(self, row: int) -> int:
        """Return how high a row is, in pixels."""
        return self._heights.get(row, ROW_PIXELS)

    def place(self, row: int, column: int, rows: int, columns: int) -> Place:
        """Return a rectangle that begins at a cell of this sheet."""
        return Place(self.name, row, column, row + max(rows, 1) - 1, column + columns - 1)

    def mark(self, kind: str, key: str, row: int, column: int, size: tuple[int, int]) -> None:
        """Mark a piece of this sheet: what it is, where it begins, its rows and columns."""
        self.last_column = max(self.last_column, column + size[1] - 1)
        self.canvas.mark(kind, key, self.place(row, column, *size))

    def write(self, row: int, column: int, content: Content, shape: CellFormat) -> None:
        """Write one cell: a formula with its value, a number, a date or a text."""
        page = self.page
        if isinstance(content, Live):
            self.canvas.formulas += 1
            page.write_formula(row, column, f"={content.formula}", shape, _plain(content.value))
        elif content is None or content == "" or _is_nan(content):
            page.write_blank(row, column, None, shape)
        elif isinstance(content, bool):
            page.write_boolean(row, column, content, shape)
        elif isinstance(content, str):
            page.write_string(row, column, content, shape)
        elif isinstance(content, np.datetime64):
            page.write_datetime(row, column, content.astype("datetime64[s]").item(), shape)
        elif isinstance(content, (date, datetime)):
            page.write_datetime(row, column, content, shape)
        else:
            page.write_number(row, column, float(content), shape)

    def merged(
        self, row: int, column: int, columns: int, content: Content, shape: CellFormat
    ) -> None:
        """Write one cell that is as wide as several columns."""
        if columns > 1:
            self.page.merge_range(row, column, row, column + columns - 1, "", shape)
        self.write(row, column, content, shape)

    def number(self, shown_as: Format, **properties: Any) -> CellFormat:
        """Return the format of a value."""
        return self.canvas.styles.number(shown_as, **properties)


def _is_nan(content: object) -> bool:
    if isinstance(content, np.datetime64):
        return bool(np.isnat(content))
    return isinstance(content, (float, np.floating)) and bool(np.isnan(content))


class _EmptyText(str):
    """The empty text a formula yields.

    XlsxWriter takes "" for "no value known" and would leave the type away, so that readers see a
    number without digits. This one is equal to nothing and is written as the text it is.
    """

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return False


def _plain(value: object) -> str | bool | float:
    """Return a value as the file stores it beside the formula."""
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, str):
        return value or _EmptyText()
    number = float(value)  # type: ignore[arg-type] # what is left is a number
    return _EmptyText() if np.isnan(number) else number
