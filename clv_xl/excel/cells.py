"""The adapter: sheet values in, one function of the catalogue called, sheet values out.

This is the only place that knows blanks, error cells, day numbers, numbers written as text, single
cells, rows and columns, blank rows at the end, and headers in the first row. It knows no host.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from clv_xl.arrays import Bools, Kind
from clv_xl.catalogue import CatalogueEntry, Gives, Parameter
from clv_xl.errors import ClvError, InvalidArgumentError, rows_counted_from
from clv_xl.excel import cell_columns as columns
from clv_xl.excel import cell_results as results
from clv_xl.excel.cell_blocks import number_block
from clv_xl.excel.cell_ranges import (
    CellRange,
    Cells,
    cells_of,
    filled_height,
    filled_length,
    grid,
    is_blank,
    spread,
)
from clv_xl.excel.cell_results import CellValue

Answer: TypeAlias = "CellValue | list[list[CellValue]]"
"""One cell, or rows of cells."""

_LINES = frozenset({Kind.NUMBERS, Kind.RANGE, Kind.TEXTS, Kind.DATES})
_READERS = {
    Kind.NUMBERS: columns.numbers,
    Kind.RANGE: columns.numbers,
    Kind.TEXTS: columns.texts,
    Kind.DATES: columns.days,
}


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of a call: how they are read, and how a result of one value a row goes back."""

    length: int = 0
    """Of the lines as given; 0 where every argument is a single cell."""
    first: int = 0
    """1 where the first row is a header."""
    last: int = 0
    """Blank rows from here on."""
    block: tuple[int, int] | None = None
    """Height and width of a grid, blank rows below left out."""
    across: bool = False
    """Whether the lines are rows of the sheet."""


def call(entry: CatalogueEntry, arguments: Sequence[object]) -> Answer:
    """Return what a function gives for sheet values, as sheet values.

    Parameters
    ----------
    entry
        The function.
    arguments
        In worksheet order: a value, or rows of values, for each; None or an empty text is left out.

    Returns
    -------
    float, str, bool or list of lists
        One cell, or rows of cells. A function with one value a row gives exactly the rows it got,
        in their order, under a header only where they had one.

    Raises
    ------
    ClvError
        With a sentence that names the argument, the row, what stands there and what to do.

    Examples
    --------
    >>> from clv_xl.catalogue import find_entry
    >>> call(find_entry("CLV_CAC_RATIO"), [[["CLV"], [900.0], [450.0]], 300.0])
    [['cac_ratio'], [3.0], [1.5]]
    >>> call(find_entry("CLV_CAC_RATIO"), [[[900.0], [300.0]], [[300.0, 100.0]]])
    [[3.0, 9.0], [1.0, 3.0]]
    """
    entry.check_count(arguments)
    pairs = zip(entry.parameters, map(cells_of, arguments), strict=False)
    given = {p.name: (p, value) for p, value in pairs if not p.omitted(value)}
    lines = {
        name: value
        for name, (parameter, value) in given.items()
        if isinstance(value, CellRange) and parameter.kind in _LINES | {Kind.CELL}
    }
    known = {p.name: p for p in entry.parameters}
    rows, cut = _rows(entry, lines, known)
    with rows_counted_from(1 + rows.first):
        read = {
            name: _read(parameter, cut.get(name, value))
            for name, (parameter, value) in given.items()
        }
        result = entry.call([read.get(parameter.name) for parameter in entry.parameters])
    return _cells(entry, result, rows)


def _rows(
    entry: CatalogueEntry, lines: Mapping[str, CellRange], known: Mapping[str, Parameter]
) -> tuple[_Rows, dict[str, CellRange]]:
    """Return the rows of a call, and its lines without header and without blank rows below."""
    block = grid(list(lines.values())) if lines and entry.gives is Gives.ROWS else None
    if block is not None:
        return _grid_rows(lines, block)
    cut: dict[str, CellRange] = {}
    longest = _Rows()
    for group in _side_by_side(lines, known):
        rows = _Rows(
            length=max(len(line.cells) for line in group.values()),
            first=int(_has_header({known[name]: line for name, line in group.items()})),
            last=filled_length(group.values()),
            across=all(line.is_row for line in group.values()),
        )
        cut |= {name: _cut(name, line, rows) for name, line in group.items()}
        if not any(known[name].stands_alone for name in group):
            longest = max(longest, rows, key=lambda one: one.length)
    return longest, cut


def _grid_rows(
    lines: Mapping[str, CellRange], block: tuple[int, int]
) -> tuple[_Rows, dict[str, CellRange]]:
    """Return the rows of a grid, and its lines spread over those that are filled in."""
    length, width = block
    filled = filled_height(line for line in lines.values() if line.height == length) or length
    kept = {
        name: line.top(filled) if line.height == length else line for name, line in lines.items()
    }
    rows = _Rows(length=length, block=(filled, width))
    return rows, {name: spread(line, (filled, width)) for name, line in kept.items()}


def _side_by_side(
    lines: Mapping[str, CellRange], known: Mapping[str, Parameter]
) -> list[dict[str, CellRange]]:
    """Return the lines in groups whose rows belong together: those of one length, but loners."""
    groups: dict[tuple[int, str], dict[str, CellRange]] = {}
    for name, line in lines.items():
        loner = name if known[name].stands_alone else ""
        groups.setdefault((len(line.cells), loner), {})[name] = line
    return list(groups.values())


def _cut(name: str, line: CellRange, rows: _Rows) -> CellRange:
    if not line.is_line:
        raise InvalidArgumentError(name, f"{line.width} columns", "one column")
    if rows.last <= rows.first:
        raise InvalidArgumentError(name, "none", "at least one row that is filled in")
    return line.cut(rows.first, rows.last)


def _has_header(lines: Mapping[Parameter, CellRange]) -> bool:
    """Return whether the first row names the columns.

    It does where a column of numbers or dates begins with a text that is none, and no such column
    begins with a value.
    """
    heads = [
        _is_head(parameter, line.cells)
        for parameter, line in lines.items()
        if parameter.kind in {Kind.NUMBERS, Kind.RANGE, Kind.DATES} and len(line.cells) > 1
    ]
    return any(heads) and None not in heads


def _is_head(parameter: Parameter, cells: Cells) -> bool | None:
    """Return whether a column begins with a header; False for a blank, None for a value."""
    first = cells[:1]
    if is_blank(first)[0]:
        return False
    if not isinstance(first[0], str) or first[0] in columns.ERRORS:
        return None
    read = columns.days if parameter.kind is Kind.DATES else columns.numbers
    kept = np.asarray(read(parameter.name, first, keep_unreadable=True))
    return True if isinstance(kept[0], str) else None


def _read(parameter: Parameter, value: Any) -> Any:  # noqa: ANN401 - whatever a host hands over
    """Return cells in the form that the function's argument has in Python."""
    kind, name = parameter.kind, parameter.name
    if isinstance(value, CellRange):
        if kind in _READERS:
            reader = _READERS[kind]
            return reader(name, value.cells, keep_unreadable=parameter.keeps_unreadable)
        if kind in {Kind.TABLE, Kind.BLOCK}:
            return (_table if kind is Kind.TABLE else number_block)(name, value)
        return value.cells if kind is Kind.CELL else value.rows()
    if kind is Kind.CELL:
        return value
    columns.refuse_error(name, value)
    if kind in {Kind.RANGE, Kind.TEXTS, Kind.DATES}:
        single = np.empty(1, dtype=np.object_)
        single[0] = value
        return _READERS[kind](name, single, keep_unreadable=parameter.keeps_unreadable)
    return _one(parameter, value)


def _one(parameter: Parameter, value: Any) -> Any:  # noqa: ANN401
    if parameter.kind is Kind.DATE:
        return columns.day(parameter.name, value)
    wants_number = parameter.kind in {Kind.NUMBER, Kind.NUMBERS} or parameter.takes_number
    if wants_number and (number := _plain_number(value)) is not None:
        return number
    if wants_number:
        raise InvalidArgumentError(parameter.name, columns.shown(value), "a number")
    return columns.shown(value) if isinstance(value, bool) else value


def _plain_number(value: object) -> float | None:
    single = np.empty(1, dtype=np.object_)
    single[0] = value
    read = columns.numbers("", single, keep_unreadable=True)
    return float(read[0]) if isinstance(read[0], float) else None


def _table(name: str, value: CellRange) -> list[list[Any]]:
    """Return a table as rows; an error in it is refused, whichever cell shows it."""
    columns.refuse_error(name, value.cells[0])
    wrong: Bools = pd.Series(value.cells, dtype=object).isin(columns.ERRORS).to_numpy(dtype=bool)
    if wrong.any():
        position = int(np.argmax(wrong))
        columns.refuse_error(name, value.cells[position], position // value.width)
    return [row for row in value.rows() if not is_blank(np.array(row, dtype=object)).all()]


def _cells(entry: CatalogueEntry, result: Any, rows: _Rows) -> Answer:  # noqa: ANN401
    """Return a result as cells: a table, a value, or a value for each row that was given."""
    if isinstance(result, pd.DataFrame):
        return results.table(result)
    if np.ndim(result) == 0:
        return results.cell(result)
    values = results.column(result)
    if rows.block is not None:
        height, width = rows.block
        values += [""] * ((rows.length - height) * width)
        return [values[row * width : (row + 1) * width] for row in range(rows.length)]
    if rows.first:
        name = getattr(result, "name", None) or entry.excel_name.removeprefix("CLV_").lower()
        values = [name, *values]
    values += [""] * (rows.length - len(values))
    return [values] if rows.across else [[value] for value in values]


def sentence(fault: Exception) -> str:
    """Return what a cell shows for an error: its sentence, never a traceback.

    Examples
    --------
    >>> sentence(InvalidArgumentError("churn", 80, "at least 0 and at most 1"))
    '#CLV! churn must be at least 0 and at most 1, got 80'
    """
    if isinstance(fault, ClvError):
        return " ".join(fault.cell_text.split())
    told = " ".join(f"{type(fault).__name__}: {fault}".split())
    return ClvError(f"an error of clv_xl itself ({told}): please report it").cell_text
