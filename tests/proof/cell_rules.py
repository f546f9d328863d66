"""Rules about a sheet's cells: their order, their values, and the ranges laid over them."""

import math
import re
from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise
from xml.etree import ElementTree as ET

from tests.proof.package import LAST_COLUMN, LAST_ROW, MAIN, Area, Package, Sheet, column_number

MOST_CHARACTERS, LONGEST_LIST = 32_767, 255
_ADDRESS = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[Ee][+-]?\d+)?")
_ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"}
_LONGEST_MESSAGES = {"promptTitle": 32, "prompt": 255, "errorTitle": 32, "error": 255}
_WITH_RANGES = ("conditionalFormatting", "dataValidation", "ignoredError", "protectedRange")


def order(package: Package) -> Iterator[str]:
    """Rows and cells out of order, twice, or beyond the sheet."""
    for sheet in package.sheets:
        numbers = [int(row.get("r", "0")) for row in sheet.rows()]
        yield from (f"{sheet.name}: row {b} after {a}" for a, b in pairwise(numbers) if b <= a)
        yield from (f"{sheet.name}: row {n} is no row" for n in numbers if not 0 < n <= LAST_ROW)
        for row in sheet.rows():
            yield from _row_order(sheet, row)


def _row_order(sheet: Sheet, row: ET.Element) -> Iterator[str]:
    previous = 0
    for cell in row:
        address = cell.get("r", "")
        found = _ADDRESS.fullmatch(address)
        if found is None or found[2] != row.get("r"):
            yield f"{sheet.name}: the cell {address} in row {row.get('r')}"
            continue
        column = column_number(found[1])
        if not previous < column <= LAST_COLUMN:
            yield f"{sheet.name}: the cell {address} is out of order"
        previous = column


def values(package: Package) -> Iterator[str]:
    """Numbers that are none, texts that are not there or too long, styles that are not there."""
    styles = len(package.root("xl/styles.xml").findall("{*}cellXfs/{*}xf"))
    for sheet in package.sheets:
        for cell in sheet.cells():
            if fault := _value_fault(package, cell):
                yield f"{sheet.name}!{cell.get('r')}: {fault}"
            if int(cell.get("s", "0")) >= max(styles, 1):
                yield f"{sheet.name}!{cell.get('r')}: there is no style {cell.get('s')}"


def _value_fault(package: Package, cell: ET.Element) -> str:
    kind, value = cell.get("t", "n"), cell.findtext(f"{MAIN}v")
    if kind in {"s", "str", "inlineStr"}:
        text = package.text(cell)
        if text is None:
            return f"there is no shared string {value}"
        size = len(text.encode("utf-16-le", "surrogatepass")) // 2
        return f"a text of {size} characters" if size > MOST_CHARACTERS else ""
    if value is None:
        return ""
    fits = {
        "n": _NUMBER.fullmatch(value) is not None and math.isfinite(float(value)),
        "b": value in {"0", "1"},
        "e": value in _ERRORS,
        "d": True,
    }
    return "" if fits.get(kind, False) else f"{value} is no value of the type {kind}"


def cached_values(package: Package) -> Iterator[str]:
    """Formulas without the value that a reader who cannot calculate shows."""
    for sheet in package.sheets:
        for cell in sheet.cells():
            if cell.find(f"{MAIN}f") is not None:
                value = cell.find(f"{MAIN}v")
                if value is None or (not value.text and cell.get("t") != "str"):
                    yield f"{sheet.name}!{cell.get('r')}: the formula has no value"


def merges(package: Package) -> Iterator[str]:
    """Merged cells that overlap each other or a table."""
    for sheet in package.sheets:
        merged = [m.get("ref", "") for m in sheet.root.iterfind("{*}mergeCells/{*}mergeCell")]
        tables = [table.root.get("ref", "") for table in sheet.tables]
        pairs = [*combinations(merged, 2), *((m, t) for m in merged for t in tables)]
        yield from (
            f"{sheet.name}: {one} and {other} overlap" for one, other in pairs if _meet(one, other)
        )


def table_overlaps(package: Package) -> Iterator[str]:
    """Tables that overlap each other or the filter of the sheet."""
    for sheet in package.sheets:
        areas = [table.root.get("ref", "") for table in sheet.tables]
        areas += [f.get("ref", "") for f in sheet.root.iterfind("{*}autoFilter")]
        for one, other in combinations(areas, 2):
            if _meet(one, other):
                yield f"{sheet.name}: {one} and {other} overlap"


def _meet(one: str, other: str) -> bool:
    first, second = Area.parsed(one), Area.parsed(other)
    return first is not None and second is not None and first.overlaps(second)


def ranges(package: Package) -> Iterator[str]:
    """Ranges of rules, merges, links and panes that no sheet has."""
    for sheet in package.sheets:
        for element in sheet.root.iter():
            name = element.tag.rpartition("}")[2]
            if name in _WITH_RANGES:
                yield from _bad(sheet, name, element.get("sqref", "").split(" "))
            elif name in {"mergeCell", "hyperlink", "dimension", "autoFilter"}:
                yield from _bad(sheet, name, [element.get("ref", "")])
            elif name == "sqref":  # in an extension
                yield from _bad(sheet, name, (element.text or "").split(" "))


def _bad(sheet: Sheet, name: str, references: Iterable[str]) -> Iterator[str]:
    for reference in references:
        if Area.parsed(reference) is None or "$" in reference:
            yield f"{sheet.name}: the {name} has the range {reference!r}"


def validations(package: Package) -> Iterator[str]:
    """Lists of choices and messages longer than Excel takes."""
    for sheet in package.sheets:
        for validation in sheet.root.iterfind("{*}dataValidations/{*}dataValidation"):
            where = f"{sheet.name}!{validation.get('sqref')}"
            choices = validation.findtext("{*}formula1") or ""
            is_text = validation.get("type") == "list" and choices.startswith('"')
            if is_text and len(choices) > LONGEST_LIST + 2:
                yield f"{where}: a list of {len(choices) - 2} characters"
            for message, limit in _LONGEST_MESSAGES.items():
                if len(validation.get(message, "")) > limit:
                    yield f"{where}: the {message} is longer than {limit}"


def columns(package: Package) -> Iterator[str]:
    """Column widths out of order or overlapping."""
    for sheet in package.sheets:
        spans = [
            (int(c.get("min", "0")), int(c.get("max", "0")))
            for c in sheet.root.iterfind("{*}cols/{*}col")
        ]
        for (_, before), (first, last) in pairwise([(0, 0), *spans]):
            if not before < first <= last <= LAST_COLUMN:
                yield f"{sheet.name}: the widths of columns {first} to {last} are out of order"
