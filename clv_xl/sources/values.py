"""Columns of text on their way to values: ids, digits of other scripts, and what messages say."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clv_xl.arrays import Bools, Ints
from clv_xl.errors import DataError

_ROUNDED = re.compile(r"\d(?:[.,]\d+)?[eE]\+\d+")
_BEYOND_ASCII = r"[^\x00-\x7f]"

_INVISIBLE = "\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\u061c\ufeff"
_OTHER_SIGNS = {
    **{ord("۰") + digit: str(digit) for digit in range(10)},  # Persian
    **{ord("٠") + digit: str(digit) for digit in range(10)},  # Arabic
    **{ord("०") + digit: str(digit) for digit in range(10)},  # Devanagari
    **{ord("๐") + digit: str(digit) for digit in range(10)},  # Thai
    **{ord("０") + digit: str(digit) for digit in range(10)},  # full width
    **dict.fromkeys(map(ord, "\u2212\u2012\u2013\u2014\uff0d\ufe63"), "-"),
    **dict.fromkeys(map(ord, "\u00a0\u202f\u2007\u2009\u2002\u2003\u3000"), " "),
    **dict.fromkeys(map(ord, _INVISIBLE)),
    ord("’"): "'",
    ord("‘"): "'",
    ord("٬"): "'",  # the Arabic thousands separator; the decimal one (٫) keeps its meaning
}  # fmt: skip


BLANK_WORDS = frozenset({"nan", "null", "none", "n/a", "na", "nat", "-", "\\n", "(blank)"})
"""What programs write into an empty cell of numbers or dates."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ColumnText:
    """One column as text, and what messages about it need.

    Attributes
    ----------
    text
        The cells; stripped, "" is blank.
    header, source
        How messages call it.
    rows
        Row number of each cell in the source.
    numbers
        Cells that the source holds as numbers rather than as text.
    date1904
        Day numbers count from 1904.
    """

    text: pd.Series
    header: str
    source: str
    rows: Ints
    numbers: Bools | None = None
    date1904: bool = False

    @property
    def filled(self) -> Bools:
        """The cells that are not blank."""
        return (self.text != "").to_numpy(dtype=np.bool_)

    def example(self, where: Bools) -> str:
        """Return the first cell of `where` and its row, as a message quotes it."""
        position = int(np.argmax(where))
        cell = str(self.text.iloc[position])
        shown = cell if len(cell) <= 40 else f"{cell[:39]}…"  # noqa: PLR2004 - a quotation, not a page
        return f"'{shown}' (row {self.rows[position]})"

    def refuse_mostly_unreadable(self, unreadable: Bools, role: str, what: str) -> None:
        """Refuse a column of which more than half is not what its role needs."""
        if 2 * int(unreadable.sum()) > int(self.filled.sum()):
            raise DataError(
                f"{self.source}: the {role} column {self.header} holds text such as "
                f"{self.example(unreadable)}, which is no {what}"
            )


def stripped(text: pd.Series) -> pd.Series:
    """Return the cells without white space around them."""
    return text.str.strip()


def changed_where(text: pd.Series, pattern: str, change: Callable[[str], str]) -> pd.Series:
    """Apply `change` to the distinct cells that contain `pattern`; the rest is not touched."""
    touched = text.str.contains(pattern, regex=True).to_numpy(dtype=np.bool_)
    if not touched.any():
        return text
    cells = text[touched]
    mapping = {cell: change(cell) for cell in cells.unique()}
    result = text.copy()
    result[touched] = cells.map(mapping).astype(text.dtype)
    return result


def with_ascii_digits(text: pd.Series) -> pd.Series:
    """Write digits, minus signs and blanks of every script the way a number is parsed.

    Examples
    --------
    >>> with_ascii_digits(pd.Series(["۱۲۳", "٤٥", "−7"])).tolist()
    ['123', '45', '-7']
    """
    return changed_where(text, _BEYOND_ASCII, lambda cell: cell.translate(_OTHER_SIGNS).strip())


def ids(column: ColumnText, role: str) -> pd.Series:
    """Return ids as text: leading zeros kept, a leading apostrophe taken off.

    An id in scientific notation was rounded by a spreadsheet and names somebody else.
    """
    text = column.text
    quoted = text.str.startswith("'").to_numpy(dtype=np.bool_)
    if quoted.any():
        text = text.where(~quoted, text.str.removeprefix("'").str.strip())
    rounded = text.str.fullmatch(_ROUNDED.pattern).to_numpy(dtype=np.bool_)
    if rounded.any():
        raise DataError(
            f"{column.source}: the {role} column {column.header} holds {column.example(rounded)}: "
            "a spreadsheet has rounded the ids; export them again as text"
        )
    return text
