"""Fitting the purchase models, by clvkit."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
from clvkit import BGNBD, CustomerBase, GammaGamma

from benchmarks import cdnow, simulated
from benchmarks.fits import fitting


def bg_nbd_on_sample(_size: int, _folder: Path) -> Callable[[], object]:
    """Fit BG/NBD to the CDNOW sample."""
    return _fit("bg_nbd", BGNBD, cdnow.sample(), "W")


def bg_nbd_on_cdnow(size: int, _folder: Path) -> Callable[[], object]:
    """Fit BG/NBD to CDNOW customers."""
    return _fit("bg_nbd", BGNBD, cdnow.summary(size))


def bg_nbd_on_simulated(size: int, _folder: Path) -> Callable[[], object]:
    """Fit BG/NBD to simulated customers."""
    return _fit("bg_nbd", BGNBD, simulated.summary(size))


def gamma_gamma_on_sample(_size: int, _folder: Path) -> Callable[[], object]:
    """Fit Gamma-Gamma to the repeat buyers of the CDNOW sample."""
    return _fit("gamma_gamma", GammaGamma, cdnow.spends_of_sample(), "W")


def gamma_gamma_on_cdnow(size: int, _folder: Path) -> Callable[[], object]:
    """Fit Gamma-Gamma to the CDNOW customers with repeat orders of some value."""
    return _fit("gamma_gamma", GammaGamma, cdnow.spends(size))


def _fit(
    model: str, fitter: type[BGNBD | GammaGamma], data: pd.DataFrame, time_unit: str = "D"
) -> Callable[[], object]:
    base = CustomerBase(
        data,
        time_unit=time_unit,
        observation_period_end=pd.Timestamp("1998-06-30"),
        has_monetary="monetary_value" in data,
        on_negative="net",
    )
    return fitting(model, data, lambda: fitter().fit(base), _parameters)


def _parameters(fit: BGNBD | GammaGamma) -> dict[str, float]:
    if fit.params_ is None:
        raise ValueError("clvkit reports no parameters")
    return {str(name): float(value) for name, value in fit.params_.items()}
