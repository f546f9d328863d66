"""Fitting the purchase models, by PyMC-Marketing.

Flat priors make the maximum a posteriori that of the likelihood.
"""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
from pymc_extras.prior import Prior
from pymc_marketing.clv import BetaGeoModel

from benchmarks import cdnow, simulated
from benchmarks.fits import fitting

PARAMETERS = ("r", "alpha", "a", "b")


def bg_nbd_on_sample(_size: int, _folder: Path) -> Callable[[], object]:
    """Fit BG/NBD to the CDNOW sample."""
    return _bg_nbd(cdnow.sample())


def bg_nbd_on_cdnow(size: int, _folder: Path) -> Callable[[], object]:
    """Fit BG/NBD to CDNOW customers."""
    return _bg_nbd(cdnow.summary(size))


def bg_nbd_on_simulated(size: int, _folder: Path) -> Callable[[], object]:
    """Fit BG/NBD to simulated customers."""
    return _bg_nbd(simulated.summary(size))


def _bg_nbd(data: pd.DataFrame) -> Callable[[], object]:
    columns = data[["frequency", "recency", "T"]].rename_axis("customer_id").reset_index()

    def fit() -> BetaGeoModel:
        model = BetaGeoModel(columns, model_config={name: Prior("HalfFlat") for name in PARAMETERS})
        model.fit(method="map", progressbar=False)
        return model

    return fitting("bg_nbd", data, fit, _parameters)


def _parameters(model: BetaGeoModel) -> dict[str, float]:
    return {name: float(model.fit_result[name].mean()) for name in PARAMETERS}
