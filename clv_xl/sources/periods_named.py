"""Periods as spend files name them: months, quarters, weeks, years and days."""

import re
from datetime import date, timedelta

import numpy as np
import pandas as pd

from clv_xl.arrays import Ints
from clv_xl.customers.order_columns import DayColumn
from clv_xl.sources.date_forms import calendar_days, full_year, month_number

_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?P<year>(?:19|20)\d{2})",
        r"(?P<year>\d{4})[-/. ]?(?P<month>\d{1,2})",
        r"(?P<month>\d{1,2})[-/. ](?P<year>\d{4})",
        r"Q(?P<quarter>[1-4])[-/ ]*(?P<year>\d{4})",
        r"(?P<year>\d{4})[-/ ]*Q(?P<quarter>[1-4])",
        r"(?P<name>[A-Za-z]{3,9})[-/., ']*(?P<year>\d{4}|\d{2})",
        r"(?P<year>\d{4})[-/., ]*(?P<name>[A-Za-z]{3,9})",
    )
)
_WEEK = re.compile(r"(\d{4})[-/ ]*W(\d{1,2})", re.IGNORECASE)
_DAYS_A_WEEK = 7


def named_period(text: str) -> tuple[np.datetime64, np.datetime64] | None:
    """Return the first and last day of a month, quarter, week or year; None for anything else.

    Examples
    --------
    >>> [str(day) for day in named_period("Feb 2024")]
    ['2024-02-01', '2024-02-29']
    >>> [str(day) for day in named_period("2024-Q3")]
    ['2024-07-01', '2024-09-30']
    """
    if week := _WEEK.fullmatch(text):
        return _week(int(week[1]), int(week[2]))
    year, month, months = _months(text)
    if not 1 <= month <= 12:  # noqa: PLR2004 - months of a year
        return None
    ends = np.array([[year, month, 1], _later(year, month, months)], dtype=np.int64)
    first, following = calendar_days(ends)[0]
    if np.isnat(first):
        return None
    return first, following - 1


def _later(year: int, month: int, months: int) -> list[int]:
    return [year + (month - 1 + months) // 12, (month - 1 + months) % 12 + 1, 1]


def _months(text: str) -> tuple[int, int, int]:
    """Return the year, the first month and the number of months; month 0 where unreadable."""
    found = next((match for form in _FORMS if (match := form.fullmatch(text))), None)
    if found is None:
        return 0, 0, 0
    said = found.groupdict()
    year = full_year(int(said["year"]))
    if "quarter" in said:
        return year, 3 * int(said["quarter"]) - 2, 3
    if "month" in said:
        return year, int(said["month"]), 1
    return (year, month_number(said["name"]), 1) if "name" in said else (year, 1, 12)


def _week(year: int, week: int) -> tuple[np.datetime64, np.datetime64] | None:
    try:
        monday = date.fromisocalendar(year, week, 1)
    except ValueError:
        return None
    return np.datetime64(monday, "D"), np.datetime64(monday + timedelta(days=6), "D")


def last_days(days: DayColumn) -> tuple[DayColumn, str]:
    """Return the last day of the period that each date begins.

    Beside it stands the key of the remark on what the dates are taken for.

    Dates that are all the first of a month begin months, dates that are all seven days apart (or a
    multiple) begin weeks; other dates are days.

    Examples
    --------
    >>> last_days(np.array(["2024-01-01", "2024-02-01"], dtype="datetime64[D]"))
    (array(['2024-01-31', '2024-02-29'], dtype='datetime64[D]'), 'remark.spend.months')
    """
    months = days.astype("datetime64[M]")
    if (months.astype("datetime64[D]") == days).all():
        return (months + 1).astype("datetime64[D]") - 1, "remark.spend.months"
    gaps: Ints = np.diff(np.unique(days)).astype(np.int64)
    if gaps.size and not (gaps % _DAYS_A_WEEK).any():
        return days + np.timedelta64(_DAYS_A_WEEK - 1, "D"), "remark.spend.weeks"
    return days, "remark.spend.days"


def periods_of(text: pd.Series) -> tuple[DayColumn, DayColumn]:
    """Return the first and last days of periods given by name, NaT for anything else."""
    codes, distinct = pd.factorize(text)
    nothing = np.datetime64("NaT", "D")
    found = [named_period(str(one)) or (nothing, nothing) for one in distinct]
    ends = np.array(found, dtype="datetime64[D]").reshape(-1, 2)
    return ends[codes, 0], ends[codes, 1]
