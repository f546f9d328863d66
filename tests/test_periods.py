import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.errors import InvalidArgumentError
from clv_xl.periods import convert_discount, convert_retention

periods = st.sampled_from(["day", "week", "month", "quarter", "year"])
LONGER = ["day", "week", "month", "quarter", "year"]


@given(st.floats(0.2, 1), periods, periods)
def test_retention_returns_from_another_period(rate: float, one: str, other: str) -> None:
    there = convert_retention(rate, one, other)

    assert convert_retention(there, other, one) == pytest.approx(rate, rel=1e-9)


@given(st.floats(0, 0.99), periods, periods)
def test_discount_returns_from_a_shorter_period(rate: float, one: str, other: str) -> None:
    long, short = sorted((one, other), key=LONGER.index, reverse=True)

    there = convert_discount(rate, long, short)

    assert convert_discount(there, short, long) == pytest.approx(rate, rel=1e-9, abs=1e-15)


@given(st.floats(0, 1), st.floats(0, 0.99), periods)
def test_the_same_period_changes_nothing(retention: float, discount: float, period: str) -> None:
    assert convert_retention(retention, period, period) == retention
    assert convert_discount(discount, period, period) == pytest.approx(discount, rel=1e-12)


@given(st.floats(0, 1), st.floats(0, 0.99))
def test_a_year_is_twelve_months(retention: float, discount: float) -> None:
    assert convert_retention(retention, "month", "year") == pytest.approx(retention**12)
    assert convert_discount(discount, "month", "year") == pytest.approx((1 + discount) ** 12 - 1)


def test_the_published_conversions() -> None:
    assert convert_retention(0.95, "month", "year") == pytest.approx(0.54036, abs=5e-6)
    assert convert_discount(0.10, "year", "month") == pytest.approx(0.00797414, abs=5e-9)
    assert convert_discount(0.12, "year", "month") == pytest.approx(0.00948879, abs=5e-9)


def test_conversions_take_arrays() -> None:
    np.testing.assert_allclose(convert_retention([1, 0.9, 0], "quarter", "year"), [1, 0.6561, 0])
    np.testing.assert_allclose(
        convert_discount([0, 0.21], "year", "quarter").round(6), [0, 0.048809]
    )


def test_conversions_refuse_what_is_no_rate_or_no_period() -> None:
    with pytest.raises(InvalidArgumentError, match=r"got 95 \(did you mean 0\.95\?\)"):
        convert_retention(95, "month", "year")
    with pytest.raises(InvalidArgumentError, match=r"got 2\.5 \(did you mean 0\.025\?\)"):
        convert_discount(2.5, "month", "year")
    with pytest.raises(InvalidArgumentError, match=r"to_period must be one of day, .* got decade"):
        convert_retention(0.9, "year", "decade")
