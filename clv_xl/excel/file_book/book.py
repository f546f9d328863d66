"""A workbook file as an action sees it: its parts are patched, all others stay byte for byte."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from clv_xl.excel.file_book.charts import draw, hang, redraw, show
from clv_xl.excel.file_book.dress import clear, dress, format_like, reorder, rule
from clv_xl.excel.file_book.moves import move_cells
from clv_xl.excel.file_book.parts import Parts, read_cells
from clv_xl.excel.file_book.rows import write_rows
from clv_xl.excel.file_book.saving import finish
from clv_xl.excel.file_book.sheets import added_sheet
from clv_xl.excel.file_book.tables import drop_table, reshape, show_all
from clv_xl.excel.seen import Grid, SeriesRanges, TableSeen
from clv_xl.sources.open_tables import fingerprinted
from clv_xl.sources.raw_table import RawTable, SourceFile, TableOptions
from clv_xl.sources.vocabulary import HeaderWords
from clv_xl.workbooks.areas import Area
from clv_xl.workbooks.cells import Cell, written
from clv_xl.workbooks.moves import Move
from clv_xl.workbooks.package import Package, read_workbook_file
from clv_xl.workbooks.safe_file import replacing
from clv_xl.workbooks.table_columns import Column


class FileBook:
    """One workbook file.

    Parameters
    ----------
    data
        The file's bytes.
    path
        Where it lies.
    target
        Where it is written; None: in its own place.
    """

    def __init__(self, data: bytes, path: Path, target: Path | None = None) -> None:
        """Open the file."""
        self._data = data
        self.path = path
        self.target = target or path
        self.parts = Parts(Package(data, path.name))
        self.messages: list[str] = []
        self.asked: list[str] = []
        self.agrees = False
        self.opened: list[Path] = []
        self.shown: Callable[[str | None], None] = lambda _: None
        self.written: list[Area] = []
        self.changed = False
        self._pattern: FileBook | None = None
        self._open = False

    @classmethod
    def at(cls, path: Path, target: Path | None = None) -> Self:
        """Open the file at a path."""
        return cls(read_workbook_file(path), path, target)

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    @property
    def folder(self) -> Path | None:
        """The folder it lies in."""
        return self.path.parent

    @property
    def active_sheet(self) -> str:
        """The worksheet that was looked at when the file was saved."""
        return self.parts.active_sheet

    def raw_table(self, words: HeaderWords, *, table: str = "", sheet: str = "") -> RawTable:
        """Return an Excel table, or else the table on a sheet, as the readers of orders take it."""
        from clv_xl.sources.workbook_files import (  # noqa: PLC0415 - most orders lie in another file
            read_workbook,
        )

        options = TableOptions(table=table or None, sheet=sheet or None)
        return fingerprinted(
            read_workbook(SourceFile(name=self.name, data=self._data), options, words)
        )

    def sheets(self) -> list[str]:
        """Return the names of the worksheets, in order."""
        return list(self.parts.entries)

    def names(self) -> Mapping[str, Area | None]:
        """Return the defined names; None where one stands for no cells any more."""
        there = self.parts.entries  # some programs leave the names of a sheet that was deleted
        return {
            name: area if area is not None and area.sheet in there else None
            for name, area in self.parts.names.areas.items()
        }

    def tables(self) -> Mapping[str, TableSeen]:
        """Return the Excel tables by name."""
        return {name: table.seen for name, table in self.parts.tables.items()}

    def read(self, area: Area) -> Grid:
        """Return what some cells hold."""
        return read_cells(self.parts, area)

    def occupied(self, area: Area) -> list[str]:
        """Return the references of the cells in an area that hold anything."""
        held = self.parts.sheet(area.sheet).within(area)
        return [Area(area.sheet, r, c, r, c).local for r, c, cell in held if not cell.blank]

    @contextmanager
    def changing(self, pattern: "FileBook | None" = None) -> Iterator[None]:
        """Change the workbook as a whole or not at all: nothing is written before the end."""
        self._pattern, self._open = pattern, True
        try:
            yield
            finish(self.parts, self.written, changed=self.changed)
            with replacing(self.target) as target:
                self.parts.package.write(target)
        finally:
            self._open = False

    def move(self, move: Move) -> None:
        """Move cells; every reference to them follows."""
        self.changed = True
        move_cells(self.parts, move)
        moved = [move.range(area) for area in self.written]
        self.written = [area for area in moved if area is not None]

    def clear(self, area: Area) -> None:
        """Empty cells and take their formats, rules and merges away."""
        self.changed = True
        clear(self.parts, area)

    def reorder(self, area: Area, order: Sequence[int | None]) -> None:
        """Let the formats and notes of rows follow what they belong to."""
        reorder(self.parts, area, order)

    def write(
        self, area: Area, cells: Grid, *, quietly: bool = False, theirs: bool = False
    ) -> None:
        """Fill cells, whose formats stay; what holds the same already is left as it is."""
        if not theirs:
            self.written.append(area)
        for row, contents in enumerate(cells, start=area.top):
            for column, cell in enumerate(contents, start=area.left):
                if self._put(area.sheet, row, column, cell) and not quietly:
                    self.changed = True

    def _put(self, sheet: str, row: int, column: int, cell: Cell) -> bool:
        if self.parts.content(sheet, row, column).same(cell):
            return False
        self.parts.unshare(sheet)
        cells = self.parts.sheet(sheet)
        held = cells.get(row, column)
        text = cell.formula is None and isinstance(cell.value, str) and not cell.error
        number = self.parts.shared.number(str(cell.value)) if text and not cell.blank else None
        cells.put(row, column, written(cell, held.style if held else "", number))
        return True

    def write_rows(self, table: TableSeen, columns: Mapping[str, Column]) -> None:
        """Fill whole columns of a large table's body, by header; they hold no formulas."""
        self.changed = write_rows(self.parts, table, columns) or self.changed

    def format_like(self, area: Area, model: Area) -> None:
        """Give cells the formats of other cells of the same sheet."""
        format_like(self.parts, area, model)

    def dress(self, area: Area, like: Area) -> None:
        """Give cells the formats, rules and merges of cells of the pattern workbook."""
        if self._pattern is None:
            raise ValueError("there is no pattern to take formats from")
        dress(self.parts, area, self._pattern.parts, like)

    def rule(self, area: Area, like: Area) -> None:
        """Give cells the conditional formats of cells of the pattern, in the place of their own."""
        if self._pattern is not None:
            rule(self.parts, area, self._pattern.parts, like)

    def define(self, name: str, area: Area | None, *, hidden: bool = False) -> None:
        """Let a name stand for some cells; None takes the name away."""
        self.parts.names.define(name, area, hidden=hidden)

    def reshape(self, table: TableSeen) -> None:
        """Let a table have another area or other columns; a new one is made."""
        reshape(self.parts, table, self._pattern.parts if self._pattern else None)

    def drop_table(self, name: str) -> None:
        """Turn a table into plain cells."""
        drop_table(self.parts, name)

    def show_all(self, table: str) -> bool:
        """Let a table show all its rows, and return whether a filter had hidden some."""
        return show_all(self.parts, table)

    def redraw(self, chart: str, series: Sequence[SeriesRanges]) -> None:
        """Let a chart of ours show other ranges."""
        redraw(self.parts, chart, series)

    def show(self, chart: str, *, visible: bool) -> bool:
        """Let a chart be seen or not, and return whether there is such a chart."""
        return show(self.parts, chart, visible=visible)

    def draw(self, chart: str, at: Area, like: Area) -> bool:
        """Draw a chart of the pattern, and return whether that could be done."""
        return self._pattern is not None and draw(self.parts, chart, at, self._pattern.parts, like)

    def hang(self, chart: str, at: Area, like: Area) -> None:
        """Let a chart that is there hang on a cell as it does in the pattern."""
        if self._pattern is not None:
            hang(self.parts, chart, at, self._pattern.parts, like)

    def add_sheet(self, name: str, widths: Sequence[float] = ()) -> str:
        """Add a worksheet at the end, or empty the one there, and return its name."""
        there = {sheet.casefold() for sheet in self.sheets()}
        self.changed = self.changed or name.casefold() in there
        return added_sheet(self.parts, name, widths)

    def data(self) -> bytes:
        """Return the file's bytes."""
        return self._data

    def open_file(self, path: Path) -> None:
        """Note which file the user would see."""
        self.opened.append(path)

    def message(self, text: str) -> None:
        """Keep what the user is to be told."""
        self.messages.append(text)

    def ask(self, text: str) -> bool:
        """Note what would be asked; nobody looks on, so that the answer is no unless it is set."""
        self.asked.append(text)
        return self.agrees

    def progress(self, text: str | None) -> None:
        """Tell what is being done to whoever looks on: a file has no status bar."""
        self.shown(text)
