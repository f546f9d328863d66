"""Values over horizons in any unit, and over one without an end."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.special import betaln, expit, gammaln, log_expit

from clv_xl.arrays import Floats
from clv_xl.errors import InvalidArgumentError
from clv_xl.models.beta_geometric_fit import BetaGeometricFit
from clv_xl.models.bg_bb import BgBbFit
from clv_xl.models.bg_nbd import BgNbdFit
from clv_xl.models.fitted_purchases import FittedPurchases
from clv_xl.models.gamma_gamma import GammaGammaFit
from clv_xl.models.mbg_nbd import MbgNbdFit
from clv_xl.models.pareto_nbd import ParetoNbdFit
from clv_xl.models.predicted_value import (
    CustomerHistories,
    customer_histories,
    discount_factors,
    month_ends,
    new_customer_purchases_by_month,
    new_customer_value,
    predicted_value,
)

SPEND = GammaGammaFit(p=6.2488, q=3.7446, gamma=15.4478)
FITS = {
    "BG/NBD": BgNbdFit(r=0.2426, alpha=4.4136, a=0.7929, b=2.4259, time_unit="week"),
    "MBG/NBD": MbgNbdFit(r=0.5248, alpha=43.3, a=0.8914, b=1.614, time_unit="day"),
    "Pareto/NBD": ParetoNbdFit(r=0.5533, alpha=2.43, s=0.6061, beta=2.68, time_unit="month"),
}
SEASONS = BgBbFit(alpha=1.204, beta=0.750, gamma=0.657, delta=2.783, time_unit="month")
ALL = {**FITS, "BG/BB": SEASONS}
Worth: TypeAlias = Callable[[Floats, Floats], Floats]
MEAN = np.array([22.35, 0, 80, 12])

models = pytest.mark.parametrize("model", list(ALL))
timed = pytest.mark.parametrize("model", list(FITS))


def histories(fit: FittedPurchases) -> CustomerHistories:
    """Return four customers of all ages, in the unit of the fit."""
    months = np.array([[0.0, 3, 9, 6], [11, 1, 9, 30]])
    if fit.counts_opportunities:
        return customer_histories([2, 1, 7, 3], [5, 1, 9, 6], months[1], [2, 0, 7, 3], MEAN)
    age = months[1] * 365.25 / 12 / {"day": 1, "week": 7, "month": 365.25 / 12}[fit.time_unit]
    x = np.array([2.0, 0, 7, 3])
    return customer_histories(x, np.where(x > 0, age * [0.7, 0, 1, 0.2], 0), age, x, MEAN)


def value(fit: FittedPurchases, **assumptions: float | str) -> Floats:
    return predicted_value(fit, SPEND, histories(fit), **assumptions)  # type: ignore[arg-type]


@models
@settings(deadline=None, max_examples=25)
@given(years=st.integers(1, 5), rate=st.sampled_from([0.0, 0.1, 0.5]))
def test_a_year_is_twelve_months_in_any_words_to_the_last_digit(
    model: str, years: int, rate: float
) -> None:
    fit = ALL[model]
    months = value(fit, horizon_months=12 * years, annual_discount_rate=rate)
    for words in (f"{years} years", f"{4 * years} quarters", f"{12 * years} Months"):
        assert (value(fit, horizon=words, annual_discount_rate=rate) == months).all()
    new = new_customer_value(fit, 30, 35, horizon=f"{years} years", annual_discount_rate=rate)
    by_month = new_customer_value(fit, 30, 35, horizon_months=12 * years, annual_discount_rate=rate)
    assert new == by_month


@timed
def test_months_are_booked_in_their_middle_as_on_the_sheet(model: str) -> None:
    fit = FITS[model]
    h, factors = histories(fit), discount_factors(np.arange(1, 13))
    stepped = factors - np.append(factors[1:], 0)
    ends = month_ends(fit, 12)
    purchases = fit.expected_combined(ends, stepped, h.frequency, h.recency, h.T)
    spend = SPEND.expected_spend(h.monetary_frequency, h.monetary_value)
    assert (value(fit) == purchases * spend).all()
    new = new_customer_purchases_by_month(fit, 12) @ factors
    assert new_customer_value(fit, 30, 35, margin_rate=0.4) == (30 + 35 * new) * 0.4


@timed
@settings(deadline=None, max_examples=50)
@given(whole=st.integers(0, 30), part=st.floats(0.001, 0.999), rate=st.floats(0, 0.9))
def test_a_part_of_a_month_is_booked_in_its_own_middle(
    model: str, whole: int, part: float, rate: float
) -> None:
    fit = FITS[model]
    h, words = histories(fit), f"{whole + part:.12f} months"
    partly = value(fit, horizon=words, annual_discount_rate=rate)
    known, times = (h.frequency, h.recency, h.T), np.array([whole, whole + part])
    until = [np.asarray(fit.expected_purchases(t, *known)) for t in times * month_ends(fit, 1)]
    spend = SPEND.expected_spend(h.monetary_frequency, h.monetary_value)
    rest = (until[1] - until[0]) * spend * (1 + rate) ** (-(whole + part / 2) / 12)
    before = value(fit, horizon_months=whole, annual_discount_rate=rate) if whole else np.zeros(4)
    assert_allclose(partly, before + rest, rtol=1e-7)
    after = value(fit, horizon_months=whole + 1, annual_discount_rate=rate)
    assert (before <= partly).all()
    assert (partly <= after * (1 + 1e-3)).all()


@timed
def test_a_bare_number_is_in_the_unit_of_the_fit(model: str) -> None:
    unit = FITS[model].time_unit
    assert (value(FITS[model], horizon=26) == value(FITS[model], horizon=f"26 {unit}s")).all()


@models
@settings(deadline=None, max_examples=25)
@given(rate=st.floats(0.35, 0.9))
def test_the_endless_value_is_what_long_horizons_come_to(model: str, rate: float) -> None:
    fit = ALL[model]
    endless = value(fit, horizon="infinite", annual_discount_rate=rate)
    long = value(fit, horizon="100 years", annual_discount_rate=rate)
    assert_allclose(endless, long, rtol=1e-9)
    new = new_customer_value(fit, 9, 35, horizon=math.inf, annual_discount_rate=rate)
    assert new == pytest.approx(
        new_customer_value(fit, 9, 35, horizon_months=1200, annual_discount_rate=rate), rel=1e-9
    )


@models
@settings(deadline=None, max_examples=25)
@given(rate=st.floats(0.001, 0.3), years=st.floats(0.1, 100))
def test_no_horizon_with_an_end_is_worth_more_than_one_without(
    model: str, rate: float, years: float
) -> None:
    fit = ALL[model]
    months = max(round(12 * years), 1)
    bounded = value(fit, horizon_months=months, annual_discount_rate=rate)
    endless = value(fit, horizon="infinite", annual_discount_rate=rate)
    assert (bounded < endless * (1 + 1e-12)).all()
    assert np.isfinite(endless).all()


@timed
@pytest.mark.parametrize("rate", [0.1, 0.01, 0.001])
def test_the_endless_value_is_the_sum_of_all_months(model: str, rate: float) -> None:
    fit = FITS[model]
    h = histories(fit)
    force = math.log1p(rate) / 12
    months = np.arange(1.0, 45 / force)
    factors = np.exp(-force * (months - 0.5)) * -np.expm1(-force)
    each = [
        fit.expected_purchases(months * month_ends(fit, 1)[0], h.frequency[i], h.recency[i], h.T[i])
        for i in range(4)
    ]
    spend = SPEND.expected_spend(h.monetary_frequency, h.monetary_value)
    assert_allclose(
        value(fit, horizon="infinite", annual_discount_rate=rate),
        np.array(each) @ factors * spend,
        rtol=1e-9,
    )


def mean_worth(fit: BetaGeometricFit, x: float, age: float, worth: Worth) -> float:
    """Return E[worth(λ, p)] over purchase rate λ and dropout p of a living customer."""
    step = 0.125  # the trapezoidal rule in ln λ and the logit of p is exact to rounding
    logit = step * np.arange(-720, 721)
    log_rate = step * np.arange(-560, 60)[:, np.newaxis]
    p, k, beta = expit(logit), fit.r + x, fit.b + x + fit.chances_before_repeat
    dropout = fit.a * log_expit(logit) + beta * log_expit(-logit) - betaln(fit.a, beta)
    grown = log_rate + np.log(fit.alpha + age)
    density = k * grown - np.exp(grown) - gammaln(k) + dropout
    return float((np.exp(density) * worth(np.exp(log_rate), p)).sum() * step**2)


@pytest.mark.parametrize("rate", [0.9, 0.1, 1e-3, 1e-6])
@pytest.mark.parametrize(
    ("kind", "parameters", "customer"),
    [
        (BgNbdFit, (0.25, 1.0, 0.8, 2.4), (2, 7.0, 9.0)),
        (MbgNbdFit, (0.5, 1.4, 0.9, 1.6), (0, 0.0, 3.0)),
        (MbgNbdFit, (3.0, 0.2, 1.0, 5.0), (12, 20.0, 20.0)),
        (BgNbdFit, (0.6, 4.0, 2.5, 3.0), (1, 1.0, 30.0)),
    ],
)
def test_the_endless_value_is_that_over_all_rates_and_dropouts(
    kind: type[BetaGeometricFit],
    parameters: tuple[float, ...],
    customer: tuple[int, float, float],
    rate: float,
) -> None:
    r, alpha, a, b = parameters
    fit = kind(r=r, alpha=alpha, a=a, b=b, time_unit="month")
    x, t_x, age = customer
    one = customer_histories([x], [t_x], [age], [5], [10.0])
    found = predicted_value(fit, SPEND, one, horizon="infinite", annual_discount_rate=rate)
    force = math.log1p(rate) / 12

    def worth(bought: Floats, dropout: Floats) -> Floats:
        left = bought * dropout  # the rate at which a customer of this kind drops out
        ever = -np.expm1(-left) / -np.expm1(-left - force)
        return np.asarray(np.exp(-force / 2) * ever / dropout)

    each = mean_worth(fit, x, age, worth) * SPEND.expected_spend(5, 10.0)
    assert found[0] == pytest.approx(each * fit.probability_alive(x, t_x, age), rel=1e-11)
    later = fit.discounted_purchases(rate, x, t_x, age)
    dert = mean_worth(fit, x, age, lambda bought, p: bought / (bought * p + force))
    assert later == pytest.approx(dert * fit.probability_alive(x, t_x, age), rel=1e-11)


@models
@pytest.mark.parametrize("rate", [0.5, 0.1, 0.001])
def test_the_endless_value_is_dert_times_spend_but_for_the_month(model: str, rate: float) -> None:
    fit = ALL[model]
    h = histories(fit)
    spend = SPEND.expected_spend(h.monetary_frequency, h.monetary_value)
    dert = fit.discounted_purchases(rate, h.frequency, h.recency, h.T) * spend
    if fit.counts_opportunities:  # each booked half a period before its end
        dert *= (1 + rate) ** (1 / 24)
    found = value(fit, horizon="infinite", annual_discount_rate=rate)
    assert_allclose(found, dert, rtol=1e-9 if fit.counts_opportunities else 3e-4)


@pytest.mark.parametrize(
    ("fit", "name"),
    [
        (FITS["BG/NBD"], "a"),
        (FITS["MBG/NBD"], "a"),
        (FITS["Pareto/NBD"], "s"),
        (SEASONS, "gamma"),
        (replace(SEASONS, time_unit="period"), "gamma"),
    ],
)
def test_without_discount_an_endless_value_exists_where_dropout_ends_it(
    fit: FittedPurchases, name: str
) -> None:
    fit = fit.with_parameters({**fit.parameters, name: 1.7})
    endless = value(fit, horizon="infinite", annual_discount_rate=0)
    ahead = np.array([9e2, 9e3]) if fit.counts_opportunities else np.array([1e9, 1e10])
    h = histories(fit)
    spend = SPEND.expected_spend(h.monetary_frequency, h.monetary_value)
    short, long = (
        np.asarray(fit.expected_purchases(t, h.frequency, h.recency, h.T)) * spend for t in ahead
    )
    assert (long < endless).all()
    # What is missing falls with a power of the time: that of the dropouts, or of slow buyers.
    slow = fit.r + h.frequency if isinstance(fit, BetaGeometricFit) else np.inf
    power = np.minimum(0.7, slow)
    assert_allclose((endless - long) / (endless - short), 10**-power, rtol=0.03)
    at_the_edge = fit.with_parameters({**fit.parameters, name: 1.0})
    with pytest.raises(
        InvalidArgumentError,
        match=rf"annual_discount_rate must be above 0 where {name} is at most 1 \(it is 1\)",
    ):
        value(at_the_edge, horizon="infinite", annual_discount_rate=0)


def test_opportunities_are_booked_in_the_middle_of_their_periods() -> None:
    yearly = replace(SEASONS, time_unit="year")
    known = histories(yearly)
    spend = SPEND.expected_spend(known.monetary_frequency, known.monetary_value)
    until = [
        np.asarray(yearly.expected_purchases(n, known.frequency, known.recency, known.T))
        for n in range(4)
    ]
    by_year = sum((until[n] - until[n - 1]) * 1.1 ** -(n - 0.5) for n in range(1, 4))
    assert_allclose(value(yearly, horizon="3 years"), by_year * spend)
    assert (value(yearly, horizon=3) == value(yearly, horizon_months=36)).all()
    new = np.diff(yearly.expected_purchases_new(np.arange(4.0))) @ 1.1 ** -np.array([0.5, 1.5, 2.5])
    assert new_customer_value(yearly, 9, 35, horizon=3) == pytest.approx(9 + 35 * new)


def test_periods_without_a_length_have_a_value_without_discount_alone() -> None:
    periods = replace(SEASONS, time_unit="period")
    h = histories(periods)
    spend = SPEND.expected_spend(h.monetary_frequency, h.monetary_value)
    purchases = periods.expected_purchases(5, h.frequency, h.recency, h.T)
    assert_allclose(value(periods, horizon=5, annual_discount_rate=0), purchases * spend)
    for horizon in (5, "infinite"):
        with pytest.raises(InvalidArgumentError, match="time_unit must be one of day, week, month"):
            value(periods, horizon=horizon)
    with pytest.raises(InvalidArgumentError, match=r"a whole number of periods, got 5\.5"):
        value(periods, horizon=5.5)


@pytest.mark.parametrize(
    ("horizon", "said"),
    [
        (0, 'horizon must be above 0 and at most 5217.86 weeks, or "infinite", got 0 weeks'),
        (
            "101 years",
            'horizon must be above 0 and at most 1200 months, or "infinite", got 101 years',
        ),
        ("a while", 'at least 0 or text such as "12 months" or "infinite", got'),
        (-1, "horizon must be at least 0"),
    ],
)
def test_horizons_that_are_none_are_refused(horizon: float | str, said: str) -> None:
    with pytest.raises(InvalidArgumentError, match=said):
        value(FITS["BG/NBD"], horizon=horizon)


def test_a_discount_next_to_nothing_is_refused_where_it_would_decide() -> None:
    with pytest.raises(InvalidArgumentError, match=r"at least 0\.000001 for an endless horizon"):
        value(FITS["BG/NBD"], horizon="infinite", annual_discount_rate=1e-9)
