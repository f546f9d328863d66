"""The conversion of cells that classic xlwings makes by itself, with its real code.

It needs no Excel: what pywin32 would give stands in, and a range holds its values ready.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks import sheet_values
from benchmarks.sheet_values import Rows
from clv_xl.catalogue import find_entry
from clv_xl.excel.cells import call
from tests.excel import pywin32_stand_in


class _ReadyRange(pywin32_stand_in.FakeRange):
    """A range whose values cost nothing to ask for."""

    def __init__(self, rows: Rows) -> None:
        super().__init__(rows)
        self._ready = tuple(map(tuple, rows))

    @property
    def Value(self) -> Any:  # noqa: ANN401, N802 - as Excel names it
        return self._ready


def _reader(rows: Rows, options: dict[str, object]) -> Callable[[], object]:
    pywin32_stand_in.install()
    xlwings = import_module("xlwings")
    windows, conversion = import_module("xlwings._xlwindows"), import_module("xlwings.conversion")
    cells = xlwings.Range(impl=windows.Range(xl=_ReadyRange(rows)))
    return lambda: conversion.read(cells, None, options)


def numbers(size: int, _folder: Path) -> Callable[[], object]:
    """Read a column of amounts as an array."""
    return _reader(sheet_values.order_columns(size)[2], {"convert": np.array, "ndim": 1})


def texts(size: int, _folder: Path) -> Callable[[], object]:
    """Read a column of ids as a list."""
    return _reader(sheet_values.order_columns(size)[0], {"ndim": 1})


def dates(size: int, _folder: Path) -> Callable[[], object]:
    """Read a column of dates as a list."""
    return _reader(sheet_values.order_columns(size)[1], {"ndim": 1})


def columns_and_table(size: int, _folder: Path) -> Callable[[], object]:
    """Read three columns of orders, and write the table of their customers: nothing is computed."""
    columns = sheet_values.order_columns(size)
    readers = [_reader(rows, {"ndim": 2, "err_to_str": True}) for rows in columns]
    table = call(find_entry("CLV_PREDICT"), [*columns, 12.0, 0.1, sheet_values.MARGIN_RATE])
    if not isinstance(table, list):
        raise TypeError(table)
    frame = pd.DataFrame(table[1:], columns=table[0])
    conversion = import_module("xlwings.conversion")

    def converted() -> object:
        read = [reader() for reader in readers]
        return read, conversion.write(frame, None, {"index": False})

    return converted
