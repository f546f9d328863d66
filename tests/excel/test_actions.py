"""The ribbon's actions on workbook files."""

import sys
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from clv_xl.catalogue import CATALOGUE
from clv_xl.excel.actions.perform import ACTIONS, perform
from clv_xl.excel.file_book.book import FileBook
from tests.excel.refreshed_shop import EARLIER, LATER, Shop, parts, shop_in
from tests.proof import office, rules, sdk


@dataclass(frozen=True)
class Done:
    """What an action said, and where the log of mistakes is."""

    book: FileBook
    log: Path

    @property
    def said(self) -> str:
        (message,) = self.book.messages
        return message


def run(action: str, path: Path) -> Done:
    book, log = FileBook.at(path), path.parent / "clv_xl.log"
    perform(action, book, log)
    return Done(book, log)


def orders_workbook(path: Path, table: str = "", orders: pd.DataFrame = EARLIER) -> Path:
    """Write orders into a workbook, as a table if it has a name."""
    with pd.ExcelWriter(path, engine="xlsxwriter", datetime_format="yyyy-mm-dd") as writer:
        orders.to_excel(writer, sheet_name="Log", index=False)
        if table:
            headers = [{"header": header} for header in orders.columns]
            last = len(orders.columns) - 1
            options = {"name": table, "columns": headers}
            writer.sheets["Log"].add_table(0, 0, len(orders), last, options)
    return path


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return shop_in(tmp_path, EARLIER)


def test_a_refresh_says_from_what_it_was_made_and_up_to_when(shop: Shop) -> None:
    shop.keep(LATER)
    done = run("refresh_report", shop.workbook)
    assert done.said.startswith("Refreshed from orders.csv: 249 customers, 989 orders up to 20")
    assert not done.log.exists()


@pytest.mark.parametrize("table", ["Orders", "Sales 2024".replace(" ", "_"), ""])
def test_a_new_dashboard_lies_beside_its_orders_and_can_be_refreshed(
    table: str, tmp_path: Path
) -> None:
    path = orders_workbook(tmp_path / "shop.xlsx", table)
    before = path.read_bytes()

    done = run("new_dashboard", path)

    where = f"the table {table}" if table else "the sheet Log"
    assert done.said.startswith(f"shop dashboard.xlsx is made of {where}: ")
    assert done.book.opened == [tmp_path / "shop dashboard.xlsx"]
    assert path.read_bytes() == before
    orders_workbook(path, table, LATER)
    again = run("refresh_report", tmp_path / "shop dashboard.xlsx")
    assert again.said.startswith("Refreshed from shop.xlsx: 249 customers, 989 orders")
    assert run("new_dashboard", path).said.startswith("shop dashboard 2.xlsx is made")


def test_data_are_checked_on_a_sheet_of_their_own_which_is_replaced(tmp_path: Path) -> None:
    path = orders_workbook(tmp_path / "shop.xlsx", "Orders")
    untouched = {name: data for name, data in parts(path).items() if "sheet1.xml" in name}

    done = run("check_data", path)

    assert done.said.startswith("the table Orders in shop.xlsx: data 99/100; the sheet Data check")
    book = office.opened(path)
    assert book.sheetnames == ["Log", "Data check"]
    shown = [str(c.value) for row in book["Data check"].iter_rows() for c in row if c.value]
    assert "Rows read" in shown
    assert "status cancelled" in shown
    assert book["Data check"].column_dimensions["B"].width == pytest.approx(60)
    assert sdk.errors(path) == []
    assert rules.violations(path) == []
    assert {name: parts(path)[name] for name in untouched} == untouched
    orders_workbook(path, "Orders", LATER)
    run("check_data", path)
    run("check_data", path)
    assert office.opened(path).sheetnames == ["Log", "Data check"]


def test_a_dashboard_without_orders_is_not_taken_for_orders(shop: Shop) -> None:
    before = shop.workbook.read_bytes()
    for action in ("check_data", "new_dashboard"):
        done = run(action, shop.workbook)
        assert "dashboard.xlsx holds a dashboard but no orders" in done.said
    assert shop.workbook.read_bytes() == before


def test_every_function_is_listed_with_its_arguments(tmp_path: Path) -> None:
    path = orders_workbook(tmp_path / "shop.xlsx")

    said = run("show_functions", path).said

    assert said == f"The sheet CLV functions lists {len(CATALOGUE)} functions."
    page = office.opened(path)["CLV functions"]
    whole = page.sheet_properties.pageSetUpPr
    assert whole is not None
    assert whole.fitToPage
    assert (page.page_setup.orientation, page.page_setup.fitToHeight) == ("landscape", 0)
    shown = {str(cell.value) for row in page.iter_rows() for cell in row}
    assert {entry.signature for entry in CATALOGUE} <= shown
    assert {entry.example for entry in CATALOGUE} <= shown
    assert not any(cell.data_type == "f" for row in page.iter_rows() for cell in row)
    assert sdk.errors(path) == []


def test_a_frozen_copy_lies_beside_and_does_not_touch_the_original(shop: Shop) -> None:
    before = shop.workbook.read_bytes()

    done = run("freeze_copy", shop.workbook)

    assert done.said == "dashboard frozen.xlsx is written."
    assert shop.workbook.read_bytes() == before
    copy = shop.folder / "dashboard frozen.xlsx"
    assert office.differences(copy) == []
    assert office.formula_count(copy) == office.formula_count(shop.workbook)


def test_the_check_up_says_what_fits_and_what_to_do(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = (
        SimpleNamespace(name="Python", ok=True, finding="3.12", remedy=""),
        SimpleNamespace(name="Add-in", ok=False, finding="none", remedy="install it"),
    )
    doctor = SimpleNamespace(examine=lambda: checks)
    monkeypatch.setitem(sys.modules, "clv_xl.excel.doctor", doctor)
    said = run("check_install", shop.workbook).said
    assert said == "✓ Python: 3.12\n✗ Add-in: none\n   install it\n1 of 2 need attention."


def test_an_error_is_a_sentence_and_a_line_in_the_log_and_nothing_changes(shop: Shop) -> None:
    (shop.folder / "orders.csv").unlink()
    before = shop.workbook.read_bytes()

    done = run("refresh_report", shop.workbook)

    assert done.said.startswith("orders.csv, from which dashboard.xlsx was made, is not beside it")
    assert done.said.endswith(".")
    (line,) = done.log.read_text().splitlines()
    assert "WARNING refresh_report, dashboard.xlsx: orders.csv, from which" in line
    assert shop.workbook.read_bytes() == before


def test_a_mistake_of_our_own_is_a_sentence_too_and_the_log_has_the_details(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> str:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr("clv_xl.excel.actions.perform.ACTIONS", {"refresh_report": broken})
    done = run("refresh_report", shop.workbook)
    assert "mistake of clv_xl itself (ZeroDivisionError: by nothing)" in done.said
    assert str(done.log) in done.said
    assert "Traceback" in done.log.read_text()


def test_the_status_bar_tells_what_is_done_and_is_empty_afterwards(shop: Shop) -> None:
    book, shown = FileBook.at(shop.workbook), list[str | None]()
    book.shown = shown.append
    perform("refresh_report", book, shop.folder / "log")
    assert shown[:3] == ["Reading orders", "Fitting models", "Writing workbook"]
    assert shown[-1] is None


def test_the_actions_are_those_of_the_ribbon() -> None:
    from clv_xl.excel import ribbon  # noqa: PLC0415 - only looked at here

    assert all(callable(getattr(ribbon, action)) for action in ACTIONS)
    assert len(ACTIONS) == 7
