"""What a user had entered in rows that a table no longer has: listed on a sheet, never lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from clv_xl.excel.book import Book
from clv_xl.reports.texts import Texts
from clv_xl.workbooks.areas import LAST_ROW, Area
from clv_xl.workbooks.cells import Cell

_WIDTHS = (12, 18, 24, 24, 60)
_HEADS = ("kept.when", "kept.table", "kept.row", "kept.column", "kept.entry")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: the table, what stood in its row's first column, the column, what was entered."""

    table: str
    row: str
    column: str
    cell: Cell


def keep_entries(book: Book, entries: Sequence[Entry], now: datetime, texts: Texts) -> str:
    """List entries below those of earlier times, and return the name of the sheet.

    Parameters
    ----------
    book
        The workbook, open for changes.
    entries
        What to list; nothing is done where there are none.
    now
        The day to note beside them.
    texts
        The language of the workbook.
    """
    name = texts.say("kept.sheet")
    if not entries:
        return name
    sheet = next((one for one in book.sheets() if one.casefold() == name.casefold()), "")
    rows: list[list[Cell]] = []
    last = 0
    if sheet:
        held = book.occupied(Area(sheet, 1, 1, LAST_ROW, len(_HEADS)))
        places = (Area.parsed(reference, sheet) for reference in held)
        last = max((place.bottom for place in places if place is not None), default=0)
    else:
        sheet = book.add_sheet(name, _WIDTHS)
        rows.append([Cell(None, texts.say(head)) for head in _HEADS])
    for entry in entries:
        said = (now.date().isoformat(), entry.table, entry.row, entry.column)
        rows.append([*(Cell(None, text) for text in said), entry.cell])
    book.write(Area(sheet, last + 1, 1, last + len(rows), len(_HEADS)), rows)
    return sheet
