"""The pieces of a workbook are given as many rows and columns as the new figures need.

On a sheet whose pieces stand below each other, whole rows are put in or taken out, as a user would
do it, so that everything below and beside keeps its distance. Where pieces stand beside each other,
only the piece's own cells move, into free room. Cells that a user has filled are never overwritten:
what needs their place is refused.
"""

from collections.abc import Callable
from dataclasses import dataclass

from clv_xl.errors import SourceError, listed
from clv_xl.excel.book import Book
from clv_xl.excel.refreshing.pieces import BODY, CELLS, Board, Piece, Segment
from clv_xl.workbooks.areas import LAST_COLUMN, Area
from clv_xl.workbooks.moves import Move

Removable = Callable[[Piece, str], bool]
"""Whether rows or columns with a key are the report's own, and go when the report lacks them."""


@dataclass(frozen=True, slots=True)
class Added:
    """Rows or columns that were put into a piece: their part, the first of them, how many.

    `inside`: they stand before the last of the rows or columns that were there already.
    """

    key: str
    offset: int
    count: int
    inside: bool


class Fitter:
    """Fits the pieces of one workbook to those of another.

    Parameters
    ----------
    book
        The workbook.
    board
        Its pieces; they are kept right as cells move.
    removable
        Which rows and columns may go.
    """

    def __init__(self, book: Book, board: Board, removable: Removable) -> None:
        """Take the workbook as it is."""
        self.book = book
        self.board = board
        self._removable = removable
        self._flows = {sheet: board.flows(sheet) for sheet in book.sheets()}

    def flows(self, sheet: str) -> bool:
        """Return whether whole rows move on a sheet."""
        return self._flows[sheet]

    def fit_rows(self, piece: Piece, wanted: Piece) -> list[Added]:
        """Give a piece the rows of another one, those that a user added kept."""
        return self._fit(piece, piece.rows, wanted.rows, self._resize_rows)

    def fit_columns(self, piece: Piece, wanted: Piece) -> list[Added]:
        """Give a piece the columns of another one, those that a user added kept."""
        return self._fit(piece, piece.columns, wanted.columns, self._resize_columns)

    def _fit(
        self,
        piece: Piece,
        side: list[Segment],
        wanted: list[Segment],
        resize: Callable[[Piece, Segment, int], None],
    ) -> list[Added]:
        added = []
        at = 0
        for segment in wanted:
            held = next((s for s in side if s.key == segment.key), None)
            if held is None:
                held = Segment(segment.key, 0)
                side.insert(at, held)
            count = segment.size - held.size
            inside = _grows_inside(held, segment.size)
            if count > 0:
                added.append(Added(held.key, held.size - inside, count, inside))
            resize(piece, held, segment.size)
            at = side.index(held) + 1
        keys = {segment.key for segment in wanted}
        for held in [s for s in side if s.key not in keys and self._removable(piece, s.key)]:
            resize(piece, held, 0)
            side.remove(held)
        return added

    def _resize_rows(self, piece: Piece, held: Segment, size: int) -> None:
        change = size - held.size
        if change:
            start = piece.row_of(held.key) or piece.top
            end = start + held.size - _grows_inside(held, size)
            self._move_rows(piece, end if change > 0 else end + change, change)
            held.size = size

    def _resize_columns(self, piece: Piece, held: Segment, size: int) -> None:
        change = size - held.size
        if change:
            start = piece.column_of(held.key) or piece.left
            end = start + held.size - _grows_inside(held, size)
            self._move_columns(piece, end if change > 0 else end + change, change)
            held.size = size

    def _move_rows(self, piece: Piece, row: int, change: int) -> None:
        """Put rows into a piece before a row, or take some out from there on."""
        area = piece.area
        first = row if change > 0 else row - change
        taken = Area(piece.sheet, row, 1, first - 1, LAST_COLUMN)
        if self.flows(piece.sheet) and (change > 0 or not self.beside(taken, area)):
            self._moved(piece, Move.of_rows(piece.sheet, row, change))
            return
        if change > 0:
            room = Area(piece.sheet, area.bottom + 1, area.left, area.bottom + change, area.right)
            self._need(piece, room)
        if first <= area.bottom:
            moving = Area(piece.sheet, first, area.left, area.bottom, area.right)
            self._moved(piece, Move(moving, down=change))
        elif change < 0:  # the last rows of the piece: nothing below them moves up
            self.book.clear(Area(piece.sheet, row, area.left, area.bottom, area.right))

    def beside(self, rows: Area, piece: Area) -> list[str]:
        """Return what a user has filled in some rows left and right of a piece."""
        right = Area(rows.sheet, rows.top, piece.right + 1, rows.bottom, rows.right)
        left = Area(rows.sheet, rows.top, 1, rows.bottom, piece.left - 1)
        return self.book.occupied(right) + (self.book.occupied(left) if left.columns else [])

    def _move_columns(self, piece: Piece, column: int, change: int) -> None:
        """Put columns into a piece before a column, or take some out from there on."""
        area, right = piece.area, piece.area.right
        first = column if change > 0 else column - change
        if change > 0:
            room = Area(piece.sheet, area.top, area.right + 1, area.bottom, area.right + change)
            if self.flows(piece.sheet) and self.book.occupied(room):
                right = LAST_COLUMN  # what a user has put beside the piece moves on with it
            else:
                self._need(piece, room)
        if first <= right:
            moving = Area(piece.sheet, area.top, first, area.bottom, right)
            self._moved(piece, Move(moving, across=change))
        elif change < 0:
            self.book.clear(Area(piece.sheet, area.top, column, area.bottom, area.right))

    def _need(self, piece: Piece, room: Area) -> None:
        """Refuse to grow onto cells that a user has filled, or onto another piece."""
        others = [p for p in self.board.on(piece.sheet) if p is not piece and p.area.meets(room)]
        self.need(room, [other.area.local for other in others])

    def need(self, room: Area, others: list[str]) -> None:
        """Refuse to use cells that hold something."""
        held = self.book.occupied(room) or others
        if held:
            raise SourceError(
                f"the report needs the cells {room.local} on the sheet {room.sheet}, and "
                f"{listed(held, 3)} are filled: move what stands there, then refresh again"
            )

    def put_rows(self, sheet: str, row: int, count: int) -> None:
        """Put whole rows in before a row, for a new piece, or take some out."""
        self._moved(None, Move.of_rows(sheet, row, count))

    def _moved(self, piece: Piece | None, move: Move) -> None:
        self.book.move(move)
        for other in self.board.on(move.area.sheet):
            there = move.cell(other.top, other.left) if other is not piece else None
            if there is not None:
                other.top, other.left = there


def _grows_inside(held: Segment, size: int) -> bool:
    """Return whether rows come and go before the last one, so that ranges over all follow."""
    return held.key in {BODY, CELLS} and held.size > 0 and size > 0
