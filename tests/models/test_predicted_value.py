from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from clv_xl.arrays import Floats
from clv_xl.errors import InvalidArgumentError
from clv_xl.models.bg_nbd import BgNbdFit, fit_bg_nbd
from clv_xl.models.gamma_gamma import GammaGammaFit, fit_gamma_gamma
from clv_xl.models.holdout import holdout
from clv_xl.models.mbg_nbd import MbgNbdFit, fit_mbg_nbd
from clv_xl.models.predicted_value import (
    CustomerHistories,
    customer_histories,
    discount_factors,
    expected_purchases_by_month,
    month_ends,
    new_customer_purchases_by_month,
    new_customer_value,
    predicted_value,
)
from clv_xl.models.prediction_interval import Verdict, total_interval, verdict, worst
from clv_xl.models.purchase_models import Status
from tests.models.customer_samples import cdnow

WEEKS_A_MONTH = 365.25 / 12 / 7
FIT = MbgNbdFit(r=0.5248, alpha=6.183, a=0.8914, b=1.614, time_unit="week")
SPEND = GammaGammaFit(p=6.2488, q=3.7446, gamma=15.4478)

rates = st.floats(0, 0.9)
horizons = st.integers(1, 60)


@pytest.fixture(scope="module")
def sample() -> tuple[CustomerHistories, Floats]:
    customers, spend, actual = cdnow()
    return customer_histories(*customers, customers.frequency, spend), actual


@settings(deadline=None)
@given(horizons, rates)
def test_predicted_value_is_the_discounted_sum_of_the_monthly_spends(
    horizon: int, rate: float
) -> None:
    x, t_x, age = np.array([2.0, 0, 7]), np.array([30.43, 0, 20]), np.array([38.86, 5, 38])
    mean = np.array([22.35, 0, 80])
    histories = customer_histories(x, t_x, age, x, mean)
    value = predicted_value(
        FIT, SPEND, histories,
        horizon_months=horizon, annual_discount_rate=rate, margin_rate=0.4,
    )  # fmt: skip
    each = np.diag(SPEND.expected_spend(x, mean))
    by_month = expected_purchases_by_month(FIT, horizon, x, t_x, age, each)
    factors = discount_factors(np.arange(1, horizon + 1), rate)
    assert_allclose(value, 0.4 * factors @ by_month, rtol=1e-9)


@settings(deadline=None)
@given(horizons, st.floats(1, 400))
def test_the_months_add_up_to_the_horizon(horizon: int, age: float) -> None:
    by_month = expected_purchases_by_month(FIT, horizon, [3], [0.5 * age], [age], [1.0])
    whole = FIT.expected_purchases(horizon * WEEKS_A_MONTH, 3, 0.5 * age, age)
    assert by_month.sum() == pytest.approx(whole, rel=1e-9)
    assert (np.diff(by_month) < 0).all()


@settings(deadline=None)
@given(horizons, rates, st.floats(0, 100), st.floats(0, 100))
def test_a_new_customer_is_worth_the_first_order_and_what_follows(
    horizon: int, rate: float, first: float, spend: float
) -> None:
    value = new_customer_value(
        FIT, first, spend, horizon_months=horizon, annual_discount_rate=rate, margin_rate=0.4
    )
    months = enumerate(new_customer_purchases_by_month(FIT, horizon), start=1)
    later = sum(bought * spend / (1 + rate) ** ((month - 0.5) / 12) for month, bought in months)
    assert value == pytest.approx(0.4 * (first + later))


def test_without_discount_and_margin_it_is_revenue() -> None:
    histories = customer_histories([2], [30.43], [38.86], [2], [22.35])
    value = predicted_value(FIT, SPEND, histories, annual_discount_rate=0)
    purchases = FIT.expected_purchases(12 * WEEKS_A_MONTH, 2, 30.43, 38.86)
    assert value[0] == pytest.approx(purchases * SPEND.expected_spend(2, 22.35))


def test_a_month_is_a_twelfth_of_a_year_in_any_unit() -> None:
    days = MbgNbdFit(r=0.5248, alpha=7 * 6.183, a=0.8914, b=1.614)
    assert month_ends(days, 12)[-1] == pytest.approx(365.25)
    assert month_ends(FIT, 12)[-1] == pytest.approx(365.25 / 7)
    by_days = expected_purchases_by_month(days, 60, [2], [7 * 30], [7 * 38], [1.0])
    by_weeks = expected_purchases_by_month(FIT, 60, [2], [30], [38], [1.0])
    assert_allclose(by_days, by_weeks, rtol=1e-9)


def test_sums_by_segment_are_sums_of_their_customers(
    sample: tuple[CustomerHistories, Floats],
) -> None:
    h, _ = sample
    spend = SPEND.expected_spend(h.monetary_frequency, h.monetary_value)
    segment = np.arange(len(spend)) % 3
    weights = (segment[:, np.newaxis] == np.arange(3)) * spend[:, np.newaxis]
    sums = expected_purchases_by_month(FIT, 60, h.frequency, h.recency, h.T, weights)
    assert sums.shape == (60, 3)
    for number in range(3):
        rows = segment == number
        alone = expected_purchases_by_month(
            FIT, 60, h.frequency[rows], h.recency[rows], h.T[rows], spend[rows]
        )
        assert_allclose(sums[:, number], alone, rtol=1e-9)


def test_no_customers_are_expected_to_buy_nothing() -> None:
    assert_allclose(expected_purchases_by_month(FIT, 3, [], [], [], []), np.zeros(3))
    assert len(predicted_value(FIT, SPEND, customer_histories([], [], []))) == 0


def test_the_holdout_is_predicted_as_published(sample: tuple[CustomerHistories, Floats]) -> None:
    h, actual = sample
    fit = fit_bg_nbd(h.frequency, h.recency, h.T, time_unit="week")
    result = holdout(fit, 39, h.frequency, h.recency, h.T, actual)
    assert result.actual == 1882
    assert result.predicted == pytest.approx(1653.4, abs=0.05)
    assert result.customers == 2357
    assert result.relative_error == pytest.approx(-0.1215, abs=5e-4)
    groups = np.minimum(h.frequency, 7)
    expected = fit.expected_purchases(39, h.frequency, h.recency, h.T)
    means = [(expected[groups == x].mean(), actual[groups == x].mean()) for x in range(8)]
    published = [0.225, 0.523, 1.044, 1.520, 2.164, 2.654, 3.504, 6.157]
    happened = [0.237, 0.697, 1.393, 1.560, 2.532, 2.947, 3.862, 6.359]
    assert_allclose(means, np.transpose([published, happened]), atol=6e-4)


def test_a_holdout_without_purchases_has_no_relative_error() -> None:
    assert holdout(FIT, 39, [2], [30.43], [38.86], [0]).relative_error is None


def test_the_error_of_the_holdout_total_is_the_published_one(
    sample: tuple[CustomerHistories, Floats],
) -> None:
    histories, _ = sample
    fit = fit_bg_nbd(histories.frequency, histories.recency, histories.T, time_unit="week")
    interval = total_interval(fit, None, histories, 12)
    assert interval is not None
    months = np.arange(1, 13) * WEEKS_A_MONTH
    error = np.interp(39, months, interval.totals * interval.parameter_errors)
    assert error == pytest.approx(74.3, abs=0.1)


def test_the_delta_method_agrees_with_drawn_parameters(
    sample: tuple[CustomerHistories, Floats],
) -> None:
    histories, _ = sample
    h = histories
    fit = fit_mbg_nbd(h.frequency, h.recency, h.T, time_unit="week")
    spend = fit_gamma_gamma(h.monetary_frequency, h.monetary_value)
    interval = total_interval(fit, spend, histories, 12)
    assert interval is not None
    assert fit.covariance is not None
    assert spend.covariance is not None
    random = np.random.default_rng(6)
    drawn = []
    for _ in range(300):
        theta = np.exp(random.multivariate_normal(np.zeros(4), fit.covariance))
        phi = np.exp(random.multivariate_normal(np.zeros(3), spend.covariance))
        moved = fit.with_parameters(_times(fit.parameters, theta))
        paid = spend.with_parameters(_times(spend.parameters, phi))
        value = predicted_value(moved, paid, histories, annual_discount_rate=0)
        drawn.append(np.log(value.sum()))
    assert interval.parameter_errors[11] == pytest.approx(np.std(drawn), rel=0.15)
    low, high = interval.bounds(12)
    assert low < interval.totals[11] < high
    assert high / interval.totals[11] - 1 == pytest.approx(interval.relative_half_widths[11])


def _times(parameters: Mapping[str, float], factors: Floats) -> dict[str, float]:
    moved = np.array(list(parameters.values())) * factors
    return dict(zip(parameters, moved.tolist(), strict=True))


def test_without_a_covariance_there_is_no_interval() -> None:
    histories = customer_histories([2], [30.43], [38.86], [2], [22.35])
    assert total_interval(FIT, SPEND, histories) is None


@pytest.mark.parametrize(
    ("status", "half_width", "expected"),
    [
        (Status.OK, 0.30, Verdict.SHOWN),
        (Status.OK, 0.31, Verdict.RANGE),
        (Status.OK, 0.60, Verdict.RANGE),
        (Status.OK, 0.61, Verdict.WITHHELD),
        (Status.OK, None, Verdict.WITHHELD),
        (Status.BOUNDARY, 0.01, Verdict.WITHHELD),
        (Status.TOO_FEW, 0.01, Verdict.WITHHELD),
    ],
)
def test_the_verdict_follows_status_and_width(
    status: Status, half_width: float | None, expected: Verdict
) -> None:
    assert verdict(status, half_width) is expected


def test_the_cut_offs_of_the_verdict_are_inputs() -> None:
    assert verdict(Status.OK, 0.2, show=0.1, range=0.15) is Verdict.WITHHELD
    assert verdict(Status.OK, 0.2, show=0.1, range=0.25) is Verdict.RANGE


def test_the_worst_status_decides() -> None:
    assert worst(Status.OK, Status.BOUNDARY) is Status.BOUNDARY
    assert worst(Status.OK) is Status.OK


@pytest.mark.parametrize(
    ("assumption", "said"),
    [
        ({"horizon_months": 0}, "months must be at least 1"),
        ({"horizon_months": 1.5}, "months must be a whole number"),
        ({"annual_discount_rate": 10}, "annual_discount_rate must be at least 0"),
        ({"margin_rate": 40}, r"margin_rate must .* \(did you mean 0.40\?\)"),
    ],
)
def test_assumptions_out_of_bounds_are_refused(assumption: dict[str, float], said: str) -> None:
    histories = customer_histories([2], [30.43], [38.86], [2], [22.35])
    with pytest.raises(InvalidArgumentError, match=said):
        predicted_value(FIT, SPEND, histories, **assumption)  # type: ignore[arg-type]


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(InvalidArgumentError, match="T must be as long as frequency"):
        customer_histories([1, 2], [1, 2], [5])
    with pytest.raises(InvalidArgumentError, match="weights_matrix must be as long"):
        expected_purchases_by_month(FIT, 3, [2], [30], [38], [1.0, 2.0])


def test_one_time_buyers_never_drop_out_of_bg_nbd_but_slowly_of_mbg_nbd() -> None:
    forever = BgNbdFit(r=0.2426, alpha=4.4136, a=0.7929, b=2.4259, time_unit="week")
    later = expected_purchases_by_month(forever, 1, [0], [0], [500.0], [1.0])
    gone = expected_purchases_by_month(FIT, 1, [0], [0], [500.0], [1.0])
    assert gone[0] < later[0]
