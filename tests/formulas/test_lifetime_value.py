import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from clv_xl.errors import InvalidArgumentError
from clv_xl.formulas.lifetime_value import (
    customer_equity,
    discounted_clv,
    margin_multiple,
    net_clv,
    subscription_clv,
)
from clv_xl.formulas.simple_value import product_clv, service_clv, simple_clv

TIMINGS = ("now", "renewal", "end")
margins = st.floats(-1e6, 1e6)
retentions = st.floats(0, 0.99)
discounts = st.floats(0, 0.99)
timings = st.sampled_from(TIMINGS)


def summed_cash_flows(
    margin: float, retention: float, discount: float, periods: int, timing: str
) -> float:
    """Every payment on its own: when it comes, who is left to make it, what it is worth today."""
    payment = np.arange(periods)
    kept = payment + 1 if timing == "renewal" else payment
    waited = payment if timing == "now" else payment + 1
    return float(
        np.sum(margin * retention ** kept.astype(float) * (1 + discount) ** -waited.astype(float))
    )


@given(margins, retentions, discounts, timings)
def test_the_value_without_a_horizon_is_the_sum_of_thousands_of_payments(
    margin: float, retention: float, discount: float, timing: str
) -> None:
    flows = summed_cash_flows(margin, retention, discount, 4000, timing)

    value = discounted_clv(margin, retention, discount, None, timing)

    assert value == pytest.approx(flows, rel=1e-9, abs=1e-9)


@given(margins, retentions, discounts, st.integers(1, 300), timings)
def test_the_value_to_a_horizon_is_the_sum_of_its_payments(
    margin: float, retention: float, discount: float, periods: int, timing: str
) -> None:
    flows = summed_cash_flows(margin, retention, discount, periods, timing)

    value = discounted_clv(margin, retention, discount, periods, timing)

    assert value == pytest.approx(flows, rel=1e-9, abs=1e-9)


@given(margins, retentions, discounts)
def test_the_first_payment_is_all_that_now_and_renewal_differ_in(
    margin: float, retention: float, discount: float
) -> None:
    now = discounted_clv(margin, retention, discount, None, "now")
    renewal = discounted_clv(margin, retention, discount, None, "renewal")

    assert now - renewal == pytest.approx(margin, rel=1e-9, abs=1e-9)


@given(margins, retentions, discounts)
def test_booking_at_period_end_discounts_by_one_period(
    margin: float, retention: float, discount: float
) -> None:
    now = discounted_clv(margin, retention, discount, None, "now")
    end = discounted_clv(margin, retention, discount, None, "end")

    assert now == pytest.approx(end * (1 + discount), rel=1e-12)


@given(st.floats(0.01, 1e6), retentions, retentions, discounts, timings)
def test_the_value_never_falls_when_retention_rises(
    margin: float, one: float, other: float, discount: float, timing: str
) -> None:
    low, high = sorted((one, other))

    assert discounted_clv(margin, low, discount, None, timing) <= discounted_clv(
        margin, high, discount, None, timing
    ) * (1 + 1e-12)


@given(st.floats(0.01, 1e6), retentions, discounts, discounts, timings)
def test_the_value_never_rises_when_the_discount_rises(
    margin: float, retention: float, one: float, other: float, timing: str
) -> None:
    low, high = sorted((one, other))

    assert discounted_clv(margin, retention, high, None, timing) <= discounted_clv(
        margin, retention, low, None, timing
    ) * (1 + 1e-12)


@given(
    st.floats(allow_nan=False, allow_infinity=False, min_value=-1e100, max_value=1e100),
    st.floats(0, 1, exclude_max=True),
    st.floats(0, 1, exclude_max=True),
    st.integers(1, 10**9),
    timings,
)
def test_every_valid_input_has_a_finite_value(
    margin: float, retention: float, discount: float, periods: int, timing: str
) -> None:
    assert math.isfinite(discounted_clv(margin, retention, discount, None, timing))
    assert math.isfinite(discounted_clv(margin, retention, discount, periods, timing))


@given(st.lists(st.tuples(margins, retentions, discounts, st.integers(1, 50)), min_size=1), timings)
def test_arrays_give_what_each_element_gives(
    rows: list[tuple[float, float, float, int]], timing: str
) -> None:
    margin, retention, discount, periods = (np.array(column) for column in zip(*rows, strict=True))

    together = discounted_clv(margin, retention, discount, periods, timing)

    alone = [discounted_clv(*row, timing) for row in rows]
    np.testing.assert_allclose(together, alone, rtol=1e-13)


@pytest.mark.parametrize(
    ("timing", "lifetime", "five_periods"),
    [
        ("now", 366.667, 292.0634),
        ("renewal", 266.667, 212.4097),
        ("end", 333.333, 265.5122),
    ],
)
def test_the_published_figures_of_the_three_timings(
    timing: str, lifetime: float, five_periods: float
) -> None:
    assert discounted_clv(100, 0.8, 0.1, None, timing) == pytest.approx(lifetime, abs=5e-4)
    assert discounted_clv(100, 0.8, 0.1, 5, timing) == pytest.approx(five_periods, abs=5e-5)


def test_without_discount_or_retention_the_timings_are_what_they_say() -> None:
    assert discounted_clv(100, 0, 0.25, None, "now") == 100
    assert discounted_clv(100, 0, 0.25, None, "renewal") == 0
    assert discounted_clv(100, 0, 0.25, None, "end") == 80
    assert discounted_clv(100, 0, 0.25, 7, "now") == 100
    assert discounted_clv(100, 0.75, 0, None, "now") == 400
    assert discounted_clv(100, 0.75, 0, None, "end") == 400


def test_a_retention_of_one_or_more_is_refused_for_it_has_no_finite_value() -> None:
    for retention in (1, 1.1, 1.2):
        with pytest.raises(InvalidArgumentError, match="retention must be at least 0 and below 1"):
            discounted_clv(100, retention, 0.1)


def test_a_rate_in_per_cent_is_refused_with_the_decimal_that_was_meant() -> None:
    with pytest.raises(InvalidArgumentError) as retention:
        discounted_clv(100, 80, 0.1)
    with pytest.raises(InvalidArgumentError) as discount:
        discounted_clv(100, 0.8, 10)

    assert str(retention.value) == (
        "retention must be at least 0 and below 1, got 80 (did you mean 0.80?)"
    )
    assert str(discount.value) == (
        "discount_per_period must be at least 0 and below 1, got 10 (did you mean 0.10?)"
    )


def test_a_bad_row_is_named() -> None:
    with pytest.raises(InvalidArgumentError, match=r"got 80 \(row 2\) \(did you mean 0.80\?\)"):
        discounted_clv(100, [0.8, 80], 0.1)


@pytest.mark.parametrize("blank", [None, math.nan])
def test_a_blank_required_argument_is_refused(blank: float | None) -> None:
    with pytest.raises(InvalidArgumentError, match=r"retention must be .*an empty cell"):
        discounted_clv(100, blank, 0.1)  # type: ignore[arg-type]


def test_text_is_refused() -> None:
    with pytest.raises(InvalidArgumentError, match="retention must be a number, got 'high'"):
        discounted_clv(100, "high", 0.1)


def test_an_unknown_timing_is_refused_with_the_three_there_are() -> None:
    with pytest.raises(InvalidArgumentError, match="one of now, renewal, end, got 'later'"):
        discounted_clv(100, 0.8, 0.1, None, "later")


def test_periods_are_whole_and_at_least_one() -> None:
    with pytest.raises(InvalidArgumentError, match=r"a whole number, got 2\.5"):
        discounted_clv(100, 0.8, 0.1, 2.5)
    with pytest.raises(InvalidArgumentError, match="periods must be at least 1, got 0"):
        discounted_clv(100, 0.8, 0.1, 0)


def test_ranges_of_unlike_length_are_refused() -> None:
    with pytest.raises(InvalidArgumentError, match="as many as margin_per_period"):
        discounted_clv([100, 200], [0.8, 0.7, 0.6], 0.1)


def test_none_means_the_default_everywhere() -> None:
    assert discounted_clv(100, 0.8, 0.1, None, None, None) == discounted_clv(100, 0.8, 0.1)
    assert subscription_clv(50, 0.8, 0.05, None, None) == subscription_clv(50, 0.8, 0.05)
    assert margin_multiple(0.8, 0.1, None) == margin_multiple(0.8, 0.1, "renewal")
    assert simple_clv(50, 4, 3, None) == simple_clv(50, 4, 3) == 600
    assert product_clv(50, 4, None) == 200
    assert service_clv(50, 4, None) == 200
    assert customer_equity([1, 2], None) == 3


@given(margins, st.floats(0, 1e6), retentions, discounts, timings)
def test_retention_cost_comes_off_the_margin(
    margin: float, cost: float, retention: float, discount: float, timing: str
) -> None:
    value = discounted_clv(margin, retention, discount, None, timing, cost)

    assert value == discounted_clv(margin - cost, retention, discount, None, timing)


@pytest.mark.parametrize(
    ("retention", "published"),
    [
        (0.6, [1.20, 1.15, 1.11, 1.07]),
        (0.7, [1.75, 1.67, 1.59, 1.52]),
        (0.8, [2.67, 2.50, 2.35, 2.22]),
        (0.9, [4.50, 4.09, 3.75, 3.46]),
    ],
)
def test_the_published_margin_multiples(retention: float, published: list[float]) -> None:
    multiples = margin_multiple(retention, [0.10, 0.12, 0.14, 0.16])

    np.testing.assert_allclose(multiples, published, atol=0.005 + 1e-12)


@given(margins, retentions, discounts, timings)
def test_margin_times_the_multiple_is_the_value(
    margin: float, retention: float, discount: float, timing: str
) -> None:
    value = margin * margin_multiple(retention, discount, timing)

    assert value == pytest.approx(discounted_clv(margin, retention, discount, None, timing))


def test_the_published_subscription_figures() -> None:
    assert subscription_clv(50, 0.8, 0.05) == pytest.approx(800)
    assert subscription_clv(50, 0.8, 0.05, 0.01) == pytest.approx(673.333, abs=5e-4)
    assert subscription_clv(50, 0.8, 1) == 40


@given(st.floats(0, 1e6), st.floats(0, 1), st.floats(0.01, 1), discounts, timings)
def test_a_subscription_is_the_discounted_value_of_its_margin(
    arpa: float, margin_rate: float, churn: float, discount: float, timing: str
) -> None:
    value = subscription_clv(arpa, margin_rate, churn, discount, timing)

    again = discounted_clv(arpa * margin_rate, 1 - churn, discount, None, timing)
    assert value == pytest.approx(again, rel=1e-9, abs=1e-9)


def test_a_subscription_without_churn_has_no_finite_value() -> None:
    with pytest.raises(InvalidArgumentError, match="churn must be above 0 and at most 1, got 0"):
        subscription_clv(50, 0.8, 0)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1), st.floats(0, 1e6))
def test_customer_equity_adds_values_times_counts(values: list[float], count: float) -> None:
    expected = math.fsum(value * count for value in values)

    assert customer_equity(values, count) == pytest.approx(expected, rel=1e-9, abs=1e-3)


def test_net_clv_takes_the_cost_of_acquisition_off() -> None:
    assert net_clv(366, 120) == 246
    np.testing.assert_array_equal(net_clv([366, 100], 120), [246, -20])


@given(margins, discounts)
def test_a_single_number_gives_a_plain_float(margin: float, discount: float) -> None:
    assume(margin)
    assert type(discounted_clv(margin, 0.5, discount)) is float
    assert type(customer_equity(margin)) is float
