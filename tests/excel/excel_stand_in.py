"""A stand-in for Excel behind the real xlwings: its objects work on the parts of a workbook file.

What Excel does when rows and cells are put in or taken out is done by the same rules as for a file;
formulas are not calculated: `save` leaves that to the program that opens the file.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import xlwings
from openpyxl.utils.cell import range_boundaries
from xlwings import base_classes

from clv_xl.excel.file_book.book import FileBook
from clv_xl.excel.file_book.charts import draw, placed_chart, redraw, show
from clv_xl.excel.file_book.dress import clear, dress, format_like
from clv_xl.excel.file_book.moves import move_cells
from clv_xl.excel.file_book.parts import Parts
from clv_xl.excel.file_book.saving import finish
from clv_xl.excel.file_book.sheets import added_sheet
from clv_xl.excel.file_book.tables import drop_table, reshape
from clv_xl.excel.seen import SeriesRanges, TableSeen
from clv_xl.workbooks.areas import LAST_COLUMN, LAST_ROW, Area
from clv_xl.workbooks.cells import Cell, written
from clv_xl.workbooks.drawings import anchor_names, anchored_as, anchors_of
from clv_xl.workbooks.moves import Move
from clv_xl.workbooks.notes import noted

_TABLE = (
    '<table xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" id="1" name="{0}" '
    'displayName="{0}" ref="A1:A2" totalsRowShown="0"><tableColumns count="1">'
    '<tableColumn id="1" name="Column1"/></tableColumns></table>'
)


class StandInError(Exception):
    """Excel would not do that."""


class Engine:
    """What xlwings calls Excel."""

    name, type = "excel", "desktop"

    def __init__(self) -> None:
        """Start with one program and no workbook."""
        self.apps = [App(self)]

    @staticmethod
    def prepare_xl_data_element(x: object, _options: object) -> object:
        return "" if x is None else x

    @staticmethod
    def clean_value_data(data: Any, *_options: object) -> Any:
        return data


class App(base_classes.App):
    """The program: its status bar, its boxes, its open workbooks."""

    screen_updating = display_alerts = enable_events = True
    calculation = "automatic"
    status_bar: Any = False
    cut_copy_mode: Any = False
    engine: Any = None
    pid: Any = 1
    books: Any = None

    def __init__(self, engine: Engine) -> None:
        """Begin with nothing on the screen."""
        self.engine = engine
        self.books = Books(self)
        self.alerts: list[str] = []
        self.buttons: list[str] = []
        self.answer = "ok"
        self.shown: list[str] = []
        self.clipboard: Range | Chart | None = None
        self.fails_at: str | None = None
        self.writes: list[str] = []

    def __setattr__(self, name: str, value: object) -> None:
        if name == "status_bar" and value:
            self.shown.append(str(value))
        super().__setattr__(name, value)

    def alert(self, prompt: str, title: object, buttons: str, *_: object) -> str:
        self.alerts.append(prompt)
        self.buttons.append(buttons)
        return self.answer if buttons == "ok_cancel" else "ok"

    def activate(self, steal_focus: bool = False) -> None:  # noqa: FBT001, FBT002 - xlwings' own
        self.activated = True

    def calculate(self) -> None:
        self.calculated = True

    def step(self, what: str) -> None:
        """Fail where a test wants it."""
        if what == "write":
            self.writes.append(what)
        if self.fails_at == what or self.fails_at == f"{what} {len(self.writes)}":
            raise StandInError(f"Excel says no to the {what}")


class Books(base_classes.Books):
    """The open workbooks."""

    app: Any = None

    def __init__(self, app: App) -> None:
        """Open none."""
        self.app = app
        self.opened: list[Book] = []

    @property
    def active(self) -> "Book":
        return self.opened[0]

    def __call__(self, name: object) -> "Book":
        for book in self.opened:
            if book.name == name:
                return book
        raise KeyError(name)

    def open(self, fullname: str, *_: object, **__: object) -> "Book":
        book = Book(self.app, Path(fullname))
        self.opened.append(book)
        return book


class Book(base_classes.Book):
    """A workbook file that is open."""

    app: Any = None
    names: Any = None
    sheets: Any = None
    api: Any = None

    def __init__(self, app: App, path: Path) -> None:
        """Open the file."""
        self.app = app
        self.path = path
        self.file = FileBook.at(path)
        self.names = Names(self)
        self.sheets = Sheets(self)
        self.api = self
        self.page_setups: dict[str, SimpleNamespace] = {}

    @property
    def parts(self) -> Parts:
        return self.file.parts

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def fullname(self) -> str:
        return str(self.path)

    def activate(self) -> None:
        self.app.books.opened.sort(key=lambda book: book is not self)

    def close(self) -> None:
        self.app.books.opened.remove(self)

    def SaveCopyAs(self, path: str) -> None:  # noqa: N802 - Excel's name
        self.save_as(Path(path))

    def name_columns(self) -> None:
        """Name the columns of tables by their cells, as Excel does at once."""
        for table in self.parts.tables.values():
            area = table.seen.area
            columns = range(area.left, area.right + 1)
            cells = [self.parts.content(area.sheet, area.top, column) for column in columns]
            headers = tuple(str(cell.value) for cell in cells)
            seen = TableSeen(table.seen.name, area, headers, table.seen.totals)
            reshape(self.parts, seen, None)

    def save_as(self, path: Path) -> None:
        """Write the workbook."""
        self.name_columns()
        whole = [Area(name, 1, 1, LAST_ROW, LAST_COLUMN) for name in self.parts.entries]
        finish(self.parts, whole, changed=True)
        with path.open("wb") as target:
            self.parts.package.write(target)


class Sheets(base_classes.Sheets):
    """The worksheets."""

    book: Any = None

    def __init__(self, book: Book) -> None:
        """Look at a workbook."""
        self.book = book

    @property
    def active(self) -> "Sheet":
        return Sheet(self.book, self.book.parts.active_sheet)

    def __iter__(self) -> Iterator["Sheet"]:
        return iter([Sheet(self.book, name) for name in self.book.parts.entries])

    def __len__(self) -> int:
        return len(self.book.parts.entries)

    def __call__(self, key: int | str) -> "Sheet":
        names = list(self.book.parts.entries)
        if isinstance(key, str) and key not in names:
            raise StandInError(f"no sheet {key}")
        return Sheet(self.book, key if isinstance(key, str) else names[key - 1])

    def add(self, before: object, after: object, name: str) -> "Sheet":
        return Sheet(self.book, added_sheet(self.book.parts, name, ()))


class Sheet(base_classes.Sheet):
    """One worksheet."""

    book: Any = None

    def __init__(self, book: Book, name: str) -> None:
        """Look at a sheet of a workbook."""
        self.book = book
        self._name = name

    @property
    def name(self) -> str:
        return self._name

    @property
    def used_range(self) -> "Range":
        cells = self.book.parts.sheet(self._name)
        places = [(r, c) for r, row in cells.rows.items() for c in row.cells]
        rows, columns = ([place[axis] for place in places] or [1] for axis in (0, 1))
        return Range(self, Area(self._name, min(rows), min(columns), max(rows), max(columns)))

    def range(self, one: Any, other: Any = None) -> "Range":
        if isinstance(one, str):
            left, top, right, bottom = range_boundaries(one)
            return Range(
                self,
                Area(self._name, top or 1, left or 1, bottom or LAST_ROW, right or LAST_COLUMN),
            )
        first = one if isinstance(one, tuple) else (one.area.top, one.area.left)
        last = first if other is None else other
        last = last if isinstance(last, tuple) else (last.area.bottom, last.area.right)
        return Range(self, Area(self._name, *first, *last))

    @property
    def tables(self) -> "Tables":
        return Tables(self)

    @property
    def charts(self) -> "Charts":
        return Charts(self)

    @property
    def notes(self) -> list["Note"]:
        part = self.book.parts.entries[self._name].part
        return [Note(self, place) for place in sorted(noted(self.book.parts.package, part))]

    @property
    def api(self) -> "Sheet":
        return self

    @property
    def PageSetup(self) -> SimpleNamespace:  # noqa: N802 - Excel's name
        return self.book.page_setups.setdefault(self._name, SimpleNamespace())

    @property
    def ProtectContents(self) -> bool:  # noqa: N802 - Excel's name
        return "<sheetProtection" in self.book.parts.sheet(self._name).after

    def Paste(self, at: "Range") -> None:  # noqa: N802 - Excel's name
        self.book.app.step("paste")
        copied = self.book.app.clipboard
        assert isinstance(copied, Chart)
        pattern = copied.sheet.book.parts
        placed = placed_chart(pattern, copied.name)
        assert placed is not None
        first = re.findall(r"<xdr:(?:row|col)>(\d+)<", placed.anchor)
        like = Area(placed.sheet, int(first[1]) + 1, int(first[0]) + 1, 1, 1)
        draw(self.book.parts, copied.name, at.area, pattern, like)

    def clear(self) -> None:
        clear(self.book.parts, Area(self._name, 1, 1, LAST_ROW, LAST_COLUMN))

    def delete(self) -> None:
        self.book.parts.entries.pop(self._name)


class Note(base_classes.Note):
    """A note, which this stand-in does not move."""

    location: Any = None
    text: Any = ""

    def __init__(self, sheet: Sheet, place: tuple[int, int]) -> None:
        """Look at the note of a cell."""
        self.location = Range(sheet, Area(sheet.name, *place, *place))
        self.text = "a note"

    def delete(self) -> None:
        raise StandInError("the stand-in keeps its notes")


class Range(base_classes.Range):
    """Some cells."""

    sheet: Any = None

    def __init__(self, sheet: Sheet, area: Area) -> None:
        """Look at cells of a sheet."""
        self.sheet = sheet
        self.area = area

    @property
    def _parts(self) -> Parts:
        return self.sheet.book.parts

    @property
    def address(self) -> str:
        return self.area.reference.rpartition("!")[2]

    @property
    def shape(self) -> tuple[int, int]:
        return self.area.rows, self.area.columns

    @property
    def left(self) -> float:
        return 0.0

    @property
    def top(self) -> float:
        return 0.0

    @property
    def row(self) -> int:
        return self.area.top

    @property
    def column(self) -> int:
        return self.area.left

    def __call__(self, row: int, column: int | None = None) -> "Range":
        assert column is not None
        return Range(self.sheet, self.area.cut(rows=(row - 1, 1), columns=(column - 1, 1)))

    def __len__(self) -> int:
        return self.area.rows * self.area.columns

    @property
    def api(self) -> "Range":
        return self

    @property
    def raw_value(self) -> Any:
        cells = self.sheet.book.file.read(self.area)
        rows = [[None if cell.blank else cell.value for cell in row] for row in cells]
        return rows[0][0] if len(self) == 1 else rows

    @raw_value.setter
    def raw_value(self, value: Any) -> None:
        self.formula = value

    @property
    def formula(self) -> Any:
        cells = self.sheet.book.file.read(self.area)
        rows = tuple(tuple(_shown(cell) for cell in row) for row in cells)
        return rows[0][0] if len(self) == 1 else rows

    @formula.setter
    def formula(self, value: Any) -> None:
        if self.sheet.ProtectContents:
            raise StandInError("1004")
        self.sheet.book.app.step("write")
        rows = value if isinstance(value, (list, tuple)) else [[value]]
        cells = self._parts.sheet(self.area.sheet)
        self._parts.unshare(self.area.sheet)
        for row, line in enumerate(rows, start=self.area.top):
            for column, content in enumerate(line, start=self.area.left):
                held = cells.get(row, column)
                cell = _typed(content)
                text = isinstance(cell.value, str) and cell.formula is None
                number = self._parts.shared.number(str(cell.value)) if text else None
                cells.put(row, column, written(cell, held.style if held else "", number))

    def insert(self, shift: str, _copy_origin: object = None) -> None:
        self.sheet.book.app.step("insert")
        area = self.area
        if shift == "down":
            below = Area(area.sheet, area.top, area.left, LAST_ROW, area.right)
            move_cells(self._parts, Move(below, down=area.rows))
        else:
            right = Area(area.sheet, area.top, area.left, area.bottom, LAST_COLUMN)
            move_cells(self._parts, Move(right, across=area.columns))

    def delete(self, shift: str | None = None) -> None:
        self.sheet.book.app.step("delete")
        area = self.area
        if shift == "up":
            below = Area(area.sheet, area.bottom + 1, area.left, LAST_ROW, area.right)
            move_cells(self._parts, Move(below, down=-area.rows))
        else:
            right = Area(area.sheet, area.top, area.right + 1, area.bottom, LAST_COLUMN)
            move_cells(self._parts, Move(right, across=-area.columns))

    def copy(self, destination: object = None) -> None:
        assert destination is None
        self.sheet.book.app.clipboard = self

    def paste(self, paste: str, *_: object, **__: object) -> None:
        copied = self.sheet.book.app.clipboard
        assert isinstance(copied, Range)
        if copied.sheet.book is self.sheet.book:
            format_like(self._parts, self.area, copied.area)
        elif paste == "formats":  # with the validations, which come a second time
            used = copied.sheet.used_range.area
            width = min(copied.area.columns, max(used.right, 1))  # not all 16,384
            here, there = (one.sized(one.rows, width) for one in (self.area, copied.area))
            dress(self._parts, here, copied._parts, there)  # noqa: SLF001

    def clear(self) -> None:
        clear(self._parts, self.area)

    def clear_contents(self) -> None:
        self.formula = [[""] * self.area.columns for _ in range(self.area.rows)]

    def unmerge(self) -> None:
        self.unmerged = True

    @property
    def column_width(self) -> float:
        return 8.43

    @column_width.setter
    def column_width(self, value: float) -> None:
        assert 0 < value <= 255


def _shown(cell: Cell) -> str:
    """Return what Excel shows in the formula bar."""
    if cell.formula is not None:
        return f"={cell.formula}"
    return "" if cell.blank else str(cell.value)


def _typed(content: object) -> Cell:
    """Return the cell that Excel makes of what is typed."""
    if content in {None, ""}:
        return Cell()
    if isinstance(content, str):
        if content.startswith("'"):
            return Cell(None, content[1:])
        if content.startswith("="):
            return Cell(content[1:])
        raise StandInError(f"Excel would guess what {content!r} is")
    assert isinstance(content, (bool, int, float))
    return Cell(None, content)


class Names(base_classes.Names):
    """The defined names, hidden ones too."""

    def __init__(self, book: Book) -> None:
        """Look at a workbook."""
        self.book = book

    def snapshot(self) -> list[tuple[str, "Name"]]:
        return [(name, Name(self.book, name)) for name in self.book.file.names()]

    def contains(self, name: int | str) -> bool:
        return name in self.book.file.names()

    def __call__(self, name: int | str) -> "Name":
        return Name(self.book, str(name))

    def __len__(self) -> int:
        return len(self.book.file.names())

    def add(self, name: str, refers_to: str) -> "Name":
        self.book.parts.names.define(name, Area.parsed(refers_to[1:]))
        return Name(self.book, name)


class Name(base_classes.Name):
    """One defined name."""

    Visible = True

    def __init__(self, book: Book, name: str) -> None:
        """Look at a name of a workbook."""
        self.book = book
        self._name = name

    @property
    def api(self) -> "Name":
        return self

    @property
    def name(self) -> str:
        return self._name

    @property
    def refers_to(self) -> str:
        area = self.book.file.names()[self._name]
        return "=#REF!" if area is None else f"={area.reference}"

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        self.book.parts.names.define(self._name, Area.parsed(value[1:]))

    def delete(self) -> None:
        self.book.parts.names.define(self._name, None)


class Tables(base_classes.Collection):
    """The Excel tables of a sheet."""

    def __init__(self, sheet: Sheet) -> None:
        """Look at a sheet."""
        self.sheet = sheet

    def __iter__(self) -> Iterator["Table"]:
        found = self.sheet.book.parts.tables.values()
        return iter([Table(self.sheet, t.seen.name) for t in found if t.sheet == self.sheet.name])

    def add(self, *, source: Any, name: str, **_: object) -> "Table":
        parts = self.sheet.book.parts
        package = parts.package
        part = package.free("xl/tables/table{}.xml")
        package.add(part, _TABLE.format(name), "application/xml")
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"
        types = package.text("[Content_Types].xml").replace("application/xml", kind)
        package.put("[Content_Types].xml", types)
        id_ = package.relate(parts.entries[self.sheet.name].part, "table", part)
        cells = parts.sheet(self.sheet.name)
        listed = f'<tablePart r:id="{id_}"/></tableParts>'
        if "</tableParts>" not in cells.after:
            cells.after = cells.after.replace(
                "</worksheet>", '<tableParts count="0"></tableParts></worksheet>'
            )
        cells.after = cells.after.replace("</tableParts>", listed)
        cells.touched = True
        table = Table(self.sheet, name)
        table.resize(source.impl)
        return table


class Table(base_classes.Table):
    """One Excel table."""

    show_totals = show_autofilter = FilterMode = False

    def __init__(self, sheet: Sheet, name: str) -> None:
        """Look at a table of a sheet."""
        self.sheet = sheet
        self._name = name

    @property
    def _seen(self) -> TableSeen:
        return self.sheet.book.parts.tables[self._name].seen

    @property
    def api(self) -> "Table":
        return self

    @property
    def name(self) -> str:
        return self._name

    @property
    def range(self) -> Range:
        return Range(self.sheet, self._seen.area)

    @property
    def header_row_range(self) -> Range:
        return Range(self.sheet, self._seen.area.cut(rows=(0, 1)))

    def resize(self, there: Any) -> None:
        self.sheet.book.app.step("resize")
        area = there.area if isinstance(there, Range) else there.impl.area
        held = self.sheet.book.file.read(area.cut(rows=(0, 1)))[0]
        headers = [str(c.value) if not c.blank else f"Column{n}" for n, c in enumerate(held, 1)]
        seen = TableSeen(self._name, area, tuple(headers))
        reshape(self.sheet.book.parts, seen, None)

    @property
    def AutoFilter(self) -> "Table":  # noqa: N802 - Excel's name
        return self

    def Unlist(self) -> None:  # noqa: N802 - Excel's name
        drop_table(self.sheet.book.parts, self._name)


class Charts(base_classes.Collection):
    """The charts of a sheet."""

    def __init__(self, sheet: Sheet) -> None:
        """Look at a sheet."""
        self.sheet = sheet

    def __iter__(self) -> Iterator["Chart"]:
        parts = self.sheet.book.parts
        drawings = parts.package.related(parts.entries[self.sheet.name].part, "drawing")
        names = [n for part in drawings for n in anchor_names(parts.package.text(part))]
        return iter([Chart(self.sheet, name) for name in names])

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __call__(self, key: int) -> "Chart":
        return list(self)[key - 1]


class Chart(base_classes.Chart):
    """One chart, whose series take new ranges."""

    def __init__(self, sheet: Sheet, name: str) -> None:
        """Look at a chart of a sheet."""
        self.sheet = sheet
        self._name = name

    @property
    def name(self) -> str:
        return self._name

    @name.setter
    def name(self, value: str) -> None:
        assert value == self._name, "the stand-in leaves a copy its name"

    @property
    def api(self) -> tuple["ChartObject", "Drawn"]:
        return ChartObject(self), Drawn(self)

    @property
    def left(self) -> float:
        return 0.0

    @left.setter
    def left(self, value: float) -> None:
        assert value == 0

    @property
    def top(self) -> float:
        return 0.0

    @top.setter
    def top(self, value: float) -> None:
        assert value == 0

    def delete(self) -> None:
        package = self.sheet.book.parts.package
        for part in package.related(self.sheet.book.parts.entries[self.sheet.name].part, "drawing"):
            text = package.text(part)
            package.put(
                part,
                text.replace(
                    next((a for a in anchors_of(text) if anchored_as(a, self._name)), ""), ""
                ),
            )


class ChartObject:
    """What holds a chart on its sheet: it can be hidden and copied."""

    chart: Chart

    def __init__(self, chart: Chart) -> None:
        """Look at a chart."""
        object.__setattr__(self, "chart", chart)

    @property
    def Visible(self) -> bool:  # noqa: N802 - Excel's name
        parts = self.chart.sheet.book.parts
        placed = placed_chart(parts, self.chart.name)
        assert placed is not None
        return ' hidden="1"' not in placed.anchor

    def __setattr__(self, name: str, value: Any) -> None:
        assert name == "Visible"
        show(self.chart.sheet.book.parts, self.chart.name, visible=value)

    def Copy(self) -> None:  # noqa: N802 - Excel's name
        self.chart.sheet.book.app.clipboard = self.chart


class Drawn:
    """Excel's own object of a chart."""

    def __init__(self, chart: Chart) -> None:
        """Take no series yet."""
        self.chart = chart

    def SeriesCollection(self, number: int) -> "DrawnSeries":  # noqa: N802 - Excel's name
        return DrawnSeries(self.chart, number)


class DrawnSeries:
    """One series: the second range that is set completes it."""

    _known: dict[tuple[int, str], list[SeriesRanges]] = {}  # noqa: RUF012 - of all charts

    def __init__(self, chart: Chart, number: int) -> None:
        """Take a series by its number."""
        self.chart, self.number = chart, number
        self.along: Area | None = None

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if name == "Values":
            along, values = (Area.parsed(str(v)[1:]) for v in (self.XValues, value))
            assert along is not None
            assert values is not None
            key = id(self.chart.sheet.book), self.chart.name
            held = self._known.setdefault(key, [])
            held[self.number - 1 : self.number] = [SeriesRanges(along, values)]
            redraw(self.chart.sheet.book.parts, self.chart.name, held)

    XValues = ""


def opened(path: Path) -> tuple[xlwings.Book, Book]:
    """Open a workbook in the stand-in; return it as xlwings has it, and as the stand-in does."""
    engine = Engine()
    book = engine.apps[0].books.open(str(path))
    xlwings.engines.add(xlwings.Engine(impl=engine))
    xlwings.engines.active = xlwings.engines[len(xlwings.engines) - 1]
    return xlwings.Book(impl=book), book
