from datetime import date, timedelta

import pytest

from clv_xl.customers.orders import OrderLog, order_log
from clv_xl.delivery.report_period import covered_period, ledger_period
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
        (None, "2023-05-01..2024-04-30"),
    ],
)
def test_two_ways_of_saying_a_period_name_one_period_of_the_ledger(
    wish: str | None, name: str
) -> None:
    assert ledger_period(wish, orders("2022-01-03", "2024-05-17")) == name


@pytest.mark.parametrize("wish", ["2024-05", "2024-05-01..2024-05-31"])
def test_a_period_that_is_not_over_goes_by_what_was_asked_for(wish: str) -> None:
    assert ledger_period(wish, orders("2022-01-03", "2024-05-17")) == "2024-05"


def test_the_usual_period_of_a_short_log_stays_until_another_month_is_complete() -> None:
    days = [date(2024, 3, 31) + timedelta(days=n) for n in range(31)]

    names = [ledger_period(None, orders("2023-09-01", day.isoformat())) for day in days]

    assert names == ["2024-03"] * 30 + ["2024-04"]


def test_a_reader_is_told_the_days_that_are_covered() -> None:
    log = orders("2022-01-03", "2024-05-17")

    told = {
        wish: covered_period(build_report(log, Assumptions(period=wish), load_texts()))
        for wish in ("2024-05", "2024-04")
    }

    assert told == {"2024-05": "2024-05-01..2024-05-17", "2024-04": "2024-04"}
