import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.customers.orders import OrderRules, order_log, validate_orders
from clv_xl.errors import DataError
from tests.customers.order_rows import rows


def test_a_refund_with_an_order_id_reduces_that_order() -> None:
    log = validate_orders(
        rows(["a", "a", "a"], [0, 5, 9], [100, 40, -30], order_id=["1", "2", "1"])
    )
    assert log.amount.tolist() == [70, 40]
    assert log.cleaning.refunds_netted == 1
    assert log.as_of == log.day[1]  # the refund's day is no order day


def test_a_discount_line_of_an_order_reduces_it() -> None:
    log = validate_orders(rows(["a", "a"], [0, 0], [100, -15], order_id=["1", "1"]))
    assert log.amount.tolist() == [85]


def test_a_refund_without_an_order_id_reduces_the_latest_earlier_order() -> None:
    log = validate_orders(rows(["a", "a", "a", "a"], [0, 5, 9, 7], [100, 40, 50, -30]))
    assert log.amount.tolist() == [100, 10, 50]


def test_a_refund_reduces_an_order_of_its_own_day() -> None:
    log = validate_orders(rows(["a", "a"], [3, 3], [-30, 40]))
    assert log.amount.tolist() == [10]


def test_the_rest_of_a_refund_goes_on_to_the_order_before() -> None:
    log = validate_orders(rows(["a", "a", "a"], [0, 5, 7], [100, 40, -60]))
    assert log.amount.tolist() == [80]
    assert log.cleaning.dropped == {"fully_refunded": 1}
    assert log.cleaning.rows_kept == 2


def test_a_credit_note_with_its_own_number_reduces_the_latest_order() -> None:
    log = validate_orders(rows(["a", "a"], [0, 5], [100, -60], order_id=["536", "C537"]))
    assert log.amount.tolist() == [40]


def test_a_fully_refunded_order_is_no_order() -> None:
    log = validate_orders(rows(["a", "a", "b"], [0, 2, 1], [100, -100, 5]))
    assert log.customer_ids.tolist() == ["b"]
    assert log.cleaning.dropped == {"fully_refunded": 2}


def test_a_refund_of_somebody_without_an_earlier_order_is_dropped() -> None:
    log = validate_orders(rows(["a", "a", "b"], [0, 2, 1], [-10, 100, 5]))
    assert log.amount.tolist() == [100, 5]
    assert log.cleaning.dropped == {"refund_without_order": 1}


def test_a_refund_larger_than_the_orders_is_said() -> None:
    log = validate_orders(rows(["a", "a", "b"], [0, 2, 1], [100, -130, 5]))
    assert log.revenue == 5
    assert "30.00" in str(log.cleaning.notes["refund_excess"])


def test_a_free_order_is_not_taken_for_a_refunded_one() -> None:
    log = validate_orders(rows(["a", "a", "a"], [0, 2, 3], [100, 0, -30]))
    assert log.amount.tolist() == [70, 0]


def test_dropped_refunds_leave_the_orders_as_they_were() -> None:
    log = validate_orders(rows(["a", "a"], [0, 2], [100, -30]), OrderRules(refunds="drop"))
    assert log.amount.tolist() == [100]
    assert log.cleaning.dropped == {"refund": 1}


def test_refused_refunds_are_an_error_with_their_number_and_first_row() -> None:
    columns = rows(["a", "a", "a"], [0, 2, 3], [100, -30, -1], first_row=2)
    with pytest.raises(DataError, match="row 3: 2 rows hold refunds"):
        validate_orders(columns, OrderRules(refunds="refuse"))


@pytest.mark.parametrize("refunded", [[30, 30], [30, np.nan], [np.nan, 30]])
def test_a_column_of_refunded_amounts_is_taken_off_once_per_order(refunded: list[float]) -> None:
    log = validate_orders(
        rows(["a", "a"], [0, 0], [80, 20], order_id=["1", "1"], refunded=refunded)
    )
    assert log.amount.tolist() == [70]


def test_a_column_of_refunded_amounts_can_undo_an_order() -> None:
    log = validate_orders(rows(["a", "b"], [0, 0], [80, 20], refunded=[80, 0]))
    assert log.cleaning.dropped == {"fully_refunded": 1}
    assert log.revenue == 20


def test_a_column_of_refunded_amounts_follows_the_policy() -> None:
    columns = rows(["a", "b"], [0, 0], [80, 20], refunded=[8, 0])
    assert validate_orders(columns, OrderRules(refunds="drop")).revenue == 100
    with pytest.raises(DataError, match="row 1: 1 row holds a refund"):
        validate_orders(columns, OrderRules(refunds="refuse"))


movements = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 20), st.integers(-60, 60)),
    min_size=1, max_size=40,
)  # fmt: skip


@given(movements)
def test_netting_agrees_with_refunds_taken_one_by_one(moves: list[tuple[str, int, int]]) -> None:
    moves = [*moves, ("z", 0, 1)]
    expected = _one_by_one(moves)
    customers, days, amounts = (list(column) for column in zip(*moves, strict=True))
    log = validate_orders(rows(customers, list(days), amounts))
    found = sorted(
        (str(log.customer_ids[c]), float(a)) for c, a in zip(log.customer, log.amount, strict=True)
    )
    assert found == expected


def _one_by_one(moves: list[tuple[str, int, int]]) -> list[tuple[str, float]]:
    """Take refunds off in the plainest way: each in turn walks back through the earlier orders."""
    orders = sorted((day, at) for at, (_, day, worth) in enumerate(moves) if worth >= 0)
    left = {at: float(moves[at][2]) for _, at in orders}
    reduced = set()
    for who, day, worth in sorted(moves, key=lambda move: move[1]):
        due = float(-worth)
        for order_day, at in reversed(orders):
            if due > 0 and moves[at][0] == who and order_day <= day and left[at] > 0:
                taken = min(due, left[at])
                left[at] -= taken
                due -= taken
                reduced.add(at)
    return sorted(
        (moves[at][0], value) for at, value in left.items() if value > 0 or at not in reduced
    )


@given(movements)
def test_a_refund_policy_never_makes_an_amount_negative(moves: list[tuple[str, int, int]]) -> None:
    customers, days, amounts = (list(column) for column in zip(*moves, strict=True))
    start = np.datetime64("2024-01-01", "D")
    log = order_log([*customers, "z"], [start + day for day in days] + [start], [*amounts, 1])
    assert (log.amount >= 0).all()
