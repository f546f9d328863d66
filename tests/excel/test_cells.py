"""The adapter turns whatever a sheet holds into what a function takes, and says what it cannot."""

import json
import math
from collections.abc import Sequence
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.catalogue import CATALOGUE, CatalogueEntry, find_entry
from clv_xl.errors import ClvError, DataError, InvalidArgumentError
from clv_xl.excel import cell_columns as columns
from clv_xl.excel.cell_ranges import CellRange, Cells, cells_of, filled_length, grid
from clv_xl.excel.cells import Answer, call, sentence

CUSTOMERS = ["ada", "bob", "ada", "cyd", "bob", "ada"]
DATES = ["2024-01-05", "2024-01-09", "2024-02-10", "2024-02-20", "2024-03-15", "2024-03-31"]
AMOUNTS = [10.0, 20.0, 30.0, 40.0, 50.0, 60.0]


def down(*cells: object) -> list[list[object]]:
    """Return cells below each other, as a host hands them over."""
    return [[cell] for cell in cells]


def ask(name: str, *arguments: object) -> Answer:
    return call(find_entry(name), arguments)


def refusal(name: str, *arguments: object) -> str:
    with pytest.raises(ClvError) as fault:
        ask(name, *arguments)
    return str(fault.value)


def objects(*cells: object) -> Cells:
    array = np.empty(len(cells), dtype=object)
    array[:] = list(cells)
    return array


def as_cells(example: object) -> object:
    """Return an argument of an example as a sheet holds it."""
    if isinstance(example, list | tuple):
        return [list(row) if isinstance(row, list | tuple) else [row] for row in example]
    return example


def examples(entry: CatalogueEntry) -> list[object]:
    return [as_cells(entry.example_arguments.get(p.name)) for p in entry.parameters]


# The shape of a range.


def test_one_cell_is_its_value_however_it_is_wrapped() -> None:
    assert cells_of(5.0) == cells_of([5.0]) == cells_of([[5.0]]) == cells_of(((5.0,),)) == 5.0
    assert cells_of([]) is None
    assert cells_of([[]]) is None


def test_a_range_of_uneven_rows_is_refused() -> None:
    with pytest.raises(DataError, match="of one length"):
        cells_of([[1], [2, 3]])


def test_blank_rows_end_a_range_only_where_every_column_is_blank() -> None:
    one = cells_of(down("a", "b", None, None))
    other = cells_of(down(1.0, "", 3.0, ""))

    assert filled_length([one]) == 2
    assert filled_length([other]) == 3
    assert filled_length([one, other]) == 3
    assert filled_length([cells_of(down(None, ""))]) == 0


def test_ranges_that_make_no_grid_are_refused_with_their_shapes() -> None:
    with pytest.raises(DataError, match="2 × 2 and 3 × 1 cells make no grid"):
        grid([cells_of([[1, 2], [3, 4]]), cells_of(down(1, 2, 3))])


# Columns of cells.


def test_numbers_may_stand_as_text_but_nothing_else_may() -> None:
    read = columns.numbers("amounts", objects(1, 2.5, " 3.5 ", None, "", "  ", "1e2"))

    assert np.asarray(read).tolist()[:3] == [1.0, 2.5, 3.5]
    assert np.isnan(np.asarray(read)[3:6].astype(float)).all()
    assert np.asarray(read)[6] == 100.0


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("#N/A", "row 2: amounts is #N/A"),
        ("#DIV/0!", "row 2: amounts is #DIV/0!"),
        ("12,5", "row 2: amounts is the text '12,5': give a number"),
        ("1,234.50", "row 2: amounts is the text '1,234.50'"),
        ("nan", "row 2: amounts is the text 'nan'"),
        ("inf", "row 2: amounts is the text 'inf'"),
        ("80%", "row 2: amounts is the text '80%'"),
        (True, "row 2: amounts is TRUE"),
        (datetime(2024, 3, 31), "row 2: amounts is the date 2024-03-31"),  # noqa: DTZ001
        ("x" * 100, "row 2: amounts is the text 'xxx"),
    ],
)
def test_what_is_no_number_is_refused_with_its_row(cell: object, said: str) -> None:
    with pytest.raises(DataError) as fault:
        columns.numbers("amounts", objects(1.0, cell, 3.0))
    assert str(fault.value).startswith(said)
    assert len(str(fault.value)) < 120


def test_a_sentence_of_ours_in_an_input_is_passed_on_as_it_is() -> None:
    fit = "#CLV! row 7: frequency is #N/A: mend the cell or leave it out"

    assert refusal("CLV_BGNBD_NEW", fit, 52) == fit.removeprefix("#CLV! ")
    assert refusal("CLV_BGNBD_NEW", [[fit, ""], ["", ""]], 52) == fit.removeprefix("#CLV! ")
    assert refusal("CLV_AOV", down(10.0, fit)) == fit.removeprefix("#CLV! ")


def test_ids_that_a_sheet_holds_as_numbers_lose_their_decimal_point() -> None:
    read = columns.texts("customers", objects(*[1001.0, "0007", 5, None, True, 2.5]))

    assert read.tolist() == ["1001", "0007", "5", None, "TRUE", "2.5"]


def test_an_error_among_the_ids_is_refused_with_its_row() -> None:
    with pytest.raises(DataError, match="row 3: customers is #REF!"):
        columns.texts("customers", objects("a", "b", "#REF!"))


def test_an_id_that_a_sheet_has_rounded_is_refused() -> None:
    said = refusal("CLV_SUMMARY", down(1.23456789012345e18, 5.0), down("2024-01-01", "2024-01-02"))
    assert "1.23456789012345E+18" in said


def test_a_day_may_come_in_every_form_that_leaves_no_doubt() -> None:
    read = columns.days(
        "dates",
        objects(
            45383.0,
            45383.75,
            datetime(2024, 4, 1, 23, 59),  # noqa: DTZ001
            datetime(2024, 4, 1, 23, 59, tzinfo=UTC),
            date(2024, 4, 1),
            "2024-04-01",
            "2024-04-01T10:15:00",
            20240401.0,
            "1 April 2024",
            "1403-01-13",
            None,
            "",
        ),
    )

    assert read[:10].tolist() == [date(2024, 4, 1)] * 10
    assert np.isnat(np.asarray(read[10:], dtype="datetime64[D]")).all()


def test_dates_as_text_are_read_when_one_of_them_tells_day_from_month() -> None:
    read = columns.days("dates", objects("03/12/2024", "25/12/2024"))

    assert read.tolist() == [date(2024, 12, 3), date(2024, 12, 25)]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (["03/12/2024", "04/12/2024"], "day and month cannot be told apart"),
        (["2024-01-05", "#N/A"], "row 2: dates is #N/A"),
        (["2024-01-05", "soon"], "row 2: dates is the text 'soon'"),
        ([45383.0, 12.5], "row 2: dates is 12.5: give a date, or text such as 2024-03-31"),
        ([45383.0, True], "row 2: dates is TRUE"),
        ([45383.0, -1.0], "row 2: dates is -1"),
        ([45383.0, 20241301.0], "row 2: dates is 20241301"),
        (["2024-02-30", "2024-01-05"], "row 1: dates is the text '2024-02-30'"),
    ],
)
def test_what_is_no_day_is_refused_with_its_row(cells: Sequence[object], said: str) -> None:
    with pytest.raises(DataError) as fault:
        columns.days("dates", objects(*cells))
    assert said in str(fault.value)
    assert str(fault.value).count("\n") == 0


@given(st.dates(date(1955, 1, 1), date(2118, 12, 31)))
def test_the_day_number_of_a_spreadsheet_and_the_date_are_the_same_day(day: date) -> None:
    serial = float((day - date(1899, 12, 30)).days)

    assert columns.days("dates", objects(serial)).tolist() == [day]
    assert columns.day("as_of", serial) == columns.day("as_of", day) == day
    assert columns.days("dates", objects(day.isoformat())).tolist() == [day]


@given(st.lists(st.one_of(st.none(), st.floats(-1e12, 1e12)), min_size=2, max_size=30))
def test_numbers_come_through_unchanged_and_blanks_stay_blanks(cells: list[float | None]) -> None:
    read = np.asarray(columns.numbers("amounts", objects(*cells)), dtype=float)

    assert [None if math.isnan(value) else value for value in read.tolist()] == cells


# One function, any form of its arguments.


def test_a_column_a_row_and_two_dimensional_tuples_are_alike() -> None:
    upright = ask("CLV_AOV", down(10.0, 20.0, 30.0))

    assert upright == ask("CLV_AOV", [[10.0, 20.0, 30.0]]) == ask("CLV_AOV", [10.0, 20.0, 30.0])
    assert upright == ask("CLV_AOV", ((10.0,), (20.0,), (30.0,))) == 20.0


def test_a_blank_argument_counts_as_left_out_wherever_it_stands() -> None:
    whole = ask("CLV_DISCOUNTED", 100, 0.8, 0.1)

    for blank in (None, "", [[None]], [[""]]):
        assert ask("CLV_DISCOUNTED", 100, 0.8, 0.1, blank, blank, blank) == whole
        assert ask("CLV_DISCOUNTED", 100, 0.8, 0.1, blank, "renewal") == pytest.approx(800 / 3)


def test_a_required_argument_that_is_blank_is_named() -> None:
    assert refusal("CLV_CAC_RATIO", 900, None).startswith("CLV_CAC_RATIO needs cac:")
    assert refusal("CLV_CAC_RATIO", [[None]], 300).startswith("CLV_CAC_RATIO needs clv:")


def test_one_value_a_row_keeps_the_rows_and_their_order() -> None:
    assert ask("CLV_CAC_RATIO", down(900, 300, 600), 300) == down(3.0, 1.0, 2.0)
    assert ask("CLV_CAC_RATIO", [[900, 300, 600]], 300) == [[3.0, 1.0, 2.0]]


def test_a_header_comes_back_only_where_one_was_given() -> None:
    with_header = ask("CLV_CAC_RATIO", down("CLV", 900, 300), down("CAC", 300, 300))

    assert with_header == down("cac_ratio", 3.0, 1.0)
    assert ask("CLV_CAC_RATIO", down("CLV", 900, 300), 300) == with_header


def test_blank_rows_at_the_end_give_blank_rows() -> None:
    assert ask("CLV_CAC_RATIO", down(900, 300, None, ""), 300) == down(3.0, 1.0, "", "")


def test_a_blank_between_rows_is_refused_with_the_row_of_the_sheet() -> None:
    assert "an empty cell (row 2)" in refusal("CLV_CAC_RATIO", down(900, None, 300), 300)
    assert "an empty cell (row 3)" in refusal("CLV_CAC_RATIO", down("CLV", 900, None, 300), 300)


def test_rows_in_sentences_count_the_header() -> None:
    amounts = down("Amount", 10.0, "ten")

    assert refusal("CLV_AOV", amounts).startswith("row 3: amounts is the text 'ten'")
    said = refusal("CLV_DISCOUNTED", 100, down("retention", 0.8, 80), 0.1)
    assert said.endswith("got 80 (row 3) (did you mean 0.80?)")


def test_order_columns_are_read_under_their_headers() -> None:
    plain = ask("CLV_SUMMARY", down(*CUSTOMERS), down(*DATES), down(*AMOUNTS))
    headed = ask(
        "CLV_SUMMARY",
        down("Customer", *CUSTOMERS, None),
        down("Date", *DATES, None),
        down("Amount", *AMOUNTS, None),
    )

    assert headed == plain
    assert isinstance(plain, list)
    assert [row[0] for row in plain] == ["customer", "ada", "bob", "cyd"]


def test_a_first_row_that_is_no_header_is_judged_like_the_others() -> None:
    said = refusal("CLV_SUMMARY", down("a", "b"), down(45383.0, 45384.0), down("ten", 20.0))
    assert said == "row 1: amounts is the text 'ten': give a number"


def test_a_row_and_a_column_make_a_grid() -> None:
    table = ask("CLV_DISCOUNTED", 100, down(0.7, 0.8, 0.9), [[0.05, 0.10]])

    assert isinstance(table, list)
    assert [len(row) for row in table] == [2, 2, 2]
    for line, retention in zip(table, (0.7, 0.8, 0.9), strict=True):
        for value, discount in zip(line, (0.05, 0.10), strict=True):
            assert value == ask("CLV_DISCOUNTED", 100, retention, discount)


def test_several_columns_where_one_is_needed_are_refused() -> None:
    assert (
        refusal("CLV_AOV", [[1.0, 2.0], [3.0, 4.0]]) == "amounts must be one column, got 2 columns"
    )


def test_columns_of_unlike_length_are_refused_by_name() -> None:
    said = refusal("CLV_SUMMARY", down(*CUSTOMERS), down(*DATES[:4]), down(*AMOUNTS))
    assert said == "dates must be as long as customers (6 rows), got 4"


def test_a_range_without_anything_in_it_is_refused() -> None:
    said = "amounts must be at least one row that is filled in, got none"
    assert refusal("CLV_AOV", down(None, "", None)) == said
    assert refusal("CLV_AOV", down("Amount", "", None)) == said


def test_a_single_date_may_be_a_day_number_a_date_or_iso_text() -> None:
    columns_given = (down(*CUSTOMERS), down(*DATES), down(*AMOUNTS))
    answers = [
        ask("CLV_SUMMARY", *columns_given, as_of)
        for as_of in (45412.0, date(2024, 4, 30), "2024-04-30", [[45412.0]])
    ]

    assert answers == [answers[0]] * 4
    assert "as_of" in refusal("CLV_SUMMARY", *columns_given, 12.0)
    assert "as_of must be a date" in refusal("CLV_SUMMARY", *columns_given, "30/04/2024")


def test_a_fit_comes_back_as_the_table_that_it_left_as() -> None:
    fit = ask("CLV_MBGNBD_FIT", down(2, 0, 1, 3), down(30, 0, 12, 33), down(40, 40, 40, 40))
    alive = ask("CLV_MBGNBD_ALIVE", fit, down(2, 0), down(30, 0), down(40, 40))

    assert isinstance(fit, list)
    assert fit[0][0] == "parameter"
    assert isinstance(alive, list)
    assert all(0 <= float(value) <= 1 for (value,) in alive)
    with_blank_rows = [*fit, ["", "", ""]]
    assert alive == ask("CLV_MBGNBD_ALIVE", with_blank_rows, down(2, 0), down(30, 0), down(40, 40))


def test_a_segment_table_takes_costs_under_a_header() -> None:
    arguments = (down(*CUSTOMERS), down(*DATES), down(*AMOUNTS), down(*"xyxxyx"), 0.4)
    with_header = ask("CLV_SEGMENT_TABLE", *arguments, [["segment", "CAC"], ["x", 5.0], ["y", 4.0]])

    assert with_header == ask("CLV_SEGMENT_TABLE", *arguments, [["x", 5.0], ["y", 4.0]])


def test_the_data_check_counts_what_other_functions_refuse() -> None:
    customers = down("a", "b", "#N/A", "c")
    dates = down("2024-01-05", 45300.0, 45301.0, "soon")
    table = ask("CLV_DATA_CHECK", customers, dates, down(10.0, "ten", 30.0, "#DIV/0!"))

    assert isinstance(table, list)
    found = {row[0]: row[1] for row in table}
    assert found["rows_read"] == 4.0
    assert found["rows_kept"] == 1.0
    assert found["dropped_date_not_readable"] == 1.0
    assert found["dropped_amount_not_a_number"] == 1.0
    assert found["dropped_no_customer"] == 1.0


def test_what_can_never_be_reached_is_shown_as_infinite() -> None:
    assert ask("CLV_CAC_PAYBACK", 300, 25, 0.9) == "∞"


def test_cells_are_asked_about_one_by_one_in_their_shape() -> None:
    assert ask("CLV_ISERR", [["#CLV! no", 1.0], ["", "x"]]) == [[True, False], [False, False]]
    assert ask("CLV_ISERR", "#CLV! no") is True
    assert ask("CLV_WHY", [["#CLV! no"]]) == "no"


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.excel_name)
def test_every_example_gives_cells_that_every_host_takes(entry: CatalogueEntry) -> None:
    result = call(entry, examples(entry))

    assert json.loads(json.dumps(result, allow_nan=False)) == result
    expected = entry.example_result
    if isinstance(expected, pd.DataFrame):
        assert isinstance(result, list)
        assert len(result) == len(expected) + 1
        assert all(len(row) == expected.shape[1] for row in result)
    elif np.ndim(expected) == 0:
        assert result == expected


def test_an_error_becomes_one_line_that_says_whose_it_is() -> None:
    bound = InvalidArgumentError("churn", 80, "at least 0 and at most 1")
    assert sentence(bound) == "#CLV! churn must be at least 0 and at most 1, got 80"
    ours = sentence(ZeroDivisionError("division by zero\nsomewhere"))
    assert ours.startswith("#CLV! an error of clv_xl itself (ZeroDivisionError: division by zero")
    assert "\n" not in ours


def test_a_whole_column_is_cut_where_its_data_end() -> None:
    height = 1_048_576
    amounts = [[10.0]] * 3 + [[None]] * (height - 3)

    assert ask("CLV_AOV", amounts) == 10.0
    ratios = ask("CLV_CAC_RATIO", [[900.0]] * 2 + [[None]] * (height - 2), 300.0)
    assert isinstance(ratios, list)
    assert len(ratios) == height
    assert ratios[:3] == down(3.0, 3.0, "")


def test_blank_rows_below_several_columns_give_blank_rows() -> None:
    assert ask("CLV_CAC_RATIO", [[900.0, 600.0], [300.0, 30.0], [None, ""]], 300.0) == [
        [3.0, 2.0],
        [1.0, 0.1],
        ["", ""],
    ]
    assert ask("CLV_CAC_RATIO", [[900.0], [300.0], [None]], [[300.0, 100.0]]) == [
        [3.0, 9.0],
        [1.0, 3.0],
        ["", ""],
    ]
    assert ask("CLV_ISERR", [["#CLV! no", 1.0], [None, None]]) == [[True, False], ["", ""]]


def test_several_columns_without_anything_in_them_are_refused() -> None:
    with pytest.raises(InvalidArgumentError, match="got an empty cell"):
        ask("CLV_CAC_RATIO", [[None, None], [None, None]], 300.0)


def test_a_column_with_rows_of_its_own_neither_lengthens_the_result_nor_needs_its_rows() -> None:
    values = [[600.0], [300.0], [100.0]]
    tiers = ask("CLV_TIERS", values, [[0.5], [None], [None], [None]])
    assert tiers == ask("CLV_TIERS", values, [[0.5]])
    assert isinstance(tiers, list)
    assert len(tiers) == 3

    log = [["ann"], ["ben"], ["ann"]], [["2024-01-01"], ["2024-01-02"], ["2024-06-01"]]
    amounts = [[10.0], [20.0], [30.0]]
    as_of = "2024-12-31"
    assert ask("CLV_NDAY", *log, amounts, [[30.0], [None], [None]], as_of) == ask(
        "CLV_NDAY", *log, amounts, 30.0, as_of
    )


def test_ranges_keep_what_their_cells_hold() -> None:
    block = cells_of([[1.0, "a"], [None, True]])

    assert isinstance(block, CellRange)
    assert block.rows() == [[1.0, "a"], [None, True]]


# Several columns of numbers at once.


def test_cohorts_may_stand_in_a_column_a_row_or_a_block() -> None:
    column = ask("CLV_SBG_FIT", down("left", 100.0, 80.0, 70.0, None))
    assert ask("CLV_SBG_FIT", [[100.0, 80.0, 70.0]]) == column
    assert ask("CLV_SBG_FIT", [["start", "a", ""], [100.0, "80", 70.0], ["", "", ""]]) == column
    block = ask("CLV_SBG_FIT", [["start", "a", "b"], [60.0, 50.0, 45.0], [40.0, 30.0, 25.0]])
    assert block[:3] == column[:3]  # type: ignore[index] # a table is rows


def test_a_cell_in_a_block_that_is_no_number_is_named_by_its_row() -> None:
    head = ["start", "year 1"]
    assert "row 3: survivors is the text 'x'" in refusal(
        "CLV_SBG_FIT", [head, [100.0, 80.0], [90.0, "x"]]
    )
    assert "row 2: survivors is #N/A" in refusal("CLV_SBG_FIT", [[100.0, 80.0], ["#N/A", 70.0]])
    assert "row 2: survivors is TRUE" in refusal("CLV_SBG_FIT", [[100.0, 80.0], [90.0, True]])
    assert "survivors is #REF!" in refusal("CLV_SBG_FIT", [["#REF!", "b"], [100.0, 80.0]])


def test_whether_a_customer_has_left_may_be_a_truth_value() -> None:
    numbers = ask("CLV_KM", down(3.0, 5.0, 8.0), down(1.0, 0.0, 1.0))
    assert ask("CLV_KM", down(3.0, 5.0, 8.0), [[True], [False], [True]]) == numbers
    assert "churned must be 1 or TRUE" in refusal("CLV_KM", down(3.0, 5.0), down("yes", "no"))
