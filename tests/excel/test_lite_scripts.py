"""The scripts of xlwings Lite on a workbook in memory."""

import datetime as dt
from typing import Any

import pytest

from clv_xl import __version__
from clv_xl.catalogue import CATALOGUE
from clv_xl.excel.lite import scripts
from clv_xl.excel.lite.scripts import CHECK, FUNCTIONS, INPUTS, REPORT
from clv_xl.models.simulated_shop import simulate_shop
from tests.excel.memory_book import MemoryBook

COLUMNS = ["customer_id", "order_date", "amount"]


@pytest.fixture(scope="module")
def rows() -> list[list[Any]]:
    orders = simulate_shop(300, seed=5).orders
    kept = orders[(orders["customer_id"] != "") & (orders["status"] == "completed")]
    days = [moment.to_pydatetime() for moment in kept["order_date"]]
    columns = zip(kept["customer_id"], days, kept["amount"], strict=True)
    return [COLUMNS, *map(list, columns)]


@pytest.fixture
def book(rows: list[list[Any]], monkeypatch: pytest.MonkeyPatch) -> MemoryBook:
    book = MemoryBook("Notes", "Data")
    cells = book.sheets["Data"]
    monkeypatch.setattr(type(cells), "put", _with_dates(type(cells).put))
    cells.add_table("Orders", rows, at=(3, 2))
    book.sheets["Notes"].put(1, 1, "mine")
    return book


def _with_dates(put: Any) -> Any:  # noqa: ANN401
    """Let a sheet hold dates too, as a workbook does that a user has filled."""

    def either(sheet: Any, row: int, column: int, cell: object) -> None:  # noqa: ANN401
        if isinstance(cell, dt.datetime):
            sheet.cells[row, column] = cell
        else:
            put(sheet, row, column, cell)

    return either


def found(book: MemoryBook, sheet: str) -> dict[Any, list[Any]]:
    return {row[0]: row[1:] for row in book.sheets[sheet].rows() if row[0] is not None}


def test_the_report_says_what_the_orders_say_and_stands_on_a_sheet_of_its_own(
    book: MemoryBook,
) -> None:
    scripts.refresh_report(book)

    assert book.told == []
    report = found(book, REPORT)
    assert report["Active customers"][0] > 0
    assert "Revenue of a new customer" in report, "without a margin rate nothing is called CLV"
    assert book.sheets.active.name == REPORT
    assert [sheet.name for sheet in book.sheets] == ["Notes", "Data", REPORT]
    assert book.sheets["Notes"].cells == {(1, 1): "mine"}


def test_what_is_entered_in_the_report_is_kept_and_counts(book: MemoryBook) -> None:
    scripts.refresh_report(book)
    places = {cell: row for (row, column), cell in book.sheets[REPORT].cells.items() if column == 1}
    book.sheets[REPORT].put(places["margin_rate"], 2, 0.4)
    book.sheets[REPORT].put(places["cac"], 2, 30)

    scripts.refresh_report(book)

    report = found(book, REPORT)
    assert report["margin_rate"][0] == 0.4
    assert report["CAC"][0] == 30
    assert report["CLV of a new customer"][0] > 0
    assert len(book.sheets) == 3


def test_a_second_run_on_the_same_orders_changes_nothing(book: MemoryBook) -> None:
    scripts.refresh_report(book)
    before = dict(book.sheets[REPORT].cells)

    scripts.refresh_report(book)

    assert book.sheets[REPORT].cells == before


def test_a_wrong_input_is_told_in_a_sentence_and_the_sheet_stays(book: MemoryBook) -> None:
    scripts.refresh_report(book)
    places = {cell: row for (row, column), cell in book.sheets[REPORT].cells.items() if column == 1}
    book.sheets[REPORT].put(places["margin_rate"], 2, 40)
    before = dict(book.sheets[REPORT].cells)

    scripts.refresh_report(book)
    book.sheets[REPORT].put(places["margin_rate"], 2, "much")
    scripts.refresh_report(book)

    assert book.told == [
        "margin_rate must be at least 0 and at most 1, got 40 (did you mean 0.40?)",
        "margin_rate must be a number, got much",
    ]
    assert set(book.sheets[REPORT].cells) == set(before)


def test_the_data_check_counts_as_the_command_line_does(book: MemoryBook, rows: Any) -> None:  # noqa: ANN401
    scripts.check_data(book)

    check = found(book, CHECK)
    assert check["rows read"][0] == len(rows) - 1
    assert check["score"][1].startswith("of 100; reaches the gate")
    assert check["customers"][0] == len({row[0] for row in rows[1:]})


def test_orders_that_cannot_be_trusted_get_no_report(rows: Any) -> None:  # noqa: ANN401
    book = MemoryBook()
    days = [[row[0], str(row[1])[:10], row[2]] for row in rows[1:90]]
    broken = [COLUMNS, *([*row[:2], row[2] if at % 3 else None] for at, row in enumerate(days))]
    book.sheets.active.add_table("Orders", broken)

    scripts.refresh_report(book)

    assert len(book.told) == 1
    assert "below the gate of 60: the script CLV: check data tells why" in book.told[0]
    assert len(book.sheets) == 1


def test_the_table_named_orders_is_taken_before_others_and_else_the_first_that_fits(
    rows: list[list[Any]],
) -> None:
    few = [[row[0], str(row[1])[:10], row[2]] for row in rows[:11]]
    more = [[row[0], str(row[1])[:10], row[2]] for row in rows[:21]]
    book = MemoryBook("First", "Second")
    book.sheets["First"].add_table("Prices", [["item", "price"], ["tea", 3]])
    book.sheets["First"].add_table("Sales", few, at=(1, 5))
    scripts.check_data(book)
    assert found(book, CHECK)["rows read"][0] == 10

    book.sheets["Second"].add_table("orders", more)
    scripts.check_data(book)
    assert found(book, CHECK)["rows read"][0] == 20


def test_orders_need_no_excel_table_on_the_active_sheet(rows: list[list[Any]]) -> None:
    book = MemoryBook()
    plain = [[row[0], str(row[1])[:10], row[2]] for row in rows[:11]]
    book.sheets.active.range((1, 1), (11, 3)).value = plain

    scripts.check_data(book)

    assert found(book, CHECK)["rows read"][0] == 10


def test_a_workbook_without_orders_is_told_what_is_lacking() -> None:
    book = MemoryBook()
    book.sheets.active.add_table("Prices", [["item", "price"], ["tea", 3]])

    scripts.refresh_report(book)

    assert book.told == [
        "the table Prices has no customer column; it has item, price: name one with --customer"
    ]


def test_the_list_of_functions_holds_examples_as_text(book: MemoryBook) -> None:
    scripts.show_functions(book)

    listed = found(book, FUNCTIONS)
    assert set(listed) == {entry.excel_name for entry in CATALOGUE} | {"function"}
    assert listed["CLV_CAC_RATIO"][3] == "=CLV_CAC_RATIO(900, 300)"


def test_versions_are_told() -> None:
    book = MemoryBook()

    scripts.check_install(book)

    assert book.told[0].startswith(f"clv_xl {__version__}\nPython 3.")
    assert f"{len(CATALOGUE)} functions" in book.told[0]


def test_a_failure_of_ours_is_told_without_a_traceback(
    book: MemoryBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(scripts, "build_report", broken)

    scripts.refresh_report(book)

    assert book.told == ["an error of clv_xl itself (ZeroDivisionError: by zero): please report it"]


def test_every_input_of_the_report_says_what_it_is() -> None:
    assert all(INPUTS.values())
