"""Blocks of cells on a sheet in memory: the arguments of an example, written side by side."""

from collections.abc import Sequence
from typing import Any

from pyopenvba.interpreter import MISSING

from tests.excel.addin.memory_excel import MemoryExcel


def on_the_sheet(
    excel: MemoryExcel, given: Sequence[Any], *, whole_columns: bool = False
) -> list[object]:
    """Write the ranges among some arguments side by side, and return all as VBA has them."""
    arguments: list[object] = []
    column = 1
    for value in given:
        if not is_range(value):
            arguments.append(MISSING if value is None else value)
            continue
        block = rows(value)
        for r, cells in enumerate(block, start=1):
            for c, content in enumerate(cells, start=column):
                excel.put(r, c, content)
        first, last = letter(column), letter(column + len(block[0]) - 1)
        address = f"{first}:{last}" if whole_columns else f"{first}1:{last}{len(block)}"
        arguments.append(excel.range(address))
        column += len(block[0]) + 1
    return arguments


def letter(column: int) -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[column - 1]


def is_range(value: object) -> bool:
    return isinstance(value, list | tuple)


def rows(value: Sequence[Any]) -> list[list[Any]]:
    return [list(row) if is_range(row) else [row] for row in value]
