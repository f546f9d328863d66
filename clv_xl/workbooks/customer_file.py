"""The list of customers as a workbook of its own: one sheet, one Excel table."""

from io import BytesIO
from typing import BinaryIO, Literal

import pandas as pd
import xlsxwriter

from clv_xl.reports.report import Format
from clv_xl.workbooks.big_tables import Column, splice_rows
from clv_xl.workbooks.own_files import CREATED
from clv_xl.workbooks.styles import Styles
from clv_xl.workbooks.templates import load_texts

_RUN_BY_SPREADSHEETS = r"\s*[=+\-@\t\r＝＋－＠]"
_NUMBER = r"[+-]?[\d.,\s]+"
_SHOWN_AS = {"text": Format.TEXT, "number": Format.NUMBER, "date": Format.DATE}


def write_customer_workbook(frame: pd.DataFrame, target: BinaryIO) -> None:
    """Write a frame of customers as an ``.xlsx`` file with the table Customers."""
    kinds = {str(name): _kind(frame[name]) for name in frame.columns}
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": CREATED})
        styles, page = Styles(book, load_texts()), book.add_worksheet("Customers")
        headers = [{"header": name, "header_format": styles.head()} for name in kinds]
        page.add_table(0, 0, 1, len(kinds) - 1, {"name": "Customers", "columns": headers})
        page.set_column_pixels(0, len(kinds) - 1, 120)
        for position, kind in enumerate(kinds.values()):
            page.write_blank(1, position, None, styles.number(_SHOWN_AS[kind]))
        page.freeze_panes(1, 1)
    columns = [Column(frame[name], kind) for name, kind in kinds.items()]
    splice_rows(buffer, target, sheet="Customers", table="Customers", columns=columns)


def _kind(column: pd.Series) -> Literal["text", "number", "date"]:
    if column.dtype.kind == "M":
        return "date"
    return "number" if column.dtype.kind in "iuf" else "text"


def disarmed(frame: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Return a frame for a CSV file, and how many texts an apostrophe keeps from being formulas.

    A CSV file has no text cells: a spreadsheet runs whatever begins like a formula.
    """
    safe, count = frame.copy(), 0
    for name in frame.columns:
        if _kind(frame[name]) != "text":
            continue
        text = frame[name].fillna("").astype(str)
        armed = text.str.match(_RUN_BY_SPREADSHEETS) & ~text.str.fullmatch(_NUMBER)
        safe[name] = text.where(~armed, "'" + text)
        count += int(armed.sum())
    return safe, count
