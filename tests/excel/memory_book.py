"""A workbook in memory with as much of xlwings' object model as the scripts of Lite use."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


class MemoryRange:
    """Some cells of a sheet; values go in and come out as rows."""

    def __init__(self, sheet: "MemorySheet", top: int, left: int, bottom: int, right: int) -> None:
        self.sheet = sheet
        self.corners = (top, left, bottom, right)
        self.asked: dict[str, object] = {}

    def options(self, **asked: object) -> "MemoryRange":
        self.asked = asked
        return self

    @property
    def value(self) -> list[list[Any]]:
        assert self.asked == {"ndim": 2, "err_to_str": True}, "other values come in other shapes"
        top, left, bottom, right = self.corners
        cells = self.sheet.cells
        return [
            [cells.get((row, column)) for column in range(left, right + 1)]
            for row in range(top, bottom + 1)
        ]

    @value.setter
    def value(self, rows: list[list[Any]]) -> None:
        top, left, bottom, right = self.corners
        assert len(rows) == bottom - top + 1
        for row, line in enumerate(rows, start=top):
            assert len(line) == right - left + 1
            for column, cell in enumerate(line, start=left):
                self.sheet.put(row, column, cell)


@dataclass
class MemoryTable:
    name: str
    range: MemoryRange


@dataclass
class MemorySheet:
    name: str
    book: "MemoryBook"
    cells: dict[tuple[int, int], Any] = field(default_factory=dict)
    tables: list[MemoryTable] = field(default_factory=list)

    def put(self, row: int, column: int, cell: object) -> None:
        """Take a value as Excel does: a text that begins like a formula is one."""
        assert cell is None or isinstance(cell, str | int | float), cell
        assert not (isinstance(cell, str) and cell[:1] in set("=+-@")), f"a formula: {cell}"
        plain = cell[1:] if isinstance(cell, str) and cell.startswith("'") else cell
        self.cells.pop((row, column), None)
        if plain is not None:
            self.cells[row, column] = plain

    def range(self, first: tuple[int, int], last: tuple[int, int]) -> MemoryRange:
        return MemoryRange(self, *first, *last)

    @property
    def used_range(self) -> MemoryRange:
        rows, columns = zip(*(self.cells or {(1, 1): None}), strict=True)
        return MemoryRange(self, 1, 1, max(rows), max(columns))

    def clear(self) -> None:
        self.cells.clear()

    def activate(self) -> None:
        self.book.sheets.active = self

    def rows(self) -> list[list[Any]]:
        return self.used_range.options(ndim=2, err_to_str=True).value

    def add_table(self, name: str, rows: list[list[Any]], *, at: tuple[int, int] = (1, 1)) -> None:
        last = (at[0] + len(rows) - 1, at[1] + len(rows[0]) - 1)
        area = self.range(at, last)
        area.value = rows
        self.tables.append(MemoryTable(name, area))


class MemorySheets:
    def __init__(self, book: "MemoryBook", names: tuple[str, ...]) -> None:
        self.every = [MemorySheet(name, book) for name in names]
        self.active = self.every[0]

    def __iter__(self) -> Iterator[MemorySheet]:
        return iter(self.every)

    def __len__(self) -> int:
        return len(self.every)

    def __getitem__(self, key: int | str) -> MemorySheet:
        if isinstance(key, int):
            return self.every[key]
        return next(sheet for sheet in self.every if sheet.name == key)

    def add(self, name: str, after: MemorySheet) -> MemorySheet:
        sheet = MemorySheet(name, after.book)
        self.every.insert(self.every.index(after) + 1, sheet)
        return sheet


class MemoryBook:
    """The workbook; it is its own application, which tells the user what is to be told."""

    def __init__(self, *names: str) -> None:
        self.name = "Shop.xlsx"
        self.sheets = MemorySheets(self, names or ("Sheet1",))
        self.told: list[str] = []
        self.app = self

    def alert(self, prompt: str, title: str) -> None:
        assert title == "clv_xl"
        self.told.append(prompt)
