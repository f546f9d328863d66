import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.customers.orders import OrderLog
from clv_xl.customers.purchasing import (
    historic_value,
    purchase_frequency,
    repeat_rate,
    time_between,
)
from clv_xl.customers.summary import summarise
from clv_xl.errors import DataError, InvalidArgumentError


def columns(log: OrderLog) -> tuple[list[str], list[str]]:
    days = [str(day) for day in log.day.astype("datetime64[D]")]
    return log.customer_ids[log.customer].tolist(), days


def test_historic_value_sums_what_was_paid_less_refunds() -> None:
    table = historic_value(["b", "a", "b", ""], [10, 20, -4, 7])
    assert table.to_dict("list") == {"customer": ["b", "a"], "revenue": [6, 20]}


def test_historic_value_is_only_named_so_after_margin() -> None:
    table = historic_value(["b", "a"], [10, 20], 0.25)
    assert table["historic_value"].tolist() == [2.5, 5]


def test_a_margin_in_per_cent_is_refused() -> None:
    with pytest.raises(InvalidArgumentError, match=r"did you mean 0\.25"):
        historic_value(["b"], [10], 25)


def test_historic_value_refuses_ids_that_a_spreadsheet_has_rounded() -> None:
    with pytest.raises(DataError, match="rounded by a spreadsheet"):
        historic_value(["1.23E+15"], [10])


@given(st.from_type(OrderLog))
def test_historic_value_agrees_with_the_summary(log: OrderLog) -> None:
    revenue = historic_value(columns(log)[0], log.amount)["revenue"]
    assert revenue.tolist() == pytest.approx(summarise(log).total.tolist())


def test_purchase_frequency_counts_orders_per_active_customer() -> None:
    dates = ["2022-06-01", "2023-02-01", "2023-03-01", "2023-12-31", "2023-01-01"]
    assert purchase_frequency(["old", "a", "a", "b", "b"], dates) == 2


def test_the_window_of_purchase_frequency_ends_on_the_as_of_day() -> None:
    dates = ["2023-01-01", "2023-12-31", "2024-06-01"]
    assert purchase_frequency(["a", "a", "b"], dates, as_of="2023-12-31") == 2
    assert purchase_frequency(["a", "a", "b"], dates, as_of="2024-01-01") == 1


def test_lines_of_one_order_are_one_purchase() -> None:
    dates = ["2024-01-01"] * 3
    assert purchase_frequency(["a", "a", "b"], dates, ["1", "1", "2"], days=30) == 1


def test_a_log_of_less_than_a_year_is_refused_unless_days_are_given() -> None:
    with pytest.raises(DataError, match=r"cover only 31 days .* give days"):
        purchase_frequency(["a", "a"], ["2024-01-01", "2024-01-31"])
    assert purchase_frequency(["a", "a"], ["2024-01-01", "2024-01-31"], days=365) == 2


def test_a_window_without_orders_is_refused() -> None:
    with pytest.raises(DataError, match="no order in the 10 days"):
        purchase_frequency(["a"], ["2024-01-01"], as_of="2024-06-01", days=10)


def test_repeat_rate_counts_only_customers_followed_long_enough() -> None:
    customers = ["a", "a", "b", "b", "c", "c"]
    dates = ["2022-01-01", "2023-01-01", "2022-01-01", "2023-01-02", "2023-06-01", "2023-06-05"]
    assert repeat_rate(customers, dates) == 0.5  # a after 365 days, b a day late, c too young


def test_two_orders_on_one_day_are_no_repeat() -> None:
    assert repeat_rate(["a", "a", "b"], ["2024-01-01", "2024-01-01", "2024-03-01"], 30) == 0


def test_nobody_followed_is_refused() -> None:
    with pytest.raises(DataError, match="no customer has been followed for 365 days"):
        repeat_rate(["a"], ["2024-01-01"])


@given(st.from_type(OrderLog), st.integers(1, 400))
def test_a_longer_wait_never_lowers_the_repeats_of_the_same_customers(
    log: OrderLog, window: int
) -> None:
    customers, dates = columns(log)
    as_of = "1980-01-01"
    shorter = repeat_rate(customers, dates, window, as_of)
    assert 0 <= shorter <= repeat_rate(customers, dates, window + 30, as_of) <= 1


def test_time_between_measures_gaps_between_order_days() -> None:
    dates = ["2024-01-01", "2024-01-11", "2024-01-11", "2024-01-31", "2024-02-01"]
    table = time_between(["a", "a", "a", "a", "b"], dates)
    assert table.to_dict("list") == {"median": [15], "mean": [15], "p80": [18], "n": [2]}


def test_no_gap_is_refused() -> None:
    with pytest.raises(DataError, match="no customer has ordered on two days"):
        time_between(["a", "b"], ["2024-01-01", "2024-01-02"])


@given(st.from_type(OrderLog))
def test_the_mean_gap_is_the_time_covered_by_the_number_of_gaps(log: OrderLog) -> None:
    summary = summarise(log)
    gaps = int(summary.frequency.sum())
    if gaps:
        table = time_between(*columns(log))
        assert table["n"].tolist() == [gaps]
        assert math.isclose(table["mean"].iloc[0], summary.recency.sum() / gaps)
