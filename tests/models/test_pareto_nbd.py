import warnings
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from clv_xl.errors import InvalidArgumentError
from clv_xl.models.discounted_lifetime import discounted_lifetime
from clv_xl.models.pareto_dropout import GammaRates, log_odds_of_dropout
from clv_xl.models.pareto_nbd import ParetoNbdFit, fit_pareto_nbd
from clv_xl.models.pareto_nbd_likelihood import ParetoNbdLikelihood
from clv_xl.models.purchase_models import Status
from clv_xl.models.unique_rows import collapsed
from tests.models.customer_samples import Customers, cdnow, lifetimes, simulated_pareto

NAMES = ("r", "alpha", "s", "beta")
PUBLISHED = ParetoNbdFit(r=0.5533, alpha=10.578, s=0.6063, beta=11.6703, time_unit="week")
POPULATIONS = [
    (0.6, 95.0, 0.3, 45.0),
    (2.0, 120.0, 1.5, 300.0),
    (0.3, 20.0, 0.9, 60.0),
    (5.0, 400.0, 3.0, 1000.0),
    (1.2, 30.0, 0.5, 400.0),
]


@pytest.fixture(scope="module")
def customers() -> Customers:
    return cdnow()[0]


def exact_log_odds(known: GammaRates, x: float, t_x: float, T: float) -> float:
    """Return the integral in 50 digits, over the logarithm of time."""
    with mpmath.workdps(50):
        r, alpha, s, beta = map(mpmath.mpf, (known.r, known.alpha, known.s, known.beta))
        p, near = r + x, min(alpha, beta)
        begin, end = mpmath.log(near + t_x), mpmath.log(near + T)
        most = p * mpmath.log((alpha + T) / (alpha + t_x)) + s * mpmath.log(
            (beta + T) / (beta + t_x)
        )

        def density(v: mpmath.mpf) -> mpmath.mpf:
            tau = mpmath.exp(v) - near
            falls = p * mpmath.log((alpha + T) / (alpha + tau))
            falls += s * mpmath.log((beta + T) / (beta + tau))
            return mpmath.exp(falls - most) * (near + tau) / (beta + tau)

        steep = (near + t_x) * (p / (alpha + t_x) + s / (beta + t_x))
        places, width = [begin], min(end - begin, 4 / steep)
        while places[-1] < end:
            places.append(min(places[-1] + width, end))
            width = min(1.5 * width, 1)
        return float(mpmath.log(s) + most + mpmath.log(mpmath.quad(density, places)))


@pytest.mark.parametrize(
    ("known", "history"),
    [
        (GammaRates(0.55, 10.6, 0.61, 11.7), (2, 30.43, 38.86)),
        (GammaRates(0.55, 10.6, 0.61, 11.7), (0, 0.0, 38.86)),
        (GammaRates(1.0, 7.0, 1.0, 7.0), (3, 20.0, 30.0)),
        (GammaRates(1e-3, 1e4, 1e-3, 1e-3), (0, 0.0, 700.0)),
        (GammaRates(1e-3, 1e-3, 1.0, 1e4), (1, 1e-3, 1e4)),
        (GammaRates(20.0, 1e-3, 30.0, 1e4), (50, 1.0, 900.0)),
        (GammaRates(0.5, 10.0, 520.0, 0.05), (1, 0.1, 1.0)),
        (GammaRates(0.7, 40.0, 0.9, 1e-3), (300, 100.0, 700.0)),
        (GammaRates(0.7, 40.0, 0.9, 60.0), (10_000, 650.0, 700.0)),
    ],
)  # fmt: skip
def test_the_odds_of_dropout_are_those_of_fifty_digits(
    known: GammaRates, history: tuple[float, float, float]
) -> None:
    ours = log_odds_of_dropout(known, *(np.array([value]) for value in history))

    assert ours[0] == pytest.approx(exact_log_odds(known, *history), rel=1e-12, abs=1e-11)


def test_who_bought_today_is_alive() -> None:
    assert PUBLISHED.probability_alive([0, 3, 10_000], [0, 50, 700], [0, 50, 700]).tolist() == [
        1.0, 1.0, 1.0,
    ]  # fmt: skip


@pytest.mark.parametrize("s", [1e-3, 0.3, 1.0, 2.5, 1e4])
@pytest.mark.parametrize("z", [1e-12, 1e-3, 1.0, 1e5])
def test_the_discounted_lifetime_is_the_confluent_function(s: float, z: float) -> None:
    exact = float(mpmath.hyperu(1, 2 - mpmath.mpf(s), z))

    assert discounted_lifetime(s, np.array([z]))[0] == pytest.approx(exact, rel=1e-12)


def test_gradient_and_hessian_are_the_derivatives(customers: Customers) -> None:
    likelihood = ParetoNbdLikelihood(collapsed(*customers, None))
    parameters = np.array([0.4, 7.0, 0.6, 9.0])
    here = likelihood(parameters)
    for place, step in enumerate(1e-5 * np.eye(4)):
        up, down = likelihood(parameters * np.exp(step)), likelihood(parameters * np.exp(-step))
        assert here.gradient[place] == pytest.approx((up.value - down.value) / 2e-5, rel=1e-6)
        assert_allclose(here.hessian[place], (up.gradient - down.gradient) / 2e-5, rtol=1e-5)


def test_the_fit_of_the_cdnow_sample_is_the_published_one(customers: Customers) -> None:
    fit = fit_pareto_nbd(*customers, time_unit="week")

    assert fit.status is Status.OK
    assert fit.note == ""
    assert_allclose(list(fit.parameters.values()), [0.55327, 10.5776, 0.60629, 11.6703], rtol=5e-4)
    assert fit.log_likelihood == pytest.approx(-9594.974, abs=1e-3)
    assert fit.expected_purchases(52, 26, 30.86, 31) == pytest.approx(25.4549, rel=5e-4)
    assert fit.expected_purchases(39, 2, 30.43, 38.86) == pytest.approx(1.45518, rel=5e-4)
    assert fit.expected_purchases_new(52) == pytest.approx(1.47307, rel=5e-4)


@pytest.mark.parametrize("population", POPULATIONS)
def test_the_true_parameters_are_recovered_within_their_errors(
    population: tuple[float, float, float, float],
) -> None:
    sample = simulated_pareto(
        np.random.default_rng(7), 8_000, population, longest=1500, whole_days=False
    )

    fit = fit_pareto_nbd(*sample)

    assert fit.status is Status.OK
    for name, value in zip(NAMES, population, strict=True):
        relative = fit.standard_errors[name] / fit.parameters[name]
        assert np.log(fit.parameters[name] / value) == pytest.approx(0, abs=3 * relative)


@pytest.mark.parametrize("population", POPULATIONS)
@pytest.mark.filterwarnings("ignore")
def test_lifetimes_answers_alike_but_stops_short(
    population: tuple[float, float, float, float],
) -> None:
    sample = simulated_pareto(np.random.default_rng(3), 800, population)
    ours, theirs = fit_pareto_nbd(*sample), lifetimes().ParetoNBDFitter()

    theirs.fit(*sample)

    parameters = theirs.params_[list(NAMES)].to_numpy()
    likelihood = ParetoNbdLikelihood(collapsed(*sample, None))
    assert ours.log_likelihood >= likelihood(parameters).value - 1e-7
    same: Any = ParetoNbdFit(**dict(zip(NAMES, parameters, strict=True)))
    expected = theirs.conditional_expected_number_of_purchases_up_to_time(90, *sample)
    alive = theirs.conditional_probability_alive(*sample)
    known = np.isfinite(expected) & np.isfinite(alive)  # it has no figure for some customers
    assert known.mean() > 0.99
    assert_allclose(same.expected_purchases(90, *sample)[known], expected[known], rtol=1e-8)
    assert_allclose(same.probability_alive(*sample)[known], alive[known], rtol=1e-8)


def test_customers_who_are_played_on_buy_as_expected() -> None:
    known, random, size = (
        ParetoNbdFit(r=0.9, alpha=40.0, s=0.8, beta=90.0),
        np.random.default_rng(5),
        60_000,
    )
    rate, leaves = (
        random.gamma(0.9, 1 / 40, size),
        random.exponential(1 / random.gamma(0.8, 1 / 90, size)),
    )
    times = np.cumsum(random.exponential(1 / rate[:, np.newaxis], (size, 60)), axis=1)
    made = times <= leaves[:, np.newaxis]
    x = (made & (times <= 200)).sum(axis=1)
    more = (made & (times > 200) & (times <= 500)).sum(axis=1)
    t_x = np.where(made & (times <= 200), times, 0).max(axis=1)

    for bought in (0, 1, 4):
        some = x == bought
        expected = known.expected_purchases(300, bought, t_x[some], 200)
        error = 4 * np.std(more[some]) / np.sqrt(some.sum())
        assert np.mean(more[some]) == pytest.approx(np.mean(expected), abs=error)
        alive = known.probability_alive(bought, t_x[some], 200)
        stays = leaves[some] > 200
        assert np.mean(stays) == pytest.approx(np.mean(alive), abs=4 * 0.5 / np.sqrt(some.sum()))


def test_discounted_purchases_are_the_textbook_formula() -> None:
    r, alpha, s, beta, rate = 0.55, 10.58, 0.61, 11.67, 0.15
    fit = ParetoNbdFit(r=r, alpha=alpha, s=s, beta=beta, time_unit="week")
    x, t_x, age = 3, 20.0, 39.0
    delta = np.log(1 + rate) * 7 / 365.25
    z = delta * (beta + age)
    ours = fit.discounted_purchases(rate, x, t_x, age)

    psi = float(mpmath.hyperu(s, s, z))
    alive = fit.probability_alive(x, t_x, age)
    textbook = alive * (r + x) / (alpha + age) * (beta + age) ** s * delta ** (s - 1) * psi
    assert ours == pytest.approx(textbook, rel=1e-11)


def test_discounted_purchases_are_the_sum_of_those_of_every_week() -> None:
    fit = ParetoNbdFit(r=0.55, alpha=10.58, s=2.5, beta=11.67, time_unit="week")
    ends = np.arange(0, 40_000, 0.5)
    until = fit.expected_purchases(ends, 3, 20, 39)
    worth = 1.2 ** (-(ends[:-1] + 0.25) * 7 / 365.25)

    assert fit.discounted_purchases(0.2, 3, 20, 39) == pytest.approx(
        worth @ np.diff(until), rel=1e-5
    )
    without = fit.discounted_purchases(0, 3, 20, 39)
    assert without == pytest.approx(fit.expected_purchases(1e9, 3, 20, 39), rel=1e-6)


def test_an_undiscounted_sum_that_is_infinite_is_refused() -> None:
    with pytest.raises(
        InvalidArgumentError, match="annual_discount_rate must be above 0 where s is"
    ):
        PUBLISHED.discounted_purchases(0, 3, 20, 39)


extremes = st.builds(
    lambda logs, equal, one: GammaRates(
        logs[0], logs[1], 1.0 if one else logs[2], logs[1] if equal else logs[3]
    ),
    st.tuples(*[st.floats(-3, 4).map(lambda power: float(10**power))] * 4),
    st.booleans(), st.booleans(),
)  # fmt: skip


@settings(deadline=None, max_examples=25)
@given(
    extremes,
    st.sampled_from([0, 1, 30, 1000, 10_000]),
    st.floats(0.001, 1),
    st.floats(0.1, 10_000),
)
def test_extremes_agree_with_fifty_digits(
    known: GammaRates, x: int, share: float, age: float
) -> None:
    t_x = age * share * 0.999 if x else 0.0
    ours = log_odds_of_dropout(known, *(np.array([float(part)]) for part in (x, t_x, age)))[0]

    exact = exact_log_odds(known, x, t_x, age)

    assert ours == pytest.approx(exact, rel=1e-11, abs=1e-9)


@settings(deadline=None, max_examples=60)
@given(extremes, st.sampled_from([0, 1, 500, 10_000]), st.floats(0, 1), st.floats(0, 10_000))
def test_nothing_is_negative_or_infinite_at_the_extremes(
    known: GammaRates, x: int, share: float, age: float
) -> None:
    fit = ParetoNbdFit(r=known.r, alpha=known.alpha, s=known.s, beta=known.beta)
    history = (x, age * share if x else 0, age)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figures = [
            fit.probability_alive(*history), fit.expected_purchases(3650, *history),
            fit.discounted_purchases(0.1, *history), *fit.count_probabilities(400, [0, 5, 900]),
        ]  # fmt: skip

    assert np.isfinite(figures).all()
    assert min(figures) >= 0


def test_at_s_of_1_the_expectation_is_continuous() -> None:
    def expected(s: float) -> float:
        fit = ParetoNbdFit(r=0.8, alpha=30, s=s, beta=50)
        return float(fit.expected_purchases(365, 3, 100, 200))

    beside = (expected(1 - 1e-4) + expected(1 + 1e-4)) / 2
    at = [expected(s) for s in (1 - 1e-12, 1.0, 1 + 1e-12)]
    assert at == pytest.approx([beside] * 3, rel=1e-7)
