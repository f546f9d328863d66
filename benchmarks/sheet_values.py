"""Raw cells as a spreadsheet hands them over, rows of one value each, and what reads them here."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pandas as pd

from benchmarks import simulated
from clv_xl.catalogue import find_entry
from clv_xl.excel import cell_columns
from clv_xl.excel.cell_ranges import CellRange, cells_of
from clv_xl.excel.cells import call

Rows = list[list[object]]
MARGIN_RATE = 0.4


def order_columns(size: int) -> tuple[Rows, Rows, Rows]:
    """Return customers, dates and amounts of orders, a row a cell."""
    log = simulated.orders(size, size // 5)
    return (
        [[customer] for customer in log["customer_id"].tolist()],
        [[moment] for moment in moments(log["date"])],
        [[amount] for amount in log["amount"].tolist()],
    )


def moments(dates: pd.Series) -> list[datetime]:
    """Return dates as the moments that a host makes of them."""
    found: list[datetime] = dates.dt.to_pydatetime().tolist()
    return found


def numbers(size: int, _folder: Path) -> Callable[[], object]:
    """Read a column of amounts."""
    rows = order_columns(size)[2]
    return lambda: cell_columns.numbers("amounts", _line(rows).cells)


def texts(size: int, _folder: Path) -> Callable[[], object]:
    """Read a column of ids."""
    rows = order_columns(size)[0]
    return lambda: cell_columns.texts("customers", _line(rows).cells)


def dates(size: int, _folder: Path) -> Callable[[], object]:
    """Read a column of dates."""
    rows = order_columns(size)[1]
    return lambda: cell_columns.days("dates", _line(rows).cells)


def _line(rows: Rows) -> CellRange:
    line = cells_of(rows)
    if not isinstance(line, CellRange):
        raise TypeError(line)
    return line


def predicted(size: int, _folder: Path) -> Callable[[], object]:
    """Predict every customer of a full sheet, from raw rows to raw rows."""
    columns = order_columns(size)
    entry = find_entry("CLV_PREDICT")
    return lambda: call(entry, [*columns, 12.0, 0.1, MARGIN_RATE])
