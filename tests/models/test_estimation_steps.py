import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.special import hyp2f1

from clv_xl.arrays import Floats
from clv_xl.models import beta_dropout
from clv_xl.models.beta_dropout import RateAndDropout, growth_while_alive
from clv_xl.models.newton import Evaluation, Objective, maximised
from clv_xl.models.unique_rows import collapsed, levels_of, occurring

rows = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5), st.integers(0, 9)), max_size=60)
scales = st.sampled_from([1.0, 1 / 7, 1e7])


@settings(deadline=None)
@given(rows, scales, st.booleans())
def test_unique_rows_are_the_rows_with_their_weights(
    given_rows: list[tuple[int, int, int]],
    scale: float,
    weighted: bool,  # noqa: FBT001 - drawn
) -> None:
    table = np.array(given_rows, dtype=np.float64).reshape(-1, 3)
    weights = np.asarray(np.arange(len(table)) % 3 if weighted else np.ones(len(table)), np.float64)
    found = collapsed(
        table[:, 0], table[:, 1] * scale, table[:, 2] * scale, weights if weighted else None
    )
    assert found.customers == weights.sum()
    expected: dict[tuple[float, ...], float] = {}
    for (x, t, age), weight in zip(table.tolist(), weights, strict=True):
        if weight:
            key = (x, t * scale, age * scale)
            expected[key] = expected.get(key, 0) + weight
    columns = (found.frequency, found.recency, found.T)
    keys = list(zip(*(column.tolist() for column in columns), strict=True))
    assert dict(zip(keys, found.weight, strict=True)) == expected
    assert found.purchases == weights @ table[:, 0]
    assert found.observed_time == pytest.approx(weights @ table[:, 2] * scale)
    assert found.repeat_buyers == weights[table[:, 0] > 0].sum()


def test_a_key_too_large_for_an_integer_is_made_smaller() -> None:
    large = np.array([999_999.0, 999_998.0, 999_999.0])
    found = collapsed(large, large, 4e12 * large, None)
    assert found.weight.tolist() == [1, 2]


@settings(deadline=None)
@given(st.lists(st.sampled_from([0.0, 0.5, 3.0, 7.0]), min_size=1))
def test_levels_give_back_the_column(column: list[float]) -> None:
    coded = occurring(levels_of(np.array(column)))
    assert coded.levels[coded.codes].tolist() == column
    assert coded.levels.tolist() == sorted(set(column))


def _hill(at: float, steep: float) -> Objective:
    def evaluate(parameters: Floats) -> Evaluation:
        place = np.log(parameters) - at
        value = -steep * np.log1p(place @ place)
        shrink = 1 / (1 + place @ place)
        gradient = -2 * steep * shrink * place
        hessian = -2 * steep * shrink * (np.eye(len(place)) - 2 * shrink * np.outer(place, place))
        return Evaluation(float(value), gradient, hessian)

    return evaluate


@settings(deadline=None)
@given(st.floats(-3, 3), st.floats(0.1, 1000))
def test_a_maximum_is_found_where_the_surface_bends_upwards_at_the_start(
    at: float, steep: float
) -> None:
    start, low, high = np.array([400.0, 0.01]), np.full(2, 1e-4), np.full(2, 1e4)
    found = maximised(_hill(at, steep), start, low, high)
    assert found.converged
    assert_allclose(np.log(found.parameters), at, atol=1e-4)
    assert found.covariance() is not None


def test_a_maximum_outside_the_box_ends_on_its_edge() -> None:
    found = maximised(_hill(5.0, 1.0), np.ones(2), np.array([0.1, 0.1]), np.array([10.0, 1e3]))
    assert found.at_bound.tolist() == [True, False]
    assert_allclose(found.parameters, [10.0, np.exp(5.0)], rtol=1e-4)
    assert found.covariance() is None


class _Counted:
    """A surface, and how often it was asked."""

    def __init__(self, surface: Objective) -> None:
        self.surface, self.asked = surface, 0

    def __call__(self, parameters: Floats) -> Evaluation:
        self.asked += 1
        return self.surface(parameters)


def _ridge(parameters: Floats) -> Evaluation:
    """Return a narrow ridge along ln u = ln v, which rises a little for ever."""
    u, v = np.log(parameters)
    across = np.array([1.0, -1.0])
    gradient = -100 * (u - v) * across + np.array([0.01, 0.0])
    return Evaluation(-50 * (u - v) ** 2 + 0.01 * u, gradient, -100 * np.outer(across, across))


def test_a_ridge_that_ends_at_a_wall_is_followed_along_the_wall() -> None:
    counted = _Counted(_ridge)
    high = np.array([1e4, 1e8])

    found = maximised(counted, np.array([1e4, 0.9e4]), 1 / high, high)

    assert found.converged
    assert found.at_bound.tolist() == [True, False]
    assert_allclose(found.parameters, 1e4, rtol=1e-6)
    assert counted.asked <= 4


def test_a_ridge_is_left_where_rounding_hides_what_a_step_gains() -> None:
    def levelling_off(parameters: Floats) -> Evaluation:
        rest = 1 / parameters
        return Evaluation(1e6 - float(rest[0]), rest, -np.diag(rest))

    counted = _Counted(levelling_off)

    found = maximised(counted, np.array([1.0]), np.array([1e-4]), np.array([1e30]))

    assert found.converged
    assert found.value == pytest.approx(1e6, abs=1e-6)
    assert counted.asked < 20  # the wall is seventy steps away


@pytest.mark.parametrize("a", [0.2, 0.99, 1.0, 4.0])
@pytest.mark.parametrize("b", [0.1, 0.8, 6.0])
@pytest.mark.parametrize("r", [0.2, 3.0, 9.0])
def test_quadrature_and_series_are_two_ways_to_one_number(
    monkeypatch: pytest.MonkeyPatch, a: float, b: float, r: float
) -> None:
    model = RateAndDropout(r, 30.0, a, b, chances_before_repeat=0)
    frequency, v = np.array([0.0, 1, 30, 1500]), np.array([0.0, 0.01, 0.7, 4.0])
    series = growth_while_alive(model, frequency, v)
    monkeypatch.setattr(beta_dropout, "_MILD", 0.0)
    assert_allclose(growth_while_alive(model, frequency, v), series, rtol=1e-9)


def test_the_growth_integrates_to_the_textbook_form() -> None:
    r, alpha, a, b, t, x, age = 0.24, 4.41, 0.79, 2.43, 39.0, 2.0, 38.86
    z = t / (alpha + age + t)
    gauss, weight = np.polynomial.legendre.leggauss(40)
    end = np.log1p(t / (alpha + age))
    model = RateAndDropout(r, alpha, a, b, chances_before_repeat=0)
    growth = growth_while_alive(model, np.array([x]), (gauss + 1) * end / 2)
    bracket = 1 - ((alpha + age) / (alpha + age + t)) ** (r + x) * hyp2f1(
        r + x, b + x, a + b + x - 1, z
    )
    assert growth[0] @ weight * end / 2 == pytest.approx((a + b + x - 1) / (a - 1) * bracket)


def test_the_models_load_without_an_optimiser() -> None:
    program = (
        "import sys; import clv_xl.models.prediction_interval, clv_xl.models.mbg_nbd, "
        "clv_xl.models.gamma_gamma; sys.exit('scipy.optimize' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
