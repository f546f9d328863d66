from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from clv_xl.errors import InvalidArgumentError
from clv_xl.reports.reporting_period import ReportingPeriod, choose_period, name_of_days

EPOCH = date(1970, 1, 1)
DAYS = st.dates(date(1999, 1, 1), date(2033, 12, 31))
LENGTHS = {"month": 1, "quarter": 3, "year": 12}


def number(day: date) -> int:
    return (day - EPOCH).days


def text(day: int | None) -> str:
    return "" if day is None else str(EPOCH + timedelta(days=day))


def stretch(period: ReportingPeriod) -> tuple[str, str]:
    return text(period.first_day), text(period.last_day)


def before(period: ReportingPeriod) -> tuple[str, str]:
    return text(period.previous_first_day), text(period.previous_last_day)


def chosen(wish: str | None, first: date, as_of: date) -> ReportingPeriod:
    return choose_period(wish, number(first), number(as_of))


def months_before(day: date, months: int) -> date:
    """Return the first day of the month so many months before a day's month."""
    month = day.year * 12 + day.month - 1 - months
    return date(month // 12, month % 12 + 1, 1)


def last_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def after_last_complete_month(as_of: date) -> date:
    """Return the day that follows the last month which the day of the report completes."""
    return as_of + timedelta(days=1) if as_of == last_of_month(as_of) else as_of.replace(day=1)


@given(DAYS, st.integers(0, 3000))
def test_without_a_wish_it_is_the_last_twelve_complete_months_or_the_later_half(
    first: date, length: int
) -> None:
    as_of = first + timedelta(days=length)
    end = after_last_complete_month(as_of)
    start, earlier = months_before(end, 12), months_before(end, 24)

    found = chosen(None, first, as_of)

    if earlier >= first.replace(day=1):
        assert found.kind == "twelve_months"
        assert stretch(found) == (str(start), str(end - timedelta(days=1)))
        assert before(found) == (str(earlier), str(start - timedelta(days=1)))
    else:
        assert found.kind == "half"
        assert found.last_day == number(as_of)
    assert not found.incomplete


@given(DAYS, st.integers(1, 700))
def test_the_halves_of_a_log_are_as_long_as_each_other_and_cover_it(
    first: date, length: int
) -> None:
    as_of = first + timedelta(days=length)
    found = chosen(None, first, as_of)
    assume(found.kind == "half")

    assert found.previous_first_day is not None
    assert found.previous_last_day == found.first_day - 1
    assert found.days == found.previous_last_day - found.previous_first_day + 1
    assert 0 <= found.previous_first_day - number(first) <= 1, "an odd day is left out in front"


def test_a_log_of_one_day_is_its_own_period_with_nothing_before() -> None:
    found = chosen(None, date(2024, 2, 29), date(2024, 2, 29))

    assert stretch(found) == ("2024-02-29", "2024-02-29")
    assert before(found) == ("", "")


@given(DAYS, st.integers(0, 3000), st.sampled_from(sorted(LENGTHS)))
def test_a_calendar_period_is_the_last_complete_one_and_begins_where_the_calendar_does(
    first: date, length: int, wish: str
) -> None:
    as_of, months = first + timedelta(days=length), LENGTHS[wish]
    end = after_last_complete_month(as_of)
    end = months_before(end, (end.month - 1) % months)
    assume(end > first)

    found = chosen(wish, first, as_of)

    assert stretch(found) == (str(months_before(end, months)), str(end - timedelta(days=1)))
    if months_before(end, 2 * months) >= first.replace(day=1):
        assert before(found) == (
            str(months_before(end, 2 * months)),
            str(months_before(end, months) - timedelta(days=1)),
        )
    else:
        assert before(found) == ("", "")


@pytest.mark.parametrize(
    ("wish", "first", "as_of", "period", "previous"),
    [
        (None, "2022-02-28", "2024-02-29", "2023-03-01..2024-02-29", "2022-03-01..2023-02-28"),
        (None, "2021-03-31", "2023-02-28", "2022-03-01..2023-02-28", "2021-03-01..2022-02-28"),
        (None, "2022-01-03", "2024-02-28", "2023-02-01..2024-01-31", "2022-02-01..2023-01-31"),
        (None, "2024-01-01", "2024-01-10", "2024-01-06..2024-01-10", "2024-01-01..2024-01-05"),
        (None, "2024-01-01", "2024-01-11", "2024-01-07..2024-01-11", "2024-01-02..2024-01-06"),
        ("month", "2023-01-01", "2024-03-15", "2024-02-01..2024-02-29", "2024-01-01..2024-01-31"),
        ("month", "2023-01-01", "2024-02-29", "2024-02-01..2024-02-29", "2024-01-01..2024-01-31"),
        ("quarter", "2023-01-01", "2024-02-29", "2023-10-01..2023-12-31", "2023-07-01..2023-09-30"),
        ("year", "2022-12-31", "2024-12-31", "2024-01-01..2024-12-31", "2023-01-01..2023-12-31"),
        ("year", "2023-03-05", "2024-12-31", "2024-01-01..2024-12-31", ".."),
        ("month", "2024-01-20", "2024-02-29", "2024-02-01..2024-02-29", "2024-01-01..2024-01-31"),
    ],
)
def test_known_calendars(
    wish: str | None, first: str, as_of: str, period: str, previous: str
) -> None:
    found = chosen(wish, date.fromisoformat(first), date.fromisoformat(as_of))

    assert "..".join(stretch(found)) == period
    assert "..".join(before(found)) == previous


def test_a_range_is_compared_with_as_many_days_before_it() -> None:
    found = chosen("2024-02-01..2024-02-29", date(2023, 1, 1), date(2024, 3, 5))

    assert found.kind == "range"
    assert found.days == 29
    assert before(found) == ("2024-01-03", "2024-01-31")
    assert not found.incomplete


def test_a_range_before_which_nothing_is_known_is_compared_with_nothing() -> None:
    found = chosen("2024-02-01..2024-02-29", date(2024, 1, 4), date(2024, 3, 5))

    assert before(found) == ("", "")


def test_a_range_that_ends_after_the_report_is_cut_there_and_marked_incomplete() -> None:
    found = chosen("2024-01-01..2024-03-31", date(2023, 1, 1), date(2024, 3, 5))

    assert found.incomplete
    assert stretch(found) == ("2024-01-01", "2024-03-05")
    assert text(found.asked_until) == "2024-03-31"
    assert found.previous_last_day == found.first_day - 1
    assert found.previous_first_day == found.first_day - found.days


@pytest.mark.parametrize(
    "wish",
    [
        *("2024-03-01..2024-02-01", "2030-01-01..2030-02-01", "2001-01-01..2001-02-01"),
        *("..", "2024-01-01..", "2024-01..2024-03", "2024-01-01..today", "NaT..NaT", "a..b..c"),
        *("week", "", "Month", "2022", "2025", "2024-Q0", "2024-Q5", "2024-q1", "2024-13"),
        *("2024-04", "2022-12", "24", "2024-1", "2024-01-01", "٢٠٢٤", "2024\n"),
    ],
)
def test_a_wish_that_names_no_days_of_the_log_is_refused(wish: str) -> None:
    with pytest.raises(InvalidArgumentError, match="period must be"):
        chosen(wish, date(2023, 1, 1), date(2024, 3, 5))


@pytest.mark.parametrize("wish", ["month", "quarter", "year"])
def test_a_log_without_a_complete_calendar_period_says_so(wish: str) -> None:
    with pytest.raises(InvalidArgumentError, match=f"no complete {wish}"):
        chosen(wish, date(2024, 5, 2), date(2024, 5, 30))


@pytest.mark.parametrize(
    ("wish", "period", "previous"),
    [
        ("2023", "2023-01-01..2023-12-31", ".."),
        ("2023-Q4", "2023-10-01..2023-12-31", "2023-07-01..2023-09-30"),
        ("2024-02", "2024-02-01..2024-02-29", "2024-01-01..2024-01-31"),
        ("2024-03", "2024-03-01..2024-03-05", "2024-02-25..2024-02-29"),
        ("2024", "2024-01-01..2024-03-05", "2023-10-28..2023-12-31"),
    ],
)
def test_a_period_may_be_called_by_its_name_in_the_calendar(
    wish: str, period: str, previous: str
) -> None:
    found = chosen(wish, date(2023, 1, 1), date(2024, 3, 5))

    assert "..".join(stretch(found)) == period
    assert "..".join(before(found)) == previous
    assert found.incomplete == (wish in {"2024", "2024-03"})


@given(DAYS, st.integers(800, 3000), st.sampled_from(sorted(LENGTHS)))
def test_the_last_complete_period_and_its_name_are_the_same_period(
    first: date, length: int, wish: str
) -> None:
    as_of = first + timedelta(days=length)
    last_complete = chosen(wish, first, as_of)

    name = name_of_days(last_complete.first_day, last_complete.last_day)
    by_name = chosen(name, first, as_of)

    assert len(name) == {"month": 7, "quarter": 7, "year": 4}[wish]
    assert stretch(by_name) == stretch(last_complete)
    assert before(by_name) == before(last_complete)


@given(DAYS, st.integers(0, 800))
def test_every_stretch_of_days_has_a_name_that_means_it(first: date, length: int) -> None:
    last = first + timedelta(days=length)

    name = name_of_days(number(first), number(last))

    assert stretch(chosen(name, date(1990, 1, 1), date(2040, 1, 1))) == (str(first), str(last))
