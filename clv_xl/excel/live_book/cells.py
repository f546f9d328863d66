"""Cells as they pass between Excel and here: formulas as text, dates as numbers of days."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from clv_xl.excel.seen import Grid
from clv_xl.workbooks.cells import BLANK, Cell
from clv_xl.workbooks.table_columns import Column

Rows: TypeAlias = Sequence[Sequence[Any]]

_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a day of the calendar, in no zone
_SECONDS = 86_400
_ERRORS = frozenset(
    {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!"}
)
_SERIAL_OF_1970 = 25_569


def grid(rows: int, columns: int, said: Any) -> Rows:
    """Return what Excel gives for a range as rows: one cell alone comes without any."""
    if rows == columns == 1 and not isinstance(said, (list, tuple)):
        return [[said]]
    if said and not isinstance(said[0], (list, tuple)):
        return [said] if rows == 1 else [[one] for one in said]
    return list(said)


def held(cells: Any) -> Grid:
    """Return what the cells of a range hold, as xlwings knows it."""
    rows, columns = cells.shape
    formulas = grid(rows, columns, cells.formula)
    return cells_of_range(formulas, cells.options(ndim=2, err_to_str=True).value)


def cells_of_range(formulas: Rows, values: Rows) -> Grid:
    """Return cells from what Excel says of their formulas and their values."""
    return [
        [_cell(formula, value) for formula, value in zip(*pair, strict=True)]
        for pair in zip(formulas, values, strict=True)
    ]


def _cell(formula: Any, value: Any) -> Cell:
    held = _plain(value)
    is_text = isinstance(held, str) and held == formula  # a text that only looks like one
    if isinstance(formula, str) and formula.startswith("=") and not is_text:
        error = isinstance(held, str) and held in _ERRORS
        return Cell(formula[1:], "" if held is None else held, error)
    if held is None:
        return BLANK
    return Cell(None, held)


def _plain(value: Any) -> float | str | bool | None:
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, datetime):
        return serial(value)
    if isinstance(value, date):
        return serial(datetime(value.year, value.month, value.day))  # noqa: DTZ001 - likewise
    return float(value)


def serial(moment: datetime) -> float:
    """Return the number by which Excel counts a moment.

    Examples
    --------
    >>> serial(datetime(2025, 1, 1, 12))
    45658.5
    """
    return (moment.replace(tzinfo=None) - _EPOCH).total_seconds() / _SECONDS


def contents(cells: Grid) -> list[list[Any]]:
    """Return cells as Excel takes them into its formulas: a text begins with an apostrophe.

    Without it, Excel would read a text such as 00123 as a number, and =1+1 as a formula.
    """
    return [[_content(cell) for cell in row] for row in cells]


def _content(cell: Cell) -> Any:
    if cell.formula is not None:
        return f"={cell.formula}"
    if cell.value is None or cell.value == "":
        return ""
    return f"'{cell.value}" if isinstance(cell.value, str) and not cell.error else cell.value


def neighbours(
    headers: Sequence[str], columns: Mapping[str, Column]
) -> Iterator[tuple[int, dict[str, Column]]]:
    """Walk over the columns that stand beside each other in a table: the first, and all of them.

    Parameters
    ----------
    headers
        The headers of the table; the user may have put columns between ours.
    columns
        Our columns by header.
    """
    some: dict[str, Column] = {}
    for position, header in enumerate((*headers, "")):
        if header in columns:
            some[header] = columns[header]
        elif some:
            yield position - len(some), some
            some = {}


def rows_of_columns(columns: Mapping[str, Column]) -> list[tuple[Any, ...]]:
    """Return the columns of a large table row by row, as Excel takes them."""
    return list(zip(*(_column(column) for column in columns.values()), strict=True))


def alike(held: Sequence[Any], row: Sequence[Any]) -> bool:
    """Return whether a row holds already what is to be written into it.

    Examples
    --------
    >>> alike(["Ada", None, 1.5], ["'Ada", "", 1.5]), alike(["Ada"], ["'Bob"])
    (True, False)
    """
    for value, content in zip(held, row, strict=True):
        was = _plain(value)
        now = content.removeprefix("'") if isinstance(content, str) else content
        if not Cell(None, was).same(Cell(None, now)):
            return False
    return True


def _column(column: Column) -> list[Any]:
    values = pd.Series(column.values)
    if column.kind == "text":
        texts = values.fillna("").astype(str)
        return [f"'{text}" if text else "" for text in texts.tolist()]
    if column.kind == "date":
        days = _days(values)
        return ["" if np.isnan(day) else day + _SERIAL_OF_1970 for day in days.tolist()]
    numbers = values.astype(float)
    return ["" if np.isnan(number) else number for number in numbers.tolist()]


def _days(values: "pd.Series[Any]") -> "np.ndarray[Any, np.dtype[np.float64]]":
    array = np.asarray(values)
    if array.dtype.kind != "M":
        return array.astype(np.float64)
    days = array.astype("datetime64[D]")
    return np.where(np.isnat(days), np.nan, days.astype(np.int64))
