"""Survival from censored tenures: the textbook's laws, and lifelines as the oracle."""

import warnings
from types import ModuleType
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from clv_xl.arrays import Bools, Floats
from clv_xl.errors import DataError, InvalidArgumentError
from clv_xl.models.kaplan_meier import kaplan_meier
from clv_xl.models.log_rank import NO_GROUP, kaplan_meier_by_group, log_rank_test

rows = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=40)


class Members(NamedTuple):
    tenure: Floats
    churned: Bools
    weights: Floats
    plans: list[str]


def members(seed: int) -> Members:
    """Play customers of three plans who start at different times and are seen for a while."""
    random = np.random.default_rng(seed)
    size = int(random.integers(40, 400))
    plans = random.choice(["monthly", "yearly", "trial"], size)
    lifetime = random.weibull(random.uniform(0.6, 1.8), size) * random.uniform(5, 40)
    watched = random.uniform(0, random.uniform(20, 60), size)
    tenure = np.minimum(lifetime, watched)
    tenure = np.ceil(tenure) if seed % 2 else tenure  # with ties, and without
    weights = random.integers(1, 5, size).astype(np.float64)
    return Members(tenure, lifetime <= watched, weights, plans.tolist())


def lifelines() -> ModuleType:
    """Return the oracle, whose import and pandas calls warn."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pytest.importorskip("lifelines.statistics", reason="lifelines is not installed")
        module: ModuleType = pytest.importorskip("lifelines")
    return module


@pytest.mark.filterwarnings("ignore")  # of the oracle
@pytest.mark.parametrize("seed", range(8))
def test_curve_interval_median_and_mean_are_those_of_lifelines(seed: int) -> None:
    oracle = lifelines()
    tenure, churned, weights, _ = members(seed)
    theirs = oracle.KaplanMeierFitter(alpha=0.1).fit(tenure, churned, weights=weights)
    ours = kaplan_meier(tenure, churned, weights, level=0.9)
    assert_allclose(ours.tenure, theirs.survival_function_.index)
    assert_allclose(ours.survival, theirs.survival_function_.iloc[:, 0], atol=1e-12)
    ends = theirs.confidence_interval_.to_numpy()
    inside = (ours.survival > 0) & (ours.survival < 1)
    assert_allclose(np.stack(ours.interval)[:, inside], ends[inside].T, atol=1e-12)
    assert ours.median == theirs.median_survival_time_
    horizon = 0.7 * tenure.max()
    mean = oracle.utils.restricted_mean_survival_time(theirs, horizon)
    assert ours.restricted_mean(horizon).mean == pytest.approx(mean, rel=1e-9)


@pytest.mark.filterwarnings("ignore")  # of the oracle
@pytest.mark.parametrize("seed", range(8))
def test_the_log_rank_test_is_that_of_lifelines(seed: int) -> None:
    oracle = lifelines()
    tenure, churned, weights, plans = members(seed)
    theirs = oracle.statistics.multivariate_logrank_test(tenure, plans, churned, weights=weights)
    ours = log_rank_test(tenure, churned, plans, weights)
    assert ours.statistic == pytest.approx(theirs.test_statistic, rel=1e-9)
    assert ours.p_value == pytest.approx(theirs.p_value, rel=1e-9)
    assert ours.degrees_of_freedom == 2
    assert sum(ours.observed) == pytest.approx(sum(ours.expected))


# Laws.


@given(rows)
def test_the_curve_falls_from_1_and_its_interval_holds_it(
    given_rows: list[tuple[int, bool]],
) -> None:
    tenure, churned = zip(*given_rows, strict=True)
    curve = kaplan_meier(tenure, churned)
    low, high = curve.interval
    figures = curve.table().to_numpy()
    assert np.isfinite(figures).all()
    assert (np.diff(curve.survival) <= 0).all()
    assert curve.tenure[0] == 0
    assert ((low >= 0) & (low <= curve.survival)).all()
    assert ((curve.survival <= high) & (high <= 1)).all()
    assert curve.churned.sum() + curve.censored.sum() == len(tenure)
    assert_allclose(curve.at_risk, [sum(t >= moment for t in tenure) for moment in curve.tenure])
    last = curve.survival[-1]
    assert (last == 0) == all(gone for t, gone in given_rows if t == max(tenure))


@given(st.lists(st.tuples(st.integers(0, 12), st.booleans(), st.integers(0, 4)), min_size=1,
                max_size=30).filter(lambda rows: any(row[2] for row in rows)))  # fmt: skip
def test_weights_stand_for_repeated_rows(given_rows: list[tuple[int, bool, int]]) -> None:
    tenure, churned, weights = (np.array(column) for column in zip(*given_rows, strict=True))
    weighted = kaplan_meier(tenure, churned, weights)
    repeated = kaplan_meier(np.repeat(tenure, weights), np.repeat(churned, weights))
    assert_allclose(weighted.table().to_numpy(), repeated.table().to_numpy(), atol=1e-12)
    assert weighted.median == repeated.median


@given(st.lists(st.integers(0, 12), min_size=1, max_size=40), st.integers(1, 15))
def test_without_censoring_all_is_as_in_a_plain_sample(tenures: list[int], horizon: int) -> None:
    sample = np.array(tenures)
    curve = kaplan_meier(sample, np.ones(len(sample)))
    share = np.array([(sample > moment).mean() for moment in curve.tenure])
    assert_allclose(curve.survival, share, atol=1e-12)
    assert_allclose(curve.standard_error, np.sqrt(share * (1 - share) / len(sample)), atol=1e-9)
    mean = curve.restricted_mean(horizon)
    cut = np.minimum(sample, horizon)
    assert mean.mean == pytest.approx(cut.mean(), abs=1e-9)
    assert mean.standard_error == pytest.approx(cut.std() / np.sqrt(len(sample)), abs=1e-7)


@given(rows, st.floats(0.1, 100))
def test_another_unit_of_time_changes_only_the_unit(
    given_rows: list[tuple[int, bool]], factor: float
) -> None:
    tenure, churned = (np.array(column) for column in zip(*given_rows, strict=True))
    one, other = kaplan_meier(tenure, churned), kaplan_meier(tenure * factor, churned)
    assert_allclose(one.survival, other.survival)
    means = one.restricted_mean(), other.restricted_mean()
    assert means[1].mean == pytest.approx(means[0].mean * factor)
    assert means[1].standard_error == pytest.approx(means[0].standard_error * factor)
    assert other.median == pytest.approx(one.median * factor)


def test_nobody_lost_is_a_curve_of_1_without_a_median() -> None:
    curve = kaplan_meier([3, 5], [0, 0])
    assert curve.survival.tolist() == [1, 1, 1]
    assert curve.median == np.inf
    assert curve.median_interval == (np.inf, np.inf)
    mean = curve.restricted_mean(5)
    assert (mean.mean, mean.standard_error) == (5, 0)


def test_all_lost_at_once_leaves_nobody_and_no_nan() -> None:
    curve = kaplan_meier([4, 4, 4], [1, 1, 1])
    assert curve.table().iloc[-1].tolist() == [4, 3, 3, 0, 0, 0, 0, 1]
    assert curve.survival_at([0, 3.9, 4, 99]).tolist() == [1, 1, 0, 0]
    assert curve.restricted_mean(10).mean == 4


def test_where_nobody_is_left_the_high_end_is_the_one_before() -> None:
    low, high = kaplan_meier([2, 4, 6], [1, 1, 1]).interval
    assert low[-1] == 0
    assert high[-1] == high[-2] < 1


def test_the_median_has_an_interval_around_it() -> None:
    tenure, churned, *_ = members(1)
    curve = kaplan_meier(tenure, churned)
    low, high = curve.median_interval
    assert low < curve.median < high
    assert kaplan_meier(tenure, churned, level=0.5).median_interval[0] > low


def test_the_errors_are_those_of_repeated_samples() -> None:
    random = np.random.default_rng(4)
    seen, told = [], []
    for _ in range(400):
        lifetime, watched = random.exponential(10, 150), random.uniform(5, 30, 150)
        tenure = np.minimum(lifetime, watched)
        curve = kaplan_meier(tenure, lifetime <= watched)
        if tenure.max() < 20:
            continue
        mean = curve.restricted_mean(20)
        seen.append((mean.mean, curve.survival_at(10)))
        at_ten = curve.standard_error[np.searchsorted(curve.tenure, 10, side="right") - 1]
        told.append((mean.standard_error, at_ten))
    assert len(seen) == 400
    assert_allclose(np.mean(seen, axis=0), [10 * (1 - np.exp(-2)), np.exp(-1)], rtol=0.02)
    assert_allclose(np.std(seen, axis=0), np.mean(told, axis=0), rtol=0.12)


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    random = np.random.default_rng(6)
    covered = []
    for _ in range(500):
        lifetime, watched = random.exponential(10, 60), random.uniform(2, 25, 60)
        curve = kaplan_meier(np.minimum(lifetime, watched), lifetime <= watched, level=0.9)
        at = np.searchsorted(curve.tenure, 8, side="right") - 1
        low, high = curve.interval
        covered.append(low[at] <= np.exp(-0.8) <= high[at])
    assert 0.86 < np.mean(covered) < 0.94


def test_five_hundred_small_tables_give_finite_figures() -> None:
    random = np.random.default_rng(9)
    for _ in range(500):
        size = int(random.integers(1, 60))
        tenure = random.integers(0, random.integers(1, 20), size)
        churned = random.random(size) < random.choice([0, 0.05, 0.5, 0.95, 1])
        weights = random.choice([0.1, 0.5, 1.0, 3.0], size)
        curve = kaplan_meier(tenure, churned, weights)
        assert np.isfinite(curve.table().to_numpy()).all()
        mean = curve.restricted_mean()
        assert 0 <= mean.mean <= tenure.max()
        assert np.isfinite(mean.standard_error)


# Groups.


def test_each_group_has_its_own_curve_in_the_order_of_appearance() -> None:
    tenure, churned, weights, plans = members(3)
    curves = kaplan_meier_by_group(tenure, churned, plans, weights, level=0.8)
    assert list(curves) == list(dict.fromkeys(plans))
    rows = np.array(plans) == "trial"
    alone = kaplan_meier(tenure[rows], churned[rows], weights[rows], level=0.8)
    assert_allclose(curves["trial"].table().to_numpy(), alone.table().to_numpy())


def test_a_blank_group_has_a_name() -> None:
    curves = kaplan_meier_by_group([1, 2, 3, 4], [1, 1, 1, 1], ["a", None, " ", float("nan")])
    assert list(curves) == ["a", NO_GROUP]


def test_groups_that_do_not_differ_are_rejected_as_often_as_chance_has_it() -> None:
    random = np.random.default_rng(10)
    small = []
    for _ in range(400):
        tenure, churned = random.exponential(10, 80), random.random(80) < 0.7
        small.append(log_rank_test(tenure, churned, random.choice(["a", "b"], 80)).p_value < 0.1)
    assert 0.06 < np.mean(small) < 0.14


@pytest.mark.parametrize("groups", [["a", "a", "a"], ["a", "b", "b"]])
def test_groups_that_were_never_there_together_cannot_be_compared(groups: list[str]) -> None:
    with pytest.raises(DataError, match="nobody was lost while two groups had customers left"):
        log_rank_test([1, 5, 6], [0, 1, 1], groups)


# What is refused.


@pytest.mark.parametrize("flag", [True, 1, 1.0, "TRUE", " true ", "1", np.True_])
def test_churned_is_read_in_every_form(flag: object) -> None:
    assert kaplan_meier([3, 5], [flag, 0]).churned.tolist() == [0, 1, 0]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (([3, -1], [1, 0]), r"tenure must be at least 0, got -1 \(row 2\)"),
        (([3, None], [1, 0]), "tenure must be at least 0, got an empty cell"),
        (([3, 5], [1, 2]), r"churned must be 1 or TRUE .* got 2 \(row 2\)"),
        (([3, 5], [1, None]), r"an empty cell \(row 2\)"),
        (([3, 5], ["yes", "no"]), "got yes"),
        (([3, 5], [1]), "churned must be as long as tenure"),
        (([3, 5], [1, 0], [1]), "weights must be as long as tenure"),
        (([3, 5], [1, 0], [1, -1]), "weights must be at least 0"),
        (([3, 5], [1, 0], None, 95), r"level must be .* got 95 \(did you mean 0.95\?\)"),
    ],
)
def test_columns_that_are_no_tenures_are_refused(
    columns: tuple[list[object], ...], said: str
) -> None:
    with pytest.raises(InvalidArgumentError, match=said):
        kaplan_meier(*columns)  # type: ignore[arg-type] # that is the point


def test_no_customer_is_refused() -> None:
    with pytest.raises(DataError, match="hold no customer"):
        kaplan_meier([3, 5], [1, 0], [0, 0])
    with pytest.raises(DataError, match="hold no customer"):
        kaplan_meier([], [])


def test_a_horizon_beyond_what_was_seen_is_refused() -> None:
    curve = kaplan_meier([3, 5], [1, 0])
    with pytest.raises(InvalidArgumentError, match="at most 5, the longest tenure seen"):
        curve.restricted_mean(6)
    with pytest.raises(InvalidArgumentError, match="horizon must be above 0"):
        curve.restricted_mean(0)
