"""Results with a value a row: how many rows of the sheet they fill, calculated again and again."""

from collections.abc import Callable, Sequence

import pytest
from pyopenvba.exceptions import VBARuntimeError
from pyopenvba.interpreter import VBAArray

from clv_xl.arrays import Kind
from clv_xl.catalogue import CATALOGUE, CatalogueEntry, Gives, Parameter
from tests.excel.addin.blocks import is_range, on_the_sheet
from tests.excel.addin.memory_excel import NOT_AVAILABLE, MemoryExcel, classic_xlwings
from tests.excel.classic_functions import classic_functions

HAS_RANGES = {Kind.RANGE, Kind.TEXTS, Kind.DATES, Kind.TABLE, Kind.NUMBERS, Kind.CELL}
MAY_STAND_IN_COLUMNS = {Kind.NUMBERS, Kind.CELL}
TAKE_RANGES = [
    entry for entry in CATALOGUE if any(p.kind in HAS_RANGES for p in entry.parameters)
    if entry.excel_name != "CLV_WHY"
]  # fmt: skip


@pytest.fixture
def excel(windows_addin: bytes) -> MemoryExcel:
    """Values of six customers in A1:A6, answered by the real functions."""
    excel = MemoryExcel(windows_addin, classic_xlwings(classic_functions()))
    for row, value in enumerate([600.0, 500.0, 400.0, 300.0, 200.0, 100.0], start=1):
        excel.cells.set_value(f"A{row}", value)
    return excel


def ratios(*values: float) -> list[list[object]]:
    return [[value / 3] for value in values]


def test_a_column_spilled_from_a_whole_one_ends_where_the_values_end(excel: MemoryExcel) -> None:
    for _ in range(3):
        spilled = excel.spill("D5", "clv_max_cac", excel.range("A:A"))

        assert spilled == ratios(600, 500, 400, 300, 200, 100)
        assert excel.last_used_row == 10


def test_the_spilled_column_follows_the_values(excel: MemoryExcel) -> None:
    excel.spill("D5", "clv_max_cac", excel.range("A:A"))
    excel.cells.set_value("A7", 30.0)

    assert excel.spill("D5", "clv_max_cac", excel.range("A:A"))[-1:] == ratios(30)
    assert excel.last_used_row == 11


@pytest.mark.parametrize(
    ("given", "blank"), [("A1:A6", 0), ("A1:A9", 3), ("A1:A10", 4), ("A1:A11", 0), ("A3:A400", 0)]
)
def test_only_a_range_that_was_cut_loses_its_blank_rows(
    excel: MemoryExcel, given: str, blank: int
) -> None:
    excel.cells.set_value("C10", "the last used row")

    spilled = excel.spill("D1", "clv_max_cac", excel.range(given))

    assert [row for row in spilled if row == [""]] == [[""]] * blank


def test_a_range_that_was_not_cut_keeps_its_rows_beside_a_table_that_was(
    excel: MemoryExcel,
) -> None:
    excel.cells.set_value("H1", 0.5)
    excel.cells.set_value("C10", "the last used row")

    spilled = excel.spill("D1", "clv_tiers", excel.range("A1:A9"), excel.range("H:H"))

    assert len(spilled) == 9
    assert spilled[-3:] == [[""]] * 3


def test_several_columns_are_dropped_row_by_row(excel: MemoryExcel) -> None:
    excel.cells.set_value("B2", 30.0)
    excel.cells.set_value("C12", "the last used row")
    excel.python.reply = lambda *_: block([1.0, ""], ["", 2.0], ["", ""], ["", ""])

    assert excel.spill("D5", "clv_max_cac", excel.range("A:B")) == [[1.0, ""], ["", 2.0]]


@pytest.mark.parametrize("width", [1, 2])
def test_of_a_result_without_any_value_one_row_is_left(excel: MemoryExcel, width: int) -> None:
    excel.python.reply = lambda *_: block(*[[""] * width] * 6)

    assert excel.spill("D5", "clv_max_cac", excel.range("A:A")) == [[""] * width]


def test_a_column_with_one_value_gives_one(windows_addin: bytes) -> None:
    excel = MemoryExcel(windows_addin, classic_xlwings(classic_functions()))
    excel.cells.set_value("A1", 600.0)
    excel.cells.set_value("C4", "the last used row")

    assert excel.spill("D5", "clv_max_cac", excel.range("A:A")) == ratios(600)


def test_cells_with_an_array_formula_show_blanks_below_the_values(excel: MemoryExcel) -> None:
    shown = excel.fill("D1:D12", "clv_max_cac", excel.range("A:A"))

    assert shown == ratios(600, 500, 400, 300, 200, 100) + [[""]] * 6


def test_an_array_formula_in_an_excel_without_spills_does_so_too(
    excel: MemoryExcel, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = VBARuntimeError(438, "Object doesn't support this property or method")
    monkeypatch.setattr("pyopenvba.apps.excel._spills.has_spill", raising(unknown))

    shown = excel.fill("D1:D12", "clv_max_cac", excel.range("A:A"))

    assert shown[6:] == [[""]] * 6


def test_where_the_caller_is_all_of_a_spill_the_blank_rows_go(
    excel: MemoryExcel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pyopenvba.apps.excel._spills.has_spill", lambda _: True)

    shown = excel.fill("D1:D12", "clv_max_cac", excel.range("A:A"))

    assert shown[6:] == [[NOT_AVAILABLE]] * 6


def raising(fault: Exception) -> Callable[[object], bool]:
    def function(_: object) -> bool:
        raise fault

    return function


@pytest.mark.parametrize("entry", TAKE_RANGES, ids=lambda entry: entry.excel_name)
def test_no_function_over_whole_columns_moves_the_last_used_row_further_each_time(
    windows_addin: bytes, entry: CatalogueEntry
) -> None:
    excel = MemoryExcel(windows_addin, classic_xlwings(classic_functions()))
    given = on_the_sheet(excel, list(map(column_of(entry), entry.parameters)), whole_columns=True)

    shown = excel.spill("Z5", entry.excel_name.lower(), *given)
    used = excel.last_used_row

    assert not str(shown[0][0]).startswith("#CLV!")
    for _ in range(2):
        assert excel.spill("Z5", entry.excel_name.lower(), *given) == shown
        assert excel.last_used_row == used


def column_of(entry: CatalogueEntry) -> Callable[[Parameter], object]:
    """Return what gives an argument of an example: as a column, where the result then is one."""

    def column(parameter: Parameter) -> object:
        value = entry.example_arguments.get(parameter.name)
        as_column = entry.gives is Gives.ROWS and parameter.kind in MAY_STAND_IN_COLUMNS
        return [value, value] if as_column and value is not None and not is_range(value) else value

    return column


def block(*rows: Sequence[object]) -> VBAArray:
    """Return rows as Python hands them back."""
    array = VBAArray([(0, len(rows) - 1), (0, len(rows[0]) - 1)])
    for r, cells in enumerate(rows):
        for c, value in enumerate(cells):
            array.set([r, c], value)
    return array
