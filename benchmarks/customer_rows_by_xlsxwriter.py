"""The rows of the customers sheet of a dashboard, written by XlsxWriter as its users would."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeAlias

import xlsxwriter

Row: TypeAlias = list[str | float | date | None]
ROWS_FILE, SHEET = "customer_rows.json", "Customers"


def written(_size: int, folder: Path) -> Callable[[], object]:
    """Write the rows with the same headers and number formats, as a table."""
    taken = json.loads((folder / ROWS_FILE).read_text())
    days = [place for place, shown in enumerate(taken["formats"]) if "yy" in shown]
    for row in taken["rows"]:
        for place in days:
            row[place] = date.fromisoformat(row[place]) if row[place] else None
    return lambda: _write(folder / "rows.xlsx", **taken)


def _write(target: Path, headers: list[str], formats: list[str], rows: list[Row]) -> None:
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False}) as book:
        page = book.add_worksheet(SHEET)
        shapes = [book.add_format({"num_format": shown}) for shown in formats]
        columns = [{"header": header} for header in headers]
        page.add_table(0, 0, len(rows), len(headers) - 1, {"name": SHEET, "columns": columns})
        for number, row in enumerate(rows, start=1):
            for place, (value, shape) in enumerate(zip(row, shapes, strict=True)):
                if value is None or value == "":
                    page.write_blank(number, place, None, shape)
                elif isinstance(value, str):
                    page.write_string(number, place, value, shape)
                elif isinstance(value, date):
                    page.write_datetime(number, place, value, shape)
                else:
                    page.write_number(number, place, value, shape)
