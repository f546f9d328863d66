"""Workbooks of our formulas with the values that Python gives, for LibreOffice to work out anew."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

import xlsxwriter
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from clv_xl.catalogue import CatalogueEntry
from clv_xl.excel.cells import Answer
from tests.proof import office
from tests.proof.office import Program

Rows: TypeAlias = "list[list[Any]]"
NOT_FILLED = "#N/A"
"""What an array formula shows in the cells that its result does not reach."""


@dataclass(frozen=True, slots=True)
class Placed:
    """An argument as a formula names it, and what it holds; one cell is no list."""

    text: str
    value: Any


def rows_of(value: Any) -> Rows:  # noqa: ANN401 - an argument of an example
    """Return a value, a column or rows as rows of cells."""
    if not isinstance(value, list | tuple):
        return [[value]]
    return [list(row) if isinstance(row, list | tuple) else [row] for row in value]


def place(sheet: Worksheet, column: int, value: Any) -> Placed:  # noqa: ANN401
    """Write a value, a column or rows into the top of a sheet, from a column on."""
    rows = rows_of(value)
    for number, row in enumerate(rows):
        sheet.write_row(number, column, row)
    if not isinstance(value, list | tuple):
        return Placed(f"{sheet.get_name()}!{xl_rowcol_to_cell(0, column)}", value)
    where = xl_range(0, column, len(rows) - 1, column + len(rows[0]) - 1)
    return Placed(f"{sheet.get_name()}!{where}", rows)


def place_examples(
    sheet: Worksheet, catalogue: Iterable[CatalogueEntry]
) -> list[tuple[CatalogueEntry, list[Placed | None]]]:
    """Write the arguments of all examples side by side; None where one is left out."""
    column, placed = 0, []
    for entry in catalogue:
        arguments: list[Placed | None] = []
        for parameter in entry.parameters:
            value = entry.example_arguments.get(parameter.name)
            arguments.append(None if value is None else place(sheet, column, value))
            column += 0 if value is None else len(rows_of(value)[0])
        placed.append((entry, arguments))
    return placed


def formula(entry: CatalogueEntry, arguments: Sequence[Placed | None]) -> str:
    """Return the formula that calls a function, arguments left out at the end or between."""
    texts = ["" if argument is None else argument.text for argument in arguments]
    while texts and not texts[-1]:
        texts.pop()
    return f"={entry.excel_name}({','.join(texts)})"


def write_answer(sheet: Worksheet, row: int, text: str, answer: Answer) -> int:
    """Write a formula with the values it has, a table as an array, and return the row below."""
    if not isinstance(answer, list):
        sheet.write_formula(row, 0, text, None, answer)
        return row + 1
    below, width = row + len(answer), len(answer[0])
    sheet.write_dynamic_array_formula(row, 0, below - 1, width - 1, text, None, answer[0][0])
    for number, cell in list(enumerate(chain(*answer)))[1:]:  # the formula's own is there
        down, across = divmod(number, width)
        # A plain `write` would leave out an empty text, and the value in the file be 0.
        write = sheet.write_string if isinstance(cell, str) else sheet.write
        write(row + down, across, cell)
    return below


def spread(answer: Answer, height: int, width: int) -> Rows:
    """Return the cells of an array formula of a size: one value, row or column fills all of it."""
    rows = answer if isinstance(answer, list) else [[answer]]
    rows = rows * height if len(rows) == 1 else rows + [[NOT_FILLED] * width] * height
    wide = [row * width if len(row) == 1 else row + [NOT_FILLED] * width for row in rows]
    return [row[:width] for row in wide[:height]]


class Cases:
    """Formulas one below the other, each with the cells that it must show in LibreOffice."""

    def __init__(self, path: Path, height: int = 1, width: int = 1, **options: object) -> None:
        """Begin a workbook; each formula fills cells of that height and width."""
        self.path = path
        self.book = xlsxwriter.Workbook(path, options)
        self.sheet = self.book.add_worksheet("Cases")
        self.inputs = self.book.add_worksheet("Inputs")
        self.height, self.width = height, width
        self.expected: list[tuple[str, Rows]] = []

    def add(self, text: str, answer: Answer) -> None:
        """Add a formula, and what Python gives for it."""
        row = len(self.expected) * self.height
        if (self.height, self.width) == (1, 1):
            self.sheet.write_formula(row, 0, text)
        else:
            below, right = row + self.height - 1, self.width - 1
            self.sheet.write_array_formula(row, 0, below, right, text)
        self.expected.append((text, spread(answer, self.height, self.width)))

    def wrong(self, program: Program) -> list[str]:
        """Return what LibreOffice shows differently."""
        self.book.close()
        sheet = office.recalculated(self.path, program)["Cases"]
        found = []
        for number, (text, expected) in enumerate(self.expected):
            first = number * self.height + 1
            block = sheet.iter_rows(first, first + self.height - 1, 1, self.width, values_only=True)
            shown = [list(row) for row in block]
            if not all(map(office.same, chain(*shown), chain(*expected))):
                found.append(f"{text}: {shown} instead of {expected}")
        return found
