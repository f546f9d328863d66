from hypothesis import assume, given
from hypothesis import strategies as st

from clv_xl.workbooks.areas import Area
from clv_xl.workbooks.formula_refs import moved_formula
from clv_xl.workbooks.moves import Move

SHEET = "Data"
SMALL = st.integers(1, 12)
STEPS = st.integers(-5, 5).filter(bool)


@st.composite
def areas(draw: st.DrawFn) -> Area:
    rows, columns = (sorted((draw(SMALL), draw(SMALL))) for _ in range(2))
    return Area(SHEET, rows[0], columns[0], rows[1], columns[1])


@st.composite
def moves(draw: st.DrawFn) -> Move:
    """Return moves of whole rows, and of some cells down or across."""
    kind, by = draw(st.sampled_from(["rows", "down", "across"])), draw(STEPS)
    if kind == "rows":
        return Move.of_rows(SHEET, draw(SMALL), by)
    area = draw(areas())
    assume(by > 0 or (area.top if kind == "down" else area.left) + by >= 1)
    return Move(area, down=by) if kind == "down" else Move(area, across=by)


def cells(area: Area | None) -> set[tuple[int, int]]:
    if area is None:
        return set()
    return {
        (row, column)
        for row in range(area.top, area.bottom + 1)
        for column in range(area.left, area.right + 1)
    }


@given(moves(), areas())
def test_no_two_cells_go_to_one(move: Move, area: Area) -> None:
    there = [place for cell in cells(area) if (place := move.cell(*cell)) is not None]
    assert len(set(there)) == len(there)


@given(moves(), areas())
def test_a_range_that_lies_across_what_moves_covers_what_is_left_of_its_cells(
    move: Move, area: Area
) -> None:
    moving = move.area
    across = (
        moving.left <= area.left and area.right <= moving.right
        if move.down
        else moving.top <= area.top and area.bottom <= moving.bottom
    )
    assume(across)
    left = {place for cell in cells(area) if (place := move.cell(*cell)) is not None}
    assert left <= cells(move.range(area))
    if not left:
        assert move.range(area) is None


@given(moves(), areas())
def test_a_range_beside_what_moves_stays(move: Move, area: Area) -> None:
    way = move.way
    assume(not area.meets(move.area) and not (way is not None and area.meets(way)))
    assert move.range(area) == area


@given(moves())
def test_another_sheet_does_not_move(move: Move) -> None:
    elsewhere = Area("Other", 5, 5, 6, 6)
    assert move.range(elsewhere) == elsewhere


@given(SMALL, st.integers(1, 5), areas())
def test_rows_put_in_and_taken_out_again_leave_everything_in_its_place(
    row: int, count: int, area: Area
) -> None:
    there = Move.of_rows(SHEET, row, count).range(area)
    assert there is not None
    assert Move.of_rows(SHEET, row, -count).range(there) == area


@given(SMALL, st.integers(1, 5), areas())
def test_a_range_over_the_place_where_rows_are_put_in_grows(
    row: int, count: int, area: Area
) -> None:
    assume(area.top < row <= area.bottom)
    there = Move.of_rows(SHEET, row, count).range(area)
    assert there is not None
    assert (there.top, there.bottom) == (area.top, area.bottom + count)


@given(moves(), areas())
def test_a_reference_in_a_formula_goes_where_its_cells_go(move: Move, area: Area) -> None:
    there = move.range(area)
    moved = moved_formula(f"SUM({area.local})+Data!{area.local}", SHEET, move.range)
    if there is None:
        assert moved == "SUM(#REF!)+#REF!"
        return
    # A formula keeps both ends of a range that has become one cell.
    shown = there.local if ":" not in area.local else there.span
    assert moved == f"SUM({shown})+Data!{shown}"


def test_texts_names_functions_and_columns_of_tables_are_no_references() -> None:
    def gone(_: Area) -> None:
        return None

    formula = '"A1"&LOG10(calc_1)&Sales[A1]&Sales[[#This Row],[B2]]&[1]Data!A1&Q1_total&1E5'
    assert moved_formula(formula, SHEET, gone) == formula


def test_dollar_signs_stay_and_whole_rows_and_columns_are_references() -> None:
    down = Move.of_rows(SHEET, 3, 2).range
    formula = "$A$3+A$4+$B5+SUM(3:4)+SUM($A:$C)+'Data'!C3+'My data'!C3"
    expected = "$A$5+A$6+$B7+SUM(5:6)+SUM($A:$C)+'Data'!C5+'My data'!C3"
    assert moved_formula(formula, SHEET, down) == expected


def test_the_formula_of_a_rule_stays_relative_to_its_first_cell() -> None:
    taken_out = Move.of_rows(SHEET, 3, -2).range
    assert moved_formula("B3>=$B$1", SHEET, taken_out, (0, 0)) == "B3>=$B$1"
    assert moved_formula("B5>=B$6", SHEET, taken_out, (-2, 0)) == "B3>=B$4"
