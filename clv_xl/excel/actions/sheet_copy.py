"""A sheet that is made elsewhere, and put into a workbook as values with their formats."""

from collections.abc import Sequence

from clv_xl.excel.book import Book
from clv_xl.excel.file_book.book import FileBook
from clv_xl.workbooks.areas import Area
from clv_xl.workbooks.cells import Cell

_PIXELS = 7  # of a character


def put_sheet(book: Book, made: FileBook, name: str, pixels: Sequence[int]) -> str:
    """Put the only sheet of a workbook into another one, in the place of one with its name.

    Parameters
    ----------
    book
        The workbook that gets the sheet.
    made
        The workbook that has it.
    name
        What the sheet is called.
    pixels
        The widths of its first columns; what stands in others is left away.

    Returns the name that it has there.
    """
    (sheet,) = made.sheets()
    held = [
        Area.parsed(reference, sheet) for reference in made.occupied(Area(sheet, 1, 1, 1_000, 50))
    ]
    places = [place for place in held if place is not None]
    like = Area(
        sheet, 1, 1, max(p.bottom for p in places), min(max(p.right for p in places), len(pixels))
    )
    values = [[Cell(None, cell.value, cell.error) for cell in row] for row in made.read(like)]
    with book.changing(made):
        there = book.add_sheet(name, [width / _PIXELS for width in pixels])
        area = Area(there, 1, 1, like.bottom, like.right)
        book.dress(area, like)
        book.write(area, values, quietly=True)
    return there
