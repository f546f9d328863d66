"""Names and tables of a workbook that is open in Excel."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from clv_xl.excel.live_book.cells import grid
from clv_xl.excel.seen import TableSeen
from clv_xl.workbooks.areas import Area

_TABLE_STYLE = "TableStyleLight1"
_LANDSCAPE = 2  # xlLandscape


def names_in(book: Any) -> Mapping[str, Area | None]:
    """Return the names that hold in the whole workbook, None where one stands for no cells."""
    said = ((str(name.name), str(name.refers_to)) for name in book.names)
    return {name: Area.parsed(refers.removeprefix("=")) for name, refers in said if "!" not in name}


def tables_in(book: Any) -> Mapping[str, TableSeen]:
    """Return the Excel tables by name."""
    found = {}
    for sheet in book.sheets:
        for table in sheet.tables:
            area = Area.parsed(str(table.range.address), str(sheet.name))
            heads = table.header_row_range
            if area is not None and heads is not None:
                row = grid(1, area.columns, heads.value)[0]
                headers = tuple("" if head is None else str(head) for head in row)
                totals = int(bool(table.show_totals))
                found[str(table.name)] = TableSeen(str(table.name), area, headers, totals)
    return found


def define(book: Any, name: str, area: Area | None, *, hidden: bool = False) -> None:
    """Let a name stand for some cells; None takes the name away."""
    known = book.names.contains(name)
    if area is None:
        if known:
            book.names[name].delete()
    elif known:
        book.names[name].refers_to = f"={area.reference}"
    else:
        made = book.names.add(name, f"={area.reference}")
        if hidden:
            with suppress(Exception):  # on a Mac no name can be hidden: there it is merely seen
                made.api.Visible = False


def reshape(book: Any, table: TableSeen) -> None:
    """Let a table have another area; one that is not there is made."""
    sheet = book.sheets[table.area.sheet]
    there = sheet.range(table.area.span)
    for known in sheet.tables:
        if str(known.name) == table.name:
            if Area.parsed(str(known.range.address), table.area.sheet) != table.area:
                known.resize(there)
            return
    sheet.tables.add(source=there, name=table.name, table_style_name=_TABLE_STYLE)


def drop_table(book: Any, name: str) -> None:
    """Turn a table into plain cells."""
    for sheet in book.sheets:
        for table in sheet.tables:
            if str(table.name) == name:
                table.api.Unlist()


def lay_out(sheet: Any) -> None:
    """Let an added sheet be printed as wide as a page, like the sheets of a dashboard."""
    with suppress(Exception):  # Excel refuses where no printer is set up, and a Mac has other names
        setup = sheet.api.PageSetup
        setup.Zoom = False
        setup.FitToPagesWide, setup.FitToPagesTall = 1, False
        setup.Orientation = _LANDSCAPE


def show_all(book: Any, name: str) -> bool:
    """Let a table show all its rows, and return whether a filter had hidden some."""
    for sheet in book.sheets:
        for table in sheet.tables:
            if str(table.name) == name and table.show_autofilter:
                filtered = table.api.AutoFilter
                if filtered.FilterMode:
                    filtered.ShowAllData()
                    return True
    return False
