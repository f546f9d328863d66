"""What a user has entered into a dashboard: inputs and settings, read back by their names."""

from clv_xl.errors import SourceError
from clv_xl.excel.book import Book
from clv_xl.reports.assumptions import Entered
from clv_xl.workbooks.areas import Area
from clv_xl.workbooks.cells import Cell, Value

_HEADS = ("calc_grid_row_heads", "calc_grid_column_heads")


def setting(book: Book, name: str) -> Value:
    """Return the value of a named cell."""
    area = book.names().get(name)
    if area is None:
        raise SourceError(f"{book.name} has no {name} any more: make the dashboard anew")
    return _value(book, area, book.read(area)[0][0])


def entered_inputs(book: Book) -> dict[str, Entered]:
    """Return what stands in every input cell, by name; heads that are inputs as a tuple."""
    found: dict[str, Entered] = {}
    for name, area in book.names().items():
        if area is None or not (name.startswith("in_") or name in _HEADS):
            continue
        values = [_entered(book, area, cell) for row in book.read(area) for cell in row]
        found[name] = tuple(values) if name in _HEADS else values[0]
    return found


def _entered(book: Book, area: Area, cell: Cell) -> float | str | None:
    value = _value(book, area, cell)
    return None if isinstance(value, str) and not value.strip() else value


def _value(book: Book, area: Area, cell: Cell) -> Value:
    if cell.error or (cell.formula is not None and cell.value is None):
        raise SourceError(
            f"{area.sheet}!{area.local} in {book.name} has no value to be read: enter one, or "
            "open the workbook in a spreadsheet program and save it"
        )
    return cell.value
