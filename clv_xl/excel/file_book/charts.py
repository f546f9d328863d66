"""The charts of a workbook file: what they show, and the values stored in them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clv_xl.excel.file_book.parts import Parts
from clv_xl.excel.seen import SeriesRanges
from clv_xl.workbooks.areas import Area
from clv_xl.workbooks.cells import Cell
from clv_xl.workbooks.drawings import (
    EMPTY_DRAWING,
    anchored_as,
    anchors_of,
    hung,
    is_hidden,
    ranges_of,
    redrawn,
    repointed,
    series_of,
    shown,
    with_caches,
    with_corners,
)
from clv_xl.workbooks.sheet_order import inserted

_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.drawing+xml"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass(frozen=True, slots=True)
class Placed:
    """A chart on a sheet: the part of its drawing, its own part, and its anchor."""

    sheet: str
    drawing: str
    part: str
    anchor: str


def placed_chart(parts: Parts, name: str) -> Placed | None:
    """Return the chart with a name; None where there is none."""
    return next((chart for chart in _placed(parts) if anchored_as(chart.anchor, name)), None)


def _placed(parts: Parts) -> Iterator[Placed]:
    """Walk over all charts on sheets."""
    for entry in parts.entries.values():
        for drawing in parts.package.related(entry.part, "drawing"):
            targets = {one.id: one.target for one in parts.package.relations(drawing)}
            for anchor in anchors_of(parts.package.text(drawing)):
                found = re.search(r'<c:chart\b[^>]*\br:id="([^"]+)"', anchor)
                target = targets.get(found[1]) if found is not None else None
                if target is not None and target in parts.package.parts:
                    yield Placed(entry.name, drawing, target, anchor)


def chart_series(parts: Parts, name: str) -> list[SeriesRanges]:
    """Return the ranges of the series of a chart, nothing where there is no such chart."""
    found = placed_chart(parts, name)
    if found is None:
        return []
    series = series_of(parts.package.text(found.part))
    return [SeriesRanges(one["categories"], one["values"]) for one in series if len(one) > 1]


def redraw(parts: Parts, name: str, series: Sequence[SeriesRanges]) -> None:
    """Let a chart of ours show other ranges; one that the user took away stays away."""
    found = placed_chart(parts, name)
    if found is not None:
        ranges = [{"categories": one.categories, "values": one.values} for one in series]
        text = parts.package.text(found.part)
        parts.package.put(found.part, redrawn(text, ranges))


def show(parts: Parts, name: str, *, visible: bool) -> bool:
    """Let a chart be seen or not, and return whether there is such a chart."""
    found = placed_chart(parts, name)
    if found is not None:
        text = parts.package.text(found.drawing)
        parts.package.put(found.drawing, shown(text, name, visible=visible))
    return found is not None


def draw(parts: Parts, name: str, at: Area, pattern: Parts, like: Area) -> bool:
    """Draw a chart of another workbook, as far from a cell as it is there from another one."""
    model = placed_chart(pattern, name)
    if model is None:
        return False
    package = parts.package
    drawing = _drawing_of(parts, at.sheet)
    part = package.free("xl/charts/chart{}.xml")
    package.add(part, pattern.package.text(model.part), _CHART_TYPE)
    relation = package.relate(drawing, "chart", part)
    by = at.top - like.top, at.left - like.left
    package.put(drawing, hung(package.text(drawing), model.anchor, relation, by))
    return True


def hang(parts: Parts, name: str, at: Area, pattern: Parts, like: Area) -> None:
    """Let a chart hang on a cell as that of another workbook does."""
    found, model = placed_chart(parts, name), placed_chart(pattern, name)
    if found is not None and model is not None:
        by = at.top - like.top, at.left - like.left
        text = parts.package.text(found.drawing)
        anew = with_corners(found.anchor, model.anchor, by)
        parts.package.put(found.drawing, text.replace(found.anchor, anew))


def _drawing_of(parts: Parts, sheet: str) -> str:
    """Return the part of a sheet's drawing; a sheet without any gets one."""
    package, holder = parts.package, parts.entries[sheet].part
    found = package.related(holder, "drawing")
    if found:
        return found[0]
    part = package.free("xl/drawings/drawing{}.xml")
    package.add(part, EMPTY_DRAWING, _DRAWING_TYPE)
    relation = package.relate(holder, "drawing", part)
    cells = parts.sheet(sheet)
    element = f'<drawing xmlns:r="{_RELATIONS}" r:id="{relation}"/>'
    cells.after, cells.touched = inserted(cells.after, "drawing", element), True
    return part


def store_values(parts: Parts) -> None:
    """Store in every chart the values that its cells have now."""
    for chart in _placed(parts):
        if is_hidden(chart.anchor):  # it waits for cells to come back: until then it shows none
            corner = Area(chart.sheet, 1, 1, 1, 1)
            parts.package.put(chart.part, repointed(parts.package.text(chart.part), corner))
    for part in list(parts.package.parts):
        if part.startswith("xl/charts/") and part.endswith(".xml"):
            text = parts.package.text(part)
            if any(area.sheet in parts.entries for area in ranges_of(text)):
                parts.package.put(part, with_caches(text, lambda area: _values(parts, area)))


def _values(parts: Parts, area: Area) -> list[Cell] | None:
    if area.sheet not in parts.entries:
        return None
    cells = list(_cells(parts, area))
    unknown = any(cell.formula is not None and cell.value is None for cell in cells)
    return None if unknown else cells


def _cells(parts: Parts, area: Area) -> Iterator[Cell]:
    for row in range(area.top, area.bottom + 1):
        for column in range(area.left, area.right + 1):
            yield parts.content(area.sheet, row, column)
