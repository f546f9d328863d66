import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from clv_xl.arrays import Floats
from clv_xl.errors import InvalidArgumentError
from clv_xl.models import gamma_gamma
from clv_xl.models.gamma_gamma import GammaGammaFit, fit_gamma_gamma
from clv_xl.models.gamma_gamma_likelihood import GammaGammaLikelihood
from clv_xl.models.newton import Evaluation
from clv_xl.models.purchase_models import Status
from tests.models.customer_samples import cdnow, lifetimes

PUBLISHED = GammaGammaFit(p=6.2488, q=3.7446, gamma=15.4478)


def simulated(
    random: np.random.Generator, size: int, p: float, q: float, gamma: float
) -> tuple[np.ndarray, np.ndarray]:
    frequency = random.geometric(0.4, size) - 1.0
    orders = np.maximum(frequency, 1)
    mean = random.gamma(p * orders, 1.0) / random.gamma(q, 1 / gamma, size) / orders
    return frequency, np.where(frequency > 0, mean, 0.0)


def test_many_customers_have_the_maximum_that_a_start_from_nowhere_finds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    customers = simulated(np.random.default_rng(3), 60_000, 6.0, 4.0, 15.0)
    from_a_sample = fit_gamma_gamma(*customers)
    monkeypatch.setattr(gamma_gamma, "_MANY_CUSTOMERS", 100_000)
    from_nowhere = fit_gamma_gamma(*customers)
    assert list(from_a_sample.parameters.values()) == pytest.approx(
        list(from_nowhere.parameters.values()), rel=1e-7
    )


def test_a_maximum_at_infinity_is_found_in_few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    evaluated = GammaGammaLikelihood.__call__

    def counted(self: GammaGammaLikelihood, parameters: Floats) -> Evaluation:
        seen.append(parameters)
        return evaluated(self, parameters)

    monkeypatch.setattr(GammaGammaLikelihood, "__call__", counted)
    random = np.random.default_rng(0)
    orders = random.geometric(0.4, 5_000)
    fit = fit_gamma_gamma(orders, random.gamma(2.0 * orders, 10.0) / orders)  # all spend alike
    assert fit.status is Status.BOUNDARY
    assert len(seen) < 60


@settings(deadline=None)
@given(st.floats(0.2, 20), st.floats(1.01, 20), st.integers(1, 500), st.floats(0.01, 1e6))
def test_expected_spend_lies_between_the_customer_and_the_population(
    p: float, q: float, orders: int, spend: float
) -> None:
    fit = GammaGammaFit(p=p, q=q, gamma=20.0)
    expected = fit.expected_spend(orders, spend)
    low, high = sorted((spend, fit.population_mean))
    assert low * (1 - 1e-12) <= expected <= high * (1 + 1e-12)


@settings(deadline=None)
@given(st.floats(0.01, 20), st.floats(0.01, 20), st.integers(0, 50), st.floats(0, 1e6))
def test_expected_spend_is_never_negative_nor_infinite(
    p: float, q: float, orders: int, spend: float
) -> None:
    fit = GammaGammaFit(p=p, q=q, gamma=20.0, observed_mean=30.0)
    assert 0 <= fit.expected_spend(orders, spend) < np.inf


def test_who_has_not_spent_is_expected_to_spend_the_population_mean() -> None:
    expected = PUBLISHED.expected_spend([0, 0, 3], [0, np.nan, 0])
    assert_allclose(expected, PUBLISHED.population_mean)


def test_an_infinite_mean_is_flagged_and_the_observed_means_stand_in() -> None:
    frequency, spend = simulated(np.random.default_rng(3), 2000, 4.0, 0.8, 20.0)
    fit = fit_gamma_gamma(frequency, spend)
    assert fit.q < 1
    assert fit.status is Status.BOUNDARY
    assert "infinite" in fit.note
    known = spend[frequency > 0]
    assert fit.population_mean == pytest.approx(known.mean())
    assert_allclose(fit.expected_spend(frequency, spend)[frequency > 0], known)


def test_the_fit_of_the_cdnow_sample_is_the_published_one() -> None:
    customers, spend, _ = cdnow()
    fit = fit_gamma_gamma(customers.frequency, spend)
    assert fit.status is Status.OK
    assert_allclose(list(fit.parameters.values()), [6.2488, 3.7446, 15.4478], atol=5e-4)
    assert fit.log_likelihood == pytest.approx(-4055.923, abs=0.01)
    assert fit.population_mean == pytest.approx(35.171, abs=5e-3)
    published = [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17]
    assert_allclose(fit.expected_spend(customers.frequency, spend)[:10], published, atol=0.011)
    assert fit.customers == 946
    assert fit.correlation == pytest.approx(0.1139, abs=1e-4)


@pytest.mark.filterwarnings("ignore")
def test_lifetimes_answers_alike() -> None:
    customers, spend, _ = cdnow()
    repeated = customers.frequency > 0
    x, mean = customers.frequency[repeated], spend[repeated]
    theirs = lifetimes().GammaGammaFitter()
    theirs.fit(x, mean)
    p, q, gamma = theirs.params_[["p", "q", "v"]]
    same = GammaGammaFit(p=p, q=q, gamma=gamma)
    expected = theirs.conditional_expected_average_profit(x, mean)
    assert_allclose(same.expected_spend(x, mean), expected, rtol=1e-9)
    ours = fit_gamma_gamma(x, mean)
    assert ours.log_likelihood >= -len(x) * theirs._negative_log_likelihood_ - 1e-6
    assert_allclose(list(ours.parameters.values()), [p, q, gamma], rtol=2e-3)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("seed", "p", "q", "gamma"),
    [
        (1, 6.0, 4.0, 15.0),
        (2, 1.5, 2.5, 40.0),
        (3, 3.0, 3.0, 9.0),
        (4, 9.0, 2.0, 5.0),
        (5, 2, 6, 99),
    ],
)
def test_lifetimes_answers_alike_on_simulated_customers(
    seed: int, p: float, q: float, gamma: float
) -> None:
    frequency, spend = simulated(np.random.default_rng(seed), 3_000, p, q, gamma)
    x, mean = frequency[frequency > 0], spend[frequency > 0]
    theirs = lifetimes().GammaGammaFitter()
    theirs.fit(x, mean)
    ours = fit_gamma_gamma(x, mean)
    assert ours.status is Status.OK
    assert ours.log_likelihood >= -len(x) * theirs._negative_log_likelihood_ - 1e-6
    expected = theirs.conditional_expected_average_profit(x, mean)
    assert_allclose(ours.expected_spend(x, mean), expected, rtol=5e-3)


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_any_spends_are_fitted_and_answered_with_finite_money(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 60))
    orders = st.sampled_from([1, 2, 3, 50, 10_000])
    money = st.one_of(st.floats(1e-6, 1e9), st.sampled_from([1e-6, 20.0, 1e9]))
    x = data.draw(st.lists(orders, min_size=size, max_size=size))
    spend = data.draw(st.lists(money, min_size=size, max_size=size))
    fit = fit_gamma_gamma(x, spend)
    expected = fit.expected_spend([0, 1, 1, 10_000, 10_000], [0, 1e-6, 1e9, 1e-6, 1e9])
    assert np.isfinite([*fit.parameters.values(), fit.log_likelihood, *expected]).all()
    assert min(*expected, fit.population_mean) >= 0
    assert (fit.status is Status.TOO_FEW) == (size < 10)


def test_the_true_parameters_are_recovered_within_their_errors() -> None:
    fit = fit_gamma_gamma(*simulated(np.random.default_rng(1), 20_000, 5.0, 3.0, 40.0))
    for name, value in {"p": 5.0, "q": 3.0, "gamma": 40.0}.items():
        assert fit.parameters[name] == pytest.approx(value, abs=4 * fit.standard_errors[name])


def test_the_currency_changes_only_the_money() -> None:
    frequency, spend = simulated(np.random.default_rng(1), 500, 5.0, 3.0, 40.0)
    fit, thousand = fit_gamma_gamma(frequency, spend), fit_gamma_gamma(frequency, 1000 * spend)
    assert thousand.gamma == pytest.approx(1000 * fit.gamma, rel=1e-6)
    assert thousand.p == pytest.approx(fit.p, rel=1e-6)
    assert thousand.population_mean == pytest.approx(1000 * fit.population_mean, rel=1e-6)


def test_gradient_and_hessian_are_the_derivatives() -> None:
    frequency, spend = simulated(np.random.default_rng(1), 300, 5.0, 3.0, 40.0)
    known = frequency > 0
    likelihood = GammaGammaLikelihood(frequency[known], spend[known])
    parameters = np.array([4.0, 2.5, 30.0])
    here = likelihood(parameters)
    for place, step in enumerate(1e-5 * np.eye(3)):
        up, down = likelihood(parameters * np.exp(step)), likelihood(parameters * np.exp(-step))
        assert here.gradient[place] == pytest.approx((up.value - down.value) / 2e-5, rel=1e-5)
        assert_allclose(here.hessian[place], (up.gradient - down.gradient) / 2e-5, rtol=1e-5)


def test_five_hundred_small_shops_are_fitted_without_complaint() -> None:
    random = np.random.default_rng(2)
    seen = set()
    for _ in range(500):
        p, q = random.choice([0.7, 3, 50]), random.choice([0.8, 2, 50])
        frequency, spend = simulated(random, int(random.integers(5, 201)), p, q, 20.0)
        fit = fit_gamma_gamma(frequency, spend)
        seen.add(fit.status)
        expected = fit.expected_spend(frequency, spend)
        figures = [*fit.parameters.values(), fit.log_likelihood, fit.correlation, *expected]
        assert np.isfinite([*figures, *fit.standard_errors.values()]).all()
        assert min(expected) >= 0
        assert (fit.covariance is None) == (fit.status != Status.OK)
    assert seen == set(Status)


@pytest.mark.parametrize(
    ("frequency", "spend"),
    [([], []), ([0], [np.nan]), ([5] * 40, [10.0] * 40), (range(1, 41), [10.0] * 40), ([1], [9])],
)
def test_degenerate_customers_get_a_finite_fit_that_says_so(
    frequency: list[int], spend: list[float]
) -> None:
    fit = fit_gamma_gamma(list(frequency), spend)
    assert fit.status is not Status.OK
    assert fit.note
    assert np.isfinite([*fit.parameters.values(), fit.log_likelihood]).all()
    mean = np.mean([s for s in spend if s > 0] or [np.nan])  # of nobody nothing is known
    assert fit.population_mean == pytest.approx(mean, rel=1e-3, nan_ok=True)


def test_a_sum_passed_for_a_mean_is_noticed() -> None:
    frequency, spend = simulated(np.random.default_rng(4), 400, 5.0, 3.0, 40.0)
    assert fit_gamma_gamma(frequency, spend).note == ""
    assert "sum" in fit_gamma_gamma(frequency, spend * frequency).note


def test_spend_that_goes_with_frequency_is_said() -> None:
    frequency, spend = simulated(np.random.default_rng(4), 400, 5.0, 6.0, 40.0)
    fit = fit_gamma_gamma(frequency, spend * np.maximum(frequency, 1) ** 0.4)
    assert fit.correlation > 0.3
    assert "correlated" in fit.note


def test_a_table_is_a_fit_again() -> None:
    fit = fit_gamma_gamma(*simulated(np.random.default_rng(4), 400, 5.0, 3.0, 40.0))
    again = GammaGammaFit.from_table(fit.table())
    assert again.parameters == fit.parameters
    assert again.standard_errors == fit.standard_errors
    assert (again.correlation, again.observed_mean) == (fit.correlation, fit.observed_mean)
    assert (again.customers, again.status, again.note) == (fit.customers, fit.status, fit.note)


@pytest.mark.parametrize(
    ("frequency", "spend", "said"),
    [
        ([1, 2], [5], "monetary_value must be as long as frequency"),
        ([1], [-5], "monetary_value must be at least 0, got -5"),
        ([1], [np.nan], "monetary_value must be at least 0, got an empty cell"),
        ([0.5], [5], "frequency must be a whole number"),
    ],
)
def test_columns_that_are_no_spends_are_refused(
    frequency: list[float], spend: list[float], said: str
) -> None:
    with pytest.raises(InvalidArgumentError, match=said):
        fit_gamma_gamma(frequency, spend)
