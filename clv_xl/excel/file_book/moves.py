"""Cells that move in a workbook file, with everything that refers to them."""

import re
from functools import partial
from html import escape, unescape

from clv_xl.errors import SourceError
from clv_xl.excel.file_book.parts import Parts
from clv_xl.workbooks.areas import Area
from clv_xl.workbooks.cells import RawCell
from clv_xl.workbooks.drawings import linked, moved_chart, moved_drawing
from clv_xl.workbooks.formula_refs import moved_formula
from clv_xl.workbooks.moves import Move
from clv_xl.workbooks.notes import move_notes
from clv_xl.workbooks.sheet_cells import SheetCells
from clv_xl.workbooks.sheet_ranges import moved_list, moved_ranges, with_formulas

_F = re.compile(r"(<f\b([^>]*)>)([^<]*)(</f>)|<f\b([^>]*)/>")
_OWN = re.compile(r'(\s(?:ref|r1|r2)=")([^"]*)(")')
_REF = re.compile(r'(\sref=")([^"]*)(")')
_TABLE_FORMULA = re.compile(
    r"(<((?:calculatedColumn|totalsRow)Formula)(?:\s[^>]*)?>)([^<]*)(</\2>)"
)
_ARRAY = re.compile(r'<f\b(?=[^>]*\bt="(?:array|dataTable)")[^>]*?\bref="([^"]*)"')
_SOURCE = re.compile(r"<worksheetSource\b[^>]*>")


def move_cells(parts: Parts, move: Move) -> None:
    """Move cells, and let formulas, names, tables, rules, drawings, charts and notes follow."""
    _refuse_cuts(parts, move)
    for name in parts.entries:
        parts.unshare(name)
    parts.sheet(move.area.sheet).move(move)
    parts.names.move(move.range)
    for name in parts.entries:
        _follow_on_sheet(parts, name, move)
    for part in list(parts.package.parts):
        _follow_elsewhere(parts, part, move)


def _refuse_cuts(parts: Parts, move: Move) -> None:
    """Refuse to move a part of a table, of merged cells or of an array."""
    sheet = move.area.sheet
    held = [table.seen.area for table in parts.tables.values()]
    after = parts.sheet(sheet).after
    merged = re.findall(r'<mergeCell\b[^>]*?\bref="([^"]*)"', after)
    written = parts.sheet(sheet).xml() if parts.has_arrays(sheet) else ""
    arrays = _ARRAY.findall(written)
    held += [area for area in (Area.parsed(ref, sheet) for ref in (*merged, *arrays)) if area]
    for area in held:
        if _is_cut(area, move):
            raise SourceError(
                f"the cells {area.local} on the sheet {sheet} stand in the way of the report's own "
                "and cannot be moved in part: move them further away"
            )


def _is_cut(area: Area, move: Move) -> bool:
    """Return whether only a part of an area would move, other than by growing or shrinking."""
    moving = move.area
    if not area.meets(moving) or area.inside(moving):
        return False
    if move.down:
        return not (moving.left <= area.left and area.right <= moving.right)
    return not (moving.top <= area.top and area.bottom <= moving.bottom)


def _follow_on_sheet(parts: Parts, name: str, move: Move) -> None:
    """Let what a sheet holds follow cells that moved on it or on another one."""
    here = name == move.area.sheet
    entry, package = parts.entries[name], parts.package
    cells = parts.sheet(name)
    if here or _speaks_of(cells.after, move.area.sheet) or parts.has_formulas(name):
        if parts.has_formulas(name):
            _follow_in_cells(cells, move)
        anew = (
            moved_ranges(cells.after, name, move.range)
            if here
            else with_formulas(cells.after, name, move.range)
        )
        cells.touched = cells.touched or anew != cells.after
        cells.after = anew
    for part in package.related(entry.part, "table"):
        package.put(part, _moved_table(package.text(part), name, move))
    for part in package.related(entry.part, "drawing"):
        package.put(part, moved_drawing(package.text(part), name, move))
    for part in package.related(entry.part, "ctrlProp"):
        package.put(part, linked(package.text(part), name, move.range))
    if here:
        move_notes(package, entry.part, lambda place: move.cell(*place))


def _speaks_of(xml: str, sheet: str) -> bool:
    """Return whether a text may name a sheet: one with such signs is written in several ways."""
    return sheet in xml or any(sign in sheet for sign in "'&<>")


def _follow_in_cells(cells: SheetCells, move: Move) -> None:
    follow = partial(_moved_cell, sheet=cells.sheet, move=move)
    named = move.area.sheet if cells.sheet != move.area.sheet else ""

    def may_follow(xml: str | None) -> bool:
        return xml is not None and "<f" in xml and _speaks_of(xml, named)

    for number, row in cells.rows.items():
        if row.body is not None and not may_follow(row.body):
            continue
        for column, raw in list(row.cells.items()):
            if raw.inside and may_follow(raw.inside):
                now = RawCell(raw.attributes, _F.sub(follow, raw.inside))
                cells.put(number, column, now)


def _moved_cell(found: re.Match[str], *, sheet: str, move: Move) -> str:
    said = found[2] or found[5] or ""
    anew = _OWN.sub(lambda f: f[1] + moved_list(f[2], sheet, move.range) + f[3], said)
    if found[1] is None:
        return f"<f{anew}/>"
    was = unescape(found[3])
    now = moved_formula(was, sheet, move.range)
    text = found[3] if now == was else escape(now, quote=False)
    return f"<f{anew}>{text}</f>"


def _moved_table(xml: str, sheet: str, move: Move) -> str:
    if sheet == move.area.sheet:
        xml = _REF.sub(lambda f: f[1] + (_span(f[2], sheet, move) or f[2]) + f[3], xml)

    def formula(found: re.Match[str]) -> str:
        was = unescape(found[3])
        now = moved_formula(was, sheet, move.range)
        return found[0] if now == was else found[1] + escape(now, quote=False) + found[4]

    return _TABLE_FORMULA.sub(formula, xml)


def _span(reference: str, sheet: str, move: Move) -> str:
    area = Area.parsed(reference, sheet)
    there = None if area is None else move.range(area)
    return "" if there is None else there.span


def _follow_elsewhere(parts: Parts, part: str, move: Move) -> None:
    package = parts.package
    if part.startswith("xl/charts/") and part.endswith(".xml"):
        package.put(part, moved_chart(package.text(part), move.range))
    elif "pivotCacheDefinition" in part and part.endswith(".xml"):
        anew = _SOURCE.sub(lambda f: _moved_source(f[0], move), package.text(part))
        package.put(part, anew)


def _moved_source(element: str, move: Move) -> str:
    sheet = escape(move.area.sheet)
    if f'sheet="{sheet}"' not in element:
        return element
    return _REF.sub(
        lambda f: f[1] + (moved_list(f[2], move.area.sheet, move.range) or f[2]) + f[3], element
    )
