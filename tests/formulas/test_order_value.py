import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.errors import DataError, InvalidArgumentError
from clv_xl.formulas.order_value import (
    average_order_value,
    average_revenue_per_account,
    margin_rate,
    net_sales,
    purchase_frequency,
    share_of_wallet,
)


@given(st.lists(st.floats(0.01, 1e6), min_size=1))
def test_average_order_value_without_ids_is_the_mean(amounts: list[float]) -> None:
    assert average_order_value(amounts) == pytest.approx(math.fsum(amounts) / len(amounts))


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 10**6)), min_size=1))
def test_lines_of_one_order_are_added_up(lines: list[tuple[int, int]]) -> None:
    ids = [str(order) for order, _ in lines]
    amounts = [cents / 100 for _, cents in lines]

    value = average_order_value(amounts, ids)

    assert value == pytest.approx(math.fsum(amounts) / len(set(ids)))


def test_zero_orders_and_full_refunds_are_no_orders() -> None:
    assert average_order_value([100, 0, 50]) == 75
    assert average_order_value([40, 60, 30, -30], ["A", "A", "B", "B"]) == 100
    assert average_order_value([100, 19.9, -6.6, -13.3], ["A", "B", "B", "B"]) == 100


def test_refunds_and_blank_amounts_are_heeded() -> None:
    assert average_order_value([100, 60, -20]) == 70
    assert average_order_value([100, None, 60]) == 80  # type: ignore[arg-type]
    assert average_order_value([100, None], ["A", "A"]) == 100  # type: ignore[arg-type]


def test_no_order_has_no_average() -> None:
    with pytest.raises(DataError, match="amounts must hold at least one order above 0"):
        average_order_value([0, -5])
    with pytest.raises(InvalidArgumentError, match=r"orders must be as long as amounts \(2 rows\)"):
        average_order_value([1, 2], ["A"])
    with pytest.raises(InvalidArgumentError, match="amounts must be a number"):
        average_order_value(["much", "2"])
    with pytest.raises(InvalidArgumentError, match=r"got inf \(row 2\)"):
        average_order_value([1, math.inf])


def test_average_revenue_per_account_uses_the_mean_of_start_and_close() -> None:
    assert average_revenue_per_account(10_500, 200, 220) == 50
    np.testing.assert_allclose(average_revenue_per_account([100, 300], 0, [2, 6]), [100, 100])
    with pytest.raises(DataError, match="must not both be 0"):
        average_revenue_per_account(100, 0, 0)


def test_purchase_frequency_is_annualised() -> None:
    assert purchase_frequency(600, 200, 365) == 3
    assert purchase_frequency(150, 100, 182.5) == 3


def test_sales_margins_and_wallets() -> None:
    assert net_sales(1_000, 80, 120) == 800
    assert margin_rate(800, 480) == pytest.approx(0.4)
    assert margin_rate(100, 150) == -0.5
    assert share_of_wallet(300, 1_200) == 0.25
