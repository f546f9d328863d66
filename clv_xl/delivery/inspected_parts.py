"""What the parts of a workbook are: those that are looked at in a mail, and those that hide."""

import re
from collections.abc import Iterator
from html import unescape

from clv_xl.delivery.planned import Finding
from clv_xl.workbooks.cells import attributes_of
from clv_xl.workbooks.package import Package, relations_part
from clv_xl.workbooks.sheets import PIECE_MARK

_TYPES = "[Content_Types].xml"
_HARMLESS = (
    "relationships+xml", "core-properties+xml", "extended-properties+xml", "theme+xml",
    "drawing+xml", "drawingml.chart+xml", "drawingml.chartshapes+xml", "chartstyle+xml",
    "chartcolorstyle+xml", "spreadsheetml.sheet.main+xml", "worksheet+xml", "chartsheet+xml",
    "styles+xml", "sharedstrings+xml", "spreadsheetml.table+xml", "calcchain+xml",
    "sheetmetadata+xml", "slicer+xml", "slicercache+xml",
)  # fmt: skip
_PICTURES = ("image/png", "image/jpeg", "image/gif")
_KINDS = (
    ("vbaproject", "holds macros"),
    ("macrosheet", "holds macros"),
    ("macroenabled", "is of a workbook with macros"),
    ("dialogsheet", "is a dialog of macros"),
    ("activex", "is a control"),
    ("controlproperties", "is a control"),
    ("customui", "is a ribbon of its own"),
    ("externallink", "is a link to another workbook"),
    ("connections", "is a data connection"),
    ("querytable", "is a query"),
    ("threadedcomments", "holds comments"),
    ("comments", "holds comments"),
    ("person", "names persons"),
    ("pivotcache", "keeps the rows behind a pivot table"),
    ("pivottable", "is a pivot table"),
    ("printersettings", "names a printer"),
    ("oleobject", "is an embedded object"),
    ("package", "is an embedded file"),
    ("vmldrawing", "is the drawing of comments or controls"),
    ("custom-properties", "holds custom properties"),
    ("customxml", "is custom XML"),
    ("customproperty", "holds custom properties"),
    ("revision", "holds earlier versions"),
    ("volatiledependencies", "is a data connection"),
    ("webextension", "is an add-in"),
)
_PART_NAMES = (
    ("xl/embeddings/", "is an embedded file"),
    ("customXml/", "is custom XML"),
    ("customUI/", "is a ribbon of its own"),
    ("docProps/thumbnail", "is a picture of the first sheet"),
    ("xl/model/", "is a data model"),
)
_PERSONAL = re.compile(
    r"<(dc:creator|cp:lastModifiedBy|Manager|Company|HyperlinkBase|Template|cp:keywords"
    r"|dc:description|cp:category|cp:contentStatus)\b[^>]*>([^<]+)</"
)
_BOOK_PERSONAL = re.compile(
    r'<fileSharing\b[^>]*?\suserName="([^"]+)"|<[\w:]*absPath\b[^>]*\burl="([^"]+)"'
)
_TYPE = re.compile(r"<(Override|Default)\b([^>]*)>")
_SHEET = re.compile(r"<sheet\b[^>]*?/>")
_NAME = re.compile(r"<definedName\b([^>]*)>")
_HIDDEN = re.compile(r'<(row|col)\b(?=[^>]*\shidden="(?:1|true)")([^>]*)>')


def unexpected_parts(package: Package) -> Iterator[Finding]:
    """Yield the parts that are not of a kind that a plain workbook has."""
    overrides, defaults = _types(package)
    for part in package.parts:
        if part == _TYPES:
            continue
        kind = overrides.get(part) or defaults.get(part.rpartition(".")[2].lower(), "")
        if _is_harmless(part, kind.lower()):
            continue
        yield Finding(part, _what(part, kind.lower()), part)


def _types(package: Package) -> tuple[dict[str, str], dict[str, str]]:
    overrides, defaults = {}, {}
    for element, attributes in _TYPE.findall(package.text(_TYPES)):
        said = attributes_of(attributes)
        if element == "Override":
            overrides[unescape(said["PartName"]).removeprefix("/")] = said["ContentType"]
        else:
            defaults[said["Extension"].lower()] = said["ContentType"]
    return overrides, defaults


def _is_harmless(part: str, kind: str) -> bool:
    if any(part.startswith(name) for name, _ in _PART_NAMES):
        return False
    if part.startswith("xl/media/"):
        return kind in _PICTURES
    return kind.endswith(_HARMLESS)


def _what(part: str, kind: str) -> str:
    named = (what for name, what in _PART_NAMES if part.startswith(name))
    kinds = (what for name, what in _KINDS if name in kind)
    parts = (what for name, what in _KINDS if name in part.lower().replace("/", ""))
    return next(named, None) or next(kinds, None) or next(parts, None) or "is of an unknown kind"


def unreached_parts(package: Package) -> Iterator[Finding]:
    """Yield the parts that nothing in the workbook refers to."""
    reached, waiting = {"", _TYPES}, [""]
    while waiting:
        for relation in package.relations(waiting.pop()):
            if not relation.external and relation.target not in reached:
                reached.add(relation.target)
                waiting.append(relation.target)
    reached |= {relations_part(part) for part in reached}
    for part in package.parts:
        if part not in reached:
            yield Finding(part, "is a part that nothing refers to", part)


def links_outside(package: Package) -> Iterator[Finding]:
    """Yield whatever refers to something outside the workbook."""
    for part in ["", *package.parts]:
        for relation in package.relations(part):
            if relation.external:
                where = part or "the workbook"
                yield Finding(where, f"links to {relation.target}", relation.target)


def hidden_things(package: Package) -> Iterator[Finding]:
    """Yield hidden sheets, names, rows and columns, but for the names that our own sheets have."""
    book = package.text(package.book_part)
    for text in _SHEET.findall(book):
        said = attributes_of(text)
        state, name = said.get("state", "visible"), unescape(said.get("name", ""))
        if state != "visible":
            word = "very hidden" if state == "veryHidden" else "hidden"
            yield Finding(f"the sheet {name}", f"is {word}", name)
    for attributes in _NAME.findall(book):
        said = attributes_of(attributes)
        name = unescape(said.get("name", ""))
        ours = name.startswith((PIECE_MARK, "_xlnm."))
        if said.get("hidden") in {"1", "true"} and not ours:
            yield Finding(f"the name {name}", "is hidden", name)
    for entry in package.sheets:
        for element, attributes in _HIDDEN.findall(package.text(entry.part)):
            said = attributes_of(attributes)
            row = element == "row"
            place = f"row {said.get('r', '?')}" if row else f"column {said.get('min', '?')}"
            yield Finding(f"{place} of the sheet {entry.name}", "is hidden", entry.name)


def persons(package: Package) -> Iterator[Finding]:
    """Yield the persons, firms and folders that a workbook names as its makers or its home."""
    for part in package.parts:
        if part.startswith("docProps/") and part.endswith(".xml"):
            for element, said in _PERSONAL.findall(package.text(part)):
                name = unescape(said).strip()
                if name:
                    what = element.rpartition(":")[2]
                    yield Finding(part, f"says {name} as {what}", name)
    for sharing, path in _BOOK_PERSONAL.findall(package.text(package.book_part)):
        name = unescape(sharing or path)
        yield Finding(package.book_part, f"names {name}", name)
