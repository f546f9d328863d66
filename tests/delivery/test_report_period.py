from datetime import date, timedelta

import pytest

from clv_xl.customers.orders import OrderLog, order_log
from clv_xl.delivery.report_period import (
    covered_period,
    former_periods,
    ledger_period,
    not_over,
    period_name,
)
from clv_xl.errors import InvalidArgumentError
from clv_xl.reports.assumptions import Assumptions
from clv_xl.reports.build import build_report
from clv_xl.workbooks.templates import load_texts


def orders(first: str, last: str) -> OrderLog:
    days = [first, last]
    return order_log(["ada", "bob"], days, [10.0, 20.0])


@pytest.mark.parametrize(
    ("wish", "name"),
    [
        ("month", "2024-04"),
        ("2024-04", "2024-04"),
        ("2024-04-01..2024-04-30", "2024-04"),
        ("quarter", "2024-Q1"),
        ("2024-Q1", "2024-Q1"),
        ("2024-01-01..2024-03-31", "2024-Q1"),
        ("year", "2023"),
        ("2023", "2023"),
        ("2023-01-01..2023-12-31", "2023"),
        ("2024-04-02..2024-04-30", "2024-04-02..2024-04-30"),
        (None, "2024-04"),
    ],
)
def test_two_ways_of_saying_a_period_name_one_period_of_the_ledger(
    wish: str | None, name: str
) -> None:
    assert ledger_period(wish, orders("2022-01-03", "2024-05-17")) == name


@pytest.mark.parametrize("wish", ["2024-05", "2024-05-01..2024-05-31"])
def test_a_period_that_is_not_over_goes_by_what_was_asked_for(wish: str) -> None:
    assert ledger_period(wish, orders("2022-01-03", "2024-05-17")) == "2024-05"


@pytest.mark.parametrize("first", ["2023-09-01", "2021-01-01"])
def test_the_usual_period_follows_from_the_as_of_day_however_far_back_the_orders_reach(
    first: str,
) -> None:
    days = [date(2024, 3, 31) + timedelta(days=n) for n in range(31)]

    names = [ledger_period(None, orders(first, day.isoformat())) for day in days]

    assert names == ["2024-03"] * 30 + ["2024-04"]


@pytest.mark.parametrize(
    ("as_of", "name"),
    [("2024-05-17", "2023-05-01..2024-04-30"), ("2024-12-31", "2024"), ("2025-01-30", "2024")],
)
def test_an_earlier_version_knew_the_usual_period_by_its_twelve_months(
    as_of: str, name: str
) -> None:
    assert former_periods(None, orders("2021-01-01", as_of)) == (name,)
    assert former_periods("year", orders("2021-01-01", as_of)) == ()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2024-q4", "2024-Q4"),
        ("2024-10-01..2024-12-31", "2024-Q4"),
        ("2024-10-02..2024-12-31", "2024-10-02..2024-12-31"),
        (" 2024-03 ", "2024-03"),
    ],
)
def test_a_period_is_found_in_the_log_however_it_is_written(text: str, name: str) -> None:
    assert period_name(text) == name


@pytest.mark.parametrize("text", ["march", "month", "2024-13", "2024-Q5", "..", "1..2..3", ""])
def test_what_is_no_period_is_not_looked_for(text: str) -> None:
    with pytest.raises(InvalidArgumentError, match="period must be one that the log names"):
        period_name(text)


def test_a_period_that_goes_on_is_told_and_a_complete_one_is_not() -> None:
    log = orders("2022-01-03", "2024-05-17")

    assert not_over("2024-05", log).startswith("2024-05 is not over on 2024-05-17")
    assert [not_over(wish, log) for wish in (None, "2024-04", "month")] == ["", "", ""]


def test_a_reader_is_told_the_days_that_are_covered() -> None:
    log = orders("2022-01-03", "2024-05-17")

    told = {
        wish: covered_period(build_report(log, Assumptions(period=wish), load_texts()))
        for wish in ("2024-05", "2024-04")
    }

    assert told == {"2024-05": "2024-05-01..2024-05-17", "2024-04": "2024-04"}
