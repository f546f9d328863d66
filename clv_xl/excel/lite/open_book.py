"""A workbook that is open in xlwings Lite: tables out of it, sheets of plain values into it."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import pandas as pd

from clv_xl.errors import ClvError, DataError
from clv_xl.sources.columns import ColumnMapping, order_roles
from clv_xl.sources.open_tables import open_table
from clv_xl.sources.raw_table import RawTable

Book: TypeAlias = Any
"""An `xlwings.Book`; the package is imported by Lite, not here."""
Rows: TypeAlias = Sequence[Sequence[object]]

ORDERS = "Orders"
"""The name of a table that is taken before others."""
_RUN_BY_EXCEL = re.compile(r"\s*[=+\-@]")
_NUMBER = re.compile(r"[+-]?[\d.,\s]+%?")


def order_table(book: Book) -> RawTable:
    """Return the table of orders of a workbook.

    The table named Orders, else the first Excel table with a column of customers, of dates and of
    amounts, those of the active sheet first; without any, the cells of the active sheet.

    Raises
    ------
    DataError
        If there is none, with what is lacking in the place that came nearest.
    """
    fault: ClvError | None = None
    for name, rows in _candidates(book):
        mapping = ColumnMapping()
        try:
            table = open_table(rows, name, mapping.words)
            order_roles(table, mapping)
        except ClvError as found:
            fault = fault or found
        else:
            return table
    raise fault or DataError(
        f"{book.name} holds no orders: put them into a table with the columns customer, date and "
        f"amount, and name it {ORDERS}"
    )


def _candidates(book: Book) -> Iterator[tuple[str, list[list[Any]]]]:
    """Walk over the tables of a workbook, the likeliest first."""
    active = book.sheets.active
    sheets = [active, *(sheet for sheet in book.sheets if sheet.name != active.name)]
    tables = [table for sheet in sheets for table in sheet.tables]
    for table in sorted(tables, key=lambda one: one.name.casefold() != ORDERS.casefold()):
        yield f"the table {table.name}", _cells(table.range)
    yield f"the sheet {active.name}", _cells(active.used_range)


def _cells(cells: Any) -> list[list[Any]]:  # noqa: ANN401 - an xlwings range
    rows: list[list[Any]] = cells.options(ndim=2, err_to_str=True).value
    return rows


def write_sheet(book: Book, name: str, rows: Rows) -> None:
    """Write rows to a sheet of that name, in the place of what was there, and show it."""
    there = {sheet.name.casefold(): sheet for sheet in book.sheets}
    sheet = there.get(name.casefold())
    if sheet is None:
        sheet = book.sheets.add(name, after=book.sheets[len(book.sheets) - 1])
    else:
        sheet.clear()
    width = max(map(len, rows))
    padded = [[*map(_shown, row), *[None] * (width - len(row))] for row in rows]
    sheet.range((1, 1), (len(rows), width)).value = padded
    sheet.activate()


def _shown(value: object) -> object:
    """Return a value as a cell takes it; a text is never a formula."""
    if isinstance(value, str):
        runs = _RUN_BY_EXCEL.match(value) and not _NUMBER.fullmatch(value)
        return f"'{value}" if runs else value or None
    if value is None or pd.isna(value):  # type: ignore[call-overload] # one value, no array
        return None
    return value if isinstance(value, bool) else float(value)  # type: ignore[arg-type] # a number


def entered(book: Book, sheet: str, names: Sequence[str]) -> dict[str, object]:
    """Return what stands in column B of a sheet beside some names in column A, blanks left out."""
    there = {each.name.casefold(): each for each in book.sheets}
    if sheet.casefold() not in there:
        return {}
    rows = _cells(there[sheet.casefold()].used_range)
    beside = {row[0]: row[1] for row in rows if len(row) > 1}
    return {name: beside[name] for name in names if beside.get(name) not in {None, ""}}
