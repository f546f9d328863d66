"""Drawings and charts of a finished sheet: where they lie, and which cells they show."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape, unescape

from clv_xl.workbooks.areas import Area
from clv_xl.workbooks.cells import Cell
from clv_xl.workbooks.formula_refs import Mover, moved_formula
from clv_xl.workbooks.moves import Move
from clv_xl.workbooks.sheet_xml import cell_text

_CORNER = re.compile(r"(<((?:\w+:)?(?:from|to))>)(.*?)(</\2>)", re.DOTALL)
_ROW = re.compile(r"(<(?:\w+:)?row>)(\d+)(</(?:\w+:)?row>)")
_LINK = re.compile(r'(\s(?:textlink|fmlaLink|fmlaRange|fmlaTxbx)=")([^"]*)(")')
_FORMULA = re.compile(r"(<((?:\w+:)?f)\b[^>]*>)([^<]*)(</\2>)")
_SERIES = re.compile(r"<c:ser>.*?</c:ser>", re.DOTALL)
_PARTS = re.compile(r"<c:(cat|val|xVal|yVal)>.*?</c:\1>", re.DOTALL)
_DATA = re.compile(
    r"<c:f>([^<]*)</c:f>\s*<c:(numCache|strCache)>(.*?)</c:\2>", re.DOTALL
)  # fmt: skip
_CODE = re.compile(r"<c:formatCode>.*?</c:formatCode>", re.DOTALL)
_ANCHOR = re.compile(
    r"<((?:\w+:)?(?:twoCell|oneCell|absolute)Anchor)\b[^>]*>.*?</\1>", re.DOTALL
)  # fmt: skip

_OBJECT = r"<(?:\w+:)?cNvPr\b[^>]*?\s"
_MAIN = "http://schemas.openxmlformats.org/drawingml/2006"
_SPACES = f' xmlns:xdr="{_MAIN}/spreadsheetDrawing" xmlns:a="{_MAIN}/main"'
EMPTY_DRAWING = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<xdr:wsDr xmlns:xdr="'
    f'{_MAIN}/spreadsheetDrawing"></xdr:wsDr>'
)


def moved_drawing(xml: str, sheet: str, move: Move) -> str:
    """Return a drawing after cells have moved: with whole rows it moves itself."""
    if move.whole_rows and move.area.sheet == sheet:
        xml = _CORNER.sub(
            lambda found: found[1] + _ROW.sub(lambda f: _row(f, move), found[3]) + found[4], xml
        )
    return linked(xml, sheet, move.range)


def linked(xml: str, sheet: str, where: Mover) -> str:
    """Return the drawings or controls of a sheet with links that follow their cells."""

    def moved(found: re.Match[str]) -> str:
        was = unescape(found[2])
        now = moved_formula(was, sheet, where)
        return found[0] if now == was else f"{found[1]}{escape(now)}{found[3]}"

    return _LINK.sub(moved, xml)


def _row(found: re.Match[str], move: Move) -> str:
    row = int(found[2]) + 1
    there = move.cell(row, 1) or (move.area.top + move.down, 1)
    return f"{found[1]}{there[0] - 1}{found[3]}"


def moved_chart(xml: str, where: Mover) -> str:
    """Return a chart whose series refer to where their cells have gone."""

    def moved(found: re.Match[str]) -> str:
        was = unescape(found[3])
        now = moved_formula(was, "", where)
        return found[0] if now == was else found[1] + escape(now, quote=False) + found[4]

    return _FORMULA.sub(moved, xml)


def redrawn(xml: str, series: Sequence[Mapping[str, Area]]) -> str:
    """Return a chart whose first series show other ranges.

    Parameters
    ----------
    xml
        The chart's part.
    series
        For each series the areas of its ``categories`` and ``values``.
    """
    anew = iter(series)

    def one(found: re.Match[str]) -> str:
        ranges = next(anew, None)
        if ranges is None:
            return found[0]
        return _PARTS.sub(lambda part: _pointed(part, ranges), found[0])

    return _SERIES.sub(one, xml)


def _pointed(part: re.Match[str], ranges: Mapping[str, Area]) -> str:
    area = ranges["categories" if part[1] in {"cat", "xVal"} else "values"]
    was = re.search(r"<c:f>([^<]*)</c:f>", part[0])
    if was is None or Area.parsed(unescape(was[1])) == area:
        return part[0]
    said = escape(area.reference, quote=False)
    return part[0][: was.start(1)] + said + part[0][was.end(1) :]


def repointed(xml: str, area: Area) -> str:
    """Return a chart in which an area stands for every range that is gone."""
    said = escape(area.reference, quote=False)
    return re.sub(r"(<c:f>)#REF!(</c:f>)", lambda found: found[1] + said + found[2], xml)


def ranges_of(xml: str) -> Iterator[Area]:
    """Walk over the areas that a chart shows."""
    for found in _FORMULA.finditer(xml):
        area = Area.parsed(unescape(found[3]))
        if area is not None:
            yield area


def series_of(xml: str) -> list[dict[str, Area]]:
    """Return the areas of the series of a chart."""
    found = []
    for one in _SERIES.findall(xml):
        areas: dict[str, Area] = {}
        for part in _PARTS.finditer(one):
            said = re.search(r"<c:f>([^<]*)</c:f>", part[0])
            area = Area.parsed(unescape(said[1])) if said else None
            if area is not None:
                areas["categories" if part[1] in {"cat", "xVal"} else "values"] = area
        found.append(areas)
    return found


def with_caches(xml: str, read: Callable[[Area], list[Cell] | None]) -> str:
    """Return a chart whose stored values are those of its cells.

    Parameters
    ----------
    xml
        The chart's part.
    read
        The cells of an area; None where some of them have no known value: then none are stored.
    """

    def anew(found: re.Match[str]) -> str:
        area = Area.parsed(unescape(found[1]))
        if area is None:
            return found[0]
        cells = read(area)
        formula = f"<c:f>{found[1]}</c:f>"
        if cells is None:
            return formula
        cache = _cache(found[2], found[3], cells)
        return found[0] if cache == found[3] else f"{formula}<c:{found[2]}>{cache}</c:{found[2]}>"

    return _DATA.sub(anew, xml)


def _cache(kind: str, was: str, cells: list[Cell]) -> str:
    """Return the stored values; those that are the same to their last digits stay as they were."""
    code = _CODE.search(was)
    points = []
    for number, cell in enumerate(cells):
        numeric = isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool)
        if cell.value in {None, ""} or (kind == "numCache" and not numeric):
            continue
        value = cell_text(_shown(cell.value)) if kind == "strCache" else f"{cell.value!r}"
        points.append((number, value))
    stored = dict(re.findall(r'<c:pt idx="(\d+)"[^>]*>\s*<c:v>([^<]*)</c:v>', was))
    count = re.search(r'<c:ptCount val="(\d+)"', was)
    if count is not None and int(count[1]) == len(cells) and _same(stored, points):
        return was
    listed = "".join(f'<c:pt idx="{n}"><c:v>{value}</c:v></c:pt>' for n, value in points)
    return f'{code[0] if code else ""}<c:ptCount val="{len(cells)}"/>{listed}'


def _same(stored: dict[str, str], points: list[tuple[int, str]]) -> bool:
    if len(stored) != len(points):
        return False
    return all(_alike(stored.get(str(number), ""), value) for number, value in points)


def _alike(one: str, other: str) -> bool:
    try:
        return abs(float(one) - float(other)) <= 1e-12 * abs(float(other))
    except ValueError:
        return one == other


def _shown(value: object) -> str:
    whole = isinstance(value, float) and value == int(value)
    return str(int(value)) if whole else str(value)  # type: ignore[call-overload] # a whole float


def anchors_of(xml: str) -> Iterator[str]:
    """Walk over the anchors of the objects on a drawing."""
    for found in _ANCHOR.finditer(xml):
        yield found[0]


def anchored_as(anchor: str, name: str) -> bool:
    """Return whether the object that an anchor holds has a name."""
    return f'name="{escape(name)}"' in anchor


def is_hidden(anchor: str) -> bool:
    """Return whether the object that an anchor holds cannot be seen."""
    return re.search(rf'{_OBJECT}hidden="1"', anchor) is not None


def shown(xml: str, name: str, *, visible: bool) -> str:
    """Return a drawing on which the object with a name can be seen, or cannot.

    Examples
    --------
    >>> shown('<a:cNvPr id="2" name="curve" hidden="1"/>', "curve", visible=True)
    '<a:cNvPr id="2" name="curve"/>'
    """
    pattern = rf'{_OBJECT}name="{re.escape(escape(name))}"[^>]*>'

    def set_right(found: re.Match[str]) -> str:
        bare = re.sub(r'\shidden="[^"]*"', "", found[0])
        return bare if visible else re.sub(r"(/?>)$", r' hidden="1"\1', bare)

    return re.sub(pattern, set_right, xml, count=1)


def hung(xml: str, anchor: str, relation: str, by: tuple[int, int]) -> str:
    """Return a drawing with one more chart, anchored as it is on another sheet.

    Parameters
    ----------
    xml
        The drawing.
    anchor
        The anchor of the chart, from the other drawing.
    relation
        The id by which the drawing refers to the chart.
    by
        How many rows and columns further it hangs.
    """
    used = [int(number) for number in re.findall(rf'{_OBJECT}id="(\d+)"', xml)]
    free = max(used, default=1) + 1
    anew = re.sub(rf'({_OBJECT}id=")\d+', rf"\g<1>{free}", anchor)
    anew = re.sub(r'(<c:chart\b[^>]*?\sr:id=")[^"]*', rf"\g<1>{relation}", anew)
    anew = _shifted(anew, by)
    anew = re.sub(r"^<[\w:]+", lambda found: f"{found[0]}{_SPACES}", anew)
    at = xml.rindex("</")
    return xml[:at] + anew + xml[at:]


def with_corners(anchor: str, model: str, by: tuple[int, int]) -> str:
    """Return an anchor with the corners of another one, so many rows and columns further."""
    corners = iter(_CORNER.findall(_shifted(model, by)))

    def one(found: re.Match[str]) -> str:
        corner = next(corners, None)
        return found[0] if corner is None else found[1] + corner[2] + found[4]

    return _CORNER.sub(one, anchor)


def _shifted(anchor: str, by: tuple[int, int]) -> str:
    down, across = by
    anew = re.sub(r"(<xdr:row>)(\d+)", lambda found: f"{found[1]}{int(found[2]) + down}", anchor)
    return re.sub(r"(<xdr:col>)(\d+)", lambda found: f"{found[1]}{int(found[2]) + across}", anew)


def anchor_names(xml: str) -> list[str]:
    """Return the names of the objects on a drawing."""
    return [unescape(name) for name in re.findall(rf'{_OBJECT}name="([^"]*)"', xml)]
