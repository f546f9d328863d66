"""The pieces of a dashboard: blocks of cells that a refresh rewrites, found wherever they stand.

The writer gives every piece a hidden name, and a spreadsheet program moves names with their cells:
so a piece is found after a user has put in rows, renamed its sheet or moved it. Figures, matrices
and tables have names of their own besides, which tell the rows and columns within a piece.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from clv_xl.excel.book import Book
from clv_xl.excel.seen import TableSeen
from clv_xl.workbooks.areas import Area
from clv_xl.workbooks.sheets import PIECE_MARK

OUR_NAMES = ("in_", "out_", "calc_", "data_", "fact_", "prev_", "src_")
"""How the names of figures and matrices begin."""
Side: TypeAlias = Literal["rows", "columns"]
BODY, LINES, CELLS, AFTER = "<body>", "<lines>", "<cells>", "<after>"
"""Parts of a piece that have as many rows or columns as there are data."""


@dataclass(slots=True)
class Segment:
    """Rows or columns of a piece that belong together: their key and their number."""

    key: str
    size: int


@dataclass(slots=True, kw_only=True)
class Piece:
    """One piece: what it is, where it begins, and the parts that its rows and columns fall into."""

    name: str
    kind: str
    key: str
    sheet: str
    top: int
    left: int
    rows: list[Segment]
    columns: list[Segment]
    table: TableSeen | None = None

    @property
    def area(self) -> Area:
        """All cells of the piece."""
        height, width = (sum(s.size for s in side) for side in (self.rows, self.columns))
        return Area(self.sheet, self.top, self.left, self.top + height - 1, self.left + width - 1)

    def offset(self, side: Side, key: str) -> int | None:
        """Return how many rows or columns stand before a part, None where there is no such part."""
        before = 0
        for segment in self.rows if side == "rows" else self.columns:
            if segment.key == key:
                return before
            before += segment.size
        return None

    def row_of(self, key: str) -> int | None:
        """Return the first row of a part, None where the piece has no such part."""
        offset = self.offset("rows", key)
        return None if offset is None else self.top + offset

    def column_of(self, key: str) -> int | None:
        """Return the first column of a part."""
        offset = self.offset("columns", key)
        return None if offset is None else self.left + offset

    def part(self, row: Segment, column: Segment) -> Area:
        """Return the cells where a part of the rows meets one of the columns."""
        top, left = self.row_of(row.key), self.column_of(column.key)
        if top is None or left is None:
            raise KeyError(f"{self.name} has no part {row.key}, {column.key}")
        return Area(self.sheet, top, left, top + row.size - 1, left + column.size - 1)


@dataclass(slots=True)
class Board:
    """Every piece of a workbook, by name, and the pieces that a user has deleted."""

    pieces: dict[str, Piece]
    deleted: set[str] = field(default_factory=set)

    def on(self, sheet: str) -> list[Piece]:
        """Return the pieces of a sheet from top to bottom."""
        found = [piece for piece in self.pieces.values() if piece.sheet == sheet]
        return sorted(found, key=lambda piece: (piece.top, piece.left))

    def flows(self, sheet: str) -> bool:
        """Return whether the pieces of a sheet stand below each other, none beside another."""
        bottom = 0
        for piece in self.on(sheet):
            if piece.area.top <= bottom:
                return False
            bottom = piece.area.bottom
        return True


def board_of(book: Book) -> Board:
    """Return the pieces of a workbook."""
    names = book.names()
    tables = {(t.area.sheet, t.area.top, t.area.left): t for t in book.tables().values()}
    figures = _figures(names)
    pieces, deleted = {}, set()
    for name, area in names.items():
        if not name.startswith(PIECE_MARK):
            continue
        if area is None:
            deleted.add(name)
            continue
        kind, _, key = name.removeprefix(PIECE_MARK).partition("_")
        table = tables.get((area.sheet, area.top, area.left)) if kind == "table" else None
        rows, columns = [Segment("all", area.rows)], [Segment("all", area.columns)]
        if table is not None:
            rows, columns = _of_table(area, table)
        elif kind == "matrix":
            rows, columns = _of_matrix(book, area, names.get(key))
        elif kind == "figures":
            rows = [Segment("head", 1), *_of_figures(area, figures)]
        elif kind == "lines":
            rows = [Segment(LINES, area.rows)]
        pieces[name] = Piece(
            name=name, kind=kind, key=key, sheet=area.sheet, top=area.top, left=area.left,
            rows=rows, columns=columns, table=table,
        )  # fmt: skip
    return Board(pieces, deleted)


def _figures(names: Mapping[str, Area | None]) -> dict[tuple[str, int, int], str]:
    """Return the names of figures by the cell in which each stands."""
    ours = {n: a for n, a in names.items() if n.startswith(OUR_NAMES) and a is not None}
    return {(a.sheet, a.top, a.left): n for n, a in ours.items() if a.rows == a.columns == 1}


def _of_table(area: Area, table: TableSeen) -> tuple[list[Segment], list[Segment]]:
    rows = [Segment("head", 1), Segment(BODY, table.body.rows)]
    if table.totals:
        rows.append(Segment("totals", table.totals))
    after = area.bottom - table.area.bottom
    if after > 0:
        rows.append(Segment(AFTER, after))
    return rows, [Segment(header, 1) for header in table.headers]


def _of_matrix(book: Book, area: Area, cells: Area | None) -> tuple[list[Segment], list[Segment]]:
    """Return the parts of a matrix, whose cells have no name where there are none."""
    last = area.right if cells is None else cells.left - 1
    columns = [Segment("corner", 1)]
    if last > area.left:
        heads = book.read(Area(area.sheet, area.top, area.left + 1, area.top, last))[0]
        columns += [Segment(f"lead {head.value}", 1) for head in heads]
    columns.append(Segment(CELLS, 0 if cells is None else cells.columns))
    return [Segment("head", 1), Segment(BODY, area.rows - 1)], columns


def _of_figures(area: Area, figures: Mapping[tuple[str, int, int], str]) -> Iterator[Segment]:
    for row in range(area.top + 1, area.bottom + 1):
        name = figures.get((area.sheet, row, area.left + 1))
        yield Segment(name or f"row {row}", 1)
