from typing import Any

import mpmath
import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from clv_xl.errors import InvalidArgumentError
from clv_xl.models.bg_bb import BgBbFit, fit_bg_bb
from clv_xl.models.bg_bb_likelihood import BgBbLikelihood, BuyingAndStaying, alive_at_last
from clv_xl.models.purchase_models import Status
from clv_xl.models.unique_rows import collapsed
from tests.models.customer_samples import cdnow_folder, lifetimes, simulated_opportunities

NAMES = ("alpha", "beta", "gamma", "delta")
PUBLISHED = BgBbFit(alpha=1.204, beta=0.750, gamma=0.657, delta=2.783)
POPULATIONS = [
    (1.2, 0.75, 0.66, 2.8),
    (2.0, 3.0, 1.0, 6.0),
    (0.5, 1.5, 0.4, 3.0),
    (4.0, 2.0, 2.0, 20.0),
    (0.8, 0.4, 0.3, 1.5),
]
every_population = pytest.mark.parametrize("population", POPULATIONS)


def donations() -> pd.DataFrame:
    return pd.read_csv(cdnow_folder() / "donations.csv")


def test_the_fit_of_the_donors_is_the_published_one() -> None:
    d = donations()

    fit = fit_bg_bb(d["frequency"], d["recency"], d["periods"], d["weights"])

    assert fit.status is Status.OK
    assert_allclose(list(fit.parameters.values()), [1.204, 0.750, 0.657, 2.783], atol=5e-4)
    assert fit.log_likelihood == pytest.approx(-33225.58, abs=0.01)
    assert fit.customers == 11_104


def test_the_donors_are_expected_to_give_as_published() -> None:
    assert PUBLISHED.expected_purchases(5, 0, 0, 6) == pytest.approx(0.07, abs=5e-3)
    assert PUBLISHED.expected_purchases(5, 6, 6, 6) == pytest.approx(3.75, abs=5e-3)
    assert PUBLISHED.probability_alive([0, 6], [0, 6], 6) == pytest.approx([0.11, 0.93], abs=5e-3)


def test_the_next_purchase_is_that_of_who_is_alive_then() -> None:
    alive = PUBLISHED.probability_alive(2, 4, 6)

    chance = alive * (PUBLISHED.alpha + 2) / (PUBLISHED.alpha + PUBLISHED.beta + 6)
    assert PUBLISHED.expected_purchases(1, 2, 4, 6) == pytest.approx(chance, rel=1e-12)


def test_gradient_and_hessian_are_the_derivatives() -> None:
    d = donations().to_numpy(dtype=np.float64).T
    likelihood = BgBbLikelihood(collapsed(*d))
    parameters = np.array([1.0, 0.6, 0.8, 2.0])
    here = likelihood(parameters)
    for place, step in enumerate(1e-5 * np.eye(4)):
        up, down = likelihood(parameters * np.exp(step)), likelihood(parameters * np.exp(-step))
        assert here.gradient[place] == pytest.approx((up.value - down.value) / 2e-5, rel=1e-6)
        assert_allclose(here.hessian[place], (up.gradient - down.gradient) / 2e-5, rtol=1e-5)


@every_population
def test_the_true_parameters_are_recovered_within_their_errors(
    population: tuple[float, float, float, float],
) -> None:
    fit = fit_bg_bb(*simulated_opportunities(np.random.default_rng(9), 40_000, population))

    assert fit.status is Status.OK
    for name, value in zip(NAMES, population, strict=True):
        relative = fit.standard_errors[name] / fit.parameters[name]
        assert np.log(fit.parameters[name] / value) == pytest.approx(0, abs=3 * relative)


@every_population
@pytest.mark.filterwarnings("ignore")
def test_lifetimes_answers_alike(population: tuple[float, float, float, float]) -> None:
    sample = simulated_opportunities(np.random.default_rng(5), 3_000, population)
    x, t_x, n = (column.astype(int) for column in sample)
    theirs = lifetimes().BetaGeoBetaBinomFitter()

    theirs.fit(x, t_x, n)  # which adds 1e-15 to each likelihood

    parameters = theirs.params_[list(NAMES)].to_numpy()
    ours, rows = fit_bg_bb(*sample), collapsed(*sample, None)
    assert ours.log_likelihood >= BgBbLikelihood(rows)(parameters).value - 1e-7
    assert_allclose(list(ours.parameters.values()), parameters, rtol=5e-3)
    same: Any = BgBbFit(**dict(zip(NAMES, parameters, strict=True)))
    expected = theirs.conditional_expected_number_of_purchases_up_to_time(4, x, t_x, n)
    assert_allclose(same.expected_purchases(4, *sample), expected, rtol=1e-6)
    alive = theirs.conditional_probability_alive(1, x, t_x, n)
    assert_allclose(same.probability_alive(*sample), alive, rtol=1e-6)


@pytest.mark.parametrize(
    ("known", "history"),
    [
        (BuyingAndStaying(1.2, 0.75, 0.66, 2.8), (2, 4, 6)),
        (BuyingAndStaying(1e-3, 1e4, 1e-3, 1e-3), (0, 0, 400)),
        (BuyingAndStaying(1e4, 1e-3, 1e4, 1e-3), (7, 7, 60)),
        (BuyingAndStaying(1e4, 1e4, 1.0, 1e4), (30, 90, 120)),
        (BuyingAndStaying(0.5, 0.5, 1.0, 1.0), (10_000, 10_000, 10_100)),
        (BuyingAndStaying(1.0, 2.0, 1.0, 3.0), (5, 40, 40)),
    ],
)
def test_likelihood_and_life_are_those_of_fifty_digits(
    known: BuyingAndStaying, history: tuple[int, int, int]
) -> None:
    x, t_x, n = history
    with mpmath.workdps(50):
        alpha, beta, gamma, delta = map(
            mpmath.mpf, (known.alpha, known.beta, known.gamma, known.delta)
        )

        def term(until: int, left: int) -> mpmath.mpf:
            bought = mpmath.beta(alpha + x, beta + until - x) / mpmath.beta(alpha, beta)
            return bought * mpmath.beta(gamma + left, delta + until) / mpmath.beta(gamma, delta)

        stays = term(n, 0)
        whole = stays + sum(term(until, 1) for until in range(t_x, n))
        exact, alive = float(mpmath.log(whole)), float(stays / whole)

    likelihood, share = alive_at_last(known, *(np.array([float(part)]) for part in history))

    assert likelihood[0] == pytest.approx(exact, rel=1e-11, abs=1e-10)
    assert share[0] == pytest.approx(alive, rel=1e-9)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (([3], [2], [6]), "frequency must be at most recency"),
        (([1], [7], [6]), "recency must be at most periods"),
        (([1], [1.5], [6]), "recency must be a whole number, got 1.5"),
        (([1], [1], [6.5]), "periods must be a whole number, got 6.5"),
        (([1, 1], [1, 1], [6]), "periods must be as long as frequency"),
    ],
)
def test_columns_that_count_no_opportunities_are_refused(
    columns: tuple[list[float], ...], said: str
) -> None:
    with pytest.raises(InvalidArgumentError, match=said):
        fit_bg_bb(*columns)
