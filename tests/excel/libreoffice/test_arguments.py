"""Arguments as LibreOffice hands them over, without LibreOffice."""

from types import SimpleNamespace

import pytest

from clv_xl.catalogue import find_entry
from clv_xl.excel.cells import call
from clv_xl.excel.libreoffice.arguments import taken

WHOLE_COLUMN = 1_048_576


class Document:
    """A document, with the day that its day numbers count from."""

    def __init__(self, year: int, month: int, day: int) -> None:
        """Count from a day."""
        self.first = SimpleNamespace(Year=year, Month=month, Day=day)

    def getPropertyValue(self, name: str) -> SimpleNamespace:  # noqa: N802 - UNO's
        assert name == "NullDate"
        return self.first


def column(*cells: object) -> tuple[tuple[object], ...]:
    return tuple((cell,) for cell in cells)


@pytest.mark.parametrize(
    ("function", "position", "arrives"),
    [
        ("CLV_DISCOUNTED", 4, None),  # a text
        ("CLV_SUMMARY", 3, None),  # a date
        ("CLV_SUMMARY", 1, None),  # dates
        ("CLV_DISCOUNTED", 5, 0.0),  # a number: 0 is one
    ],
)
def test_a_blank_cell_alone_is_left_out_where_0_makes_no_sense(
    function: str, position: int, arrives: float | None
) -> None:
    entry = find_entry(function)
    arguments = [1.0] * len(entry.parameters)
    arguments[position] = 0.0

    assert taken(entry, arguments, None)[position] == arrives


def test_whole_columns_end_with_the_last_row_that_one_of_them_fills() -> None:
    customers = column("a", "b", *[""] * (WHOLE_COLUMN - 2))
    amounts = column(1.0, "", "", 4.0, *[""] * (WHOLE_COLUMN - 4))

    cut = taken(find_entry("CLV_HISTORIC"), [customers, amounts, 0.5], None)

    assert cut == [column("a", "b", "", ""), column(1.0, "", "", 4.0), 0.5]


def test_a_whole_column_without_content_is_no_crash() -> None:
    blank = column(*[""] * WHOLE_COLUMN)

    assert taken(find_entry("CLV_NPS"), [blank, None], None)[0] == ((("",),))


def test_shorter_columns_keep_their_blank_rows() -> None:
    scores = column(10.0, "", "")

    assert taken(find_entry("CLV_NPS"), [scores], None) == [scores]


def test_days_count_from_the_day_of_the_document() -> None:
    entry = find_entry("CLV_SUMMARY")
    customers, amounts = column("a", "a"), column(1.0, 2.0)
    since_1904 = column(43_830.0, 43_840.0)
    since_1900 = column(45_292.0, 45_302.0)

    moved = taken(entry, [customers, since_1904, amounts, 43_850.0], Document(1904, 1, 1))
    plain = taken(entry, [customers, since_1900, amounts, 45_312.0], Document(1899, 12, 30))

    assert moved == plain == [customers, since_1900, amounts, 45_312.0]
    assert call(entry, moved) == call(entry, plain)


def test_a_date_written_as_a_number_or_text_counts_from_no_day() -> None:
    dates = column(20_240_131.0, "2024-01-31", "")
    entry = find_entry("CLV_TIME_BETWEEN")

    assert taken(entry, [column("a", "b", ""), dates], Document(1904, 1, 1))[1] == dates


def test_amounts_are_no_days() -> None:
    entry = find_entry("CLV_SUMMARY")
    amounts = column(45_000.0)

    assert (
        taken(entry, [column("a"), column(43_830.0), amounts], Document(1904, 1, 1))[2] == amounts
    )
