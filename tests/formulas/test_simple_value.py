import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.errors import InvalidArgumentError
from clv_xl.formulas.simple_value import product_clv, service_clv, simple_clv


@given(st.floats(0, 1e4), st.floats(0, 1e3), st.floats(0, 50), st.floats(0, 1))
def test_the_simple_forms_agree_where_they_say_the_same(
    order_value: float, orders: float, years: float, margin_rate: float
) -> None:
    value = simple_clv(order_value, orders, years, margin_rate)

    assert product_clv(order_value, orders * years, margin_rate) == pytest.approx(value)
    assert service_clv(order_value * orders / 12, years * 12, margin_rate) == pytest.approx(value)


def test_a_margin_rate_in_per_cent_is_refused() -> None:
    with pytest.raises(InvalidArgumentError, match=r"got 40 \(did you mean 0\.40\?\)"):
        simple_clv(50, 4, 3, 40)
