"""Matrices with their heads, heat maps and frames."""

from xlsxwriter.utility import xl_rowcol_to_cell

from clv_xl.reports.layout import Block, chosen
from clv_xl.reports.report import Matrix
from clv_xl.workbooks import styles as look
from clv_xl.workbooks.headings import begin
from clv_xl.workbooks.sheets import Place, Sheet

_INPUT = {"bg_color": look.INPUT_FILL, "font_color": look.INPUT_INK, "bold": True}


def write_matrices(sheet: Sheet, block: Block) -> None:
    """Write matrices with their heads; a heat map where one asks for it."""
    names = chosen(block.names, sheet.canvas.report.matrices)
    if not names:
        return
    row, column = begin(sheet, block)
    for name in names:
        _matrix(sheet, sheet.canvas.report.matrices[name], row, column, block)
        row = sheet.next_row + 1


def _matrix(sheet: Sheet, matrix: Matrix, row: int, column: int, block: Block) -> None:
    size = int(block.settings.get("font_size", 10))
    _heads(sheet, row, column, matrix, size)
    for across, lead in enumerate(matrix.lead, start=column + 1):
        shape = sheet.number(lead.shown_as, align="center", font_size=size)
        for offset, content in enumerate(lead.cells, start=row + 1):
            sheet.write(offset, across, content, shape)
    first = column + 1 + len(matrix.lead)
    shape = sheet.number(matrix.shown_as, align="center", font_size=size)
    for offset, cells in enumerate(matrix.cells, start=row + 1):
        for across, content in enumerate(cells, start=first):
            sheet.write(offset, across, content, shape)
    _define(sheet, matrix, row, first)
    width = first - column + len(matrix.column_heads)
    sheet.mark("matrix", matrix.name, row, column, (len(matrix.cells) + 1, width))
    sheet.ended(row + len(matrix.cells))


def _define(sheet: Sheet, matrix: Matrix, row: int, first: int) -> None:
    rows, columns = len(matrix.cells), len(matrix.column_heads)
    place = sheet.place(row + 1, first, rows, columns)
    if columns:
        sheet.canvas.define(matrix.name, place)
    if matrix.live_heads:
        sheet.canvas.define(f"{matrix.name}_row_heads", sheet.place(row + 1, first - 1, rows, 1))
        sheet.canvas.define(f"{matrix.name}_column_heads", sheet.place(row, first, 1, columns))
    _shade(sheet, matrix, place)


def _heads(sheet: Sheet, row: int, column: int, matrix: Matrix, size: int) -> None:
    shapes = sheet.canvas.styles
    head = {"bold": True, "bg_color": look.HEAD, "font_color": "#FFFFFF", "font_size": size}
    sheet.write(row, column, matrix.corner, shapes.of(align="left", **head))
    for lead in matrix.lead:
        column += 1
        sheet.write(row, column, lead.head, shapes.of(align="center", **head))
    top = shapes.number(matrix.head_shown_as, align="center", **head)
    side = shapes.number(matrix.side_shown_as, align="left", bg_color=look.PANEL, font_size=size)
    if matrix.live_heads:
        top = shapes.number(matrix.head_shown_as, align="center", font_size=size, **_INPUT)
        side = shapes.number(matrix.side_shown_as, align="left", font_size=size, **_INPUT)
    for across, content in enumerate(matrix.column_heads, start=column + 1):
        sheet.write(row, across, content, top)
    for offset, content in enumerate(matrix.row_heads, start=row + 1):
        sheet.write(offset, column - len(matrix.lead), content, side)


def _shade(sheet: Sheet, matrix: Matrix, place: Place) -> None:
    if matrix.shade and place.last_column >= place.first_column:
        first = place.first_column + matrix.shade_from
        if first <= place.last_column:
            sheet.page.conditional_format(
                place.first_row,
                first,
                place.last_row,
                place.last_column,
                {"type": "2_color_scale", "min_color": look.HEAT_LOW, "max_color": look.HEAT_HIGH},
            )
    if matrix.outline_at_least:
        _outline(sheet, matrix.outline_at_least, place)


def _outline(sheet: Sheet, threshold: str, place: Place) -> None:
    """Frame the first cell of a row that reaches a threshold: where a cohort has paid back."""
    frame = sheet.canvas.book.add_format(
        {"border": 1, "border_color": look.VERMILION, "bold": True}
    )
    corner = xl_rowcol_to_cell(place.first_row, place.first_column)
    before = xl_rowcol_to_cell(place.first_row, place.first_column - 1)
    reached = f"AND(ISNUMBER({corner}),{corner}>={threshold})"
    earlier = f"AND(ISNUMBER({before}),{before}>={threshold})"
    formula = f"=AND(ISNUMBER({threshold}),{reached},NOT({earlier}))"
    sheet.page.conditional_format(
        place.first_row,
        place.first_column,
        place.last_row,
        place.last_column,
        {"type": "formula", "criteria": formula, "format": frame},
    )
