"""Takes the rows of the customers sheet out of the finished dashboard, for a peer to write."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from python_calamine import load_workbook

from benchmarks.dashboards import DASHBOARD

ROWS_FILE, SHEET = "customer_rows.json", "Customers"


def rows_file(_size: int, folder: Path) -> Callable[[], object]:
    """Make a file of the rows, with their headers and number formats."""
    return lambda: (folder / ROWS_FILE).write_text(json.dumps(_taken(folder / DASHBOARD)))


def _taken(dashboard: Path) -> dict[str, Any]:
    headers, *rows = load_workbook(dashboard).get_sheet_by_name(SHEET).iter_rows()
    sheet = openpyxl.load_workbook(dashboard, read_only=True)[SHEET]
    formats = [cell.number_format for cell in next(sheet.iter_rows(2, 2))]
    plain = [[str(v) if isinstance(v, date) else v for v in row] for row in rows]
    return {"headers": headers, "formats": formats, "rows": plain}
