"""Other libraries and the truth itself, on five simulated populations of each model."""

from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from clv_xl.arrays import Floats
from clv_xl.models.beta_geometric import BetaGeometricLikelihood
from clv_xl.models.beta_geometric_fit import BetaGeometricFit
from clv_xl.models.bg_nbd import BgNbdFit
from clv_xl.models.gamma_gamma import GammaGammaFit, fit_gamma_gamma
from clv_xl.models.gamma_gamma_likelihood import GammaGammaLikelihood
from clv_xl.models.mbg_nbd import MbgNbdFit
from clv_xl.models.model_names import FITTERS
from clv_xl.models.purchase_models import Status
from clv_xl.models.unique_rows import collapsed
from tests.models.customer_samples import Customers, lifetimes, played_on

Four = tuple[float, float, float, float]
Three = tuple[float, float, float]
PURCHASES: list[Four] = [
    (0.8, 60.0, 0.7, 2.5),
    (0.3, 20.0, 1.2, 3.0),
    (2.5, 90.0, 0.5, 1.5),
    (1.2, 200.0, 2.0, 4.0),
    (0.5, 8.0, 0.9, 8.0),
]
SPENDS: list[Three] = [
    (6.2, 3.7, 15.4),
    (2.0, 5.0, 80.0),
    (1.2, 2.5, 900.0),
    (9.0, 8.0, 3.0),
    (3.0, 4.0, 40.0),
]
ORACLES = {BgNbdFit: ("BetaGeoFitter", "BGNBD"), MbgNbdFit: ("ModifiedBetaGeoFitter", "MBGNBD")}
every_kind = pytest.mark.parametrize("kind", ORACLES)
every_population = pytest.mark.parametrize("population", PURCHASES)
every_spend = pytest.mark.parametrize("population", SPENDS)


def customers(kind: type[BetaGeometricFit], population: Four, size: int) -> Customers:
    random = np.random.default_rng(12)
    return played_on(random, kind, population, size=size, ahead=0.0, longest=900)[0]


def spends(population: Three, size: int, seed: int = 8) -> tuple[Floats, Floats]:
    p, q, gamma = population
    random = np.random.default_rng(seed)
    x = random.geometric(0.4, size).astype(np.float64)
    return x, random.gamma(p * x) / random.gamma(q, 1 / gamma, size) / x


def clvkit() -> ModuleType:
    module: ModuleType = pytest.importorskip("clvkit")
    return module


def base(columns: dict[str, Floats]) -> Any:  # noqa: ANN401 - of a library without types
    """Return the second oracle's customers, without an order log."""
    return clvkit().CustomerBase(
        pd.DataFrame(columns),
        time_unit="D",
        observation_period_end=pd.Timestamp("2025-01-01"),
        has_monetary="monetary_value" in columns,
        on_negative="net",
    )


def log_likelihood(fit: BetaGeometricFit, sample: Customers) -> float:
    rows = collapsed(sample.frequency, sample.recency, sample.T, None)
    parameters = np.array(list(fit.parameters.values()))
    return BetaGeometricLikelihood(rows, fit.chances_before_repeat)(parameters).value


@every_kind
@every_population
@pytest.mark.filterwarnings("ignore")
def test_lifetimes_finds_no_better_fit_and_predicts_alike(
    kind: type[BetaGeometricFit], population: Four
) -> None:
    sample = customers(kind, population, 1_500)
    theirs = getattr(lifetimes(), ORACLES[kind][0])()

    theirs.fit(*sample)

    ours, names = FITTERS[kind](*sample), kind.parameter_names
    same: Any = ours.with_parameters({name: float(theirs.params_[name]) for name in names})
    assert ours.log_likelihood >= log_likelihood(same, sample) - 1e-7
    assert ours.log_likelihood == pytest.approx(log_likelihood(same, sample), abs=0.1)
    expected = theirs.conditional_expected_number_of_purchases_up_to_time(200, *sample)
    alive = theirs.conditional_probability_alive(*sample)
    known = np.isfinite(expected)  # it has no figure for some frequent customers
    assert known.mean() > 0.97
    assert_allclose(same.expected_purchases(200, *sample)[known], expected[known], rtol=1e-8)
    assert_allclose(same.probability_alive(*sample), alive, rtol=1e-9)


@every_kind
@every_population
@pytest.mark.filterwarnings("ignore")
def test_clvkit_finds_no_better_fit_and_predicts_alike(
    kind: type[BetaGeometricFit], population: Four
) -> None:
    sample = customers(kind, population, 800)
    theirs = getattr(clvkit(), ORACLES[kind][1])().fit(base(sample._asdict()))

    ours, names = FITTERS[kind](*sample), kind.parameter_names
    same: Any = ours.with_parameters({name: float(theirs.params_[name]) for name in names})
    assert ours.log_likelihood >= theirs.log_likelihood_ - 1e-6
    assert log_likelihood(same, sample) == pytest.approx(theirs.log_likelihood_, abs=1e-6)
    expected = theirs.predict(t=200).to_pandas().to_numpy().ravel()
    alive = theirs.probability_alive().to_pandas().to_numpy().ravel()
    assert_allclose(same.expected_purchases(200, *sample), expected.astype(float), rtol=1e-7)
    assert_allclose(same.probability_alive(*sample), alive.astype(float), rtol=1e-9)


@every_kind
@every_population
def test_the_true_parameters_of_purchases_are_recovered_within_three_errors(
    kind: type[BetaGeometricFit], population: Four
) -> None:
    fit = FITTERS[kind](*customers(kind, population, 20_000))

    assert fit.status is Status.OK
    for name, value in zip(kind.parameter_names, population, strict=True):
        relative = fit.standard_errors[name] / fit.parameters[name]
        assert np.log(fit.parameters[name] / value) == pytest.approx(0, abs=3 * relative)


@every_spend
@pytest.mark.filterwarnings("ignore")
def test_lifetimes_and_clvkit_expect_the_same_spend(population: Three) -> None:
    x, mean = spends(population, 1_500)
    first = lifetimes().GammaGammaFitter()
    first.fit(x, mean)
    second = (
        clvkit()
        .GammaGamma()
        .fit(base({"frequency": x, "recency": x, "T": x, "monetary_value": mean}))
    )

    ours = fit_gamma_gamma(x, mean)

    likelihood = GammaGammaLikelihood(x, mean)
    for theirs in (first.params_, second.params_):
        p, q, gamma = (float(value) for value in theirs)
        reached = likelihood(np.array([p, q, gamma])).value
        assert ours.log_likelihood >= reached - 1e-7
        assert ours.log_likelihood == pytest.approx(reached, abs=0.1)
        assert_allclose(list(ours.parameters.values()), [p, q, gamma], rtol=0.02)
    p, q, gamma = (float(value) for value in first.params_)
    expected = first.conditional_expected_average_profit(x, mean)
    same = GammaGammaFit(p=p, q=q, gamma=gamma)
    assert_allclose(same.expected_spend(x, mean), expected, rtol=1e-9)


@every_spend
def test_the_true_parameters_of_spend_are_recovered_within_three_errors(population: Three) -> None:
    fit = fit_gamma_gamma(*spends(population, 20_000))

    assert fit.status is Status.OK
    for (name, found), value in zip(fit.parameters.items(), population, strict=True):
        relative = fit.standard_errors[name] / found
        assert np.log(found / value) == pytest.approx(0, abs=3 * relative)
