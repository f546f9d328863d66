"""A skeleton with a big table, rows to splice into it, and what readers read of them."""

import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
import xlsxwriter
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from clv_xl.errors import DataError
from clv_xl.workbooks.big_tables import Column, splice_rows
from clv_xl.workbooks.sheet_xml import column_letters

HEADERS = ["customer", "since", "orders", "revenue & co", "segment"]
SHEET, TABLE = "It's big", "Customers"
KINDS: dict[str, Any] = {"customer": "text", "since": "date", "segment": "text"}


def skeleton(
    headers: Sequence[str] = HEADERS, *, draw: Callable[[xlsxwriter.Workbook], None] | None = None
) -> io.BytesIO:
    """A workbook with a board, one name for the table, and the table with one data row."""
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2025, 1, 1, tzinfo=UTC)})
        board = book.add_worksheet("Board")
        board.write_formula("A1", f"=ROWS({TABLE}[{headers[0]}])", None, 4)
        sheet = book.add_worksheet(SHEET)
        sheet.add_table(
            0, 0, 1, len(headers) - 1, {"name": TABLE, "columns": [{"header": h} for h in headers]}
        )
        formats = {"since": "yyyy-mm-dd", "revenue & co": "#,##0.00"}
        for position, header in enumerate(headers):
            shape = book.add_format({"num_format": formats.get(header, "General")})
            sheet.write_blank(1, position, None, shape if header in formats else None)
        sheet.set_row(1, 21)
        last = column_letters(len(headers))
        book.define_name("everyone", f"='It''s big'!$A$1:${last}$2")
        book.define_name("heads", f"='It''s big'!$A$1:${last}$1")
        if draw:
            draw(book)
    return memory


def mixed(rows: int = 4) -> pd.DataFrame:
    random = np.random.default_rng(1)
    since = np.datetime64("2020-02-28") + random.integers(0, 2_000, rows)
    return pd.DataFrame(
        {
            "customer": [f"C{number} <{'é' * (number % 3)}>" for number in range(rows)],
            "since": since.astype("datetime64[D]"),
            "orders": random.integers(0, 2**40, rows),
            "revenue & co": random.normal(0, 1e6, rows),
            "segment": random.choice(np.array(["new", "A & B", " at risk"]), rows),
        }
    )


def columns_of(frame: pd.DataFrame) -> list[Column]:
    return [
        Column(frame[header], KINDS.get(header, "number")) for header in map(str, frame.columns)
    ]


def spliced(columns: Sequence[Column], headers: Sequence[str] = HEADERS) -> bytes:
    target = io.BytesIO()
    splice_rows(skeleton(headers), target, sheet=SHEET, table=TABLE, columns=columns)
    return target.getvalue()


def sheet_of(book: bytes) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(book))[SHEET]


def read_back(values: Any, kind: Any) -> list[Any]:  # noqa: ANN401 - what a test hands over
    book = spliced([Column(values, kind)], ["only"])
    return [cell.value for (cell,) in sheet_of(book).iter_rows(min_row=2)]


def calamine_texts(book: bytes) -> list[str]:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_name(SHEET).to_python()
    return [str(row[0]) for row in rows[1:]]


def refused(values: Any, kind: Any) -> str:  # noqa: ANN401 - what a test hands over
    target = io.BytesIO()
    with pytest.raises(DataError) as caught:
        splice_rows(
            skeleton(["only"]), target, sheet=SHEET, table=TABLE, columns=[Column(values, kind)]
        )
    assert target.getvalue() == b"", "nothing is written when a value is refused"
    return str(caught.value)
