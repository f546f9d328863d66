"""Several columns of numbers at once, such as cohorts below each other, a row each."""

import numpy as np
import pandas as pd

from clv_xl.arrays import Floats
from clv_xl.errors import DataError, row_number, rows_counted_from
from clv_xl.excel.cell_columns import ERRORS, numbers, refuse_error, shown
from clv_xl.excel.cell_ranges import CellRange, is_blank


def number_block(argument: str, block: CellRange) -> Floats:
    """Return a block of cells as rows of numbers, NaN for blanks; a row is taken as a column.

    A first row of texts is a header.

    Examples
    --------
    >>> from clv_xl.excel.cell_ranges import cells_of
    >>> number_block("survivors", cells_of([["start", "year 1"], [100.0, 80.0], [90.0, None]]))
    array([[100.,  80.],
           [ 90.,  nan]])
    """
    width = 1 if block.is_row else block.width
    read = numbers(argument, block.cells, keep_unreadable=True).astype(np.object_)
    odd = np.array([isinstance(cell, str) for cell in read.tolist()])
    head = block.cells[:width]
    errors = pd.Series(head, dtype=object).isin(ERRORS).any()
    has_header = odd[:width].any() and (odd[:width] | is_blank(head)).all() and not errors
    first = width if has_header else 0
    if odd[first:].any():
        position = int(np.argmax(odd[first:]))
        cell, row = block.cells[first + position], position // width
        with rows_counted_from(1 + first // width):
            refuse_error(argument, cell, row)
            raise DataError(f"row {row_number(row)}: {argument} is {shown(cell)}: give a number")
    return read[first:].astype(np.float64).reshape(-1, width)
