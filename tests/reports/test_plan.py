import numpy as np
import pytest

from clv_xl.reports.live import BLANK, Live
from clv_xl.reports.plan import Plan, constants
from clv_xl.reports.report import Allowed, Format, Origin
from tests.reports.inputs import texts


def test_a_figure_stands_once_and_is_referred_to_by_its_name() -> None:
    plan = Plan(texts())
    cac = plan.input("in_cac", 20.0, Format.MONEY, Allowed(at_least=0))

    assert (cac.formula, cac.value) == ("in_cac", 20.0)
    assert plan.figures["in_cac"].origin is Origin.INPUT
    assert plan.figures["in_cac"].label == texts().say("figure.in_cac.label")
    with pytest.raises(KeyError, match="in_cac stands in the plan already"):
        plan.fact("in_cac", 1, Format.MONEY)


def test_what_is_blank_is_nothing_to_a_program_and_a_blank_to_a_formula() -> None:
    plan = Plan(texts())
    given = plan.input("in_cac", None, Format.MONEY, Allowed())
    derived = plan.derive("calc_cac", Live('""', BLANK), Format.MONEY)

    assert given.value == derived.value == BLANK
    assert [plan.figures[name].value for name in ("in_cac", "calc_cac")] == [None, None]


@pytest.mark.parametrize(
    ("header", "written"),
    [("Revenue", "T[Revenue]"), ("a[b]#'@", "T[a'[b']'#'''@]"), ("Spend, €", "T[Spend, €]")],
)
def test_a_header_is_spelled_as_references_spell_it(header: str, written: str) -> None:
    plan = Plan(texts())
    column = plan.data("revenue", [1.0, 2.0], Format.MONEY, header=header)

    assert plan.whole("T", column).formula == written
    inside = written.removeprefix("T[").removesuffix("]")
    assert plan.here("T", column).formula == f"T[[#This Row],[{inside}]]"


def test_a_column_of_a_table_is_found_by_its_key() -> None:
    plan = Plan(texts())
    plan.table("T", plan.data("revenue", [1.0, 2.0], Format.MONEY))

    assert plan.of("T", "revenue").value.tolist() == [1.0, 2.0]
    assert plan.tables["T"].rows == 2


def test_a_formula_that_is_blank_everywhere_is_still_a_column() -> None:
    plan = Plan(texts())

    column = plan.formula("clv", Live('""', BLANK), Format.MONEY, rows=3)

    np.testing.assert_array_equal(column.values, [np.nan] * 3)


def test_numbers_become_cells_and_what_is_missing_an_empty_one() -> None:
    assert constants([[1.0, np.nan], [np.nan, 2.0]]) == [[1.0, None], [None, 2.0]]
