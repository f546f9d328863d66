"""What stands where in the workbench: the functions below each other, each with its result.

Every result is what `clv_xl.excel.cells.call` gives for the very cells that the formula names.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from xlsxwriter.utility import xl_range

from clv_xl.catalogue import CATALOGUE, CatalogueEntry, Category, Gives, find_entry
from clv_xl.errors import ClvError
from clv_xl.excel.cell_results import CellValue
from clv_xl.excel.cells import call, sentence
from clv_xl.excel.workbench.arguments import Argument, Columns, LeftOut, ResultOf, Typed
from clv_xl.excel.workbench.examples import MISTAKE, MISTAKEN, arguments_of
from clv_xl.excel.workbench.shop_tables import Content, ShopTable, shop_tables
from clv_xl.workbooks.sheets import Place

FIRST_COLUMN = 1
"""Where the names of arguments stand and results begin; the values stand in the next column."""
FIRST_ROW = 4
"""The first function of a sheet, below its title."""
_HEADING_ROWS = 3
"""Name, one-line explanation, formula."""
ROOM = 5
"""Empty rows below a result that grows with the orders, so that it can spill."""
_GAP = 2
_STORED_DIGITS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownArgument:
    """One argument of a shown function: where it is typed in or taken from."""

    name: str
    description: str
    given: Argument
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Block:
    """One function on a sheet."""

    entry: CatalogueEntry
    sheet: str
    row: int
    """Of its heading, from 0."""
    arguments: Sequence[ShownArgument]
    formula: str
    result: Sequence[Sequence[CellValue]]
    is_mistake: bool = False

    @property
    def place(self) -> Place:
        """Where the result stands."""
        row = self.row + _HEADING_ROWS + max(len(self.arguments), 1) + 1
        last_column = FIRST_COLUMN + len(self.result[0]) - 1
        return Place(self.sheet, row, FIRST_COLUMN, row + len(self.result) - 1, last_column)

    @property
    def has_header(self) -> bool:
        """Whether the first row of the result names its columns."""
        rows = self.entry.gives is Gives.ROWS and isinstance(self.result[0][0], str)
        return len(self.result) > 1 and (rows or self.entry.gives is Gives.TABLE)

    def argument_row(self, position: int) -> int:
        """Return the row of an argument."""
        return self.row + _HEADING_ROWS + position

    @property
    def next_row(self) -> int:
        """Where the next function may begin."""
        grows = any(isinstance(a.given, Columns | ResultOf) for a in self.arguments)
        room = ROOM if grows and len(self.result) > 1 else _GAP
        return self.place.last_row + room + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench:
    """The whole plan: the tables of the sheet Data, and the functions, sheet by sheet."""

    tables: Sequence[ShopTable]
    blocks: Mapping[str, Sequence[Block]]

    def shown(self) -> Iterator[Block]:
        """Walk over the functions in the order of the catalogue, the wrong call left out."""
        for blocks in self.blocks.values():
            yield from (block for block in blocks if not block.is_mistake)


def plan_workbench() -> Workbench:
    """Return the workbench, every result worked out."""
    layout = _Layout({table.name: table for table in shop_tables()})
    for entry in CATALOGUE:
        if entry.category is Category.HELP and layout.mistake is None:
            layout.add(find_entry(MISTAKE), MISTAKEN, is_mistake=True)
        layout.add(entry, arguments_of(entry))
    return Workbench(tables=tuple(layout.tables.values()), blocks=layout.blocks)


def sheet_of(category: Category) -> str:
    """Return the name of the sheet on which the functions of a category are shown."""
    return category.value.capitalize()


@dataclass(slots=True)
class _Layout:
    """The functions placed so far; a later one may refer to the results of earlier ones."""

    tables: Mapping[str, ShopTable]
    blocks: dict[str, list[Block]] = field(default_factory=dict)
    mistake: Block | None = None

    def add(
        self, entry: CatalogueEntry, given: Mapping[str, Argument], *, is_mistake: bool = False
    ) -> None:
        sheet = sheet_of(Category.HELP if is_mistake else entry.category)
        above = self.blocks.setdefault(sheet, [])
        row = above[-1].next_row if above else FIRST_ROW
        shown = tuple(
            ShownArgument(
                name=p.name,
                description=p.description,
                given=given[p.name],
                reference=self._reference(given[p.name], sheet, row + _HEADING_ROWS + position),
            )
            for position, p in enumerate(entry.parameters)
        )
        values = [self._values(given[p.name]) for p in entry.parameters]
        references = ",".join(argument.reference for argument in shown).rstrip(",")
        block = Block(
            entry=entry,
            sheet=sheet,
            row=row,
            arguments=shown,
            formula=f"{entry.excel_name}({references})",
            result=_refused(entry, values) if is_mistake else _worked_out(entry, values),
            is_mistake=is_mistake,
        )
        above.append(block)
        self.mistake = block if is_mistake else self.mistake

    def _reference(self, given: Argument, sheet: str, row: int) -> str:
        if isinstance(given, LeftOut):
            return ""
        if isinstance(given, Columns):
            return given.reference
        if isinstance(given, Typed):
            return str(xl_range(row, FIRST_COLUMN + 1, row, FIRST_COLUMN + 1))
        place = self._spilled(given)[0]
        if place.sheet != sheet:
            return place.reference
        corners = (place.first_row, place.first_column, place.last_row, place.last_column)
        return str(xl_range(*corners))

    def _values(self, given: Argument) -> object:
        """Return what a host hands over for an argument."""
        if isinstance(given, LeftOut):
            return None
        if isinstance(given, Typed):
            return given.value
        if isinstance(given, ResultOf):
            return self._spilled(given)[1]
        return _table_rows(self.tables[given.table], given)

    def _spilled(self, given: ResultOf) -> tuple[Place, list[list[CellValue]]]:
        block = self._block(given.function)
        place, rows = block.place, [list(row) for row in block.result]
        if not given.column:
            return place, rows
        across = rows[0].index(given.column)
        column = place.first_column + across
        narrow = Place(place.sheet, place.first_row, column, place.last_row, column)
        return narrow, [[row[across]] for row in rows]

    def _block(self, function: str) -> Block:
        if self.mistake is not None and function == MISTAKE:
            return self.mistake
        every = (block for blocks in self.blocks.values() for block in blocks)
        return next(block for block in every if block.entry.excel_name == function)


def _table_rows(table: ShopTable, columns: Columns) -> list[list[Content]]:
    names = list(table.columns)
    first = names.index(columns.first)
    last = names.index(columns.last or columns.first)
    chosen = names[first : last + 1]
    rows = zip(*(table.columns[name] for name in chosen), strict=True)
    head: list[list[Content]] = [[*chosen]] if columns.last else []
    return [*head, *map(list, rows)]


def _worked_out(entry: CatalogueEntry, values: Sequence[object]) -> list[list[CellValue]]:
    answer = call(entry, values)
    rows = answer if isinstance(answer, list) else [[answer]]
    return [list(map(_as_stored, row)) for row in rows]


def _refused(entry: CatalogueEntry, values: Sequence[object]) -> list[list[CellValue]]:
    """Return what the cell of a wrong call shows."""
    try:
        call(entry, values)
    except ClvError as fault:
        return [[sentence(fault)]]
    raise AssertionError(f"{entry.excel_name} takes what it is to refuse")


def _as_stored(value: CellValue) -> CellValue:
    """Return a number with the digits that a file holds, since later functions take it from there.

    Examples
    --------
    >>> _as_stored(0.1 + 0.2)
    0.3
    """
    return float(f"{value:.{_STORED_DIGITS}G}") if type(value) is float else value
