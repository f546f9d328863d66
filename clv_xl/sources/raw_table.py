"""What a file holds before anyone says what it means: a header and columns of text."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from math import isfinite
from typing import Any

import numpy as np
import pandas as pd

from clv_xl.arrays import Bools, Ints
from clv_xl.errors import DataError
from clv_xl.remarks import Remark

MOST_COLUMNS = 1_000
"""No order log has more; a file that does is a sheet formatted to its last column."""

EXACT_INTEGERS_END = 10**15
"""A spreadsheet keeps 15 digits: a whole number from here on has lost its last ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """The bytes of a file, and the name by which messages call it."""

    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        """The fingerprint of the bytes, in hexadecimal digits."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class TableOptions:
    """What the user said about the form of the file; None is "find it"."""

    sheet: str | None = None
    table: str | None = None
    delimiter: str | None = None
    encoding: str | None = None
    no_header: bool = False


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class RawTable:
    """A table as text: one entry a data row, columns by position, a blank cell is ``""``.

    Attributes
    ----------
    headers
        Header texts as written; with no header row the column numbers "1", "2", …
    cells
        Text columns labelled 0, 1, 2, …
    rows
        Row number of each data row in the source, counted from 1 as a spreadsheet does.
    numbers
        By column, the cells that the file holds as numbers: their decimal mark is certain.
    overlong
        Rows with more fields than the header has columns.
    notes
        What was inferred.
    """

    source: str
    headers: tuple[str, ...]
    cells: pd.DataFrame
    rows: Ints
    has_header: bool
    sha256: str
    numbers: Mapping[int, Bools] = field(default_factory=dict)
    overlong: Bools | None = None
    date1904: bool = False
    notes: tuple[Remark, ...] = ()

    @property
    def named(self) -> list[str]:
        """The headers that are not blank."""
        return [header for header in self.headers if header.strip()]


def without_blank_rows(cells: pd.DataFrame) -> Bools:
    """Return which rows hold anything at all.

    Examples
    --------
    >>> without_blank_rows(pd.DataFrame({0: ["a", "", " "], 1: ["", "", ""]}))
    array([ True, False, False])
    """
    blank = np.ones(len(cells), dtype=np.bool_)
    for label in cells.columns:
        positions = np.flatnonzero(blank)
        if not positions.size:
            break
        candidates = cells[label].iloc[positions].str.strip() == ""
        blank[positions] = candidates.to_numpy(dtype=np.bool_)
    return ~blank


def refuse_too_wide(source: str, width: int) -> None:
    """Say that a table is wider than any order log."""
    if width > MOST_COLUMNS:
        raise DataError(
            f"{source} has {width:,} columns, more than the {MOST_COLUMNS:,} that are read: "
            "keep the columns of the order log and delete the others"
        )


def columns_of(
    records: Sequence[Sequence[Any]], width: int
) -> tuple[pd.DataFrame, dict[int, Bools]]:
    """Turn records of spreadsheet values into text columns, and say which cells were numbers."""
    ragged = list(zip_longest(*records, fillvalue=None))[:width]
    columns = ragged + [(None,) * len(records)] * (width - len(ragged))
    texts: dict[int, pd.Series] = {}
    numbers: dict[int, Bools] = {}
    for position, cells in enumerate(columns):
        kinds = set(map(type, cells))
        if kinds & {int, float}:
            numbers[position] = np.array([type(cell) in {int, float} for cell in cells])
        write = _TEXT_OF.get(next(iter(kinds)), cell_text) if len(kinds) == 1 else cell_text
        texts[position] = pd.Series([write(cell) for cell in cells], dtype=str)
    return pd.DataFrame(texts), numbers


def cell_text(value: object) -> str:
    """Write one spreadsheet value as text that loses nothing the cell still knows.

    A whole number of sixteen digits or more was rounded by the spreadsheet; it is written as the
    spreadsheet shows it, so that it cannot pass for an id.

    Examples
    --------
    >>> cell_text(123.0), cell_text(0.5), cell_text(None), cell_text(True)
    ('123', '0.5', '', 'TRUE')
    >>> cell_text(1234567890123456.0)
    '1.23456789012346E+15'
    >>> cell_text(datetime(2024, 3, 12, 9, 59)), cell_text(date(2024, 3, 12))
    ('2024-03-12 09:59:00', '2024-03-12')
    """
    write = _TEXT_OF.get(type(value))
    return str(value) if write is None else write(value)


def _float_text(value: float) -> str:
    if not isfinite(value):
        return ""
    if abs(value) >= EXACT_INTEGERS_END:
        return f"{value:.14E}"
    return str(int(value)) if value == int(value) else repr(value)


def _integer_text(value: int) -> str:
    return str(value) if abs(value) < EXACT_INTEGERS_END else f"{value:.14E}"


def _moment_text(value: datetime) -> str:
    if value.time() == time(0):
        return value.date().isoformat()
    return value.isoformat(" ", "seconds")


_TEXT_OF: dict[type, Callable[[Any], str]] = {
    str: str,
    int: _integer_text,
    float: _float_text,
    bool: lambda value: "TRUE" if value else "FALSE",
    type(None): lambda _: "",
    datetime: _moment_text,
    date: date.isoformat,
    time: time.isoformat,
    timedelta: str,
}
