"""Workbooks: sheets, tables, real dates, ids that are numbers, and two readers that agree."""

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.table import Table

from clv_xl.errors import DataError, SourceError
from clv_xl.sources.columns import ColumnMapping
from clv_xl.sources.order_files import read_orders
from clv_xl.sources.raw_table import RawTable, SourceFile, TableOptions
from clv_xl.sources.vocabulary import ORDER_WORDS, HeaderWords
from clv_xl.sources.workbook_files import read_workbook

_AS_FOUND = TableOptions()
_HEADER = ["Customer ID", "Order date", "Amount"]
_ROWS = [[7, datetime(2024, 1, 5), 12.5], ["007", datetime(2024, 2, 6, 23, 59), 1234]]  # noqa: DTZ001 - a sheet knows no zone


def _book(path: Path, *sheets: tuple[str, Sequence[Sequence[Any]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active or book.create_sheet())
    for name, rows in sheets:
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.save(path)
    book.close()
    return path


def _both(path: Path, options: TableOptions = _AS_FOUND) -> tuple[RawTable, RawTable]:
    file = SourceFile(name=path.name, data=path.read_bytes())
    words = HeaderWords(ORDER_WORDS, (), ("customer", "date"))
    slow = read_workbook(file, options, words, large=10**12)
    return slow, read_workbook(file, options, words, large=0)


def test_a_sheet_of_orders_is_read(tmp_path: Path) -> None:
    read = read_orders(_book(tmp_path / "orders.xlsx", ("Orders", [_HEADER, *_ROWS])))
    assert read.columns.customer.tolist() == ["7", "007"]
    assert [str(day) for day in read.columns.day] == ["2024-01-05", "2024-02-06"]
    assert read.columns.amount is not None
    assert read.columns.amount.tolist() == [12.5, 1234.0]
    assert [str(note) for note in read.notes] == ["Read from sheet Orders."]


def test_both_readers_of_workbooks_read_the_same(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page["B3"], page["C3"], page["D3"], page["E3"] = "customer", "date", "amount", "note"
    kinds: list[tuple[Any, ...]] = [
        ("a", date(2024, 1, 5), 1.1, True),
        (123, datetime(2024, 1, 5, 10, 30, 15), 1e15, None),  # noqa: DTZ001
        (1.5, 45292, 0.1 + 0.2, "=1/0"),
        ("0012", "2024-01-07", -3, "#N/A"),
        (9.0, "12/01/2024", 1e-7, " spaced "),
    ]
    for row, cells in enumerate(kinds, start=4):
        for place, cell in enumerate(cells, start=2):
            page.cell(row, place, cell)
    page["E7"].data_type = "e"
    page["D6"].data_type = "n"
    page["H9"] = "far away"
    book.save(tmp_path / "orders.xlsx")
    slow, fast = _both(tmp_path / "orders.xlsx")
    assert slow.headers == fast.headers == ("", "customer", "date", "amount", "note")
    assert slow.cells.to_numpy().tolist() == fast.cells.to_numpy().tolist()
    assert slow.rows.tolist() == fast.rows.tolist() == [4, 5, 6, 7, 8]
    assert {at: mask.tolist() for at, mask in slow.numbers.items()} == {
        at: mask.tolist() for at, mask in fast.numbers.items()
    }
    assert slow.cells[4].tolist() == ["TRUE", "", "", "#N/A", " spaced "]
    assert slow.cells[1].tolist() == ["a", "123", "1.5", "0012", "9"]
    assert slow.cells[3].iloc[1] == "1.00000000000000E+15"


def test_a_large_workbook_is_read_by_the_fast_reader(tmp_path: Path) -> None:
    rows = [[n, datetime(2024, 1, 1 + n % 28), n / 4] for n in range(200)]  # noqa: DTZ001
    path = _book(tmp_path / "orders.xlsx", ("Orders", [_HEADER, *rows]))
    slow, fast = _both(path)
    assert slow.cells.equals(fast.cells)


def test_an_error_cell_is_an_unreadable_amount_for_both_readers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    rows: list[list[Any]] = [_HEADER, *_ROWS, [3, date(2024, 3, 1), "#DIV/0!"]]
    for row in rows:
        page.append(row)
    page["C4"].data_type = "e"
    book.save(tmp_path / "orders.xlsx")
    slow, fast = _both(tmp_path / "orders.xlsx")
    assert slow.cells[2].tolist() == fast.cells[2].tolist() == ["12.5", "1234", "#DIV/0!"]
    read = read_orders(tmp_path / "orders.xlsx")
    assert read.columns.dropped["amount_not_a_number"].tolist() == [False, False, True]


def test_the_first_sheet_with_orders_is_chosen(tmp_path: Path) -> None:
    path = _book(
        tmp_path / "orders.xlsx",
        ("Cover", [["Report of the shop"], ["as of", date(2024, 5, 1)]]),
        ("Empty", []),
        ("Data", [["Exported by J."], [], _HEADER, *_ROWS]),
        ("Copy", [_HEADER, [9, date(2020, 1, 1), 1]]),
    )
    read = read_orders(path)
    assert read.rows_read == 2
    assert read.columns.first_row == 4
    assert [str(note) for note in read.notes] == [
        "Read from sheet Data.",
        "The header stands in row 3.",
    ]
    assert read_orders(path, ColumnMapping(sheet="copy")).columns.customer.tolist() == ["9"]


def test_an_unknown_sheet_lists_the_sheets(tmp_path: Path) -> None:
    path = _book(tmp_path / "orders.xlsx", ("Data", [_HEADER, *_ROWS]), ("Copy", []))
    with pytest.raises(DataError, match="has no sheet Orders; it has Data, Copy"):
        read_orders(path, ColumnMapping(sheet="Orders"))


@pytest.mark.parametrize("large", [0, 10**12])
def test_an_excel_table_is_read_by_name(tmp_path: Path, large: int) -> None:
    book = openpyxl.Workbook()
    page = book.create_sheet("Data")
    for row in [["title"], ["", *_HEADER], *[["x", *row] for row in _ROWS], ["", "Total", "", 99]]:
        page.append(row)
    table = Table(displayName="tblOrders", ref="B2:D5", totalsRowCount=1)
    page.add_table(table)
    book.save(tmp_path / "orders.xlsx")
    file = SourceFile(name="orders.xlsx", data=(tmp_path / "orders.xlsx").read_bytes())
    found = read_workbook(
        file, TableOptions(table="TBLORDERS"), HeaderWords(ORDER_WORDS), large=large
    )
    assert found.headers == tuple(_HEADER)
    assert found.cells[0].tolist() == ["7", "007"]
    assert found.rows.tolist() == [3, 4]
    with pytest.raises(DataError, match="has no Excel table orders; it has tblOrders"):
        read_workbook(file, TableOptions(table="orders"), HeaderWords(ORDER_WORDS), large=large)


def test_a_sheet_without_header_is_read_by_numbers(tmp_path: Path) -> None:
    path = _book(tmp_path / "orders.xlsx", ("Data", _ROWS))
    read = read_orders(path, ColumnMapping(no_header=True, customer=1, date=2, amount="3"))
    assert read.rows_read == 2
    assert read.columns.first_row == 1


@pytest.mark.parametrize("large", [0, 10**12])
def test_dates_of_a_workbook_from_1904_are_right(tmp_path: Path, large: int) -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    page = book.active
    assert page is not None
    page.append(_HEADER)
    page.append([1, date(2024, 1, 5), 5])
    page.append([1, 43830, 5])  # the day number of 2024-01-01 there
    page["B3"].number_format = "General"
    book.save(tmp_path / "orders.xlsx")
    file = SourceFile(name="orders.xlsx", data=(tmp_path / "orders.xlsx").read_bytes())
    table = read_workbook(file, TableOptions(), HeaderWords(ORDER_WORDS), large=large)
    assert table.date1904
    assert table.cells[1].tolist() == ["2024-01-05", "43830"]
    read = read_orders(tmp_path / "orders.xlsx")
    assert [str(day) for day in read.columns.day] == ["2024-01-05", "2024-01-01"]


def test_numeric_ids_beyond_fifteen_digits_are_refused(tmp_path: Path) -> None:
    rows = [[1234567890123456, date(2024, 1, 5), 5], [123456789012345, date(2024, 1, 5), 5]]
    path = _book(tmp_path / "orders.xlsx", ("Data", [_HEADER, *rows]))
    with pytest.raises(DataError, match=r"'1\.23456789012346E\+15' \(row 2\).*rounded the ids"):
        read_orders(path)
    texts = [[str(cell), *rest] for cell, *rest in rows]
    read = read_orders(_book(tmp_path / "texts.xlsx", ("Data", [_HEADER, *texts])))
    assert read.columns.customer.tolist() == ["1234567890123456", "123456789012345"]


def test_a_wrong_extent_in_the_sheet_does_not_cut_it(tmp_path: Path) -> None:
    path = _book(tmp_path / "orders.xlsx", ("Data", [_HEADER, *_ROWS]))
    with ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b'<dimension ref="A1:C3"', b'<dimension ref="A1:A1"')
    with ZipFile(path, "w", ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    assert read_orders(path).rows_read == 2


def test_a_sheet_formatted_to_its_last_cell_is_refused(tmp_path: Path) -> None:
    path = _book(tmp_path / "orders.xlsx", ("Data", [_HEADER, *_ROWS]))
    with ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    for far, complaint in (("XFD9", "16,384 columns"), ("ALK1048576", "spans 1,048,576 rows")):
        changed = parts[sheet].replace(b'ref="A1:C3"', f'ref="A1:{far}"'.encode())
        buffer = BytesIO()
        with ZipFile(buffer, "w", ZIP_DEFLATED) as package:
            for name, part in parts.items():
                package.writestr(name, changed if name == sheet else part)
        path.write_bytes(buffer.getvalue())
        with pytest.raises(DataError, match=complaint):
            read_orders(path)


def test_a_sheet_with_a_header_only_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="has a header but no rows below it"):
        read_orders(_book(tmp_path / "orders.xlsx", ("Data", [_HEADER])))


def test_a_workbook_of_blank_sheets_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="its sheets are blank"):
        read_orders(_book(tmp_path / "orders.xlsx", ("Data", []), ("More", [])))


def test_a_broken_sheet_is_refused(tmp_path: Path) -> None:
    path = _book(tmp_path / "orders.xlsx", ("Data", [_HEADER, *_ROWS]))
    with ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"][:200]
    with ZipFile(path, "w", ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    with pytest.raises(SourceError, match="seems damaged"):
        read_orders(path)


def test_a_workbook_and_a_text_file_of_the_same_orders_read_the_same(tmp_path: Path) -> None:
    path = _book(tmp_path / "orders.xlsx", ("Data", [_HEADER, *_ROWS]))
    text = tmp_path / "orders.csv"
    text.write_text("Customer ID,Order date,Amount\n7,2024-01-05,12.5\n007,2024-02-06 23:59,1234\n")
    sheet, csv = read_orders(path).columns, read_orders(text).columns
    assert sheet.customer.tolist() == csv.customer.tolist()
    assert sheet.day.tolist() == csv.day.tolist()
    np.testing.assert_array_equal(np.asarray(sheet.amount), np.asarray(csv.amount))
