"""Sentences behind real errors: whose they are, and how formulas ask about them."""

import pytest
from pyopenvba.interpreter import VBAErrorValue

from tests.excel.addin.memory_excel import MemoryExcel, classic_xlwings
from tests.excel.classic_functions import classic_functions

DIVIDED_BY_ZERO, VALUE, NOT_AVAILABLE = map(VBAErrorValue, (2007, 2015, 2042))
REFUSED = "target_ratio must be above 0, got -3"
NO_SENTENCE = "no sentence of clv_xl is kept"
NESTED = "=clv_why(clv_max_cac(900,-3))"


@pytest.fixture
def excel(windows_addin: bytes) -> MemoryExcel:
    """Single values in A1:A3, made by the real functions: 300, an error of ours, one of Excel's."""
    excel = MemoryExcel(windows_addin, classic_xlwings(classic_functions()))
    excel.enter("A1", "clv_max_cac", 900.0)
    excel.enter("A2", "clv_max_cac", 900.0, -3.0)
    excel.put(3, 1, DIVIDED_BY_ZERO)
    return excel


def ask_in_the_same_formula(excel: MemoryExcel, question: str, error: object) -> object:
    excel.enter("D1", "clv_max_cac", 900.0, -3.0, formula=NESTED)
    return excel.enter("D1", question, error, formula=NESTED)


@pytest.mark.parametrize("error", [VALUE, NOT_AVAILABLE])
def test_an_error_from_a_function_in_the_same_formula_is_explained(
    excel: MemoryExcel, error: object
) -> None:
    assert ask_in_the_same_formula(excel, "clv_why", error) == REFUSED
    assert ask_in_the_same_formula(excel, "clv_iserr", error) is True


def test_another_error_in_the_same_formula_is_not_ours(excel: MemoryExcel) -> None:
    assert NO_SENTENCE in str(ask_in_the_same_formula(excel, "clv_why", DIVIDED_BY_ZERO))
    assert ask_in_the_same_formula(excel, "clv_iserr", DIVIDED_BY_ZERO) is False


def test_an_error_that_no_cell_asks_about_has_no_sentence(excel: MemoryExcel) -> None:
    assert NO_SENTENCE in str(excel.interpreter.run("clv_why", [VALUE]))


@pytest.mark.parametrize(("given", "shown"), [
    ("A1:A3", [[False], [True], [False]]),
    ("A:A", [[False], [True], [False]]),
    ("A2:B3", [[True, False], [False, False]]),
    ("A2:C2", [[True, False, False]]),
])  # fmt: skip
def test_cells_are_asked_about_one_by_one(
    excel: MemoryExcel, given: str, shown: list[list[object]]
) -> None:
    excel.cells.set_value("B3", 1.0)
    excel.cells.set_value("C2", 1.0)
    excel.cells.set_value("E9", "the last used row")

    assert excel.spill("F5", "clv_iserr", excel.range(given)) == shown


def test_blank_rows_below_several_columns_are_not_asked_about(excel: MemoryExcel) -> None:
    excel.cells.set_value("B1", "#CLV! no orders")

    for _ in range(2):
        spilled = excel.spill("F5", "clv_iserr", excel.range("A:B"))
        assert spilled == [[False, True], [True, False], [False, False]]
        assert excel.last_used_row == 7
