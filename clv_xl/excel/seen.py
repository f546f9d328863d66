"""What is seen of a workbook, be it open in Excel or a file: cells, tables, ranges of charts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from clv_xl.workbooks.areas import Area
from clv_xl.workbooks.cells import Cell

Grid: TypeAlias = Sequence[Sequence[Cell]]
"""Cells row by row."""


@dataclass(frozen=True, slots=True)
class TableSeen:
    """An Excel table: where it lies, header and totals included, and its headers."""

    name: str
    area: Area
    headers: tuple[str, ...]
    totals: int = 0

    @property
    def body(self) -> Area:
        """The data rows."""
        rows = self.area.rows - 1 - self.totals
        return self.area.cut(rows=(1, rows))


@dataclass(frozen=True, slots=True)
class SeriesRanges:
    """The ranges of one series of a chart: what it runs along, and its values."""

    categories: Area
    values: Area
