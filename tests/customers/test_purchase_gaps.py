import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.customers.orders import OrderLog, OrderRules, order_log
from clv_xl.customers.purchase_gaps import purchase_gaps


def _days(*numbers: int) -> np.ndarray:
    return np.array(numbers).astype("datetime64[D]")


@given(st.from_type(OrderLog))
def test_each_customer_is_judged_by_their_own_gaps_or_those_of_all(log: OrderLog) -> None:
    own = [np.diff(np.unique(log.day[log.customer == c])) for c in range(log.n_customers)]
    every = np.concatenate(own)

    found = purchase_gaps(log)

    assert found.gaps == len(every)
    for number, gaps in enumerate(own):
        basis = gaps if len(gaps) >= 3 else every
        assert found.customer_gaps[number] == len(gaps)
        if len(basis):
            assert found.threshold[number] == pytest.approx(np.quantile(basis, 0.8))
            assert found.typical[number] == pytest.approx(np.median(basis))
        else:
            assert np.isnan(found.threshold[number])
            assert not found.overdue[number]


@given(st.from_type(OrderLog))
def test_the_expected_order_is_a_typical_gap_after_the_last(log: OrderLog) -> None:
    found = purchase_gaps(log)

    last = log.as_of - found.days_since_last
    np.testing.assert_array_equal(found.expected_next, last + found.typical)


def test_a_customer_is_overdue_beyond_their_own_80th_percentile() -> None:
    days = _days(0, 10, 20, 30, 31, 41)
    log = order_log(["a", "a", "a", "a", "b", "c"], days)  # a was due on day 40

    assert purchase_gaps(log).overdue.tolist() == [True, False, False]


def test_a_day_on_the_threshold_is_not_overdue() -> None:
    log = order_log(["a", "a", "a", "a", "b"], _days(0, 10, 20, 30, 40))

    assert not purchase_gaps(log).overdue.any()


def test_nobody_is_overdue_where_nobody_came_back() -> None:
    found = purchase_gaps(order_log(["a", "b"], _days(0, 500)))

    assert (found.gaps, found.median, found.mean, found.percentile_80) == (0, None, None, None)
    assert not found.overdue.any()
    assert np.isnan(found.expected_next).all()


def test_two_orders_on_a_day_are_no_gap() -> None:
    found = purchase_gaps(order_log(["a", "a", "a"], _days(0, 0, 7)))

    assert (found.gaps, found.median) == (1, 7)


def test_monthly_bills_look_like_a_subscription() -> None:
    months = np.arange("2023-01", "2023-09", dtype="datetime64[M]").astype("datetime64[D]")
    customers = np.repeat([f"c{n}" for n in range(20)], len(months))

    found = purchase_gaps(order_log(customers, np.tile(months, 20)))

    assert (found.judged, found.regular) == (20, 20)
    assert found.probable_subscription


def test_purchases_at_random_do_not_look_like_a_subscription() -> None:
    rng = np.random.default_rng(7)
    days = rng.integers(0, 700, 400).astype("datetime64[D]")
    customers = [f"c{n}" for n in rng.integers(0, 40, 400)]

    found = purchase_gaps(order_log(customers, days, rules=OrderRules(history_complete=True)))

    assert found.judged > 30
    assert not found.probable_subscription


def test_one_regular_customer_is_no_sign_of_a_subscription() -> None:
    found = purchase_gaps(order_log(["a"] * 6, _days(0, 30, 60, 90, 120, 150)))

    assert (found.judged, found.regular) == (1, 1)
    assert not found.probable_subscription


def test_cdnow_is_no_subscription(cdnow: OrderLog) -> None:
    assert not purchase_gaps(cdnow).probable_subscription
