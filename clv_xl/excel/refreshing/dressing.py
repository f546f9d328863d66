"""Formats of what a refresh has added to a piece: like its neighbours, else like the pattern."""

from collections.abc import Sequence

from clv_xl.excel.book import Book
from clv_xl.excel.refreshing.fitting import Added
from clv_xl.excel.refreshing.pieces import BODY, CELLS, Piece
from clv_xl.workbooks.areas import Area


def dress_rows(book: Book, piece: Piece, wanted: Piece, rows: Sequence[Added]) -> None:
    """Give the rows that were added to a piece their formats."""
    for added in rows:
        start, model = piece.row_of(added.key), wanted.row_of(added.key)
        if start is None or model is None:
            continue
        first = start - piece.top + added.offset
        area = piece.area.cut(rows=(first, added.count))
        if added.inside:
            book.format_like(area, piece.area.cut(rows=(first + added.count, 1)))
        else:
            there = model - wanted.top + added.offset
            book.dress(area, wanted.area.cut(rows=(there, added.count)))


def dress_columns(
    book: Book, piece: Piece, wanted: Piece, columns: Sequence[Added], *, large: bool = False
) -> None:
    """Give the columns that were added to a piece their formats.

    Of a `large` table the pattern has one row.
    """
    for added in columns:
        start, model = piece.column_of(added.key), wanted.column_of(added.key)
        if start is None or model is None:
            continue
        first = start - piece.left + added.offset
        area = piece.area.cut(columns=(first, added.count))
        if added.inside:
            book.format_like(area, piece.area.cut(columns=(first + added.count, 1)))
            continue
        like = wanted.area.cut(columns=(model - wanted.left + added.offset, added.count))
        offset = 0
        for segment in wanted.rows:
            held = 1 if large and segment.key == BODY else segment.size
            here = (piece.row_of(segment.key) or piece.top) - piece.top
            book.dress(area.cut(rows=(here, segment.size)), like.cut(rows=(offset, held)))
            offset += held


def size_of(piece: Piece) -> tuple[int, int]:
    """Return how many rows and columns of data a piece has."""
    rows = sum(s.size for s in piece.rows if s.key == BODY)
    return rows, sum(s.size for s in piece.columns if s.key == CELLS)


def rule_again(book: Book, piece: Piece, wanted: Piece, was: tuple[int, int]) -> None:
    """Take the pattern's rules where a matrix had, or has, too few cells to tell them from.

    A range over one row does not grow when rows are put in before it.
    """
    now = size_of(wanted)
    if piece.kind == "matrix" and was != now and min(*was, *now) <= 1:
        book.rule(piece.area, wanted.area)


def holds_nothing(book: Book, piece: Piece, nothing: str) -> bool:
    """Return whether a table is a row that says it has none."""
    return piece.table is not None and book.read(_body(piece).sized(1, 1))[0][0].value == nothing


def dress_body(book: Book, piece: Piece, wanted: Piece) -> None:
    """Take the pattern's formats for all rows of a table."""
    there = _body(wanted)
    book.dress(_body(piece).sized(there.rows, there.columns), there)


def _body(piece: Piece) -> Area:
    size = size_of(piece)[0]
    top = piece.row_of(BODY) or piece.top
    return piece.area.cut(rows=(top - piece.top, max(size, 1)))
