"""A sheet that lists every worksheet function: what it does, its arguments, an example."""

from io import BytesIO
from pathlib import Path

import xlsxwriter

from clv_xl.catalogue import CATALOGUE, CatalogueEntry, Category
from clv_xl.excel.actions.sheet_copy import put_sheet
from clv_xl.excel.book import Book
from clv_xl.excel.file_book.book import FileBook
from clv_xl.reports.texts import Texts
from clv_xl.workbooks.styles import Styles
from clv_xl.workbooks.templates import load_texts

_PIXELS = (12, 210, 360, 470, 330)
_HEADS = ("help.function", "help.summary", "help.arguments", "help.example")


def show_functions(book: Book) -> str:
    """Add a sheet with all functions to a workbook, and say so.

    Parameters
    ----------
    book
        The workbook.
    """
    texts = load_texts()
    made = FileBook(_made(texts), Path("functions.xlsx"))
    sheet = put_sheet(book, made, texts.say("sheet.functions"), _PIXELS)
    return f"The sheet {sheet} lists {len(CATALOGUE)} functions."


def _made(texts: Texts) -> bytes:
    """Return a workbook with the one sheet."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as made:
        page, styles = made.add_worksheet("Functions"), Styles(made, texts)
        page.write_string(0, 1, texts.say("title.functions"), styles.title)
        page.write_string(1, 1, texts.say("title.functions.about"), styles.quiet)
        row = 3
        for category in Category:
            page.write_string(row, 1, str(category).capitalize(), styles.heading)
            for across, head in enumerate(_HEADS, start=1):
                page.write_string(row + 1, across, texts.say(head), styles.head())
            row += 2
            for entry in CATALOGUE:
                if entry.category is category:
                    for across, text in enumerate(_texts_of(entry), start=1):
                        page.write_string(row, across, text, styles.wrapped)
                    row += 1
            row += 1
    return buffer.getvalue()


def _texts_of(entry: CatalogueEntry) -> tuple[str, str, str, str]:
    arguments = "\n".join(f"{one.name}: {one.description}" for one in entry.parameters)
    return entry.signature, entry.summary, arguments, entry.example
