"""The charts of a workbook file: what they show, and the values stored in them."""

import re
from collections.abc import Iterator, Sequence

from clv_xl.excel.file_book.parts import Parts
from clv_xl.excel.seen import SeriesRanges
from clv_xl.workbooks.areas import Area
from clv_xl.workbooks.cells import Cell
from clv_xl.workbooks.drawings import anchor_of, ranges_of, redrawn, series_of, with_caches


def chart_part(parts: Parts, name: str) -> tuple[str, str] | None:
    """Return the sheet and the part of the chart with a name; None where there is none."""
    for entry in parts.entries.values():
        for drawing in parts.package.related(entry.part, "drawing"):
            anchor = anchor_of(parts.package.text(drawing), name)
            found = re.search(r'<c:chart\b[^>]*\br:id="([^"]+)"', anchor or "")
            if found is None:
                continue
            for relation in parts.package.relations(drawing):
                if relation.id == found[1] and relation.target in parts.package.parts:
                    return entry.name, relation.target
    return None


def chart_series(parts: Parts, name: str) -> list[SeriesRanges]:
    """Return the ranges of the series of a chart, nothing where there is no such chart."""
    found = chart_part(parts, name)
    if found is None:
        return []
    series = series_of(parts.package.text(found[1]))
    return [SeriesRanges(one["categories"], one["values"]) for one in series if len(one) > 1]


def redraw(parts: Parts, name: str, series: Sequence[SeriesRanges]) -> None:
    """Let a chart of ours show other ranges; one that the user took away stays away."""
    found = chart_part(parts, name)
    if found is not None:
        ranges = [{"categories": one.categories, "values": one.values} for one in series]
        text = parts.package.text(found[1])
        parts.package.put(found[1], redrawn(text, ranges))


def store_values(parts: Parts) -> None:
    """Store in every chart the values that its cells have now."""
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
