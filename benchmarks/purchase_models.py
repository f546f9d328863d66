"""Fitting and asking the purchase models, by clv_xl."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from benchmarks import cdnow, simulated
from benchmarks.fits import fitting
from benchmarks.task import Answering
from clv_xl.models.bg_nbd import BgNbdFit, fit_bg_nbd
from clv_xl.models.gamma_gamma import GammaGammaFit, fit_gamma_gamma
from clv_xl.models.pareto_nbd import fit_pareto_nbd
from clv_xl.models.predicted_value import customer_histories, predicted_value

ANNUAL_DISCOUNT_RATE = 0.10


def bg_nbd_on_sample(_size: int, _folder: Path) -> Callable[[], object]:
    """Fit BG/NBD to the CDNOW sample."""
    return _bg_nbd(cdnow.sample())


def bg_nbd_on_cdnow(size: int, _folder: Path) -> Callable[[], object]:
    """Fit BG/NBD to CDNOW customers."""
    return _bg_nbd(cdnow.summary(size))


def bg_nbd_on_simulated(size: int, _folder: Path) -> Callable[[], object]:
    """Fit BG/NBD to simulated customers."""
    return _bg_nbd(simulated.summary(size))


def pareto_nbd_on_sample(_size: int, _folder: Path) -> Callable[[], object]:
    """Fit Pareto/NBD to the CDNOW sample."""
    return _pareto_nbd(cdnow.sample())


def pareto_nbd_on_cdnow(size: int, _folder: Path) -> Callable[[], object]:
    """Fit Pareto/NBD to CDNOW customers."""
    return _pareto_nbd(cdnow.summary(size))


def pareto_nbd_on_simulated(size: int, _folder: Path) -> Callable[[], object]:
    """Fit Pareto/NBD to customers simulated by it."""
    return _pareto_nbd(simulated.pareto_nbd_summary(size))


def gamma_gamma_on_sample(_size: int, _folder: Path) -> Callable[[], object]:
    """Fit Gamma-Gamma to the repeat buyers of the CDNOW sample."""
    return _gamma_gamma(cdnow.spends_of_sample())


def gamma_gamma_on_cdnow(size: int, _folder: Path) -> Callable[[], object]:
    """Fit Gamma-Gamma to the CDNOW customers with repeat orders of some value."""
    return _gamma_gamma(cdnow.spends(size))


def expected_purchases(size: int, _folder: Path) -> Callable[[], object]:
    """Predict the purchases of simulated customers."""
    data = simulated.summary(size)
    fit = BgNbdFit(r=simulated.R, alpha=simulated.ALPHA, a=simulated.A, b=simulated.B)
    columns = data["frequency"], data["recency"], data["T"]
    return Answering(
        lambda: fit.expected_purchases(simulated.HORIZON_DAYS, *columns),
        lambda found: {"purchases": float(found.sum())},
    )


def value_of_cdnow(size: int, _folder: Path) -> Callable[[], object]:
    """Value the CDNOW customers' next twelve months."""
    data = cdnow.summary(size)
    purchases, spends = BgNbdFit(**cdnow.PURCHASES), GammaGammaFit(**cdnow.SPENDS)
    columns = data["frequency"], data["recency"], data["T"]

    def valued() -> pd.Series:
        histories = customer_histories(*columns, None, data["monetary_value"])
        value = predicted_value(
            purchases, spends, histories, annual_discount_rate=ANNUAL_DISCOUNT_RATE
        )
        return pd.Series(value, index=data.index)

    return Answering(valued, lambda found: {"value": float(found.sum())})


def _bg_nbd(data: pd.DataFrame) -> Callable[[], object]:
    columns = data["frequency"], data["recency"], data["T"]
    return fitting("bg_nbd", data, lambda: fit_bg_nbd(*columns), lambda fit: fit.parameters)


def _pareto_nbd(data: pd.DataFrame) -> Callable[[], object]:
    columns = data["frequency"], data["recency"], data["T"]
    return fitting("pareto_nbd", data, lambda: fit_pareto_nbd(*columns), lambda fit: fit.parameters)


def _gamma_gamma(data: pd.DataFrame) -> Callable[[], object]:
    columns = data["frequency"], data["monetary_value"]
    return fitting(
        "gamma_gamma", data, lambda: fit_gamma_gamma(*columns), lambda fit: fit.parameters
    )
