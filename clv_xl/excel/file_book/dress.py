"""Formats of cells in a workbook file: like other cells of it, or like those of a pattern."""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import count

from clv_xl.excel.file_book.parts import Parts
from clv_xl.excel.file_book.raw_columns import in_one_style, most_used, raw_columns
from clv_xl.workbooks.areas import LAST_COLUMN, Area
from clv_xl.workbooks.cells import RawCell
from clv_xl.workbooks.notes import move_notes
from clv_xl.workbooks.sheet_cells import Row, SheetCells
from clv_xl.workbooks.sheet_order import added, inserted
from clv_xl.workbooks.sheet_ranges import counted_group, holders, moved_ranges

_HEIGHT = re.compile(r'\s(?:ht|customHeight)="[^"]*"')


def format_like(parts: Parts, area: Area, model: Area) -> None:
    """Give cells the formats of other cells of the same sheet, repeated as often as they fit."""
    cells = parts.sheet(area.sheet)
    for row, column, there in _pairs(area, model):
        held = cells.get(*there)
        _style(cells, row, column, held.style if held else "")
        _height(cells, row, cells.rows.get(there[0]))


def dress(parts: Parts, area: Area, pattern: Parts, like: Area) -> None:
    """Give cells the formats, rules and merges of cells of another workbook."""
    cells, model = parts.sheet(area.sheet), pattern.sheet(like.sheet)
    for row, column, there in _pairs(area, like):
        held = model.get(*there)
        style = parts.styles.carried(pattern.styles, held.style) if held and held.style else ""
        _style(cells, row, column, style)
        _height(cells, row, model.rows.get(there[0]))
    after = cells.after
    for kind, group in (("mergeCell", "mergeCells"), ("dataValidation", "dataValidations")):
        after = added(after, group, _taken(model, kind, like, area))
        after = counted_group(after, group, kind)
    cells.touched = cells.touched or after != cells.after
    cells.after = after
    _add_rules(parts, area, pattern, like)


def rule(parts: Parts, area: Area, pattern: Parts, like: Area) -> None:
    """Give cells the conditional formats of another workbook's, in the place of their own."""
    cells = parts.sheet(area.sheet)
    inside = partial(_all_inside, area)
    for element in holders(cells.after, "conditionalFormatting", inside, area.sheet):
        cells.after = cells.after.replace(element, "", 1)
    _add_rules(parts, area, pattern, like)


def _add_rules(parts: Parts, area: Area, pattern: Parts, like: Area) -> None:
    cells = parts.sheet(area.sheet)
    for one in _taken(pattern.sheet(like.sheet), "conditionalFormatting", like, area):
        ranked = _with_formats(one, parts, pattern, cells.after)
        cells.after = inserted(cells.after, "conditionalFormatting", ranked)
        cells.touched = True


def _all_inside(area: Area, areas: list[Area]) -> bool:
    return all(one.inside(area) for one in areas)


def _pairs(area: Area, model: Area) -> Iterator[tuple[int, int, tuple[int, int]]]:
    """Walk over the cells of an area, each with the cell of the model that it is to be like."""
    for row in range(area.top, area.bottom + 1):
        for column in range(area.left, area.right + 1):
            down, across = (row - area.top) % model.rows, (column - area.left) % model.columns
            yield row, column, (model.top + down, model.left + across)


def _style(cells: SheetCells, row: int, column: int, style: str) -> None:
    held = cells.get(row, column) or RawCell()
    if held.style != style:
        now = held.styled(style)
        cells.put(row, column, None if now == RawCell() else now)


def _height(cells: SheetCells, row: int, model: Row | None) -> None:
    """Give a row without a height of its own that of another."""
    height = "".join(_HEIGHT.findall(model.attributes)) if model is not None else ""
    held = cells.rows.get(row)
    if height and (held is None or not _HEIGHT.search(held.attributes)):
        cells.touched = True
        cells.rows.setdefault(row, Row()).attributes += height


def _taken(model: SheetCells, kind: str, like: Area, area: Area) -> list[str]:
    """Return the elements of a kind that lie on the model's cells, as they lie on the new ones."""
    down, across = area.top - like.top, area.left - like.left

    def shifted(one: Area) -> Area:
        top, left = one.top + down, one.left + across
        return Area(like.sheet, top, left, one.bottom + down, one.right + across)

    found = holders(model.after, kind, partial(_all_inside, like), like.sheet)
    return [moved_ranges(one, like.sheet, shifted) for one in found]


def _with_formats(rule: str, parts: Parts, pattern: Parts, after: str) -> str:
    """Return conditional formats with the numbers that their formats and ranks have here."""
    ranks = [int(number) for number in re.findall(r'\bpriority="(\d+)"', after)]
    free = count(max(ranks, default=0) + 1)

    def carried(found: re.Match[str]) -> str:
        return f'dxfId="{parts.styles.carried_rule(pattern.styles, int(found[1]))}"'

    return re.sub(
        r'\bdxfId="(\d+)"',
        carried,
        re.sub(r'\bpriority="\d+"', lambda _: f'priority="{next(free)}"', rule),
    )


def clear(parts: Parts, area: Area) -> None:
    """Empty cells and take their formats, rules and merges away."""
    cells = parts.sheet(area.sheet)
    for row, column, _ in list(cells.within(area)):
        cells.put(row, column, None)

    def kept(one: Area) -> Area | None:
        return None if one.inside(area) else one

    after = moved_ranges(cells.after, area.sheet, kept)
    cells.touched = cells.touched or after != cells.after
    cells.after = after


def reorder(parts: Parts, area: Area, order: Sequence[int | None]) -> None:
    """Let the formats and notes of rows follow: each row takes those of the row in `order`."""
    cells = parts.sheet(area.sheet)
    numbers = range(area.top, area.bottom + 1)
    columns = {} if in_one_style(cells, numbers) else raw_columns(cells, numbers)
    for at, column in columns.items():
        styles = column.styles()
        if area.left <= at <= area.right and len(set(styles) - {None}) > 1:
            usual = most_used(styles)
            for offset, was in enumerate(order):
                _style(cells, area.top + offset, at, usual if was is None else styles[was] or "")
    went = {area.top + was: area.top + now for now, was in enumerate(order) if was is not None}

    def there(place: tuple[int, int]) -> tuple[int, int] | None:
        row, column = place
        if not area.holds(row, column):
            return place
        return (went[row], column) if row in went else None

    def heads(place: tuple[int, int]) -> Iterator[tuple[int, int]]:
        """Let the note on a row that has left the table stay with its column."""
        yield from ((area.top - 1, place[1] + across) for across in range(LAST_COLUMN - place[1]))

    move_notes(parts.package, parts.entries[area.sheet].part, there, heads)
