"""Sums that are passed for mean spends are noticed, and true means are not accused."""

from collections.abc import Iterator

import numpy as np
import pytest

from clv_xl.arrays import Floats
from clv_xl.models.gamma_gamma import fit_gamma_gamma
from clv_xl.models.spend_suspicion import CORRELATION_THAT_MATTERS
from clv_xl.remarks import Remark

SUMS = str(Remark("remark.fit.sums_for_means"))


def mean_spends(random: np.random.Generator, x: Floats, p: float, q: float) -> Floats:
    """Return what the model says that customers of x orders spend on average."""
    return random.gamma(p * x) / random.gamma(q, 1 / 30.0, len(x)) / x


def populations(seed: int, many: int) -> Iterator[tuple[Floats, Floats]]:
    """Yield the orders and mean spends of shops of all kinds with 200 repeat buyers."""
    random = np.random.default_rng(seed)
    for number in range(many):
        if number % 2:
            x = random.geometric(random.uniform(0.3, 0.7), 200).astype(np.float64)
        else:
            bought = random.poisson(random.gamma(0.4, 5.0, 4_000))
            x = bought[bought > 0][:200].astype(np.float64)
        p, q = np.exp(random.uniform(np.log([1, 1.5]), np.log([20, 10])))
        yield x, mean_spends(random, x, p, q)


def test_sums_passed_for_means_are_caught_in_nineteen_shops_of_twenty() -> None:
    caught = [SUMS in fit_gamma_gamma(x, x * spend).note for x, spend in populations(1, 300)]
    assert np.mean(caught) >= 0.95


def test_of_a_hundred_shops_with_true_means_one_at_most_is_accused() -> None:
    accused = [SUMS in fit_gamma_gamma(x, spend).note for x, spend in populations(2, 500)]
    assert np.mean(accused) <= 0.01


def test_wild_orders_do_not_make_means_look_like_sums() -> None:
    # The logarithm of a mean of few wild orders is low: the slope alone would accuse half of these.
    random = np.random.default_rng(3)
    accused, steep = 0, 0
    for _ in range(100):
        x = random.geometric(0.7, 400).astype(np.float64)
        spend = mean_spends(random, x, 0.7, 1.3)
        steep += np.polyfit(np.log(x), np.log(spend), 1)[0] > 0.6
        accused += SUMS in fit_gamma_gamma(x, spend).note
    assert steep > 25
    assert accused <= 1


@pytest.mark.parametrize("power", [0.25, 0.5])
def test_dearer_baskets_of_frequent_buyers_are_a_correlation_not_sums(power: float) -> None:
    random = np.random.default_rng(4)
    x = random.geometric(0.3, 5_000).astype(np.float64)
    spend = mean_spends(random, x, 8.0, 8.0) * x**power
    fit = fit_gamma_gamma(x, spend)
    assert fit.correlation >= CORRELATION_THAT_MATTERS
    assert f"correlated ({fit.correlation:.2f})" in fit.note
    assert SUMS not in fit.note


def test_a_correlation_is_said_from_three_tenths_on() -> None:
    random = np.random.default_rng(5)
    seen = set()
    for power in np.linspace(-0.5, 0.5, 41):
        x = random.geometric(0.3, 2_000).astype(np.float64)
        fit = fit_gamma_gamma(x, mean_spends(random, x, 8.0, 8.0) * x**power)
        said = "correlated" in fit.note or SUMS in fit.note
        assert said == (abs(fit.correlation) >= CORRELATION_THAT_MATTERS)
        seen.add(said)
    assert seen == {True, False}
