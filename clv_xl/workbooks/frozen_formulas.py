"""Formulas that would not work elsewhere become the values they had.

A formula goes when it calls a function of ours, which needs the add-in, or refers to another
workbook. Every other formula stays, with its value.
"""

import re
from collections.abc import Callable, Iterator
from html import unescape

from clv_xl.errors import SourceError
from clv_xl.workbooks.areas import cell_reference
from clv_xl.workbooks.cells import RawCell, attributes_of
from clv_xl.workbooks.defined_names import DefinedNames
from clv_xl.workbooks.package import Package
from clv_xl.workbooks.sheet_cells import SheetCells

Foreign = Callable[[str], bool]
"""Whether a formula would not work elsewhere."""

_STRING = re.compile(r'"(?:[^"]|"")*"')
_OURS = re.compile(r"CLV_[A-Z_]+\s*\(", re.IGNORECASE)
_OTHER_BOOK = re.compile(r"(?<![\w\]])'?\[\d+\]|'[^'\[\]]*\[[^\]]+\][^']*'!|\[[^\[\]]+\.xl\w+\]")
_WORD = re.compile(r"[^\W\d][\w.\\]*")
_RULES = re.compile(
    r"<(cfRule|dataValidation|(?:x14:)(?:cfRule|dataValidation))\b[^>]*>.*?</\1>", re.DOTALL
)
_EMPTY_RULES = re.compile(
    r"<conditionalFormatting\b[^>]*>\s*</conditionalFormatting>"
    r"|<x14:conditionalFormatting\b[^>]*>\s*<xm:sqref>[^<]*</xm:sqref>\s*</x14:conditionalFormatting>"
)
_TABLE_FORMULA = re.compile(
    r"<(calculatedColumnFormula|totalsRowFormula)\b[^>]*>(.*?)</\1>", re.DOTALL
)
_REFERENCE = re.compile(
    r"<c:(num|str)Ref>\s*<c:f>([^<]*)</c:f>\s*(?:<c:\1Cache>(.*?)</c:\1Cache>)?.*?</c:\1Ref>",
    re.DOTALL,
)


def is_foreign(formula: str) -> bool:
    """Return whether a formula calls a function of ours or refers to another workbook.

    Examples
    --------
    >>> is_foreign("1+CLV_SIMPLE(A1,B1,3)"), is_foreign("'[1]Orders'!A1*2")
    (True, True)
    >>> is_foreign('SUM(Sales[Amount])&"CLV_SIMPLE("')
    False
    """
    plain = _STRING.sub('""', formula)
    return bool(_OURS.search(plain) or _OTHER_BOOK.search(plain))


def freeze_formulas(package: Package, names: DefinedNames) -> dict[str, int]:
    """Turn foreign formulas into values, and return how many cells, rules and names that took.

    Parameters
    ----------
    package
        The workbook, changed in place.
    names
        Its defined names, changed in place: foreign ones go.
    """
    gone = {name.casefold() for name in names.drop(is_foreign)}

    def foreign(formula: str) -> bool:
        if is_foreign(formula):
            return True
        return bool(gone) and any(w.casefold() in gone for w in _WORD.findall(formula))

    done = {"cells": 0, "rules": 0, "names": len(gone)}
    for entry in package.sheets:
        xml = package.text(entry.part)
        if "<f" not in xml and not _RULES.search(xml):
            continue
        cells = SheetCells(xml, entry.name)
        done["cells"] += _freeze_cells(package, cells, foreign)
        anew, rules = _without_rules(cells.after, foreign)
        done["rules"] += rules
        if rules:
            cells.after, cells.touched = anew, True
        package.put(entry.part, cells.xml())
        for part in package.related(entry.part, "table"):
            _freeze_table(package, part, foreign)
    _freeze_charts(package, foreign)
    return done


def _freeze_cells(package: Package, cells: SheetCells, foreign: Foreign) -> int:
    shared = {
        said["si"]
        for said, formula in _formulas(cells)
        if said.get("t") == "shared" and formula and foreign(formula)
    }
    count = 0
    for number, row in cells.rows.items():
        if row.body is not None and "<f" not in row.body:
            continue
        for column, raw in list(row.cells.items()):
            found = raw.formula
            if found is None:
                continue
            said = attributes_of(found[1])
            if foreign(unescape(found[2] or "")) or said.get("si") in shared:
                where = f"{cells.sheet}!{cell_reference(number, column)}"
                cells.put(number, column, _frozen(package.name, where, raw, found))
                count += 1
    return count


def _formulas(cells: SheetCells) -> Iterator[tuple[dict[str, str], str]]:
    for row in cells.rows.values():
        if row.body is None or "<f" in row.body:
            for raw in row.cells.values():
                found = raw.formula
                if found is not None:
                    yield attributes_of(found[1]), unescape(found[2] or "")


def _frozen(book: str, where: str, raw: RawCell, formula: re.Match[str]) -> RawCell:
    """Return a cell with the value that its formula had."""
    inside = raw.inside or ""
    value = (inside[: formula.start()] + inside[formula.end() :]).strip()
    if "<v" not in value:
        raise SourceError(
            f"{where} in {book} holds a formula whose value is not stored: open the workbook in a "
            "spreadsheet program with the add-in, save it, and freeze that"
        )
    attributes = re.sub(r'\s(?:cm|vm)="\d+"', "", raw.attributes)
    if raw.kind != "str":
        return RawCell(attributes, value)
    attributes = attributes.replace('t="str"', 't="inlineStr"')
    text = re.sub(r"<v\b[^>]*?/>|</?v\b[^>]*>", "", value)
    return RawCell(attributes, f'<is><t xml:space="preserve">{text}</t></is>')


def _without_rules(after: str, foreign: Foreign) -> tuple[str, int]:
    """Return what follows the cells without the rules that have a foreign formula."""
    count = 0

    def kept(found: re.Match[str]) -> str:
        nonlocal count
        formulas = re.findall(r">([^<>]+)<", found[0])
        if not any(foreign(unescape(formula)) for formula in formulas):
            return found[0]
        count += 1
        return ""

    anew = _RULES.sub(kept, after)
    anew = _EMPTY_RULES.sub("", anew)
    return anew, count


def _freeze_table(package: Package, part: str, foreign: Foreign) -> None:
    package.put(
        part,
        _TABLE_FORMULA.sub(
            lambda found: "" if foreign(unescape(found[2])) else found[0], package.text(part)
        ),
    )


def _freeze_charts(package: Package, foreign: Foreign) -> None:
    """Let a series that shows another workbook's cells show its stored values."""

    def literal(found: re.Match[str]) -> str:
        if not foreign(unescape(found[2])):
            return found[0]
        stored = found[3] or '<c:ptCount val="0"/>'
        return f"<c:{found[1]}Lit>{stored}</c:{found[1]}Lit>"

    for part in list(package.parts):
        if part.startswith("xl/charts/") and part.endswith(".xml"):
            package.put(part, _REFERENCE.sub(literal, package.text(part)))
