"""Formats of what a refresh has added to a piece: like its neighbours, else like the pattern."""

from collections.abc import Iterator, Sequence

from clv_xl.excel.book import Book
from clv_xl.excel.refreshing.fitting import Added
from clv_xl.excel.refreshing.pieces import BODY, CELLS, Piece, Side
from clv_xl.workbooks.areas import Area


def dress_rows(book: Book, piece: Piece, wanted: Piece, rows: Sequence[Added]) -> None:
    """Give the rows that were added to a piece their formats."""
    for area, like in _unlike_neighbours(book, piece, wanted, rows, "rows"):
        book.dress(area, like)


def dress_columns(
    book: Book, piece: Piece, wanted: Piece, columns: Sequence[Added], *, large: bool = False
) -> None:
    """Give the columns that were added to a piece their formats.

    Of a `large` table the pattern has one row.
    """
    for area, like in _unlike_neighbours(book, piece, wanted, columns, "columns"):
        offset = 0
        for segment in wanted.rows:
            held = 1 if large and segment.key == BODY else segment.size
            here = (piece.row_of(segment.key) or piece.top) - piece.top
            book.dress(area.cut(rows=(here, segment.size)), like.cut(rows=(offset, held)))
            offset += held


def _unlike_neighbours(
    book: Book, piece: Piece, wanted: Piece, every: Sequence[Added], side: Side
) -> Iterator[tuple[Area, Area]]:
    """Format what was added between others like those; return the rest, and its pattern."""
    for added in every:
        first, model = piece.offset(side, added.key), wanted.offset(side, added.key)
        if first is None or model is None:
            continue
        first += added.offset
        area = _cut(piece.area, side, first, added.count)
        if added.inside:
            book.format_like(area, _cut(piece.area, side, first + added.count, 1))
        else:
            yield area, _cut(wanted.area, side, model + added.offset, added.count)


def _cut(area: Area, side: Side, first: int, count: int) -> Area:
    cut = first, count
    return area.cut(rows=cut) if side == "rows" else area.cut(columns=cut)


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
