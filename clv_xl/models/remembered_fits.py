"""Fits remembered by a hash of their data: a sheet with a thousand dependants fits once.

Nothing of this shows outside: the same data give the same fit, remembered or not.
"""

from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b
from threading import Lock
from typing import TypeAlias, TypeVar

import numpy as np

from clv_xl.arrays import Floats, Range, checked, same_length
from clv_xl.customers.summary import CustomerSummary
from clv_xl.models.customer_columns import customer_columns
from clv_xl.models.fitted_purchases import FittedPurchases
from clv_xl.models.gamma_gamma import GammaGammaFit, fit_gamma_gamma
from clv_xl.models.model_names import FITTERS
from clv_xl.periods import days_per

MOST_REMEMBERED = 64
"""A fit is a handful of numbers; the data themselves are not kept."""

_Fit: TypeAlias = FittedPurchases | GammaGammaFit
Model = TypeVar("Model", bound=FittedPurchases)
_fits: OrderedDict[bytes, _Fit] = OrderedDict()
_lock = Lock()


def purchase_fit(
    model: type[Model],
    frequency: Range,
    recency: Range,
    age: Range,
    weights: Range | None = None,
    unit: str | None = "day",
) -> Model:
    """Return the fit of `model` to customers one a row, from memory where it was made before.

    `unit` is None for a model that counts opportunities instead of measuring time.

    Examples
    --------
    >>> from clv_xl.models.bg_nbd import BgNbdFit
    >>> columns = [0, 1, 0], [0, 4, 0], [10, 12, 30]
    >>> purchase_fit(BgNbdFit, *columns) is purchase_fit(BgNbdFit, *columns)
    True
    """
    columns = {"frequency": frequency, "recency": recency, "age": age, "weights": weights}
    x, t_x, T, weight = (
        None if column is None else _floats(name, column) for name, column in columns.items()
    )
    if unit is not None:
        days_per(unit, "unit")
    fitter, units = FITTERS[model], {} if unit is None else {"time_unit": unit}
    key = _fingerprint(f"{model.model} {unit}", x, t_x, T, weight)

    def made() -> FittedPurchases:
        if unit is not None:
            _check_customers(frequency, recency, age)
        return fitter(x, t_x, T, weight, **units)

    found = _remembered(key, made)
    if not isinstance(found, model):
        raise TypeError(found)
    return found


def spend_fit(frequency: Range, monetary: Range) -> GammaGammaFit:
    """Return the Gamma-Gamma fit to customers one a row, from memory where it was made before.

    Examples
    --------
    >>> spend_fit([2, 1], [22.35, 11.77]) is spend_fit([2, 1], [22.35, 11.77])
    True
    """
    x, mean = _floats("frequency", frequency), _floats("monetary", monetary)
    key = _fingerprint(GammaGammaFit.model, x, mean)
    found = _remembered(key, lambda: fit_gamma_gamma(x, mean))
    if not isinstance(found, GammaGammaFit):
        raise TypeError(found)
    return found


def summary_spend_fit(summary: CustomerSummary) -> GammaGammaFit:
    """Return the Gamma-Gamma fit to a summary; the first order days stand in for no repeat spend.

    Examples
    --------
    >>> from clv_xl.customers.orders import order_log
    >>> from clv_xl.customers.summary import summarise
    >>> log = order_log(["a", "b"], ["2024-01-01", "2024-02-20"], [10, 40])
    >>> round(summary_spend_fit(summarise(log)).population_mean, 9)
    25.0
    """
    fit = spend_fit(summary.spend_frequency, summary.spend_mean)
    return fit.with_first_orders(summary.first_value)


def fits_remembered() -> int:
    """Return how many fits are remembered, at most `MOST_REMEMBERED`."""
    return len(_fits)


def _check_customers(frequency: Range, recency: Range, age: Range) -> None:
    """Refuse what a fit refuses, but in the words of a worksheet: it calls T age."""
    x, t_x, ages = (np.atleast_1d(column) for column in (frequency, recency, age))
    same_length(frequency=x, recency=t_x, age=ages)
    customer_columns(x, t_x, ages, age="age")


def _floats(argument: str, column: Range) -> Floats:
    """Return a column as floats; blanks stay, since the fit knows where it may meet one."""
    try:
        return np.ascontiguousarray(column, dtype=np.float64)
    except (TypeError, ValueError):
        return checked(argument, column)  # refuses, with its sentence


def _fingerprint(fitted: str, *columns: Floats | None) -> bytes:
    digest = blake2b(fitted.encode(), digest_size=16)
    for column in columns:
        digest.update(b"omitted" if column is None else str(column.shape).encode())
        if column is not None:
            digest.update(column.data)
    return digest.digest()


def _remembered(key: bytes, fitted: Callable[[], _Fit]) -> _Fit:
    with _lock:
        if key in _fits:
            _fits.move_to_end(key)
            return _fits[key]
    made = fitted()
    with _lock:
        _fits[key] = made
        while len(_fits) > MOST_REMEMBERED:
            _fits.popitem(last=False)
    return made
