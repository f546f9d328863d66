"""A range as a host hands it over: its shape, its blanks below, and its first row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clv_xl.arrays import Bools, Cell
from clv_xl.errors import DataError

Cells: TypeAlias = NDArray[np.object_]
"""What cells hold, one entry a cell: None, text, number, truth value or moment."""


@dataclass(frozen=True, slots=True, eq=False)
class CellRange:
    """Several cells, read row by row."""

    cells: Cells
    height: int
    width: int

    @property
    def is_line(self) -> bool:
        """Whether the range is one row or one column."""
        return 1 in {self.height, self.width}

    @property
    def is_row(self) -> bool:
        """Whether the range is one row."""
        return self.height == 1

    def cut(self, first: int, last: int) -> "CellRange":
        """Return the cells of a line from `first` up to, not including, `last`."""
        height, width = (1, last - first) if self.is_row else (last - first, 1)
        return replace(self, cells=self.cells[first:last], height=height, width=width)

    def top(self, height: int) -> "CellRange":
        """Return the first rows."""
        return replace(self, cells=self.cells[: height * self.width], height=height)

    def rows(self) -> list[list[Cell]]:
        """Return the cells as rows."""
        rows: list[list[Cell]] = self.cells.reshape(self.height, self.width).tolist()
        return rows


def cells_of(value: Any) -> Any:  # noqa: ANN401 - whatever a host hands over
    """Return several cells as a `CellRange`, and a single cell as what it holds.

    Parameters
    ----------
    value
        One value, a row of values, or rows of values (lists or tuples).

    Examples
    --------
    >>> cells_of([[1.0], [2.0]]).height, cells_of(((7.0,),)), cells_of("now")
    (2, 7.0, 'now')
    """
    if not isinstance(value, list | tuple):
        return value
    rows = value if value and isinstance(value[0], list | tuple) else [value]
    width = len(rows[0])
    if any(map(width.__ne__, map(len, rows))):
        raise DataError("the rows of a range must be of one length: give a rectangular range")
    flat = list(chain.from_iterable(rows))
    if len(flat) <= 1:
        return flat[0] if flat else None
    cells = np.fromiter(flat, dtype=np.object_, count=len(flat))
    return CellRange(cells, height=len(rows), width=width)


def is_blank(cells: Cells) -> Bools:
    """Mark the cells that hold nothing, or an empty text.

    Examples
    --------
    >>> is_blank(np.array([None, "", 0.0, float("nan")], dtype=object))
    array([ True,  True, False,  True])
    """
    return np.asarray(pd.isna(cells) | (cells == ""), dtype=np.bool_)


def filled_length(ranges: Iterable[CellRange]) -> int:
    """Return how many entries lines of one length have without the blank ones at their end.

    Entries go only where they are blank in all lines, so that the lines stay aligned.
    """
    lines = [line.cells for line in ranges]
    length = len(lines[0])
    if any(not is_blank(line[-1:])[0] for line in lines):
        return length  # nearly always, and then no cell is looked at
    filled = ~np.logical_and.reduce([is_blank(line) for line in lines])
    return int(length - np.argmax(filled[::-1])) if filled.any() else 0


def filled_height(ranges: Iterable[CellRange]) -> int:
    """Return how many rows ranges of one height have without those at their end that are all blank.

    Examples
    --------
    >>> filled_height([cells_of([[1.0, 2.0], [None, 3.0], [None, ""]])])
    2
    """
    blank = [is_blank(one.cells).reshape(one.height, one.width).all(axis=1) for one in ranges]
    filled = ~np.logical_and.reduce(blank)
    return int(len(filled) - np.argmax(filled[::-1])) if filled.any() else 0


def grid(ranges: Sequence[CellRange]) -> tuple[int, int] | None:
    """Return the block that rows, columns and blocks span; None where all are lines of one kind.

    Examples
    --------
    >>> grid([cells_of([[1], [2], [3]]), cells_of([[1, 2]])]), grid([cells_of([[1], [2]])])
    ((3, 2), None)
    """
    rows = [line for line in ranges if line.is_row]
    if all(line.is_line for line in ranges) and len(rows) in {0, len(ranges)}:
        return None
    try:
        height, width = np.broadcast_shapes(*((line.height, line.width) for line in ranges))
    except ValueError:
        shapes = " and ".join(f"{line.height} × {line.width}" for line in ranges)
        raise DataError(
            f"ranges of {shapes} cells make no grid: give a row and a column, or equal blocks"
        ) from None
    return height, width


def spread(line: CellRange, shape: tuple[int, int]) -> CellRange:
    """Return a row, a column or a block repeated to a grid."""
    block = np.broadcast_to(line.cells.reshape(line.height, line.width), shape)
    return CellRange(block.ravel(), *shape)
