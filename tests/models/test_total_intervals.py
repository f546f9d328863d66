"""Intervals of totals: they hold what happens as often as they say."""

from typing import Any, NamedTuple

import mpmath
import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import gammainc

from clv_xl.arrays import Floats
from clv_xl.models.bg_bb import BgBbFit
from clv_xl.models.bg_nbd import BgNbdFit
from clv_xl.models.fitted_purchases import FittedPurchases
from clv_xl.models.gamma_gamma import GammaGammaFit, fit_gamma_gamma
from clv_xl.models.mbg_nbd import MbgNbdFit
from clv_xl.models.model_names import FITTERS
from clv_xl.models.pareto_nbd import ParetoNbdFit
from clv_xl.models.predicted_value import CustomerHistories
from clv_xl.models.prediction_interval import TotalInterval, total_interval
from clv_xl.models.purchase_models import Status
from clv_xl.models.residual_lifetime import squared_lifetime
from clv_xl.models.spend_scatter import spend_weights
from clv_xl.periods import DAYS_PER_YEAR
from tests.models.customer_samples import played_on

BETA = (0.8, 60.0, 0.7, 2.5)
GAMMA = (0.8, 60.0, 0.6, 90.0)
POPULATIONS: list[tuple[type[FittedPurchases], tuple[float, float, float, float]]] = [
    (BgNbdFit, BETA),
    (MbgNbdFit, BETA),
    (ParetoNbdFit, GAMMA),
]
SPEND = GammaGammaFit(p=6.2488, q=3.7446, gamma=15.4478)
RUNS, SIZE = 200, 5_000


class Shop(NamedTuple):
    """What was seen of a shop, what its customers bought in the year after, and for how much."""

    histories: CustomerHistories
    bought: float
    spent: float


def shop(kind: Any, parameters: Any, seed: int) -> Shop:  # noqa: ANN401 - a row of POPULATIONS
    random = np.random.default_rng(seed)
    sample, later = played_on(random, kind, parameters, size=SIZE, ahead=DAYS_PER_YEAR)
    rate = random.gamma(SPEND.q, 1 / SPEND.gamma, SIZE)
    spent, ahead = (
        np.where(orders > 0, random.gamma(np.maximum(SPEND.p * orders, 1e-3)) / rate, 0.0)
        for orders in (sample.frequency, later)
    )
    mean = spent / np.maximum(sample.frequency, 1)
    histories = CustomerHistories(*sample, sample.frequency, mean)
    return Shop(histories, float(later.sum()), float(ahead.sum()))


def holds(interval: TotalInterval | None, value: float) -> bool:
    assert interval is not None
    low, high = interval.bounds(12)
    return low <= value <= high


@pytest.mark.parametrize(
    ("kind", "parameters"), POPULATIONS, ids=[kind.model for kind, _ in POPULATIONS]
)
def test_the_interval_of_a_total_holds_what_happens_in_nineteen_of_twenty_shops(
    kind: type[FittedPurchases], parameters: tuple[float, float, float, float]
) -> None:
    truth: Any = kind(**dict(zip(kind.parameter_names, parameters, strict=True)))  # type: ignore[arg-type]
    held = []
    for seed in range(RUNS):
        seen, bought, spent = shop(kind, parameters, seed)
        fit = FITTERS[kind](seen.frequency, seen.recency, seen.T)
        paid = fit_gamma_gamma(seen.monetary_frequency, seen.monetary_value)
        assert fit.status is paid.status is Status.OK
        purchases = total_interval(fit, None, seen, 12)
        spend = total_interval(fit, paid, seen, 12)
        expected = truth.expected_purchases(DAYS_PER_YEAR, seen.frequency, seen.recency, seen.T)
        worth = SPEND.expected_spend(seen.monetary_frequency, seen.monetary_value)
        assert purchases is not None
        assert spend is not None
        held.append(
            [
                holds(purchases, bought),
                holds(spend, spent),
                holds(purchases.of_expectation, expected.sum()),
                holds(spend.of_expectation, expected @ worth),
                holds(purchases.of_expectation, bought),
            ]
        )

    *shares, without_scatter = np.mean(held, axis=0)

    assert min(shares) >= 0.90
    assert max(shares) <= 0.98
    # The error of the parameters alone would be too sure.
    assert without_scatter < 0.90


def drawn_counts(fit: Any, history: tuple[int, float, float], ahead: float, size: int) -> Floats:  # noqa: ANN401 - each model has its own names
    """Draw rate and dropout of a customer given the past, and play the purchases after it."""
    random, (x, _, age) = np.random.default_rng(1), history
    if isinstance(fit, BgBbFit):
        staying = (
            fit.probability_alive(*history) * (fit.gamma + fit.delta + age) / (fit.delta + age)
        )
        buys = random.beta(fit.alpha + x, fit.beta + age - x, size)
        lives = np.minimum(
            random.geometric(random.beta(fit.gamma, fit.delta + age, size)) - 1, ahead
        )
        bought = random.binomial(lives.astype(np.int64), buys)
        return np.where(random.random(size) < staying, bought, 0).astype(np.float64)
    rate = random.gamma(fit.r + x, 1 / (fit.alpha + age), size)
    if isinstance(fit, ParetoNbdFit):
        lives = random.exponential(1 / random.gamma(fit.s, 1 / (fit.beta + age), size))
        bought = random.poisson(rate * np.minimum(lives, ahead))
    else:
        stays = fit.b + x + fit.chances_before_repeat
        leaves = random.geometric(random.beta(fit.a, stays, size))
        bought = np.minimum(random.poisson(rate * ahead), leaves)
    alive = random.random(size) < fit.probability_alive(*history)
    return np.where(alive, bought, 0).astype(np.float64)


CASES: list[tuple[FittedPurchases, tuple[int, float, float], float]] = [
    (BgNbdFit(r=0.8, alpha=30, a=0.7, b=2.5), (3, 100, 200), 300),
    (BgNbdFit(r=0.8, alpha=30, a=1.0, b=2.5), (0, 0, 40), 90),
    (MbgNbdFit(r=0.8, alpha=30, a=3.0, b=2.5), (3, 150, 200), 300),
    (MbgNbdFit(r=12.0, alpha=300, a=20.0, b=200.0), (0, 0, 10), 400),
    (ParetoNbdFit(r=0.8, alpha=30, s=0.7, beta=50), (3, 100, 200), 300),
    (ParetoNbdFit(r=0.8, alpha=30, s=2.0, beta=50), (1, 20, 60), 300),
    (ParetoNbdFit(r=0.8, alpha=30, s=1.0, beta=5000), (0, 0, 30), 20),
    (BgBbFit(alpha=1.2, beta=0.75, gamma=0.66, delta=2.8), (2, 4, 6), 9),
    (BgBbFit(alpha=1.2, beta=0.75, gamma=0.66, delta=2.8), (0, 0, 0), 30),
]  # fmt: skip


@pytest.mark.parametrize(("fit", "history", "ahead"), CASES)
def test_the_moments_are_those_of_customers_who_are_drawn(
    fit: FittedPurchases, history: tuple[int, float, float], ahead: float
) -> None:
    drawn = drawn_counts(fit, history, ahead, 400_000)
    x, t_x, age = (np.array([float(part)]) for part in history)

    ((once, pairs, square),) = fit.count_moments(np.array([ahead]), x, t_x, age, np.ones((1, 3)))

    assert square == pytest.approx(once**2, rel=1e-10)
    for moment, values in ((once, drawn), (pairs, drawn * (drawn - 1))):
        error = 4 * np.std(values) / np.sqrt(len(values))
        assert moment == pytest.approx(np.mean(values), abs=error)
    assert once == pytest.approx(fit.expected_purchases(ahead, *history), rel=1e-10)


@pytest.mark.parametrize("fit", [case[0] for case in CASES])
def test_weighted_moments_are_sums_over_the_customers(fit: FittedPurchases) -> None:
    x, t_x, age = np.array([[0.0, 2, 3, 0, 3], [0, 4, 30, 0, 30], [9, 9, 50, 50, 50]])
    times, weights = np.array([1.0, 7.0, 40.0]), np.arange(15.0).reshape(5, 3)
    single = [
        fit.count_moments(times, x[row], t_x[row], age[row], np.ones((1, 3)))
        for row in (slice(start, start + 1) for start in range(len(x)))
    ]

    together = fit.count_moments(times, x, t_x, age, weights)

    by_hand = np.einsum("itk,ik->tk", single, weights)
    assert_allclose(together, by_hand, rtol=1e-9)


@pytest.mark.parametrize("s", [1e-3, 0.5, 1.0, 1.5, 2.0, 2.0 + 1e-9, 40.0, 1e4])
@pytest.mark.parametrize("t", [1e-8, 1.0, 400.0, 1e9])
def test_the_squared_lifetime_is_that_of_fifty_digits(s: float, t: float) -> None:
    beta = 70.0
    with mpmath.workdps(50):
        exact_s, v = mpmath.mpf(s), mpmath.log1p(mpmath.mpf(t) / beta)

        def integral(c: Any) -> Any:  # noqa: ANN401 - mpmath has no types
            return mpmath.expm1(c * v) / c if c else v

        exact = 2 * beta**2 * (integral(2 - exact_s) - integral(1 - exact_s))

    found = squared_lifetime(s, np.array([beta]), np.array([t]))[0]
    assert found == pytest.approx(float(exact), rel=1e-9)


def test_the_weights_of_spend_make_the_variance_of_drawn_spend() -> None:
    random, size, x, mean = np.random.default_rng(2), 1_000_000, 4, 30.0
    bought = random.negative_binomial(2, 0.4, size).astype(np.float64)
    rate = random.gamma(SPEND.q + SPEND.p * x, 1 / (SPEND.gamma + x * mean), size)
    spent = random.gamma(np.maximum(SPEND.p * bought, 1e-3)) / rate * (bought > 0)

    ((once, pairs, square),) = spend_weights(SPEND, np.array([float(x)]), np.array([mean]))

    n = bought.mean()
    variance = once * n + pairs * (bought * (bought - 1)).mean() - square * n**2
    assert variance == pytest.approx(np.var(spent), rel=0.02)


@pytest.mark.parametrize("q", [1.01, 1.5, 1.9999, 2.0, 2.0 + 1e-7, 2.2, 3.7])
def test_spend_without_a_variance_still_has_a_finite_scatter(q: float) -> None:
    fit, size = GammaGammaFit(p=2.0, q=q, gamma=20.0), 1_000
    pairs, square = spend_weights(fit, np.zeros(size), np.zeros(size))[0, 1:]

    # By hand: the square of what stays after the utmost of a thousand such shops is cut off.
    logs = np.linspace(-40, 12, 400_001)
    rate = np.exp(logs)
    density = rate**q * np.exp(-rate) / np.trapezoid(rate**q * np.exp(-rate), logs)
    kept = gammainc(q, rate) > 1 / (1000 * size)
    cut = np.trapezoid(np.where(kept, density / rate**2, 0), logs) * (q - 1) ** 2
    assert pairs / square == pytest.approx(max(cut, 1.0), rel=2e-3)


def test_a_small_shop_scatters_more_than_its_parameters_are_unsure() -> None:
    seen = shop(MbgNbdFit, BETA, 3).histories
    fit = FITTERS[MbgNbdFit](seen.frequency, seen.recency, seen.T)
    few = CustomerHistories(
        *(c[:100] for c in (seen.frequency, seen.recency, seen.T)), *np.zeros((2, 100))
    )
    all_of_them, hundred = (total_interval(fit, None, some, 12) for some in (seen, few))

    assert all_of_them is not None
    assert hundred is not None
    assert hundred.scatter[-1] > 5 * all_of_them.scatter[-1]
    assert hundred.parameter_errors[-1] < 2 * all_of_them.parameter_errors[-1]
    assert (hundred.scatter > hundred.parameter_errors).all()
