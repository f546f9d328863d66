import numpy as np
import pytest

from clv_xl.customers.orders import order_log, validate_orders
from clv_xl.errors import DataError
from tests.customers.order_rows import rows

NAN = float("nan")


def test_lines_of_one_order_are_summed() -> None:
    log = validate_orders(
        rows(["ada", "ada", "bob"], [0, 0, 1], [30, 20, 7], order_id=["1", "1", "2"])
    )
    assert log.amount.tolist() == [50, 7]
    assert log.cleaning.lines_merged == 1
    assert log.cleaning.rows_kept == 3


def test_without_order_ids_each_row_is_an_order() -> None:
    log = order_log(["ada", "ada"], ["2024-01-01", "2024-01-01"], [30, 20])
    assert log.amount.tolist() == [30, 20]
    assert log.cleaning.same_day_merged == 1


def test_rows_with_a_blank_order_id_are_orders_by_themselves() -> None:
    log = validate_orders(
        rows(["a", "a", "a", "a"], [0, 0, 0, 0], [1, 2, 3, 4], order_id=["", "x", "x", ""])
    )
    assert sorted(log.amount.tolist()) == [1, 4, 5]


def test_one_order_id_on_two_days_is_two_orders() -> None:
    log = validate_orders(rows(["a", "a"], [0, 3], [5, 6], order_id=["1", "1"]))
    assert log.amount.tolist() == [5, 6]


def test_a_total_on_the_first_line_only_is_the_order() -> None:
    log = validate_orders(
        rows(["a", "a", "a"], [0, 0, 0], [90, NAN, NAN], order_id=["7", "7", "7"])
    )
    assert log.amount.tolist() == [90]
    assert log.cleaning.rows_kept == 3


def test_continuation_lines_take_customer_and_day_from_their_order() -> None:
    log = validate_orders(
        rows(["ada", "", "bob", ""], [0, None, 4, None], [10, 5, 3, 4],
             order_id=["1", "1", "2", "2"])
    )  # fmt: skip
    assert log.customer_ids.tolist() == ["ada", "bob"]
    assert log.amount.tolist() == [15, 7]
    assert log.cleaning.dropped == {}


def test_a_total_repeated_on_every_line_is_counted_once_and_said() -> None:
    log = validate_orders(
        rows(list("aabbcc"), [0, 0, 1, 1, 2, 2], [50, 50, 30, 30, 8, 9],
             order_id=["1", "1", "2", "2", "3", "3"])
    )  # fmt: skip
    assert log.amount.tolist() == [50, 30, 17]
    assert "2 of 3 orders" in str(log.cleaning.notes["repeated_totals"])


def test_equal_lines_in_few_orders_are_lines() -> None:
    log = validate_orders(
        rows(list("aabbcc"), [0, 0, 1, 1, 2, 2], [50, 50, 30, 3, 8, 9],
             order_id=["1", "1", "2", "2", "3", "3"])
    )  # fmt: skip
    assert log.amount.tolist() == [100, 33, 17]
    assert "repeated_totals" not in log.cleaning.notes


def test_equal_lines_that_are_quantity_times_price_are_lines() -> None:
    log = validate_orders(
        rows(list("aa"), [0, 0], [50, 50], order_id=["1", "1"],
             quantity=[2, 5], unit_price=[25, 10])
    )  # fmt: skip
    assert log.amount.tolist() == [100]


def test_a_repeated_total_with_other_prices_on_its_lines_is_counted_once() -> None:
    log = validate_orders(
        rows(list("aa"), [0, 0], [50, 50], order_id=["1", "1"],
             quantity=[1, 1], unit_price=[20, 30])
    )  # fmt: skip
    assert log.amount.tolist() == [50]


def test_blank_and_free_lines_do_not_hide_a_repeated_total() -> None:
    log = validate_orders(rows(list("aaaa"), [0] * 4, [50, 50, 0, NAN], order_id=["1"] * 4))
    assert log.amount.tolist() == [50]


def test_without_amounts_quantity_times_price_is_used_and_said() -> None:
    log = validate_orders(
        rows(list("aab"), [0, 0, 1], None, order_id=["1", "1", "2"],
             quantity=[2, 2, 3], unit_price=[5, 5, 4])
    )  # fmt: skip
    assert log.amount.tolist() == [20, 12]
    assert "amount_from_quantity" in log.cleaning.notes


def test_without_amount_or_prices_there_is_nothing_to_read() -> None:
    with pytest.raises(DataError, match="neither an amount nor both a quantity and a unit price"):
        validate_orders(rows(["a"], [0], None, quantity=[1]))


def test_an_order_of_blank_amounts_only_is_dropped() -> None:
    log = validate_orders(rows(list("aab"), [0, 0, 1], [NAN, NAN, 5], order_id=["1", "1", "2"]))
    assert log.cleaning.dropped == {"no_amount": 2}
    assert log.customer_ids.tolist() == ["b"]


def test_a_blank_amount_without_order_id_is_dropped() -> None:
    log = order_log(["a", "b"], ["2024-01-01"] * 2, [NAN, 5])
    assert log.cleaning.dropped == {"no_amount": 1}


def test_one_order_id_under_two_customers_is_an_error() -> None:
    columns = rows(["ada", "bob"], [0, 0], [1, 2], order_id=["77", "77"], first_row=2)
    with pytest.raises(DataError, match="row 3: order id 77 stands under two customers, ada and b"):
        validate_orders(columns)


@pytest.mark.parametrize("amount", [np.inf, 1e308, -2e15])
def test_an_amount_beyond_all_money_is_refused_with_its_row(amount: float) -> None:
    with pytest.raises(DataError, match=r"row 2: no order is worth .*, more than 1e.15"):
        order_log(["a", "b"], ["2024-01-01"] * 2, [1, amount])


def test_what_a_calculation_left_over_is_an_amount_of_zero() -> None:
    log = order_log(["a", "b"], ["2024-01-01"] * 2, [1e-320, -1e-12])
    assert log.amount.tolist() == [0, 0]
    assert log.cleaning.dropped == {}


def test_the_caller_keeps_his_own_amounts() -> None:
    amounts = np.array([5.0, 6.0])
    log = order_log(["a", "b"], ["2024-01-01"] * 2, amounts)
    amounts[0] = 99
    assert log.amount.tolist() == [5, 6]
