"""The end of a change to a workbook file: what other parts say of its cells is set right."""

import re
from collections.abc import Sequence
from html import unescape

from clv_xl.excel.file_book.charts import store_values
from clv_xl.excel.file_book.parts import Parts
from clv_xl.workbooks.areas import Area
from clv_xl.workbooks.cells import RawCell
from clv_xl.workbooks.package import Package

_VALUE = re.compile(r"<v\b[^>]*?/>|<v\b[^>]*>.*?</v>", re.DOTALL)
_CALCULATION = re.compile(r"<calcPr\b[^>]*?/>")
_SHARED = re.compile(r' t="s"[^>]*><v>(\d+)</v>')
_TITLES = re.compile(r"<TitlesOfParts>.*?</TitlesOfParts>", re.DOTALL)
_PAIRS = re.compile(r"<HeadingPairs>.*?</HeadingPairs>", re.DOTALL)
_CACHE = re.compile(r"<pivotCacheDefinition\b[^>]*>")


def finish(parts: Parts, written: Sequence[Area], *, changed: bool) -> None:
    """Put everything into the package.

    Parameters
    ----------
    parts
        What was changed.
    written
        The areas whose formulas have right values.
    changed
        Whether anything changed on which other cells may depend: then the values stored with the
        user's own formulas are stale and go, and the spreadsheet program calculates on opening.
    """
    package = parts.package
    if changed:
        for name in parts.entries:
            if parts.has_formulas(name):
                _drop_stale(parts, name, [area for area in written if area.sheet == name])
        store_values(parts)
        _calculate_on_load(package)
        _drop_calculation_chain(package)
        _refresh_pivots(package)
    if parts.names.changed:
        package.put(package.book_part, parts.names.xml(package.text(package.book_part)))
        _drop_stale_titles(parts)
    touched = False
    for sheet in parts.opened():
        if sheet.touched:
            touched = True
            package.put(parts.entries[sheet.sheet].part, sheet.xml())
    package.put(parts.styles_part, parts.styles.xml)
    if touched:
        _put_shared(parts)


def _drop_stale(parts: Parts, name: str, written: Sequence[Area]) -> None:
    cells = parts.sheet(name)
    for number, row in cells.rows.items():
        if row.body is not None and "<f" not in row.body:
            continue
        for column, raw in list(row.cells.items()):
            if not raw.inside or "<f" not in raw.inside:
                continue
            if any(area.holds(number, column) for area in written):
                continue
            attributes = re.sub(r'\st="(?:str|b|e|n|s)"', "", raw.attributes)
            cells.put(number, column, RawCell(attributes, _VALUE.sub("", raw.inside)))


def _drop_stale_titles(parts: Parts) -> None:
    """Take out the list of sheets and names in the file's properties where it names one too many.

    A spreadsheet program makes it anew.
    """
    for part in parts.package.related("", "extended-properties"):
        text = parts.package.text(part)
        found = _TITLES.search(text)
        listed = re.findall(r"<vt:lpstr>([^<]*)</vt:lpstr>", found[0]) if found else []
        known = {*parts.every_sheet, *parts.names.areas}
        if any("!" not in title and unescape(title) not in known for title in listed):
            parts.package.put(part, _PAIRS.sub("", _TITLES.sub("", text)))


def _calculate_on_load(package: Package) -> None:
    book = package.text(package.book_part)
    found = _CALCULATION.search(book)
    if found is None:
        after = max(
            book.rfind(end) + len(end) for end in ("</sheets>", "</definedNames>") if end in book
        )
        package.put(package.book_part, f'{book[:after]}<calcPr fullCalcOnLoad="1"/>{book[after:]}')
        return
    said = re.sub(r'\sfullCalcOnLoad="[^"]*"', "", found[0])
    anew = said.replace("/>", ' fullCalcOnLoad="1"/>')
    if 'fullCalcOnLoad="1"' not in found[0]:
        package.put(package.book_part, book[: found.start()] + anew + book[found.end() :])


def _drop_calculation_chain(package: Package) -> None:
    """Take out the order of calculation, which names cells; a spreadsheet program makes it anew."""
    for relation in package.relations(package.book_part):
        if relation.kind == "calcChain":
            package.unrelate(package.book_part, [relation.id])
            package.remove(relation.target)


def _refresh_pivots(package: Package) -> None:
    """Let every pivot table be filled anew on opening."""
    for part in list(package.parts):
        if "pivotCacheDefinition" in part and part.endswith(".xml"):
            text = package.text(part)
            found = _CACHE.search(text)
            if found is not None and "refreshOnLoad" not in found[0]:
                opened = found[0].replace(
                    "<pivotCacheDefinition", '<pivotCacheDefinition refreshOnLoad="1"', 1
                )
                package.put(part, text[: found.start()] + opened + text[found.end() :])


def _put_shared(parts: Parts) -> None:
    needed: set[int] = set()
    references = 0
    whole = True
    for entry in parts.entries.values():
        xml = parts.package.text(entry.part)
        found = _SHARED.findall(xml)
        whole = whole and len(found) == xml.count(' t="s"')
        references += len(found)
        needed.update(map(int, found))
    if not whole:  # a cell that is written otherwise may need any of them
        needed = set(range(len(parts.shared.texts)))
    if parts.shared_part in parts.package.parts or parts.shared.texts:
        parts.put_shared(parts.shared.xml(needed, references))
