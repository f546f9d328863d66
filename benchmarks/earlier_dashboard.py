"""A dashboard as it was before the newest orders came in, for a refresh to be measured on."""

from collections.abc import Callable
from pathlib import Path

from benchmarks.simulated import ORDERS_FILE, orders
from clv_xl.cli import main

REFRESHED = "refreshed.xlsx"
NEWEST_DAYS = 60


def dashboard_file(size: int, folder: Path) -> Callable[[], object]:
    """Make a dashboard of all but the newest orders, then the file of all of them beside it."""
    return lambda: _make(size, folder)


def _make(size: int, folder: Path) -> None:
    every = orders(size, size // 3)
    last = every["date"].max()
    earlier = every[(last - every["date"]).dt.days > NEWEST_DAYS]
    earlier.to_csv(folder / ORDERS_FILE, index=False)
    words = ["dashboard", str(folder / ORDERS_FILE), "-o", str(folder / REFRESHED)]
    if main([*words, "--segment", "channel", "--margin-rate", "0.4", "--cac", "25"]):
        raise SystemExit(1)
    every.to_csv(folder / ORDERS_FILE, index=False)
