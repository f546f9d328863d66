"""Retention under contract: published figures, laws, recovery, and honesty on small data."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from clv_xl.arrays import Floats
from clv_xl.errors import InvalidArgumentError
from clv_xl.models.contract_value import (
    sbg_derl,
    sbg_derl_elasticity,
    sbg_retention,
    sbg_survival,
    sbg_value,
    sbg_value_elasticity,
)
from clv_xl.models.customer_base import customer_base_elasticity, customer_base_value
from clv_xl.models.purchase_models import Status
from clv_xl.models.renewal_counts import renewal_counts
from clv_xl.models.shifted_beta_geometric import (
    ShiftedBetaGeometricFit,
    fit_shifted_beta_geometric,
)
from clv_xl.models.shifted_beta_geometric_likelihood import ShiftedBetaGeometricLikelihood
from tests.models.contract_samples import COHORTS, HIGH_END, LATER, mixed_cohort, with_one_churn

shapes = st.floats(-3, 4).map(lambda power: 10**power)
discounts = st.floats(0.001, 0.95)


# Published figures.


def test_the_published_cohort_gives_the_published_fit_and_projection() -> None:
    fit = fit_shifted_beta_geometric(HIGH_END)
    assert fit.alpha == pytest.approx(0.66809, abs=5e-4)
    assert fit.beta == pytest.approx(3.80609, abs=5e-4)
    assert fit.status is Status.OK
    assert_allclose(
        fit.survival(np.arange(8, 13)), [0.4604, 0.4358, 0.4142, 0.3951, 0.3780], atol=5e-5
    )
    assert np.abs(1000 * fit.survival(np.arange(8, 13)) - LATER).max() < 20


def test_the_published_residual_lifetimes_come_out() -> None:
    lifetimes = fit_shifted_beta_geometric(HIGH_END).residual_lifetime([1, 2, 3, 4, 5, 8], 0.1)
    assert_allclose(lifetimes, [5.4145, 5.9014, 6.2939, 6.6199, 6.8967, 7.5296], atol=1e-4)


def test_cohorts_of_different_length_give_the_published_fit() -> None:
    fit = fit_shifted_beta_geometric(COHORTS)
    assert fit.alpha == pytest.approx(3.798, abs=5e-4)
    assert fit.beta == pytest.approx(15.192, abs=5e-4)
    assert (fit.customers, fit.cohorts, fit.periods) == (40_000, 4, 4)
    assert_allclose(
        sbg_derl(3.80, 15.20, [1, 2, 3, 4, 5], 0.1),
        [3.3098, 3.4510, 3.5865, 3.7168, 3.8421],
        atol=5e-5,
    )


def test_the_published_base_is_undervalued_by_a_pooled_rate() -> None:
    base = customer_base_value(3.80, 15.20, [*COHORTS, [10_000]], 1, 0.1)
    assert round(base.value) == 120_543
    assert round(base.value_at_pooled_retention) == 103_875
    assert 1 - base.value_at_pooled_retention / base.value == pytest.approx(0.14, abs=0.005)


@pytest.mark.parametrize("retention", [0.6, 0.7, 0.8, 0.9])
def test_customers_who_are_all_alike_are_worth_the_closed_form(retention: float) -> None:
    alike = (1e9 * (1 - retention), 1e9 * retention)
    assert sbg_value(*alike, 100, 0.1) == pytest.approx(110 / (1.1 - retention))
    assert sbg_derl(*alike, 5, 0.1) == pytest.approx(1.1 * retention / (1.1 - retention))
    assert sbg_derl_elasticity(*alike, 5, 0.1) == pytest.approx(1.1 / (1.1 - retention))
    assert sbg_value_elasticity(*alike, 0.1) == pytest.approx(retention / (1.1 - retention))


# Laws.


@given(shapes, shapes, st.integers(1, 10_000))
def test_retention_rises_and_survival_falls_with_age(alpha: float, beta: float, t: int) -> None:
    first, second = sbg_retention(alpha, beta, [t, t + 1])
    assert 0 < first < 1 or alpha < 1e-9 * beta
    assert first <= second
    before, after = sbg_survival(alpha, beta, [t - 1, t])
    assert 0 <= after <= before <= 1
    assert after == pytest.approx(before * first, rel=1e-9, abs=1e-300)


def test_parameters_however_small_keep_their_proportion() -> None:
    assert sbg_retention(1e-30, 3e-30, 1) == pytest.approx(0.75)
    assert sbg_survival(1e-30, 3e-30, 50) == pytest.approx(0.75)
    assert sbg_derl(1e-30, 3e-30, 1, 0.25) == pytest.approx(0.75 * 1.25 / 0.25)


def test_nobody_has_left_at_time_0() -> None:
    assert sbg_survival([1e-3, 1, 1e4], [1e4, 1, 1e-3], 0).tolist() == [1, 1, 1]


@given(shapes, shapes, st.integers(1, 50), discounts)
def test_residual_lifetime_grows_with_tenure_within_its_bounds(
    alpha: float, beta: float, n: int, d: float
) -> None:
    now, next_year, much_later = sbg_derl(alpha, beta, [n, n + 1, n + 1000], d)
    assert now <= next_year * (1 + 1e-12) <= much_later * (1 + 2e-12)
    retention = sbg_retention(alpha, beta, n)
    assert now <= (1 + d) / d * (1 + 1e-12), "somebody who stays for ever"
    constant = retention * (1 + d) / (1 + d - retention)
    assert now >= constant * (1 - 1e-12), "the retention will not fall below today's"


@given(shapes, shapes, st.integers(1, 50), discounts)
def test_a_renewal_made_is_worth_its_payment_and_the_rest(
    alpha: float, beta: float, n: int, d: float
) -> None:
    now, after = sbg_derl(alpha, beta, [n, n + 1], d)
    assert now == pytest.approx(sbg_retention(alpha, beta, n) * (1 + after / (1 + d)), rel=1e-9)


@given(shapes, shapes, discounts)
def test_the_elasticity_is_the_slope_of_the_value(alpha: float, beta: float, d: float) -> None:
    # More retention in each period counts as less discount in each: S(t)·kᵗ/(1+d)ᵗ.
    step = 1e-5
    up, down = ((1 + d) / (1 + sign * step) - 1 for sign in (1, -1))
    slope = (sbg_value(alpha, beta, 1, up) - sbg_value(alpha, beta, 1, down)) / (2 * step)
    relative = slope / sbg_value(alpha, beta, 1, d)
    assert sbg_value_elasticity(alpha, beta, d) == pytest.approx(relative, rel=1e-4, abs=1e-8)
    # The sum of those to come begins undiscounted, but its first renewal counts k times too.
    more, less = (
        (1 + step) * sbg_derl(alpha, beta, 3, up),
        (1 - step) * sbg_derl(alpha, beta, 3, down),
    )
    relative = (more - less) / (2 * step) / sbg_derl(alpha, beta, 3, d)
    assert sbg_derl_elasticity(alpha, beta, 3, d) == pytest.approx(relative, rel=1e-4)


def test_the_base_is_as_elastic_as_its_customers() -> None:
    one_age = [[100, 80, 65]]
    elasticity = customer_base_elasticity(3.8, 15.2, one_age, 0.1)
    assert elasticity == pytest.approx(sbg_derl_elasticity(3.8, 15.2, 3, 0.1))
    mixed = customer_base_elasticity(3.8, 15.2, COHORTS, 0.1)
    younger, older = sbg_derl_elasticity(3.8, 15.2, [2, 5], 0.1)
    assert younger < mixed < older


def test_without_discount_the_expected_lifetime_is_finite_only_above_1() -> None:
    assert sbg_derl(3, 10, 1, 0) == pytest.approx(10 / 2)
    assert sbg_value(3, 10, 100, 0) == pytest.approx(100 * 12 / 2)
    with pytest.raises(InvalidArgumentError, match="alpha must be above 1 where discount_per"):
        sbg_derl(1, 10, 1, 0)
    with pytest.raises(InvalidArgumentError, match="alpha must be above 1 where discount_per"):
        sbg_value(0.5, 10, 100, 0)
    with pytest.raises(InvalidArgumentError, match=r"got 0.5 \(row 2\)"):
        sbg_derl([3, 0.5], 10, 1, 0)
    with pytest.raises(InvalidArgumentError, match="alpha must be above 2"):
        sbg_value_elasticity(1.5, 10, 0)


# The fit.


def test_gradient_and_hessian_are_the_derivatives() -> None:
    likelihood = ShiftedBetaGeometricLikelihood(renewal_counts(COHORTS))
    parameters = np.array([0.7, 4.0])
    here = likelihood(parameters)
    for place, step in enumerate(1e-5 * np.eye(2)):
        up, down = likelihood(parameters * np.exp(step)), likelihood(parameters * np.exp(-step))
        assert here.gradient[place] == pytest.approx((up.value - down.value) / 2e-5, rel=1e-6)
        assert_allclose(here.hessian[place], (up.gradient - down.gradient) / 2e-5, rtol=1e-6)


def test_the_likelihood_is_that_of_the_published_form() -> None:
    alpha, beta = 0.9, 3.1
    at = sbg_survival(alpha, beta, np.arange(len(HIGH_END)))
    lost = -np.diff(HIGH_END)
    published = lost @ np.log(-np.diff(at)) + HIGH_END[-1] * np.log(at[-1])
    ours = ShiftedBetaGeometricLikelihood(renewal_counts(HIGH_END))(np.array([alpha, beta]))
    assert ours.value == pytest.approx(published, rel=1e-12)


@pytest.mark.parametrize("truth", [(0.7, 3.8), (3.8, 15.2), (0.2, 0.6), (1.0, 1.0), (2.0, 30.0)])
def test_the_true_parameters_are_recovered_within_their_errors(truth: tuple[float, float]) -> None:
    random = np.random.default_rng(7)
    cohorts = [mixed_cohort(random, 20_000, truth, periods) for periods in (12, 9, 5)]
    fit = fit_shifted_beta_geometric(cohorts)
    assert fit.status is Status.OK
    for (name, estimate), value in zip(fit.parameters.items(), truth, strict=True):
        assert abs(estimate - value) < 3 * fit.standard_errors[name], name
    low, high = fit.survival_interval([1, 5, 30], level=0.999) or (0, 0)
    true = sbg_survival(*truth, [1, 5, 30])
    assert ((low < true) & (true < high)).all()


def test_the_interval_of_the_curve_covers_the_truth_as_often_as_it_says() -> None:
    random = np.random.default_rng(13)
    truth, covered = (0.8, 3.0), []
    for _ in range(200):
        fit = fit_shifted_beta_geometric(mixed_cohort(random, 1000, truth, 7))
        low, high = fit.survival_interval(12) or (0, 1)
        covered.append(low <= sbg_survival(*truth, 12) <= high)
    assert 0.90 <= np.mean(covered) <= 0.98


def test_one_cohort_in_parts_is_the_cohort() -> None:
    parts = [[600, 500, 400], [400, 369, 343]]
    whole = np.sum(parts, axis=0)
    assert fit_shifted_beta_geometric(parts).parameters == pytest.approx(
        fit_shifted_beta_geometric(whole).parameters, rel=1e-9
    )
    blank = [[600, 500, None], [400, 369, 343], [None, None, None], [0, 0, None]]
    assert fit_shifted_beta_geometric(blank).customers == 1000


def test_more_customers_of_the_same_kind_shrink_the_errors_and_nothing_else() -> None:
    one, hundred = (fit_shifted_beta_geometric(n * np.array(HIGH_END)) for n in (1, 100))
    assert hundred.parameters == pytest.approx(one.parameters, rel=1e-6)
    for name, error in one.standard_errors.items():
        assert hundred.standard_errors[name] == pytest.approx(error / 10, rel=1e-4)


@given(st.floats(0.02, 0.9), st.integers(2, 12), st.sampled_from([1e3, 1e5, 1e7]))
def test_a_constant_churn_is_on_the_boundary(churn: float, periods: int, size: float) -> None:
    survivors = with_one_churn(size, churn, periods)
    fit = fit_shifted_beta_geometric(survivors)
    assert fit.status is Status.BOUNDARY
    assert "geometric" in fit.note
    assert (fit.standard_errors, fit.covariance, fit.survival_interval(3)) == ({}, None, None)
    assert_allclose(fit.retention([1, periods]), 1 - churn, rtol=1e-4)


@pytest.mark.parametrize(
    "survivors", [[1000, 950, 850, 700, 500], [1000, 900, 700, 300, 50], [1000, 869, 743, 0, 0]]
)
def test_a_retention_that_falls_with_age_is_on_the_boundary_and_said_to_fall(
    survivors: list[float],
) -> None:
    fit = fit_shifted_beta_geometric(survivors)
    assert fit.status is Status.BOUNDARY
    assert "Retention falls with age" in fit.note
    assert "fits as well" not in fit.note


def test_customers_of_one_churn_are_not_said_to_leave_faster_with_age() -> None:
    random = np.random.default_rng(17)
    notes = [
        fit_shifted_beta_geometric(mixed_cohort(random, 800, (1e5, 9e5), 9)).note
        for _ in range(400)
    ]
    assert sum("falls with age" in note for note in notes) <= 4
    assert sum("leave at one rate" in note for note in notes) > 100


# Whether the model follows what was seen.


def test_the_published_cohorts_are_followed() -> None:
    for survivors in (HIGH_END, COHORTS, [1000, 631, 468, 382, 326, 289, 262, 241]):
        assert fit_shifted_beta_geometric(survivors).misfit is None


def test_true_cohorts_are_hardly_ever_said_not_to_be_followed() -> None:
    random, accused, judged = np.random.default_rng(1), 0, 0
    for _ in range(1000):
        size, longest = int(10 ** random.uniform(1.5, 4.5)), int(random.integers(2, 30))
        alpha, churn = 10 ** random.uniform(-0.7, 1), random.uniform(0.02, 0.5)
        shape = (alpha, alpha * (1 - churn) / churn)
        cohorts = [
            mixed_cohort(random, max(size // 6, 5), shape, periods)
            for periods in range(max(longest - 6, 1), longest + 1)
        ]
        fit = fit_shifted_beta_geometric(cohorts)
        judged += fit.status is Status.OK
        accused += fit.misfit is not None
    assert judged > 900
    assert accused <= 0.01 * judged


def test_customers_who_leave_in_waves_are_said_not_to_be_followed() -> None:
    survivors = [1000, 700, 690, 682, 400, 395, 391, 240, 237]
    fit = fit_shifted_beta_geometric(survivors)
    found = fit.misfit
    assert found is not None
    assert fit.status is Status.OK
    assert found.seen == pytest.approx(survivors[found.renewal] / 1000)
    assert found.expected == pytest.approx(fit.survival(found.renewal))
    gaps = np.abs(np.array(survivors) / 1000 - fit.survival(np.arange(9)))
    assert found.renewal == int(np.argmax(gaps))
    said = f"after renewal {found.renewal} {found.seen:.1%} were left"
    assert said in fit.note
    assert f"expects {found.expected:.1%}" in fit.note


def test_a_difference_of_less_than_2_points_is_none_however_many_show_it() -> None:
    slightly_off = np.array([1e7, 869e4, 743e4, 653e4, 593e4, 551e4, 517e4, 491e4])
    assert fit_shifted_beta_geometric(slightly_off).misfit is None


def test_customers_who_leave_at_once_or_never_are_said_to() -> None:
    fit = fit_shifted_beta_geometric([1000, 700, 700, 700, 700])
    assert fit.status is Status.BOUNDARY
    assert "stays for ever" in fit.note
    assert_allclose(fit.survival([1, 10]), 0.7, rtol=1e-6)


def test_few_late_losses_after_many_at_once_are_no_boundary() -> None:
    fit = fit_shifted_beta_geometric([1e6, 7e5, 699_990, 699_985, 699_981])
    assert fit.status is Status.OK
    assert fit.survival(1) == pytest.approx(0.7, abs=1e-4)


@pytest.mark.parametrize(
    ("survivors", "status"),
    [
        ([50, 50, 50], Status.TOO_FEW),
        ([5, 0], Status.TOO_FEW),
        ([1, 1], Status.TOO_FEW),
        ([1_000_000, 1_000_000], Status.TOO_FEW),
        ([50, 0], Status.BOUNDARY),
        ([50, 0, 0, 0], Status.BOUNDARY),
        ([1e9, 1e9 - 20], Status.BOUNDARY),
        ([20, 10], Status.BOUNDARY),
    ],
)
def test_degenerate_cohorts_get_a_finite_fit_that_says_so(
    survivors: list[float], status: Status
) -> None:
    fit = fit_shifted_beta_geometric(survivors)
    assert fit.status is status
    assert fit.note
    figures = [*fit.parameters.values(), fit.log_likelihood, fit.value(100, 0.1),
               fit.residual_lifetime(1, 0.1), fit.survival(12), fit.retention(1)]  # fmt: skip
    assert np.isfinite(figures).all()
    assert min(fit.parameters.values()) > 0


def test_five_hundred_small_cohorts_are_fitted_without_complaint() -> None:
    random = np.random.default_rng(5)
    seen = []
    for _ in range(500):
        size, periods = int(random.integers(5, 201)), int(random.integers(1, 11))
        alpha, mean = 10 ** random.uniform(-2, 4), random.uniform(0.02, 0.6)
        survivors = mixed_cohort(random, size, (alpha, alpha * (1 - mean) / mean), periods)
        fit = fit_shifted_beta_geometric(survivors)
        seen.append(fit.status)
        interval = fit.survival_interval([0, 1, 20])
        figures = [
            *fit.parameters.values(), fit.log_likelihood, *fit.standard_errors.values(),
            *fit.survival([0, 1, 5, 100]), *fit.retention([1, 100]), fit.value(100, 0.1),
            *fit.residual_lifetime([1, 9], 0.01), *np.ravel(interval or 0),
        ]  # fmt: skip
        assert np.isfinite(figures).all()
        assert min(*fit.parameters.values(), *fit.standard_errors.values(), 1) > 0
        assert bool(fit.standard_errors) == (fit.status is Status.OK)
        assert (fit.status is Status.OK and fit.misfit is None) == (fit.note == "")
        _assert_right_status(survivors, fit)
    assert set(seen) == set(Status)


def _assert_right_status(survivors: Floats, fit: ShiftedBetaGeometricFit) -> None:
    """Check the verdict against a search on a grid, which knows nothing of Newton's steps."""
    counts = renewal_counts(survivors)
    if fit.status is Status.TOO_FEW:
        assert counts.lost.sum() < 10
        return
    grid = np.logspace(-3, 5, 33)
    alpha, beta = np.meshgrid(grid, grid * counts.kept.sum() / counts.lost.sum())
    stay = beta[..., np.newaxis] + np.arange(len(counts.kept))
    renew = stay / (alpha[..., np.newaxis] + stay)
    best = (np.log1p(-renew) @ counts.lost + np.log(renew) @ counts.kept).max()
    assert best <= fit.log_likelihood + 1e-3, "nothing on the grid is better"
    lost, due = counts.lost.sum(), counts.due.sum()
    geometric = lost * math.log(lost / due) + (due - lost) * math.log(max(1 - lost / due, 1e-300))
    assert (fit.status is Status.OK) <= (fit.log_likelihood >= geometric + 1e-3)


def test_a_table_is_a_fit_again() -> None:
    fit = fit_shifted_beta_geometric(COHORTS)
    table = fit.table()
    rows = [list(table.columns), *table.to_numpy(dtype=object).tolist()]
    for held in (table, rows):
        again = ShiftedBetaGeometricFit.from_table(held)
        assert again.parameters == fit.parameters
        assert again.standard_errors == fit.standard_errors
        assert (again.customers, again.lost, again.periods, again.cohorts, again.status) == (
            fit.customers, fit.lost, fit.periods, fit.cohorts, fit.status,
        )  # fmt: skip
    typed = ShiftedBetaGeometricFit.from_table([["alpha", 0.66809], ["beta", "3.80609"]])
    assert typed.survival(8) == pytest.approx(0.4604, abs=5e-5)


def test_the_chances_to_leave_add_up_to_all_who_leave() -> None:
    fit = fit_shifted_beta_geometric(HIGH_END)
    losses = fit.loss_probability(np.arange(1, 41))

    assert losses.sum() == pytest.approx(1 - fit.survival(40), rel=1e-12)
    assert fit.loss_probability(1) == pytest.approx(fit.alpha / (fit.alpha + fit.beta), rel=1e-12)
    lost, left = -np.diff(HIGH_END), HIGH_END[-1] * np.log(fit.survival(7))
    assert lost @ np.log(losses[:7]) + left == pytest.approx(fit.log_likelihood, rel=1e-12)
    with pytest.raises(InvalidArgumentError, match="t must be at least 1"):
        fit.loss_probability(0)


def test_the_information_criteria_are_the_textbook_ones() -> None:
    fit = ShiftedBetaGeometricFit(alpha=1, beta=2, log_likelihood=-100, customers=50)
    assert fit.aic == 204
    assert fit.bic == pytest.approx(200 + 2 * np.log(50))


def test_other_parameters_make_another_fit_of_the_same_model() -> None:
    fit = fit_shifted_beta_geometric(HIGH_END)
    other = fit.with_parameters({"alpha": 3.8, "beta": 15.2})
    assert other.value_elasticity(0.1) == sbg_value_elasticity(3.8, 15.2, 0.1)
    assert other.residual_elasticity(2, 0.1) == sbg_derl_elasticity(3.8, 15.2, 2, 0.1)
    with pytest.raises(InvalidArgumentError, match="alpha must be above 0"):
        fit.with_parameters({"alpha": -1})


def test_the_interval_of_the_curve_holds_it_and_widens_with_the_level() -> None:
    fit = fit_shifted_beta_geometric(HIGH_END)
    ages = np.arange(20)
    ends = [np.array(fit.survival_interval(ages, level)) for level in (0.5, 0.9, 0.99)]
    for (low, high), (lower, higher) in pairwise(ends):
        assert (lower[1:] < low[1:]).all()
        assert (low[1:] < fit.survival(ages[1:])).all()
        assert (fit.survival(ages[1:]) < high[1:]).all()
        assert (high[1:] < higher[1:]).all()
    assert ends[0][:, 0].tolist() == [1, 1]


@pytest.mark.parametrize(
    ("survivors", "said"),
    [
        ([100, 90, 95], r"at most those of the period before, got 95 after 90 \(row 3\)"),
        ([[100, 90], [100, 90, 95]], r"got 95 after 90 \(row 2\)"),
        ([100], "then its survivors after each period, got 1 numbers"),
        ([], "got 0 numbers"),
        ([[100], [50]], "got 1 numbers"),
        ([1, 0.869, 0.743], "no shares, got 1"),
        ([0.9, 0.8], "no shares, got 0.9"),
        ([100, None, 80], r"an empty cell \(row 2\)"),
        ([100, -5], "at least 0, got -5"),
        (["many", 5], "must be a number, got 'many'"),
    ],
)
def test_what_is_no_cohort_is_refused(survivors: list[object], said: str) -> None:
    with pytest.raises(InvalidArgumentError, match=said):
        fit_shifted_beta_geometric(survivors)


def test_percentages_give_the_parameters_and_a_warning_about_their_errors() -> None:
    fit = fit_shifted_beta_geometric(np.array(HIGH_END) / 10)
    assert fit.alpha == pytest.approx(0.66809, abs=5e-4)
    assert "need counts of customers" in fit.note
