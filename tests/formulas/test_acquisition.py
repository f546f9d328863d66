import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from clv_xl.errors import DataError, InvalidArgumentError
from clv_xl.formulas.acquisition import (
    blended_cac,
    cac_payback,
    cac_rating,
    clv_to_cac_ratio,
    lagged_cac,
    max_cac,
    paid_cac,
    simple_payback,
)
from clv_xl.formulas.lifetime_value import discounted_clv

money = st.floats(0.01, 1e6)


@given(st.lists(st.tuples(money, st.integers(1, 1000)), min_size=1))
def test_blended_cac_shares_all_spend_among_all_new_customers(
    rows: list[tuple[float, int]],
) -> None:
    spend, customers = zip(*rows, strict=True)

    cac = blended_cac(spend, customers)

    assert cac == pytest.approx(math.fsum(spend) / sum(customers))
    alone = [blended_cac(one, count) for one, count in rows]
    assert min(alone) * (1 - 1e-12) <= cac <= max(alone) * (1 + 1e-12)


def test_blank_cells_of_spend_count_as_nothing() -> None:
    assert blended_cac([1_000, None, 500], [10, 20, None]) == 50  # type: ignore[arg-type]
    assert paid_cac([1_000, 500], 30) == 50


def test_no_new_customer_has_no_cac() -> None:
    with pytest.raises(DataError, match="new_customers must hold at least one new customer, got 0"):
        blended_cac([100, 200], [0, 0])
    with pytest.raises(DataError, match="spend must hold at least one number, got only empty"):
        blended_cac([None, None], [1, 2])  # type: ignore[arg-type]


def test_a_negative_spend_is_refused_with_its_row_also_behind_a_blank() -> None:
    with pytest.raises(InvalidArgumentError, match=r"spend must be at least 0, got -5 \(row 3\)"):
        blended_cac([100, None, -5], 10)  # type: ignore[arg-type]


def test_lagged_cac_matches_spend_with_later_customers() -> None:
    assert lagged_cac([1_000, 2_000, 9_000], [5, 20, 40], 1) == 50
    assert lagged_cac([1_000, 2_000], [10, 20]) == blended_cac([1_000, 2_000], [10, 20])
    assert lagged_cac([1_000, 2_000], [10, 20], None) == 100
    with pytest.raises(InvalidArgumentError, match=r"below the number of periods \(2\), got 2"):
        lagged_cac([1_000, 2_000], [10, 20], 2)


@given(st.floats(-1e6, 1e6), money)
def test_the_ratio_times_the_cost_is_the_value(clv: float, cac: float) -> None:
    assert clv_to_cac_ratio(clv, cac) * cac == pytest.approx(clv)


@pytest.mark.parametrize(
    ("ratio", "rating"),
    [
        (-1, "loses money"),
        (0.99, "loses money"),
        (1, "below target"),
        (2.99, "below target"),
        (3, "healthy"),
        (5, "healthy"),
        (5.01, "may be under-investing"),
    ],
)
def test_the_rating_has_its_cut_offs_at_one_three_and_five(ratio: float, rating: str) -> None:
    assert cac_rating(ratio) == rating
    assert cac_rating(ratio, None, None, None) == rating
    assert cac_rating([ratio, ratio]).tolist() == [rating, rating]


def test_the_cut_offs_are_inputs_in_order() -> None:
    assert cac_rating(3, 1, 4, 6) == "below target"
    with pytest.raises(InvalidArgumentError, match=r"good must be from 4 \(low\) to 5 \(high\)"):
        cac_rating(3, 4)


@given(
    money,
    money,
    st.one_of(st.just(1.0), st.floats(0, 1)),
    st.one_of(st.just(0.0), st.floats(0, 0.99)),
)
def test_payback_is_the_first_period_whose_margins_cover_the_cost(
    cac: float, margin: float, retention: float, discount: float
) -> None:
    assume(retention < 1 or cac / margin < 1e6)

    periods = cac_payback(cac, margin, retention, discount)

    if retention == 1:
        retention = 1 - 1e-16
    if math.isinf(periods):
        worth = discounted_clv(margin, retention, discount)
        assert worth <= cac * (1 + 1e-9)
        return
    assert periods == int(periods) >= 1
    assert discounted_clv(margin, retention, discount, periods) >= cac * (1 - 1e-6)
    if periods > 1:
        assert discounted_clv(margin, retention, discount, periods - 1) < cac


def test_payback_by_hand() -> None:
    assert cac_payback(300, 25) == 12
    assert cac_payback(1.1, 0.1) == 11
    assert cac_payback(100, 30) == 4
    assert cac_payback(0, 30) == 0
    assert cac_payback(0, -30) == 0
    assert cac_payback(100, 100, 0) == 1
    assert cac_payback(100, 60, 0.5) == 3  # 60, 90, 105
    assert cac_payback(100, 60, 0.5, None) == 3


def test_a_cost_never_repaid_has_an_infinite_payback() -> None:
    assert cac_payback(300, 25, 0.9) == math.inf  # worth 250 in all
    assert cac_payback(250, 25, 0.9) == math.inf  # reached only in the limit
    assert cac_payback(100, 99, 0) == math.inf
    assert cac_payback(100, 0) == math.inf
    assert cac_payback(100, -5, 1, 0) == math.inf
    assert cac_payback([300, 300], [25, 0]).tolist() == [12, math.inf]


@given(money, money, st.floats(0, 1), st.floats(0, 1))
def test_payback_never_shortens_when_more_customers_leave(
    cac: float, margin: float, one: float, other: float
) -> None:
    low, high = sorted((one, other))

    assert cac_payback(cac, margin, low) >= cac_payback(cac, margin, high)


def test_simple_payback_ignores_who_leaves() -> None:
    assert simple_payback(10 * 35, 35) == 10
    assert simple_payback(500, 50 * 0.7) == pytest.approx(14.2857, abs=1e-4)


@given(money, st.floats(0.1, 10))
def test_the_maximal_cac_meets_the_target_ratio(clv: float, target: float) -> None:
    assert clv_to_cac_ratio(clv, max_cac(clv, target)) == pytest.approx(target)


def test_nothing_may_be_spent_on_a_customer_worth_less_than_nothing() -> None:
    assert max_cac(-5) == 0
    assert max_cac([366, -5], None).tolist() == [122, 0]
