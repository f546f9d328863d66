"""Fitting and asking the purchase models, by clv_xl."""

from collections.abc import Callable
from pathlib import Path

from benchmarks import cdnow, simulated
from clv_xl.models.bg_nbd import BgNbdFit, fit_bg_nbd
from clv_xl.models.gamma_gamma import fit_gamma_gamma
from clv_xl.models.pareto_nbd import fit_pareto_nbd


def bg_nbd_on_cdnow(size: int, _folder: Path) -> Callable[[], object]:
    """Fit BG/NBD to CDNOW customers."""
    data = cdnow.summary(size)
    return lambda: fit_bg_nbd(data["frequency"], data["recency"], data["T"])


def bg_nbd_on_simulated(size: int, _folder: Path) -> Callable[[], object]:
    """Fit BG/NBD to simulated customers."""
    data = simulated.summary(size)
    return lambda: fit_bg_nbd(data["frequency"], data["recency"], data["T"])


def pareto_nbd_on_cdnow(size: int, _folder: Path) -> Callable[[], object]:
    """Fit Pareto/NBD to CDNOW customers."""
    data = cdnow.summary(size)
    return lambda: fit_pareto_nbd(data["frequency"], data["recency"], data["T"])


def gamma_gamma_on_cdnow(size: int, _folder: Path) -> Callable[[], object]:
    """Fit Gamma-Gamma to the CDNOW customers with repeat orders of some value."""
    data = cdnow.summary(size).query("frequency > 0 and monetary_value > 0")
    return lambda: fit_gamma_gamma(data["frequency"], data["monetary_value"])


def expected_purchases(size: int, _folder: Path) -> Callable[[], object]:
    """Predict the purchases of simulated customers."""
    data = simulated.summary(size)
    fit = BgNbdFit(r=simulated.R, alpha=simulated.ALPHA, a=simulated.A, b=simulated.B)
    columns = data["frequency"], data["recency"], data["T"]
    return lambda: fit.expected_purchases(simulated.HORIZON_DAYS, *columns)
