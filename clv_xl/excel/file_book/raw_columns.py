"""Many rows of a sheet as columns of raw cells, without taking each row apart.

Rows that have the same columns, as those of a table do, are read in one go.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

from clv_xl.workbooks.sheet_cells import Row, SheetCells, is_usual
from clv_xl.workbooks.sheet_xml import column_letters, column_position

RawColumn: TypeAlias = "list[tuple[str, str, str] | None]"
"""The cells of a column: letters, attributes and content; None where a row has no such cell."""
_CELL = re.compile(r'<c r="([A-Z]+)\d+"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_STYLED = re.compile(r'<c r="([A-Z]+)\d+"(?: s="(\d+)")?')
_STYLE = re.compile(r'\bs="(\d+)"')


def raw_columns(sheet: SheetCells, numbers: Sequence[int]) -> dict[int, RawColumn]:
    """Return the cells of some rows by the position of their column.

    Parameters
    ----------
    sheet
        The sheet.
    numbers
        The numbers of the rows.
    """
    rows = [sheet.rows.get(number) for number in numbers]
    whole = [place for place, row in enumerate(rows) if row is not None and row.body]
    bodies = [row.body for row in rows if row is not None and row.body]
    found = _alike(bodies) if all(map(is_usual, bodies)) else None
    if found is None:
        return _one_by_one(rows)
    columns: dict[int, RawColumn] = {}
    for letters, cells in found.items():
        column: RawColumn = [None] * len(rows)
        for place, cell in zip(whole, cells, strict=True):
            column[place] = cell
        columns[column_position(letters)] = column
    for place, row in enumerate(rows):
        if row is not None and row.body is None:  # taken apart already
            for at, kept_cell in row.cells.items():
                kept = columns.setdefault(at, [None] * len(rows))
                kept[place] = (column_letters(at), kept_cell.attributes, kept_cell.inside or "")
    return columns


def _alike(bodies: Sequence[str]) -> dict[str, list[tuple[str, str, str]]] | None:
    """Return the columns of rows that all have the same; None where they have not."""
    if not bodies:
        return {}
    width = len(_CELL.findall(bodies[0]))
    cells = _CELL.findall("".join(bodies))
    if len(cells) != width * len(bodies):
        return None
    columns = [cells[place::width] for place in range(width)]
    if any(len({letters for letters, _, _ in column}) > 1 for column in columns):
        return None
    return {column[0][0]: column for column in columns}


def _one_by_one(rows: Sequence[Row | None]) -> dict[int, RawColumn]:
    columns: dict[int, RawColumn] = {}
    for place, row in enumerate(rows):
        for at, cell in row.cells.items() if row is not None else ():
            column = columns.setdefault(at, [None] * len(rows))
            column[place] = (column_letters(at), cell.attributes, cell.inside or "")
    return columns


def styles_of(column: RawColumn) -> dict[str, str]:
    """Return the styles of a column, by the attributes in which they stand."""
    return {said: style_in(said) for said in {cell[1] for cell in column if cell is not None}}


@lru_cache(maxsize=4096)
def style_in(attributes: str) -> str:
    """Return the style that a cell's attributes name, empty where they name none."""
    found = _STYLE.search(attributes)
    return found[1] if found else ""


def uniform(sheet: SheetCells, numbers: Sequence[int]) -> bool:
    """Return whether every column has one style in all of some rows that have it."""
    rows = [row for number in numbers if (row := sheet.rows.get(number)) is not None]
    if any(row.body is not None and not is_usual(row.body) for row in rows):
        return False
    found = set(_STYLED.findall("".join(row.body or "" for row in rows)))
    for row in rows:
        if row.body is None:
            found |= {(column_letters(at), cell.style) for at, cell in row.cells.items()}
    return len(found) == len({letters for letters, _ in found})
