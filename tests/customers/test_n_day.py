import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.customers.n_day import n_day, n_day_table
from clv_xl.customers.orders import OrderLog
from clv_xl.errors import InvalidArgumentError


@given(st.from_type(OrderLog), st.integers(1, 400))
def test_only_customers_followed_for_so_long_are_counted(log: OrderLog, days: int) -> None:
    first = {c: log.day[log.customer == c].min() for c in range(log.n_customers)}
    followed = {c for c, day in first.items() if log.as_of - day >= days}
    spent = sum(
        amount
        for customer, day, amount in zip(log.customer, log.day, log.amount, strict=True)
        if customer in followed and day - first[customer] <= days
    )

    found = n_day(log, [days])

    assert found.eligible.sum() == len(followed)
    assert found.revenue.sum() == pytest.approx(spent)


@given(st.from_type(OrderLog))
def test_longer_follow_up_never_has_more_customers(log: OrderLog) -> None:
    found = n_day(log, [1, 10, 100, 500])

    assert (np.diff(found.eligible, axis=1) <= 0).all()
    assert (found.eligible[:, 0] <= found.size).all()


def test_a_number_of_days_that_nobody_was_followed_for_is_empty() -> None:
    table = n_day_table(["a", "b"], ["2024-01-01", "2024-02-15"], [10, 20])

    assert table["cohort"].tolist() == ["2024-01", "2024-02", "all"]
    np.testing.assert_array_equal(table[30], [10, np.nan, 10])
    assert table[60].isna().all()
    assert list(table.columns) == ["cohort", "size", 30, 60, 90, 180, 365]


def test_the_day_itself_still_counts() -> None:
    table = n_day_table(["a", "a"], ["2024-01-01", "2024-01-31"], [10, 5], [29, 30])

    assert table[[29, 30]].to_numpy()[0].tolist() == [10, 15]


def test_days_below_1_are_refused() -> None:
    with pytest.raises(InvalidArgumentError, match="days must be at least 1"):
        n_day_table(["a"], ["2024-01-01"], [10], [0, 30])


def test_every_cdnow_customer_was_followed_for_a_year(cdnow: OrderLog) -> None:
    found = n_day(cdnow)

    np.testing.assert_array_equal(found.eligible[:, -1], found.size)
