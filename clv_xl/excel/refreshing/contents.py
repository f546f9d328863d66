"""The contents of a piece: those of the fresh workbook, where the cell is not the user's."""

from collections.abc import Collection, Iterator

from clv_xl.excel.book import Book
from clv_xl.excel.file_book.book import FileBook
from clv_xl.excel.refreshing.pieces import AFTER, BODY, LINES, Piece
from clv_xl.workbooks.areas import Area
from clv_xl.workbooks.cells import Cell

STAMP = "src_refreshed"
"""The figure that says when a workbook was refreshed: it is written last."""
_FIXED = frozenset({"title", "heading", "legend"})
_VALUE = 1  # the column of a figure's value within its piece


def fill_piece(
    book: Book,
    piece: Piece,
    pattern: FileBook,
    wanted: Piece,
    new_rows: Collection[str],
    *,
    large: bool = False,
) -> None:
    """Write a piece as the pattern has it, the user's own cells excepted.

    Parameters
    ----------
    book, piece
        The workbook, and the piece in it.
    pattern, wanted
        The fresh workbook, and the piece in that.
    new_rows
        The keys of the rows that were not there before.
    large
        Whether the body is a large table's, which is written otherwise.
    """
    live_heads = f"{piece.key}_row_heads" in pattern.names()
    some_stay = piece.kind in {*_FIXED, "figures"} or live_heads
    for target, source in _parts(piece, wanted):
        row = piece.rows[_position(piece, target)].key
        if large and row == BODY:
            continue
        cells = pattern.read(source)
        if some_stay and (row not in new_rows or row in {BODY, LINES, AFTER}):
            kept = book.read(target)
            first = target.left - piece.left
            cells = [
                [
                    was if _stays(piece, row, first + n, was, now, live_heads=live_heads) else now
                    for n, (was, now) in enumerate(zip(*pair, strict=True))
                ]
                for pair in zip(kept, cells, strict=True)
            ]
        book.write(target, cells)


def _parts(piece: Piece, wanted: Piece) -> Iterator[tuple[Area, Area]]:
    """Walk over the parts of a piece, here and in the pattern; neighbours are taken together."""
    for rows in wanted.rows:
        first = None
        for columns in wanted.columns:
            target, source = piece.part(rows, columns), wanted.part(rows, columns)
            if first is not None and first[0].right + 1 == target.left:
                target = first[0].sized(target.rows, target.right - first[0].left + 1)
                source = first[1].sized(source.rows, source.right - first[1].left + 1)
                first = target, source
                continue
            if first is not None:
                yield first
            first = target, source
        if first is not None:
            yield first


def _position(piece: Piece, area: Area) -> int:
    """Return which of the parts of a piece's rows an area lies in."""
    row = piece.top
    for number, segment in enumerate(piece.rows):
        row += segment.size
        if area.top < row:
            return number
    raise KeyError(area.local)


def _stays(piece: Piece, row: str, column: int, held: Cell, new: Cell, *, live_heads: bool) -> bool:
    """Return whether a cell keeps what stands in it."""
    if piece.kind in _FIXED:
        return new.formula is None and not held.blank
    if piece.kind == "figures":
        return column != _VALUE or row == STAMP or row.startswith("in_")
    if live_heads:
        return row == "head" or column == 0
    return False
