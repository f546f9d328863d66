"""Cells that move in Excel: rows and cells are put in and taken out, and references follow."""

from collections.abc import Callable
from typing import Any

from clv_xl.excel.live_book.formats import KeptFormats
from clv_xl.workbooks.areas import LAST_COLUMN, Area
from clv_xl.workbooks.moves import Move

_BACK = {"down": "up", "right": "left", "up": "down", "left": "right"}


class Mover:
    """Moves cells of one sheet, and notes after each step what takes it back.

    Parameters
    ----------
    sheet
        The sheet as xlwings knows it.
    undo
        Takes the steps that take back what was done, the last of them first.
    kept
        Where the formats of cells that are taken out are kept.
    """

    def __init__(
        self, sheet: Any, undo: list[Callable[[], None]], kept: KeptFormats | None
    ) -> None:
        """Move nothing yet."""
        self._sheet = sheet
        self._undo = undo
        self._kept = kept

    def move(self, move: Move) -> None:
        """Move cells.

        Excel moves everything below (or beside) with them; where only some cells are to move, the
        room that they leave is made good behind them.
        """
        area, down, across = move.area, move.down, move.across
        if move.whole_rows and down > 0:
            self._put_in((area.top, 1, area.top + down - 1, LAST_COLUMN), "down")
        elif move.whole_rows:
            self._take_out((area.top + down, 1, area.top - 1, LAST_COLUMN), "up")
        elif down:
            self._down(area, down)
        else:
            self._across(area, across)

    def _down(self, area: Area, by: int) -> None:
        left, right = area.left, area.right
        if by > 0:
            self._put_in((area.top, left, area.top + by - 1, right), "down")
            self._take_out((area.bottom + by + 1, left, area.bottom + 2 * by, right), "up")
        else:
            self._take_out((area.top + by, left, area.top - 1, right), "up")
            self._put_in((area.bottom + by + 1, left, area.bottom, right), "down")

    def _across(self, area: Area, by: int) -> None:
        top, bottom, to_the_edge = area.top, area.bottom, area.right == LAST_COLUMN
        if by > 0:
            self._put_in((top, area.left, bottom, area.left + by - 1), "right")
            if not to_the_edge:
                gone = (top, area.right + by + 1, bottom, area.right + 2 * by)
                self._take_out(gone, "left")
        else:
            self._take_out((top, area.left + by, bottom, area.left - 1), "left")
            if not to_the_edge:
                self._put_in((top, area.right + by + 1, bottom, area.right), "right")

    def _put_in(self, ends: tuple[int, int, int, int], shift: str) -> None:
        self._cells(ends).insert(shift)
        self._undo.append(lambda: self._cells(ends).delete(_BACK[shift]))

    def _take_out(self, ends: tuple[int, int, int, int], shift: str) -> None:
        again = None if self._kept is None else self._kept.keep(lambda: self._cells(ends))
        self._cells(ends).delete(shift)
        if again is not None:
            self._undo.append(again)
        self._undo.append(lambda: self._cells(ends).insert(_BACK[shift]))

    def _cells(self, ends: tuple[int, int, int, int]) -> Any:
        top, left, bottom, right = ends
        return self._sheet.range((top, left), (bottom, right))
