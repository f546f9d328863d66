"""From a file of orders to a dashboard workbook through the command line, by clv_xl.

Nothing else is imported here: the time counts from the start of the process.
"""

from collections.abc import Callable
from pathlib import Path

from benchmarks.cdnow_log import log_file
from clv_xl.cli import main

ORDERS_FILE, DASHBOARD, REFRESHED = "orders.csv", "dashboard.xlsx", "refreshed.xlsx"


def dashboard(_size: int, folder: Path) -> Callable[[], object]:
    """Write the dashboard of the simulated orders."""
    options = ("--segment", "channel", "--margin-rate", "0.4", "--cac", "25")
    return lambda: _written(folder / ORDERS_FILE, folder / DASHBOARD, *options)


def cdnow_dashboard(_size: int, folder: Path) -> Callable[[], object]:
    """Write the dashboard of the whole CDNOW log."""
    return lambda: _written(log_file(), folder / "cdnow.xlsx")


def refresh(_size: int, folder: Path) -> Callable[[], object]:
    """Compute a dashboard anew after two months of new orders, and rewrite it in place."""
    return lambda: _done("refresh", folder / REFRESHED)


def _written(source: Path, target: Path, *options: str) -> None:
    _done("dashboard", source, "-o", target, *options)


def _done(*words: str | Path) -> None:
    code = main([str(word) for word in words])
    if code:
        raise SystemExit(code)
