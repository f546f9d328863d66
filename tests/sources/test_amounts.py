"""Amounts as text: whatever a shop writes, the same number comes out, or a clear refusal."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.errors import DataError
from clv_xl.sources.amounts import parse_amounts
from tests.sources.conftest import column

_STYLES = {
    "point": (",", "."),
    "comma": (".", ","),
    "blank": ("\u00a0", ","),
    "narrow blank": ("\u202f", ","),
    "apostrophe": ("'", "."),
    "bare point": ("", "."),
    "bare comma": ("", ","),
    "Arabic": ("٬", "٫"),
}
cents = st.integers(-(10**11), 10**11)


def _written(cent: int, style: str) -> str:
    groups, decimal = _STYLES[style]
    whole, rest = divmod(abs(cent), 100)
    grouped = f"{whole:,}".replace(",", groups)
    return f"{'-' if cent < 0 else ''}{grouped}{decimal}{rest:02d}"


@given(st.lists(cents, min_size=1, max_size=30), st.sampled_from(sorted(_STYLES)))
def test_an_amount_written_in_any_style_is_the_amount(amounts: list[int], style: str) -> None:
    read = parse_amounts(column(*[_written(cent, style) for cent in amounts]))
    np.testing.assert_allclose(read.amounts, np.array(amounts) / 100, rtol=1e-15)
    assert not read.unreadable.any()


@given(st.lists(st.floats(-1e14, 1e14), min_size=1, max_size=30))
def test_an_amount_written_by_a_program_is_the_amount(amounts: list[float]) -> None:
    texts = [f"{amount:.6f}" for amount in amounts]
    read = parse_amounts(column(*texts))
    np.testing.assert_allclose(read.amounts, [float(text) for text in texts], rtol=1e-15)


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    read = parse_amounts(column(text.strip(), *["1.25"] * 150))
    assert read.amounts[1:].tolist() == [1.25] * 150


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("1234.5", 1234.5),
        ("1,234.56", 1234.56),
        ("1,23,456.70", 123456.7),
        ("$1,234.00", 1234.0),
        ("-$12.00", -12.0),
        ("$-12.00", -12.0),
        ("12.00-", -12.0),
        ("(12.00)", -12.0),
        ("(RM 50.00)", -50.0),
        ("RM 1,234.56", 1234.56),
        ("USD 12.50", 12.5),
        ("12.50 USD", 12.5),
        ("Rs.500.00", 500.0),
        ("kr. 12.50", 12.5),
        ("12.-", 12.0),
        ("CHF 1'234.50", 1234.5),
        ("−7.25", -7.25),
        ("+7.25", 7.25),
        (".50", 0.5),
        ("1.5E+3", 1500.0),
        ("۱۲۳۴٫۵", 1234.5),
        ("١٬٢٣٤٫٥٠", 1234.5),
        ("۱٬۲۳۴٫۵۰ تومان", 1234.5),
        ("\u200f12.50\u00a0₪", 12.5),
    ],
)
def test_an_amount_as_shops_write_it(cell: str, amount: float) -> None:
    read = parse_amounts(column(cell, "0.25"))
    assert read.amounts[0] == amount
    assert not read.unreadable.any()


@pytest.mark.parametrize(
    "cell",
    ["abc", "12 pcs", "1,2,3", "12,34.5", "1.2.3", "--5", "5 €/$", "#N/A", "inf", "1_000", "0x10",
     "50%", "(12.00", "12 345,6.7"],
)  # fmt: skip
def test_what_is_no_amount_is_unreadable_and_not_a_number(cell: str) -> None:
    read = parse_amounts(column(cell, "1.25", "2.50"))
    assert read.unreadable.tolist() == [True, False, False]
    assert math.isnan(read.amounts[0])


@pytest.mark.parametrize("cell", ["", "-", "NaN", "null", "N/A", "nan"])
def test_an_empty_cell_is_blank_and_not_unreadable(cell: str) -> None:
    read = parse_amounts(column(cell, "1.25"))
    assert math.isnan(read.amounts[0])
    assert not read.unreadable.any()


def test_the_column_votes_where_one_amount_alone_could_be_two() -> None:
    assert parse_amounts(column("1.234", "7,50")).amounts.tolist() == [1234.0, 7.5]
    assert parse_amounts(column("1.234", "7.50")).amounts.tolist() == [1.234, 7.5]
    assert parse_amounts(column("1,234", "7.50")).amounts.tolist() == [1234.0, 7.5]
    assert parse_amounts(column("1.234", "1.234.567")).amounts.tolist() == [1234.0, 1234567.0]


def test_whole_numbers_decide_where_no_decimals_do() -> None:
    assert parse_amounts(column("1.234", "500", "20")).amounts.tolist() == [1234.0, 500.0, 20.0]
    assert parse_amounts(column("1.234", "1500", "20")).amounts.tolist() == [1.234, 1500.0, 20.0]
    assert parse_amounts(column("0.500", "12.500")).amounts.tolist() == [0.5, 12.5]


def test_a_thousandfold_doubt_is_refused() -> None:
    with pytest.raises(DataError, match=r"'1\.234' \(row 2\) 1234 or 1\.234\?"):
        parse_amounts(column("1.234", "2.500"))
    with pytest.raises(DataError, match="two ways"):
        parse_amounts(column("€ 1,234", "€ 2,500"))


def test_numbers_of_a_sheet_need_no_vote() -> None:
    read = parse_amounts(column("1.234", "2.5", numbers=[True, True]))
    assert read.amounts.tolist() == [1.234, 2.5]
    mixed = parse_amounts(column("1.234", "2.345", "7,50 €", numbers=[True, True, False]))
    assert mixed.amounts.tolist() == [1.234, 2.345, 7.5]


def test_points_and_commas_in_one_column_are_refused() -> None:
    with pytest.raises(DataError, match="write all alike"):
        parse_amounts(column("1,234.56", "12,50", "3,75"))


def test_one_stray_among_many_is_unreadable_rather_than_a_refusal() -> None:
    read = parse_amounts(column("12,50", *["1.25"] * 200))
    assert read.unreadable.sum() == 1
    assert math.isnan(read.amounts[0])


def test_text_in_place_of_amounts_is_refused_with_an_example() -> None:
    with pytest.raises(DataError) as refused:
        parse_amounts(column("abc", "def", "5"))
    assert str(refused.value) == (
        "orders.csv: the amount column Total holds text such as 'abc' (row 2), which is no number"
    )


def test_currencies_beside_amounts_are_kept_apart() -> None:
    one = parse_amounts(column("€ 5,00", "7,50"))
    assert one.currency is not None
    assert one.currency.tolist() == ["EUR", "EUR"]
    two = parse_amounts(column("$5.00", "£7.50"))
    assert two.currency is not None
    assert two.currency.tolist() == ["$", "GBP"]
    assert parse_amounts(column("5.00", "7.50")).currency is None


def test_a_decimal_comma_is_said() -> None:
    (note,) = parse_amounts(column("5,00")).notes
    assert str(note) == "Total: the decimal mark is a comma."
