"""The orders in a workbook that is no dashboard: an Excel table of them, or a sheet."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from clv_xl.errors import DataError
from clv_xl.excel.book import Book
from clv_xl.excel.refreshing.order_source import ORDERS
from clv_xl.excel.refreshing.pieces import board_of
from clv_xl.excel.seen import TableSeen
from clv_xl.sources.columns import ColumnMapping
from clv_xl.sources.recorded_options import usual_options
from clv_xl.sources.source_read import SourceRead, read_source
from clv_xl.sources.vocabulary import HeaderWords


@dataclass(frozen=True, slots=True)
class OrdersAtHand:
    """Orders that were found in a workbook.

    Parameters
    ----------
    read
        The orders.
    options
        The options with which another program finds the same orders in the file.
    where
        What to call their place.
    """

    read: SourceRead
    options: dict[str, Any]
    where: str


def orders_at_hand(book: Book) -> OrdersAtHand:
    """Return the orders in a workbook.

    They are the Excel table named Orders, else a table whose headers are those of orders, the
    active sheet's first, else what stands on the active sheet.

    Parameters
    ----------
    book
        The workbook.
    """
    words = ColumnMapping().words
    table = next(_tables_of_orders(book, words), None)
    if table is not None:
        raw = book.raw_table(words, table=table.name)
        options = usual_options() | {"table": table.name}
        where = f"the table {table.name}"
    else:
        sheet = book.active_sheet
        if any(piece.sheet == sheet for piece in board_of(book).pieces.values()):
            raise DataError(
                f"{book.name} holds a dashboard but no orders: open the workbook of the orders, or "
                f"put them into a table named {ORDERS}"
            )
        raw = book.raw_table(words, sheet=sheet)
        options = usual_options() | {"sheet": sheet}
        where = f"the sheet {sheet}"
    read = read_source(raw, options | {"table": None, "sheet": None})
    return OrdersAtHand(read, options, where)


def _tables_of_orders(book: Book, words: HeaderWords) -> Iterator[TableSeen]:
    """Walk over the tables that may hold orders, the likeliest first."""
    tables = book.tables()
    yield from (table for name, table in tables.items() if name.casefold() == ORDERS.casefold())
    pieces = board_of(book).pieces.values()
    ours = {piece.table.name for piece in pieces if piece.table is not None}
    others = [table for name, table in tables.items() if name not in ours]
    active = book.active_sheet
    for table in sorted(others, key=lambda one: one.area.sheet != active):
        if words.suffices(table.headers):
            yield table
