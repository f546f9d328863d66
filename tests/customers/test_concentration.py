import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.arrays import Floats
from clv_xl.customers.concentration import (
    gini,
    top_share,
    whale_curve,
    whale_curve_points,
    whale_curve_table,
)
from clv_xl.errors import DataError, InvalidArgumentError

gains = st.lists(st.integers(0, 1000), min_size=1, max_size=80).map(
    lambda values: np.array(values, dtype=np.float64)
)
shares = st.floats(0.001, 1)


@given(gains)
def test_the_curve_rises_ever_more_slowly_from_nothing_to_all(values: Floats) -> None:
    curve = whale_curve(values)

    assert curve.value[0] == 0
    assert curve.value[-1] == pytest.approx(values.sum())
    assert (np.diff(curve.value) >= 0).all()
    assert (np.diff(curve.value, 2) <= 0).all()


@given(gains, st.integers(2, 101))
def test_a_thinned_curve_keeps_both_ends_and_points_of_the_whole(values: Floats, n: int) -> None:
    curve = whale_curve(values)

    thin = whale_curve_points(curve, n)

    assert len(thin.customers) == min(n, len(values) + 1)
    assert thin.customers[[0, -1]].tolist() == [0, len(values)]
    assert (np.diff(thin.customers) > 0).all()
    np.testing.assert_array_equal(thin.value, curve.value[thin.customers])


@given(gains, shares)
def test_the_top_holds_at_least_its_own_share(values: Floats, share: float) -> None:
    values = values + 1

    assert share - 1e-9 <= top_share(values, share) <= 1 + 1e-9


@given(gains)
def test_gini_equals_half_the_relative_mean_difference(values: Floats) -> None:
    if values.sum() == 0:
        assert gini(values) is None
        return
    differences = np.abs(values[:, None] - values[None, :]).mean()

    assert gini(values) == pytest.approx(differences / (2 * values.mean()), abs=1e-12)


def test_a_curve_may_pass_the_whole_and_fall_back() -> None:
    table = whale_curve_table([60, 80, -40])

    assert table["value_share"].tolist() == pytest.approx([0, 0.8, 1.4, 1.0])
    assert gini(np.array([60.0, 80, -40])) is None


def test_the_top_is_rounded_up_to_whole_customers() -> None:
    assert top_share([6, 3, 1], 0.01) == pytest.approx(0.6)
    assert top_share([6, 3, 1], 0.34) == pytest.approx(0.9)
    assert top_share([6, 3, 1], 1) == pytest.approx(1)


def test_a_share_of_nothing_is_refused() -> None:
    with pytest.raises(DataError, match="values sum to 0"):
        top_share([0, 0], 0.1)
    with pytest.raises(DataError, match="values sum to -1"):
        whale_curve_table([1, -2])


def test_a_share_in_per_cent_is_refused_with_a_hint() -> None:
    with pytest.raises(InvalidArgumentError, match=r"did you mean 0\.10"):
        top_share([1, 2], 10)
