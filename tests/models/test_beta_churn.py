"""The means over churn probabilities agree with fifty digits, at extremes too."""

import warnings
from itertools import product

import numpy as np
import pytest
from mpmath import beta as beta_function
from mpmath import hyp2f1, mpf, workdps

from clv_xl.arrays import Floats
from clv_xl.models.beta_churn import (
    lifetime_elasticity,
    log_survival,
    log_survival_slopes,
    mean_inverse,
    residual_elasticity,
    residual_lifetime,
)

SHAPES = (1e-3, 0.25, 1.0, 7.5, 300.0, 1e4)
CORNERS = list(product((1e-3, 0.2, 1.0, 1e4), (1e-3, 1.0, 1e4), (1e-6, 0.1, 0.95)))


def arrays(*values: float) -> list[Floats]:
    return [np.asarray(value) for value in values]


def mean(alpha: float, stay: float, d: float, power: int) -> float:
    return float(mean_inverse(np.asarray(alpha), np.asarray(stay), np.asarray(d), power))


@pytest.mark.parametrize("t", [1.0, 2.0, 100.0, 1e4, 1e6])
def test_the_survival_is_exact(t: float) -> None:
    for alpha, beta in product(SHAPES, SHAPES):
        with workdps(50):
            true = beta_function(alpha, beta + mpf(t)) / beta_function(alpha, beta)
        found = float(np.exp(log_survival(*arrays(alpha, beta, t))))
        assert found == pytest.approx(float(true), rel=1e-9, abs=1e-300), (alpha, beta)


@pytest.mark.parametrize(("alpha", "beta", "d"), CORNERS)
def test_lifetimes_and_elasticities_are_exact(alpha: float, beta: float, d: float) -> None:
    for n in (1, 12) if beta < 1e4 else (1,):
        with workdps(50):
            shape, stay, z = mpf(alpha), mpf(beta) + n, 1 / (1 + mpf(d))
            single, double = (hyp2f1(power, stay, shape + stay, z) for power in (1, 2))
            lifetime = (stay - 1) / (shape + stay - 1) * single
            elasticity = double / single
        given = arrays(alpha, beta, n, d)
        assert float(residual_lifetime(*given)) == pytest.approx(float(lifetime), rel=1e-9)
        assert float(residual_elasticity(*given)) == pytest.approx(float(elasticity), rel=1e-9)


def test_the_elasticity_of_a_new_customer_is_exact() -> None:
    for alpha, beta in product((0.01, 1.5, 1e4), (0.01, 20.0, 1e4)):
        with workdps(50):
            z = 1 / mpf("1.1")
            shape, stay = mpf(alpha), mpf(beta)
            worth = hyp2f1(1, stay, shape + stay, z)
            slope = z * stay / (shape + stay) * hyp2f1(2, stay + 1, shape + stay + 1, z)
        found = float(lifetime_elasticity(*arrays(alpha, beta, 0.1)))
        assert found == pytest.approx(float(slope / worth), rel=1e-9)


@pytest.mark.parametrize("alpha", [1e-90, 1e-3, 1.0, 1e6, 1e30, 1e90])
@pytest.mark.parametrize("beta", [1e-90, 1e-3, 1.0, 1e6, 1e30, 1e90])
@pytest.mark.parametrize("d", [1e-12, 1e-3, 0.9])
def test_whatever_the_parameters_the_mean_is_finite_and_within_its_bounds(
    alpha: float, beta: float, d: float
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        single, squared = (mean(alpha, beta + 1, d, power) for power in (1, 2))
        left = float(np.exp(log_survival(*arrays(alpha, beta, 1))))
    by_mean_churn = 1 / (d + alpha / (alpha + beta + 1))
    assert by_mean_churn * (1 - 1e-6) <= single <= (1 + 1e-9) / d, "Jensen, and no churn at all"
    assert single**2 * (1 - 1e-6) <= squared <= single / d * (1 + 1e-6)
    assert left == pytest.approx(beta / (alpha + beta), rel=1e-6)


def test_the_mean_meets_its_closed_form_as_the_discount_vanishes() -> None:
    for alpha, stay, power in ((1.5, 3.0, 1), (4.0, 40.0, 1), (2.5, 3.0, 2), (8.0, 1.0, 2)):
        at_zero = mean(alpha, stay, 0.0, power)
        assert mean(alpha, stay, 1e-14, power) == pytest.approx(at_zero, rel=1e-5)


def test_a_column_gives_what_its_rows_give() -> None:
    random = np.random.default_rng(3)
    alpha, stay = 10 ** random.uniform(-3, 4, 4000), 1 + 10 ** random.uniform(-3, 4, 4000)
    d = np.where(random.random(4000) < 0.1, 0.0, random.random(4000))
    alpha = np.where(d == 0, alpha + 2, alpha)
    repeated = random.integers(0, 4000, 4000) // 2
    alpha, stay, d = (np.append(column, column[repeated]) for column in (alpha, stay, d))
    together = mean_inverse(alpha, stay, d, 2)
    assert together[4000:].tolist() == together[repeated].tolist()
    for row in range(0, 4000, 97):
        alone = mean(alpha[row], stay[row], d[row], 2)
        assert together[row] == pytest.approx(alone, rel=1e-11)


def test_the_slopes_of_the_survival_are_its_derivatives() -> None:
    for alpha, beta, t in ((0.7, 3.8, 1.0), (3.8, 15.2, 9.0), (0.01, 100.0, 50.0)):
        by_alpha, by_beta = log_survival_slopes(*arrays(alpha, beta, t))
        step = np.exp(1e-6)
        up, down = (log_survival(*arrays(alpha * k, beta, t)) for k in (step, 1 / step))
        assert float(by_alpha) == pytest.approx(float(up - down) / 2e-6, rel=1e-5)
        up, down = (log_survival(*arrays(alpha, beta * k, t)) for k in (step, 1 / step))
        assert float(by_beta) == pytest.approx(float(up - down) / 2e-6, rel=1e-5)
