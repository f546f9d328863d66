import math
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.reports.live import BLANK, Live, live, wrapped
from clv_xl.reports.live_functions import (
    absolute,
    all_of,
    count_where,
    entry,
    fixed,
    if_,
    is_blank,
    is_number,
    joined,
    largest,
    not_,
    ratio,
    rounded,
    sum_of_products,
    total,
    when_known,
)
from tests.proof.office import recalculated
from tests.reports.expressions import CELLS, EMPTY, Maker

ROWS = ((3.0, 0.5), (float("nan"), 2.0), (-1.0, float("nan")), (0.0, 4.0))
SOME = st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 3))


def random_formulas() -> list[Live]:
    maker = Maker(Random(20240229))  # noqa: S311 - formulas, no secrets
    numbers = [maker.number(4) for _ in range(100)]
    conditions = [maker.condition(4) for _ in range(50)]
    perhaps = [maker.perhaps(4) for _ in range(50)]
    return numbers + conditions + perhaps + [maker.text(4) for _ in range(50)]


def chosen_formulas() -> list[Live]:
    """Return what randomness may miss: signs, ties, quotes, ranges."""
    minus, two = live(-2), Live("many", 1234.5) * 0 + 2
    first = Live("first_column", np.array([row[0] for row in ROWS]))
    second = Live("second_column", np.array([row[1] for row in ROWS]))
    ties = [(2.5, 0), (-2.5, 0), (0.125, 2), (1234567.5, 0), (-0.4, 0), (99.95, 1)]
    return [
        minus**2,
        minus**3 * 2,
        two**minus,
        (two**3) ** two,
        two ** (two**3),
        two - (two - 5),
        two / (two / 5),
        (two + 1) * (two - 5),
        -1 * (two - 0.5) / 12,
        (two < 3).equals(two < 4),
        live("=1+1"),
        joined('a"b"', "&", 'c""'),
        *(fixed(value, decimals) for value, decimals in ties),
        *(rounded(live(value), 1) for value in (1.45, 2.95, -0.25, 0.05, 2.949)),
        rounded(live(1.005), 2),
        total(first),
        largest(first),
        largest(Live("empty_column", np.full(4, np.nan))),
        sum_of_products(first, second),
        count_where(first > 0),
        entry("first_column", first.value, 3),
        entry("both_columns", np.array(ROWS), 4, 2),
    ]


def write_formulas(path: Path, formulas: list[Live]) -> None:
    with xlsxwriter.Workbook(path) as book:
        cells, sheet = book.add_worksheet("Cells"), book.add_worksheet("Formulas")
        for row, (name, value) in enumerate(CELLS.items()):
            cells.write_number(row, 0, value)
            book.define_name(name, f"=Cells!$A${row + 1}")
        for row, name in enumerate(EMPTY, start=len(CELLS)):
            book.define_name(name, f"=Cells!$A${row + 1}")
        cells.write_formula(f"A{len(CELLS) + len(EMPTY)}", '=""')
        for row, pair in enumerate(ROWS):
            for column, value in enumerate(pair, start=2):
                if not math.isnan(value):
                    cells.write_number(row, column, value)
        for name, area in (("first", "$C$1:$C$4"), ("second", "$D$1:$D$4"), ("empty", "$F$1:$F$4")):
            book.define_name(f"{name}_column", f"=Cells!{area}")
        book.define_name("both_columns", "=Cells!$C$1:$D$4")
        for row, formula in enumerate(formulas):
            sheet.write_formula(row, 0, f"={formula.formula}")


def same(mine: Any, theirs: Any) -> bool:  # noqa: ANN401 - any kind of cell
    if isinstance(mine, str):
        return (theirs or "") == mine
    if theirs is None or isinstance(theirs, str):
        return False
    return math.isclose(float(mine), float(theirs), rel_tol=1e-9, abs_tol=1e-9)


def test_a_formula_has_the_value_that_libreoffice_gives_it(tmp_path: Path) -> None:
    formulas = chosen_formulas() + random_formulas()
    write_formulas(tmp_path / "formulas.xlsx", formulas)

    sheet = recalculated(tmp_path / "formulas.xlsx")["Formulas"]

    found = [sheet.cell(row, 1).value for row in range(1, len(formulas) + 1)]
    pairs = zip(formulas, found, strict=True)
    assert [(f.formula, f.value, v) for f, v in pairs if not same(f.value, v)] == []


Tree = tuple[Any, ...]
TREES: st.SearchStrategy[Tree] = st.recursive(
    st.sampled_from([("x",), ("y",), (2.0,), (-3.0,)]),
    lambda inner: st.tuples(st.sampled_from(["+", "-", "*", "ratio", "if", "abs"]), inner, inner),
    max_leaves=12,
)
BUILT: dict[str, Callable[[Live, Live], Live]] = {
    "+": lambda one, other: one + other,
    "-": lambda one, other: one - other,
    "*": lambda one, other: one * other,
    "ratio": lambda one, other: (
        when_known(one, other, then=ratio(one, other))
        if not np.ndim(one.value) and not np.ndim(other.value)
        else if_(is_number(one), if_(is_number(other), ratio(one, other), BLANK), BLANK)
    ),
    "if": lambda one, other: if_(one < other, one, other),
    "abs": lambda one, other: if_(is_blank(other), absolute(one), other),
}


def built(tree: Tree, x: Any, y: Any) -> Live:  # noqa: ANN401 - a number or a column of them
    if len(tree) == 1:
        return {"x": Live("x", x), "y": Live("y", y)}.get(tree[0]) or live(tree[0])
    return BUILT[tree[0]](built(tree[1], x, y), built(tree[2], x, y))


def as_number(value: Any) -> float:  # noqa: ANN401 - a number or a blank
    return math.nan if value == BLANK else float(value)


@given(TREES, st.lists(st.tuples(SOME, SOME), min_size=1, max_size=5))
def test_a_column_is_computed_row_by_row(tree: Tree, rows: list[tuple[float, float]]) -> None:
    x, y = (np.array(column) for column in zip(*rows, strict=True))

    column = np.broadcast_to(built(tree, x, y).value, len(rows))

    each = [as_number(built(tree, *row).value) for row in rows]
    np.testing.assert_allclose([as_number(value) for value in column], each, rtol=1e-12)


@given(st.integers(-(10**9), 10**9), st.integers(0, 3))
def test_fixed_rounds_a_half_away_from_zero(tenths: int, decimals: int) -> None:
    rounded = (abs(tenths) + 5) // 10 * (1 if tenths >= 0 else -1)

    shown = fixed(tenths / 10 ** (decimals + 1), decimals)

    expected = Decimal(rounded).scaleb(-decimals)
    assert Decimal(str(shown.value).replace(",", "")) == expected
    assert str(shown.value) != "-0"


def test_fixed_of_a_blank_is_a_blank() -> None:
    assert fixed(Live("cell", BLANK)).value == BLANK


@given(st.text())
def test_a_text_is_quoted_so_that_no_quote_ends_it(text: str) -> None:
    quoted = live(text).formula

    assert quoted[0] == quoted[-1] == '"'
    assert quoted[1:-1].replace('""', "") == text.replace('"', "")
    assert quoted[1:-1].replace('""', '"') == text


@given(st.floats(-1e300, 1e300))
def test_a_constant_reads_as_the_number_it_is(number: float) -> None:
    assert float(live(number).formula) == pytest.approx(number, rel=1e-14)


def test_booleans_read_as_excel_writes_them() -> None:
    assert [live(value).formula for value in (True, False)] == ["TRUE", "FALSE"]


@pytest.mark.parametrize(
    ("formula", "written"),
    [
        (Live("a", 1) - (Live("b", 2) - Live("c", 3)), "a-(b-c)"),
        (Live("a", 1) - Live("b", 2) - Live("c", 3), "a-b-c"),
        (Live("a", 1) / (Live("b", 2) * Live("c", 3)), "a/(b*c)"),
        ((Live("a", 1) + Live("b", 2)) * Live("c", 3), "(a+b)*c"),
        (Live("a", 1) ** (Live("b", 2) ** Live("c", 3)), "a^(b^c)"),
        (live(-2) ** Live("b", 2), "(-2)^b"),
        ((Live("a", 1) < Live("b", 2)) * Live("c", 3), "(a<b)*c"),
        (joined("n: ", Live("a", "1") - 1), '"n: "&a-1'),
        (joined("n: ", Live("a", 1) < 2), '"n: "&(a<2)'),
    ],
)
def test_parentheses_stand_where_they_are_needed_and_nowhere_else(
    formula: Live, written: str
) -> None:
    assert formula.formula == written


def test_what_rests_on_a_blank_is_blank() -> None:
    blank, number = Live("blank", BLANK), Live("number", 2.0)

    assert (blank * number).value == BLANK
    assert when_known(blank, number, then=blank * number).value == BLANK
    assert when_known(number, then=number * 2).value == 4
    assert ratio(number, Live("nobody", 0)).value == BLANK
    assert [is_blank(cell).value for cell in (blank, number)] == [True, False]
    assert [is_number(cell).value for cell in (blank, number)] == [False, True]


def test_one_of_two_texts_is_chosen_row_by_row() -> None:
    found = if_(Live("x", np.array([1.0, 0.0])) > 0, "good", "bad")

    assert found.value.tolist() == ["good", "bad"]


@pytest.mark.parametrize("holds", [True, False])
def test_a_condition_on_one_cell_keeps_a_column_as_long_as_it_is(holds: bool) -> None:  # noqa: FBT001
    column = Live("column", np.array([1.0, 2.0, 3.0]))
    found = if_(Live("cell", 1.0) > (0 if holds else 2), column, BLANK)

    assert found.value.shape == (3,)
    assert np.isnan(found.value).all() is not holds


def test_blanks_of_a_column_are_counted_nowhere() -> None:
    column = Live("column", np.array([1.0, np.nan, 4.0]))
    texts = Live("texts", np.array(["a", "b"], dtype=object))

    assert total(column).value == 5
    assert largest(column).value == 4
    assert total(texts).value == 0
    assert is_number(column).value.tolist() == [True, False, True]
    assert not_(is_blank(column)).value.tolist() == [True, False, True]
    assert ratio(1.0, column).value[1] != ratio(1.0, column).value[1]


def test_every_condition_must_hold_for_all_of_them() -> None:
    yes, no = Live("yes", 1.0) > 0, Live("no", 0.0) > 0

    assert all_of(yes, yes).value is True
    assert all_of(yes, no).value is False
    assert all_of(yes, Live("blank", BLANK) > 0).value is False


def test_an_operand_that_binds_less_is_wrapped() -> None:
    weak = Live("a+b", 3, 5)

    assert [wrapped(weak, s) for s in (4, 5, 6)] == ["a+b", "a+b", "(a+b)"]
    assert wrapped(weak, 5, strictly=True) == "(a+b)"
