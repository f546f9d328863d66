"""The actions on a workbook that is open in Excel, through the real xlwings."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import xlwings
from hypothesis import given
from xlwings.constants import PageOrientation

from clv_xl.errors import SourceError
from clv_xl.excel import ribbon
from clv_xl.excel.actions.perform import perform
from clv_xl.excel.live_book.active import active_book
from clv_xl.excel.live_book.book import LiveBook
from clv_xl.excel.live_book.cells import cells_of_range, contents
from clv_xl.excel.live_book.moves import inverse
from clv_xl.excel.live_book.state import State
from clv_xl.workbooks.cells import Cell
from clv_xl.workbooks.moves import Move
from tests.excel.excel_stand_in import Book, opened
from tests.excel.refreshed_shop import (
    EARLIER,
    FIRST_YEAR,
    LATER,
    Shop,
    allowed,
    names_of,
    shop_in,
    tables_of,
    unlike,
)
from tests.excel.test_actions import orders_workbook
from tests.proof import office, sdk
from tests.workbooks.test_moves import moves


@pytest.fixture(autouse=True)
def engines_as_before() -> Iterator[None]:
    """Let xlwings know afterwards only the programs that it knew before."""
    active, known = xlwings.engines.active, list(xlwings.engines.engines)
    yield
    xlwings.engines.active = active
    xlwings.engines.engines[:] = known


def run(action: str, shop: Shop) -> Book:
    book, excel = opened(shop.workbook)
    perform(action, LiveBook(book), shop.folder / "clv_xl.log")
    return excel


@pytest.mark.parametrize(
    ("before", "after"),
    [(EARLIER, LATER), (LATER, EARLIER), (FIRST_YEAR, LATER), (LATER, FIRST_YEAR)],
    ids=["later", "earlier", "much later", "much earlier"],
)
def test_a_live_refresh_makes_the_workbook_that_would_be_made(
    before: object, after: object, tmp_path: Path
) -> None:
    shop = shop_in(tmp_path, before)  # type: ignore[arg-type] # frames
    shop.keep(after)  # type: ignore[arg-type]
    fresh = shop.fresh()

    excel = run("refresh_report", shop)

    (said,) = excel.app.alerts
    assert said.startswith("Refreshed from orders.csv: "), said
    excel.save_as(shop.folder / "saved.xlsx")
    assert names_of(shop.folder / "saved.xlsx") == names_of(fresh)
    assert tables_of(shop.folder / "saved.xlsx") == tables_of(fresh)
    calculated = office.recalculated(shop.folder / "saved.xlsx")
    assert set(unlike(calculated, office.opened(fresh, values=True))) <= allowed(fresh)
    assert sdk.errors(shop.folder / "saved.xlsx") == []


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = shop_in(tmp_path, EARLIER)
    shop.keep(FIRST_YEAR)
    return shop


def state(excel: Book) -> dict[str, object]:
    """Return what a workbook says: the contents of all cells, names and tables."""
    file = excel.file
    cells = {
        f"{name}!{number}": {
            column: (cell.formula, None if cell.formula else cell.value)
            for column, raw in sorted(row.cells.items())
            if not (cell := file.parts.content_of(name, number, column, raw)).blank
        }
        for name in file.sheets()
        for number, row in file.parts.sheet(name).rows.items()
    }
    filled = {place: row for place, row in cells.items() if row}
    return {"cells": filled, "names": dict(file.names()), "tables": dict(file.tables())}


@pytest.mark.parametrize("step", ["insert", "delete", "write 1", "write 5", "write 30"])
def test_what_was_written_is_taken_back_where_excel_fails(step: str, shop: Shop) -> None:
    if step == "insert":
        shop.make("dashboard.xlsx")
        shop.keep(LATER)
    book, excel = opened(shop.workbook)
    before = state(excel)
    excel.app.fails_at = step
    names: list[str] = []

    class Once(LiveBook):
        """Let Excel fail once, and not again while everything is put back."""

        def _take_back(self, was: State) -> None:
            excel.app.fails_at = None
            names.append(self.name)
            super()._take_back(was)

    perform("refresh_report", Once(book), shop.folder / "log")

    (said,) = excel.app.alerts
    assert f"StandInError: Excel says no to the {step.split(maxsplit=1)[0]}" in said
    assert names == ["dashboard.xlsx"]
    assert state(excel) == before
    assert excel.app.screen_updating is True
    assert excel.app.status_bar is False


def test_on_the_same_orders_only_the_time_is_written(tmp_path: Path) -> None:
    shop = shop_in(tmp_path, EARLIER)
    book, excel = opened(shop.workbook)
    before = state(excel)

    perform("refresh_report", LiveBook(book), shop.folder / "log")

    after = state(excel)
    assert before["names"] == after["names"]
    assert before["tables"] == after["tables"]
    ours, theirs = before["cells"], after["cells"]
    assert isinstance(ours, dict)
    assert isinstance(theirs, dict)
    (different,) = [place for place in theirs if ours.get(place) != theirs[place]]
    assert different.startswith("Assumptions!")
    assert len(excel.app.writes) == 1


def test_what_excel_would_guess_is_written_as_a_text() -> None:
    cells = [[Cell(None, "=1+1"), Cell(None, "00123"), Cell(None, 1.5), Cell("A1*2", 3.0), Cell()]]
    assert contents(cells) == [["'=1+1", "'00123", 1.5, "=A1*2", ""]]


def test_what_excel_says_is_read_as_cells() -> None:
    formulas = [["=A1*2", "=1+1", "5", "x", "", "=B1"]]
    values = [[3.0, "=1+1", 5.0, "x", None, "#N/A"]]
    (row,) = cells_of_range(formulas, values)
    assert list(row) == [
        Cell("A1*2", 3.0),
        Cell(None, "=1+1"),
        Cell(None, 5.0),
        Cell(None, "x"),
        Cell(),
        Cell("B1", "#N/A", error=True),
    ]
    day = datetime.fromisoformat("2023-03-15")
    assert cells_of_range([["45000"]], [[day]])[0][0].value == 45000


@given(moves())
def test_a_move_is_taken_back_by_its_inverse(move: Move) -> None:
    for row in range(move.area.top, min(move.area.top + 4, move.area.bottom) + 1):
        there = move.cell(row, move.area.left)
        if there is not None:
            assert inverse(move).cell(*there) == (row, move.area.left)


def test_the_buttons_work_on_the_active_workbook(shop: Shop) -> None:
    _, excel = opened(shop.workbook)

    for action in (ribbon.refresh_report, ribbon.show_functions, ribbon.freeze_copy):
        action()

    refreshed, functions, frozen = excel.app.alerts
    assert refreshed.startswith("Refreshed from orders.csv")
    assert functions.startswith("The sheet CLV functions lists")
    assert frozen.startswith("dashboard frozen.xlsx is written")
    assert (shop.folder / "dashboard frozen.xlsx").exists()
    assert "CLV: Reading orders …" in excel.app.shown
    assert excel.app.status_bar is False


def test_an_added_sheet_is_printed_as_wide_as_a_page(shop: Shop) -> None:
    _, excel = opened(shop.workbook)

    ribbon.show_functions()

    setup = excel.page_setups["CLV functions"]
    assert (setup.Zoom, setup.FitToPagesWide, setup.FitToPagesTall) == (False, 1, False)
    assert setup.Orientation == PageOrientation.xlLandscape


def test_of_two_excels_the_one_whose_button_was_pressed_is_served(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pressed, excel = opened(shop.workbook)
    _, other = opened(orders_workbook(tmp_path / "other.xlsx", "Orders"))
    monkeypatch.setattr(xlwings.Book, "_mock_caller", pressed, raising=False)

    ribbon.show_functions()

    assert len(excel.app.alerts) == 1
    assert other.app.alerts == []


def test_without_excel_there_is_no_active_workbook(shop: Shop) -> None:
    _, excel = opened(shop.workbook)
    excel.app.engine.apps.clear()

    with pytest.raises(SourceError, match="no Excel is running"):
        active_book()


def test_where_a_chart_fills_the_active_sheet_the_first_worksheet_counts(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    book, excel = opened(shop.workbook)
    worksheets = excel.file.sheets()
    monkeypatch.setattr(excel.parts.__class__, "active_sheet", "Chart1")

    assert LiveBook(book).active_sheet == next(iter(worksheets))


def test_a_new_dashboard_is_opened_in_excel_and_data_are_checked(tmp_path: Path) -> None:
    path = orders_workbook(tmp_path / "shop.xlsx", "Orders")
    book, excel = opened(path)

    perform("check_data", LiveBook(book), tmp_path / "log")
    perform("new_dashboard", LiveBook(book), tmp_path / "log")

    checked, made = excel.app.alerts
    assert checked.startswith("the table Orders in shop.xlsx: data 99/100")
    assert made.startswith("shop dashboard.xlsx is made of the table Orders")
    assert [one.name for one in excel.app.books.opened] == ["shop.xlsx", "shop dashboard.xlsx"]
    assert "Data check" in excel.file.sheets()
