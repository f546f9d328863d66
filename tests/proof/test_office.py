"""The proofs themselves: a wrong workbook is found wrong, a right one right."""

import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from tests.proof import office, sdk, tools
from tests.proof.package import rewritten

Draw = Callable[[xlsxwriter.Workbook, xlsxwriter.worksheet.Worksheet], None]


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("office") / "right.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Input's sheet")
        sheet.write_row("A1", ["rate", 0.1, "day"])
        sheet.write_datetime("D1", date(2024, 2, 29), book.add_format({"num_format": "yyyy-mm-dd"}))
        book.define_name("rate", "='Input''s sheet'!$B$1")
        book.define_name("day", "='Input''s sheet'!$D$1")
        book.define_name("answer", "='Input''s sheet'!$B$2")
        sheet.write_formula("B2", "=rate*30", None, 3.0000000000000004)
        sheet.write_formula("B3", "=rate>0.05", None, value=True)
        sheet.write_formula("B4", '=IF(rate>1,"much","")', None, "")
        sheet.write_formula("B5", "=day+1", book.add_format({"num_format": "yyyy-mm-dd"}), 45352)
        sheet.write_formula("B6", '="a"&"b"', None, "ab")
        sheet.write_array_formula("C2:C3", "{=D2:D3*2}", None, 2)
        sheet.write("C3", 4)
        sheet.write_column("D2", [1, 2])
    return path


def changed(tmp_path: Path, draw: Draw) -> Path:
    path = tmp_path / "changed.xlsx"
    with xlsxwriter.Workbook(path) as book:
        draw(book, book.add_worksheet("S"))
    return path


def test_a_right_workbook_has_no_differences(workbook: Path) -> None:
    assert office.differences(workbook) == []


def test_every_cell_with_a_formula_counts(workbook: Path) -> None:
    assert office.formula_count(workbook) == 7
    assert office.formula_count(workbook, except_sheets=["Input's sheet"]) == 0


def test_the_sdk_finds_nothing_in_a_right_workbook(workbook: Path) -> None:
    assert sdk.errors(workbook) == []


@pytest.mark.parametrize(
    ("formula", "cached"),
    [
        ("=1+1", 2.00001),
        ("=1+1", "2"),
        ('="a"&"b"', "abc"),
        ('=""', "x"),
        ("=1>0", False),
        ("=NA()", "#N/A"),
        ("=1/0", 0),
        ("=NOSUCHFUNCTION(1)", 0),
    ],
)
def test_a_wrong_value_in_the_file_is_found(tmp_path: Path, formula: str, cached: object) -> None:
    path = changed(tmp_path, lambda _, sheet: sheet.write_formula("A1", formula, None, cached))
    assert [difference.cell for difference in office.differences(path)] == ["S!A1"]


def test_a_wrong_value_inside_an_array_formula_is_found(tmp_path: Path) -> None:
    def draw(_: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_array_formula("A1:A2", "{=ROW(A1:A2)}", None, 1)
        sheet.write("A2", 3)

    assert [str(found) for found in office.differences(changed(tmp_path, draw))] == [
        "S!A2: the file says 3, LibreOffice 2 for =ROW(A1:A2)"
    ]


def test_a_changed_input_changes_what_depends_on_it(workbook: Path) -> None:
    new = office.recalculated_with(workbook, {"rate": 2, "day": date(2025, 12, 31)})
    assert office.named_value(new, "answer") == 60
    assert new.worksheets[0]["B4"].value == "much"
    assert new.worksheets[0]["B5"].value.date() == date(2026, 1, 1)


def test_an_input_may_become_text_or_blank(workbook: Path) -> None:
    new = office.recalculated_with(workbook, {"rate": None, "day": "<&>"})
    assert office.named_value(new, "answer") == 0
    assert office.named_value(new, "day") == "<&>"


def test_a_formula_is_no_input(workbook: Path) -> None:
    with pytest.raises(AssertionError, match="holds a formula"):
        office.recalculated_with(workbook, {"answer": 1})
    with pytest.raises(AssertionError, match="no name wrong"):
        office.recalculated_with(workbook, {"wrong": 1})


def test_a_workbook_becomes_a_picture_a_page(workbook: Path, tmp_path: Path) -> None:
    (page,) = office.to_png(workbook, tmp_path)
    assert page.read_bytes().startswith(b"\x89PNG")


def test_a_conversion_that_makes_nothing_is_found(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="made no pdf"):
        office.to_pdf(tmp_path / "missing.xlsx", tmp_path)


def test_a_conversion_that_hangs_is_ended(
    tmp_path: Path, workbook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "SECONDS", 0.01)
    with pytest.raises(subprocess.TimeoutExpired):
        office.to_pdf(workbook, tmp_path)


def test_the_sdk_finds_a_broken_part(workbook: Path, tmp_path: Path) -> None:
    broken = rewritten(workbook, tmp_path, {"xl/workbook.xml": ("<sheets>", "<sheetz>")})
    assert sdk.errors(broken)


def test_a_missing_tool_skips_and_in_ci_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no-such-tool is not installed"):
        tools.require("no-such-tool")
    monkeypatch.setenv("CI", "1")
    with pytest.raises(pytest.fail.Exception, match="no-such-tool is not installed"):
        tools.require("no-such-tool")
