"""A report in the making: figures, tables and matrices that formulas can refer to.

Nothing here knows a cell address. Formulas name figures (``out_clv``), table columns
(``Segments[Revenue]``) and matrices (``data_cohort_active``), so a layout may move them freely.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from clv_xl.arrays import checked
from clv_xl.errors import InvalidArgumentError
from clv_xl.reports.assumptions import Entered
from clv_xl.reports.live import BLANK, Live
from clv_xl.reports.report import (
    Allowed,
    Card,
    Chart,
    Column,
    Content,
    Figure,
    Format,
    Lines,
    Matrix,
    Origin,
    Table,
)
from clv_xl.reports.texts import Texts

MOST_LABELS = 10


@dataclass(slots=True)
class Plan:
    """Collects what a report will say; `texts` has every label in the reader's language.

    `entered` is what a reader typed into the inputs of an earlier workbook: it stays.
    """

    texts: Texts
    entered: Mapping[str, Entered] = field(default_factory=dict)
    figures: dict[str, Figure] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    matrices: dict[str, Matrix] = field(default_factory=dict)
    cards: dict[str, Card] = field(default_factory=dict)
    charts: dict[str, Chart] = field(default_factory=dict)
    lines: dict[str, Lines] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)

    def ref(self, name: str) -> Live:
        """Return a figure as other formulas see it."""
        figure = self.figures[name]
        if figure.value is None:
            return Live(name, 0.0 if figure.blank_is_zero else BLANK)
        return Live(name, figure.value)

    def fact(self, name: str, value: Content, shown_as: Format) -> Live:
        """Add a constant taken from the orders."""
        return self._figure(name, value, shown_as, Origin.FACT)

    def derive(self, name: str, content: Live, shown_as: Format) -> Live:
        """Add a figure that follows from others by a formula."""
        return self._figure(name, content, shown_as, Origin.DERIVED)

    def setting(self, name: str, value: Content, shown_as: Format, source: str = "") -> Live:
        """Add what the computation used and only a new computation can change."""
        return self._figure(name, value, shown_as, Origin.NEEDS_REFRESH, source=source)

    def input(
        self, name: str, value: Content, shown_as: Format, allowed: Allowed, source: str = ""
    ) -> Live:
        """Add a cell for the reader to change; everything derived follows.

        What was entered before stands in it; where that is nothing, a cell that has a default
        counts as 0, as a spreadsheet takes it.
        """
        needed = value is not None
        if name in self.entered:
            value = self._entered(name, allowed, needed=needed)
        return self._figure(
            name,
            value,
            shown_as,
            Origin.INPUT,
            source=source,
            allowed=allowed,
            blank_is_zero=needed,
        )

    def _entered(self, name: str, allowed: Allowed, *, needed: bool) -> Content:
        typed = self.entered[name]
        if isinstance(typed, tuple):
            raise InvalidArgumentError(name, "several values", "one value")
        if typed is not None or needed:
            number = 0.0 if typed is None else typed
            checked(name, number, at_least=allowed.at_least, at_most=allowed.at_most)
            if allowed.whole and float(number) % 1:
                raise InvalidArgumentError(name, typed, "a whole number")
            if allowed.whole and typed is not None:
                return int(typed)
        return typed

    def heads(self, name: str, usual: Sequence[float]) -> list[float | None]:
        """Return the numbers at the head of a matrix, as entered before, else the usual ones."""
        typed = self.entered.get(name, tuple(usual))
        if not isinstance(typed, tuple) or len(typed) != len(usual):
            raise InvalidArgumentError(name, typed, f"{len(usual)} numbers")
        checked(name, [0.0 if head is None else head for head in typed])
        return [None if head is None else float(head) for head in typed]

    def _figure(
        self,
        name: str,
        content: Content,
        shown_as: Format,
        origin: Origin,
        *,
        source: str = "",
        allowed: Allowed | None = None,
        blank_is_zero: bool = False,
    ) -> Live:
        if name in self.figures:
            raise KeyError(f"figure {name} stands in the plan already")
        self.figures[name] = Figure(
            name=name,
            content=None if isinstance(content, str) and content == BLANK else content,
            shown_as=shown_as,
            origin=origin,
            label=self.texts.say(f"figure.{name}.label"),
            unit=self.texts.get(f"figure.{name}.unit"),
            source=source,
            allowed=allowed,
            blank_is_zero=blank_is_zero,
        )
        return self.ref(name)

    def table(
        self,
        name: str,
        *columns: Column,
        total_label: str | None = None,
        filtered: bool = False,
        feet: tuple[Content, ...] = (),
    ) -> None:
        """Add an Excel table; its feet are lines of text below it."""
        self.tables[name] = Table(
            name=name, columns=columns, total_label=total_label, filtered=filtered, feet=feet
        )

    def data(
        self, key: str, values: Any, shown_as: Format, *, total: Content = None, header: str = ""
    ) -> Column:
        """Return a column of constants."""
        return Column(
            key=key,
            header=header or self.texts.say(f"column.{key}"),
            values=np.asarray(values),
            shown_as=shown_as,
            total=total,
        )

    def formula(
        self,
        key: str,
        content: Live,
        shown_as: Format,
        *,
        total: Content = None,
        rows: int | None = None,
    ) -> Column:
        """Return a column that one formula fills; `rows` keeps it one where all of it is blank."""
        values = np.asarray(content.value)
        if not values.ndim:
            values = np.full(rows or 1, np.nan if content.value == BLANK else content.value)
        return Column(
            key=key,
            header=self.texts.say(f"column.{key}"),
            values=values,
            shown_as=shown_as,
            formula=content.formula,
            total=total,
        )

    def whole(self, table: str, column: Column) -> Live:
        """Return a column as a formula elsewhere sees it: all data rows."""
        return Live(f"{table}[{_escaped(column.header)}]", column.values)

    def here(self, table: str, column: Column) -> Live:
        """Return a column as a formula in the same row sees it."""
        return Live(f"{table}[[#This Row],[{_escaped(column.header)}]]", column.values)

    def of(self, table: str, key: str) -> Live:
        """Return a column of a finished table, all data rows."""
        return self.whole(table, self.tables[table].column(key))

    def matrix(self, name: str, cells: Sequence[Sequence[Content]], **heads: Any) -> None:
        """Add a matrix; its cells can be referred to by `live.entry`."""
        self.matrices[name] = Matrix(name=name, cells=cells, **heads)

    def note(self, key: str, text: str, **values: object) -> str:
        """Say why a figure is undefined or must be read with care."""
        self.notes[key] = self.texts.say(text, **values)
        return self.notes[key]


def _escaped(header: str) -> str:
    """Return a header as a structured reference spells it."""
    return "".join(f"'{sign}" if sign in "[]#'@" else sign for sign in header)


def label_step(points: int) -> int:
    """Return every how many points along an axis have a label, so that there are ten at most.

    Examples
    --------
    >>> label_step(9), label_step(61)
    (1, 12)
    """
    steps = (1, 2, 3, 4, 6, 12, 24)
    return next((step for step in steps if points <= MOST_LABELS * step), steps[-1])


def constants(values: Any) -> list[list[Content]]:
    """Return an array as rows of cells, NaN as empty cells."""
    rows = np.asarray(values, dtype=np.float64).tolist()
    return [[None if np.isnan(value) else value for value in row] for row in rows]
