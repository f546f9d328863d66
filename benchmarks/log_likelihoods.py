"""The log-likelihood of data at given parameters, the same function for every contender."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from clv_xl.arrays import Floats
from clv_xl.models.beta_geometric import BetaGeometricLikelihood
from clv_xl.models.gamma_gamma_likelihood import GammaGammaLikelihood
from clv_xl.models.pareto_nbd_likelihood import ParetoNbdLikelihood
from clv_xl.models.unique_rows import UniqueRows, collapsed


def bg_nbd(data: pd.DataFrame, parameters: Mapping[str, float]) -> float:
    """Return that of BG/NBD."""
    judge = BetaGeometricLikelihood(_rows(data), chances_before_repeat=0)
    return judge(_values(parameters, "r", "alpha", "a", "b")).value


def pareto_nbd(data: pd.DataFrame, parameters: Mapping[str, float]) -> float:
    """Return that of Pareto/NBD."""
    judge = ParetoNbdLikelihood(_rows(data))
    return judge(_values(parameters, "r", "alpha", "s", "beta")).value


def gamma_gamma(data: pd.DataFrame, parameters: Mapping[str, float]) -> float:
    """Return that of Gamma-Gamma."""
    judge = GammaGammaLikelihood(_column(data, "frequency"), _column(data, "monetary_value"))
    return judge(_values(parameters, "p", "q", "gamma")).value


def _rows(data: pd.DataFrame) -> UniqueRows:
    x, t_x, age = (_column(data, name) for name in ("frequency", "recency", "T"))
    return collapsed(x, t_x, age, None)


def _column(data: pd.DataFrame, name: str) -> Floats:
    return data[name].to_numpy(dtype=np.float64)


def _values(parameters: Mapping[str, float], *names: str) -> Floats:
    return np.array([float(parameters[name]) for name in names])
