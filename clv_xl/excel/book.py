"""What the ribbon's actions need of a workbook, be it open in Excel or a file.

An action reads, computes everything, and writes last, all of it inside `changing`: when a step
fails, the workbook is as it was before.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from clv_xl.excel.file_book.book import FileBook
from clv_xl.excel.seen import Grid, SeriesRanges, TableSeen
from clv_xl.sources.raw_table import RawTable
from clv_xl.sources.vocabulary import HeaderWords
from clv_xl.workbooks.areas import Area
from clv_xl.workbooks.moves import Move
from clv_xl.workbooks.table_columns import Column


class Book(Protocol):
    """A workbook that an action works on."""

    @property
    def name(self) -> str:
        """The file's name."""

    @property
    def folder(self) -> Path | None:
        """The folder it lies in; None where it was never saved, or lies on a server."""

    @property
    def active_sheet(self) -> str:
        """The name of the worksheet that the user looks at."""

    def raw_table(self, words: HeaderWords, *, table: str = "", sheet: str = "") -> RawTable:
        """Return an Excel table, or else the table on a sheet, as the readers of orders take it."""

    def sheets(self) -> list[str]:
        """Return the names of the worksheets, in order."""

    def names(self) -> Mapping[str, Area | None]:
        """Return the defined names; None where one stands for no cells any more."""

    def tables(self) -> Mapping[str, TableSeen]:
        """Return the Excel tables by name."""

    def read(self, area: Area) -> Grid:
        """Return what some cells hold."""

    def occupied(self, area: Area) -> list[str]:
        """Return the references of the cells in an area that hold anything."""

    def changing(self, pattern: FileBook | None = None) -> AbstractContextManager[None]:
        """Change the workbook as a whole or not at all.

        Parameters
        ----------
        pattern
            A workbook whose formats `dress` may take.
        """

    def move(self, move: Move) -> None:
        """Move cells; every reference to them follows."""

    def clear(self, area: Area) -> None:
        """Empty cells and take their formats, rules and merges away."""

    def reorder(self, area: Area, order: Sequence[int | None]) -> None:
        """Let the formats and notes of rows follow what they belong to.

        Parameters
        ----------
        area
            The rows.
        order
            For each row the one, counted from 0, whose formats and notes it takes; None: new.
        """

    def write(
        self, area: Area, cells: Grid, *, quietly: bool = False, theirs: bool = False
    ) -> None:
        """Fill cells, whose formats stay.

        Parameters
        ----------
        area, cells
            Where, and what.
        quietly
            Whether nothing else depends on them.
        theirs
            Whether they are the user's, so that values of formulas may be out of date.
        """

    def write_rows(self, table: TableSeen, columns: Mapping[str, Column]) -> None:
        """Fill whole columns of a large table's body, by header; they hold no formulas."""

    def format_like(self, area: Area, model: Area) -> None:
        """Give cells the formats of other cells of the same sheet."""

    def dress(self, area: Area, like: Area) -> None:
        """Give cells the formats, rules and merges of cells of the pattern workbook."""

    def rule(self, area: Area, like: Area) -> None:
        """Give cells the conditional formats of cells of the pattern, in the place of their own."""

    def define(self, name: str, area: Area | None, *, hidden: bool = False) -> None:
        """Let a name stand for some cells; None takes the name away."""

    def reshape(self, table: TableSeen) -> None:
        """Let a table have another area or other columns; a new one is made."""

    def drop_table(self, name: str) -> None:
        """Turn a table into plain cells."""

    def show_all(self, table: str) -> bool:
        """Let a table show all its rows, and return whether a filter had hidden some."""

    def redraw(self, chart: str, series: Sequence[SeriesRanges]) -> None:
        """Let a chart of ours show other ranges."""

    def show(self, chart: str, *, visible: bool) -> bool:
        """Let a chart be seen or not, and return whether there is such a chart."""

    def draw(self, chart: str, at: Area, like: Area) -> bool:
        """Draw a chart of the pattern, and return whether that could be done.

        Parameters
        ----------
        chart
            Its name.
        at, like
            The cell that it hangs on, here and in the pattern.
        """

    def hang(self, chart: str, at: Area, like: Area) -> None:
        """Let a chart that is there hang on a cell as it does in the pattern.

        Parameters
        ----------
        chart
            Its name.
        at, like
            The cell that it hangs on, here and in the pattern.
        """

    def add_sheet(self, name: str, widths: Sequence[float] = ()) -> str:
        """Add a worksheet at the end, or empty the one there, and return its name.

        Parameters
        ----------
        name
            Its name; a sheet that has it already is emptied.
        widths
            The widths of its first columns, in characters.
        """

    def data(self) -> bytes:
        """Return the workbook as it is now, as the bytes of a file."""

    def open_file(self, path: Path) -> None:
        """Open another workbook for the user."""

    def message(self, text: str) -> None:
        """Tell the user something."""

    def ask(self, text: str) -> bool:
        """Return whether the user agrees to something."""

    def progress(self, text: str | None) -> None:
        """Show what is being done; None: nothing any more."""
