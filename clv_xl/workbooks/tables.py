"""Excel tables: real tables with unique headers, formulas with values, a total row below."""

from clv_xl.reports.live import Live
from clv_xl.reports.report import Column, Format, Table
from clv_xl.workbooks import styles as look
from clv_xl.workbooks.sheets import Sheet

TABLE_STYLE = "Table Style Light 1"


def write_table(sheet: Sheet, table: Table, row: int, column: int, head_pixels: int) -> None:
    """Write a table and the total row that stands below it."""
    frame_table(sheet, table, row, column, max(table.rows, 1))
    for across, field in enumerate(table.columns, start=column):
        _column(sheet, table, field, row + 1, across)
    if not table.rows:
        quiet = sheet.canvas.styles.of(font_color=look.QUIET, indent=1)
        sheet.write(row + 1, column, sheet.canvas.texts.say("word.none"), quiet)
    sheet.set_height(row, head_pixels)
    last = row + max(table.rows, 1)
    if table.total_label is not None:
        last += 1
        _total_row(sheet, table, last, column)
    for foot in table.feet:
        last += 1
        sheet.write(last, column, foot, sheet.canvas.styles.quiet)
    sheet.mark("table", table.name, row, column, (last - row + 1, len(table.columns)))
    sheet.ended(last)


def frame_table(sheet: Sheet, table: Table, row: int, column: int, rows: int) -> None:
    """Make the table itself: its range, name, headers and column formulas."""
    sheet.page.add_table(
        row, column, row + rows, column + len(table.columns) - 1,
        {
            "name": table.name,
            "style": TABLE_STYLE,
            "autofilter": table.filtered,
            "columns": [_column_options(sheet, field) for field in table.columns],
        },
    )  # fmt: skip
    for across, field in enumerate(table.columns, start=column):
        place = sheet.place(row + 1, across, rows, 1)
        sheet.canvas.columns[f"{table.name}.{field.key}"] = place


def _column_options(sheet: Sheet, field: Column) -> dict[str, object]:
    head = sheet.canvas.styles.head(field.shown_as)
    options: dict[str, object] = {"header": field.header, "header_format": head}
    if field.formula:
        options["formula"] = f"={field.formula}"
    return options


def _column(sheet: Sheet, table: Table, field: Column, row: int, column: int) -> None:
    fill = {"bg_color": look.INPUT_FILL} if field.is_input else {}
    wrap = {"text_wrap": True} if field.wrapped else {}
    shape = sheet.number(field.shown_as, bottom=1, bottom_color=look.LINE, **fill, **wrap)
    for offset in range(max(table.rows, 1)):
        value = field.values[offset] if offset < table.rows else None
        content = Live(field.formula, value) if field.formula and offset < table.rows else value
        sheet.write(row + offset, column, content, shape)


def _total_row(sheet: Sheet, table: Table, row: int, column: int) -> None:
    shapes = sheet.canvas.styles
    for across, field in enumerate(table.columns):
        content = table.total_label if across == 0 else field.total
        shown_as = Format.TEXT if across == 0 else field.shown_as
        shape = shapes.number(shown_as, bold=True, top=1, top_color=look.HEAD, bg_color=look.PANEL)
        sheet.write(row, column + across, content, shape)
