"""The parts of a workbook file that an action changes, opened when they are needed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import unescape

from clv_xl.errors import SourceError
from clv_xl.excel.seen import Grid, TableSeen
from clv_xl.workbooks.areas import Area, cell_reference
from clv_xl.workbooks.cells import BLANK, Cell, RawCell, attributes_of, content_of, plain
from clv_xl.workbooks.defined_names import DefinedNames
from clv_xl.workbooks.formula_refs import translated
from clv_xl.workbooks.package import Package
from clv_xl.workbooks.shared_texts import EMPTY, SharedTexts
from clv_xl.workbooks.sheet_cells import SheetCells
from clv_xl.workbooks.sheet_xml import cell_text
from clv_xl.workbooks.style_sheet import StyleSheet

_MANY = 500
_SHEET = re.compile(r'<sheet\b[^>]*\bname="([^"]*)"')
_SHARED_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"


@dataclass(frozen=True, slots=True)
class TablePart:
    """An Excel table in the package: its part, its sheet, and what is seen of it."""

    part: str
    sheet: str
    seen: TableSeen


class Parts:
    """The sheets, names, tables, texts and styles of one package."""

    def __init__(self, package: Package) -> None:
        """Take a package; nothing is read yet."""
        self.package = package
        self.entries = {entry.name: entry for entry in package.sheets}
        self._sheets: dict[str, SheetCells] = {}
        self._marks: dict[tuple[str, str], bool] = {}
        self._masters: dict[str, dict[str, tuple[str, str]]] = {}

    @property
    def active_sheet(self) -> str:
        """The worksheet that was looked at when the file was saved, else the first."""
        found = re.search(r'<workbookView\b[^>]*\bactiveTab="(\d+)"', self._book)
        every = self.every_sheet
        at = int(found[1]) if found else 0
        name = every[at] if at < len(every) else ""
        return name if name in self.entries else next(iter(self.entries))

    @property
    def every_sheet(self) -> list[str]:
        """The names of all sheets, those that are no worksheets too."""
        return [unescape(name) for name in _SHEET.findall(self._book)]

    @property
    def _book(self) -> str:
        return self.package.text(self.package.book_part)

    def sheet(self, name: str) -> SheetCells:
        """Return the cells of a sheet."""
        if name not in self._sheets:
            if name not in self.entries:
                raise SourceError(f"{self.package.name} has no sheet {name} any more")
            xml = self.package.text(self.entries[name].part)
            self._sheets[name] = SheetCells(xml, name)
        return self._sheets[name]

    def opened(self) -> Iterator[SheetCells]:
        """Walk over the sheets that were asked for."""
        yield from self._sheets.values()

    @cached_property
    def shared(self) -> SharedTexts:
        """The shared texts; a workbook without any gets a part for them."""
        part = self.shared_part
        return SharedTexts(self.package.text(part) if part in self.package.parts else EMPTY)

    @property
    def shared_part(self) -> str:
        """The part of the shared texts, there or not."""
        found = self.package.related(self.package.book_part, "sharedStrings")
        return found[0] if found else "xl/sharedStrings.xml"

    def put_shared(self, xml: str) -> None:
        """Put the shared texts in, the first ones too."""
        part = self.shared_part
        if part in self.package.parts:
            self.package.put(part, xml)
            return
        self.package.add(part, xml, _SHARED_TYPE)
        self.package.relate(self.package.book_part, "sharedStrings", part)

    @cached_property
    def styles_part(self) -> str:
        """The part of the styles."""
        found = self.package.related(self.package.book_part, "styles")
        if not found:
            raise SourceError(
                f"{self.package.name} has no styles: save it in a spreadsheet program"
            )
        return found[0]

    @cached_property
    def styles(self) -> StyleSheet:
        """The cell formats."""
        return StyleSheet(self.package.text(self.styles_part))

    def content(self, sheet: str, row: int, column: int) -> Cell:
        """Return what a cell holds, the formula that it shares with others included."""
        raw = self.sheet(sheet).get(row, column)
        return BLANK if raw is None else self.content_of(sheet, row, column, raw)

    def content_of(self, sheet: str, row: int, column: int, raw: RawCell) -> Cell:
        """Return what a raw cell at a place holds."""
        cell = content_of(raw, self.shared.texts)
        found = raw.formula
        if found is None or found[2]:
            return cell
        said = attributes_of(found[1])
        if said.get("t") != "shared":
            return cell
        origin, text = self._master(sheet).get(said.get("si", ""), ("", ""))
        if not origin:
            return cell
        formula = translated(text, origin, cell_reference(row, column))
        return Cell(formula, cell.value, cell.error)

    def _master(self, sheet: str) -> dict[str, tuple[str, str]]:
        """Return where each shared formula of a sheet stands in full, and its text."""
        if sheet not in self._masters:
            xml = self.package.text(self.entries[sheet].part)
            self._masters[sheet] = dict(_masters(xml)) if self._holds(sheet, 't="shared"') else {}
        return self._masters[sheet]

    def unshare(self, sheet: str) -> None:
        """Give every cell of a sheet that shares a formula its own."""
        if not self._master(sheet):
            return
        cells = self.sheet(sheet)
        for number, row in list(cells.rows.items()):
            if 't="shared"' not in (row.body or 't="shared"'):
                continue
            for column, raw in list(row.cells.items()):
                found = raw.formula
                if found is not None and 't="shared"' in found[1]:
                    formula = self.content_of(sheet, number, column, raw).formula or ""
                    inside = f"<f>{cell_text(formula)}</f>" + (raw.inside or "")[found.end() :]
                    cells.put(number, column, RawCell(raw.attributes, inside))
        self._masters[sheet] = {}

    def has_formulas(self, sheet: str) -> bool:
        """Return whether any cell of a sheet held a formula when the file was opened."""
        return self._holds(sheet, "<f")

    def has_arrays(self, sheet: str) -> bool:
        """Return whether a sheet held array formulas or data tables when the file was opened."""
        return self._holds(sheet, 't="array"') or self._holds(sheet, 't="dataTable"')

    def _holds(self, sheet: str, mark: str) -> bool:
        if (sheet, mark) not in self._marks:
            self._marks[sheet, mark] = mark in self.package.text(self.entries[sheet].part)
        return self._marks[sheet, mark]

    @cached_property
    def names(self) -> DefinedNames:
        """The defined names."""
        return DefinedNames(self.package.text(self.package.book_part))

    @property
    def tables(self) -> dict[str, TablePart]:
        """The Excel tables by name."""
        found = {}
        for entry in self.entries.values():
            for part in self.package.related(entry.part, "table"):
                table = _table(part, entry.name, self.package.text(part))
                found[table.seen.name] = table
        return found


def read_cells(parts: Parts, area: Area) -> Grid:
    """Return what some cells of a sheet hold, row by row."""
    sheet = parts.sheet(area.sheet)
    columns = range(area.left, area.right + 1)
    if len(columns) == 1 and area.rows > _MANY:
        texts = parts.shared.texts
        raw = sheet.column(area.left, range(area.top, area.bottom + 1))
        return [[BLANK if one is None else content_of(one, texts)] for one in raw]
    grid = []
    for number in range(area.top, area.bottom + 1):
        row = sheet.rows.get(number)
        held = {} if row is None else row.cells
        grid.append(
            [
                parts.content_of(area.sheet, number, column, held[column])
                if column in held
                else BLANK
                for column in columns
            ]
        )
    return grid


def _masters(xml: str) -> Iterator[tuple[str, tuple[str, str]]]:
    pattern = r'<c\b[^>]*?\br="([A-Z]+\d+)"[^>]*><f\b([^>]*\bt="shared"[^>]*?)>([^<]+)</f>'
    for reference, said, text in re.findall(pattern, xml):
        yield attributes_of(said).get("si", ""), (reference, unescape(text))


def _table(part: str, sheet: str, text: str) -> TablePart:
    opened = re.search(r"<table\b([^>]*)>", text)
    said = attributes_of(opened[1]) if opened else {}
    columns = re.findall(r"<tableColumn\b([^>]*?)/?>", text)
    headers = tuple(plain(attributes_of(column).get("name", "")) for column in columns)
    area = Area.parsed(said.get("ref", ""), sheet)
    if area is None or not headers:
        raise SourceError(f"the table in {part} has no range")
    totals = int(said.get("totalsRowCount", "0"))
    name = plain(said.get("displayName", ""))
    return TablePart(part, sheet, TableSeen(name, area, headers, totals))
