"""Intervals by drawing the customers again, beside those of the delta method."""

from typing import Any

import numpy as np
import pytest

from clv_xl.errors import InvalidArgumentError
from clv_xl.models.bg_bb import fit_bg_bb
from clv_xl.models.bg_nbd import BgNbdFit, fit_bg_nbd
from clv_xl.models.bootstrap_interval import bootstrap_interval, resampled_fits
from clv_xl.models.gamma_gamma import fit_gamma_gamma
from clv_xl.models.mbg_nbd import fit_mbg_nbd
from clv_xl.models.pareto_nbd import fit_pareto_nbd
from clv_xl.models.predicted_value import CustomerHistories, customer_histories
from clv_xl.models.prediction_interval import total_interval
from tests.models.customer_samples import cdnow, simulated_opportunities


@pytest.fixture(scope="module")
def histories() -> CustomerHistories:
    customers, spend, _ = cdnow()
    return customer_histories(*customers, customers.frequency, spend)


@pytest.mark.parametrize("fitter", [fit_bg_nbd, fit_mbg_nbd, fit_pareto_nbd])
def test_bootstrap_and_delta_method_agree_on_purchases(
    histories: CustomerHistories,
    fitter: Any,  # noqa: ANN401 - one of the fitters
) -> None:
    h = histories
    fit = fitter(h.frequency, h.recency, h.T, time_unit="week")
    by_delta, drawn = total_interval(fit, None, h, 12), bootstrap_interval(fit, None, h, 12)

    assert by_delta is not None
    assert drawn is not None
    assert drawn.totals.tolist() == by_delta.totals.tolist()
    for one, other in ((by_delta, drawn), (by_delta.of_expectation, drawn.of_expectation)):
        errors = one.relative_standard_errors
        assert other.relative_standard_errors == pytest.approx(errors, rel=0.25)
        low, high = one.bounds(12)
        assert other.bounds(12) == pytest.approx((low, high), abs=0.3 * (high - low))


def test_bootstrap_and_delta_method_agree_on_spend(histories: CustomerHistories) -> None:
    h = histories
    fit = fit_mbg_nbd(h.frequency, h.recency, h.T, time_unit="week")
    paid = fit_gamma_gamma(h.monetary_frequency, h.monetary_value)
    by_delta, drawn = total_interval(fit, paid, h, 6), bootstrap_interval(fit, paid, h, 6)

    assert by_delta is not None
    assert drawn is not None
    errors = by_delta.relative_standard_errors
    assert drawn.relative_standard_errors == pytest.approx(errors, rel=0.25)
    assert (drawn.relative_standard_errors > drawn.of_expectation.relative_standard_errors).all()


def test_the_same_seed_draws_the_same_and_another_another(histories: CustomerHistories) -> None:
    h = histories
    fit = fit_bg_nbd(h.frequency, h.recency, h.T, time_unit="week")
    first, again, other = (
        bootstrap_interval(fit, None, h, 3, resamples=20, seed=seed) for seed in (4, 4, 5)
    )

    assert first is not None
    assert again is not None
    assert other is not None
    assert first.drawn.tolist() == again.drawn.tolist()
    assert first.bounds(3) == again.bounds(3)
    assert first.bounds(3) != other.bounds(3)


def test_refits_scatter_around_the_fit_by_its_standard_errors() -> None:
    sample = simulated_opportunities(np.random.default_rng(3), 8_000, (1.2, 0.8, 0.7, 2.8))
    fit = fit_bg_bb(*sample)
    logs = [
        np.log(list(other.parameters.values()))
        for other in resampled_fits(fit, *sample, resamples=100)
    ]

    errors = [fit.standard_errors[name] / value for name, value in fit.parameters.items()]
    assert np.std(logs, axis=0) == pytest.approx(errors, rel=0.35)
    middle = np.mean(logs, axis=0) - np.log(list(fit.parameters.values()))
    assert np.abs(middle / errors).max() < 0.6


def test_without_a_maximum_there_is_no_interval(histories: CustomerHistories) -> None:
    fit = fit_bg_nbd([0, 1, 0], [0, 4, 0], [10, 12, 30])
    assert bootstrap_interval(fit, None, histories, 12) is None


@pytest.mark.parametrize("resamples", [0, 19, 200_000])
def test_too_few_or_too_many_resamples_are_refused(resamples: int) -> None:
    fit = BgNbdFit(r=1, alpha=1, a=1, b=1)
    with pytest.raises(InvalidArgumentError, match="resamples must be at least 20 and at most"):
        resampled_fits(fit, [1], [1], [2], resamples=resamples)


def test_a_month_beyond_the_last_is_refused(histories: CustomerHistories) -> None:
    h = histories
    fit = fit_bg_nbd(h.frequency, h.recency, h.T, time_unit="week")
    drawn = bootstrap_interval(fit, None, h, 3, resamples=20)
    assert drawn is not None
    with pytest.raises(InvalidArgumentError, match="month must be 1 to 3"):
        drawn.bounds(4)
