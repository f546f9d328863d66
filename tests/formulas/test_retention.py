import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.errors import InvalidArgumentError
from clv_xl.formulas.retention import (
    churn_rate,
    customer_lifetime,
    gross_revenue_retention,
    net_revenue_retention,
    retention_rate,
)

counts = st.integers(1, 10**6)
shares = st.floats(0, 1)


@given(counts, shares, st.integers(0, 10**6))
def test_retention_and_churn_add_up_to_one(start: int, share: float, new: int) -> None:
    lost = int(start * share)

    kept = retention_rate(start, start - lost + new, new)

    assert kept + churn_rate(start, lost) == pytest.approx(1)
    assert 0 <= kept <= 1


@given(st.floats(1e-6, 1))
def test_lifetime_is_the_mean_of_the_geometric_lifetimes(churn: float) -> None:
    assert customer_lifetime(churn) * churn == pytest.approx(1)


def test_lifetime_counts_the_first_period() -> None:
    assert customer_lifetime(1) == 1
    assert customer_lifetime(0.05) == 20
    np.testing.assert_allclose(customer_lifetime([0.5, 0.1]), [2, 10])


@given(st.floats(1, 1e6), shares, shares, st.floats(0, 1e6), st.floats(0, 1e6))
def test_gross_retention_is_net_retention_without_what_is_gained(
    start: float, churned: float, contracted: float, expansion: float, back: float
) -> None:
    churn = start * churned
    contraction = (start - churn) * contracted

    gross = gross_revenue_retention(start, churn, contraction)
    net = net_revenue_retention(start, churn, contraction, expansion)

    assert -1e-9 <= gross <= 1
    assert net_revenue_retention(start, churn, contraction, 0) == gross
    assert net == pytest.approx(gross + expansion / start)
    with_return = net_revenue_retention(start, churn, contraction, expansion, back)
    assert with_return == pytest.approx(net + back / start)


def test_contradictory_counts_are_refused() -> None:
    with pytest.raises(InvalidArgumentError, match="new_customers must be at most 40"):
        retention_rate(100, 40, 50)
    with pytest.raises(InvalidArgumentError, match="customers_at_close must be at most 110"):
        retention_rate(100, 120, 10)
    with pytest.raises(InvalidArgumentError, match=r"lost must be at most 5, .* got 9 \(row 2\)"):
        churn_rate([10, 5], [1, 9])
    with pytest.raises(InvalidArgumentError, match="churned must be at most 100"):
        gross_revenue_retention(100, 101, 0)
    with pytest.raises(InvalidArgumentError, match="contraction must be at most 40"):
        net_revenue_retention(100, 60, 41, 0)
    with pytest.raises(InvalidArgumentError, match="customers_at_start must be above 0, got 0"):
        churn_rate(0, 0)


def test_money_in_cents_may_miss_its_total_by_a_rounding_error() -> None:
    assert gross_revenue_retention(0.3, 0.1 + 0.2, 0) == pytest.approx(0)
