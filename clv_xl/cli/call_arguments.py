"""Arguments of `clv-xl call`: words of the command line as cells and ranges of a worksheet.

Dates and amounts in a file are read as those of an order log are: days before months, decimal
commas.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from clv_xl.arrays import Cell, Floats, Kind
from clv_xl.catalogue import CatalogueEntry, Parameter
from clv_xl.errors import (
    DataError,
    InvalidArgumentError,
    SourceError,
    listed,
    row_number,
    rows_counted_from,
)
from clv_xl.excel.cell_columns import days
from clv_xl.sources.amounts import parse_amounts
from clv_xl.sources.raw_table import RawTable, TableOptions
from clv_xl.sources.table_files import read_table
from clv_xl.sources.values import ColumnText
from clv_xl.sources.vocabulary import HeaderWords

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_AS_WRITTEN = frozenset({Kind.TEXT, Kind.DATE, Kind.TEXTS, Kind.DATES})
"""What is text even where it looks like a number: an id keeps its leading zeros."""
_FORM = "@FILE.csv:column or @FILE.csv:column,column"


def called(entry: CatalogueEntry, words: Sequence[str]) -> Any:  # noqa: ANN401 - as functions
    """Return a function's result for the words of a call; a file is read once.

    Sentences about a value of a file name the row that it has there.
    """
    files = _Files(words)
    parameters = [*entry.parameters, *[None] * len(words)]
    with rows_counted_from(files.first_row):
        arguments = [_argument(p, word, files) for p, word in zip(parameters, words, strict=False)]
        return entry.call(arguments)


def _argument(parameter: Parameter | None, word: str, files: "_Files") -> Cell:
    if parameter is None or not word:
        return word  # too many are refused where they are counted; an empty one is left out
    if word.startswith("@"):
        return _column_or_table(parameter, files.columns_of(word))
    return word if parameter.kind in _AS_WRITTEN else number_or_text(word)


def number_or_text(word: str) -> float | str:
    """Return a word as a number where it is one.

    Examples
    --------
    >>> number_or_text("-5"), number_or_text("1e-3"), number_or_text("12 months")
    (-5.0, 0.001, '12 months')
    """
    return float(word) if _NUMBER.fullmatch(word.strip()) else word


def _column_or_table(parameter: Parameter, columns: pd.DataFrame) -> Cell:
    several = parameter.kind is Kind.BLOCK and columns.shape[1] > 1
    if parameter.kind is Kind.TABLE or several:
        return columns.apply(_numbers_where_all_are)
    if columns.shape[1] != 1:
        raise InvalidArgumentError(parameter.name, listed(columns.columns), "one column")
    column = columns.iloc[:, 0]
    if parameter.kind is Kind.DATES:
        cells = column.to_numpy(dtype=np.object_)
        return days(parameter.name, cells, keep_unreadable=parameter.keeps_unreadable)
    return column if parameter.kind in _AS_WRITTEN else _numbers(column)


def _numbers(column: pd.Series) -> Cell:
    """Return numbers, NaN for blanks; with anything else in it, cells for a function to judge."""
    text = column.str.strip()
    try:
        return text.where(text != "", "nan").to_numpy(dtype=np.object_).astype(np.float64)
    except ValueError:
        written = _written_amounts(text)
    if written is not None:
        return written
    return [number_or_text(cell) if cell else np.nan for cell in text.tolist()]


def _written_amounts(text: pd.Series) -> Floats | None:
    """Return amounts with decimal commas or currencies, NaN for blanks; None if some are none."""
    rows = np.arange(len(text)) + row_number(0)
    header = str(text.name)
    column = ColumnText(text=text.reset_index(drop=True), header=header, source="", rows=rows)
    try:
        read = parse_amounts(column)
    except DataError:
        return None
    return None if read.unreadable.any() else read.amounts


def _numbers_where_all_are(column: pd.Series) -> pd.Series:
    numbers = _numbers(column)
    return column if isinstance(numbers, list) else pd.Series(numbers, index=column.index)


class _Files:
    """The files that a call names, each read once, with all columns that are wanted of it."""

    def __init__(self, words: Sequence[str]) -> None:
        self._wanted: dict[str, list[str]] = {}
        self._read: dict[str, RawTable] = {}
        for word in words:
            if word.startswith("@"):
                path, columns = _file_and_columns(word)
                self._wanted.setdefault(path, []).extend(columns)

    @property
    def first_row(self) -> int:
        """The row of the first value in the file that is named first; 1 where none is."""
        rows = self._table(next(iter(self._wanted))).rows if self._wanted else [1]
        return int(rows[0]) if len(rows) else 1

    def columns_of(self, word: str) -> pd.DataFrame:
        """Return the columns that one argument names, as text, under their headers."""
        path, columns = _file_and_columns(word)
        table = self._table(path)
        cells = {column: table.cells.iloc[:, _position(table, column)] for column in columns}
        return pd.DataFrame(cells)

    def _table(self, path: str) -> RawTable:
        if path not in self._read:
            self._read[path] = _table(Path(path), tuple(self._wanted[path]))
        return self._read[path]


def _file_and_columns(word: str) -> tuple[str, list[str]]:
    path, colon, columns = word[1:].rpartition(":")
    names = [name.strip() for name in columns.split(",")]
    if not (path and colon and all(names)):
        raise SourceError(f"a range must be written {_FORM}, got {word}")
    return path, names


def _table(path: Path, wanted: tuple[str, ...]) -> RawTable:
    """Read a file as CSV; where that does not give the columns, find out how it is cut."""
    words = HeaderWords({}, wanted)
    table = read_table(path, TableOptions(delimiter=","), words)
    if not set(wanted) <= set(table.headers):
        table = read_table(path, TableOptions(), words)
    if table.overlong is not None:
        row = table.rows[int(np.argmax(table.overlong))]
        raise DataError(f"{table.source} row {row} has more fields than the header has columns")
    return table


def _position(table: RawTable, column: str) -> int:
    places = [place for place, header in enumerate(table.headers) if header == column]
    if not places:
        there = listed(table.named)
        raise DataError(f"{table.source} has no column {column}; it has {there}")
    if len(places) > 1:
        raise DataError(f"{table.source} has {len(places)} columns {column}: rename all but one")
    return places[0]
