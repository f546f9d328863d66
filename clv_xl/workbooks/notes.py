"""Notes and comments on the cells of a finished sheet, moved with their cells."""

import re
from collections.abc import Callable, Iterable, Iterator

from clv_xl.workbooks.areas import Area, cell_reference
from clv_xl.workbooks.package import Package

Place = tuple[int, int]
_KINDS = ("comments", "threadedComment")
_REF = re.compile(r'(<(?:threadedC|c)omment\b[^>]*?\bref=")([A-Z]+\d+)(")')
_SHAPE = re.compile(r"<v:shape\b.*?</v:shape>", re.DOTALL)
_ROW = re.compile(r"(<x:Row>\s*)(\d+)(\s*</x:Row>)")
_COLUMN = re.compile(r"(<x:Column>\s*)(\d+)(\s*</x:Column>)")
_ANCHOR = re.compile(r"(<x:Anchor>)([^<]*)(</x:Anchor>)")
_LEFT, _TOP, _RIGHT, _BOTTOM = 0, 2, 4, 6


def noted(package: Package, sheet_part: str) -> set[Place]:
    """Return the cells of a sheet that have a note."""
    found = set()
    for kind in _KINDS:
        for part in package.related(sheet_part, kind):
            for _, reference, _ in _REF.findall(package.text(part)):
                area = Area.parsed(reference)
                if area is not None:
                    found.add((area.top, area.left))
    return found


def move_notes(
    package: Package,
    sheet_part: str,
    where: Callable[[Place], Place | None],
    shelter: Callable[[Place], Iterable[Place]] | None = None,
) -> None:
    """Move the notes of a sheet to where their cells have gone.

    Parameters
    ----------
    package, sheet_part
        The workbook, and the part of the sheet.
    where
        Where a cell goes; None where it is gone.
    shelter
        Where the note of a cell that is gone may go, as long as no other note is there; None: to
        the nearest cell above.
    """
    places = _destinations(noted(package, sheet_part), where, shelter or _cells_above(where))
    if all(was == now for was, now in places.items()):
        return
    for kind in _KINDS:
        for part in package.related(sheet_part, kind):
            package.put(part, _REF.sub(lambda f: _reference(f, places), package.text(part)))
    for part in package.related(sheet_part, "vmlDrawing"):
        package.put(part, _SHAPE.sub(lambda f: _shape(f[0], places), package.text(part)))


def _cells_above(
    where: Callable[[Place], Place | None],
) -> Callable[[Place], Iterable[Place]]:
    def above(place: Place) -> Iterator[Place]:
        for row in range(place[0] - 1, 0, -1):
            there = where((row, place[1]))
            if there is not None:
                yield there

    return above


def _destinations(
    held: set[Place],
    where: Callable[[Place], Place | None],
    shelter: Callable[[Place], Iterable[Place]],
) -> dict[Place, Place]:
    moved = {place: where(place) for place in sorted(held)}
    found = {was: now for was, now in moved.items() if now is not None}
    for place in sorted(moved.keys() - found.keys()):
        taken = set(found.values())
        found[place] = next((one for one in shelter(place) if one not in taken), place)
    return found


def _reference(found: re.Match[str], places: dict[Place, Place]) -> str:
    area = Area.parsed(found[2])
    there = None if area is None else places.get((area.top, area.left))
    return found[0] if there is None else f"{found[1]}{cell_reference(*there)}{found[3]}"


def _shape(xml: str, places: dict[Place, Place]) -> str:
    row, column = _ROW.search(xml), _COLUMN.search(xml)
    if row is None or column is None:
        return xml
    was = int(row[2]) + 1, int(column[2]) + 1
    now = places.get(was, was)
    down, across = now[0] - was[0], now[1] - was[1]
    xml = _ROW.sub(lambda f: f"{f[1]}{now[0] - 1}{f[3]}", xml)
    xml = _COLUMN.sub(lambda f: f"{f[1]}{now[1] - 1}{f[3]}", xml)
    return _ANCHOR.sub(lambda f: f[1] + shifted_anchor(f[2], down, across) + f[3], xml)


def shifted_anchor(anchor: str, down: int, across: int) -> str:
    """Return where a drawn note lies after its cell has moved.

    Examples
    --------
    >>> shifted_anchor("3, 15, 1, 10, 5, 15, 5, 4", 2, 0)
    '3, 15, 3, 10, 5, 15, 7, 4'
    """
    numbers = [int(number) for number in anchor.split(",")]
    for position, by in ((_LEFT, across), (_RIGHT, across), (_TOP, down), (_BOTTOM, down)):
        numbers[position] = max(numbers[position] + by, 0)
    return ", ".join(map(str, numbers))
