"""What holds for every purchase model: one protocol, whatever is inside."""

import warnings
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from clv_xl.errors import InvalidArgumentError
from clv_xl.models.bg_bb import BgBbFit, fit_bg_bb
from clv_xl.models.bg_nbd import BgNbdFit, fit_bg_nbd
from clv_xl.models.fitted_purchases import FittedPurchases
from clv_xl.models.mbg_nbd import MbgNbdFit, fit_mbg_nbd
from clv_xl.models.model_names import FITTERS, MODELS, NAMES
from clv_xl.models.pareto_nbd import ParetoNbdFit, fit_pareto_nbd
from clv_xl.models.predicted_value import CustomerHistories
from clv_xl.models.prediction_interval import total_interval
from clv_xl.models.purchase_models import Status
from tests.models.customer_samples import (
    Customers,
    cdnow,
    lifetimes,
    simulated,
    simulated_opportunities,
    simulated_pareto,
)

History = tuple[float, float, float]
Shape = tuple[float, float, float, float]
Random = np.random.Generator


class Case(NamedTuple):
    """A model with ways to play it: small shops, and shops without dropout."""

    kind: type[FittedPurchases]
    fitter: Callable[..., FittedPurchases]
    play: Callable[[Random, int, Shape], Customers]
    shapes: Sequence[Sequence[float]]
    stays: Shape
    alike: Shape


def _bg(random: Random, size: int, shape: Shape) -> Customers:
    return simulated(random, size, shape, drops_at_once=False)


def _mbg(random: Random, size: int, shape: Shape) -> Customers:
    return simulated(random, size, shape, drops_at_once=True)


_BETA = ([0.3, 2, 50], [20, 200, 2000], [0.3, 3, 50], [1, 8, 200])
CASES = [
    Case(BgNbdFit, fit_bg_nbd, _bg, _BETA, (1.5, 60, 1e-6, 1.0), (1e5, 4e6, 0.9, 2.0)),
    Case(MbgNbdFit, fit_mbg_nbd, _mbg, _BETA, (1.5, 60, 1e-6, 1.0), (1e5, 4e6, 0.9, 2.0)),
    Case(
        ParetoNbdFit,
        fit_pareto_nbd,
        simulated_pareto,
        ([0.3, 2, 50], [20, 200, 2000], [0.3, 3, 100], [10, 100, 1000, 1e5]),
        (1.5, 60, 1e-3, 1e5),
        (1e5, 4e6, 0.7, 60.0),
    ),
    Case(
        BgBbFit,
        fit_bg_bb,
        simulated_opportunities,
        ([0.3, 2, 80], [0.5, 3, 200], [0.1, 2, 50], [1, 20, 1000]),
        (1.5, 2.0, 1e-3, 1e4),
        (3e4, 5e4, 0.6, 2.5),
    ),
]
ORACLES = ["BetaGeoFitter", "ModifiedBetaGeoFitter", "ParetoNBDFitter", "BetaGeoBetaBinomFitter"]
every_case = pytest.mark.parametrize("case", CASES, ids=[case.kind.model for case in CASES])

KINDS: list[type[FittedPurchases]] = [case.kind for case in CASES]

positive = st.floats(0.05, 20)
fits = st.builds(
    lambda kind, values: kind(**dict(zip(kind.parameter_names, values, strict=True))),
    st.sampled_from(KINDS[2:]),
    st.tuples(positive, st.floats(0.1, 500), positive, st.floats(0.1, 500)),
)
histories = st.builds(
    lambda x, later, more: (float(x), float((x + later) * (x > 0)), float(x + later + more)),
    st.integers(0, 300), st.integers(0, 100), st.integers(0, 900),
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(fits, histories, st.integers(1, 900))
def test_expected_purchases_start_at_0_and_grow(
    fit: FittedPurchases, history: History, horizon: int
) -> None:
    none, sooner, later = fit.expected_purchases([0, horizon, 2 * horizon], *history)

    assert none == 0
    assert 0 <= sooner <= later * (1 + 1e-12)


@settings(deadline=None, max_examples=60)
@given(fits, histories)
def test_who_bought_today_is_most_probably_alive(fit: FittedPurchases, history: History) -> None:
    x, t_x, age = history
    alive = fit.probability_alive(x, t_x, age)

    assert 0 <= alive <= 1
    assert fit.probability_alive(x, age if x else 0, age) >= alive * (1 - 1e-12)


@settings(deadline=None, max_examples=40)
@given(fits, st.lists(histories, min_size=1, max_size=20), st.integers(4, 300))
def test_totals_and_sums_are_those_of_the_single_customers(
    fit: FittedPurchases, rows: list[History], horizon: int
) -> None:
    x, t_x, age = np.array(rows).T
    times = np.array([horizon // 4, horizon // 2, horizon], dtype=np.float64)
    each = np.array([fit.expected_purchases(time, x, t_x, age) for time in times])
    weights = np.stack([np.ones(len(x)), np.arange(len(x)) % 3.0], axis=1)

    totals = fit.expected_totals(times, x, t_x, age, weights)

    assert_allclose(totals, each @ weights, rtol=1e-9, atol=1e-12)
    factors = np.array([0.2, 0.3, 0.5])
    combined = fit.expected_combined(times, factors, x, t_x, age)
    assert_allclose(combined, factors @ each, rtol=1e-9, atol=1e-12)


@settings(deadline=None, max_examples=25)
@given(
    st.sampled_from(KINDS[:3]),
    st.tuples(st.floats(0.1, 5), st.floats(20, 200), st.floats(0.2, 5), st.floats(0.5, 50)),
    st.floats(0.5, 60),
)
def test_the_chances_of_all_counts_add_up_to_1_and_to_the_expectation(
    kind: type[FittedPurchases], values: Shape, horizon: float
) -> None:
    fit: Any = kind(**dict(zip(kind.parameter_names, values, strict=True)))  # type: ignore[arg-type]
    counts = np.arange(500)

    chances = fit.count_probabilities(horizon, counts)

    assert chances.min() >= 0
    assert chances.sum() == pytest.approx(1, abs=1e-9)
    assert chances @ counts == pytest.approx(fit.expected_purchases_new(horizon), rel=1e-7)
    assert fit.count_probabilities(horizon, 3) == pytest.approx(chances[3])
    assert fit.count_probabilities(0, [0, 1]) == pytest.approx([1, 0], abs=1e-12)


@settings(deadline=None, max_examples=40)
@given(st.tuples(positive, positive, positive, positive), st.integers(0, 60))
def test_counted_opportunities_give_the_same_law(values: Shape, periods: int) -> None:
    alpha, beta, gamma, delta = values
    fit = BgBbFit(alpha=alpha, beta=beta, gamma=gamma, delta=delta)
    counts = np.arange(periods + 3)

    chances = fit.count_probabilities(periods, counts)

    assert chances.sum() == pytest.approx(1, rel=1e-10)
    assert chances[periods + 1 :].tolist() == [0, 0]
    assert chances @ counts == pytest.approx(fit.expected_purchases_new(periods), rel=1e-9)


def scatter(fit: FittedPurchases, sample: Customers) -> list[float]:
    """Return variance and error of the total ahead."""
    ahead, equal = np.array([90.0, 400.0]), np.ones((len(sample.T), 3))
    once, pairs, squares = fit.count_moments(ahead, *sample, weights=equal).T
    figures = [*once, *pairs, *(once + pairs - squares)]
    if fit.usual_unit == "period":
        return figures
    spends = np.zeros((2, len(sample.T)))
    interval = total_interval(fit, None, CustomerHistories(*sample, *spends), 12)
    assert (interval is None) == (fit.status is not Status.OK)
    if interval is not None:
        figures += [*interval.bounds(12), *interval.scatter, *interval.parameter_errors]
    return figures


@pytest.mark.parametrize("run", range(5))
@every_case
def test_a_hundred_small_shops_are_fitted_without_complaint(case: Case, run: int) -> None:
    random = np.random.default_rng(100 + run)
    for shop in range(100):
        shape = tuple(float(random.choice(some)) for some in case.shapes)
        sample = case.play(random, int(random.integers(5, 201)), shape)  # type: ignore[arg-type]

        with warnings.catch_warnings():
            warnings.simplefilter("error")
            fit = case.fitter(*sample)
            figures = [
                *fit.parameters.values(), *fit.standard_errors.values(),
                *fit.expected_purchases(400, *(column[:3] for column in sample)),
                *fit.probability_alive(*sample),
                *fit.expected_purchases_new([0, 1000]), *fit.count_probabilities(60, [0, 1, 7]),
                *np.ravel(fit.purchase_range(90, *sample)),
                *(scatter(fit, sample) if shop % 10 == 0 else []),  # it takes long where r is large
            ]  # fmt: skip

        assert np.isfinite([*figures, fit.log_likelihood, fit.aic, fit.bic]).all()
        assert min(figures) >= 0
        assert (fit.covariance is None) == (not fit.standard_errors) == (fit.status != Status.OK)
        assert bool(fit.note) == (fit.status != Status.OK)


@every_case
def test_without_dropout_the_fit_lies_at_the_boundary_and_names_the_simpler_model(
    case: Case,
) -> None:
    notes = []
    for seed in range(6):
        fit = case.fitter(*case.play(np.random.default_rng(seed), 150, case.stays))
        if fit.status is Status.BOUNDARY:
            notes.append(fit.note)

    # Half of all samples of a truth at the edge lie within, by chance.
    assert sum("No dropout" in note for note in notes) >= 2


@every_case
def test_where_all_buy_alike_the_fit_lies_at_the_boundary_and_names_the_simpler_model(
    case: Case,
) -> None:
    notes = []
    for seed in range(8):
        fit = case.fitter(*case.play(np.random.default_rng(seed), 200, case.alike))
        if fit.status is Status.BOUNDARY:
            notes.append(fit.note)

    assert sum("customers buy" in note for note in notes) >= 2


@every_case
def test_the_status_is_too_few_below_ten_repeat_buyers(case: Case) -> None:
    nine, ten = ([n, n, n] for n in (9, 10))
    for repeat, status in ((nine, True), (ten, False)):
        x = np.repeat([1.0, 0.0], [repeat[0], 30])
        fit = case.fitter(x, 3 * x, np.full(len(x), 8.0))
        assert (fit.status is Status.TOO_FEW) == status


@every_case
def test_weights_stand_for_repeated_rows(case: Case) -> None:
    values = (1.2, 2.0, 0.5, 4.0) if case.kind is BgBbFit else (0.8, 60.0, 0.7, 2.5)
    sample = case.play(np.random.default_rng(1), 300, values)
    weights = np.arange(300) % 3

    weighted = case.fitter(*sample, weights)

    repeated = case.fitter(*(np.repeat(column, weights) for column in sample))
    assert weighted.parameters == pytest.approx(repeated.parameters, rel=1e-6)
    assert weighted.log_likelihood == pytest.approx(repeated.log_likelihood, rel=1e-12)
    assert weighted.customers == repeated.customers == weights.sum()


@every_case
def test_a_table_is_a_fit_again(case: Case) -> None:
    values = (1.2, 2.0, 0.5, 4.0) if case.kind is BgBbFit else (0.8, 60.0, 0.7, 2.5)
    fit = case.fitter(*case.play(np.random.default_rng(2), 500, values))
    table = fit.table()

    again = type(fit).from_table(table)

    assert again.parameters == fit.parameters
    assert again.standard_errors == fit.standard_errors
    assert (again.aic, again.bic) == pytest.approx((fit.aic, fit.bic))
    assert (again.time_unit, again.status, again.note) == (fit.time_unit, fit.status, fit.note)


@every_case
def test_the_information_criteria_are_the_textbook_ones(case: Case) -> None:
    values = dict.fromkeys(case.kind.parameter_names, 2.0)
    fit: Any = case.kind(**values, log_likelihood=-100.0, customers=50)  # type: ignore[arg-type]

    assert fit.aic == 208
    assert fit.bic == pytest.approx(200 + 4 * np.log(50))


@pytest.mark.parametrize("penalizer", [0.001, 0.1])
@pytest.mark.parametrize(
    ("case", "oracle"),
    list(zip(CASES, ORACLES, strict=True)),
    ids=[case.kind.model for case in CASES],
)
@pytest.mark.filterwarnings("ignore")
def test_a_penalizer_holds_the_parameters_back_as_in_lifetimes(
    case: Case, oracle: str, penalizer: float
) -> None:
    customers = cdnow()[0]
    if case.kind is BgBbFit:
        customers = simulated_opportunities(np.random.default_rng(4), 900, (1.2, 0.8, 0.7, 2.8))
    theirs = getattr(lifetimes(), oracle)(penalizer_coef=penalizer)

    theirs.fit(*(column.astype(int) if case.kind is BgBbFit else column for column in customers))

    fit = case.fitter(*customers, penalizer=penalizer)
    assert_allclose(
        list(fit.parameters.values()), theirs.params_[list(case.kind.parameter_names)], rtol=5e-3
    )
    assert fit.log_likelihood < case.fitter(*customers).log_likelihood


@every_case
def test_a_negative_penalizer_is_refused(case: Case) -> None:
    with pytest.raises(InvalidArgumentError, match="penalizer must be at least 0, got -1"):
        case.fitter([1], [1], [2], penalizer=-1)


def test_every_model_has_a_fitter_and_a_name() -> None:
    assert set(FITTERS) == {case.kind for case in CASES}
    assert [NAMES[kind.model] for kind in MODELS.values()] == list(MODELS)
