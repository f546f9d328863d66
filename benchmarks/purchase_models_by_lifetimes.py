"""Fitting and asking the purchase models, by lifetimes."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
from lifetimes import BetaGeoFitter, GammaGammaFitter, ParetoNBDFitter

from benchmarks import cdnow, simulated


def bg_nbd_on_cdnow(size: int, _folder: Path) -> Callable[[], object]:
    """Fit BG/NBD to CDNOW customers."""
    data = cdnow.summary(size)
    return lambda: BetaGeoFitter().fit(data["frequency"], data["recency"], data["T"])


def bg_nbd_on_simulated(size: int, _folder: Path) -> Callable[[], object]:
    """Fit BG/NBD to simulated customers."""
    data = simulated.summary(size)
    return lambda: BetaGeoFitter().fit(data["frequency"], data["recency"], data["T"])


def pareto_nbd_on_cdnow(size: int, _folder: Path) -> Callable[[], object]:
    """Fit Pareto/NBD to CDNOW customers."""
    data = cdnow.summary(size)
    return lambda: ParetoNBDFitter().fit(data["frequency"], data["recency"], data["T"])


def gamma_gamma_on_cdnow(size: int, _folder: Path) -> Callable[[], object]:
    """Fit Gamma-Gamma to the CDNOW customers with repeat orders of some value."""
    data = cdnow.summary(size).query("frequency > 0 and monetary_value > 0")
    return lambda: GammaGammaFitter().fit(data["frequency"], data["monetary_value"])


def expected_purchases(size: int, _folder: Path) -> Callable[[], object]:
    """Predict the purchases of simulated customers."""
    data = simulated.summary(size)
    fitter = BetaGeoFitter()
    parameters = {"r": simulated.R, "alpha": simulated.ALPHA, "a": simulated.A, "b": simulated.B}
    fitter.params_ = pd.Series(parameters)
    columns = data["frequency"], data["recency"], data["T"]
    predict = fitter.conditional_expected_number_of_purchases_up_to_time
    return lambda: predict(simulated.HORIZON_DAYS, *columns)
