from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.customers.activity import (
    WINDOWS,
    active_on,
    activity,
    activity_table,
    suggested_window,
)
from clv_xl.customers.orders import OrderLog, order_log
from clv_xl.errors import InvalidArgumentError

days = st.integers(-50, 950)
windows = st.integers(1, 400)


@given(st.from_type(OrderLog), days, st.integers(0, 400), windows)
def test_start_and_new_and_reactivated_less_lost_is_close(
    log: OrderLog, first: int, length: int, window: int
) -> None:
    found = activity(log, first, first + length, window)

    assert found.start + found.new + found.reactivated - found.lost == found.close
    assert found.start - found.lost == found.retained
    assert found.new <= found.acquired


@given(st.from_type(OrderLog), days, windows)
def test_a_customer_is_active_with_an_order_in_the_window(
    log: OrderLog, day: int, window: int
) -> None:
    expected = {
        customer
        for customer, ordered in zip(log.customer.tolist(), log.day.tolist(), strict=True)
        if day - window < ordered <= day
    }

    assert set(np.flatnonzero(active_on(log, day, window)).tolist()) == expected


@given(st.from_type(OrderLog), days, st.integers(0, 200), windows, st.integers(0, 300))
def test_the_end_of_one_period_is_the_start_of_the_next(
    log: OrderLog, first: int, length: int, window: int, next_length: int
) -> None:
    one = activity(log, first, first + length, window)
    following = activity(log, one.last_day + 1, one.last_day + 1 + next_length, window)

    assert one.close == following.start


def test_the_window_ends_with_the_day_itself_and_leaves_out_the_day_k_days_before() -> None:
    log = order_log(["a"], ["1970-01-11"])  # day 10

    assert [active_on(log, day, 5).item() for day in (9, 10, 14, 15)] == [False, True, True, False]


def test_each_customer_takes_one_of_the_five_ways() -> None:
    log = order_log(
        ["kept", "kept", "lost", "new", "back", "back", "passing"],
        [
            "2023-12-20",
            "2024-01-25",
            "2023-12-20",
            "2024-01-20",
            "2023-01-01",
            "2024-01-20",
            "2024-01-02",
        ],
    )

    table = activity_table(log.customer_ids[log.customer], log.day.astype("datetime64[D]"),
                           "2024-01-01", "2024-01-31", 25)  # fmt: skip

    assert table.to_dict("records") == [
        {"start": 2, "new": 1, "reactivated": 1, "lost": 1, "close": 3, "retention": 0.5}
    ]
    found = activity(log, 19723, 19753, 25)
    assert found.acquired == 2  # one of them was not active any more at the close


def test_retention_of_a_month_is_annualised_as_a_power() -> None:
    log = order_log(["a", "b", "a"], ["2023-12-20", "2023-12-25", "2024-01-30"])

    month = activity(log, 19723, 19723 + 30, 20)
    assert month.annualised == pytest.approx((month.retention or 0) ** (365.25 / 31))
    year = activity(log, 19723, 19723 + 365, 365)  # a leap year, and yet one year
    assert year.annualised == year.retention


def test_without_anybody_at_the_start_there_is_no_retention() -> None:
    log = order_log(["a"], ["2024-01-10"])

    found = activity(log, 19723, 19753, 30)

    assert found.retention is None
    assert found.annualised is None
    assert not found.window_covered
    table = activity_table(["a"], ["2024-01-10"], "2024-01-01", "2024-01-31", 30)
    assert np.isnan(table["retention"].item())


def test_customers_from_before_the_log_never_count_as_new() -> None:
    rng = np.random.default_rng(1)
    old = [f"old{n}" for n in range(200)]
    fresh = [f"new{n}" for n in range(60)]
    day = np.concatenate([rng.integers(0, 20, 200), rng.integers(20, 400, 60)])
    log = order_log([*old, *fresh], day.astype("datetime64[D]"))
    assert log.existing_before_window.sum() >= 200

    found = activity(log, 0, 400, 500)

    assert found.new == found.acquired == 260 - log.existing_before_window.sum()
    assert found.reactivated == log.existing_before_window.sum()


@given(st.from_type(OrderLog))
def test_the_suggested_window_is_one_of_five(log: OrderLog) -> None:
    found = suggested_window(log)

    assert found.days in WINDOWS
    assert found.too_few == (found.gaps < 5)


@pytest.mark.parametrize(("gap", "window"), [(5, 30), (30, 60), (40, 90), (80, 180), (300, 365)])
def test_the_window_is_twice_the_usual_gap_to_the_nearest_step(gap: int, window: int) -> None:
    log = order_log(["a"] * 7, (np.arange(7) * gap).astype("datetime64[D]"))

    assert suggested_window(log).days == window


def test_too_few_gaps_suggest_the_longest_window_and_say_so() -> None:
    found = suggested_window(order_log(["a", "a"], ["2024-01-01", "2024-01-08"]))

    assert (found.days, found.too_few, found.gaps) == (365, True, 1)


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(InvalidArgumentError, match="to_date must be on or after from_date"):
        activity_table(["a"], [date(2024, 1, 1)], "2024-02-01", "2024-01-01")
    with pytest.raises(InvalidArgumentError, match="last_day must be at least first_day"):
        activity(order_log(["a"], ["2024-01-01"]), 10, 9, 30)


def test_a_window_of_no_days_is_refused() -> None:
    with pytest.raises(InvalidArgumentError, match="window_days must be at least 1"):
        activity_table(["a"], ["2024-01-01"], "2024-01-01", "2024-02-01", 0)
    with pytest.raises(InvalidArgumentError, match="window_days must be at least 1"):
        activity(order_log(["a"], ["2024-01-01"]), 10, 19, 0)
