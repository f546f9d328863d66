"""A dashboard is rewritten in place: its pieces become those of a freshly made one.

The fresh workbook is made first, from the same layout, and serves as the pattern. Piece by piece
the user's workbook is given the rows and columns that the pattern has, and then the contents. What
is the user's stays: formats of cells that were there, texts in fixed places (titles, headings,
labels), inputs, columns added to a table, and everything outside the pieces.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from clv_xl.errors import SourceError
from clv_xl.excel.book import Book
from clv_xl.excel.file_book.book import FileBook
from clv_xl.excel.refreshing.carrying import Carried, carried_rows, keys_of
from clv_xl.excel.refreshing.charting import drawn_charts, hide_chart, redraw_charts
from clv_xl.excel.refreshing.contents import fill_piece
from clv_xl.excel.refreshing.dressing import (
    dress_body,
    dress_columns,
    dress_rows,
    holds_nothing,
    rule_again,
    size_of,
)
from clv_xl.excel.refreshing.fitting import Fitter
from clv_xl.excel.refreshing.kept_entries import Entry
from clv_xl.excel.refreshing.pieces import (
    AFTER,
    BODY,
    CELLS,
    LINES,
    OUR_NAMES,
    Piece,
    Segment,
    board_of,
)
from clv_xl.excel.refreshing.places import area_there, table_there
from clv_xl.workbooks.areas import LAST_COLUMN, Area
from clv_xl.workbooks.sheets import GAP
from clv_xl.workbooks.table_columns import Column


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A freshly made workbook, and what is known of it besides.

    Parameters
    ----------
    book
        The workbook.
    headers
        Every header that a column of ours may have; other columns of a table are the user's.
    inputs
        By table the headers of the columns that are for the user to fill.
    nothing
        What the one row of a table without any says.
    large
        The rows of large tables, of which `book` has only the first, by table and header.
    """

    book: FileBook
    headers: frozenset[str]
    inputs: dict[str, frozenset[str]]
    nothing: str
    large: Mapping[str, Mapping[str, Column]]

    def removable(self, piece: Piece, key: str) -> bool:
        """Return whether rows or columns with a key are the report's own."""
        if key in {BODY, LINES, CELLS, AFTER} or key.startswith((*OUR_NAMES, "lead ")):
            return True
        return piece.kind == "table" and key in self.headers


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What a user had entered in rows that are no longer there, and what to tell of charts."""

    lost: list[Entry]
    told: list[str]


def rewrite(book: Book, pattern: Pattern) -> Rewritten:
    """Rewrite the pieces of a workbook.

    Parameters
    ----------
    book
        The workbook, open for changes.
    pattern
        What it shall say.
    """
    rewriter = _Rewriter(book, pattern)
    rewriter.fit()
    rewriter.drop_gone()
    rewriter.place_new()
    rewriter.name()
    rewriter.fill()
    rewriter.redraw()
    return Rewritten(rewriter.lost, rewriter.told)


class _Rewriter:
    """One rewriting: the workbook's pieces, the pattern's, and what is carried between them."""

    def __init__(self, book: Book, pattern: Pattern) -> None:
        self.book = book
        self.pattern = pattern
        self.board = board_of(book)
        self.wanted = board_of(pattern.book)
        self._large = self._with_all_rows()
        self.fitter = Fitter(book, self.board, pattern.removable)
        self.lost: list[Entry] = []
        self.told: list[str] = []
        self._drawn = drawn_charts(book, self.board)
        self._carried: dict[str, Carried] = {}
        self._new_rows: dict[str, set[str]] = {}
        self._sheets = self._matching_sheets()
        self._ours = self._own_names()

    def _matching_sheets(self) -> dict[str, str]:
        """Return the sheet of the workbook for each of the pattern's."""
        found: dict[str, str] = {}
        for name, piece in self.wanted.pieces.items():
            if name in self.board.pieces:
                found.setdefault(piece.sheet, self.board.pieces[name].sheet)
        return found

    def _with_all_rows(self) -> dict[str, Mapping[str, Column]]:
        """Let the pattern's large tables have all their rows; return their columns by piece."""
        found = {}
        for name, piece in self.wanted.pieces.items():
            if piece.table is not None and piece.table.name in self.pattern.large:
                columns = self.pattern.large[piece.table.name]
                found[name] = columns
                body = next(segment for segment in piece.rows if segment.key == BODY)
                body.size = max(len(next(iter(columns.values())).values), 1)
        return found

    def _own_names(self) -> set[str]:
        """Return the names that stand for cells of the pieces."""
        areas = [piece.area for piece in self.board.pieces.values()]
        named = {n: a for n, a in self.book.names().items() if n.startswith(OUR_NAMES)}
        return {
            name
            for name, area in named.items()
            if area is not None and any(area.inside(one) for one in areas)
        }

    def _pairs(self) -> Iterator[tuple[Piece, Piece]]:
        """Walk over the pieces that both workbooks have: ours, and the pattern's."""
        for sheet in self.book.sheets():
            for piece in self.board.on(sheet):
                wanted = self.wanted.pieces.get(piece.name)
                if wanted is not None:
                    yield piece, wanted

    def fit(self) -> None:
        """Give every piece the rows and columns that it needs."""
        for piece, wanted in list(self._pairs()):
            if (piece.table is None) != (wanted.table is None):
                raise SourceError(
                    f"{piece.key} on the sheet {piece.sheet} is no Excel table any more: undo "
                    "that, or make the dashboard anew"
                )
            carried, was = self._carry(piece, wanted), size_of(piece)
            empty = holds_nothing(self.book, piece, self.pattern.nothing)
            if carried is not None:
                carried.before_fitting(self.book, piece)
            rows = self.fitter.fit_rows(piece, wanted)
            columns = self.fitter.fit_columns(piece, wanted)
            self._new_rows[piece.name] = {added.key for added in rows}
            if piece.name not in self._large:  # new rows of those are written in a format
                dress_rows(self.book, piece, wanted, rows)
            dress_columns(self.book, piece, wanted, columns, large=piece.name in self._large)
            rule_again(self.book, piece, wanted, was)
            if empty != holds_nothing(self.pattern.book, wanted, self.pattern.nothing):
                dress_body(self.book, piece, wanted)
            if carried is not None:
                carried.after_fitting(self.book, piece)

    def _carry(self, piece: Piece, wanted: Piece) -> Carried | None:
        """Note what of a table's rows is the user's."""
        if piece.table is None or wanted.table is None:
            return None
        inputs = self.pattern.inputs.get(wanted.table.name, frozenset())
        own = {segment.key for segment in wanted.columns} | self.pattern.headers
        kept = [h for h in piece.table.headers if h in inputs or h not in own]
        large = self._large.get(piece.name)
        new = keys_of(self.pattern.book, wanted)
        if large is not None:
            new = [f"{key}" for key in large[wanted.columns[0].key].values]
        carried = carried_rows(self.book, piece, new, kept)
        self._carried[piece.name] = carried
        self.lost += carried.lost(piece.table.name)
        if not carried.stays and self.book.show_all(piece.table.name):
            self.told.append(f"The filter of {piece.table.name} shows all rows: they are others.")
        return carried

    def drop_gone(self) -> None:
        """Take out the pieces that the report no longer has."""
        for piece in [p for n, p in self.board.pieces.items() if n not in self.wanted.pieces]:
            del self.board.pieces[piece.name]
            self.book.define(piece.name, None)
            if piece.table is not None:
                self.book.drop_table(piece.table.name)
            if piece.kind == "chart":
                self.told += hide_chart(self.book, piece)
            area = piece.area
            rows = Area(area.sheet, area.top, 1, area.bottom, 1)
            if self.fitter.flows(piece.sheet) and not self.fitter.beside(rows, area):
                gap = self._gap_above(area)
                self.fitter.put_rows(piece.sheet, area.top - gap, -area.rows - gap)
            else:
                self.book.clear(area)

    def _gap_above(self, area: Area) -> int:
        """Return how many rows that only kept a distance stand above a piece."""
        if area.top <= GAP:
            return 0
        above = Area(area.sheet, area.top - GAP, 1, area.top - 1, LAST_COLUMN)
        taken = any(piece.area.meets(above) for piece in self.board.on(area.sheet))
        return 0 if taken or self.book.occupied(above) else GAP

    def place_new(self) -> None:
        """Make the pieces that the workbook does not have yet."""
        for sheet in self.pattern.book.sheets():
            before: Piece | None = None
            for wanted in self.wanted.on(sheet):
                known = wanted.name in self.board.pieces or wanted.name in self.board.deleted
                if not known and sheet in self._sheets:
                    self._place(wanted, before)
                if wanted.name in self.board.pieces:
                    before = wanted

    def _place(self, wanted: Piece, before: Piece | None) -> None:
        sheet, top = self._sheets[wanted.sheet], wanted.top
        if self.fitter.flows(sheet) and before is not None:
            gap = wanted.top - before.area.bottom - 1
            below = self.board.pieces[before.name].area.bottom + 1
            self.fitter.put_rows(sheet, below, gap + wanted.area.rows)
            top = below + gap
        rows = [Segment(s.key, s.size) for s in wanted.rows]
        columns = [Segment(s.key, s.size) for s in wanted.columns]
        piece = replace(wanted, sheet=sheet, top=top, rows=rows, columns=columns)
        others = [p.area.local for p in self.board.on(sheet) if p.area.meets(piece.area)]
        self.fitter.need(piece.area, others)
        self.board.pieces[piece.name] = piece
        self._new_rows[piece.name] = {segment.key for segment in piece.rows}
        self.book.dress(piece.area, wanted.area)

    def name(self) -> None:
        """Let names and tables stand for the cells that hold their values now."""
        known, fresh = self.book.names(), self.pattern.book.names()
        tables = self.book.tables()
        for piece in self.board.pieces.values():
            wanted = self.wanted.pieces[piece.name]
            if known.get(piece.name) != piece.area:
                self.book.define(piece.name, piece.area, hidden=True)
            if wanted.table is not None:
                table = table_there(piece, wanted.table.name)
                if tables.get(table.name) != table:
                    self.book.reshape(table)
        for name, area in fresh.items():
            there = self._there(area) if name.startswith(OUR_NAMES) and area is not None else None
            if there is not None and known.get(name) != there:
                self.book.define(name, there)
        for name in self._ours - fresh.keys():
            self.book.define(name, None)

    def _there(self, area: Area) -> Area | None:
        return area_there(self.board, self.wanted, area)

    def fill(self) -> None:
        """Write the contents of every piece."""
        for name, piece in self.board.pieces.items():
            carried, new_rows = self._carried.get(name), self._new_rows.get(name, set())
            wanted, large = self.wanted.pieces[name], self._large.get(name)
            fill_piece(self.book, piece, self.pattern.book, wanted, new_rows, large=bool(large))
            if large is not None and wanted.table is not None:
                self.book.write_rows(table_there(piece, wanted.table.name), large)
            if carried is not None:
                carried.fill(self.book, piece)

    def redraw(self) -> None:
        """Let the charts show the cells that hold their values now."""
        self.told += redraw_charts(
            self.book, self.board, self.pattern.book, self.wanted, self._drawn
        )
