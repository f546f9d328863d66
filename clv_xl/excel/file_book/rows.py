"""The rows of a very large table in a workbook file, written a column at a time.

The XML of a row is not taken apart cell by cell: a table of a million cells is compared and
written in a second. Cells that are not the report's keep their XML.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from clv_xl.arrays import Bools
from clv_xl.excel.file_book.parts import Parts
from clv_xl.excel.file_book.raw_columns import RawColumn, most_used, raw_columns
from clv_xl.excel.seen import TableSeen
from clv_xl.workbooks.areas import cell_reference
from clv_xl.workbooks.sheet_cells import Row, SheetCells
from clv_xl.workbooks.sheet_xml import Cells, column_letters
from clv_xl.workbooks.table_columns import Column, Place, cells_of

_SAME = 1e-13


@dataclass(slots=True)
class _Collector:
    """Takes the distinct texts of a column, as shared strings would."""

    distinct: list[str] = field(default_factory=list)

    def add(self, texts: Any, references: int, characters: int) -> int:  # noqa: ANN401, ARG002
        """Note the texts; their numbers are found later."""
        for chunk in texts.chunks():
            self.distinct.extend(chunk)
        return 0


def write_rows(parts: Parts, table: TableSeen, columns: Mapping[str, Column]) -> bool:
    """Write columns of a table's body, and return whether anything changed.

    Parameters
    ----------
    parts
        The workbook.
    table
        The table, its area as wide and long as it is to be.
    columns
        The new columns by header; other columns stay.
    """
    sheet = parts.sheet(table.area.sheet)
    numbers = range(table.body.top, table.body.bottom + 1)
    held = raw_columns(sheet, numbers)
    new = {
        table.area.left + table.headers.index(header): _numbered(parts, table, header, column)
        for header, column in columns.items()
    }
    nothing = RawColumn.empty(len(numbers))
    if all(_same(parts, held.get(at, nothing), cells) for at, cells in new.items()):
        return False
    _render(sheet, numbers, held, new)
    return True


def _numbered(parts: Parts, table: TableSeen, header: str, column: Column) -> Cells:
    """Return a column as what its cells hold: numbers, or numbers of shared texts."""
    at = table.area.left + table.headers.index(header)
    collector = _Collector()
    place = Place(column_letters(at), "", header, table.name)
    cells = cells_of(column, place, collector)  # type: ignore[arg-type] # it only adds
    if not cells.shared:
        return cells
    known = parts.shared.numbers(collector.distinct)
    numbers = np.where(_blank(cells), 0, cells.numbers).astype(np.int64)
    mapped = known[numbers] if len(known) else numbers
    return Cells(letters=cells.letters, style="", numbers=mapped, blank=cells.blank, shared=True)


def _same(parts: Parts, held: RawColumn, cells: Cells) -> bool:
    """Return whether a column holds already what it is to hold, up to the last digits."""
    blank = _blank(cells)
    if not np.array_equal(held.blank(), blank):
        return False
    filled = [raw for raw in held.raw() if raw is not None and raw.inside]
    shared = {' t="s"' in said for said in {raw.attributes for raw in filled}}
    if shared - {cells.shared} or any("<f" in (raw.inside or "") for raw in filled):
        return False
    values = [_value(raw.inside or "") for raw in filled]
    new = cells.numbers[~blank]
    if cells.shared:
        texts = parts.shared.texts
        pairs = zip(values, new.tolist(), strict=True)
        return all(texts[int(was)] == texts[now] for was, now in pairs)
    try:
        before = np.array(values, dtype=np.float64)
    except ValueError:
        return False
    return bool(np.all(np.abs(before - new) <= _SAME * np.abs(new)))


def _value(inside: str) -> str:
    start = inside.find("<v>") + 3
    return inside[start : inside.find("</v>", start)]


def _blank(cells: Cells) -> Bools:
    return np.zeros(len(cells.numbers), dtype=np.bool_) if cells.blank is None else cells.blank


def _render(
    sheet: SheetCells,
    numbers: range,
    held: Mapping[int, RawColumn],
    new: Mapping[int, Cells],
) -> None:
    """Write the rows: new columns in the styles that their cells have, other cells as they are."""
    nothing = RawColumn.empty(len(numbers))
    slots: list[Sequence[Any]] = []
    template = []
    for at in sorted({*new, *held}):
        if at in new:
            text, contents = _column(held.get(at, nothing), at, new[at])
            template.append(text)
            slots += [numbers, contents]
        else:
            template.append("%s")
            slots.append(list(_kept(held[at], at, numbers)))
    bodies = map("".join(template).__mod__, zip(*slots, strict=True))
    for number, body in zip(numbers, bodies, strict=True):
        row = sheet.rows.get(number)
        sheet.rows[number] = Row("" if row is None else row.attributes, body)
    sheet.touched = True


def _column(held: RawColumn, at: int, cells: Cells) -> tuple[str, list[Any]]:
    """Return a column's template, and what each row puts into it."""
    letters = column_letters(at)
    if held.style is not None:
        return replace(cells, letters=letters, style=held.style).rendered(0, len(held.cells))
    shown = held.styles()
    usual = most_used(shown)
    return f'<c r="{letters}%s"%s', list(_styled(shown, usual, cells))


def _styled(styles: Sequence[str | None], usual: str, cells: Cells) -> Iterator[str]:
    """Return what follows the reference of each cell, in a style of its own."""
    kind = ' t="s"' if cells.shared else ""
    contents = zip(styles, cells.numbers.tolist(), _blank(cells).tolist(), strict=True)
    for style, value, empty in contents:
        one = usual if style is None else style
        said = f' s="{one}"' if one else ""
        yield f"{said}/>" if empty else f"{said}{kind}><v>{value}</v></c>"


def _kept(held: RawColumn, at: int, numbers: range) -> Iterator[str]:
    """Return the cells of a column that is not written."""
    for number, raw in zip(numbers, held.raw(), strict=True):
        yield "" if raw is None else raw.xml(cell_reference(number, at))
