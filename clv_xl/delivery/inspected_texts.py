"""What texts and formulas of a workbook say: paths, file names, functions that reach outside."""

import re
from collections.abc import Collection, Iterator
from html import escape, unescape

from clv_xl.delivery.planned import Finding
from clv_xl.workbooks.frozen_formulas import is_foreign
from clv_xl.workbooks.package import Package

_FOLDERS = (
    "home", "users", "root", "tmp", "var", "mnt", "media", "opt", "srv", "data", "etc", "usr",
    "app", "run", "workspace", "volumes", "private", "library",
)  # fmt: skip
_MAY_BE_PATH = (":\\", "\\\\", "file:/", *(f"/{folder}/" for folder in _FOLDERS))
_PATH = re.compile(
    r"(?<![A-Za-z])[A-Za-z]:\\[^\\/:*?\"<>|\s]"
    r"|(?<![\w\\])\\\\[\w.-]+\\[\w$.-]"
    r"|\bfile:/"
    r"|(?<![\w./<:~-])/(?:" + "|".join(_FOLDERS) + r")/[^\s<\"]",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"&#(?:\d+|x[0-9A-Fa-f]+);")
_STRING = re.compile(r'"(?:[^"]|"")*"')
_FORMULA = re.compile(
    r"<((?:\w+:)?(?:f|formula\d?|definedName|calculatedColumnFormula|totalsRowFormula))\b[^>]*>"
    r"([^<]+)</\1>"
)
_OUTSIDE = re.compile(
    r"\b(?:WEBSERVICE|HYPERLINK|RTD|CALL|REGISTER(?:\.ID)?|IMAGE|CUBE[A-Z]+|EXEC|STOCKHISTORY|DDE)"
    r"\s*\(|\|\s*(?:'[^']*'|[\w.]+)!|(?<![\w.'\]])'?https?:",
    re.IGNORECASE,
)
_MAY_BE_OUTSIDE = re.compile(rf"CLV_|\[|\||{_OUTSIDE.pattern}", re.IGNORECASE)
_CELL = re.compile(r'<c\b[^>]*?\br="([A-Z]+\d+)"')
_LONGEST = 60
_TEXTS = "xl/sharedStrings.xml"


def with_plain_characters(package: Package) -> None:
    """Let the characters that a part gives by their numbers stand for themselves."""
    for part, text in list(_texts(package)):
        if "&#" in text:
            package.put(part, _NUMBERED.sub(_character, text))


def _character(found: re.Match[str]) -> str:
    return escape(unescape(found[0]))


def paths_in(package: Package) -> Iterator[Finding]:
    """Yield the texts that are paths of a file system."""
    for part, text in _texts(package):
        lowered = text.lower()
        if not any(sign in lowered for sign in _MAY_BE_PATH):
            continue
        for found in _PATH.finditer(text):
            said = unescape(re.split(r"[<\"]", text[found.start() : found.start() + _LONGEST])[0])
            yield Finding(_where(package, part, found.start()), f"holds the path {said}", said)


def file_names_in(package: Package, names: Collection[str]) -> Iterator[Finding]:
    """Yield the texts that name an input file; a name without an ending is taken for a word."""
    for name in sorted(one for one in names if "." in one.strip(".")):
        written = escape(name, quote=False)
        pattern = re.compile(rf"(?<![\w.-]){re.escape(written)}(?![\w-])", re.IGNORECASE)
        for part, text in _texts(package):
            if written.lower() not in text.lower():
                continue
            for found in pattern.finditer(text):
                where = _where(package, part, found.start())
                yield Finding(where, f"names the file {name}", name)


def formulas_outside(package: Package) -> Iterator[Finding]:
    """Yield the formulas that need an add-in, another workbook, or the network."""
    for part, text in _texts(package):
        if not _MAY_BE_OUTSIDE.search(text):
            continue
        for found in _FORMULA.finditer(text):
            formula = unescape(found[2])
            if is_foreign(formula) or _OUTSIDE.search(_STRING.sub('""', formula)):
                where = _where(package, part, found.start())
                yield Finding(where, f"has a formula that reaches outside: {formula}", formula)


def _texts(package: Package) -> Iterator[tuple[str, str]]:
    for part in package.parts:
        if part.endswith((".xml", ".rels", ".vml")):
            yield part, package.text(part)


def _where(package: Package, part: str, at: int) -> str:
    """Return the cell in which something stands, else the part."""
    for entry in package.sheets:
        if entry.part == part:
            return _cell_before(entry.name, part, package.text(part), at)
    if part != _TEXTS:
        return part
    number = package.text(part).count("<si>", 0, at) + package.text(part).count("<si ", 0, at) - 1
    shared = re.compile(rf'<c\b(?=[^>]*\bt="s")[^>]*?\br="([A-Z]+\d+)"[^>]*><v>{number}</v>')
    for entry in package.sheets:
        cell = shared.search(package.text(entry.part))
        if cell is not None:
            return f"{entry.name}!{cell[1]}"
    return part


def _cell_before(sheet: str, part: str, text: str, at: int) -> str:
    begin = text.rfind("<c ", 0, at)
    cell = _CELL.match(text, begin) if begin >= 0 else None
    return part if cell is None or at > text.find("</sheetData>") else f"{sheet}!{cell[1]}"
