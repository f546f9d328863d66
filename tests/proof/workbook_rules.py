"""Rules about the whole workbook: names of sheets, names of ranges, number formats, dates."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from tests.proof.package import LAST_COLUMN, LAST_ROW, Package, column_number

LONGEST_SHEET_NAME, LONGEST_NAME, LONGEST_FORMAT, FIRST_OWN_FORMAT, MOST_SECTIONS = (
    31,
    255,
    255,
    164,
    4,
)
_NAME = re.compile(r"[^\W\d]\w*(?:[.\w\\?]*)|\\[\w.\\?]*")
_ADDRESS = re.compile(r"([A-Z]{1,3})(\d{1,7})", re.IGNORECASE)
_ROW_COLUMN = re.compile(r"R\d*(?:C\d*)?|C\d*", re.IGNORECASE)
_BUILT_IN = {"Print_Area", "Print_Titles", "_FilterDatabase", "Criteria", "Extract", "Database"}
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.', re.DOTALL)
_BRACKETS = re.compile(
    r"\[(?:Black|Blue|Cyan|Green|Magenta|Red|White|Yellow|Color ?\d{1,2}"
    r"|(?:<=|>=|<>|[<>=])-?\d+(?:\.\d+)?|\$[^\[\]]*|h+|m+|s+)\]",
    re.IGNORECASE,
)
_WORDS = re.compile(r"General|AM/PM|A/P|(?<=[0#?.])E[+-](?=[0#?])", re.IGNORECASE)
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


def sheet_names(package: Package) -> Iterator[str]:
    """Names of sheets that are too long, twice, or hold what Excel forbids."""
    for name in package.sheet_names:
        too_long = len(name.encode("utf-16-le")) // 2 > LONGEST_SHEET_NAME
        forbidden = re.search(r"[\\/?*\[\]:\x00-\x1f]|^'|'$", name)
        if not name or too_long or forbidden or name.casefold() == "history":
            yield f"a sheet cannot be named {name!r}"
    yield from _twice("sheet", package.sheet_names)


def defined_names(package: Package) -> Iterator[str]:
    """Names that are cell addresses, malformed, twice, or the same as a table's."""
    tables = [table.name for sheet in package.sheets for table in sheet.tables]
    scoped = []
    for element in package.names:
        name, scope = element.get("name", ""), element.get("localSheetId")
        scoped.append(name if scope is None else f"{scope}!{name}")
        if fault := _name_fault(name):
            yield f"the name {name!r} {fault}"
        if scope is not None and int(scope) >= len(package.sheet_names):
            yield f"the name {name} belongs to sheet {scope}, which does not exist"
        if not element.text:
            yield f"the name {name} stands for nothing"
    yield from _twice("name or table", [*scoped, *tables])
    for table in tables:
        if fault := _name_fault(table):
            yield f"the table {table!r} {fault}"


def _name_fault(name: str) -> str:
    if name.startswith("_xlnm."):
        return "" if name.removeprefix("_xlnm.") in _BUILT_IN else "is no name of Excel's own"
    if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        return "is malformed"
    address = _ADDRESS.fullmatch(name)
    is_address = (
        address is not None
        and column_number(address[1].upper()) <= LAST_COLUMN
        and 0 < int(address[2]) <= LAST_ROW
    )
    if is_address or _ROW_COLUMN.fullmatch(name):
        return "is a cell address"
    return "is a value" if name.casefold() in {"true", "false"} else ""


def _twice(kind: str, names: Iterable[str]) -> Iterator[str]:
    counted = Counter(name.casefold() for name in names)
    yield from (f"the {kind} {name!r} is there {n} times" for name, n in counted.items() if n > 1)


def number_formats(package: Package) -> Iterator[str]:
    """Number formats that Excel cannot read."""
    styles = package.root("xl/styles.xml")
    numbers = [f.get("numFmtId", "") for f in styles.iterfind("{*}numFmts/{*}numFmt")]
    yield from _twice("number format", numbers)
    yield from (f"the number format {n} is not ours" for n in numbers if int(n) < FIRST_OWN_FORMAT)
    charts = [part for part in package.parts if part.startswith("xl/charts/chart")]
    for part in ["xl/styles.xml", *charts]:
        for element in package.root(part).iterfind(".//{*}numFmt"):
            code = element.get("formatCode", "")
            if fault := format_fault(code):
                yield f"{part}: the number format {code!r} {fault}"


def format_fault(code: str) -> str:
    """Say what is wrong with a number format; nothing when it is right."""
    if not code or len(code) > LONGEST_FORMAT:
        return "is empty or too long"
    bare = _BRACKETS.sub("", _LITERAL.sub("", code))
    if found := re.search(r'["\\\[\]]', bare):
        return f"has a lone or unknown {found[0]}"
    sections = bare.split(";")
    if len(sections) > MOST_SECTIONS:
        return f"has more than {MOST_SECTIONS} sections"
    return next(filter(None, map(_section_fault, sections)), "")


def _section_fault(section: str) -> str:
    letters = re.sub(r"(?<=s)\.0+", "", _WORDS.sub("", section), flags=re.IGNORECASE)
    if found := re.search(r"[A-Za-z]", re.sub("[ymdhs]", "", letters, flags=re.IGNORECASE)):
        return f"has the letter {found[0]} outside quotes"
    if re.search("[ymdhs]", letters, re.IGNORECASE) and re.search("[0#?]", letters):
        return "mixes a date with a number"
    return ""


def core_dates(package: Package) -> Iterator[str]:
    """Dates of the document's properties that Excel refuses to open."""
    part = "docProps/core.xml"
    if part not in package.parts:
        return
    for name in ("created", "modified"):
        for element in package.root(part).iterfind(f"{{http://purl.org/dc/terms/}}{name}"):
            text = element.text or ""
            if element.get(_TYPE) != "dcterms:W3CDTF" or not _is_stamp(text):
                yield f"{part}: {name} is {text!r}"


def _is_stamp(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return _STAMP.fullmatch(text) is not None
