"""Rectangles of cells, as a workbook writes them: ``'At risk'!$B$4:$J$20``."""

import re
from dataclasses import dataclass, replace
from typing import Self

from clv_xl.workbooks.sheet_xml import column_letters, column_position

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_AREA = re.compile(
    r"(?:'(?P<quoted>(?:[^']|'')+)'!|(?P<plain>[^'!\[\]:]+)!)?"
    r"\$?(?P<left>[A-Z]{1,3})\$?(?P<top>\d{1,7})"
    r"(?::\$?(?P<right>[A-Z]{1,3})\$?(?P<bottom>\d{1,7}))?"
)


@dataclass(frozen=True, slots=True, order=True)
class Area:
    """Some cells of a sheet, all four ends included, counted from 1."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    @classmethod
    def parsed(cls, text: str, sheet: str = "") -> Self | None:
        """Return the area that a reference names, None where it is another kind of reference.

        Parameters
        ----------
        text
            The reference.
        sheet
            The sheet meant where the reference names none.

        Examples
        --------
        >>> Area.parsed("'At risk'!$B$4:$C$5")
        Area(sheet='At risk', top=4, left=2, bottom=5, right=3)
        >>> Area.parsed("A1", "Data").reference, Area.parsed("#REF!")
        ("'Data'!$A$1", None)
        """
        found = _AREA.fullmatch(text)
        if found is None:
            return None
        named = found["quoted"].replace("''", "'") if found["quoted"] else found["plain"]
        left, top = column_position(found["left"]), int(found["top"])
        right = column_position(found["right"]) if found["right"] else left
        bottom = int(found["bottom"]) if found["bottom"] else top
        if not (0 < top <= bottom <= LAST_ROW and left <= right <= LAST_COLUMN):
            return None
        return cls(named or sheet, top, left, bottom, right)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return self.bottom - self.top + 1

    @property
    def columns(self) -> int:
        """Number of columns."""
        return self.right - self.left + 1

    @property
    def local(self) -> str:
        """The reference on its own sheet: ``B4:J20``, ``B4`` for one cell."""
        first = cell_reference(self.top, self.left)
        last = cell_reference(self.bottom, self.right)
        return first if first == last else f"{first}:{last}"

    @property
    def span(self) -> str:
        """The reference on its own sheet with both ends, even for one cell."""
        first, last = (self.top, self.left), (self.bottom, self.right)
        return f"{cell_reference(*first)}:{cell_reference(*last)}"

    @property
    def reference(self) -> str:
        """The reference as formulas elsewhere write it."""
        ends = [(self.top, self.left), (self.bottom, self.right)]
        cells = [f"${column_letters(column)}${row}" for row, column in ends]
        local = cells[0] if cells[0] == cells[1] else ":".join(cells)
        return f"{quoted(self.sheet)}!{local}"

    def holds(self, row: int, column: int) -> bool:
        """Return whether a cell lies in the area."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def meets(self, other: "Area") -> bool:
        """Return whether two areas share a cell."""
        apart = self.right < other.left or other.right < self.left
        apart = apart or self.bottom < other.top or other.bottom < self.top
        return self.sheet == other.sheet and not apart

    def inside(self, other: "Area") -> bool:
        """Return whether all of the area lies in another."""
        rows = other.top <= self.top and self.bottom <= other.bottom
        columns = other.left <= self.left and self.right <= other.right
        return self.sheet == other.sheet and rows and columns

    def cut(
        self, *, rows: tuple[int, int] | None = None, columns: tuple[int, int] | None = None
    ) -> "Area":
        """Return some rows or columns of the area: the first, counted from 0, and how many."""
        area = self
        if rows is not None:
            top = self.top + rows[0]
            area = replace(area, top=top, bottom=top + rows[1] - 1)
        if columns is not None:
            left = self.left + columns[0]
            area = replace(area, left=left, right=left + columns[1] - 1)
        return area

    def sized(self, rows: int, columns: int) -> "Area":
        """Return the area of a size that begins at the same cell."""
        return replace(self, bottom=self.top + rows - 1, right=self.left + columns - 1)


def cell_reference(row: int, column: int) -> str:
    """Return the reference of a cell, counted from 1.

    Examples
    --------
    >>> cell_reference(4, 28)
    'AB4'
    """
    return f"{column_letters(column)}{row}"


def quoted(sheet: str) -> str:
    """Return a sheet's name as formulas write it.

    Examples
    --------
    >>> quoted("Bob's data")
    "'Bob''s data'"
    """
    doubled = sheet.replace("'", "''")
    return f"'{doubled}'"
