"""The workbook that is open in Excel, as an action sees it.

xlwings speaks to Excel. A table is read once and written once; the screen stands still meanwhile.
When a step fails, what was written is taken back: rows and cells that moved move back, with the
formats that they had, and formulas, values, names and tables are put back as they were.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from clv_xl.excel.file_book.book import FileBook
from clv_xl.excel.live_book import charts, objects
from clv_xl.excel.live_book.cells import Rows, alike, contents, held, neighbours, rows_of_columns
from clv_xl.excel.live_book.formats import KeptFormats, copy_formats
from clv_xl.excel.live_book.model import Model
from clv_xl.excel.live_book.moves import Mover
from clv_xl.excel.live_book.state import State, refuse_protected
from clv_xl.excel.seen import Grid, SeriesRanges, TableSeen
from clv_xl.sources.open_tables import open_table
from clv_xl.sources.raw_table import RawTable
from clv_xl.sources.vocabulary import HeaderWords
from clv_xl.workbooks.areas import Area
from clv_xl.workbooks.moves import Move
from clv_xl.workbooks.table_columns import Column

_TITLE = "CLV"


class LiveBook:
    """One workbook that is open in Excel.

    Parameters
    ----------
    book
        The workbook as xlwings knows it.
    """

    def __init__(self, book: Any) -> None:
        """Take the workbook; nothing is read yet."""
        self._book = book
        self._model: Model | None = None
        self._kept: KeptFormats | None = None
        self._undo: list[Callable[[], None]] = []
        self._names: Mapping[str, Area | None] | None = None

    @property
    def name(self) -> str:
        """The file's name."""
        return str(self._book.name)

    @property
    def folder(self) -> Path | None:
        """The folder it lies in; None where it was never saved, or lies on a server."""
        full = str(self._book.fullname)
        path = Path(full)
        return path.parent if path.is_absolute() and path.parent.is_dir() else None

    @property
    def active_sheet(self) -> str:
        """The worksheet that the user looks at, else the first: a chart may fill a sheet alone."""
        name, worksheets = str(self._book.sheets.active.name), self.sheets()
        return name if name in worksheets else worksheets[0]

    def raw_table(self, words: HeaderWords, *, table: str = "", sheet: str = "") -> RawTable:
        """Return an Excel table, or else the table on a sheet, as the readers of orders take it."""
        if table:
            seen = next(t for n, t in self.tables().items() if n.casefold() == table.casefold())
            area = seen.area.cut(rows=(0, seen.area.rows - seen.totals))
            where = f"{self.name}, table {seen.name}"
        else:
            area = self._used(sheet)
            where = f"{self.name}, sheet {sheet}"
        values = self._range(area).options(ndim=2, err_to_str=True).value
        header = True if table else None
        return open_table(values, where, words, first_row=area.top, has_header=header)

    def sheets(self) -> list[str]:
        """Return the names of the worksheets, in order."""
        return [str(sheet.name) for sheet in self._book.sheets]

    def names(self) -> Mapping[str, Area | None]:
        """Return the defined names; None where one stands for no cells any more."""
        if self._names is None:
            self._names = objects.names_in(self._book)
        return self._names

    def tables(self) -> Mapping[str, TableSeen]:
        """Return the Excel tables by name."""
        return objects.tables_in(self._book)

    def read(self, area: Area) -> Grid:
        """Return what some cells hold."""
        return held(self._range(area))

    def occupied(self, area: Area) -> list[str]:
        """Return the references of the cells in an area that hold anything."""
        used = self._used(area.sheet)
        bottom, right = min(area.bottom, used.bottom), min(area.right, used.right)
        if area.top > bottom or area.left > right:
            return []
        within = Area(area.sheet, area.top, area.left, bottom, right)
        return [
            within.cut(rows=(down, 1), columns=(across, 1)).local
            for down, row in enumerate(self._range(within).options(ndim=2, err_to_str=True).value)
            for across, value in enumerate(row)
            if value not in {None, ""}
        ]

    def _used(self, sheet: str) -> Area:
        said = str(self._sheet(sheet).used_range.address)
        return Area.parsed(said, sheet) or Area(sheet, 1, 1, 1, 1)

    def _sheet(self, name: str) -> Any:
        return self._book.sheets[name]

    def _range(self, area: Area) -> Any:
        return self._sheet(area.sheet).range((area.top, area.left), (area.bottom, area.right))

    @contextmanager
    def changing(self, pattern: FileBook | None = None) -> Iterator[None]:
        """Change the workbook as a whole or not at all."""
        app = self._book.app
        self._model = None if pattern is None else Model(self._book, pattern.data())
        self._kept = None if self._model is None else KeptFormats(self._model)
        self._undo = []
        state = State(self._book)
        with app.properties(screen_updating=False, enable_events=False, calculation="manual"):
            try:
                yield
            except BaseException as fault:
                self._take_back(state)
                refuse_protected(self._book, fault)
                raise
            finally:
                if self._model is not None:
                    self._model.close()
                self._model, self._kept, self._undo = None, None, []
        app.calculate()

    def _take_back(self, state: State) -> None:
        for step in reversed(self._undo):
            with suppress(Exception):  # one step that fails must not keep the others from it
                step()
        state.restore()

    def move(self, move: Move) -> None:
        """Move cells; Excel lets every reference to them follow."""
        self._names = None
        Mover(self._sheet(move.area.sheet), self._undo, self._kept).move(move)

    def clear(self, area: Area) -> None:
        """Empty cells and take their formats, rules and merges away."""
        self._keep_formats(area)
        cells = self._range(area)
        cells.unmerge()
        cells.clear()

    def _keep_formats(self, area: Area) -> None:
        """Keep the formats of cells that are about to lose them."""
        if self._kept is not None:
            self._undo.append(self._kept.keep(lambda: self._range(area)))

    def reorder(self, area: Area, order: Sequence[int | None]) -> None:
        """Let the notes of rows follow what they belong to; formats stay where they are."""
        sheet = self._sheet(area.sheet)
        went = {area.top + was: area.top + now for now, was in enumerate(order) if was is not None}
        moving = []
        for note in getattr(sheet, "notes", ()):
            place = Area.parsed(str(note.location.address), area.sheet)
            if place is not None and area.holds(place.top, place.left):
                moving.append((note, place.left, went.get(place.top, area.top - 1)))
        texts = [(column, row, str(note.text)) for note, column, row in moving]
        for note, _, _ in moving:
            note.delete()
        for column, row, text in texts:
            sheet.range((row, column)).add_note(text)

    def write(
        self, area: Area, cells: Grid, *, quietly: bool = False, theirs: bool = False
    ) -> None:
        """Fill cells, whose formats stay; what holds the same already is left as it is."""
        pairs = (
            pair
            for rows in zip(self.read(area), cells, strict=True)
            for pair in zip(*rows, strict=True)
        )
        if all(was.same(now) for was, now in pairs):
            return
        del quietly, theirs  # Excel calculates whatever depends on them
        rows = contents(cells)
        self._range(area).formula = rows[0][0] if area.rows == area.columns == 1 else rows

    def write_rows(self, table: TableSeen, columns: Mapping[str, Column]) -> None:
        """Fill whole columns of a large table's body, by header; they hold no formulas."""
        for first, some in neighbours(table.headers, columns):
            area = table.body.cut(columns=(first, len(some)))
            self._write_large(self._range(area), rows_of_columns(some))

    def _write_large(self, cells: Any, rows: Rows) -> None:
        """Write many cells, unless they hold all of it already."""
        values = cells.options(ndim=2, err_to_str=True).value
        if not all(alike(*pair) for pair in zip(values, rows, strict=True)):
            cells.formula = rows

    def format_like(self, area: Area, model: Area) -> None:
        """Give cells the formats of other cells of the same sheet."""
        copy_formats(self._range(model), self._range(area))

    def dress(self, area: Area, like: Area) -> None:
        """Give cells the formats, rules and merges of cells of the pattern workbook."""
        self._keep_formats(area)
        copy_formats(self._pattern(like), self._range(area))

    def _pattern(self, area: Area) -> Any:
        """Return cells of the pattern workbook."""
        if self._model is None:
            raise ValueError("there is no pattern to take formats from")
        sheet = self._model.opened().sheets[area.sheet]
        return sheet.range((area.top, area.left), (area.bottom, area.right))

    def rule(self, area: Area, like: Area) -> None:
        """Give cells the formats of the pattern, its conditional ones among them."""
        self.dress(area, like)

    def define(self, name: str, area: Area | None, *, hidden: bool = False) -> None:
        """Let a name stand for some cells; None takes the name away."""
        self._names = None
        objects.define(self._book, name, area, hidden=hidden)

    def reshape(self, table: TableSeen) -> None:
        """Let a table have another area or other columns; a new one is made."""
        objects.reshape(self._book, table)

    def drop_table(self, name: str) -> None:
        """Turn a table into plain cells."""
        objects.drop_table(self._book, name)

    def show_all(self, table: str) -> bool:
        """Let a table show all its rows, and return whether a filter had hidden some."""
        return objects.show_all(self._book, table)

    def redraw(self, chart: str, series: Sequence[SeriesRanges]) -> None:
        """Let a chart of ours show other ranges; one that the user took away stays away."""
        charts.redraw(self._book, chart, series)

    def show(self, chart: str, *, visible: bool) -> bool:
        """Let a chart be seen or not, and return whether there is such a chart."""
        return charts.show(self._book, chart, self._undo, visible=visible)

    def draw(self, chart: str, at: Area, like: Area) -> bool:
        """Draw a chart of the pattern, and return whether that could be done."""
        here, there = self._range(at.sized(1, 1)), self._pattern(like.sized(1, 1))
        return charts.draw(chart, here, there, self._undo)

    def hang(self, chart: str, at: Area, like: Area) -> None:
        """Let a chart that is there hang on a cell as it does in the pattern."""
        here, there = self._range(at.sized(1, 1)), self._pattern(like.sized(1, 1))
        charts.hang(self._book, chart, here, there)

    def add_sheet(self, name: str, widths: Sequence[float] = ()) -> str:
        """Add a worksheet at the end, or empty the one there, and return its name."""
        known = next(
            (s for s in self._book.sheets if str(s.name).casefold() == name.casefold()), None
        )
        if known is None:
            known = self._book.sheets.add(name, after=self._book.sheets[-1])
            self._undo.append(known.delete)
            objects.lay_out(known)
        else:
            known.clear()
        for column, width in enumerate(widths, start=1):
            known.range((1, column)).column_width = width
        return str(known.name)

    def data(self) -> bytes:
        """Return the workbook as it is now, as the bytes of a file."""
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / self.name
            self._book.api.SaveCopyAs(str(copy))
            return copy.read_bytes()

    def open_file(self, path: Path) -> None:
        """Open another workbook for the user."""
        self._book.app.books.open(str(path))

    def message(self, text: str) -> None:
        """Tell the user something in a box."""
        self._book.app.alert(text, title=_TITLE)

    def ask(self, text: str) -> bool:
        """Ask in a box with OK and Cancel; a box that is closed means no."""
        return bool(self._book.app.alert(text, title=_TITLE, buttons="ok_cancel") == "ok")

    def progress(self, text: str | None) -> None:
        """Show on the status bar what is being done; None: nothing any more."""
        self._book.app.status_bar = f"{_TITLE}: {text} …" if text else False
