import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.customers.order_days import order_days
from clv_xl.customers.orders import OrderLog


@given(st.from_type(OrderLog))
def test_order_days_are_the_distinct_pairs_of_customer_and_day(log: OrderLog) -> None:
    found = order_days(log)
    pairs = sorted(set(zip(log.customer.tolist(), log.day.tolist(), strict=True)))

    assert list(zip(found.customer.tolist(), found.day.tolist(), strict=True)) == pairs


@given(st.from_type(OrderLog))
def test_first_and_last_enclose_as_many_gaps_as_order_days_less_one(log: OrderLog) -> None:
    found = order_days(log)
    customer, gaps = found.gaps

    assert (gaps > 0).all()
    sums = np.bincount(customer, gaps, minlength=log.n_customers)
    np.testing.assert_array_equal(sums, found.last - found.first)
    np.testing.assert_array_equal(np.bincount(customer, minlength=log.n_customers), found.count - 1)
