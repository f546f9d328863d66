"""Outputs: what is replaced without a word, and what is not."""

from pathlib import Path

import openpyxl
import pytest

from tests.acceptance.command import done, refused
from tests.excel.refreshed_shop import EARLIER, Shop, shop_in


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return shop_in(tmp_path, EARLIER)


def edited(path: Path) -> bytes:
    """Save a workbook by another program, with a remark in it."""
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["AA50"] = "call Ann"
    book.save(path)
    return path.read_bytes()


def test_a_dashboard_that_nobody_touched_is_made_anew(shop: Shop) -> None:
    before = shop.workbook.read_bytes()
    done("refresh", shop.workbook)

    done("dashboard", shop.folder / "orders.csv", "-o", shop.workbook)

    assert shop.workbook.read_bytes() != before


def test_a_workbook_that_somebody_changed_is_kept_unless_asked_for(shop: Shop) -> None:
    orders, kept = shop.folder / "orders.csv", edited(shop.workbook)
    commands = (("dashboard", orders), ("summary", orders), ("workbench",), ("demo",))

    for words in commands:
        assert "clv-xl refresh keeps what is in" in refused(*words, "-o", shop.workbook)

    assert shop.workbook.read_bytes() == kept
    done("dashboard", orders, "-o", shop.workbook, "--overwrite")
    assert openpyxl.load_workbook(shop.workbook).worksheets[0]["AA50"].value is None


def test_what_is_no_workbook_at_all_is_kept_too(tmp_path: Path) -> None:
    path = tmp_path / "notes.xlsx"
    path.write_text("my important text")

    assert "none of its files" in refused("workbench", "-o", path)

    assert path.read_text() == "my important text"
