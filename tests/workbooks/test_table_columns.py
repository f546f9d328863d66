"""What a column may hold: every reader reads it back, and what no cell holds is refused."""

import zipfile
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clv_xl.errors import InvalidArgumentError
from clv_xl.workbooks.big_tables import Column
from tests.proof import rules, sdk
from tests.workbooks.big_table import calamine_texts, read_back, refused, sheet_of, spliced

# laws

# openpyxl drops x005F_ wherever it stands, and LF, CR and halves of pairs are tested on their own.
TEXTS = st.text(st.characters(exclude_categories=["Cs"])).filter(lambda text: "x005F" not in text)
READABLE = TEXTS.filter(lambda text: text.isprintable())
# calamine leaves the escapes of these two as they are, and reads a blank text as no text.
DECODED = TEXTS.filter(lambda text: text and not {"\ufffe", "\uffff"} & set(text))
FINITE = st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False)


@given(st.lists(READABLE, min_size=1))
@settings(max_examples=60, deadline=None)
def test_a_text_is_read_by_openpyxl_as_it_was(texts: list[str]) -> None:
    read = read_back(np.array(texts, dtype=object), "text")
    assert [text or "" for text in read] == texts


@given(st.lists(DECODED, min_size=1))
@settings(max_examples=60, deadline=None)
def test_any_text_is_read_by_calamine_as_it_was(texts: list[str]) -> None:
    book = spliced([Column(np.array(texts, dtype=object), "text")], ["only"])
    assert calamine_texts(book) == texts


@given(st.lists(st.one_of(FINITE, st.just(float("nan"))), min_size=1))
@settings(max_examples=60, deadline=None)
def test_a_number_keeps_every_digit(numbers: list[float]) -> None:
    read = read_back(np.array(numbers), "number")
    expected = [None if np.isnan(number) else number for number in numbers]
    assert read == expected


@given(st.lists(st.integers(1 - 2**53, 2**53 - 1), min_size=1))
@settings(max_examples=30, deadline=None)
def test_a_whole_number_keeps_every_digit(numbers: list[int]) -> None:
    assert read_back(np.array(numbers), "number") == numbers


@given(st.lists(st.dates(date(1900, 3, 1), date(9999, 12, 31)), min_size=1))
@settings(max_examples=30, deadline=None)
def test_a_date_is_the_same_from_days_and_from_day_numbers(days: list[date]) -> None:
    typed = np.array(days, dtype="datetime64[D]")
    read = spliced([Column(typed, "date")], ["since"])
    assert read == spliced([Column(typed.astype(np.int64), "date")], ["since"])
    values = [cell.value for (cell,) in sheet_of(read).iter_rows(min_row=2)]
    assert [value.date() for value in values if isinstance(value, datetime)] == days


# cases


def test_blanks_of_every_kind_are_blank_cells_in_the_styles_of_the_row() -> None:
    columns = [
        Column(np.array(["a", None, np.nan, "", pd.NaT], dtype=object), "text"),
        Column(
            pd.Series(["2024-01-01", None, None, "2024-01-02", None], dtype="datetime64[ns]"),
            "date",
        ),
        Column(pd.Series([1, None, 3, None, 5], dtype="Int64"), "number"),
        Column(np.array([np.nan, 0.5, np.nan, -0.0, np.nan]), "number"),
        Column(pd.Series(["x", None, "", "x", "y"]), "text"),
    ]
    sheet = sheet_of(spliced(columns))
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert rows == [
        ["a", datetime(2024, 1, 1), 1, None, "x"],  # noqa: DTZ001 - as openpyxl reads a day
        [None, None, None, 0.5, None],
        [None, None, 3, None, None],
        [None, datetime(2024, 1, 2), None, 0, "x"],  # noqa: DTZ001 - likewise
        [None, None, 5, None, "y"],
    ]
    assert {sheet.cell(row, 2).number_format for row in range(2, 7)} == {"yyyy-mm-dd"}


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+x",
        "-x",
        "@x",
        "\tx",
        "＝1",
        '=cmd|" /C calc"!A0',
        "http://x.y",
        "007",
        "1e5",
        "TRUE",
    ],
)
def test_text_stays_text(text: str) -> None:
    book = spliced([Column(np.array([text], dtype=object), "text")], ["only"])
    cell = sheet_of(book)["A2"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert calamine_texts(book) == [text]


STRANGE = [
    "a\x0bb", "\x00", "_x0041_", "_x0041_x0042_", "_x0041\x0b", "cr\rlf\r\n", "\ufffe", " a ", "\n",
    "𝒳", "\x1f&<>", "_X0041_", "tab\tin", "  ", "two\nlines", "]]>", "\u2028\x85\x7f",
]  # fmt: skip


def test_control_characters_and_what_looks_like_their_escapes_come_through(tmp_path: Path) -> None:
    path = tmp_path / "strange.xlsx"
    path.write_bytes(spliced([Column(np.array(STRANGE, dtype=object), "text")], ["only"]))
    raw = zipfile.ZipFile(path).read("xl/sharedStrings.xml").decode()
    assert "<t>a_x000B_b</t>" in raw
    assert "<t>_x005F_x0041_</t>" in raw
    assert '<t xml:space="preserve"> a </t>' in raw
    readable = [text for text in STRANGE if "\ufffe" not in text]
    read = calamine_texts(path.read_bytes())
    assert [t for t, was in zip(read, STRANGE, strict=True) if was in readable] == readable
    assert sdk.errors(path) == []
    assert rules.violations(path) == []


def test_half_a_surrogate_pair_does_not_break_the_file() -> None:
    book = spliced([Column(np.array(["\ud800", "a"], dtype=object), "text")], ["only"])
    assert sheet_of(book)["A3"].value == "a"


def test_a_text_of_32_767_characters_survives_and_a_longer_one_is_refused() -> None:
    longest = "x" * 32_767
    assert read_back(np.array([longest], dtype=object), "text") == [longest]
    message = refused(np.array(["ok", "y" * 40_000], dtype=object), "text")
    assert message.startswith("only in row 2 of the table Customers has 40,000 characters")
    assert "32,768" in refused(np.array(["𝒳" * 16_384], dtype=object), "text")


@pytest.mark.parametrize("infinite", [np.inf, -np.inf])
def test_an_infinite_number_is_refused(infinite: float) -> None:
    message = refused(np.array([1, infinite]), "number")
    assert message.startswith("only in row 2 of the table Customers is infinite")


@pytest.mark.parametrize(
    "values",
    [np.array([1, 2**53]), np.array([1, 2**64 - 1], dtype=np.uint64), pd.array([None, -(2**60)])],
)
def test_a_whole_number_that_a_cell_would_change_is_refused(values: np.ndarray) -> None:
    message = refused(values, "number")
    assert message.startswith("only in row 2 of the table Customers is beyond")
    assert "hand the column over as text" in message


def test_numbers_handed_over_as_text_keep_their_digits() -> None:
    assert read_back(np.array([2**60, 7]), "text") == [str(2**60), "7"]


@pytest.mark.parametrize("values", [[True, False], [1, 0], [1.0, 0.0]])
def test_truth_is_written_as_one_and_zero(values: list[float]) -> None:
    assert read_back(np.array(values), "number") == [1, 0]


@pytest.mark.parametrize("day", ["1900-02-28", "10000-01-01"])
def test_a_day_that_excel_counts_wrongly_is_refused(day: str) -> None:
    assert "1900-03-01 to 9999-12-31" in refused(np.array([day], dtype="datetime64[D]"), "date")


def test_text_among_numbers_is_refused() -> None:
    with pytest.raises(InvalidArgumentError, match="only must be all numbers"):
        spliced([Column(np.array([1, "x"], dtype=object), "number")], ["only"])
