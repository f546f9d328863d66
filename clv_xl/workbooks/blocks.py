"""The blocks of a layout, each written on a sheet by one function."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from xlsxwriter.utility import xl_rowcol_to_cell

from clv_xl.reports.layout import Block, chosen
from clv_xl.reports.report import Allowed, Card, Figure, Format, Origin
from clv_xl.workbooks import styles as look
from clv_xl.workbooks.headings import begin
from clv_xl.workbooks.matrices import write_matrices
from clv_xl.workbooks.sheets import ROW_PIXELS, Sheet
from clv_xl.workbooks.tables import write_table

FIGURE_PARTS = ("label", "value", "unit", "source", "name")
"""What is told of a figure, from left to right."""


def write_title(sheet: Sheet, block: Block) -> None:
    """Write the sheet's title and the cover line."""
    row, column = sheet.start(block.settings.get("at"))
    report, texts, shapes = sheet.canvas.report, sheet.canvas.texts, sheet.canvas.styles
    title = report.title if block.name == "report" else texts.say(f"title.{block.name}")
    sheet.write(row, column, title, shapes.title)
    sheet.set_height(row, 28)
    line = report.cover if block.name == "report" else texts.get(f"title.{block.name}.about")
    sheet.write(row + 1, column, line, shapes.quiet)
    sheet.mark("title", block.name, row, column, (2, 1))
    sheet.ended(row + 1)


def write_lines(sheet: Sheet, block: Block) -> None:
    """Write sentences below each other, as wide as `columns`."""
    lines = sheet.canvas.report.lines[block.name]
    row, column = begin(sheet, block)
    width = int(block.settings.get("columns", 1))
    shapes = sheet.canvas.styles
    rows = len(lines.lines) + bool(lines.heading)
    sheet.mark("lines", block.name, row, column, (rows, width))
    indent = {"indent": int(block.settings.get("indent", 0))}
    if lines.heading:
        head = shapes.of(bold=True, font_color=look.HEAD, **indent)
        sheet.merged(row, column, width, lines.heading, head)
        row += 1
    shape = shapes.of(font_size=9, shrink=True, **indent) if width > 1 else shapes.of(**indent)
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
        sheet.set_height(row + offset, pixels)
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
    sheet.mark("card", card.key, row, column, (len(contents), width))
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
    """Write named values in rows: the first ``parts`` of what is told of them, else all."""
    figures = sheet.canvas.report.figures
    names = [n for n in chosen(block.names, figures) if n not in sheet.canvas.names]
    if not names:
        return
    row, column = begin(sheet, block)
    key = block.settings.get("heading", names[0])
    parts = FIGURE_PARTS[: int(block.settings.get("parts", len(FIGURE_PARTS)))]
    sheet.mark("figures", key, row, column, (len(names) + 1, len(parts)))
    for offset, head in enumerate(parts):
        text = sheet.canvas.texts.say(f"column.figure_{head}")
        shown_as = Format.NUMBER if head == "value" else Format.TEXT
        sheet.write(row, column + offset, text, sheet.canvas.styles.head(shown_as))
    for name in names:
        row += 1
        _figure(sheet, row, column, figures[name], len(parts))
    sheet.ended(row)


def _figure(sheet: Sheet, row: int, column: int, figure: Figure, parts: int) -> None:
    shapes = sheet.canvas.styles
    line = {"border": 1, "border_color": look.LINE, "align": "left", "indent": 1}
    sheet.write(row, column, figure.label, shapes.of(**line))
    sheet.write(row, column + 1, figure.content, shapes.value(figure.shown_as, figure.origin))
    texts = (figure.unit, figure.source, figure.name)[: parts - 2]
    beside = len(texts) > 1  # the last text may run on over the cells beside it
    quiet = shapes.of(font_color=look.QUIET, **(line if beside else {"indent": 1}))
    for offset, text in enumerate(texts, start=2):
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
        message = say("validation.at_least", low=low)
        return {"criteria": ">=", "value": low, "error_message": message}
    message = say("validation.bounds", low=low, high=high)
    return {"criteria": "between", "minimum": low, "maximum": high, "error_message": message}


def write_legend(sheet: Sheet, block: Block) -> None:
    """Write what the colours of cells mean."""
    row, column = sheet.start(block.settings.get("at"))
    sheet.mark("legend", "colours", row, column, (3, 1))
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


def keep_room(sheet: Sheet, block: Block) -> None:
    """Keep the rows that a chart below the block before will cover; it is drawn later."""
    if "at" in block.settings or block.name not in sheet.canvas.report.charts:
        return
    row, column = begin(sheet, block)
    rows = -(-int(block.settings["height"]) // ROW_PIXELS)
    sheet.rooms[block.name] = sheet.place(row, column, rows, 1)
    sheet.mark("chart", block.name, row, column, (rows, 1))
    sheet.ended(row + rows - 1)


WRITERS: Mapping[str, Callable[[Sheet, Block], None]] = MappingProxyType(
    {
        "title": write_title,
        "lines": write_lines,
        "cards": write_cards,
        "figures": write_figures,
        "matrix": write_matrices,
        "table": write_tables,
        "legend": write_legend,
        "chart": keep_room,
    }
)
