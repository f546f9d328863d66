"""The sheets of constants: what the functions are shown on, and what they should give."""

from collections.abc import Iterable, Sequence

from clv_xl.excel.workbench.pages import EXPECTED, START, Page
from clv_xl.excel.workbench.plan import FIRST_COLUMN, Block
from clv_xl.excel.workbench.result_formats import column_looks
from clv_xl.excel.workbench.shop_tables import ShopTable
from clv_xl.reports.report import Format
from clv_xl.workbooks import styles as look
from clv_xl.workbooks.sheets import Place
from clv_xl.workbooks.tables import TABLE_STYLE

_TABLE_ROW = 6
_WIDTH, _GAP_WIDTH = 96, 24


def write_data(page: Page, tables: Sequence[ShopTable]) -> None:
    """Write the tables beside each other, so that each can grow downwards."""
    page.titled(
        "The orders, and what else the functions take",
        "A small simulated shop. Change or add rows: the functions follow.",
        tab=look.ORANGE,
    )
    page.link(0, FIRST_COLUMN, f"'{START}'!A1", "← all functions")
    page.sheet.freeze_panes(_TABLE_ROW + 1, 0)
    page.sheet.set_landscape()
    page.sheet.repeat_rows(_TABLE_ROW)
    column = FIRST_COLUMN
    for table in tables:
        _table(page, table, column)
        column += len(table.columns) + 1
        page.sheet.set_column_pixels(column - 1, column - 1, _GAP_WIDTH)


def _table(page: Page, table: ShopTable, column: int) -> None:
    sheet, styles = page.sheet, page.styles
    sheet.set_column_pixels(column, column + len(table.columns) - 1, _WIDTH)
    sheet.write_string(_TABLE_ROW - 2, column, table.name, styles.heading)
    about = styles.of(font_color=look.QUIET, font_size=9, text_wrap=True, valign="top")
    if len(table.columns) > 1:
        sheet.merge_range(
            _TABLE_ROW - 1, column, _TABLE_ROW - 1, column + len(table.columns) - 1, "", about
        )
    sheet.write_string(_TABLE_ROW - 1, column, table.about, about)
    sheet.set_row_pixels(_TABLE_ROW - 1, 44)
    heads = [
        {"header": name, "header_format": styles.head(table.shown_as.get(name, Format.TEXT))}
        for name in table.columns
    ]
    options = {"name": table.name, "style": TABLE_STYLE, "autofilter": False, "columns": heads}
    last = (_TABLE_ROW + table.rows, column + len(table.columns) - 1)
    sheet.add_table(_TABLE_ROW, column, *last, options)
    for across, (name, values) in enumerate(table.columns.items(), start=column):
        shape = page.input_format(table.shown_as.get(name, Format.TEXT))
        if name not in table.shown_as:
            shape = styles.of(font_color=look.INPUT_INK, bg_color=look.INPUT_FILL,
                              border=1, border_color=look.LINE, align="left", indent=1)  # fmt: skip
        for offset, value in enumerate(values, start=_TABLE_ROW + 1):
            page.value(offset, across, value, shape)


def write_expected(page: Page, blocks: Iterable[Block]) -> dict[Block, Place]:
    """Write what each function should give, and return where it stands."""
    page.titled(
        "The stored results",
        "What each function gave when this workbook was written: constants, which the checks "
        "compare with.",
        tab=look.QUIET,
    )
    page.link(0, FIRST_COLUMN, f"'{START}'!A1", "← all functions")
    page.sheet.freeze_panes(3, 0)
    page.sheet.set_column_pixels(FIRST_COLUMN, FIRST_COLUMN, 190)
    page.sheet.set_column_pixels(FIRST_COLUMN + 1, FIRST_COLUMN + 12, _WIDTH)
    row, places = 4, {}
    for block in blocks:
        page.sheet.write_string(
            row, FIRST_COLUMN, block.entry.excel_name, page.styles.of(bold=True)
        )
        places[block] = _constants(page, block, row + 1)
        row = places[block].last_row + 2
    return places


def _constants(page: Page, block: Block, row: int) -> Place:
    shapes = [page.result_format(each) for each in column_looks(block)]
    head = page.styles.of(
        bold=True, bg_color=look.PANEL, border=1, border_color=look.LINE, align="left", indent=1
    )
    for offset, cells in enumerate(block.result):
        is_header = block.has_header and not offset
        for across, cell in enumerate(cells):
            shape = head if is_header else shapes[across]
            page.value(row + offset, FIRST_COLUMN + across, cell, shape)
    last_column = FIRST_COLUMN + len(block.result[0]) - 1
    return Place(EXPECTED, row, FIRST_COLUMN, row + len(block.result) - 1, last_column)
