"""The first sheet: what the workbench is, what it needs, and every function with its check."""

from xlsxwriter.utility import xl_range, xl_range_abs, xl_rowcol_to_cell

from clv_xl.catalogue import CatalogueEntry
from clv_xl.excel.workbench.function_sheets import CHECK_COLUMN
from clv_xl.excel.workbench.pages import OK, Page
from clv_xl.excel.workbench.plan import FIRST_COLUMN, Block, Workbench
from clv_xl.workbooks import styles as look

AGREEMENT = "agreement"
"""The name of the cell that says how many functions agree."""
_WIDTHS = (200, 640, 160, 90)
_CARD_ROW = 4
_READING = """
Each sheet shows the functions of one subject: name, what you get, formula, arguments, result.
Yellow cells are for you to change; the result below follows. In a frozen copy nothing follows.
An argument whose cell you empty is left out (not in LibreOffice, where an empty cell counts as 0).
The orders stand on the sheet Data; an argument taken from there is named like Orders[customer].
ok beside a function: its result equals the one that was stored when this workbook was written.
differs: it does not. An input or an order was changed, or another version answers, or something is
wrong.
Formulas are written here with commas between the arguments; your program may show semicolons.
"""
_NEEDS = {
    "Without the functions": """
        Excel shows the stored results, and nothing follows a changed input.
        LibreOffice shows #NAME?.""",
    "Excel on Windows": """
        clv-xl addin install, start Excel again, open this workbook, press Ctrl+Alt+F9.""",
    "Excel on a Mac, on the web": """
        xlwings Lite from the add-in store, with the two files of clv-xl lite -o main.py.""",
    "LibreOffice Calc": """
        clv-xl libreoffice -o clv_xl.oxt, open that file to install it, then press Ctrl+Shift+F9
        here.""",
    "#NAME? all the same": """
        Let Excel read the formulas again: Ctrl+H, replace = by =, in the whole workbook.""",
    "#SPILL! in a cell": """
        A table has grown and something stands in its way: clear the cells below or beside it.""",
}


def write_start(page: Page, workbench: Workbench) -> None:
    """Write the sheet."""
    page.titled(
        "Every function of clv_xl at work",
        "A tutorial to play with, and a check that the functions give here what they should.",
        tab=look.HEAD,
    )
    for offset, pixels in enumerate(_WIDTHS):
        page.sheet.set_column_pixels(FIRST_COLUMN + offset, FIRST_COLUMN + offset, pixels)
    row = _section(page, _CARD_ROW + 3, "How to read it")
    for line in _READING.strip().splitlines():
        page.sheet.write_string(row, FIRST_COLUMN, line, page.styles.body)
        row += 1
    row = _section(page, row + 1, "What it needs")
    for where, what in _NEEDS.items():
        page.sheet.write_string(row, FIRST_COLUMN, where, page.styles.of(bold=True))
        page.sheet.write_string(row, FIRST_COLUMN + 1, " ".join(what.split()), page.styles.body)
        row += 1
    row = _section(page, row + 1, "The functions")
    first, last = _list(page, workbench, row)
    _card(page, first, last)


def _section(page: Page, row: int, heading: str) -> int:
    page.sheet.write_string(row, FIRST_COLUMN, heading, page.styles.heading)
    return row + 1


def _list(page: Page, workbench: Workbench, row: int) -> tuple[int, int]:
    """Write a line a function, and return the first and the last row of them."""
    for offset, head in enumerate(("function", "what you get", "sheet", "check")):
        page.sheet.write_string(row, FIRST_COLUMN + offset, head, page.styles.head())
    blocks = list(workbench.shown())
    for position, block in enumerate(blocks, start=row + 1):
        _line(page, position, block)
    first, last = row + 1, row + len(blocks)
    page.colour_checks([xl_range(first, FIRST_COLUMN + 3, last, FIRST_COLUMN + 3)])
    page.sheet.repeat_rows(row)
    return first, last


def _line(page: Page, row: int, block: Block) -> None:
    entry: CatalogueEntry = block.entry
    line = {"bottom": 1, "bottom_color": look.LINE}
    body = page.styles.of(**line)
    heading = xl_rowcol_to_cell(block.row, FIRST_COLUMN)
    page.link(row, FIRST_COLUMN, f"'{block.sheet}'!{heading}", entry.excel_name)
    page.sheet.write_string(row, FIRST_COLUMN + 1, entry.summary, body)
    page.sheet.write_string(row, FIRST_COLUMN + 2, block.sheet, body)
    check = xl_rowcol_to_cell(block.row, CHECK_COLUMN, row_abs=True, col_abs=True)
    shape = page.styles.of(align="center", **line)
    page.sheet.write_formula(row, FIRST_COLUMN + 3, f"='{block.sheet}'!{check}", shape, OK)


def _card(page: Page, first: int, last: int) -> None:
    """Write how many functions agree, as large as a card."""
    column = FIRST_COLUMN + 3
    checks = xl_range_abs(first, column, last, column)
    count = last - first + 1
    panel = {"bg_color": look.PANEL, "align": "left", "indent": 1}
    large = page.styles.of(bold=True, font_size=20, font_color=look.HEAD, **panel)
    small = page.styles.of(font_color=look.QUIET, font_size=9, **panel)
    page.sheet.set_row_pixels(_CARD_ROW, 38)
    page.sheet.write_formula(
        _CARD_ROW, FIRST_COLUMN,
        f'=COUNTIF({checks},"{OK}")&" of "&ROWS({checks})&" functions agree"',
        large, f"{count} of {count} functions agree",
    )  # fmt: skip
    page.sheet.write_string(
        _CARD_ROW + 1, FIRST_COLUMN, "with the results stored in this workbook", small
    )
    for row, shape in ((_CARD_ROW, large), (_CARD_ROW + 1, small)):
        page.sheet.write_blank(row, FIRST_COLUMN + 1, None, shape)
    cell = xl_rowcol_to_cell(_CARD_ROW, FIRST_COLUMN, row_abs=True, col_abs=True)
    page.styles.book.define_name(AGREEMENT, f"='{page.sheet.get_name()}'!{cell}")
