"""A report and a layout become a workbook.

The writer decides nothing: what is said stands in the report, where it stands in the layout. The
workbook is made in memory, zipped with fixed dates, written beside its target and renamed, so the
same report gives the same bytes and a failure leaves no half-written file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from clv_xl.errors import SourceError, listed
from clv_xl.reports import report as report_parts
from clv_xl.reports.layout import Layout, SheetLayout, missing_figures
from clv_xl.reports.report import Format, Report, Table
from clv_xl.reports.texts import Texts
from clv_xl.workbooks import styles as look
from clv_xl.workbooks.big_tables import Column, finish, splice_rows
from clv_xl.workbooks.blocks import WRITERS
from clv_xl.workbooks.charts import write_chart
from clv_xl.workbooks.own_files import CREATED
from clv_xl.workbooks.printing import end_pages, set_up_page
from clv_xl.workbooks.safe_file import replacing
from clv_xl.workbooks.sheets import Canvas, Sheet
from clv_xl.workbooks.styles import Styles
from clv_xl.workbooks.tables import frame_table

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,  # a text from the data is never a formula
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_workbook(
    report: Report, layout: Layout, texts: Texts, path: Path, *, paper: str = "a4"
) -> None:
    """Write a report to an ``.xlsx`` file.

    Parameters
    ----------
    report
        What to say.
    layout
        What stands where.
    texts
        The message catalogue the report was made with.
    path
        The file; it is replaced only when the new one is complete.
    paper
        ``a4`` or ``letter``.
    """
    skeleton, big = _skeleton(report, layout, texts, paper)
    with replacing(path) as target:
        _complete(skeleton, big, target)


def workbook_bytes(report: Report, layout: Layout, texts: Texts, *, paper: str = "a4") -> bytes:
    """Return a report as the bytes of an ``.xlsx`` file; the parameters are those above."""
    skeleton, big = _skeleton(report, layout, texts, paper)
    target = BytesIO()
    _complete(skeleton, big, target)
    return target.getvalue()


@dataclass(frozen=True, slots=True)
class Outline:
    """A workbook of which a large table has only its first row, and the columns of that table.

    Parameters
    ----------
    data
        The bytes of the ``.xlsx`` file.
    large
        By table and header the rows that it lacks.
    """

    data: bytes
    large: Mapping[str, Mapping[str, Column]]


def outline(report: Report, layout: Layout, texts: Texts, *, paper: str = "a4") -> Outline:
    """Return a report as a workbook without the rows of its large table."""
    skeleton, big = _skeleton(report, layout, texts, paper)
    if big is None:
        return Outline(skeleton.getvalue(), {})
    _, table = big
    columns = {column.header: _spliced(column) for column in table.columns}
    return Outline(skeleton.getvalue(), {table.name: columns})


def _complete(skeleton: BytesIO, big: tuple[str, Table] | None, target: BinaryIO) -> None:
    if big is None:
        finish(skeleton, target)
        return
    sheet, table = big
    columns = [_spliced(column) for column in table.columns]
    splice_rows(skeleton, target, sheet=sheet, table=table.name, columns=columns)


def _spliced(column: report_parts.Column) -> Column:
    if column.shown_as is Format.TEXT:
        return Column(column.values, "text")
    return Column(column.values, "date" if column.shown_as is Format.DATE else "number")


def _skeleton(
    report: Report, layout: Layout, texts: Texts, paper: str
) -> tuple[BytesIO, tuple[str, Table] | None]:
    lacking = missing_figures(layout, report)
    if lacking:
        raise SourceError(
            f"layout {layout.name} shows no figures {listed(lacking)}: formulas may refer to them"
        )
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        book.set_properties({"created": CREATED, **report.properties})
        book.set_size(20000, 12000)
        large = (report.value("fact_total_revenue") or 0) >= look.LARGE_FROM
        canvas = Canvas(book, Styles(book, texts, large_amounts=large), report, texts)
        pages = [_page(canvas, sheet, paper) for sheet in layout.sheets]
        big = None
        for page, sheet in zip(pages, layout.sheets, strict=True):
            big = _fill(page, sheet, paper) or big
        for page, sheet in zip(pages, layout.sheets, strict=True):
            _draw(page, sheet)
    return buffer, big


def _page(canvas: Canvas, layout: SheetLayout, paper: str) -> Sheet:
    name = canvas.texts.say(f"sheet.{layout.key}")
    page: Worksheet = canvas.book.add_worksheet(name)
    set_up_page(page, layout, canvas.texts, paper)
    page.set_tab_color(layout.settings.get("tab", look.QUIET))
    if canvas.texts.right_to_left:
        page.right_to_left()
    if not layout.settings.get("gridlines", False):
        page.hide_gridlines(2)
    for position, pixels in enumerate(layout.column_pixels):
        page.set_column_pixels(position, position, pixels)
    sheet = Sheet(canvas, page, name)
    for row, pixels in layout.settings.get("row_pixels", ()):
        sheet.set_height(row - 1, pixels)
    return sheet


def _fill(sheet: Sheet, layout: SheetLayout, paper: str) -> tuple[str, Table] | None:
    """Write every block but the charts; return the table whose rows are spliced in later."""
    if "data_table" in layout.settings:
        return _data_sheet(sheet, layout.settings)
    for block in layout.blocks:
        first = sheet.next_row
        WRITERS[block.kind](sheet, block)
        sheet.wrote(first)
    if "freeze" in layout.settings:
        sheet.page.freeze_panes(layout.settings["freeze"])
    end_pages(sheet, layout, paper)
    return None


def _data_sheet(sheet: Sheet, settings: Mapping[str, Any]) -> tuple[str, Table]:
    """Frame the big table with its header in row 1 and one row that carries the formats."""
    name = settings["data_table"]
    table = sheet.canvas.report.tables[name]
    frame_table(sheet, table, 0, 0, 1)
    sheet.mark("table", name, 0, 0, (2, len(table.columns)))
    for position, column in enumerate(table.columns):
        shape = sheet.number(column.shown_as)
        sheet.page.set_column_pixels(position, position, 120)
        sheet.write(1, position, None, shape)
    sheet.set_height(0, 34)
    sheet.page.freeze_panes(1, 1)
    sheet.page.repeat_rows(0)
    rows = min(table.rows, int(settings.get("print_rows", table.rows)))
    columns = min(len(table.columns), int(settings.get("print_columns", len(table.columns))))
    sheet.page.print_area(0, 0, rows, columns - 1)
    return sheet.name, table


def _draw(sheet: Sheet, layout: SheetLayout) -> None:
    for block in layout.blocks:
        if block.kind == "chart":
            write_chart(sheet, block)
