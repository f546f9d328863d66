"""Cells that move in Excel: rows and cells are put in and taken out, and references follow."""

from typing import Any

from clv_xl.workbooks.areas import LAST_COLUMN, Area
from clv_xl.workbooks.moves import Move


def move_in_excel(sheet: Any, move: Move) -> None:
    """Move cells of a sheet.

    Excel moves everything below (or beside) with them; where only some cells are to move, the room
    that they leave is made good behind them.

    Parameters
    ----------
    sheet
        The sheet as xlwings knows it.
    move
        What moves, and how far.
    """
    area, down, across = move.area, move.down, move.across
    if move.whole_rows:
        if down > 0:
            sheet.range(f"{area.top}:{area.top + down - 1}").insert("down")
        else:
            sheet.range(f"{area.top + down}:{area.top - 1}").delete("up")
    elif down:
        _down(sheet, area, down)
    else:
        _across(sheet, area, across)


def _down(sheet: Any, area: Area, by: int) -> None:
    columns = (area.left, area.right)
    if by > 0:
        _cells(sheet, (area.top, area.top + by - 1), columns).insert("down")
        _cells(sheet, (area.bottom + by + 1, area.bottom + 2 * by), columns).delete("up")
    else:
        _cells(sheet, (area.top + by, area.top - 1), columns).delete("up")
        _cells(sheet, (area.bottom + by + 1, area.bottom), columns).insert("down")


def _across(sheet: Any, area: Area, by: int) -> None:
    rows, to_the_edge = (area.top, area.bottom), area.right == LAST_COLUMN
    if by > 0:
        _cells(sheet, rows, (area.left, area.left + by - 1)).insert("right")
        if not to_the_edge:
            _cells(sheet, rows, (area.right + by + 1, area.right + 2 * by)).delete("left")
    else:
        _cells(sheet, rows, (area.left + by, area.left - 1)).delete("left")
        if not to_the_edge:
            _cells(sheet, rows, (area.right + by + 1, area.right)).insert("right")


def _cells(sheet: Any, rows: tuple[int, int], columns: tuple[int, int]) -> Any:
    return sheet.range((rows[0], columns[0]), (rows[1], columns[1]))


def inverse(move: Move) -> Move:
    """Return the move that takes another one back.

    Examples
    --------
    >>> inverse(Move.of_rows("Data", 5, 2)) == Move.of_rows("Data", 5, -2)
    True
    """
    area, down, across = move.area, move.down, move.across
    if move.whole_rows:
        first = area.top if down > 0 else area.top + down
        return Move.of_rows(area.sheet, first, -down)
    right = area.right if area.right == LAST_COLUMN else area.right + across
    moved = Area(area.sheet, area.top + down, area.left + across, area.bottom + down, right)
    return Move(moved, down=-down, across=-across)
