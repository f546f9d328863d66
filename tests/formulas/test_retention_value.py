import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from clv_xl.errors import InvalidArgumentError
from clv_xl.formulas.lifetime_value import discounted_clv
from clv_xl.formulas.retention_value import break_even_retention, retention_uplift

TIMINGS = ("now", "renewal", "end")
timings = st.sampled_from(TIMINGS)
money = st.floats(0.01, 1e6)
discounts = st.floats(0, 0.99)


@given(money, st.floats(0, 0.999), discounts, timings)
def test_break_even_retention_returns_a_value_equal_to_the_cost(
    margin: float, retention: float, discount: float, timing: str
) -> None:
    cac = discounted_clv(margin, retention, discount, None, timing)

    found = break_even_retention(margin, cac, discount, timing)

    assert found == pytest.approx(retention, abs=1e-9)
    again = discounted_clv(margin, found, discount, None, timing)
    assert again == pytest.approx(cac, rel=1e-9)


@pytest.mark.parametrize(("timing", "rate"), [("now", 0.7333), ("renewal", 0.825), ("end", 0.7667)])
def test_the_published_break_even_retentions(timing: str, rate: float) -> None:
    assert break_even_retention(40, 120, 0.1, timing) == pytest.approx(rate, abs=5e-5)


def test_a_first_payment_above_the_cost_needs_no_retention() -> None:
    assert break_even_retention(200, 120, 0.1) == 0
    assert break_even_retention(200, 0, 0.1, "renewal") == 0
    assert break_even_retention(1e100, 0, 0.1, "end") == 0


def test_a_cost_that_no_retention_covers_is_refused_with_the_most_it_may_be() -> None:
    with pytest.raises(InvalidArgumentError) as refused:
        break_even_retention([40, 40], [120, 500], 0.1)

    assert str(refused.value) == (
        "cac must be below 440, what a customer who never leaves is worth, got 500"
    )


@given(money, money, st.floats(0.01, 0.99), timings)
def test_the_most_a_cost_may_be_is_the_perpetuity(
    margin: float, cac: float, discount: float, timing: str
) -> None:
    perpetuity = margin * ((1 + discount) / discount if timing == "now" else 1 / discount)
    assume(abs(cac / perpetuity - 1) > 1e-9)

    if cac < perpetuity:
        assert 0 <= break_even_retention(margin, cac, discount, timing) < 1
    else:
        with pytest.raises(InvalidArgumentError, match="cac must be below"):
            break_even_retention(margin, cac, discount, timing)


def test_an_absurd_cost_without_discount_is_refused() -> None:
    with pytest.raises(InvalidArgumentError, match="covered by a retention below 1"):
        break_even_retention(1e-9, 1e90, 0)


def test_break_even_takes_arrays() -> None:
    found = break_even_retention([40, 50], 120, 0.1)

    assert found[0] == break_even_retention(40, 120, 0.1)
    assert found[1] == break_even_retention(50, 120, 0.1)


@pytest.mark.parametrize(
    ("retention", "now", "renewal"),
    [
        (0.5, [11, 10, 9, 8], [22, 21, 20, 19]),
        (0.7, [20, 17, 14, 13], [29, 25, 22, 21]),
        (0.8, [33, 25, 20, 17], [42, 33, 28, 24]),
        (0.9, [100, 50, 33, 25], [111, 58, 41, 32]),
    ],
)
def test_five_points_more_retention_raise_the_value_as_tabulated(
    retention: float, now: list[int], renewal: list[int]
) -> None:
    for timing, expected in (("now", now), ("renewal", renewal)):
        for discount, per_cent in zip((0, 0.05, 0.1, 0.15), expected, strict=True):
            table = retention_uplift(100, retention, discount, 5, None, timing)
            rate = table.set_index("measure")["change_rate"]["clv"]
            assert rate == pytest.approx(per_cent / 100, abs=0.0051)


@pytest.mark.parametrize(("cac", "rate"), [(0, 0.20), (100, 0.275), (200, 0.44), (300, 1.10)])
def test_value_after_acquisition_cost_reacts_more_strongly(cac: float, rate: float) -> None:
    table = retention_uplift(100, 0.8, 0.1, 5, cac).set_index("measure")

    assert table.loc["net_clv", "change_rate"] == pytest.approx(rate)


@given(st.floats(-1e6, 1e6), st.floats(0, 0.9), discounts, st.floats(0.5, 9.9), timings)
def test_the_uplift_table_says_what_the_formula_says(
    margin: float, retention: float, discount: float, points: float, timing: str
) -> None:
    table = retention_uplift(margin, retention, discount, points, 10, timing).set_index("measure")

    before = discounted_clv(margin, retention, discount, None, timing)
    after = discounted_clv(margin, retention + points / 100, discount, None, timing)
    assert table.loc["clv", "before"] == pytest.approx(before)
    assert table.loc["clv", "after"] == pytest.approx(after)
    assert table.loc["net_clv", "after"] == pytest.approx(after - 10)
    assert table.loc["clv_cac_ratio", "before"] == pytest.approx(before / 10)
    np.testing.assert_allclose(table["change"], table["after"] - table["before"])


def test_a_change_from_nothing_has_no_rate() -> None:
    table = retention_uplift(0, 0.8, 0.1, 5, 0).set_index("measure")

    assert np.isnan(table["change_rate"]["clv"])
    assert "clv_cac_ratio" not in table.index


def test_points_typed_as_a_share_are_refused_with_what_was_meant() -> None:
    with pytest.raises(InvalidArgumentError) as refused:
        retention_uplift(100, 0.8, 0.1, 0.05)

    assert str(refused.value) == (
        "uplift_points must be at least 0.5, in percentage points, got 0.05 (did you mean 5?)"
    )


def test_points_beyond_full_retention_are_refused() -> None:
    with pytest.raises(InvalidArgumentError, match=r"below 20, the points that .* 0\.8 leaves"):
        retention_uplift(100, 0.8, 0.1, 20)
