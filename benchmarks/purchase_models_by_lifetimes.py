"""Fitting and asking the purchase models, by lifetimes."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
from lifetimes import BetaGeoFitter, GammaGammaFitter, ParetoNBDFitter

from benchmarks import cdnow, simulated
from benchmarks.fits import fitting
from benchmarks.task import Answering

MONTHLY_DISCOUNT_RATE = 1.10 ** (1 / 12) - 1


def bg_nbd_on_sample(_size: int, _folder: Path) -> Callable[[], object]:
    """Fit BG/NBD to the CDNOW sample."""
    return _fit("bg_nbd", BetaGeoFitter, cdnow.sample())


def bg_nbd_on_cdnow(size: int, _folder: Path) -> Callable[[], object]:
    """Fit BG/NBD to CDNOW customers."""
    return _fit("bg_nbd", BetaGeoFitter, cdnow.summary(size))


def bg_nbd_on_simulated(size: int, _folder: Path) -> Callable[[], object]:
    """Fit BG/NBD to simulated customers."""
    return _fit("bg_nbd", BetaGeoFitter, simulated.summary(size))


def pareto_nbd_on_sample(_size: int, _folder: Path) -> Callable[[], object]:
    """Fit Pareto/NBD to the CDNOW sample."""
    return _fit("pareto_nbd", ParetoNBDFitter, cdnow.sample())


def pareto_nbd_on_cdnow(size: int, _folder: Path) -> Callable[[], object]:
    """Fit Pareto/NBD to CDNOW customers."""
    return _fit("pareto_nbd", ParetoNBDFitter, cdnow.summary(size))


def pareto_nbd_on_simulated(size: int, _folder: Path) -> Callable[[], object]:
    """Fit Pareto/NBD to customers simulated by it."""
    return _fit("pareto_nbd", ParetoNBDFitter, simulated.pareto_nbd_summary(size))


def gamma_gamma_on_sample(_size: int, _folder: Path) -> Callable[[], object]:
    """Fit Gamma-Gamma to the repeat buyers of the CDNOW sample."""
    return _gamma_gamma(cdnow.spends_of_sample())


def gamma_gamma_on_cdnow(size: int, _folder: Path) -> Callable[[], object]:
    """Fit Gamma-Gamma to the CDNOW customers with repeat orders of some value."""
    return _gamma_gamma(cdnow.spends(size))


def expected_purchases(size: int, _folder: Path) -> Callable[[], object]:
    """Predict the purchases of simulated customers."""
    data = simulated.summary(size)
    fitter = BetaGeoFitter()
    parameters = {"r": simulated.R, "alpha": simulated.ALPHA, "a": simulated.A, "b": simulated.B}
    fitter.params_ = pd.Series(parameters)
    columns = data["frequency"], data["recency"], data["T"]
    predict = fitter.conditional_expected_number_of_purchases_up_to_time
    return Answering(
        lambda: predict(simulated.HORIZON_DAYS, *columns),
        lambda found: {"purchases": float(found.sum())},
    )


def value_of_cdnow(size: int, _folder: Path) -> Callable[[], object]:
    """Value the CDNOW customers' next twelve months, which are of thirty days here."""
    data = cdnow.summary(size)
    purchases, spends = BetaGeoFitter(), GammaGammaFitter()
    purchases.params_ = pd.Series(cdnow.PURCHASES)
    purchases.predict = purchases.conditional_expected_number_of_purchases_up_to_time
    spends.params_ = pd.Series(
        {"p": cdnow.SPENDS["p"], "q": cdnow.SPENDS["q"], "v": cdnow.SPENDS["gamma"]}
    )
    columns = data["frequency"], data["recency"], data["T"], data["monetary_value"]
    options = {"time": 12, "discount_rate": MONTHLY_DISCOUNT_RATE, "freq": "D"}
    return Answering(
        lambda: spends.customer_lifetime_value(purchases, *columns, **options),
        lambda found: {"value": float(found.sum())},
    )


def _fit(
    model: str, fitter: type[BetaGeoFitter | ParetoNBDFitter], data: pd.DataFrame
) -> Callable[[], object]:
    columns = data["frequency"], data["recency"], data["T"]
    return fitting(model, data, lambda: fitter().fit(*columns), lambda fit: fit.params_)


def _gamma_gamma(data: pd.DataFrame) -> Callable[[], object]:
    columns = data["frequency"], data["monetary_value"]
    return fitting(
        "gamma_gamma",
        data,
        lambda: GammaGammaFitter().fit(*columns),
        lambda fit: fit.params_.rename({"v": "gamma"}),
    )
