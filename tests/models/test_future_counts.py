"""What one customer will buy: the chance of each count, and the range that holds it."""

from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from clv_xl.errors import InvalidArgumentError
from clv_xl.models.bg_bb import BgBbFit
from clv_xl.models.bg_nbd import BgNbdFit
from clv_xl.models.fitted_purchases import FittedPurchases
from clv_xl.models.mbg_nbd import MbgNbdFit
from clv_xl.models.model_names import FITTERS
from clv_xl.models.pareto_nbd import ParetoNbdFit
from tests.models.customer_samples import played_on
from tests.models.test_total_intervals import CASES, POPULATIONS, drawn_counts

every_case = pytest.mark.parametrize(("fit", "history", "ahead"), CASES)


@every_case
def test_the_chances_are_those_of_customers_who_are_drawn(
    fit: FittedPurchases, history: tuple[int, float, float], ahead: float
) -> None:
    drawn = drawn_counts(fit, history, ahead, 400_000)

    for count in (1, 2, 5, 12):
        chance = fit.probability_of_at_least(count, ahead, *history)
        error = 4.5 * np.sqrt(chance * (1 - chance) / len(drawn)) + 1e-12
        assert np.mean(drawn >= count) == pytest.approx(chance, abs=error)


@every_case
def test_the_chances_of_all_counts_add_up_to_the_expectation(
    fit: FittedPurchases, history: tuple[int, float, float], ahead: float
) -> None:
    chances = fit.probability_of_at_least(np.arange(1, 2_000), ahead, *history)

    assert (np.diff(chances) <= 1e-12).all()
    expected = fit.expected_purchases(ahead, *history)
    assert chances.sum() == pytest.approx(expected, rel=1e-7)
    assert fit.probability_of_at_least(0, ahead, *history) == 1


@settings(deadline=None, max_examples=40)
@given(
    st.sampled_from([kind for kind, _ in POPULATIONS]),
    st.tuples(st.floats(0.1, 5), st.floats(20, 200), st.floats(0.2, 5), st.floats(0.5, 50)),
    st.integers(0, 20),
    st.floats(0, 1),
    st.floats(1, 120),
)
def test_chances_and_moments_are_of_one_distribution(
    kind: type[FittedPurchases],
    values: tuple[float, float, float, float],
    x: int,
    share: float,
    ahead: float,
) -> None:
    fit = kind(**dict(zip(kind.parameter_names, values, strict=True)))  # type: ignore[arg-type]
    history = (x, 200 * share if x else 0.0, 200.0)
    counts = np.arange(1, 1_500)

    chances = fit.probability_of_at_least(counts, ahead, *history)

    bought, last, age = (np.array([float(part)]) for part in history)
    ((once, pairs, _),) = fit.count_moments(np.array([ahead]), bought, last, age, np.ones((1, 3)))
    assert chances.sum() == pytest.approx(once, rel=1e-6, abs=1e-9)
    assert (2 * (counts - 1) * chances).sum() == pytest.approx(pairs, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize(
    "fit",
    [
        BgNbdFit(r=0.8, alpha=30, a=0.7, b=2.5),
        ParetoNbdFit(r=0.8, alpha=30, s=0.7, beta=50),
        ParetoNbdFit(r=0.05, alpha=0.1, s=9.0, beta=900),
        BgBbFit(alpha=1.2, beta=0.75, gamma=0.66, delta=2.8),
    ],
)
def test_a_new_customer_has_the_chances_of_the_counts(fit: Any) -> None:  # noqa: ANN401 - each model has its own names
    chances = fit.count_probabilities(40, np.arange(30))
    at_least = 1 - np.concatenate([[0], np.cumsum(chances)[:-1]])
    ours = fit.probability_of_at_least(np.arange(30), 40, 0, 0, 0)
    if isinstance(fit, BgBbFit):  # who is alive at opportunity 0 may drop out before the first
        assert_allclose(ours, at_least, atol=1e-12)
    else:
        assert_allclose(ours, at_least, atol=2e-10)


@every_case
@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
def test_the_range_is_the_narrowest_between_the_tails(
    fit: FittedPurchases, history: tuple[int, float, float], ahead: float, level: float
) -> None:
    low, high = fit.purchase_range(ahead, *history, level=level)
    outside = (1 - level) / 2

    def beyond(count: float) -> float:
        return float(fit.probability_of_at_least(count + 1, ahead, *history))

    assert beyond(high) <= outside
    assert high == 0 or beyond(high - 1) > outside
    assert beyond(low) <= 1 - outside
    assert low == 0 or beyond(low - 1) > 1 - outside


@pytest.mark.parametrize(
    ("kind", "parameters"), POPULATIONS, ids=[kind.model for kind, _ in POPULATIONS]
)
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_the_range_holds_what_customers_do_as_often_as_it_says(
    kind: type[FittedPurchases], parameters: tuple[float, float, float, float], level: float
) -> None:
    random, size = np.random.default_rng(4), 20_000
    sample, later = played_on(random, kind, parameters, size=size, ahead=365.0)
    fit = FITTERS[kind](*sample)

    low, high = fit.purchase_range(365, *sample, level=level)

    held = (low <= later) & (later <= high)
    assert held.mean() >= level - 3 * np.sqrt(level * (1 - level) / size)
    # Whole counts leave over what does not fit, but not everything.
    assert high.mean() < 20 * later.mean()
    for bought in (0, 2, 6):  # of every kind of customer, not only on the whole
        some = sample.frequency == bought
        assert held[some].mean() >= level - 4 * np.sqrt(level * (1 - level) / some.sum())
    if level > 0.9:
        regular = sample.frequency >= 10  # whose range leaves something on both sides
        assert 0.90 <= held[regular].mean() <= 0.99


def test_the_range_of_opportunities_holds_as_often_as_it_says() -> None:
    random, size, before = np.random.default_rng(6), 30_000, 6
    fit = BgBbFit(alpha=1.2, beta=0.75, gamma=0.66, delta=2.8)
    buys, leaves = random.beta(1.2, 0.75, size), random.beta(0.66, 2.8, size)
    stays = random.geometric(leaves) - 1
    bought = (random.random((size, 14)) < buys[:, np.newaxis]) & (
        np.arange(14) < stays[:, np.newaxis]
    )
    x, later = bought[:, :before].sum(axis=1), bought[:, before:].sum(axis=1)
    last = (bought[:, :before] * np.arange(1, before + 1)).max(axis=1)

    low, high = fit.purchase_range(8, x, last, before)

    held = (low <= later) & (later <= high)
    assert held.mean() >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / size)
    assert held[x == before].mean() >= 0.95 - 4 * np.sqrt(0.95 * 0.05 / (x == before).sum())
    assert high[x == before].mean() < 8.5


@pytest.mark.parametrize(
    ("n", "shape", "scale", "s", "beta", "t"),
    [
        (1, 0.05, 0.1, 9.0, 900.0, 1e4),
        (1, 1e-3, 1e4, 1e-3, 1e-3, 3650.0),
        (40, 3.8, 230.0, 0.7, 250.0, 900.0),
        (10_000, 9_000.5, 700.0, 0.9, 760.0, 760.0),
        (3, 2.0, 90.0, 1e4, 1e4, 365.0),
        (2, 2.0, 90.0, 1e4, 1.0, 365.0),
        (1, 1e4, 1e4, 1.0, 1e4, 30.0),
        (50, 1e4, 1e4, 2.0, 100.0, 60.0),
        (1, 1.5, 1.0, 0.1, 1.0, 1e6),
        (30, 30.0, 1.0, 0.1, 1.0, 1e6),
    ],
)
def test_the_chance_before_a_gamma_dropout_is_that_of_fifty_digits(
    n: int, shape: float, scale: float, s: float, beta: float, t: float
) -> None:
    with mpmath.workdps(50):
        k, a, b = map(mpmath.mpf, (shape, scale, beta))
        norm = mpmath.beta(n, k)
        peak = n / (k + n)

        def density(u: Any) -> Any:  # noqa: ANN401 - mpmath has no types
            moment = a * u / (1 - u)
            return u ** (n - 1) * (1 - u) ** (k - 1) * (b / (b + moment)) ** s / norm

        end = t / (t + a)
        width = mpmath.sqrt(peak * (1 - peak) / (k + n))
        falls = a * s / b + k + n
        places = [mpmath.mpf(0), *(n * 4**power / falls for power in range(-3, 12))]
        places += [peak + step * width for step in (-12, -6, -3, -1, 0, 1, 3, 6, 12)]
        places = [*sorted(place for place in places if 0 <= place < end), end]
        exact = float(mpmath.quad(density, places))
    fit = ParetoNbdFit(r=shape, alpha=scale, s=s, beta=beta)

    # At T = 0 everybody is alive, and rate and dropout are those given.
    found = fit.probability_of_at_least(n, t, 0, 0, 0)

    assert found == pytest.approx(exact, rel=1e-7, abs=1e-9)


@pytest.mark.parametrize(
    "fit",
    [
        BgNbdFit(r=1e-3, alpha=1e-3, a=1e-3, b=1e4),
        MbgNbdFit(r=1e4, alpha=1.0, a=1e-3, b=1e4),
        ParetoNbdFit(r=1e-3, alpha=1e-3, s=1e-3, beta=1e4),
        ParetoNbdFit(r=1e4, alpha=1.0, s=1e4, beta=1e4),
        BgBbFit(alpha=1e4, beta=1e-3, gamma=1e-3, delta=1e4),
    ],
)
def test_extreme_customers_have_a_finite_range(fit: FittedPurchases) -> None:
    x = np.array([0.0, 1, 30, 10_000])
    t_x, age = np.minimum(x, 9_000), np.full(4, 9_000.0)
    x = np.minimum(x, t_x) if isinstance(fit, BgBbFit) else x

    low, high = fit.purchase_range(365, x, t_x, age)

    assert np.isfinite([low, high]).all()
    assert (low >= 0).all()
    assert (low <= high).all()
    assert (fit.purchase_range(0, x, t_x, age)[1] == 0).all()


def test_a_number_gives_numbers_and_a_column_a_column() -> None:
    fit = MbgNbdFit(r=0.8, alpha=30, a=0.7, b=2.5)
    low, high = fit.purchase_range(90, 4, 90, 100)
    assert isinstance(low, float)
    assert isinstance(high, float)
    lows, highs = fit.purchase_range([30, 90], 4, 90, 100)
    assert (lows[1], highs[1]) == (low, high)
    chances = fit.probability_of_at_least([1, 2], 90, [[4], [0]], [[90], [0]], 100)
    assert chances.shape == (2, 2)
    assert chances[0, 1] == pytest.approx(fit.probability_of_at_least(2, 90, 4, 90, 100))


@pytest.mark.parametrize("level", [0, 1, 95])
def test_a_level_that_is_no_probability_is_refused(level: float) -> None:
    with pytest.raises(InvalidArgumentError, match="level must be above 0 and below 1"):
        MbgNbdFit(r=0.8, alpha=30, a=0.7, b=2.5).purchase_range(90, 4, 90, 100, level=level)
