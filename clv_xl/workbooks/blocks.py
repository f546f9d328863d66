"""The blocks of a layout, each written on a sheet by one function."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from xlsxwriter.utility import xl_rowcol_to_cell

from clv_xl.reports.layout import Block, chosen
from clv_xl.reports.report import Allowed, Card, Figure, Format, Matrix, Origin
from clv_xl.workbooks import styles as look
from clv_xl.workbooks.sheets import Place, Sheet
from clv_xl.workbooks.tables import write_table

_INPUT = {"bg_color": look.INPUT_FILL, "font_color": look.INPUT_INK, "bold": True}


def write_title(sheet: Sheet, block: Block) -> None:
    """Write the sheet's title and the cover line."""
    row, column = sheet.start(block.settings.get("at"))
    report, texts, shapes = sheet.canvas.report, sheet.canvas.texts, sheet.canvas.styles
    title = report.title if block.name == "report" else texts.say(f"title.{block.name}")
    sheet.write(row, column, title, shapes.title)
    sheet.page.set_row_pixels(row, 28)
    line = report.cover if block.name == "report" else texts.get(f"title.{block.name}.about")
    sheet.write(row + 1, column, line, shapes.quiet)
    sheet.ended(row + 1)


def begin(sheet: Sheet, block: Block) -> tuple[int, int]:
    """Return where a block's content goes: below its heading and explanation, where it has them."""
    row, column = sheet.start(block.settings.get("at"))
    heading = block.settings.get("heading")
    if heading is None:
        return row, column
    texts, shapes = sheet.canvas.texts, sheet.canvas.styles
    sheet.write(row, column, texts.say(f"heading.{heading}"), shapes.heading)
    about = texts.get(f"heading.{heading}.about")
    if not about:
        return row + 1, column
    sheet.write(row + 1, column, about, shapes.quiet)
    return row + 2, column


def write_lines(sheet: Sheet, block: Block) -> None:
    """Write sentences below each other, as wide as `columns`."""
    lines = sheet.canvas.report.lines[block.name]
    row, column = begin(sheet, block)
    width = int(block.settings.get("columns", 1))
    shapes = sheet.canvas.styles
    if lines.heading:
        sheet.merged(row, column, width, lines.heading, shapes.of(bold=True, font_color=look.HEAD))
        row += 1
    shape = shapes.of(font_size=9, shrink=True) if width > 1 else shapes.of()
    for line in lines.lines:
        sheet.merged(row, column, width, line, shape)
        row += 1
    sheet.ended(row - 1)


def write_cards(sheet: Sheet, block: Block) -> None:
    """Write cards beside each other: title, value, change, foot."""
    row, column = sheet.start(block.settings.get("at"))
    width = int(block.settings.get("columns", 4))
    report = sheet.canvas.report
    for name in chosen(block.names, report.cards):
        _card(sheet, row, column, width, report.cards[name])
        column += width
    for offset, pixels in enumerate((17, 28, 16, 16)):
        sheet.page.set_row_pixels(row + offset, pixels)
    sheet.ended(row + 3)


def _card(sheet: Sheet, row: int, column: int, width: int, card: Card) -> None:
    shapes = sheet.canvas.styles
    panel = {"bg_color": look.PANEL, "align": "center", "left": 5, "left_color": "#FFFFFF"}
    title = shapes.of(
        font_size=9, font_color=look.QUIET, shrink=True, **panel, top=2, top_color=look.BLUE
    )
    value = shapes.number(
        card.shown_as, bold=True, font_size=17, font_color=look.HEAD, shrink=True, **panel
    )
    small = shapes.of(font_size=8, font_color=look.QUIET, shrink=True, **panel)
    foot = shapes.of(font_size=8, font_color=look.INK, shrink=True, **panel)
    contents = ((card.title, title), (card.value, value), (card.change, small), (card.foot, foot))
    for offset, (content, shape) in enumerate(contents):
        sheet.merged(row + offset, column, width, content, shape)
    if card.shown_as in {Format.MONEY, Format.MONEY_EXACT}:
        _as_range(sheet, row + 1, column)
    if card.tone is not None:
        _light(sheet, row + 3, column)


def _as_range(sheet: Sheet, row: int, column: int) -> None:
    """Show a range, which is a text, in the colour of caution."""
    shape = sheet.canvas.book.add_format({"font_color": look.ORANGE})
    cell = xl_rowcol_to_cell(row, column)
    rule = {"type": "formula", "criteria": f"=ISTEXT({cell})", "format": shape}
    sheet.page.conditional_format(row, column, row, column, rule)


def _light(sheet: Sheet, row: int, column: int) -> None:
    """Colour a rating by the symbol it begins with; the words say the same."""
    for symbol, colour in (
        ("▼", look.VERMILION),
        ("◆", look.ORANGE),
        ("●", look.BLUE),
        ("▲", look.PURPLE),
    ):
        shape = sheet.canvas.book.add_format({"font_color": colour, "bold": True})
        sheet.page.conditional_format(
            row,
            column,
            row,
            column,
            {"type": "text", "criteria": "begins with", "value": symbol, "format": shape},
        )


def write_figures(sheet: Sheet, block: Block) -> None:
    """Write named values in rows: label, value, unit and basis, source, name."""
    figures = sheet.canvas.report.figures
    names = [n for n in chosen(block.names, figures) if n not in sheet.canvas.names]
    if not names:
        return
    row, column = begin(sheet, block)
    for offset, head in enumerate(("label", "value", "unit", "source", "name")):
        text = sheet.canvas.texts.say(f"column.figure_{head}")
        shown_as = Format.NUMBER if head == "value" else Format.TEXT
        sheet.write(row, column + offset, text, sheet.canvas.styles.head(shown_as))
    for name in names:
        row += 1
        _figure(sheet, row, column, figures[name])
    sheet.ended(row)


def _figure(sheet: Sheet, row: int, column: int, figure: Figure) -> None:
    shapes = sheet.canvas.styles
    line = {"border": 1, "border_color": look.LINE, "align": "left", "indent": 1}
    sheet.write(row, column, figure.label, shapes.of(**line))
    sheet.write(row, column + 1, figure.content, shapes.value(figure.shown_as, figure.origin))
    quiet = shapes.of(font_color=look.QUIET, **line)
    for offset, text in enumerate((figure.unit, figure.source, figure.name), start=2):
        sheet.write(row, column + offset, text, quiet)
    sheet.canvas.define(figure.name, sheet.place(row, column + 1, 1, 1))
    if figure.allowed:
        _validate(sheet, row, column + 1, figure)


def _validate(sheet: Sheet, row: int, column: int, figure: Figure) -> None:
    allowed = figure.allowed or Allowed()
    say = sheet.canvas.texts.say
    rule: dict[str, object] = {
        "input_title": figure.label[:32],
        "input_message": figure.unit[:255],
        "error_title": say("validation.title"),
        "ignore_blank": True,
    }
    if allowed.choices:
        rule |= {"validate": "list", "source": list(allowed.choices)}
        rule["error_message"] = say("validation.choice")
    else:
        rule |= {"validate": "integer" if allowed.whole else "decimal"} | _bounds(say, allowed)
    sheet.page.data_validation(row, column, row, column, rule)


def _bounds(say: Callable[..., str], allowed: Allowed) -> dict[str, object]:
    low, high = allowed.at_least or 0, allowed.at_most
    if high is None:
        message = say("validation.at_least", low=f"{low:g}")
        return {"criteria": ">=", "value": low, "error_message": message}
    message = say("validation.bounds", low=f"{low:g}", high=f"{high:g}")
    return {"criteria": "between", "minimum": low, "maximum": high, "error_message": message}


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
    sheet.ended(row + len(matrix.cells))


def _define(sheet: Sheet, matrix: Matrix, row: int, first: int) -> None:
    rows, columns = len(matrix.cells), len(matrix.column_heads)
    place = sheet.place(row + 1, first, rows, columns)
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


def write_legend(sheet: Sheet, block: Block) -> None:
    """Write what the colours of cells mean."""
    row, column = sheet.start(block.settings.get("at"))
    for origin in (Origin.INPUT, Origin.NEEDS_REFRESH, Origin.DERIVED):
        shape = sheet.canvas.styles.value(Format.TEXT, origin)
        sheet.write(row, column, sheet.canvas.texts.say(f"legend.{origin}"), shape)
        row += 1
    sheet.ended(row - 1)


def write_tables(sheet: Sheet, block: Block) -> None:
    """Write Excel tables below each other."""
    names = chosen(block.names, sheet.canvas.report.tables)
    if not names:
        return
    row, column = begin(sheet, block)
    for name in names:
        head = int(block.settings.get("head_pixels", 34))
        write_table(sheet, sheet.canvas.report.tables[name], row, column, head)
        row = sheet.next_row + 1


WRITERS: Mapping[str, Callable[[Sheet, Block], None]] = MappingProxyType(
    {
        "title": write_title,
        "lines": write_lines,
        "cards": write_cards,
        "figures": write_figures,
        "matrix": write_matrices,
        "table": write_tables,
        "legend": write_legend,
    }
)
