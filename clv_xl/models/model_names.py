"""The purchase models that can be fitted to an order log, by the names users give them."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from clv_xl.errors import InvalidArgumentError, listed
from clv_xl.models.bg_bb import BgBbFit, fit_bg_bb
from clv_xl.models.bg_nbd import BgNbdFit, fit_bg_nbd
from clv_xl.models.fitted_purchases import FittedPurchases
from clv_xl.models.mbg_nbd import MbgNbdFit, fit_mbg_nbd
from clv_xl.models.pareto_nbd import ParetoNbdFit, fit_pareto_nbd

MODELS: Mapping[str, type[FittedPurchases]] = MappingProxyType(
    {"mbg_nbd": MbgNbdFit, "bg_nbd": BgNbdFit, "pareto_nbd": ParetoNbdFit}
)
"""From the usual one to the one with the least simple formulas. BG/BB counts opportunities, which
an order log does not show."""
NAMES: Mapping[str, str] = MappingProxyType({kind.model: name for name, kind in MODELS.items()})
"""The names users give, by those of the literature."""
FITTERS: Mapping[type[FittedPurchases], Callable[..., FittedPurchases]] = MappingProxyType(
    {
        MbgNbdFit: fit_mbg_nbd,
        BgNbdFit: fit_bg_nbd,
        ParetoNbdFit: fit_pareto_nbd,
        BgBbFit: fit_bg_bb,
    }
)


def model_named(name: str) -> type[FittedPurchases]:
    """Return the model of that name, or say which there are.

    Examples
    --------
    >>> model_named("bg_nbd").model
    'BG/NBD'
    >>> model_named("pareto")
    Traceback (most recent call last):
    clv_xl.errors.InvalidArgumentError: model must be one of mbg_nbd, bg_nbd, pareto_nbd, got pareto
    """
    if name not in MODELS:
        raise InvalidArgumentError("model", name, f"one of {listed(list(MODELS))}")
    return MODELS[name]
