"""Results as cells: floats, texts, truth values and nothing else, so that every host takes them."""

from typing import Any, TypeAlias

import numpy as np
import pandas as pd

CellValue: TypeAlias = "float | str | bool"
"""What a result puts into one cell; an undefined value is an empty text."""

INFINITE = "∞"
"""No worksheet knows infinity; as a text it is, to a comparison, above every number."""


def cell(value: object) -> CellValue:
    """Return one value as a cell.

    Examples
    --------
    >>> cell(np.float64(2)), cell(float("nan")), cell(float("inf")), cell(np.True_), cell(None)
    (2.0, '', '∞', True, '')
    """
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | float | np.number):
        return _number(float(value))
    return "" if value is None or value is pd.NaT or value is pd.NA else str(value)


def _number(value: float) -> CellValue:
    if np.isfinite(value):
        return value
    return "" if np.isnan(value) else INFINITE if value > 0 else f"-{INFINITE}"


def column(values: Any) -> list[CellValue]:  # noqa: ANN401 - an array or a pandas column
    """Return a column as cells.

    Examples
    --------
    >>> column(np.array([1.0, np.nan])), column(pd.Series(["a", None]))
    ([1.0, ''], ['a', ''])
    """
    array = values if isinstance(values, np.ndarray) else pd.Series(values).to_numpy(dtype=None)
    if array.dtype.kind == "b":
        truths: list[CellValue] = array.tolist()
        return truths
    if array.dtype.kind not in "iuf":
        return [cell(value) for value in array.tolist()]
    floats = array.astype(np.float64)
    cells: list[CellValue] = [*floats.tolist()]
    for position in np.flatnonzero(~np.isfinite(floats)).tolist():
        cells[position] = _number(float(floats[position]))
    return cells


def table(frame: pd.DataFrame) -> list[list[CellValue]]:
    """Return a table as rows of cells, its headers first.

    Examples
    --------
    >>> table(pd.DataFrame({"cohort": ["2024-01"], 30: [np.nan]}))
    [['cohort', 30.0], ['2024-01', '']]
    """
    columns = [column(frame.iloc[:, position]) for position in range(frame.shape[1])]
    return [[cell(header) for header in frame.columns], *map(list, zip(*columns, strict=True))]
