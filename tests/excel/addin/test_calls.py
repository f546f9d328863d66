"""The calls behind the worksheet functions, run: what Python gets, what the cell shows."""

import math
from typing import Any

import pytest
from pyopenvba.exceptions import VBARuntimeError
from pyopenvba.interpreter import MISSING, VBAArray, VBAErrorValue

from clv_xl.catalogue import CATALOGUE, CatalogueEntry
from tests.excel import pywin32_stand_in as stand_in
from tests.excel.addin.blocks import is_range, on_the_sheet, rows
from tests.excel.addin.memory_excel import (
    NOT_AVAILABLE,
    VALUE_ERROR,
    MemoryExcel,
    cells_of,
    classic_xlwings,
)
from tests.excel.classic_functions import classic_functions

SENTENCE = "#CLV! row 7: amount is #N/A"
OTHER = "#CLV! retention must be at least 0 and below 1, got 80 (did you mean 0.80?)"


class Replies:
    """A Python whose next answer is set by the test."""

    answer: object = 42.0

    def __call__(self, *_: object) -> object:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def python() -> Replies:
    return Replies()


@pytest.fixture
def excel(windows_addin: bytes, python: Replies) -> MemoryExcel:
    """An order table in A1:C6, and nothing else in the workbook."""
    excel = MemoryExcel(windows_addin, python)
    for row in range(1, 7):
        for column in "ABC":
            excel.cells.set_value(f"{column}{row}", float(row))
    return excel


def test_a_whole_column_is_cut_at_the_last_used_row(excel: MemoryExcel) -> None:
    assert excel.enter("C1", "clv_aov", excel.range("A:A")) == 42.0
    assert excel.given() == ["$A$1:$A$6", MISSING]


def test_columns_that_are_filled_differently_stay_side_by_side(excel: MemoryExcel) -> None:
    excel.cells.set_value("B9", 9.0)

    excel.enter("C1", "clv_historic", excel.range("A2:A1048576"), excel.range("B2:B1048576"), 0.4)

    assert excel.given() == ["$A$2:$A$9", "$B$2:$B$9", 0.4]


def test_columns_of_two_sheets_are_cut_at_one_row(excel: MemoryExcel) -> None:
    other = excel.add_sheet()
    other.set_value("A11", 1.0)

    excel.enter("C1", "clv_historic", excel.range("A:A"), excel.range("A:A", other))

    assert excel.given() == ["$A$1:$A$11", "$A$1:$A$11", MISSING]


@pytest.mark.parametrize(
    ("asked", "arrives"),
    [
        ("A1", "$A$1"),
        ("B9", "$B$9"),  # one blank cell below everything
        ("A1:C1", "$A$1:$C$1"),
        ("A8:A12", "$A$8"),  # of blank rows the first is left
        ("A3:B6", "$A$3:$B$6"),
    ],
)
def test_ranges_are_cut_from_the_bottom_only(excel: MemoryExcel, asked: str, arrives: str) -> None:
    excel.enter("D1", "clv_aov", excel.range(asked))

    assert excel.given()[0] == arrives


def test_cells_apart_from_each_other_are_refused(excel: MemoryExcel) -> None:
    assert excel.enter("D1", "clv_aov", excel.range("A1:A3,C1:C3")) == VALUE_ERROR
    assert excel.python.calls == []
    assert "one block of cells, not 2" in str(excel.enter("E1", "clv_why", excel.range("D1")))


def test_python_is_handed_no_workbook_and_the_calling_cell(excel: MemoryExcel) -> None:
    excel.enter("D4", "clv_aov", excel.range("A:A"))

    module, name, _, book, caller = excel.python.calls[-1]
    assert (module, name, repr(book)) == ("clv_xl.excel.udfs", "clv_aov", "Nothing")
    assert caller.vba_get("Address") == "$D$4"


def test_a_sentence_of_a_single_value_becomes_an_error_that_can_be_asked_why(
    excel: MemoryExcel, python: Replies
) -> None:
    python.answer = SENTENCE

    assert excel.enter("D1", "clv_aov", excel.range("A:A")) == VALUE_ERROR
    assert excel.enter("E1", "clv_why", excel.range("D1")) == "row 7: amount is #N/A"
    assert excel.enter("F1", "clv_iserr", excel.range("D1")) is True


def test_a_table_shows_the_sentence(excel: MemoryExcel, python: Replies) -> None:
    python.answer = SENTENCE

    assert excel.enter("D1", "clv_whale_curve", excel.range("A:A")) == SENTENCE


def test_a_value_a_row_is_an_error_for_single_cells_and_a_sentence_for_columns(
    excel: MemoryExcel, python: Replies
) -> None:
    python.answer = OTHER

    assert excel.enter("D1", "clv_max_cac", excel.range("A1")) == VALUE_ERROR
    assert excel.enter("D2", "clv_max_cac", 900.0, 3.0) == VALUE_ERROR
    assert excel.enter("D3", "clv_max_cac", excel.range("A1:A2")) == OTHER
    assert excel.enter("D4", "clv_max_cac", excel.range("A:A")) == OTHER


def test_the_table_of_a_fit_does_not_make_a_single_prediction_a_column(
    excel: MemoryExcel, python: Replies
) -> None:
    python.answer = OTHER
    fit, one = excel.range("A1:B4"), excel.range("C1")

    assert excel.enter("D1", "clv_bgnbd_expected", fit, 12.0, one, one, one) == VALUE_ERROR
    assert excel.enter("D2", "clv_bgnbd_expected", fit, 12.0, excel.range("C1:C3"), one, one) == (
        OTHER
    )


def test_python_that_does_not_answer_is_told_without_its_traceback(
    excel: MemoryExcel, python: Replies
) -> None:
    trace = 'Unexpected Python Error: Traceback\n  File "x.py", line 1\nValueError: no good\n'
    python.answer = VBARuntimeError(1000, trace)

    assert excel.enter("D1", "clv_aov", excel.range("A:A")) == NOT_AVAILABLE
    assert excel.enter("E1", "clv_why", excel.range("D1")) == "ValueError: no good"
    assert excel.enter("F1", "clv_whale_curve", excel.range("A:A")) == "#CLV! ValueError: no good"


def test_a_sentence_is_forgotten_when_its_cell_calculates(
    excel: MemoryExcel, python: Replies
) -> None:
    python.answer = SENTENCE
    excel.enter("D1", "clv_aov", excel.range("A:A"))
    python.answer = 3.5
    assert excel.enter("D1", "clv_aov", excel.range("A:A")) == 3.5

    excel.cells.sheet.cell(1, 4).value = VBAErrorValue(2007)

    assert "no sentence" in str(excel.enter("E1", "clv_why", excel.range("D1")))
    assert excel.enter("F1", "clv_iserr", excel.range("D1")) is False


def test_another_function_in_the_same_formula_keeps_the_sentence(
    excel: MemoryExcel, python: Replies
) -> None:
    both = "=clv_aov(A:A)+clv_max_cac(900)"
    python.answer = 300.0
    excel.enter("D1", "clv_max_cac", 900.0, formula=both)
    python.answer = SENTENCE
    excel.enter("D1", "clv_aov", excel.range("A:A"), formula=both)
    python.answer = 300.0
    excel.application.caller = excel.range("D1")
    excel.interpreter.run("clv_max_cac", [900.0])

    assert excel.enter("E1", "clv_why", excel.range("D1")) == "row 7: amount is #N/A"


def test_a_changed_formula_is_not_explained_by_the_old_sentence(
    excel: MemoryExcel, python: Replies
) -> None:
    python.answer = SENTENCE
    excel.enter("D1", "clv_aov", excel.range("A:A"))

    excel.cells.sheet.cell(1, 4).formula = "=1/0"

    assert "no sentence" in str(excel.enter("E1", "clv_why", excel.range("D1")))


def test_at_most_a_thousand_sentences_are_kept(excel: MemoryExcel, python: Replies) -> None:
    python.answer = SENTENCE
    for row in range(1, 1003):
        excel.enter(f"D{row}", "clv_cac_ratio", 1.0, 2.0)

    asked = [excel.enter("E1", "clv_why", excel.range(f"D{row}")) for row in (1, 2, 3, 1002)]
    assert ["no sentence" in str(answer) for answer in asked] == [True, True, False, False]


def test_a_cell_without_an_error_is_explained_by_python(excel: MemoryExcel) -> None:
    assert excel.enter("E1", "clv_why", excel.range("A1")) == 42.0
    assert excel.python.calls[-1][1] == "clv_why"


def test_the_function_wizard_starts_no_calculation_over_columns(excel: MemoryExcel) -> None:
    excel.open_wizard()

    shown = excel.enter("D1", "clv_aov", excel.range("A:A"))
    assert str(shown).startswith("#CLV! press OK")
    assert excel.python.calls == []
    assert excel.enter("D1", "clv_max_cac", 900.0) == 42.0


def test_an_excel_without_the_old_toolbars_calculates(excel: MemoryExcel) -> None:
    excel.application.toolbar = None

    assert excel.enter("D1", "clv_aov", excel.range("A:A")) == 42.0


def test_a_call_from_vba_is_answered_too(excel: MemoryExcel, python: Replies) -> None:
    python.answer = SENTENCE

    assert str(excel.interpreter.run("clv_aov", [excel.range("A:A")])) == VALUE_ERROR


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.excel_name)
def test_every_function_gives_through_vba_what_xlwings_gives(
    windows_addin: bytes, entry: CatalogueEntry
) -> None:
    functions, name = classic_functions(), entry.excel_name.lower()
    excel = MemoryExcel(windows_addin, classic_xlwings(functions))
    given = [entry.example_arguments.get(parameter.name) for parameter in entry.parameters]

    through_vba = excel.enter("Z1", name, *on_the_sheet(excel, given))

    assert same(through_vba, stand_in.call(functions, name, list(map(handed_over, given))))


def handed_over(value: Any) -> object:  # noqa: ANN401 - an argument of an example
    if is_range(value):
        return stand_in.FakeRange(rows(value))
    return stand_in.MISSING if value is None else value


def same(one: object, other: Any) -> bool:  # noqa: ANN401 - whatever a function gives
    if isinstance(one, VBAArray):
        expected = rows(other) if is_range(other[0]) else [list(other)]
        found = [cell for row in cells_of(one) for cell in row]
        wanted = [cell for row in expected for cell in row]
        return len(found) == len(wanted) > 1 and all(map(same, found, wanted))
    if isinstance(one, float) and isinstance(other, float | int):
        return math.isclose(one, other, rel_tol=1e-12)
    return bool(one == other)
