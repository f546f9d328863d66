"""Makes the ready workbook of each layout: ``python -m tests.ready_workbooks`` writes them anew.

They show what a layout looks like before any orders are at hand, on a small simulated shop.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from clv_xl.cli import main
from clv_xl.models.simulated_shop import simulate_shop
from clv_xl.workbooks.templates import layout_names

FOLDER = Path(__file__).parents[1] / "workbook_templates"
CUSTOMERS, SEED = 260, 11


def write_ready_workbooks(folder: Path) -> list[Path]:
    """Write the ready workbook of every layout into a folder."""
    shop = simulate_shop(CUSTOMERS, seed=SEED)
    written = []
    with TemporaryDirectory() as scratch:
        orders, spend = Path(scratch) / "orders.csv", Path(scratch) / "spend.csv"
        shop.orders.to_csv(orders, index=False)
        shop.spend.to_csv(spend, index=False)
        for layout in layout_names():
            target = folder / f"{layout}.xlsx"
            words = ["dashboard", str(orders), "-o", str(target), "--layout", layout]
            words += ["--spend", str(spend), "--margin-rate", str(shop.margin_rate)]
            words += ["--segment", "channel", "--title", "A small simulated shop"]
            if main(words):
                raise SystemExit(1)
            written.append(target)
    return written


if __name__ == "__main__":
    write_ready_workbooks(FOLDER)
    sys.exit(0)
