"""Frequency, recency and T of customers as a model may use them, or what is wrong with them."""

from dataclasses import dataclass

import numpy as np

from clv_xl.arrays import Bools, Floats, Numbers, checked, same_length
from clv_xl.errors import InvalidArgumentError, row_number

_CONFUSED = (
    "recency runs from the first order to the last; these look like days since the last order"
)

MOST_PERIODS = 10_000
"""Opportunities that a model works through one by one: 27 years of days."""


@dataclass(frozen=True, slots=True, eq=False)
class CustomerColumns:
    """Checked columns of one shape: repeat purchases, time of the last, time observed."""

    frequency: Floats
    recency: Floats
    T: Floats


def customer_columns(
    frequency: Numbers, recency: Numbers, T: Numbers, age: str = "T"
) -> CustomerColumns:
    """Check the columns and give them one shape; a number stands for every row.

    `age` is what the caller calls T.

    Examples
    --------
    >>> customer_columns([2, 0], [30.4, 0], 38.9).T
    array([38.9, 38.9])
    >>> customer_columns(0, 12, 40)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    clv_xl.errors.InvalidArgumentError: recency must be 0 where frequency is 0 (...), got 12
    """
    x = whole_numbers("frequency", frequency)
    t_x = checked("recency", recency, at_least=0)
    ages = checked(age, T, at_least=0)
    try:
        x, t_x, ages = np.broadcast_arrays(x, t_x, ages)
    except ValueError:
        columns = {"frequency": x, "recency": t_x, age: ages}
        same_length(**{name: np.atleast_1d(column) for name, column in columns.items()})
        raise
    _require("recency", t_x, t_x <= ages, f"at most {age} ({_CONFUSED})")
    _require("recency", t_x, (t_x == 0) | (x > 0), f"0 where frequency is 0 ({_CONFUSED})")
    return CustomerColumns(x, t_x, ages)


def purchase_opportunities(frequency: Floats, recency: Floats, periods: Floats) -> None:
    """Refuse checked columns that do not count opportunities with one purchase at most.

    Examples
    --------
    >>> purchase_opportunities(np.array([3.0]), np.array([2.0]), np.array([6.0]))
    Traceback (most recent call last):
    clv_xl.errors.InvalidArgumentError: frequency must be at most recency (at each opportunity a \
customer buys once or not), got 3
    """
    whole_numbers("recency", recency)
    counted_periods("periods", periods)
    once = "at most recency (at each opportunity a customer buys once or not)"
    _require("frequency", frequency, frequency <= recency, once)


def ahead_of(columns: CustomerColumns, t: Numbers) -> tuple[CustomerColumns, Floats]:
    """Return checked columns and a horizon, one for all or one each, in one shape.

    Examples
    --------
    >>> columns, ahead = ahead_of(customer_columns(2, 30.4, 38.9), [13, 26])
    >>> columns.T, ahead
    (array([38.9, 38.9]), array([13., 26.]))
    """
    x, t_x, ages, ahead = np.broadcast_arrays(
        columns.frequency, columns.recency, columns.T, checked("t", t, at_least=0)
    )
    return CustomerColumns(x, t_x, ages), ahead


def counted_periods(argument: str, values: Numbers) -> Floats:
    """Return counts of opportunities, not more than are worked through one by one.

    Examples
    --------
    >>> counted_periods("periods", 45000)
    Traceback (most recent call last):
    clv_xl.errors.InvalidArgumentError: periods must be at least 0 and at most 10000, got 45000
    """
    checked(argument, values, at_least=0, at_most=MOST_PERIODS)
    return whole_numbers(argument, values)


def whole_numbers(argument: str, values: Numbers) -> Floats:
    """Return counts of at least 0 as floats, or name the first that is none.

    Examples
    --------
    >>> whole_numbers("frequency", 2.5)
    Traceback (most recent call last):
    clv_xl.errors.InvalidArgumentError: frequency must be a whole number, got 2.5
    """
    counts = checked(argument, values, at_least=0)
    _require(argument, counts, np.floor(counts) == counts, "a whole number")
    return counts


def _require(argument: str, values: Floats, fits: Bools, expected: str) -> None:
    if fits.all():
        return
    position = int(np.argmin(fits))
    where = f" (row {row_number(position)})" if values.size > 1 else ""
    raise InvalidArgumentError(argument, f"{values.flat[position]:.15g}{where}", expected)
