"""Periods of time, and rates carried from one period to another.

The only place that knows that a year has twelve months.
"""

import math
import re
from collections.abc import Iterable
from difflib import get_close_matches

import numpy as np

from clv_xl.arrays import Figures, Horizon, Ints, Numbers, checked, unwrapped
from clv_xl.errors import InvalidArgumentError

DAYS_PER_YEAR = 365.25
MONTHS_PER_YEAR = 12
DAYS_PER_MONTH = DAYS_PER_YEAR / MONTHS_PER_YEAR


_DAYS_PER_UNIT = {"day": 1.0, "week": 7.0, "month": DAYS_PER_MONTH, "year": DAYS_PER_YEAR}
_PER_YEAR = {
    "day": DAYS_PER_YEAR,
    "week": DAYS_PER_YEAR / 7,
    "month": 12.0,
    "quarter": 4.0,
    "year": 1.0,
}

_ALIKE = 0.7  # weeks, daily and monthly are near to week, day and month, other words are not


def days_per(time_unit: str, argument: str = "time_unit") -> float:
    """Return how many days one `time_unit` (day, week, month, year) lasts.

    Examples
    --------
    >>> days_per("month")
    30.4375
    >>> days_per("weeks")
    Traceback (most recent call last):
    clv_xl.errors.InvalidArgumentError: time_unit must be one of day, week, month, year, got weeks \
(did you mean week?)
    """
    return _DAYS_PER_UNIT[_one_of(_DAYS_PER_UNIT, time_unit, argument)]


def _one_of(known: Iterable[str], name: str, argument: str) -> str:
    """Return a name that is known, or say which there are and which one was probably meant."""
    names = list(known)
    if name in names:
        return name
    near = get_close_matches(str(name).strip().lower(), names, n=1, cutoff=_ALIKE)
    raise InvalidArgumentError(
        argument, name, f"one of {', '.join(names)}", hint=near[0] if near else None
    )


_HORIZON = re.compile(r"(\d+\.?\d*|\.\d+)\s*(day|week|month|quarter|year)?s?", re.IGNORECASE)
_DAYS_AHEAD = {**_DAYS_PER_UNIT, "quarter": 3 * DAYS_PER_MONTH}
ENDLESS = "infinite"
"""A horizon without an end, in words; `math.inf` is one too."""
_ALSO_ENDLESS = frozenset({ENDLESS, "infinity", "inf", "∞"})


def horizon_in(horizon: Horizon, time_unit: str, *, or_endless: bool = False) -> tuple[float, str]:
    """Return a time ahead in `time_unit`, and what to call it: "12 months", or 39 as it is.

    `or_endless` is for callers who take a horizon without an end too: then the refusal names it.

    Examples
    --------
    >>> horizon_in("12 months", "day"), horizon_in(39, "week")
    ((365.25, '12_months'), (39.0, '39_weeks'))
    """
    if isinstance(horizon, str):
        read = _HORIZON.fullmatch(horizon.strip())
        if read is None:
            expected = 'a number of at least 0 or text such as "12 months"'
            expected += f' or "{ENDLESS}"' if or_endless else ""
            raise InvalidArgumentError("horizon", repr(horizon), expected)
        length, unit = float(read[1]), (read[2] or time_unit).lower()
    else:
        length, unit = float(checked("horizon", horizon, at_least=0)), time_unit
    plural = "" if length == 1 else "s"
    ahead = length if unit == time_unit else length * _DAYS_AHEAD[unit] / days_per(time_unit)
    return ahead, f"{length:.15g}_{unit}{plural}"


def is_endless(horizon: Horizon) -> bool:
    """Return whether a horizon has no end.

    Examples
    --------
    >>> is_endless("infinite"), is_endless("inf"), is_endless(math.inf), is_endless("12 months")
    (True, True, True, False)
    """
    if isinstance(horizon, str):
        return horizon.strip().lower() in _ALSO_ENDLESS
    return horizon == math.inf


def periods_per_year(period: str, argument: str = "period") -> float:
    """Return how many of `period` (day, week, month, quarter, year) make a year.

    Examples
    --------
    >>> periods_per_year("quarter")
    4.0
    """
    return _PER_YEAR[_one_of(_PER_YEAR, period, argument)]


_MONTHS_PER_PERIOD = {"month": 1, "quarter": 3, "year": 12}


def _months_per(period: str) -> int:
    return _MONTHS_PER_PERIOD[_one_of(_MONTHS_PER_PERIOD, period, "period")]


def calendar_period(days: Ints, period: str) -> Ints:
    """Return which calendar month, quarter or year each day (since 1970-01-01) lies in.

    Periods are counted from the first one of 1970, so that consecutive ones differ by 1.

    Examples
    --------
    >>> calendar_period(np.array([0, 30, 31, 365]), "month")
    array([ 0,  0,  1, 12])
    """
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months // _months_per(period)


def first_day_of_period(numbers: Ints, period: str) -> Ints:
    """Return the first day (since 1970-01-01) of calendar periods counted from 1970.

    Examples
    --------
    >>> first_day_of_period(np.array([0, 1, 4]), "quarter")
    array([  0,  90, 365])
    """
    months = (numbers * _months_per(period)).astype("datetime64[M]")
    return months.astype("datetime64[D]").astype(np.int64)


def period_labels(numbers: Ints, period: str) -> list[str]:
    """Return the names of calendar periods counted from 1970, such as 2024-03, 2024-Q1, 2024.

    Examples
    --------
    >>> period_labels(np.array([0, 5]), "month"), period_labels(np.array([5]), "quarter")
    (['1970-01', '1970-06'], ['1971-Q2'])
    """
    months = (numbers * _months_per(period)).astype("datetime64[M]").astype(str).tolist()
    if period == "quarter":
        return [f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}" for month in months]
    return [month[:4] for month in months] if period == "year" else months


def convert_retention(rate: Numbers, from_period: str, to_period: str) -> Figures:
    """Retention of another period, as a decimal: the power of the rate, never its multiple.

    Parameters
    ----------
    rate
        Retention per `from_period`, as a decimal from 0 to 1.
    from_period
        Period of the rate: day, week, month, quarter or year.
    to_period
        Period wanted: day, week, month, quarter or year.

    Returns
    -------
    float or array
        Retention per `to_period`.

    Notes
    -----
    rate^(from_period per to_period): monthly to yearly is rate^12.

    Examples
    --------
    Five per cent churn a month keeps 54 % of the customers for a year, not 40 %:

    >>> round(convert_retention(0.95, "month", "year"), 5)
    0.54036
    """
    retention = checked("rate", rate, at_least=0, at_most=1)
    return unwrapped(retention ** _periods_in(from_period, to_period))


def convert_discount(rate: Numbers, from_period: str, to_period: str) -> Figures:
    """Discount rate of another period, as a decimal: the power of one plus the rate.

    Parameters
    ----------
    rate
        Effective discount rate per `from_period`, as a decimal, 0 up to below 1.
    from_period
        Period of the rate: day, week, month, quarter or year.
    to_period
        Period wanted: day, week, month, quarter or year.

    Returns
    -------
    float or array
        Discount rate per `to_period`.

    Notes
    -----
    (1 + rate)^(from_period per to_period) − 1: monthly to yearly is (1 + rate)^12 − 1.

    Examples
    --------
    Ten per cent a year is less than a twelfth of it a month:

    >>> round(convert_discount(0.10, "year", "month"), 8)
    0.00797414
    """
    discount = checked("rate", rate, at_least=0, below=1)
    return unwrapped(np.expm1(_periods_in(from_period, to_period) * np.log1p(discount)))


def _periods_in(from_period: str, to_period: str) -> float:
    """How many of `from_period` make one `to_period`."""
    return periods_per_year(from_period, "from_period") / periods_per_year(to_period, "to_period")
