"""The stand-in for pywin32: what the real code of xlwings does with it."""

import datetime as dt
from types import ModuleType

import pytest

from tests.excel import pywin32_stand_in as stand_in
from tests.excel.pywin32_stand_in import MISSING, FakeRange


@pytest.fixture
def functions() -> ModuleType:
    """A module of worksheet functions, decorated by xlwings as on Windows."""
    udfs = stand_in.install()
    module = ModuleType("functions_of_this_test")

    @udfs.xlfunc
    @udfs.xlarg("cells", ndim=2, err_to_str=True)
    def seen(cells, unit=None):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
        return [[repr(cells), repr(unit)]]

    @udfs.xlfunc
    def fails(cell):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
        raise ValueError(cell)

    module.seen, module.fails = seen, fails  # type: ignore[attr-defined]
    return module


@pytest.mark.parametrize(
    ("cell", "arrives"),
    [
        (1, "[[1.0]]"),
        (None, "[[None]]"),
        ("#N/A", "[['#N/A']]"),
        (True, "[[True]]"),
        (dt.datetime(2024, 2, 29), "[[datetime.datetime(2024, 2, 29, 0, 0)]]"),  # noqa: DTZ001
    ],
)
def test_a_cell_arrives_as_excel_hands_it_over(
    functions: ModuleType, cell: object, arrives: str
) -> None:
    assert stand_in.call(functions, "seen", [FakeRange([[cell]]), MISSING]) == [arrives, "None"]


def test_a_range_arrives_as_its_rows_and_a_result_leaves_as_rows(functions: ModuleType) -> None:
    given = FakeRange([[1, "a"], [None, 2.5]])

    row = stand_in.call(functions, "seen", [given, "day"])

    assert row == ["[[1.0, 'a'], [None, 2.5]]", "'day'"]


def test_an_exception_of_a_function_comes_out(functions: ModuleType) -> None:
    with pytest.raises(ValueError, match="7"):
        stand_in.call(functions, "fails", [7])


def test_the_wrappers_are_those_of_xlwings(functions: ModuleType) -> None:
    text = stand_in.vba_wrappers(functions)

    assert "Function seen(cells, Optional unit)\n" in text
    assert 'seen = XLPy.CallUDF("functions_of_this_test", "seen", Array(cells, unit)' in text
    assert "ActiveWorkbook" in text, "xlwings writes so for an add-in"


def test_installing_twice_is_installing_once() -> None:
    assert stand_in.install() is stand_in.install()
