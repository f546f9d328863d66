"""At the edge of what may be asked, figures are those of fifty digits and more."""

from typing import Any, NamedTuple

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from clv_xl.models.beta_geometric import BetaGeometricLikelihood
from clv_xl.models.beta_geometric_fit import BetaGeometricFit
from clv_xl.models.bg_bb import BgBbFit
from clv_xl.models.bg_nbd import BgNbdFit
from clv_xl.models.mbg_nbd import MbgNbdFit
from clv_xl.models.pareto_dropout import GammaRates
from clv_xl.models.pareto_nbd import ParetoNbdFit
from clv_xl.models.pareto_nbd_likelihood import ParetoNbdLikelihood
from clv_xl.models.unique_rows import collapsed
from clv_xl.periods import DAYS_PER_YEAR
from tests.models.test_pareto_nbd import exact_log_odds

Four = tuple[float, float, float, float]
Past = tuple[int, float, float]
GRID = [1e-3, 0.05, 0.5, 1.0, 3.0, 50.0, 1e4]
four = st.tuples(*[st.sampled_from(GRID)] * 4)
pasts = st.builds(
    lambda x, share, age: (x, age * share if x else 0.0, age),
    st.sampled_from([0, 1, 2, 30, 1_000, 10_000]),
    st.sampled_from([0.001, 0.3, 0.9, 1.0]),
    st.sampled_from([1e-3, 1.0, 100.0, 1e4]),
)
horizons = st.sampled_from([0.01, 1.0, 365.0, 3_650.0])


class Exact(NamedTuple):
    """What is to be met: ln L, P(alive), and purchases expected of who is alive."""

    log_likelihood: Any
    alive: Any
    purchases: Any


def exact_beta_geometric(model: BetaGeometricFit, past: Past, t: float, digits: int) -> Exact:
    """Return the textbook's closed forms, in so many digits."""
    with mpmath.workdps(digits):
        r, alpha, a, b = map(mpmath.mpf, model.parameters.values())
        x, t_x, age = past[0], *map(mpmath.mpf, past[1:])
        tiny = mpmath.mpf(10) ** (-digits // 2)  # beside the poles of the textbook form
        a += tiny if a == 1 else 0
        chances = x + model.chances_before_repeat
        k, stay = r + x, b + chances
        ways = mpmath.loggamma(k) - mpmath.loggamma(r)
        bought = ways + r * mpmath.log(alpha) - k * mpmath.log(alpha + age)
        stayed = sum(
            sign * (mpmath.loggamma(shape) - mpmath.loggamma(a + shape))
            for sign, shape in ((1, stay), (-1, b))
        )
        odds = a / (stay - 1) * ((alpha + age) / (alpha + t_x)) ** k if chances else mpmath.mpf(0)
        stay += tiny if abs(a + stay - 1) < tiny else 0
        whole, z = a + stay - 1, mpmath.mpf(t) / (alpha + age + t)
        series = mpmath.hyp2f1(whole - k, a - 1, whole, z)
        purchases = whole / (a - 1) * (1 - (1 - z) ** (a - 1) * series)
        return Exact(bought + stayed + mpmath.log1p(odds), 1 / (1 + odds), purchases)


def known_for_sure(model: BetaGeometricFit, past: Past, t: float) -> Exact:
    """Return what ever more digits agree on; the series sometimes fails in all of them."""
    digits, before = 60, None
    while digits < 1_000:
        try:
            here = exact_beta_geometric(model, past, t, digits)
        except (ValueError, ZeroDivisionError, mpmath.libmp.libhyper.NoConvergence):
            assume(condition=False)
        most = (model.r + past[0]) / (model.alpha + past[2]) * t  # of who never drops out
        possible = 0 < here.purchases <= most * (1 + 1e-12)
        agreed = before and abs(here.purchases - before.purchases) <= 1e-13 * here.purchases
        if possible and agreed:
            return here
        digits, before = 2 * digits, here if possible else None
    assume(condition=False)
    raise AssertionError


def rows(past: Past) -> Any:  # noqa: ANN401 - unique rows
    x, t_x, age = (np.array([float(part)]) for part in past)
    return collapsed(x, t_x, age, None)


def near(exact: Any, *, absolute: float = 1e-290) -> Any:  # noqa: ANN401 - of mpmath, and pytest's
    return pytest.approx(float(exact), rel=1e-9, abs=absolute)


@settings(deadline=None, max_examples=40)
@given(st.sampled_from([BgNbdFit, MbgNbdFit]), four, pasts, horizons)
def test_beta_geometric_models_agree_with_sixty_digits_and_more(
    kind: type[BetaGeometricFit], values: Four, past: Past, t: float
) -> None:
    fit = kind(**dict(zip(kind.parameter_names, values, strict=True)))  # type: ignore[arg-type]
    exact = known_for_sure(fit, past, t)

    found = BetaGeometricLikelihood(rows(past), kind.chances_before_repeat)(np.array(values))

    assert found.value == near(exact.log_likelihood, absolute=1e-9)
    assert fit.probability_alive(*past) == near(exact.alive)
    assert fit.expected_purchases(t, *past) == near(exact.alive * exact.purchases)


@pytest.mark.parametrize("kind", [BgNbdFit, MbgNbdFit])
@pytest.mark.parametrize(
    ("values", "past", "t"),
    [
        ((0.5, 10.0, 1.0, 2.0), (3, 20.0, 30.0), 365.0),  # a = 1
        ((0.5, 10.0, 0.3, 0.4), (0, 0.0, 30.0), 365.0),  # a + b < 1, nothing bought
        ((0.5, 10.0, 0.4, 0.6), (0, 0.0, 30.0), 365.0),  # a + b = 1
        ((0.5, 10.0, 0.3, 0.4), (5, 30.0, 30.0), 365.0),  # bought today
        ((0.24, 4.41, 0.79, 2.43), (500, 501.0, 501.0), 3650.0),  # overflows in the textbook form
        ((0.24, 4.41, 0.79, 2.43), (10_000, 650.0, 700.0), 90.0),
        ((1e4, 1e4, 1e4, 1e4), (40, 30.0, 50.0), 365.0),  # all alike
        ((1e4, 0.5, 1e4, 1.0), (1, 1.0, 1.0), 365.0),  # ten thousand dropouts are due
        ((1e4, 3.0, 50.0, 50.0), (30, 0.9, 1.0), 3650.0),
        ((1e-3, 1e4, 1e-3, 1e4), (0, 0.0, 1e4), 3650.0),
        ((1e-3, 1e-3, 1e-3, 1e-3), (1, 0.5, 1.0), 3650.0),
    ],
)
def test_the_corners_of_beta_geometric_models_agree_with_sixty_digits(
    kind: type[BetaGeometricFit], values: Four, past: Past, t: float
) -> None:
    fit = kind(**dict(zip(kind.parameter_names, values, strict=True)))  # type: ignore[arg-type]
    exact = known_for_sure(fit, past, t)

    found = BetaGeometricLikelihood(rows(past), kind.chances_before_repeat)(np.array(values))

    assert found.value == near(exact.log_likelihood, absolute=1e-9)
    assert fit.probability_alive(*past) == near(exact.alive)
    assert fit.expected_purchases(t, *past) == near(exact.alive * exact.purchases)


@settings(deadline=None, max_examples=25)
@given(four, st.booleans(), pasts, horizons)
def test_pareto_nbd_agrees_with_fifty_digits(
    values: Four,
    equal: bool,  # noqa: FBT001 - drawn
    past: Past,
    t: float,
) -> None:
    r, alpha, s, beta = values
    beta = alpha if equal else beta
    fit = ParetoNbdFit(r=r, alpha=alpha, s=s, beta=beta)
    x, _, age = past
    with mpmath.workdps(60):
        rate, dropout = (mpmath.mpf(r) + x) / (alpha + mpmath.mpf(age)), mpmath.mpf(s)
        log_odds = exact_log_odds(GammaRates(r, alpha, s, beta), *past) if past[1] < age else -1e9
        odds = mpmath.exp(mpmath.mpf(log_odds))
        alive, left = 1 / (1 + odds), beta + mpmath.mpf(age)
        ways = mpmath.loggamma(mpmath.mpf(r) + x) - mpmath.loggamma(r)
        likelihood = ways + r * mpmath.log(alpha) - (mpmath.mpf(r) + x) * mpmath.log(alpha + age)
        likelihood += -dropout * mpmath.log(left / beta) + mpmath.log1p(odds)
        passed = mpmath.log1p(t / left)
        steps = (1 - dropout) * passed
        stays = left * passed * (mpmath.expm1(steps) / steps if steps else 1)
        year = mpmath.log(mpmath.mpf("1.15")) / DAYS_PER_YEAR
        discounted = left * mpmath.hyperu(1, 2 - dropout, year * left)

    found = ParetoNbdLikelihood(rows(past))(np.array([r, alpha, s, beta]))

    # The odds come as a float of their logarithm, which costs the reference some digits.
    assert found.value == near(likelihood, absolute=1e-9)
    assert fit.probability_alive(*past) == near(alive)
    assert fit.expected_purchases(t, *past) == near(alive * rate * stays)
    assert fit.discounted_purchases(0.15, *past) == near(alive * rate * discounted)


@pytest.mark.parametrize(
    "values",
    [(1.2, 0.75, 0.66, 2.8), (1e-3, 1e4, 1e-3, 1e-3), (1e4, 1e-3, 1.0, 1e4), (1e4, 1e4, 1e4, 1.0)],
)
@pytest.mark.parametrize(
    "past", [(0, 0, 0), (0, 0, 40), (3, 3, 3), (2, 30, 40), (9_000, 9_500, 9_600)]
)
def test_opportunities_to_come_agree_with_fifty_digits(
    values: Four, past: tuple[int, int, int]
) -> None:
    fit = BgBbFit(**dict(zip(BgBbFit.parameter_names, values, strict=True)))  # type: ignore[arg-type]
    x, t_x, n = past
    with mpmath.workdps(50):
        alpha, beta, gamma, delta = map(mpmath.mpf, values)

        def log_beta(first: Any, second: Any) -> Any:  # noqa: ANN401 - mpmath has no types
            return (
                mpmath.loggamma(first) + mpmath.loggamma(second) - mpmath.loggamma(first + second)
            )

        def term(until: int, left: int) -> Any:  # noqa: ANN401
            bought = log_beta(alpha + x, beta + until - x)
            return mpmath.exp(bought + log_beta(gamma + left, delta + until))

        stays = term(n, 0)
        alive = stays / (stays + sum(term(until, 1) for until in range(t_x, n)))
        lived = sum(
            mpmath.rf(delta + n, ahead) / mpmath.rf(gamma + delta + n, ahead)
            for ahead in range(1, 13)
        )
        exact = alive * (alpha + x) / (alpha + beta + n) * lived

    assert fit.expected_purchases(12, *past) == near(exact)
