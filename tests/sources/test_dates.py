"""Dates as text: forms, orders, calendars, zones, and what is refused rather than guessed."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.errors import DataError
from clv_xl.sources.dates import DateOrder, parse_dates
from clv_xl.sources.values import ColumnText
from tests.sources.conftest import column

days = st.dates(date(1970, 1, 1), date(2069, 12, 31))
_FORMS = [
    "%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%d %b %Y", "%d-%B-%Y", "%b %d, %Y", "%A, %d %B %Y",
    "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S.000", "%d %b %Y %I:%M %p", "%d-%b-%y",
]  # fmt: skip


def _read(*cells: str, order: DateOrder | None = None) -> list[str]:
    return [str(day) for day in parse_dates(column(*cells, header="Date"), order).days]


@given(st.lists(days, min_size=1, max_size=20), st.sampled_from(_FORMS))
def test_a_date_in_any_certain_form_is_the_date(dates: list[date], form: str) -> None:
    assert _read(*[one.strftime(form) for one in dates]) == [one.isoformat() for one in dates]


@given(st.lists(days, min_size=1, max_size=20), st.sampled_from(["%d/%m/%Y", "%d.%m.%y %H:%M"]))
def test_day_first_is_found_by_any_day_after_the_twelfth(dates: list[date], form: str) -> None:
    dates = [date(2024, 1, 31), *dates]
    assert _read(*[one.strftime(form) for one in dates]) == [one.isoformat() for one in dates]


@given(st.lists(days, min_size=1, max_size=20), st.sampled_from(["dmy", "mdy", "ymd"]))
def test_a_said_order_settles_every_date(dates: list[date], order: DateOrder) -> None:
    form = {"dmy": "%d/%m/%y", "mdy": "%m/%d/%y", "ymd": "%y/%m/%d"}[order]
    written = [one.strftime(form) for one in dates]
    assert _read(*written, order=order) == [one.isoformat() for one in dates]


@given(st.lists(days, min_size=1, max_size=20))
def test_day_numbers_of_a_spreadsheet_are_dates(dates: list[date]) -> None:
    written = [str((one - date(1899, 12, 30)).days) for one in dates]
    assert _read(*written) == [one.isoformat() for one in dates]
    assert _read(*[f"{number}.75" for number in written]) == [one.isoformat() for one in dates]


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(text: str) -> None:
    read = parse_dates(column(text.strip(), "2024-01-05", "2024-01-06", header="Date"))
    assert read.days[1] == np.datetime64("2024-01-05")


def test_day_numbers_count_from_1904_where_the_workbook_says_so() -> None:
    cells = ColumnText(
        text=pd.Series(["43830"], dtype=str),
        header="Date",
        source="orders.xlsx",
        rows=np.array([2]),
        date1904=True,
    )
    assert str(parse_dates(cells).days[0]) == "2024-01-01"


def test_dates_that_nothing_decides_are_refused() -> None:
    with pytest.raises(DataError) as refused:
        _read("03/12/2024", "05/11/2024")
    assert str(refused.value) == (
        "orders.csv: the dates in Date can be read in two ways, such as '03/12/2024' (row 2): "
        "say which with --date-order dmy or --date-order mdy"
    )
    assert _read("03/12/2024", "05/11/2024", order="mdy") == ["2024-03-12", "2024-05-11"]


def test_dates_equal_in_both_orders_need_no_decision() -> None:
    assert _read("01/01/2024", "02/02/2024") == ["2024-01-01", "2024-02-02"]


def test_the_month_first_is_found() -> None:
    assert _read("03/04/2024", "03/25/2024") == ["2024-03-04", "2024-03-25"]


def test_both_orders_in_one_column_are_refused() -> None:
    with pytest.raises(DataError, match="write all alike"):
        _read("13/04/2024", "03/25/2024", "01/02/2024")


def test_real_dates_swapped_by_a_spreadsheet_are_refused() -> None:
    real = ["2024-03-01", "2024-04-02", "2024-05-12"]
    with pytest.raises(DataError, match="swapped days and months"):
        _read(*real, "13/02/2024", "25/02/2024")
    assert _read(*real, "13/02/2024", "25/02/2024", order="dmy")[3] == "2024-02-13"


def test_years_of_two_digits_turn_at_seventy() -> None:
    assert _read("31/12/69", "31/12/70") == ["2069-12-31", "1970-12-31"]
    assert _read("97-12-31") == ["1997-12-31"]


def test_short_years_that_may_stand_first_are_asked_for() -> None:
    log = [f"{year}-{month:02d}-{month + 9}" for year in (23, 24) for month in (1, 2, 3, 4)]
    with pytest.raises(DataError, match="--date-order dmy or --date-order ymd"):
        _read(*log)
    assert _read(*log, order="ymd")[0] == "2023-01-10"


@pytest.mark.parametrize(
    ("jalali", "gregorian"),
    [
        ("1403/01/01", "2024-03-20"),  # Nowruz 1403
        ("1399/12/30", "2021-03-20"),  # the leap day of 1399
        ("۱۴۰۳/۰۵/۱۲", "2024-08-02"),
        ("١٣٥٧/١١/٢٢", "1979-02-11"),
        ("1402-10-11 23:59", "2024-01-01"),
        ("14030512", "2024-08-02"),
    ],
)
def test_jalali_dates_are_converted_and_said(jalali: str, gregorian: str) -> None:
    read = parse_dates(column(jalali, header="تاریخ"))
    assert str(read.days[0]) == gregorian
    assert any("Jalali" in str(note) for note in read.notes)


def test_a_day_that_the_jalali_year_lacks_is_unreadable() -> None:
    assert _read("1400/12/30", "1403/01/01", "1403/01/02")[0] == "NaT"


def test_buddhist_years_are_lowered_and_said() -> None:
    read = parse_dates(column("2567-02-29", header="Date"))
    assert str(read.days[0]) == "2024-02-29"
    assert any("Buddhist" in str(note) for note in read.notes)


@pytest.mark.parametrize(
    "cell",
    ["soon", "2023-02-29", "2024-13-01", "0001-01-01", "9999-12-31", "32/01/2024", "2024", "12:30"],
)
def test_what_is_no_date_is_unreadable(cell: str) -> None:
    read = parse_dates(column(cell, "2024-01-05", "2024-01-06", header="Date"))
    assert read.unreadable.tolist() == [True, False, False]
    assert np.isnat(read.days[0])


@pytest.mark.parametrize("cell", ["", "NaT", "null", "-"])
def test_an_empty_cell_is_blank_and_not_unreadable(cell: str) -> None:
    read = parse_dates(column(cell, "2024-01-05", header="Date"))
    assert np.isnat(read.days[0])
    assert not read.unreadable.any()


def test_text_in_place_of_dates_is_refused_with_an_example() -> None:
    with pytest.raises(DataError, match=r"holds text such as 'soon' \(row 2\), which is no date"):
        _read("soon", "later", "2024-01-05")


def test_moments_are_moved_to_one_zone_before_the_day_is_cut() -> None:
    read = parse_dates(
        column(
            "2024-05-31 23:30:00 +0200",
            "2024-06-30T12:00:00+02:00",
            "2024-05-31 23:30:00 Z",
            "2024-06-01 00:30:00 +0900",
            header="Created at",
        )
    )
    assert [str(day) for day in read.days] == [
        "2024-05-31", "2024-06-30", "2024-06-01", "2024-05-31",
    ]  # fmt: skip
    (note,) = map(str, read.notes)
    assert note == (
        "Created at: days are cut in the time zone UTC+02:00, the most frequent of 3 offsets; "
        "2 rows changed their day."
    )


@given(
    st.datetimes(
        pd.Timestamp("2000-01-01").to_pydatetime(), pd.Timestamp("2030-01-01").to_pydatetime()
    ),
    st.integers(-12 * 60, 14 * 60),
)
def test_a_moment_is_cut_as_the_common_zone_sees_it(moment: "pd.Timestamp", offset: int) -> None:
    sign, ahead = ("-" if offset < 0 else "+"), abs(offset)
    there = f"{moment:%Y-%m-%d %H:%M:%S}{sign}{ahead // 60:02d}:{ahead % 60:02d}"
    common = "2024-01-05 12:00:00 +00:00"
    utc = moment - timedelta(minutes=offset)
    assert _read(common, common, there)[2] == utc.date().isoformat()


def test_negative_offsets_are_named() -> None:
    read = parse_dates(column("2024-05-31 23:30:00 -0330", header="Date"))
    assert [str(note) for note in read.notes] == ["Date: days are cut in the time zone UTC-03:30."]
