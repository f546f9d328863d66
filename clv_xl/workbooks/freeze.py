"""A copy of a workbook for those who have no add-in: values, and nothing that reaches outside.

What goes: functions of ours and references to other workbooks (their values stay), links to other
files, data connections and queries, macros, and the names of persons. Formulas of the spreadsheet
program itself stay live.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

from clv_xl.errors import SourceError, counted
from clv_xl.workbooks.anonymous import without_persons
from clv_xl.workbooks.defined_names import DefinedNames
from clv_xl.workbooks.frozen_formulas import freeze_formulas
from clv_xl.workbooks.package import Package, Relation, relations_part
from clv_xl.workbooks.sheet_ranges import counted_group

_LINKS = frozenset({"externalLink"})
_DATA = frozenset({"connections", "queryTable", "powerPivotData", "revisionHeaders", "usernames"})
_MACROS = frozenset(
    {"vbaProject", "extensibility", "ui", "attachedToolbars", "control", "xlMacrosheet",
     "xlIntlMacrosheet", "dialogsheet"}
)  # fmt: skip
_KINDS = (
    (_LINKS, "link to another workbook was taken out", "links to other workbooks were taken out"),
    (_DATA, "data connection was taken out", "data connections were taken out"),
    (_MACROS, "part with macros was taken out", "parts with macros were taken out"),
)
_PLAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_WEB = ("http://", "https://", "mailto:")
_QUERIES = tuple("DataMashup".encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))
_OUTSIDE = re.compile(r'<cacheSource\b[^>]*\btype="external"|<worksheetSource\b[^>]*\br:id="')


@dataclass(frozen=True, slots=True)
class Frozen:
    """A frozen workbook, and what was done to it, a sentence each."""

    data: bytes
    told: tuple[str, ...]


def freeze(data: bytes, name: str) -> Frozen:
    """Return a workbook as values, without links, connections, macros and names of persons.

    Parameters
    ----------
    data
        The bytes of an ``.xlsx`` or ``.xlsm`` file.
    name
        What messages call it.

    Raises
    ------
    SourceError
        If it is no workbook, or holds a formula that must go and whose value is not stored.
    """
    package = Package(data, name)
    names = DefinedNames(package.text(package.book_part))
    done = freeze_formulas(package, names)
    told = [
        _said(done["cells"], "formula became its value", "formulas became their values"),
        _said(done["rules"], "rule with such a formula went", "rules with such formulas went"),
        _said(done["names"], "name for such a formula went", "names for such formulas went"),
        _drop_outside_pivots(package),
    ]
    sheets = _sheet_ids(package)
    told += [_drop(package, kinds, *words) for kinds, *words in _KINDS]
    _forget_sheets(package, names, sheets)
    package.put(package.book_part, names.xml(package.text(package.book_part)))
    told += [_drop_queries(package), _drop_file_links(package), *without_persons(package)]
    _drop_calls_of_macros(package)
    _drop_orphans(package)
    target = BytesIO()
    package.write(target)
    return Frozen(target.getvalue(), tuple(one for one in told if one))


def _said(count: int, one: str, several: str) -> str:
    return f"{counted(count, one, several)}." if count else ""


def _drop(package: Package, kinds: frozenset[str], one: str, several: str) -> str:
    """Take the parts of some kinds out, with what refers to them."""
    count = 0
    for part in ["", *package.parts]:
        gone = [relation for relation in package.relations(part) if relation.kind in kinds]
        if gone:
            _forget(package, part, gone)
            package.unrelate(part, [relation.id for relation in gone])
            count += len(gone)
    return _said(count, one, several)


def _forget(package: Package, part: str, gone: Iterable[Relation]) -> None:
    """Take out of a part the elements that name relations."""
    if not part.endswith(".xml"):
        return
    text = package.text(part)
    for relation in gone:
        id_ = re.escape(relation.id)
        text = re.sub(
            rf'<(?:externalReference|pivotCache|sheet)\b[^>]*:id="{id_}"[^>]*/>', "", text
        )
        if relation.kind == "control":
            text = _without_control(text, id_)
        if relation.kind == "queryTable":
            text = re.sub(r'\s(?:tableType|queryTableFieldId|connectionId)="[^"]*"', "", text)
        if relation.kind == "vbaProject":
            _as_plain_workbook(package)
    text = counted_group(text, "externalReferences", "externalReference")
    text = counted_group(text, "pivotCaches", "pivotCache")
    text = re.sub(r"<ext\b[^>]*>\s*<x15:dataModel\b.*?</ext>", "", text, flags=re.DOTALL)
    package.put(part, text)


def _without_control(text: str, id_: str) -> str:
    """Return a sheet without one control, and without the list of them where it was the last."""
    inner = r"(?:(?!</?mc:AlternateContent).)*?"
    whole = rf'<mc:AlternateContent\b[^>]*>{inner}:id="{id_}"{inner}</mc:AlternateContent>'
    text = re.sub(whole, "", text, flags=re.DOTALL)
    text = re.sub(
        rf'<control\b[^>]*:id="{id_}"[^>]*?(?:/>|>.*?</control>)', "", text, flags=re.DOTALL
    )
    empty = r"<controls>\s*</controls>"
    text = re.sub(
        rf"<mc:AlternateContent\b[^>]*>\s*<mc:Choice\b[^>]*>\s*{empty}\s*</mc:Choice>\s*"
        r"(?:<mc:Fallback\s*/>)?\s*</mc:AlternateContent>",
        "",
        text,
    )
    return re.sub(empty, "", text)


def _as_plain_workbook(package: Package) -> None:
    types = package.text("[Content_Types].xml")
    main = (
        rf'(<Override\b(?=[^>]*\bPartName="/{re.escape(package.book_part)}")[^>]*?\bContentType=")'
    )
    package.put("[Content_Types].xml", re.sub(rf'{main}[^"]*', rf"\g<1>{_PLAIN}", types))


def _sheet_ids(package: Package) -> list[str]:
    book = package.text(package.book_part)
    return re.findall(r'<sheet\b[^>]*\bsheetId="(\d+)"', book)


def _forget_sheets(package: Package, names: DefinedNames, before: list[str]) -> None:
    """Let names keep their sheets where sheets with macros have gone."""
    after = _sheet_ids(package)
    if before != after:
        places = {sheet: place for place, sheet in enumerate(after)}
        names.renumber([places.get(sheet) for sheet in before])
        book = package.text(package.book_part)
        package.put(package.book_part, re.sub(r'\s(?:activeTab|firstSheet)="\d+"', "", book))


def _drop_outside_pivots(package: Package) -> str:
    """Turn pivot tables on data outside the workbook into the cells they show."""
    book = package.book_part
    outside = {
        part
        for part in package.parts
        if "pivotCacheDefinition" in part
        and part.endswith(".xml")
        and _OUTSIDE.search(package.text(part))
    }
    if outside and any("slicerCache" in part or "timelineCache" in part for part in package.parts):
        raise SourceError(
            f"{package.name} has slicers and a pivot table on data outside it: take them out first"
        )
    count = 0
    for part in list(package.parts):
        pivots = [r for r in package.relations(part) if r.kind == "pivotTable"]
        gone = [
            r for r in pivots if outside & set(package.related(r.target, "pivotCacheDefinition"))
        ]
        package.unrelate(part, [relation.id for relation in gone])
        count += len(gone)
    caches = [r for r in package.relations(book) if r.target in outside]
    _forget(package, book, caches)
    package.unrelate(book, [relation.id for relation in caches])
    return _said(count, "pivot table became plain cells", "pivot tables became plain cells")


def _drop_queries(package: Package) -> str:
    """Take out queries, which lie in a part of the user's own XML."""
    count = 0
    for relation in package.relations(package.book_part):
        data = package.parts.get(relation.target, b"")
        if relation.kind == "customXml" and any(mark in data for mark in _QUERIES):
            package.unrelate(package.book_part, [relation.id])
            count += 1
    return _said(count, "set of queries was taken out", "sets of queries were taken out")


def _drop_file_links(package: Package) -> str:
    """Take out links to files; addresses in the web stay."""
    count = 0
    for part in list(package.parts):
        links = [
            relation
            for relation in package.relations(part)
            if relation.external and not relation.target.lower().startswith(_WEB)
        ]
        if not links or not part.endswith(".xml"):
            continue
        text = package.text(part)
        for link in links:
            id_ = re.escape(link.id)
            text = re.sub(
                rf'<(?:hyperlink|a:hlink\w+)\b[^>]*:id="{id_}"[^>]*?(?:/>|></[\w:]+>)', "", text
            )
            text = re.sub(rf'\sr:link="{id_}"', "", text)
        package.put(part, counted_group(text, "hyperlinks", "hyperlink"))
        package.unrelate(part, [link.id for link in links])
        count += len(links)
    return _said(count, "link to a file was taken out", "links to files were taken out")


def _drop_calls_of_macros(package: Package) -> None:
    """Let no shape or control call a macro."""
    for part in list(package.parts):
        if part.startswith("xl/drawings/") and not part.endswith(".rels"):
            text = package.text(part) if part.endswith((".xml", ".vml")) else ""
            anew = re.sub(r'(\smacro=")[^"]*(")', r"\1\2", text)
            anew = re.sub(r"<x:FmlaMacro>.*?</x:FmlaMacro>", "", anew)
            if text != anew:
                package.put(part, anew)
        elif part.startswith("xl/worksheets/") and part.endswith(".xml"):
            text = package.text(part)
            package.put(part, re.sub(r'(<controlPr\b[^>]*?)\smacro="[^"]*"', r"\1", text))


def _drop_orphans(package: Package) -> None:
    """Take out what nothing refers to any more, such as the records of a pivot that went."""
    reached: set[str] = set()
    waiting = [""]
    while waiting:
        part = waiting.pop()
        inner = (relation for relation in package.relations(part) if not relation.external)
        for relation in inner:
            if relation.target in package.parts and relation.target not in reached:
                reached.add(relation.target)
                waiting.append(relation.target)
    kept = {"[Content_Types].xml", relations_part("")}
    kept |= reached | {relations_part(part) for part in reached}
    for part in [part for part in package.parts if part not in kept]:
        package.remove(part)
