"""The columns of a big table: checked, and turned into what the cells of a sheet hold.

Everything that Excel cannot hold is refused here, before the first byte of a workbook is written.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, NoReturn

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_integer_dtype

from clv_xl.arrays import Floats, Ints
from clv_xl.errors import DataError, InvalidArgumentError
from clv_xl.workbooks.sheet_xml import Cells, string_items

MOST_CHARACTERS = 32_767
"""The most characters of a cell, as Excel counts them: UTF-16 units."""
_LARGEST_WHOLE = 2**53 - 1  # a cell holds a double: beyond this, whole numbers lose digits
_SERIAL_OF_1970 = 25_569
_FIRST_SERIAL, _LAST_SERIAL = 61, 2_958_465  # 1900-03-01, after Excel's 29 February; 9999-12-31
_TEXTS_AT_ONCE = 8_192
_LONGEST_FRAME, _LONGEST_ESCAPE = len('<si><t xml:space="preserve"></t></si>'), len("_x000B_")


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One column of a big table, one value a row.

    Blank values (None, NaN, NaT, empty text) become blank cells. Text is always written as text,
    never as a formula. Dates are ``datetime64`` (the day counts) or days since 1970-01-01.
    """

    values: "NDArray[Any] | pd.Series[Any]"
    kind: Literal["text", "number", "date"]


@dataclass(frozen=True, slots=True, eq=False)
class _Texts:
    """The distinct texts of one column: what the shared strings gain from it."""

    distinct: "pd.Index[Any]"

    def chunks(self) -> Iterator[list[str]]:
        for start in range(0, len(self.distinct), _TEXTS_AT_ONCE):
            yield list(map(str, self.distinct[start : start + _TEXTS_AT_ONCE].tolist()))


@dataclass(slots=True)
class SharedStrings:
    """The texts that a big table adds to a workbook's shared strings, behind those it has."""

    size: int
    references: int = 0
    largest: int = 0  # a bound of the bytes that `items` makes
    _columns: list[_Texts] = field(default_factory=list)

    def add(self, texts: _Texts, references: int, characters: int) -> int:
        """Take a column's texts, and return the number of its first one."""
        first = self.size
        self.size += len(texts.distinct)
        self.largest += len(texts.distinct) * _LONGEST_FRAME + characters * _LONGEST_ESCAPE
        self.references += references
        self._columns.append(texts)
        return first

    def items(self) -> Iterator[str]:
        """Return the XML of the added texts, some thousand at a time."""
        for texts in self._columns:
            yield from map(string_items, texts.chunks())


@dataclass(frozen=True, slots=True)
class Place:
    """Where a column's cells go: its letters and style, and its words for a message."""

    letters: str
    style: str
    header: str
    table: str

    def refuse(self, row: int, complaint: str) -> NoReturn:
        """Say which cell cannot be written, why, and what to do."""
        raise DataError(f"{self.header} in row {row + 1} of the table {self.table} {complaint}")


def cells_of(column: Column, place: Place, strings: SharedStrings) -> Cells:
    """Return the cells of a column, or say which value Excel cannot hold."""
    if column.kind == "text":
        return _text_cells(column, place, strings)
    numbers = _serials(column, place) if column.kind == "date" else _numbers(column, place)
    blank = np.isnan(numbers)
    if column.kind == "date":  # whole, so that the text of a cell is short
        numbers = np.where(blank, 0, numbers).astype(np.int64)
    return Cells(letters=place.letters, style=place.style, numbers=numbers, blank=blank)


def _text_cells(column: Column, place: Place, strings: SharedStrings) -> Cells:
    codes, distinct = pd.factorize(column.values)
    # No guessing of types here: a text with half a surrogate pair fits no Arrow array.
    index = distinct if isinstance(distinct, pd.Index) else pd.Index(distinct, dtype=object)
    texts = _Texts(index)
    characters = _counted(texts, codes, place)
    blank = (codes < 0) | np.isin(codes, np.flatnonzero(texts.distinct == ""))
    first = strings.add(texts, int(np.count_nonzero(~blank)), characters)
    numbers = codes.astype(np.int64) + first
    return Cells(
        letters=place.letters, style=place.style, numbers=numbers, blank=blank, shared=True
    )


def _counted(texts: _Texts, codes: NDArray[np.intp], place: Place) -> int:
    """Return the number of characters, or say which text is too long for a cell."""
    number = characters = 0
    for chunk in texts.chunks():
        lengths = list(map(len, chunk))
        characters += sum(lengths)
        if max(lengths) > MOST_CHARACTERS // 2:
            for position, text in enumerate(chunk):
                size = len(text.encode("utf-16-le", "surrogatepass")) // 2
                if size > MOST_CHARACTERS:
                    complaint = f"has {size:,} characters, and an Excel cell holds at most "
                    complaint += f"{MOST_CHARACTERS:,}: shorten it or leave the column out"
                    place.refuse(int(np.argmax(codes == number + position)), complaint)
        number += len(chunk)
    return characters


def _numbers(column: Column, place: Place) -> Ints | Floats:
    floats = _floats(column, place)
    if (infinite := np.isinf(floats)).any():
        complaint = "is infinite, which no Excel cell holds: mend the figure or leave it blank"
        place.refuse(int(np.argmax(infinite)), complaint)
    if not is_integer_dtype(column.values):
        return floats
    if (inexact := np.abs(floats) > _LARGEST_WHOLE).any():
        complaint = f"is beyond ±{_LARGEST_WHOLE:,}, where an Excel cell drops digits: "
        place.refuse(int(np.argmax(inexact)), complaint + "hand the column over as text")
    # Whole numbers stay whole, so that the text of a cell is short; blanks need floats.
    return floats if np.isnan(floats).any() else floats.astype(np.int64)


def _floats(column: Column, place: Place) -> Floats:
    series = pd.Series(column.values)
    try:
        floats = series.to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        expected = "all numbers, or handed over as text"
        raise InvalidArgumentError(place.header, f"{series.dtype} values", expected) from None
    return floats + 0.0  # -0.0 becomes 0.0


def _serials(column: Column, place: Place) -> Floats:
    """Return Excel's day numbers, NaN for a blank."""
    values = np.asarray(column.values)
    if values.dtype.kind == "M":
        days = np.where(np.isnat(values), np.nan, values.astype("datetime64[D]").astype(np.int64))
    else:
        days = np.floor(_floats(column, place))
    serials = days + _SERIAL_OF_1970
    outside = (serials < _FIRST_SERIAL) | (serials > _LAST_SERIAL)
    if outside.any():
        complaint = "is outside 1900-03-01 to 9999-12-31, the days Excel counts truly: "
        place.refuse(int(np.argmax(outside)), complaint + "mend the date or leave it blank")
    return serials
