"""What a report says, before any workbook is written.

A `Report` is frozen and holds no position: figures with names, tables with columns, matrices with
rows and columns, lines of text, charts. A layout decides what stands where; the writer nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeAlias

from numpy.typing import NDArray

from clv_xl.reports.live import BLANK, Live

Content: TypeAlias = "Live | float | int | str | bool | date | datetime | None"


class Format(StrEnum):
    """How a value is shown."""

    TEXT = "text"
    COUNT = "count"
    MONEY = "money"
    MONEY_WHOLE = "money_whole"
    MONEY_SHORT = "money_short"
    MONEY_EXACT = "money_exact"
    RATE = "rate"
    SHARE = "share"
    POINTS = "points"
    CHANGE = "change"
    RATIO = "ratio"
    NUMBER = "number"
    PARAMETER = "parameter"
    MONTHS = "months"
    DATE = "date"
    MOMENT = "moment"


class Line(StrEnum):
    """How a line of a chart is drawn: what is seen, what is expected, and how sure that is."""

    SOLID = "solid"
    DASHED = "dashed"
    BAND = "band"


class Origin(StrEnum):
    """Where a figure comes from: it decides its colour, and whether a reader may change it."""

    INPUT = "input"
    NEEDS_REFRESH = "needs_refresh"
    FACT = "fact"
    DERIVED = "derived"


@dataclass(frozen=True, slots=True)
class Allowed:
    """The values an input cell accepts; a bound may be absent, a choice excludes bounds."""

    at_least: float | None = None
    at_most: float | None = None
    choices: tuple[str, ...] = ()
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One named value.

    Parameters
    ----------
    name
        Defined name in the workbook, such as ``out_clv``.
    content
        A constant or a formula.
    shown_as
        Number format.
    origin
        Input, fact or derived.
    label
        What it is, in a few words.
    unit
        Unit, basis, horizon, discounting or timing: what keeps the number from being misread.
    source
        Where an input comes from.
    allowed
        Bounds of an input.
    blank_is_zero
        Whether formulas take the cell for 0 where it is left blank.
    """

    name: str
    content: Content
    shown_as: Format
    origin: Origin
    label: str
    unit: str = ""
    source: str = ""
    allowed: Allowed | None = None
    blank_is_zero: bool = False

    @property
    def value(self) -> Any:
        """Return the value now; a blank is None."""
        value = self.content.value if isinstance(self.content, Live) else self.content
        return None if isinstance(value, str) and value == BLANK else value


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Column:
    """A column of a table: constants, or one formula for every row.

    Parameters
    ----------
    key
        The column's name in the code and the JSON file.
    header
        The column's name in the workbook.
    values
        One value a row; NaN, NaT, None and "" are blanks.
    shown_as
        Number format.
    formula
        Formula of every row, where the column is derived.
    total
        What the total row holds.
    is_input
        Whether the column is for the reader to fill in.
    wrapped
        Whether long texts break into lines.
    """

    key: str
    header: str
    values: NDArray[Any]
    shown_as: Format
    formula: str | None = None
    total: Content = None
    is_input: bool = False
    wrapped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """An Excel table: unique headers, one kind of value a column, filter buttons on long ones."""

    name: str
    columns: tuple[Column, ...]
    total_label: str | None = None
    filtered: bool = False
    feet: tuple[Content, ...] = ()

    @property
    def rows(self) -> int:
        """Number of data rows."""
        return len(self.columns[0].values)

    def column(self, key: str) -> Column:
        """Return a column by its key."""
        return next(column for column in self.columns if column.key == key)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lead:
    """A column that leads a matrix: its own head, cells and number format."""

    head: str
    cells: Sequence[Content]
    shown_as: Format


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Matrix:
    """A block of equal cells with a head of rows and a head of columns.

    Parameters
    ----------
    name
        Defined name of the cells without the heads.
    row_heads, column_heads
        Texts or numbers beside and above the cells.
    cells
        Constants (NaN is an empty cell) or formulas, row by row.
    corner
        Text above the row heads.
    shown_as
        Number format of the cells.
    shade, shade_from
        Whether the cells form a heat map, and from which column on.
    head_shown_as, side_shown_as
        Number formats of the heads.
    lead
        Columns between the row heads and the cells, such as the size of a cohort.
    outline_at_least
        Name of the figure that a cell must reach to be framed.
    live_heads
        Whether the heads are inputs that the cells follow.
    """

    name: str
    row_heads: Sequence[Content]
    column_heads: Sequence[Content]
    cells: Sequence[Sequence[Content]]
    corner: str
    shown_as: Format
    shade: bool = False
    shade_from: int = 0
    head_shown_as: Format = Format.TEXT
    lead: tuple[Lead, ...] = ()
    side_shown_as: Format = Format.TEXT
    outline_at_least: str | None = None
    live_heads: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A figure on the dashboard, with its change and what it rests on."""

    key: str
    title: Content
    value: Content
    shown_as: Format
    change: Content
    foot: Content
    tone: Content = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A line or a row of bars: ranges are table columns, all rows of them or the first few."""

    title: str
    values: str
    categories: str
    rows: int | None = None
    line: Line = Line.SOLID


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart, its series by reference, and a sentence for those who cannot see it.

    `x_every` labels every so many points; without it, and without `y_most`, the end of the y axis,
    the program chooses.
    """

    key: str
    kind: str
    title: str
    series: tuple[Series, ...]
    x_title: str
    y_title: str
    y_format: Format
    x_format: Format = Format.COUNT
    x_every: int | None = None
    y_most: float | None = None
    alt_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Sentences below each other."""

    key: str
    lines: tuple[Content, ...]
    heading: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Report:
    """Everything a workbook will show, decided."""

    title: Content
    cover: Content
    figures: Mapping[str, Figure]
    tables: Mapping[str, Table]
    matrices: Mapping[str, Matrix]
    cards: Mapping[str, Card]
    charts: Mapping[str, Chart]
    lines: Mapping[str, Lines]
    notes: Mapping[str, str]
    record: Mapping[str, Any]
    properties: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def value(self, name: str) -> Any:
        """Return a figure's value now, None where it is undefined."""
        return self.figures[name].value
