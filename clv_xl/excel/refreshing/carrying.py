"""What a user has added to the rows of a table goes where its row goes.

Rows belong to what stands in their first column: a customer, a segment, a month. After a refresh
they may stand elsewhere; the user's own columns, the columns that are for the user to fill, notes
and formats follow them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from clv_xl.excel.book import Book
from clv_xl.excel.refreshing.kept_entries import Entry
from clv_xl.excel.refreshing.pieces import BODY, Piece
from clv_xl.workbooks.areas import Area, cell_reference
from clv_xl.workbooks.cells import BLANK, Cell
from clv_xl.workbooks.formula_refs import translated


@dataclass(slots=True)
class Carried:
    """The user's cells in the rows of one table, and where each row goes.

    Parameters
    ----------
    order
        For each new row the old one, counted from 0; None: it is new.
    rows
        How many rows there were.
    columns
        The user's cells by header, one a row.
    keys
        What stood in the first column of the old rows.
    places
        The rows and columns where they stood: the first row, and the column of each header.
    """

    order: list[int | None]
    rows: int
    columns: dict[str, list[Cell]]
    keys: list[str]
    places: tuple[int, dict[str, int]]

    @property
    def stays(self) -> bool:
        """Whether the rows are those of before, in their order."""
        return len(self.order) == self.rows and self._in_place

    @property
    def _in_place(self) -> bool:
        return all(was == now or was is None for now, was in enumerate(self.order))

    def lost(self, table: str) -> list[Entry]:
        """Return what the user entered in rows that are no longer there."""
        kept = set(self.order)
        return [
            Entry(table, self.keys[row], header, cells[row])
            for row in range(self.rows)
            if row not in kept
            for header, cells in self.columns.items()
            if not cells[row].blank and cells[row].formula is None
        ]

    def before_fitting(self, book: Book, piece: Piece) -> None:
        """Let formats and notes follow while the rows are still there that will go."""
        if len(self.order) < self.rows:
            self._reorder(book, piece, self.rows)

    def after_fitting(self, book: Book, piece: Piece) -> None:
        """Let formats and notes follow once there are rows for all."""
        if len(self.order) >= self.rows:
            self._reorder(book, piece, len(self.order))

    def _reorder(self, book: Book, piece: Piece, count: int) -> None:
        """Put what belongs to a row where the row will be; the last row is the last before too."""
        last = len(self.order) - 1
        there: list[int | None] = [None] * count
        for now, was in enumerate(self.order):
            place = count - 1 if now == last else now
            before = None if was is None else count - 1 if was == self.rows - 1 else was
            there[place] = before
        if self._in_place or not any(was is not None for was in there):
            return
        top = piece.row_of(BODY)
        if top is not None:
            area = piece.area
            book.reorder(Area(area.sheet, top, area.left, top + count - 1, area.right), there)

    def fill(self, book: Book, piece: Piece) -> None:
        """Put the user's cells into the rows of the table's new contents."""
        top = piece.row_of(BODY)
        first, columns = self.places
        for header, cells in self.columns.items():
            column = piece.column_of(header)
            if column is None or top is None:
                continue
            usual = _usual(cells, first, columns[header])
            filled = []
            for now, was in enumerate(self.order):
                here, there = (first + (was or 0), columns[header]), (top + now, column)
                held = cells[was] if was is not None else usual
                filled.append([BLANK if held is None else _moved(held, here, there)])
            area = Area(piece.sheet, top, column, top + len(filled) - 1, column)
            book.write(area, filled, theirs=True)


def carried_rows(book: Book, piece: Piece, new: Sequence[str], headers: Sequence[str]) -> Carried:
    """Return what a user has in the rows of a table, and where each of its rows goes.

    Parameters
    ----------
    book, piece
        The workbook, and the table in it.
    new
        What will stand in the first column.
    headers
        The columns that are the user's.
    """
    old = keys_of(book, piece)
    places = {key: row for row, key in enumerate(old)}
    unique = len(places) == len(old) and len(set(new)) == len(new)
    order = (
        [places.get(key) for key in new]
        if unique
        else [row if row < len(old) else None for row in range(len(new))]
    )
    top = piece.row_of(BODY) or piece.top
    columns, where = {}, {}
    for header in headers:
        column = piece.column_of(header)
        if column is not None:
            cells = book.read(Area(piece.sheet, top, column, top + len(old) - 1, column))
            columns[header], where[header] = [row[0] for row in cells], column
    return Carried(order, len(old), columns, old, (top, where))


def keys_of(book: Book, piece: Piece) -> list[str]:
    """Return what stands in the first column of a table, as text."""
    top, size = piece.row_of(BODY), next(s.size for s in piece.rows if s.key == BODY)
    if top is None:
        return []
    cells = book.read(Area(piece.sheet, top, piece.left, top + size - 1, piece.left))
    return [f"{row[0].value}" for row in cells]


def _usual(cells: Sequence[Cell], first: int, column: int) -> Cell | None:
    """Return the formula of a column that has the same in every row, as its first row has it."""
    if not cells or any(cell.formula is None for cell in cells):
        return None
    for offset, cell in enumerate(cells):
        if _moved(cell, (first + offset, column), (first, column)).formula != cells[0].formula:
            return None
    return cells[0]


def _moved(cell: Cell, was: tuple[int, int], now: tuple[int, int]) -> Cell:
    """Return a cell as it reads in another place; the value of a formula is not known there."""
    if cell.formula is None:
        return cell
    if was == now:
        return cell
    return Cell(translated(cell.formula, cell_reference(*was), cell_reference(*now)))
