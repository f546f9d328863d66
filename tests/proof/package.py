"""A workbook's parts, unzipped and parsed: what the rules look at."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from posixpath import basename, dirname, join, normpath
from typing import Self
from xml.etree import ElementTree as ET
from zipfile import ZIP_DEFLATED, ZipFile

RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# Spelled out where there may be a million cells: the wildcard {*} takes three times as long.
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_AREA = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})(?::\$?([A-Z]{1,3})\$?([1-9]\d{0,6}))?")
_EXTENSION_FORMULA = "{http://schemas.microsoft.com/office/excel/2006/main}f"
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class Area:
    """A range of cells, by its first and last column and row."""

    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def parsed(cls, reference: str) -> Self | None:
        """Return the area of a reference such as A1:C2; None when it is none that Excel takes."""
        found = _AREA.fullmatch(reference)
        if found is None:
            return None
        left, top, right, bottom = found.groups()
        area = cls(column_number(left), int(top), column_number(right or left), int(bottom or top))
        runs_forward = area.left <= area.right and area.top <= area.bottom
        return (
            area if runs_forward and area.right <= LAST_COLUMN and area.bottom <= LAST_ROW else None
        )

    def overlaps(self, other: "Area") -> bool:
        """Say whether the two share a cell."""
        apart = self.right < other.left or other.right < self.left
        return not (apart or self.bottom < other.top or other.bottom < self.top)


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its part and the sheet it is on."""

    part: str
    root: ET.Element

    @property
    def name(self) -> str:
        """The name that formulas use."""
        return self.root.get("displayName", "")

    @property
    def columns(self) -> list[str]:
        """The names of its columns, as text."""
        return [unescaped(c.get("name", "")) for c in self.root.iterfind("{*}tableColumns/*")]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet: its name, part and tables."""

    name: str
    part: str
    root: ET.Element
    tables: list[Table]

    def rows(self) -> Iterator[ET.Element]:
        """Walk over the rows as they stand."""
        return self.root.iterfind(f"{MAIN}sheetData/{MAIN}row")

    def cells(self) -> Iterator[ET.Element]:
        """Walk over the cells as they stand."""
        return self.root.iterfind(f"{MAIN}sheetData/{MAIN}row/{MAIN}c")

    def table_around(self, address: str) -> str:
        """Return the name of the table that a cell is in; nothing when it is in none."""
        cell = Area.parsed(address)
        for table in self.tables:
            area = Area.parsed(table.root.get("ref", ""))
            if cell is not None and area is not None and cell.overlaps(area):
                return table.name
        return ""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula, wherever it stands: in a cell (of a table), a rule, a name, a chart, a link."""

    where: str
    text: str
    kind: str
    table: str = ""


class Package:
    """The parts of one workbook."""

    def __init__(self, path: Path, functions: Collection[str] = ()) -> None:
        """Read every part of the file.

        Parameters
        ----------
        path
            The workbook.
        functions
            Functions of an add-in that its formulas may call.
        """
        self.functions = frozenset(functions)
        with ZipFile(path) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        self._roots: dict[str, ET.Element] = {}

    def root(self, part: str) -> ET.Element:
        """Return a part's tree, parsed once."""
        if part not in self._roots:
            self._roots[part] = ET.fromstring(self.parts[part])  # noqa: S314 - our own workbook
        return self._roots[part]

    def relations(self, part: str) -> dict[str, str]:
        """Return the parts that a part refers to, by the id of the relation."""
        folder = dirname(part)
        listing = join(folder, "_rels", basename(part) + ".rels")
        if listing not in self.parts:
            return {}
        return {
            relation.get("Id", ""): normpath(join("/", folder, relation.get("Target", "")))[1:]
            for relation in self.root(listing)
            if relation.get("TargetMode") != "External"
        }

    @cached_property
    def workbook(self) -> ET.Element:
        """The workbook part."""
        return self.root("xl/workbook.xml")

    @cached_property
    def sheet_names(self) -> list[str]:
        """The names of all sheets, in order."""
        return [sheet.get("name", "") for sheet in self.workbook.iterfind("{*}sheets/{*}sheet")]

    @cached_property
    def sheets(self) -> list[Sheet]:
        """The worksheets, in order."""
        parts = self.relations("xl/workbook.xml")
        found = []
        for entry in self.workbook.iterfind("{*}sheets/{*}sheet"):
            part = parts[entry.get(RELATION, "")]
            relations = self.relations(part)
            ids = [t.get(RELATION, "") for t in self.root(part).iterfind("{*}tableParts/*")]
            tables = [Table(relations[i], self.root(relations[i])) for i in ids]
            found.append(Sheet(entry.get("name", ""), part, self.root(part), tables))
        return found

    @cached_property
    def names(self) -> list[ET.Element]:
        """The defined names."""
        return list(self.workbook.iterfind("{*}definedNames/{*}definedName"))

    @cached_property
    def strings(self) -> list[str]:
        """The shared strings, as text."""
        if "xl/sharedStrings.xml" not in self.parts:
            return []
        return [text_of(item) for item in self.root("xl/sharedStrings.xml")]

    def text(self, cell: ET.Element) -> str | None:
        """Return the text of a cell; None when it holds none."""
        value = cell.findtext(f"{MAIN}v")
        match cell.get("t"):
            case "s" if value is not None and value.isdigit() and int(value) < len(self.strings):
                return self.strings[int(value)]
            case "inlineStr":
                return "".join(text_of(item) for item in cell.iterfind("{*}is"))
            case "str":
                return unescaped(value or "")
        return None

    @cached_property
    def formulas(self) -> list[Formula]:
        """Every formula of the workbook."""
        return [*self._names_formulas(), *self._sheet_formulas(), *self._chart_formulas()]

    def _names_formulas(self) -> Iterator[Formula]:
        for name in self.names:
            yield Formula(f"name {name.get('name')}", name.text or "", "name")

    def _sheet_formulas(self) -> Iterator[Formula]:
        for sheet in self.sheets:
            for cell in sheet.cells():
                formula = cell.find(f"{MAIN}f")
                if formula is not None and formula.text:
                    address = cell.get("r", "")
                    around = sheet.table_around(address)
                    yield Formula(f"{sheet.name}!{address}", formula.text, "cell", around)
            yield from _rule_formulas(sheet)
            for link in sheet.root.iterfind("{*}hyperlinks/{*}hyperlink[@location]"):
                yield Formula(f"{sheet.name}!{link.get('ref')}", link.get("location", ""), "link")
            for table in sheet.tables:
                for text in table.root.iterfind(".//{*}calculatedColumnFormula"):
                    yield Formula(f"table {table.name}", text.text or "", "cell", table.name)

    def _chart_formulas(self) -> Iterator[Formula]:
        for part in self.parts:
            if part.startswith("xl/charts/chart"):
                for text in self.root(part).iterfind(".//{*}f"):
                    yield Formula(part, text.text or "", "chart")
            elif part.startswith("xl/drawings/drawing"):
                for shape in self.root(part).iterfind(".//*[@textlink]"):
                    if link := shape.get("textlink"):
                        yield Formula(part, link, "link")


def _rule_formulas(sheet: Sheet) -> Iterator[Formula]:
    for rule in sheet.root.iterfind("{*}conditionalFormatting/{*}cfRule/{*}formula"):
        yield Formula(f"{sheet.name} conditional format", rule.text or "", "rule")
    for validation in sheet.root.iterfind("{*}dataValidations/{*}dataValidation"):
        for bound in validation:
            where = f"{sheet.name}!{validation.get('sqref')} validation"
            yield Formula(where, bound.text or "", "rule")
    for extension in sheet.root.iterfind(f"{{*}}extLst//{_EXTENSION_FORMULA}"):
        yield Formula(f"{sheet.name} extension", extension.text or "", "chart")


def rewritten(path: Path, folder: Path, changes: Mapping[str, tuple[str, str]]) -> Path:
    """Write a copy of a workbook with one text of some parts replaced, as a fault to be found."""
    target = folder / f"rewritten-{path.name}"
    with ZipFile(path) as archive, ZipFile(target, "w", ZIP_DEFLATED) as copy:
        for part in archive.namelist():
            text = archive.read(part)
            if part in changes:
                old, new = (change.encode() for change in changes[part])
                assert old in text, f"{part} has no {old!r}"
                text = text.replace(old, new)
            copy.writestr(part, text)
    return target


def column_number(letters: str) -> int:
    """Return the number of a column, A being 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def text_of(item: ET.Element) -> str:
    """Return the text of a shared or inline string, runs joined."""
    pieces = [t.text or "" for t in item.iterfind("{*}t")]
    pieces += [t.text or "" for t in item.iterfind("{*}r/{*}t")]
    return unescaped("".join(pieces))


def unescaped(text: str) -> str:
    """Return a text with its _x000A_ escapes undone."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
