"""Fits of segments: between the fit to all and one of their own, with no cliff between the two."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from clv_xl.arrays import Floats, Ints
from clv_xl.errors import InvalidArgumentError
from clv_xl.models.beta_geometric import BetaGeometricLikelihood
from clv_xl.models.bg_bb import fit_bg_bb
from clv_xl.models.bg_nbd import fit_bg_nbd
from clv_xl.models.mbg_nbd import MbgNbdFit, fit_mbg_nbd
from clv_xl.models.pareto_nbd import fit_pareto_nbd
from clv_xl.models.purchase_models import Status
from clv_xl.models.segment_fits import fit_segments, segment_fits
from clv_xl.models.unique_rows import collapsed
from tests.models.customer_samples import (
    Customers,
    simulated,
    simulated_opportunities,
    simulated_pareto,
)

TRUTH = (0.6, 60.0, 0.8, 2.0)
FITTERS: dict[str, Callable[..., Any]] = {
    "BG/NBD": fit_bg_nbd,
    "MBG/NBD": fit_mbg_nbd,
    "Pareto/NBD": fit_pareto_nbd,
    "BG/BB": fit_bg_bb,
}
YEAR = 365.25


def joined(parts: list[Customers]) -> tuple[Customers, Ints]:
    """Return the customers of all segments, and the segment of each."""
    columns = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Customers(*columns), np.repeat(np.arange(len(parts)), [len(part.T) for part in parts])


def drawn(model: str, random: np.random.Generator, size: int, spread: float) -> Customers:
    """Return customers whose segment differs from the usual one by `spread`, on the log scale."""
    if model == "BG/BB":
        usual = np.array([1.2, 0.75, 0.66, 2.8])
        shifted = usual * np.exp(random.normal(0, spread, 4))
        return simulated_opportunities(random, size, tuple(shifted))
    if model == "Pareto/NBD":
        shifted = np.array([0.6, 60.0, 0.7, 80.0]) * np.exp(random.normal(0, spread, 4))
        return simulated_pareto(random, size, tuple(shifted))
    shifted = np.array(TRUTH) * np.exp(random.normal(0, spread, 4))
    return simulated(random, size, tuple(shifted), drops_at_once=model == "MBG/NBD")


def test_small_segments_are_predicted_better_than_alone_or_as_all() -> None:
    random = np.random.default_rng(20)
    squares = []
    for _ in range(12):
        truths = [tuple(np.array(TRUTH) * np.exp(random.normal(0, 0.3, 4))) for _ in range(16)]
        sizes = [30, 60] * 8
        parts = [
            simulated(random, size, truth, drops_at_once=True)
            for size, truth in zip(sizes, truths, strict=True)
        ]
        customers, codes = joined(parts)
        pooled = fit_mbg_nbd(*customers)
        shrunk = segment_fits(pooled, codes, range(16), *customers).fits
        for truth, part, fit in zip(truths, parts, shrunk, strict=True):
            true = MbgNbdFit(**dict(zip(fit.parameter_names, truth, strict=True)))
            known = [
                m.expected_purchases_new(YEAR) for m in (true, fit, fit_mbg_nbd(*part), pooled)
            ]
            squares.append((np.array(known[1:]) - known[0]) ** 2)
    by_shrinkage, alone, as_all = np.mean(squares, axis=0)
    assert by_shrinkage < 0.8 * alone
    assert by_shrinkage < 0.8 * as_all


@pytest.mark.parametrize("model", list(FITTERS))
def test_a_segment_goes_from_all_to_its_own_fit_as_it_grows(model: str) -> None:
    random = np.random.default_rng(5)
    parts = [drawn(model, random, 3_000, 0.0), drawn(model, random, 3_000, 0.5)]
    customers, codes = joined(parts)
    pooled, own = FITTERS[model](*customers), FITTERS[model](*parts[1])
    seen, shares = [], []
    for weight in (1e-6, 1e-3, 0.01, 0.1, 1.0, 10.0, 1e3):
        weights = np.where(codes == 1, weight, 1.0)
        found = segment_fits(pooled, codes, ["usual", "other"], *customers, weights, in_common=100)
        seen.append(list(found.named("other").parameters.values()))
        shares.append(found.own_shares[1])
    assert_allclose(seen[0], list(pooled.parameters.values()), rtol=1e-3)
    assert_allclose(seen[-1], list(own.parameters.values()), rtol=1e-3)
    assert (np.diff(shares) > 0).all()
    assert shares[0] < 1e-4
    assert shares[-1] > 0.999


@pytest.mark.parametrize("model", list(FITTERS))
def test_as_many_customers_as_are_in_common_have_half_a_say(model: str) -> None:
    customers = drawn(model, np.random.default_rng(5), 3_000, 0.0)
    weights = np.full(3_000, 100 / 3_000)
    pooled, codes = FITTERS[model](*customers), np.zeros(3_000, dtype=np.int64)
    found = segment_fits(pooled, codes, ["all"], *customers, weights, in_common=100)
    assert found.own_shares[0] == pytest.approx(0.5, abs=0.03)


def test_one_customer_more_moves_a_segment_a_little() -> None:
    random = np.random.default_rng(3)
    parts = [drawn("MBG/NBD", random, 2_000, 0.0), drawn("MBG/NBD", random, 120, 0.5)]
    customers, codes = joined(parts)
    pooled = fit_mbg_nbd(*customers)
    expected = []
    for last in range(2_080, 2_121):
        some = Customers(*(column[:last] for column in customers))
        found = segment_fits(pooled, codes[:last], ["usual", "other"], *some)
        expected.append(found.named("other").expected_purchases_new(YEAR))
    assert np.abs(np.diff(np.log(expected))).max() < 0.12


def test_segments_drawn_by_lot_stay_with_all() -> None:
    random = np.random.default_rng(8)
    moved = []
    for _ in range(20):
        customers = drawn("MBG/NBD", random, 1_000, 0.0)
        pooled = fit_mbg_nbd(*customers)
        found = segment_fits(pooled, random.integers(0, 10, 1_000), range(10), *customers)
        expected = [fit.expected_purchases_new(YEAR) for fit in found.fits]
        moved += list(np.log(expected) - np.log(pooled.expected_purchases_new(YEAR)))
    assert np.sqrt(np.mean(np.square(moved))) < 0.06  # a fit of its own: 0.3


def test_segments_that_are_alike_have_the_parameters_of_all() -> None:
    part = drawn("MBG/NBD", np.random.default_rng(8), 500, 0.0)
    customers, codes = joined([part, part, part])
    pooled = fit_mbg_nbd(*customers)
    found = segment_fits(pooled, codes, "abc", *customers)
    assert np.isinf(found.in_common).all()
    assert not found.own_shares.any()
    for fit in found.fits:
        assert_allclose(list(fit.parameters.values()), list(pooled.parameters.values()))
        assert fit.customers == 500
        assert 3 * fit.log_likelihood == pytest.approx(pooled.log_likelihood)


def test_a_segment_without_customers_has_the_parameters_of_all() -> None:
    random = np.random.default_rng(4)
    customers, codes = joined([drawn("MBG/NBD", random, 400, 0.6) for _ in range(3)])
    pooled = fit_mbg_nbd(*customers)
    found = segment_fits(pooled, codes, range(4), *customers)
    assert_allclose(
        list(found.fits[3].parameters.values()), list(pooled.parameters.values()), rtol=1e-12
    )
    assert found.own_shares[3] == pytest.approx(0, abs=1e-9)
    assert found.fits[3].customers == 0
    assert (found.own_shares[:3] > 0.5).all()


def test_a_shrunk_fit_is_the_maximum_of_likelihood_and_prior() -> None:
    random = np.random.default_rng(11)
    parts = [drawn("MBG/NBD", random, 800, 0.0), drawn("MBG/NBD", random, 40, 0.5)]
    customers, codes = joined(parts)
    pooled = fit_mbg_nbd(*customers)
    assert pooled.covariance is not None
    fit = segment_fits(pooled, codes, range(2), *customers, in_common=60).fits[1]
    precision = np.linalg.inv(pooled.covariance) * 60 / 840
    centre = np.log(list(pooled.parameters.values()))

    def objective(logs: Floats) -> float:
        likelihood = BetaGeometricLikelihood(collapsed(*parts[1], None), 1)
        gap = logs - centre
        return likelihood(np.exp(logs)).value - float(gap @ precision @ gap) / 2

    here = np.log(list(fit.parameters.values()))
    best = objective(here)
    for step in 0.01 * np.vstack([np.eye(4), -np.eye(4)]):
        assert objective(here + step) < best


@pytest.mark.parametrize("model", list(FITTERS))
def test_fifty_dirty_shops_have_finite_segments(model: str) -> None:
    random = np.random.default_rng(6)
    statuses = set()
    for _ in range(50):
        sizes = random.integers(1, 60, int(random.integers(1, 6)))
        parts = [drawn(model, random, int(size), random.choice([0.0, 0.5, 1.5])) for size in sizes]
        customers, codes = joined(parts)
        pooled = FITTERS[model](*customers)
        found = segment_fits(pooled, codes, range(len(sizes)), *customers)
        statuses.add(pooled.status)
        assert ((found.own_shares >= 0) & (found.own_shares <= 1)).all()
        for fit, size in zip(found.fits, sizes, strict=True):
            expected = fit.expected_purchases_new(12)
            assert np.isfinite([*fit.parameters.values(), fit.log_likelihood, expected]).all()
            assert expected >= 0
            assert fit.status is pooled.status
            assert (fit.covariance is None) or pooled.status is Status.OK
            assert fit.customers == size
    assert statuses == set(Status)


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 10_000))
def test_segments_are_the_same_in_days_and_in_weeks(seed: int) -> None:
    random = np.random.default_rng(seed)
    customers, codes = joined([drawn("Pareto/NBD", random, 150, 0.3) for _ in range(3)])
    x, t_x, age = customers
    days = segment_fits(fit_pareto_nbd(x, t_x, age), codes, range(3), x, t_x, age)
    weeks = fit_pareto_nbd(x, t_x / 7, age / 7, time_unit="week")
    by_weeks = segment_fits(weeks, codes, range(3), x, t_x / 7, age / 7)
    if days.fits[0].status is Status.OK:
        assert_allclose(by_weeks.own_shares, days.own_shares, atol=1e-3)
        for a, b in zip(days.fits, by_weeks.fits, strict=True):
            yearly = float(a.expected_purchases_new(YEAR))
            assert b.expected_purchases_new(YEAR / 7) == pytest.approx(yearly, rel=1e-3)
            assert b.time_unit == "week"


def test_the_table_names_each_segment_and_says_what_is_its_own() -> None:
    random = np.random.default_rng(2)
    customers, codes = joined([drawn("MBG/NBD", random, size, 0.5) for size in (400, 40)])
    names = np.array(["shop", "fair"])[codes]
    pooled = fit_mbg_nbd(*customers)
    found = fit_segments(pooled, names, *customers)
    table = found.table()
    assert table["segment"].tolist() == ["shop", "fair"]
    assert table["customers"].tolist() == [400, 40]
    assert table["own_share"].is_monotonic_decreasing
    fair = found.named("fair")
    assert table["r"].tolist()[1] == fair.r
    assert f"{100 * found.own_shares[1]:.0f} % of what is known here" in fair.note
    assert fair.status is Status.OK
    assert fair.standard_errors["r"] > 0


def test_columns_of_unlike_lengths_are_refused() -> None:
    pooled = MbgNbdFit(r=0.5, alpha=40, a=0.8, b=2.0)
    with pytest.raises(InvalidArgumentError, match="segments must be as long as frequency"):
        fit_segments(pooled, ["shop"], [0, 1], [0, 5], [9, 9])
    with pytest.raises(InvalidArgumentError, match="in_common must be above 0, got 0"):
        fit_segments(pooled, ["a", "b"], [0, 1], [0, 5], [9, 9], in_common=0)
