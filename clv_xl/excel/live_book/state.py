"""A workbook in Excel as it was before a change: formulas, values, names and tables."""

from contextlib import suppress
from typing import Any

from clv_xl.errors import ClvError, SourceError, listed
from clv_xl.excel.live_book.cells import contents, held
from clv_xl.excel.live_book.objects import define, drop_table, names_in, reshape, tables_in
from clv_xl.excel.seen import Grid
from clv_xl.workbooks.areas import Area


class State:
    """What is noted of a workbook before it is changed.

    Parameters
    ----------
    book
        The workbook as xlwings knows it.
    """

    def __init__(self, book: Any) -> None:
        """Read every sheet once."""
        self._book = book
        self._names = names_in(book)
        self._tables = tables_in(book)
        self._cells = {str(sheet.name): _cells(sheet) for sheet in book.sheets}

    def restore(self) -> None:
        """Put names, tables and the contents of cells back, as far as Excel lets us."""
        now = names_in(self._book)
        for name in now.keys() - self._names.keys():
            with suppress(Exception):
                define(self._book, name, None)
        for name, area in self._names.items():
            if area is not None and now.get(name) != area:
                with suppress(Exception):
                    define(self._book, name, area)
        for made in tables_in(self._book).keys() - self._tables.keys():
            with suppress(Exception):
                drop_table(self._book, made)
        for table in self._tables.values():
            with suppress(Exception):
                reshape(self._book, table)
        for sheet, (area, cells) in self._cells.items():
            with suppress(Exception):
                _fill(self._book.sheets[sheet], area, cells)


def refuse_protected(book: Any, fault: BaseException) -> None:
    """Say of a change that Excel refused which sheets are protected, if any are."""
    sheets = [str(sheet.name) for sheet in book.sheets if _is_protected(sheet)]
    if sheets and not isinstance(fault, ClvError):
        raise SourceError(
            f"Excel refuses to change {book.name}, where {listed(sheets, 3)} may be in the way: "
            "take the protection of these sheets off, and try again"
        ) from fault


def _is_protected(sheet: Any) -> bool:
    return getattr(sheet.api, "ProtectContents", False) is True  # on a Mac it is not known


def _cells(sheet: Any) -> tuple[Area, Grid]:
    used = sheet.used_range
    area = Area.parsed(str(used.address), str(sheet.name)) or Area(str(sheet.name), 1, 1, 1, 1)
    return area, held(used)


def _fill(sheet: Any, area: Area, cells: Grid) -> None:
    """Write the rows that differ from what was noted, and empty those that were not there."""
    now, there_now = _cells(sheet)
    known = dict(zip(range(now.top, now.bottom + 1), there_now, strict=True))
    alike = (now.left, now.right) == (area.left, area.right)
    for number, row in enumerate(cells, start=area.top):
        there = known.pop(number, None) if alike else None
        if there is None or not all(was.same(one) for was, one in zip(there, row, strict=True)):
            line = sheet.range((number, area.left), (number, area.right))
            written = contents([row])
            line.formula = written[0][0] if area.columns == 1 else written
    for number in known:
        if not area.top <= number <= area.bottom:
            sheet.range((number, now.left), (number, now.right)).clear_contents()
