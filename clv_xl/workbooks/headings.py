"""What stands above a block."""

from clv_xl.reports.layout import Block
from clv_xl.workbooks.sheets import Sheet


def begin(sheet: Sheet, block: Block) -> tuple[int, int]:
    """Return where a block's content goes: below its heading and explanation, where it has them."""
    row, column = sheet.start(block.settings.get("at"))
    heading = block.settings.get("heading")
    if heading is None:
        return row, column
    texts, shapes = sheet.canvas.texts, sheet.canvas.styles
    sheet.write(row, column, texts.say(f"heading.{heading}"), shapes.heading)
    about = texts.get(f"heading.{heading}.about")
    sheet.mark("heading", heading, row, column, (2 if about else 1, 1))
    if not about:
        return row + 1, column
    sheet.write(row + 1, column, about, shapes.quiet)
    return row + 2, column
