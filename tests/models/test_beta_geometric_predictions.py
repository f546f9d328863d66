from collections.abc import Callable
from datetime import date
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from clv_xl.models.bg_nbd import BgNbdFit, fit_bg_nbd
from clv_xl.models.mbg_nbd import MbgNbdFit, fit_mbg_nbd
from clv_xl.models.purchase_models import Status
from clv_xl.models.simulated_shop import simulate_shop
from tests.models.customer_samples import Customers, cdnow, lifetimes

Fit: TypeAlias = BgNbdFit | MbgNbdFit
Fitter: TypeAlias = Callable[..., Fit]

FITTERS: list[Fitter] = [fit_bg_nbd, fit_mbg_nbd]
FITS: list[type[Fit]] = [BgNbdFit, MbgNbdFit]
PUBLISHED = BgNbdFit(r=0.2426, alpha=4.4136, a=0.7929, b=2.4259, time_unit="week")

positive = st.floats(0.05, 20)
fits = st.builds(
    lambda kind, r, alpha, a, b: kind(r=r, alpha=alpha, a=a, b=b),
    st.sampled_from(FITS), positive, st.floats(0.1, 500), positive, positive,
)  # fmt: skip
histories = st.builds(
    lambda x, share, age: (float(x), age * share * (x > 0), age),
    st.integers(0, 300), st.floats(0, 1), st.floats(0, 2000),
)  # fmt: skip


@pytest.fixture(scope="module")
def customers() -> Customers:
    return cdnow()[0]


@settings(deadline=None)
@given(fits, histories)
def test_nothing_is_expected_in_no_time(fit: Fit, history: tuple[float, float, float]) -> None:
    assert fit.expected_purchases(0, *history) == 0


@settings(deadline=None)
@given(fits, histories, st.floats(0.01, 3000))
def test_expected_purchases_grow_with_the_horizon(
    fit: Fit, history: tuple[float, float, float], horizon: float
) -> None:
    sooner, later = fit.expected_purchases([horizon, 1.5 * horizon], *history)
    assert 0 <= sooner <= later * (1 + 1e-12)
    # Nobody buys more than with the posterior mean rate and no dropout.
    x, _, age = history
    assert later <= (fit.r + x) / (fit.alpha + age) * 1.5 * horizon * (1 + 1e-9)


@settings(deadline=None)
@given(fits, histories)
def test_who_bought_today_is_most_probably_alive(
    fit: Fit, history: tuple[float, float, float]
) -> None:
    x, t_x, age = history
    assert 0 <= fit.probability_alive(x, t_x, age) <= 1
    assert fit.probability_alive(x, age if x else 0, age) >= fit.probability_alive(x, t_x, age)


@settings(deadline=None)
@given(histories.filter(lambda history: history[0] == 0))
def test_only_the_modified_model_loses_one_time_buyers(history: tuple[float, float, float]) -> None:
    plain = BgNbdFit(r=0.5, alpha=30.0, a=0.9, b=1.6)
    modified = MbgNbdFit(r=0.5, alpha=30.0, a=0.9, b=1.6)
    assert plain.probability_alive(*history) == 1
    assert modified.probability_alive(*history) <= 1.6 / 2.5


@settings(deadline=None)
@given(fits, st.floats(1, 400))
def test_a_new_customer_is_one_without_history(fit: Fit, horizon: float) -> None:
    expected = fit.expected_purchases(horizon, 0, 0, 0)
    assert fit.expected_purchases_new(horizon) == expected


@settings(deadline=None)
@given(fits, st.lists(histories, min_size=1, max_size=20), st.floats(1, 900))
def test_totals_and_sums_are_those_of_the_single_customers(
    fit: Fit, rows: list[tuple[float, float, float]], horizon: float
) -> None:
    x, t_x, age = np.array(rows).T
    times = horizon * np.array([0.1, 0.5, 1.0])
    each = np.array([fit.expected_purchases(time, x, t_x, age) for time in times])
    weights = np.stack([np.ones(len(x)), np.arange(len(x)) % 3.0], axis=1)
    totals = fit.expected_totals(times, x, t_x, age, weights)
    assert_allclose(totals, each @ weights, rtol=1e-9, atol=1e-12)
    factors = np.array([0.2, 0.3, 0.5])
    combined = fit.expected_combined(times, factors, x, t_x, age)
    assert_allclose(combined, factors @ each, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("kind", FITS)
def test_extreme_customers_and_parameters_stay_finite(kind: type[Fit]) -> None:
    ages = np.array([0.0, 1.0, 501.0, 5000.0])
    for a, b in [(1.0, 2.0), (0.3, 0.7), (0.2, 0.1), (1.0, 1e-3), (1e-4, 1e4), (50.0, 1e-4)]:
        for r in (1e-4, 0.3, 40.0, 1e4):
            fit = kind(r=r, alpha=max(30.0, r), a=a, b=b)
            for x in (0, 1, 500, 2000):
                expected = fit.expected_purchases(3650, x, ages if x else 0, ages)
                assert np.isfinite(expected).all()
                assert (expected >= 0).all()


def test_where_the_textbook_form_is_0_by_0_the_expectation_is_continuous() -> None:
    def expected(a: float) -> float:
        fit = BgNbdFit(r=0.8, alpha=30.0, a=a, b=2.0)
        return float(fit.expected_purchases(365, 3, 100, 200))

    beside = (expected(0.999) + expected(1.001)) / 2
    for a in (1 - 1e-9, 1.0, 1 + 1e-9):
        assert expected(a) == pytest.approx(beside, rel=1e-6)


def test_the_published_customer_is_expected_to_buy_as_published() -> None:
    assert PUBLISHED.expected_purchases(39, 2, 30.43, 38.86) == pytest.approx(1.226, abs=5e-4)
    assert PUBLISHED.probability_alive(2, 30.43, 38.86) == pytest.approx(0.72661, abs=5e-4)


def test_a_new_customer_buys_as_published() -> None:
    published = [0.0531855, 0.431770, 1.195048, 1.444060, 1.858024]
    assert_allclose(PUBLISHED.expected_purchases_new([1, 10, 39, 52, 78]), published, rtol=1e-4)


@pytest.mark.parametrize(
    ("fitter", "parameters", "log_likelihood"),
    [
        (fit_bg_nbd, (0.24259, 4.41353, 0.79289, 2.42575), -9582.4256),
        (fit_mbg_nbd, (0.524838, 6.182992, 0.891356, 1.613999), -9582.1327),
    ],
)
def test_the_fit_of_the_cdnow_sample_is_the_published_one(
    customers: Customers, fitter: Fitter, parameters: tuple[float, ...], log_likelihood: float
) -> None:
    fit = fitter(*customers, time_unit="week")
    assert fit.status is Status.OK
    assert fit.note == ""
    assert_allclose(list(fit.parameters.values()), parameters, atol=2e-5)
    assert fit.log_likelihood == pytest.approx(log_likelihood, abs=1e-3)
    assert (fit.customers, fit.time_unit) == (2357, "week")


def test_the_standard_errors_of_the_cdnow_sample_are_the_published_ones(
    customers: Customers,
) -> None:
    errors = fit_bg_nbd(*customers).standard_errors
    assert_allclose(list(errors.values()), [0.01256, 0.37822, 0.18572, 0.70535], rtol=1e-3)


@pytest.mark.parametrize(
    ("fitter", "oracle"),
    [(fit_bg_nbd, "BetaGeoFitter"), (fit_mbg_nbd, "ModifiedBetaGeoFitter")],
)
@pytest.mark.filterwarnings("ignore")
def test_lifetimes_answers_alike(customers: Customers, fitter: Fitter, oracle: str) -> None:
    theirs = getattr(lifetimes(), oracle)()
    theirs.fit(*customers)
    ours = fitter(*customers)
    assert_allclose(list(ours.parameters.values()), theirs.params_[["r", "alpha", "a", "b"]], 2e-3)
    same: Any = type(ours)(**{name: theirs.params_[name] for name in ("r", "alpha", "a", "b")})
    expected = theirs.conditional_expected_number_of_purchases_up_to_time(39, *customers)
    assert_allclose(same.expected_purchases(39, *customers), expected, rtol=1e-9)
    alive = theirs.conditional_probability_alive(*customers)
    assert_allclose(same.probability_alive(*customers), alive, rtol=1e-9)
    new = theirs.expected_number_of_purchases_up_to_time(52)
    assert same.expected_purchases_new(52) == pytest.approx(new, rel=1e-9)


@pytest.mark.parametrize(("kind", "drops_at_once"), [(BgNbdFit, False), (MbgNbdFit, True)])
def test_simulated_customers_go_on_as_expected(kind: type[Fit], drops_at_once: bool) -> None:  # noqa: FBT001 - a case of the test
    shape = (0.9, 40.0, 0.8, 2.2)
    size = 100_000
    fit = kind(r=shape[0], alpha=shape[1], a=shape[2], b=shape[3])
    seed = 5
    # The same customers stopped at two ages: the ages are drawn after rate and dropout.
    early, late = (
        _stopped(np.random.default_rng(seed), size, shape, age, drops_at_once=drops_at_once)
        for age in (200.0, 500.0)
    )
    for x in (0, 1, 4):
        chosen = early.frequency == x
        more = late.frequency[chosen] - x
        expected = fit.expected_purchases(300, x, early.recency[chosen], early.T[chosen])
        error = 4 * np.std(more) / np.sqrt(chosen.sum())
        assert np.mean(more) == pytest.approx(np.mean(expected), abs=error)


def _stopped(
    random: np.random.Generator,
    size: int,
    shape: tuple[float, float, float, float],
    age: float,
    *,
    drops_at_once: bool,
) -> Customers:
    r, alpha, a, b = shape
    rate, dropout = random.gamma(r, 1 / alpha, size), random.beta(a, b, size)
    most = random.geometric(dropout) - drops_at_once
    count, last, now = np.zeros(size), np.zeros(size), np.zeros(size)
    for purchase in range(400):
        now += random.exponential(1 / rate)
        bought = (purchase < most) & (now <= age)
        count += bought
        last = np.where(bought, now, last)
    return Customers(count, last, np.full(size, age))


@pytest.mark.parametrize(("kind", "fitter"), [("BGNBD", fit_bg_nbd), ("MBGNBD", fit_mbg_nbd)])
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.filterwarnings("ignore")
def test_a_second_library_finds_the_same_maximum(kind: str, fitter: Fitter, seed: int) -> None:
    oracle = pytest.importorskip("clvkit")
    shop = simulate_shop(400, seed=seed, start=date(2023, 1, 1), as_of=date(2024, 12, 31))
    orders = shop.orders.query("customer_id != '' and amount > 0")
    log = pd.DataFrame(
        {"customer_id": orders["customer_id"], "date": orders["order_date"].dt.normalize()}
    ).drop_duplicates()
    base = oracle.CustomerBase.from_transactions(log, amount_col=None)
    table = base.to_pandas()

    theirs = getattr(oracle, kind)().fit(base)

    fit = fitter(table["frequency"], table["recency"], table["T"])
    assert fit.log_likelihood == pytest.approx(theirs.log_likelihood_, abs=0.05)
    assert fit.log_likelihood >= theirs.log_likelihood_ - 1e-6
