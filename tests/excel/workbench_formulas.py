"""The formulas of a workbench as a file holds them: their arguments, and what they fill."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from openpyxl.utils.datetime import to_excel
from openpyxl.workbook import Workbook
from openpyxl.worksheet.formula import ArrayFormula

from tests.proof.office import opened
from tests.proof.package import Area

_CALL = re.compile(r"=?(CLV_[A-Z_]+)\((.*)\)", re.DOTALL)
_OTHER_SHEET = re.compile(r"'((?:[^']|'')+)'!(.+)")
_TABLE = re.compile(r"(\w+)\[(.+)\]")
_COLUMNS = re.compile(r"\[#All\],\[([^]]+)\]:\[([^]]+)\]")


@dataclass(frozen=True)
class Shown:
    """One formula of ours: where it stands, what it calls, what it fills."""

    sheet: str
    address: str
    formula: str
    area: Area

    @property
    def function(self) -> str:
        return self._call[1]

    @property
    def arguments(self) -> list[str]:
        return split(self._call[2])

    @property
    def _call(self) -> re.Match[str]:
        call = _CALL.fullmatch(self.formula)
        assert call, self.formula
        return call


class Workbench:
    """A workbench read back from its file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.formulas: Workbook = opened(path)
        self.values: Workbook = opened(path, values=True)

    @cached_property
    def shown(self) -> list[Shown]:
        """Our formulas, sheet by sheet and from top to bottom."""
        return list(self._shown())

    def _shown(self) -> Iterator[Shown]:
        for sheet in self.formulas.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, ArrayFormula) and "CLV_" in str(cell.value.text):
                        area = Area.parsed(cell.value.ref)
                        assert area is not None
                        yield Shown(sheet.title, cell.coordinate, str(cell.value.text), area)

    def result(self, shown: Shown) -> list[list[object]]:
        """Return the stored values of all cells that a formula fills."""
        return self._cells(shown.sheet, shown.area)

    def given(self, reference: str, sheet: str) -> Any:  # noqa: ANN401 - cells of any kind
        """Return what the cells that an argument names hold: one value, or rows of them."""
        if table := _TABLE.fullmatch(reference):
            return self._columns(table[1], table[2])
        if other := _OTHER_SHEET.fullmatch(reference):
            sheet, reference = other[1].replace("''", "'"), other[2]
        area = Area.parsed(reference)
        assert area is not None, reference
        rows = self._cells(sheet, area)
        return rows if ":" in reference else rows[0][0]

    def _columns(self, name: str, inside: str) -> list[list[object]]:
        sheet, table = next(
            (sheet, sheet.tables[name])
            for sheet in self.formulas.worksheets
            if name in sheet.tables
        )
        whole = Area.parsed(table.ref)
        assert whole is not None
        headers = [column.name for column in table.tableColumns]
        several = _COLUMNS.fullmatch(inside)
        first, last = (several[1], several[2]) if several else (inside, inside)
        left, right = (whole.left + headers.index(name) for name in (first, last))
        area = Area(left, whole.top if several else whole.top + 1, right, whole.bottom)
        return self._cells(sheet.title, area)

    def _cells(self, sheet: str, area: Area) -> list[list[object]]:
        rows = self.values[sheet].iter_rows(
            min_row=area.top, max_row=area.bottom, min_col=area.left, max_col=area.right
        )
        return [[_held(cell) for cell in row] for row in rows]


def split(text: str) -> list[str]:
    """Return arguments apart: commas in brackets or quotes part none."""
    parts, depth, quoted = [""], 0, False
    for character in text:
        quoted ^= character == "'"
        depth += (character == "[") - (character == "]")
        if character == "," and not depth and not quoted:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts] if text.strip() else []


def _held(cell: Any) -> Any:  # noqa: ANN401
    """Return what a host hands over for a cell: days as numbers."""
    if not (cell.is_date and cell.value):
        return cell.value
    return float(to_excel(cell.value))  # type: ignore[no-untyped-call]
