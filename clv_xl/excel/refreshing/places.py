"""Where something of the pattern lies in the workbook that is being rewritten."""

from collections.abc import Sequence

from clv_xl.excel.refreshing.pieces import AFTER, Board, Piece, Segment
from clv_xl.excel.seen import TableSeen
from clv_xl.workbooks.areas import Area


def area_there(board: Board, wanted: Board, area: Area) -> Area | None:
    """Return where an area of the pattern lies in the workbook, None where it does not.

    Parameters
    ----------
    board, wanted
        The pieces of the workbook, and those of the pattern.
    area
        Cells of one piece of the pattern.
    """
    for name, model in wanted.pieces.items():
        if area.inside(model.area) and name in board.pieces:
            piece = board.pieces[name]
            first = _corner(piece, model, area.top, area.left)
            last = _corner(piece, model, area.bottom, area.right)
            return Area(piece.sheet, *first, *last)
    return None


def table_there(piece: Piece, name: str) -> TableSeen:
    """Return a table as it must be once its piece has its rows and columns."""
    rows = sum(s.size for s in piece.rows if s.key != AFTER)
    totals = sum(s.size for s in piece.rows if s.key == "totals")
    headers = tuple(segment.key for segment in piece.columns)
    return TableSeen(name, piece.area.sized(rows, len(headers)), headers, totals)


def _corner(piece: Piece, wanted: Piece, row: int, column: int) -> tuple[int, int]:
    """Return where a cell of a piece of the pattern lies in the workbook."""
    return (
        piece.top + _offset(piece.rows, wanted.rows, row - wanted.top),
        piece.left + _offset(piece.columns, wanted.columns, column - wanted.left),
    )


def _offset(side: Sequence[Segment], wanted: Sequence[Segment], offset: int) -> int:
    for segment in wanted:
        if offset < segment.size:
            before = 0
            for held in side:
                if held.key == segment.key:
                    return before + offset
                before += held.size
        offset -= segment.size
    raise KeyError("the cell lies in no part of the piece")
