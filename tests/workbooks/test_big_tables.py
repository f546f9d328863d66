"""Rows spliced into a workbook: the sheet is the one that XlsxWriter writes row by row."""

import io
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.errors import InvalidArgumentError
from clv_xl.workbooks.big_tables import Column, finish, splice_rows
from clv_xl.workbooks.sheet_xml import column_letters, column_position
from tests.proof import office, rules, sdk
from tests.workbooks.big_table import (
    HEADERS,
    SHEET,
    TABLE,
    columns_of,
    mixed,
    refused,
    sheet_of,
    skeleton,
    spliced,
)


@given(st.integers(1, 16_384))
def test_column_letters_and_positions_are_each_others_inverse(position: int) -> None:
    assert column_position(column_letters(position)) == position


# cases


@pytest.mark.parametrize("rows", [1, 2, 4_095, 4_096, 4_097, 8_193])
def test_every_cell_is_the_one_that_plain_xlsxwriter_writes(rows: int) -> None:
    frame = mixed(rows)
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True}) as book:
        sheet = book.add_worksheet(SHEET)
        dated = book.add_format({"num_format": "yyyy-mm-dd"})
        money = book.add_format({"num_format": "#,##0.00"})
        sheet.write_row(0, 0, HEADERS)
        for row, (name, since, orders, revenue, segment) in enumerate(
            frame.itertuples(index=False), 1
        ):
            sheet.write_string(row, 0, name)
            sheet.write_datetime(row, 1, since.to_pydatetime(), dated)
            sheet.write_number(row, 2, orders)
            sheet.write_number(row, 3, revenue, money)
            sheet.write_string(row, 4, segment)
    plain = sheet_of(memory.getvalue())
    ours = sheet_of(spliced(columns_of(frame)))
    assert ours.max_row == plain.max_row == rows + 1
    for expected, cell in zip(plain.iter_rows(), ours.iter_rows(), strict=True):
        for one, other in zip(expected, cell, strict=True):
            same = (one.coordinate, one.data_type, one.number_format)
            assert (other.coordinate, other.data_type, other.number_format) == same
            # XlsxWriter writes 16 digits of a number; ours has all 17.
            close = pytest.approx(one.value, rel=1e-15) if one.data_type == "n" else one.value
            assert other.value == (one.value if one.value is None or one.is_date else close)


def test_the_table_its_filter_the_dimension_and_its_names_grow_and_nothing_else() -> None:
    book = openpyxl.load_workbook(io.BytesIO(spliced(columns_of(mixed()))))
    table = book[SHEET].tables[TABLE]
    assert (table.ref, table.autoFilter.ref, book[SHEET].dimensions) == ("A1:E5",) * 3
    assert book.defined_names["everyone"].attr_text == "'It''s big'!$A$1:$E$5"
    assert book.defined_names["heads"].attr_text == "'It''s big'!$A$1:$E$1"
    assert [book[SHEET].row_dimensions[row].height for row in (2, 5)] == [21, 21]


def test_a_table_that_starts_further_down_and_right_is_found_by_its_name() -> None:
    def draw(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("Other")
        sheet.write("A1", "A title")
        sheet.add_table("AA4:AB5", {"name": "Low", "columns": [{"header": "a"}, {"header": "b"}]})
        sheet.write_row("AA5", ["x", 1])

    target = io.BytesIO()
    columns = [Column(np.array(["p", "q", "r"]), "text"), Column(np.arange(3), "number")]
    splice_rows(skeleton(draw=draw), target, sheet="Other", table="Low", columns=columns)
    sheet = openpyxl.load_workbook(target)["Other"]
    assert sheet.tables["Low"].ref == "AA4:AB7"
    assert [[c.value for c in row] for row in sheet["AA5:AB7"]] == [["p", 0], ["q", 1], ["r", 2]]


def test_no_rows_leave_a_table_with_one_blank_row() -> None:
    sheet = sheet_of(spliced(columns_of(mixed(0))))
    assert sheet.tables[TABLE].ref == "A1:E2"
    assert sheet["A2"].value is None


def test_a_row_more_than_a_sheet_has_is_refused() -> None:
    values = np.broadcast_to(np.float64(1), 1_048_576)
    message = refused(values, "number")
    assert "1,048,576 rows" in message
    assert "1,048,575" in message


def test_a_wrong_sheet_table_or_number_of_columns_is_named() -> None:
    column, target = Column(np.arange(2), "number"), io.BytesIO()
    with pytest.raises(InvalidArgumentError, match="sheet must be one of Board, It's big, got X"):
        splice_rows(skeleton(), target, sheet="X", table=TABLE, columns=[column])
    with pytest.raises(InvalidArgumentError, match="table must be one of Customers, got X"):
        splice_rows(skeleton(), target, sheet=SHEET, table="X", columns=[column])
    with pytest.raises(InvalidArgumentError, match="columns must be the table's 5"):
        splice_rows(skeleton(), target, sheet=SHEET, table=TABLE, columns=[column])
    with pytest.raises(InvalidArgumentError, match="b must be as long as a"):
        spliced([column, Column(np.arange(3), "number")], ["a", "b"])


def test_a_row_below_the_data_row_is_refused() -> None:
    def draw(book: xlsxwriter.Workbook) -> None:
        book.get_worksheet_by_name(SHEET).write("A9", "a note")

    with pytest.raises(InvalidArgumentError, match="sheet's last row"):
        splice_rows(
            skeleton(draw=draw), io.BytesIO(), sheet=SHEET, table=TABLE, columns=columns_of(mixed())
        )


def test_the_same_contents_make_the_same_bytes() -> None:
    frame = mixed(5_000)
    assert spliced(columns_of(frame)) == spliced(columns_of(frame.astype({"customer": object})))
    one, other = io.BytesIO(), io.BytesIO()
    finish(skeleton(), one)
    finish(skeleton(), other)
    assert one.getvalue() == other.getvalue()


def test_no_part_carries_a_clock_or_a_system() -> None:
    parts = zipfile.ZipFile(io.BytesIO(spliced(columns_of(mixed())))).infolist()
    assert {part.date_time for part in parts} == {(1980, 1, 1, 0, 0, 0)}
    assert {(part.create_system, part.compress_type) for part in parts} == {
        (0, zipfile.ZIP_DEFLATED)
    }


def test_a_finished_workbook_has_the_parts_of_its_skeleton() -> None:
    source, target = skeleton(), io.BytesIO()
    finish(source, target)
    before, after = zipfile.ZipFile(source), zipfile.ZipFile(target)
    assert before.namelist() == after.namelist()
    assert all(before.read(name) == after.read(name) for name in before.namelist())


def test_a_spliced_workbook_is_clean_and_calculates(tmp_path: Path) -> None:
    path = tmp_path / "spliced.xlsx"
    path.write_bytes(spliced(columns_of(mixed())))
    assert rules.violations(path) == []
    assert sdk.errors(path) == []
    assert office.differences(path) == []
    assert office.recalculated(path)["Board"]["A1"].value == 4
