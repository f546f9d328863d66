"""The ranges that a sheet's XML lays over its cells, moved as the cells move.

Merges, conditional formats, validations, links, filters, page breaks, sparklines: whatever names a
range of its own sheet, or holds a formula.
"""

import re
from collections.abc import Callable
from html import escape, unescape

from clv_xl.workbooks.areas import Area
from clv_xl.workbooks.formula_refs import Mover, moved_formula

_ONE = (
    "mergeCell", "hyperlink", "conditionalFormatting", "dataValidation", "ignoredError",
    "protectedRange", "x14:conditionalFormatting", "x14:dataValidation", "x14:sparkline",
)  # fmt: skip
_ELEMENTS = [
    re.compile(rf"<{name}(?=[\s>/])[^>]*?/>|<{name}(?=[\s>])[^>]*>.*?</{name}>", re.DOTALL)
    for name in _ONE
]
_GROUPS = (
    ("mergeCells", "mergeCell"), ("hyperlinks", "hyperlink"), ("ignoredErrors", "ignoredError"),
    ("dataValidations", "dataValidation"), ("protectedRanges", "protectedRange"),
)  # fmt: skip
_RANGE = re.compile(r'(\s(?:sqref|ref)=")([^"]*)(")|(<xm:sqref>)([^<]*)(</xm:sqref>)')
_FORMULA = re.compile(r"(<((?:\w+:)?(?:formula[12]?|f))(?:\s[^>]*)?>)([^<]*)(</\2>)")
_LOCATION = re.compile(r'(\slocation=")([^"]*)(")')
_OTHERS = re.compile(r"<(?:autoFilter|sortState|sortCondition)\b[^>]*>")
_BREAKS = re.compile(r"<rowBreaks\b.*?</rowBreaks>", re.DOTALL)


def moved_ranges(xml: str, sheet: str, where: Mover) -> str:
    """Return the XML behind a sheet's cells after cells have moved, here or on another sheet.

    Parameters
    ----------
    xml
        What follows the cells in the sheet's part.
    sheet
        The name of the sheet.
    where
        Where an area goes.

    Examples
    --------
    >>> down = lambda area: Area(area.sheet, area.top + 1, area.left, area.bottom + 1, area.right)
    >>> moved_ranges('<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>', "Data", down)
    '<mergeCells count="1"><mergeCell ref="A2:B2"/></mergeCells>'
    """
    anew = xml
    for pattern in _ELEMENTS:
        anew = pattern.sub(lambda found: _element(found[0], sheet, where), anew)
    anew = _OTHERS.sub(lambda found: _with_ranges(found[0], sheet, where) or found[0], anew)
    anew = _BREAKS.sub(lambda found: _breaks(found[0], sheet, where), anew)
    for group, one in _GROUPS:
        anew = counted_group(anew, group, one)
    return anew


def _element(text: str, sheet: str, where: Mover) -> str:
    """Return one element with its ranges and formulas moved; nothing where its range is gone."""
    ranged = _with_ranges(text, sheet, where)
    if ranged is None:
        return ""
    was, now = (_first(one, sheet) for one in (text, ranged))
    if was is None or now is None or text.startswith("<x14:sparkline"):
        return with_formulas(ranged, sheet, where)
    shift = now.top - was.top, now.left - was.left
    return with_formulas(ranged, sheet, where, shift)


def _first(text: str, sheet: str) -> Area | None:
    """Return the first range that an element names."""
    found = _RANGE.search(text)
    said = (found[2] or found[5] or "").split() if found else []
    return Area.parsed(said[0], sheet) if said else None


def _with_ranges(text: str, sheet: str, where: Mover) -> str | None:
    gone = False

    def moved(found: re.Match[str]) -> str:
        nonlocal gone
        before, said, after = (found[n] or found[n + 3] for n in (1, 2, 3))
        there = moved_list(said, sheet, where)
        gone = gone or not there
        return f"{before}{there}{after}"

    anew = _RANGE.sub(moved, text)
    return None if gone else anew


def moved_list(ranges: str, sheet: str, where: Mover) -> str:
    """Return the ranges of a list after cells have moved; those that are gone are left out."""
    kept = []
    for one in ranges.split():
        area = Area.parsed(one, sheet)
        there = where(area) if area is not None else None
        kept += [one] if area is None or there == area else [there.local] if there else []
    return " ".join(kept)


def with_formulas(xml: str, sheet: str, where: Mover, shift: tuple[int, int] | None = None) -> str:
    """Return elements whose formulas refer to where their cells have gone."""
    moved = _FORMULA.sub(
        lambda found: found[1] + _formula(found[3], sheet, where, shift) + found[4], xml
    )
    return _LOCATION.sub(
        lambda found: found[1] + _formula(found[2], sheet, where) + found[3], moved
    )


def _formula(text: str, sheet: str, where: Mover, shift: tuple[int, int] | None = None) -> str:
    was = unescape(text)
    now = moved_formula(was, sheet, where, shift)
    return text if now == was else escape(now)


def _breaks(xml: str, sheet: str, where: Mover) -> str:
    def moved(found: re.Match[str]) -> str:
        row = int(found[2])
        there = where(Area(sheet, row, 1, row, 1)) if row else None
        return found[0] if there is None else f"{found[1]}{there.top}{found[3]}"

    return re.sub(r'(<brk\b[^>]*?\bid=")(\d+)(")', moved, xml)


def counted_group(xml: str, group: str, one: str) -> str:
    """Return a group with its count set right, and without it where nothing is left in it."""

    def right(found: re.Match[str]) -> str:
        count = len(re.findall(rf"<{one}[\s/>]", found[2]))
        attributes = re.sub(r'\bcount="\d+"', f'count="{count}"', found[1])
        return f"<{group}{attributes}>{found[2]}</{group}>" if count else ""

    return re.sub(rf"<{group}((?:\s[^>]*)?)>(.*?)</{group}>", right, xml, flags=re.DOTALL)


def holders(xml: str, one: str, chosen: Callable[[list[Area]], bool], sheet: str) -> list[str]:
    """Return the elements of a kind whose ranges are chosen."""
    pattern = _ELEMENTS[_ONE.index(one)]
    found = []
    for element in pattern.findall(xml):
        opened = element.partition(">")[0] + ">"
        said = [
            part for groups in _RANGE.findall(opened) for part in (groups[1] or groups[4]).split()
        ]
        areas = [area for area in (Area.parsed(part, sheet) for part in said) if area is not None]
        if areas and chosen(areas):
            found.append(element)
    return found
