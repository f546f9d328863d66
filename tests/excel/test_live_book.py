"""The actions on a workbook that is open in Excel, through the real xlwings."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
import xlwings
from hypothesis import given
from xlwings.constants import PageOrientation

from clv_xl.errors import SourceError
from clv_xl.excel import ribbon
from clv_xl.excel.actions.perform import perform
from clv_xl.excel.file_book.book import FileBook
from clv_xl.excel.live_book.active import active_book
from clv_xl.excel.live_book.book import LiveBook
from clv_xl.excel.live_book.cells import cells_of_range, contents
from clv_xl.excel.live_book.moves import Mover
from clv_xl.excel.live_book.state import State
from clv_xl.workbooks.cells import Cell, attributes_of
from clv_xl.workbooks.moves import Move
from clv_xl.workbooks.style_sheet import StyleSheet
from tests.excel.excel_stand_in import Book, opened
from tests.excel.refreshed_shop import (
    EARLIER,
    FIRST_MONTH,
    FIRST_YEAR,
    LATER,
    Shop,
    allowed,
    charts_of,
    names_of,
    shop_in,
    tables_of,
    unlike,
)
from tests.excel.test_actions import orders_workbook
from tests.excel.user_edits import Edits
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


def drawn(path: Path) -> dict[str, tuple[object, list[object]]]:
    """Return the charts that can be seen, and their ranges."""
    every = charts_of(path).items()
    return {name: (at, [one for one in said if "!" in str(one)]) for name, (at, said) in every}


def test_a_live_chart_is_hidden_while_it_has_no_values_and_drawn_once_it_has(
    tmp_path: Path,
) -> None:
    shop = shop_in(tmp_path, FIRST_MONTH)
    shop.keep(LATER)
    run("refresh_report", shop).save_as(shop.workbook)
    fresh = shop.fresh()
    assert drawn(shop.workbook) == drawn(fresh)

    shop.keep(FIRST_MONTH)
    excel = run("refresh_report", shop)
    excel.save_as(shop.workbook)

    (said,) = excel.app.alerts
    assert "The chart clv retention has no values: it is hidden until" in said
    assert set(charts_of(shop.workbook)) == {"clv whale", "clv segments", "clv tiers"}
    shop.keep(LATER)
    run("refresh_report", shop).save_as(shop.workbook)
    again, made = drawn(shop.workbook), drawn(fresh)
    # The stand-in knows no pixels: where a chart hangs whose rows were gone, it cannot say.
    assert again.pop("clv tracking")[1] == made.pop("clv tracking")[1]
    assert again == made


def test_a_protected_sheet_is_named_and_the_workbook_stays(shop: Shop) -> None:
    edits = Edits(shop.workbook)
    edits.replace(
        edits.part_of("RFM"), "</sheetData>", '</sheetData><sheetProtection sheet="1" objects="1"/>'
    )
    edits.save(shop.workbook)
    book, excel = opened(shop.workbook)
    before = state(excel)

    perform("refresh_report", LiveBook(book), shop.folder / "log")

    (said,) = excel.app.alerts
    assert "RFM may be in the way: take the protection of these sheets off" in said
    assert state(excel) == before


def test_a_chart_that_excel_does_not_copy_is_told(tmp_path: Path) -> None:
    shop = shop_in(tmp_path, FIRST_MONTH)
    shop.keep(LATER)
    book, excel = opened(shop.workbook)
    excel.app.fails_at = "paste"

    perform("refresh_report", LiveBook(book), shop.folder / "log")

    (said,) = excel.app.alerts
    assert "The chart clv retention has values now and could not be drawn here" in said
    assert said.startswith("Refreshed from orders.csv")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = shop_in(tmp_path, EARLIER)
    shop.keep(FIRST_YEAR)
    return shop


def state(excel: Book) -> dict[str, object]:
    """Return what a workbook says: the contents of all cells, names and tables."""
    file = excel.file
    excel.name_columns()
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
    texts = {part: file.parts.package.text(part) for part in file.parts.package.parts}
    looks = {
        f"{name}!{number}": row for name in file.sheets() for number, row in looks_of(file, name)
    }
    return {
        "cells": filled, "looks": looks, "names": dict(file.names()), "tables": dict(file.tables()),
        "charts": [text for part, text in texts.items() if part.startswith("xl/drawings/")],
    }  # fmt: skip


def looks_of(file: FileBook, sheet: str) -> Iterator[tuple[int, object]]:
    """Walk over the rows of a sheet: the height of each, and what its cells look like."""
    for number, row in file.parts.sheet(sheet).rows.items():
        styles = {at: cell.style for at, cell in row.cells.items()}
        looks = {at: look_of(file.parts.styles, style) for at, style in styles.items() if style}
        height = re.findall(r' ht="[^"]*"', row.attributes)
        if looks or height:
            yield number, (height, looks)


def look_of(styles: StyleSheet, style: str) -> tuple[object, ...]:
    """Return the font, the fill, the border and the number format that a style stands for."""
    element = styles.listed("cellXfs", "xf")[int(style)]
    said = attributes_of(element.partition(">")[0])
    groups = {"fontId": ("fonts", "font"), "fillId": ("fills", "fill")}
    groups["borderId"] = ("borders", "border")
    parts = [styles.listed(*group)[int(said.get(key, "0"))] for key, group in groups.items()]
    return (*parts, said.get("numFmtId", "0"), re.findall(r"<alignment[^>]*>", element))


@pytest.mark.parametrize("step", ["insert", "delete", "write 1", "write 5", "write 30", "write 90"])
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


class Grid:
    """A small sheet, whose cells are put in and taken out as in Excel."""

    def __init__(self) -> None:
        self.cells = {(row, column): f"{row} {column}" for row in range(1, 40) for column in SIDE}

    def range(self, first: tuple[int, int], last: tuple[int, int]) -> "GridRange":
        return GridRange(self, first, last)


SIDE = range(1, 40)


class GridRange:
    """Some cells of it."""

    def __init__(self, grid: Grid, first: tuple[int, int], last: tuple[int, int]) -> None:
        self.grid, self.first, self.last = grid, first, last

    def insert(self, shift: str) -> None:
        self._shift(shift == "down", 1)

    def delete(self, shift: str) -> None:
        held = self.grid.cells
        (top, left), (bottom, right) = self.first, self.last
        inside = [(r, c) for r, c in held if top <= r <= bottom and left <= c <= right]
        for place in inside:
            del held[place]
        self._shift(shift == "up", -1)

    def _shift(self, upright: bool, sign: int) -> None:  # noqa: FBT001 - of these two only
        (top, left), (bottom, right) = self.first, self.last
        by = sign * (bottom - top + 1 if upright else right - left + 1)
        moved = {}
        for (row, column), what in self.grid.cells.items():
            beside = left <= column <= right if upright else top <= row <= bottom
            beyond = row >= top if upright else column >= left
            down, across = (by, 0) if upright else (0, by)
            there = (row + down, column + across) if beside and beyond else (row, column)
            moved[there] = what
        self.grid.cells = moved


@given(moves())
def test_cells_move_as_they_do_in_a_file_and_back(move: Move) -> None:
    grid, before = Grid(), Grid().cells
    undo: list[Callable[[], None]] = []

    Mover(grid, undo, None).move(move)

    for (row, column), what in before.items():
        there = move.cell(row, column)
        if there is not None and max(row, column) <= SMALLER:
            assert grid.cells[there] == what
    for step in reversed(undo):
        step()
    kept = {place: what for place, what in before.items() if move.cell(*place) is not None}
    assert {place: what for place, what in grid.cells.items() if place in kept} == kept


SMALLER = 20
"""Rows and columns up to here stay on the small sheet, however far they move."""


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
