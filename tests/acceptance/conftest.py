"""What the acceptance tests share: the demo, run once, and a small order log."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.acceptance.command import done


@dataclass(frozen=True, slots=True)
class Demo:
    """What `clv-xl demo` wrote and printed."""

    workbook: Path
    orders: Path
    spend: Path
    printed: str


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Run the demo once for all tests."""
    folder = tmp_path_factory.mktemp("demo")
    workbook = folder / "demo.xlsx"
    printed = done("demo", "-o", workbook, "--data", folder / "shop")
    return Demo(workbook, folder / "shop/orders.csv", folder / "shop/spend.csv", printed)


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    """Write sixty plain orders of seven customers over a year."""
    path = tmp_path / "orders.csv"
    lines = [f"C{n % 7},2024-{1 + n % 12:02d}-15,{10 + n}" for n in range(60)]
    path.write_text("\n".join(["customer,date,amount", *lines, ""]))
    return path
