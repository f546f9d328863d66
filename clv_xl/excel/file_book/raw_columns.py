"""Many rows of a sheet as columns of raw cells, without taking each row apart.

Rows that have the same columns, as those of a table do, are cut where their cells begin.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from clv_xl.workbooks.areas import cell_reference
from clv_xl.workbooks.cells import RawCell
from clv_xl.workbooks.sheet_cells import Row, SheetCells
from clv_xl.workbooks.sheet_xml import column_position

_BEGIN = '<c r="'
_CELL = re.compile(r'<c r="([A-Z]+)\d+"((?: s="\d+")?)')
_LETTERS = re.compile(r'<c r="([A-Z]+)\d')
# What follows the attributes of a cell, up to its end: nearly always a value alone. What was found
# is never looked at again, so that a row which is otherwise is given up at once.
_REST = r"(?>/>|><v>[^<]*</v></c>|>[^<]*(?:<(?!/c>)[^<]*)*</c>)"
_STYLE = re.compile(r'\bs="(\d+)"')


@dataclass(frozen=True, slots=True)
class RawColumn:
    """The cells of a column.

    Parameters
    ----------
    cells
        Each from its reference on, such as ``A2" s="1"><v>5</v></c>``; None where a row has none.
    style
        The style that all of them have; None where they are not known to have the same.
    """

    cells: Sequence[str | None]
    style: str | None = None

    @classmethod
    def empty(cls, rows: int) -> "RawColumn":
        """Return the column of rows that have no cell in it."""
        return cls([None] * rows, "")

    def blank(self) -> list[bool]:
        """Return which cells hold nothing."""
        return [cell is None or cell.endswith(("/>", '"></c>')) for cell in self.cells]

    def raw(self) -> Iterator[RawCell | None]:
        """Walk down the cells."""
        for cell in self.cells:
            if cell is None:
                yield None
                continue
            opened, _, inside = cell.partition(">")
            attributes = opened[opened.index('"') + 1 :].removesuffix("/")
            yield RawCell(attributes, inside.removesuffix("</c>") or None)

    def styles(self) -> list[str | None]:
        """Return the styles of the cells, None where a row has no such cell."""
        if self.style is not None:
            return [None if cell is None else self.style for cell in self.cells]
        return [None if cell is None else _style_in(cell.attributes) for cell in self.raw()]


def raw_columns(sheet: SheetCells, numbers: Sequence[int]) -> dict[int, RawColumn]:
    """Return the cells of some rows by the position of their column.

    Parameters
    ----------
    sheet
        The sheet.
    numbers
        The numbers of the rows.
    """
    bodies = [_body(sheet, number) for number in numbers]
    held = [body for body in bodies if body]
    if not _alike(held):
        return _matched(bodies)
    cells = "".join(held).split(_BEGIN)[1:]
    first = _CELL.findall(held[0]) if held else []
    columns = {}
    for place, (letters, style) in enumerate(first):
        column = _spread(cells[place :: len(first)], bodies)
        columns[column_position(letters)] = RawColumn(column, _style_in(style))
    return columns


def in_one_style(sheet: SheetCells, numbers: Sequence[int]) -> bool:
    """Return whether all of the rows that have cells have the same, in the same styles."""
    return _alike([body for number in numbers if (body := _body(sheet, number))])


def most_used(styles: Sequence[str | None]) -> str:
    """Return the style that most cells have, the empty one where there are no cells."""
    counted = Counter(style for style in styles if style is not None)
    return max(counted, key=counted.__getitem__, default="")


def _body(sheet: SheetCells, number: int) -> str:
    """Return the XML of the cells of a row, empty where it has none."""
    row = sheet.rows.get(number)
    if row is None:
        return ""
    return row.written(number) if row.body is None else row.body


def _alike(bodies: Sequence[str]) -> bool:
    """Return whether rows have the same columns in the same styles."""
    if not bodies:
        return True
    cells = _CELL.findall(bodies[0])
    pattern = "".join(rf'<c r="{one}\d+"{style}(?: t="s")?{_REST}' for one, style in cells)
    return all(map(re.compile(pattern).fullmatch, bodies))


def _spread(cells: Sequence[str], bodies: Sequence[str]) -> Sequence[str | None]:
    """Return the cells of a column with a place for each row that has none."""
    if len(cells) == len(bodies):
        return cells
    each = iter(cells)
    return [next(each) if body else None for body in bodies]


def _matched(bodies: Sequence[str]) -> dict[int, RawColumn]:
    """Return the columns of rows some of which lack cells, or have them in other styles."""
    letters = sorted(set(_LETTERS.findall("".join(bodies))), key=column_position)
    pattern = re.compile("".join(rf'(?:<c r="({one}\d+"[^>/]*{_REST}))?' for one in letters))
    rows = [row.groups() for body in bodies if (row := pattern.fullmatch(body)) is not None]
    if len(rows) < len(bodies):  # cells without their references, or out of order
        return _matched([_usual(body) for body in bodies])
    cells = zip(*rows, strict=True)
    return {
        column_position(one): RawColumn(column) for one, column in zip(letters, cells, strict=True)
    }


def _usual(body: str) -> str:
    """Return the cells of a row as all programs write them: in order, with their references."""
    cells = sorted(Row(body=body).cells.items())
    return "".join(cell.xml(cell_reference(1, column)) for column, cell in cells)


@cache
def _style_in(attributes: str) -> str:
    """Return the style that a cell's attributes name, empty where they name none."""
    found = _STYLE.search(attributes)
    return found[1] if found else ""
