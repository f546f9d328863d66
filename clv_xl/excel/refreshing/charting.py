"""The charts of a dashboard: each shows the cells that hold its values now, while there are any.

A chart without values is hidden, so that what its user made of it is there when values come back.
One that had none when the workbook was made is drawn as the pattern has it; one that a user has
taken away stays away.
"""

from collections.abc import Collection

from clv_xl.excel.book import Book
from clv_xl.excel.file_book.book import FileBook
from clv_xl.excel.file_book.charts import chart_series
from clv_xl.excel.refreshing.pieces import Board, Piece
from clv_xl.excel.refreshing.places import area_there
from clv_xl.excel.seen import SeriesRanges
from clv_xl.workbooks.charts import chart_name


def drawn_charts(book: Book, board: Board) -> set[str]:
    """Return the places of charts in which no sentence stands that there is none."""
    charts = [piece for piece in board.pieces.values() if piece.kind == "chart"]
    return {piece.name for piece in charts if book.read(piece.area)[0][0].blank}


def redraw_charts(
    book: Book, board: Board, pattern: FileBook, wanted: Board, drawn: Collection[str]
) -> list[str]:
    """Let every chart show its values, or be hidden; return what the user should know of it.

    Parameters
    ----------
    book, board
        The workbook, open for changes, and its pieces.
    pattern, wanted
        The fresh workbook, and its pieces.
    drawn
        The places where there was a chart before.
    """
    told = []
    for model in wanted.pieces.values():
        if model.kind != "chart":
            continue
        name, piece = chart_name(model.key), board.pieces.get(model.name)
        ranges = [
            (area_there(board, wanted, one.categories), area_there(board, wanted, one.values))
            for one in chart_series(pattern.parts, name)
        ]
        series = [SeriesRanges(one, two) for one, two in ranges if one and two]
        if not series:
            told += [said for said in hide_chart(book, model) if model.name in drawn]
            continue
        if piece is not None and model.name not in drawn and not _drawn_anew(book, piece, model):
            told.append(
                f"The chart {name} has values now and could not be drawn here: New dashboard "
                "makes a workbook that has it."
            )
        book.redraw(name, series)
    return told


def hide_chart(book: Book, piece: Piece) -> list[str]:
    """Hide a chart that has no values, and return what the user should know of it."""
    name = chart_name(piece.key)
    if not book.show(name, visible=False):
        return []
    return [f"The chart {name} has no values: it is hidden until a refresh finds some."]


def _drawn_anew(book: Book, piece: Piece, model: Piece) -> bool:
    name = chart_name(piece.key)
    if not book.show(name, visible=True):
        return book.draw(name, piece.area, model.area)
    if piece.area.rows > 1:  # its room was taken out and put in again: rows moved past it
        book.hang(name, piece.area, model.area)
    return True
