"""What a fit answers when it comes back from a worksheet as the table that it left as."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from clv_xl.arrays import Figures, Floats, Horizon, Numbers, Table, checked, same_length
from clv_xl.errors import InvalidArgumentError
from clv_xl.models.customer_columns import customer_columns
from clv_xl.models.fitted_purchases import FittedPurchases
from clv_xl.periods import horizon_in

Answer = TypeVar("Answer")


def fit_in(fit: Table, from_table: Callable[[Table], Answer]) -> Answer:
    """Return the fit that a worksheet's table holds, or say that it is no table."""
    if not (hasattr(fit, "to_numpy") or isinstance(fit, list | tuple | np.ndarray)):
        raise InvalidArgumentError("fit", repr(fit), "the table that a fit function returned")
    return from_table(fit)


def expected_purchases(
    model: type[FittedPurchases],
    fit: Table,
    horizon: Horizon,
    frequency: Numbers,
    recency: Numbers,
    age: Numbers,
) -> Figures:
    """Return the purchases expected within the horizon; a column is named after it."""
    known = fit_in(fit, model.from_table)
    ahead, called = horizon_in(horizon, known.time_unit)
    columns = customers_of(frequency, recency, age)
    return named(f"expected_purchases_{called}", known.expected_purchases(ahead, *columns))


def probability_alive(
    model: type[FittedPurchases], fit: Table, frequency: Numbers, recency: Numbers, age: Numbers
) -> Figures:
    """Return the probability that each customer is still one."""
    known = fit_in(fit, model.from_table)
    columns = customers_of(frequency, recency, age)
    return named("probability_alive", known.probability_alive(*columns))


def expected_purchases_new(model: type[FittedPurchases], fit: Table, horizon: Horizon) -> float:
    """Return the repeat purchases expected of a new customer within the horizon."""
    known = fit_in(fit, model.from_table)
    return float(known.expected_purchases_new(horizon_in(horizon, known.time_unit)[0]))


def customers_of(frequency: Numbers, recency: Numbers, age: Numbers) -> list[Floats]:
    """Return the columns of customers, checked under the names that worksheets give them.

    Examples
    --------
    >>> customers_of(2, 30, 20)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    clv_xl.errors.InvalidArgumentError: recency must be at most age (...), got 30
    """
    x, t_x, ages = numbers_of(frequency=frequency, recency=recency, age=age)
    customer_columns(x, t_x, ages, age="age")
    return [x, t_x, ages]


def numbers_of(**columns: Numbers) -> list[Floats]:
    """Return columns of one length as numbers of at least 0; a number stands for every row.

    Examples
    --------
    >>> numbers_of(frequency=[2, 0], age=38.9)
    [array([2., 0.]), array(38.9)]
    """
    arrays = {name: checked(name, column, at_least=0) for name, column in columns.items()}
    same_length(**_with_rows(arrays))
    return list(arrays.values())


def _with_rows(arrays: Mapping[str, Floats]) -> dict[str, Any]:
    rows = {name: array for name, array in arrays.items() if array.ndim}
    return rows or {name: np.atleast_1d(array) for name, array in arrays.items()}


def named(header: str, values: Figures) -> Figures:
    """Return a column under its header, and a single value as it is.

    Examples
    --------
    >>> named("probability_alive", 0.5)
    0.5
    """
    return values if np.ndim(values) == 0 else pd.Series(values, name=header)
