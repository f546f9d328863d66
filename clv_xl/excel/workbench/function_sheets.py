"""The sheets that show the functions: name, formula, arguments to change, result, check."""

from collections.abc import Mapping, Sequence

from xlsxwriter.format import Format as CellFormat
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from clv_xl.catalogue import Category
from clv_xl.excel.cell_results import CellValue
from clv_xl.excel.workbench.arguments import Columns, LeftOut, ResultOf, Typed
from clv_xl.excel.workbench.examples import CHOICES
from clv_xl.excel.workbench.pages import DIFFERS, OK, START, Page
from clv_xl.excel.workbench.plan import FIRST_COLUMN, Block, ShownArgument, sheet_of
from clv_xl.excel.workbench.result_cells import ResultCells
from clv_xl.excel.workbench.result_formats import cell_look, column_looks
from clv_xl.workbooks import styles as look
from clv_xl.workbooks.sheets import Place

CHECK_COLUMN = FIRST_COLUMN + 1
CLOSE = "1E-9"
"""The relative difference of two numbers that are the same."""
_WIDTHS = {FIRST_COLUMN: 216, FIRST_COLUMN + 1: 150}
_WIDTH, _WIDE, _COLUMNS = 118, 560, 13
_BAND, _BAND_OF_TEXTS = 9, 4
_HEADING_PIXELS, _HEAD_PIXELS = 24, 32
_LONGEST_MESSAGE = 255
_WIDTHS_OF_TEXTS = {FIRST_COLUMN + 2: _WIDE, FIRST_COLUMN + 3: _WIDE}


def write_function_sheet(
    page: Page, blocks: Sequence[Block], expected: Mapping[Block, Place]
) -> ResultCells:
    """Write the functions of one subject, and return the cells of results to give a type.

    Parameters
    ----------
    page
        The sheet, still empty.
    blocks
        The functions.
    expected
        Where the stored result of each function stands; a wrong call has none.
    """
    _set_up(page, blocks)
    cells = ResultCells()
    for block in blocks:
        _heading(page, block, expected.get(block))
        for position, argument in enumerate(block.arguments):
            _argument(page, block.argument_row(position), argument)
        row = block.place.first_row - 1
        about = f"Result: {block.entry.result}".replace("`", "")
        page.sheet.write_string(row, FIRST_COLUMN, about, page.styles.quiet)
        _result(page, block, cells)
    checked = [block for block in blocks if block in expected]
    page.colour_checks([xl_rowcol_to_cell(block.row, CHECK_COLUMN) for block in checked])
    return cells


def _set_up(page: Page, blocks: Sequence[Block]) -> None:
    wide = _holds_texts(blocks[0])
    for column in range(FIRST_COLUMN, FIRST_COLUMN + _COLUMNS):
        usual = _WIDTHS.get(column, _WIDTH)
        width = _WIDTHS_OF_TEXTS.get(column, usual) if wide else usual
        page.sheet.set_column_pixels(column, column, width)
    page.link(0, FIRST_COLUMN, f"'{START}'!A1", "← all functions")
    page.sheet.freeze_panes(3, 0)
    page.sheet.set_landscape()
    page.sheet.repeat_rows(1)


def _holds_texts(block: Block) -> bool:
    """Whether the sheet of a block shows the list of functions, whose columns are wide."""
    return block.sheet == sheet_of(Category.HELP)


def _heading(page: Page, block: Block, expected: Place | None) -> None:
    sheet, styles = page.sheet, page.styles
    name = block.entry.excel_name
    title = f"{name}, called wrongly" if block.is_mistake else name
    top = {"top": 2, "top_color": look.HEAD}
    sheet.set_row_pixels(block.row, _HEADING_PIXELS)
    band = _BAND_OF_TEXTS if _holds_texts(block) else _BAND
    last = FIRST_COLUMN + max(band, len(block.result[0]))
    for column in range(FIRST_COLUMN, last):
        sheet.write_blank(block.row, column, None, styles.of(**top))
    sheet.write_string(
        block.row,
        FIRST_COLUMN,
        title,
        styles.of(bold=True, font_size=12, font_color=look.HEAD, **top),
    )
    summary = block.entry.summary
    if block.is_mistake:
        summary = "No answer is above 10. The sentence in the result says what is wrong."
    sheet.write_string(block.row + 1, FIRST_COLUMN, summary, styles.body)
    typed = styles.of(font_name="Consolas", font_color=look.INPUT_INK, bg_color=look.PANEL)
    sheet.write_string(block.row + 2, FIRST_COLUMN, f"={block.formula}", typed)
    for column in range(FIRST_COLUMN + 1, last):
        sheet.write_blank(block.row + 2, column, None, typed)
    if expected is not None:
        _check(page, block, expected)


def _check(page: Page, block: Block, expected: Place) -> None:
    """Write the formula that compares the result with the stored one."""
    shape = page.styles.of(align="center", top=2, top_color=look.HEAD)
    place = block.place
    live = xl_range(place.first_row, place.first_column, place.last_row, place.last_column)
    if len(block.result) == 1 and len(block.result[0]) == 1:
        formula = _comparison(live, expected.reference, block.result[0][0])
        page.sheet.write_formula(block.row, CHECK_COLUMN, f"={formula}", shape, OK)
        return
    formula = _comparisons(live, expected.reference)
    cell = (block.row, CHECK_COLUMN)
    page.sheet.write_array_formula(*cell, *cell, f"{{={formula}}}", shape, OK)


def _comparison(live: str, expected: str, value: CellValue) -> str:
    """Return the formula that compares one value."""
    is_number = isinstance(value, float) and not isinstance(value, bool)
    same = f"ABS({live}-{expected})<={CLOSE}*(1+ABS({expected}))"
    test = same if is_number else f"EXACT({live},{expected})"
    return f'IFERROR(IF({test},"{OK}","{DIFFERS}"),"{DIFFERS}")'


def _comparisons(live: str, expected: str) -> str:
    """Return the array formula that compares a whole table, numbers as numbers."""
    number = f"IF(ABS({live}-{expected})<={CLOSE}*(1+ABS({expected})),0,1)"
    number = f"IF(ISNUMBER({live}),{number},1)"
    text = f"IF(EXACT({live},{expected}),0,1)"
    wrong = f"SUM(IF(ISNUMBER({expected}),{number},{text}))"
    return f'IFERROR(IF({wrong}=0,"{OK}","{DIFFERS}"),"{DIFFERS}")'


def _argument(page: Page, row: int, argument: ShownArgument) -> None:
    sheet, styles = page.sheet, page.styles
    quiet = styles.of(font_color=look.QUIET, font_size=9, indent=1)
    sheet.write_string(row, FIRST_COLUMN, argument.name, styles.of(indent=1))
    sheet.write_string(row, FIRST_COLUMN + 2, argument.description, quiet)
    given = argument.given
    if isinstance(given, Typed):
        page.value(row, FIRST_COLUMN + 1, given.value, page.input_format(given.shown_as))
        _offer(page, row, argument)
        return
    shape = styles.of(font_color=look.QUIET, font_size=9, italic=True, align="right", shrink=True)
    sheet.write_string(row, FIRST_COLUMN + 1, _taken_from(given), shape)


def _taken_from(given: LeftOut | Columns | ResultOf) -> str:
    """Return in a few words where an argument comes from that is not typed in."""
    if isinstance(given, LeftOut):
        return "left out"
    if isinstance(given, Columns):
        return given.reference
    return f"{given.column}, {given.function}" if given.column else given.function


def _offer(page: Page, row: int, argument: ShownArgument) -> None:
    """Let an input cell say what it takes, and offer the words where only some are taken."""
    rule: dict[str, object] = {
        "validate": "any",
        "input_title": argument.name[:32],
        "input_message": argument.description[:_LONGEST_MESSAGE],
    }
    if argument.name in CHOICES:
        rule |= {"validate": "list", "source": list(CHOICES[argument.name]), "ignore_blank": True}
    page.sheet.data_validation(row, FIRST_COLUMN + 1, row, FIRST_COLUMN + 1, rule)


def _result(page: Page, block: Block, cells: ResultCells) -> None:
    """Write the formula, and into the cells that it fills what it gives."""
    place, shapes = block.place, _shapes(page, block)
    first = block.result[0][0]
    page.sheet.write_dynamic_array_formula(
        place.first_row, place.first_column, place.last_row, place.last_column,
        f"={block.formula}", shapes[0][0], int(first) if isinstance(first, bool) else first,
    )  # fmt: skip
    if isinstance(first, bool):
        cells.truths.add(xl_rowcol_to_cell(place.first_row, place.first_column))
    for offset, line in enumerate(block.result):
        for across, value in enumerate(line):
            row, column = place.first_row + offset, place.first_column + across
            if isinstance(value, str):
                cells.texts[xl_rowcol_to_cell(row, column)] = value
            if offset or across:
                shown = 0 if isinstance(value, str) else value
                page.value(row, column, shown, shapes[offset][across])
    if block.has_header and len(shapes[0]) > 1:
        page.sheet.set_row_pixels(place.first_row, _HEAD_PIXELS)


def _shapes(page: Page, block: Block) -> list[list[CellFormat]]:
    """Return the look of each cell of a result."""
    looks = column_looks(block)
    bold = len(block.result) == 1
    shapes = [
        [
            page.result_format(cell_look(each, value), bold=bold)
            for each, value in zip(looks, line, strict=True)
        ]
        for line in block.result
    ]
    if block.has_header:
        shapes[0] = [page.head(of_numbers=each.of_numbers) for each in looks]
    return shapes
