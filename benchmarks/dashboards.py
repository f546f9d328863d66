"""From a file of orders to a dashboard workbook through the command line, by clv_xl.

Nothing else is imported here: the time counts from the start of the process.
"""

from collections.abc import Callable
from pathlib import Path

from benchmarks.cdnow_log import log_file
from clv_xl.cli import main

ORDERS_FILE, DASHBOARD = "orders.csv", "dashboard.xlsx"


def dashboard(_size: int, folder: Path) -> Callable[[], object]:
    """Write the dashboard of the simulated orders."""
    options = ("--segment", "channel", "--margin-rate", "0.4", "--cac", "25")
    return lambda: _written(folder / ORDERS_FILE, folder / DASHBOARD, *options)


def cdnow_dashboard(_size: int, folder: Path) -> Callable[[], object]:
    """Write the dashboard of the whole CDNOW log."""
    return lambda: _written(log_file(), folder / "cdnow.xlsx")


def _written(source: Path, target: Path, *options: str) -> None:
    code = main(["dashboard", str(source), "-o", str(target), *options])
    if code:
        raise SystemExit(code)
