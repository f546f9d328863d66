from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.arrays import Floats
from clv_xl.customers.orders import OrderLog, order_log
from clv_xl.customers.value_distribution import (
    ABC,
    TIERS,
    abc_classes,
    distribution_of,
    tiers,
    value_distribution,
)
from clv_xl.errors import InvalidArgumentError

# Few distinct values, so that ties are common.
amounts = st.lists(st.integers(-5, 30), min_size=1, max_size=60).map(
    lambda values: np.array(values, dtype=np.float64)
)


@given(amounts)
def test_classes_never_split_equal_values_and_never_favour_the_lower(values: Floats) -> None:
    found = distribution_of(values)

    for codes in (found.tier, found.abc):
        for value in np.unique(values):
            assert len(set(codes[values == value].tolist())) == 1
        assert (np.diff(codes[np.argsort(-values)]) >= 0).all()


@given(amounts)
def test_every_customer_and_all_value_is_in_one_class(values: Floats) -> None:
    found = distribution_of(values)

    assert found.tier_customers.sum() == found.abc_customers.sum() == found.customers
    assert found.tier_value.sum() == pytest.approx(values.sum())
    assert found.abc_value.sum() == pytest.approx(values.sum())
    assert found.total == pytest.approx(values.sum())


@given(amounts, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(values: Floats, random: Random) -> None:
    rows = list(range(len(values)))
    random.shuffle(rows)

    np.testing.assert_array_equal(np.asarray(tiers(values))[rows], tiers(values[rows]))
    np.testing.assert_array_equal(np.asarray(abc_classes(values))[rows], abc_classes(values[rows]))


@given(amounts)
def test_a_makes_at_least_its_share_and_without_its_least_value_less(values: Floats) -> None:
    in_a = np.asarray(abc_classes(values)) == "A"
    gains = np.maximum(values, 0)
    if gains.sum() == 0:
        assert not in_a.any()
        return

    assert gains[in_a].sum() >= 0.8 * gains.sum() * (1 - 1e-9)
    above_the_least = gains > gains[in_a].min()
    assert gains[above_the_least].sum() < 0.8 * gains.sum()


@given(amounts)
def test_nobody_without_value_is_better_than_c(values: Floats) -> None:
    assert set(np.asarray(abc_classes(values))[values <= 0].tolist()) <= {"C"}


def test_a_hundred_unlike_customers_fall_into_tiers_by_share() -> None:
    found = distribution_of(np.arange(100.0))

    assert dict(zip(TIERS, found.tier_customers.tolist(), strict=True)) == {
        "Platinum": 5,
        "Gold": 15,
        "Silver": 30,
        "Bronze": 50,
    }


def test_customers_alike_share_the_best_tier() -> None:
    assert np.asarray(tiers([7, 7, 7, 7])).tolist() == ["Platinum"] * 4


def test_a_share_that_floats_miss_by_a_hair_is_not_rounded_up() -> None:
    assert 0.07 * 100 > 7

    names = np.asarray(tiers(np.arange(100.0), [0.07]))

    assert (names == "Platinum").sum() == 7


def test_a_value_that_reaches_the_cut_exactly_ends_class_a() -> None:
    values = [0.1] * 10
    assert np.asarray(abc_classes([8, 1.5, 0.5])).tolist() == ["A", "B", "C"]
    assert set(np.asarray(abc_classes(values)).tolist()) == {"A"}
    assert np.asarray(abc_classes([50, 30, 20], 0.5, 0.3)).tolist() == ["A", "B", "C"]


def test_own_cuts_rename_the_tiers_where_the_four_names_do_not_suffice() -> None:
    assert np.asarray(tiers([4, 3, 2, 1], [0.5])).tolist() == ["Platinum"] * 2 + ["Gold"] * 2
    assert np.asarray(tiers([5, 4, 3, 2, 1], [0.2, 0.4, 0.6, 0.8])).tolist() == [
        "Tier 1",
        "Tier 2",
        "Tier 3",
        "Tier 4",
        "Tier 5",
    ]


def test_a_single_cell_gives_a_single_text_and_a_column_a_column() -> None:
    assert tiers(12) == "Platinum"
    assert abc_classes(12) == "A"
    assert np.shape(tiers([[1], [2]])) == (2, 1)
    assert np.shape(abc_classes([1])) == (1,)


@pytest.mark.parametrize("cuts", [[0.5, 0.2], [0.2, 0.2], [0, 0.5], [0.5, 1], [5, 20, 50]])
def test_unusable_cuts_are_refused(cuts: list[float]) -> None:
    with pytest.raises(InvalidArgumentError, match="cuts must be"):
        tiers([1, 2, 3], cuts)


def test_shares_beyond_the_whole_are_refused() -> None:
    with pytest.raises(InvalidArgumentError, match=r"b_share must be at most 1 less a_share"):
        abc_classes([1, 2], 0.8, 0.3)
    with pytest.raises(InvalidArgumentError, match=r"did you mean 0\.80"):
        abc_classes([1, 2], 80, 15)


def test_an_empty_cell_among_the_values_is_refused() -> None:
    with pytest.raises(InvalidArgumentError, match="values must be a finite number, got an empty"):
        tiers([1, np.nan])


def test_an_order_log_is_spread_by_the_total_of_each_customer() -> None:
    log = order_log(["a", "b", "a", "c"], ["2024-01-05"] * 4, [50, 10, 40, 0])

    found = value_distribution(log)

    assert found.abc.tolist() == [ABC.index("A"), ABC.index("B"), ABC.index("C")]
    assert found.top_value.tolist() == [90, 90, 90, 90]
    assert found.top_customers.tolist() == [1, 1, 1, 1]


def test_a_log_without_money_has_no_concentration_and_no_error() -> None:
    found = value_distribution(order_log(["a", "b"], ["2024-01-05"] * 2, [0, 0]))

    assert found.gini is None
    assert found.total == 0
    assert found.abc.tolist() == [2, 2]


def test_a_tenth_of_the_cdnow_customers_make_half_of_the_revenue(cdnow: OrderLog) -> None:
    found = value_distribution(cdnow)

    assert found.top_customers[2] == 2357
    assert found.top_value[2] / found.total == pytest.approx(0.509, abs=0.0005)
