from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from clv_xl.errors import InvalidArgumentError
from clv_xl.models.beta_geometric import BetaGeometricLikelihood
from clv_xl.models.bg_nbd import BgNbdFit, fit_bg_nbd
from clv_xl.models.mbg_nbd import MbgNbdFit, fit_mbg_nbd
from clv_xl.models.purchase_models import Status
from clv_xl.models.unique_rows import collapsed
from tests.models.customer_samples import Customers, cdnow, simulated

Fit: TypeAlias = BgNbdFit | MbgNbdFit
Fitter: TypeAlias = Callable[..., Fit]

FITTERS: list[Fitter] = [fit_bg_nbd, fit_mbg_nbd]
FITS: list[type[Fit]] = [BgNbdFit, MbgNbdFit]


@pytest.fixture(scope="module")
def customers() -> Customers:
    return cdnow()[0]


@pytest.mark.parametrize("fitter", FITTERS)
def test_the_true_parameters_are_recovered_within_their_errors(fitter: Fitter) -> None:
    truth = {"r": 0.8, "alpha": 60.0, "a": 0.7, "b": 2.5}
    sample = simulated(
        np.random.default_rng(11), 40_000, (0.8, 60.0, 0.7, 2.5),
        drops_at_once=fitter is fit_mbg_nbd, longest=1500,
    )  # fmt: skip
    fit = fitter(*sample)
    for name, value in truth.items():
        # Times are rounded up to whole days, which shifts α by about half a day.
        slack = 4 * fit.standard_errors[name] + (1.0 if name == "alpha" else 0.0)
        assert fit.parameters[name] == pytest.approx(value, abs=slack)


@pytest.mark.parametrize("fitter", FITTERS)
def test_weights_stand_for_repeated_rows(customers: Customers, fitter: Fitter) -> None:
    some = Customers(*(column[:400] for column in customers))
    weights = np.arange(400) % 3
    weighted = fitter(*some, weights)
    repeated = fitter(*(np.repeat(column, weights) for column in some))
    assert weighted.parameters == pytest.approx(repeated.parameters, rel=1e-9)
    assert weighted.customers == repeated.customers == weights.sum()
    assert weighted.unique_rows == repeated.unique_rows


@pytest.mark.parametrize("fitter", FITTERS)
def test_the_unit_of_time_changes_only_the_unit(customers: Customers, fitter: Fitter) -> None:
    weeks = fitter(*customers, time_unit="week")
    x, t_x, age = customers
    days = fitter(x, 7 * t_x, 7 * age)
    assert days.alpha == pytest.approx(7 * weeks.alpha, rel=1e-6)
    assert days.r == pytest.approx(weeks.r, rel=1e-6)
    assert days.log_likelihood == pytest.approx(weeks.log_likelihood - x.sum() * np.log(7))
    by_days = days.expected_purchases(70, 2, 210, 270)
    assert by_days == pytest.approx(weeks.expected_purchases(10, 2, 30, 270 / 7), rel=1e-6)


@pytest.mark.parametrize("first_chance", [0, 1])
def test_the_collapsed_likelihood_is_that_of_the_rows(
    customers: Customers, first_chance: int
) -> None:
    from scipy.special import betaln, gammaln  # noqa: PLC0415 - the textbook's own words

    r, alpha, a, b = parameters = np.array([0.3, 5.0, 0.9, 2.0])
    x, t_x, age = customers
    rows = collapsed(*customers, None)
    assert rows.customers == len(x)
    d = x + first_chance
    seen = betaln(a, b + d) - (r + x) * np.log(alpha + age)
    gone = betaln(a + 1, b + np.maximum(d, 1) - 1) - (r + x) * np.log(alpha + t_x)
    both = np.logaddexp(seen, np.where(d > 0, gone, -np.inf))
    textbook = gammaln(r + x) - gammaln(r) + r * np.log(alpha) - betaln(a, b) + both
    ours = BetaGeometricLikelihood(rows, first_chance)(parameters).value
    assert ours == pytest.approx(textbook.sum(), rel=1e-12)


@pytest.mark.parametrize("first_chance", [0, 1])
def test_gradient_and_hessian_are_the_derivatives(customers: Customers, first_chance: int) -> None:
    likelihood = BetaGeometricLikelihood(collapsed(*customers, None), first_chance)
    parameters = np.array([0.4, 7.0, 0.6, 1.8])
    here = likelihood(parameters)
    for place, step in enumerate(1e-5 * np.eye(4)):
        up, down = likelihood(parameters * np.exp(step)), likelihood(parameters * np.exp(-step))
        assert here.gradient[place] == pytest.approx((up.value - down.value) / 2e-5, rel=1e-6)
        assert_allclose(here.hessian[place], (up.gradient - down.gradient) / 2e-5, rtol=1e-6)


@pytest.mark.parametrize("fitter", FITTERS)
def test_a_hundred_small_shops_are_fitted_without_complaint(fitter: Fitter) -> None:
    random = np.random.default_rng(2)
    seen = set()
    for _ in range(100):
        shape = tuple(random.choice(some) for some in ([0.3, 2], [20, 200], [0.3, 3], [1, 8]))
        sample = simulated(
            random, int(random.integers(1, 60)), shape, drops_at_once=fitter is fit_mbg_nbd
        )
        fit = fitter(*sample)
        seen.add(fit.status)
        figures = [
            *fit.parameters.values(), fit.log_likelihood, *fit.standard_errors.values(),
            *fit.expected_purchases(400, *sample), *fit.probability_alive(*sample),
            *fit.expected_purchases_new([0, 1, 1e4]),
        ]  # fmt: skip
        assert np.isfinite(figures).all()
        assert min(*fit.expected_purchases(400, *sample), *fit.parameters.values()) >= 0
        assert (fit.covariance is None) == (not fit.standard_errors) == (fit.status != Status.OK)
        assert bool(fit.note) == (fit.status != Status.OK)
    assert seen == set(Status)


@pytest.mark.parametrize("fitter", FITTERS)
@pytest.mark.parametrize(
    "sample",
    [
        ([], [], []),
        ([0], [0], [0]),
        ([0] * 50, [0] * 50, [100] * 50),
        ([1] * 50, [10] * 50, [100] * 50),
        ([50] * 50, [100] * 50, [100] * 50),
        ([3] * 20, [0] * 20, [0] * 20),
        ([2000] * 12, list(range(1000, 1012)), [1011] * 12),
    ],
)
def test_degenerate_customers_get_a_finite_fit_that_says_so(
    fitter: Fitter, sample: tuple[list[int], list[int], list[int]]
) -> None:
    fit = fitter(*sample)
    assert fit.status is not Status.OK
    assert fit.note
    assert np.isfinite([*fit.parameters.values(), fit.log_likelihood]).all()
    assert np.isfinite(fit.expected_purchases_new(365))


def test_without_dropout_the_simpler_model_is_named() -> None:
    random = np.random.default_rng(8)
    age = random.integers(300, 700, 300).astype(np.float64)
    x = random.negative_binomial(1.5, 60 / (60 + age)).astype(np.float64)
    t_x = np.where(x > 0, np.ceil(age * random.random(300) ** (1 / np.maximum(x, 1))), 0)
    fit = fit_bg_nbd(x, t_x, age)
    assert fit.status is Status.BOUNDARY
    assert "NBD" in fit.note
    assert fit.probability_alive(x, t_x, age).min() > 0.9


def test_too_few_repeat_buyers_get_one_rate_for_all() -> None:
    fit = fit_mbg_nbd([2, 0, 1], [50, 0, 20], [100, 100, 100])
    assert fit.status is Status.TOO_FEW
    assert fit.expected_purchases_new(100) == pytest.approx(1.0, rel=0.02)


@pytest.mark.parametrize("kind", FITS)
def test_a_table_is_a_fit_again(customers: Customers, kind: type[Fit]) -> None:
    fit = (fit_bg_nbd if kind is BgNbdFit else fit_mbg_nbd)(*customers, time_unit="week")
    table = fit.table()
    assert list(table.columns) == ["parameter", "value", "standard_error"]
    rows = [list(table.columns), *table.to_numpy(dtype=object).tolist()]
    for held in (table, rows, table.iloc[::-1]):
        again = kind.from_table(held)
        assert again.parameters == fit.parameters
        assert again.standard_errors == fit.standard_errors
        assert (again.customers, again.unique_rows) == (fit.customers, fit.unique_rows)
        assert (again.time_unit, again.status) == (fit.time_unit, fit.status)


def test_what_a_fit_says_of_itself_comes_back_as_text() -> None:
    fit = fit_mbg_nbd([2, 0, 1], [50, 0, 20], [100, 100, 100])

    again = MbgNbdFit.from_table(fit.table())

    assert again.note == fit.note == "".join(map(str, fit.remarks))
    assert fit.note.startswith("Repeat buyers with time observed: 2, at least 10 are needed")
    assert again.table()["value"].iloc[-1] == fit.note


def test_four_parameters_typed_by_hand_are_a_fit() -> None:
    fit = BgNbdFit.from_table([["r", 0.2426], ["alpha", "4.4136"], ["a", 0.7929], ["B ", 2.4259]])
    assert fit.expected_purchases(39, 2, 30.43, 38.86) == pytest.approx(1.226, abs=5e-4)
    assert "log_likelihood" in set(fit.table()["parameter"])


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ([["r", 1], ["alpha", 2], ["a", 1]], "number above 0 in row b"),
        ([["r", -1], ["alpha", 2], ["a", 1], ["b", 1]], "number above 0 in row r"),
        ([["r", 1], ["alpha", None], ["a", 1], ["b", 1]], "row alpha"),
        (MbgNbdFit(r=1, alpha=2, a=1, b=1).table(), "one of a MBG/NBD fit"),
        ([["status", "FINE"], ["r", 1], ["alpha", 2], ["a", 1], ["b", 1]], "OK, BOUNDARY, TOO_FEW"),
        ([["time_unit", "hour"], ["r", 1], ["alpha", 2], ["a", 1], ["b", 1]], "day, week"),
        (pd.DataFrame({"parameter": []}), "row r"),
    ],
)
def test_a_table_that_is_no_fit_is_refused(table: Any, said: str) -> None:  # noqa: ANN401 - any range
    with pytest.raises(InvalidArgumentError, match=said):
        BgNbdFit.from_table(table)


@pytest.mark.parametrize("fitter", FITTERS)
@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (([1], [50], [40]), "recency must be at most T .*days since the last order"),
        (([1, 0], [5, 5], [40, 40]), r"0 where frequency is 0 .*days since.* got 5 \(row 2\)"),
        (([1.5], [5], [40]), "frequency must be a whole number, got 1.5"),
        (([-1], [5], [40]), "frequency must be at least 0, got -1"),
        (([1], [-5], [40]), "recency must be at least 0"),
        (([1], [5], [np.nan]), "an empty cell"),
        (([1, 2], [5], [40, 40]), "recency must be as long as frequency"),
        (([1], [5], [40], [1, 1]), "weights must be as long"),
        (([1], [5], [40], [-1]), "weights must be at least 0"),
    ],
)
def test_columns_that_are_no_customers_are_refused(
    fitter: Fitter, columns: tuple[list[float], ...], said: str
) -> None:
    with pytest.raises(InvalidArgumentError, match=said):
        fitter(*columns)


def test_an_unknown_unit_of_time_is_refused() -> None:
    with pytest.raises(InvalidArgumentError, match="time_unit"):
        fit_bg_nbd([1], [5], [40], time_unit="hour")
