"""The period a report covers, and the one before it."""

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np

from clv_xl.arrays import day_number
from clv_xl.errors import InvalidArgumentError

Kind = Literal["twelve_months", "month", "quarter", "year", "range", "half"]
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_NAMED = re.compile(r"([12][0-9]{3})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportingPeriod:
    """Two stretches of days, both ends included, as day numbers since 1970-01-01.

    Parameters
    ----------
    first_day, last_day
        The period.
    previous_first_day, previous_last_day
        The period compared with; None where the orders do not reach back.
    kind
        How it was chosen.
    asked_until
        Last day asked for, where the report's day comes before it: the period is incomplete.
    """

    first_day: int
    last_day: int
    previous_first_day: int | None
    previous_last_day: int | None
    kind: Kind
    asked_until: int | None = None

    @property
    def incomplete(self) -> bool:
        """Whether the period was cut at the day of the report."""
        return self.asked_until is not None

    @property
    def days(self) -> int:
        """Length in days."""
        return self.last_day - self.first_day + 1


def choose_period(wish: str | None, first_order: int, as_of: int) -> ReportingPeriod:
    """Return the period to report.

    Parameters
    ----------
    wish
        ``month``, ``quarter``, ``year`` (the last complete one), ``2024``, ``2024-Q2``,
        ``2024-05``, ``FROM..TO`` (ISO dates), or None: the last twelve complete months against
        the twelve before where the orders reach back, else the later half of the log against the
        earlier.
    first_order, as_of
        Day numbers of the first order and of the report.

    Examples
    --------
    >>> day = lambda text: int(np.datetime64(text, "D").astype(int))
    >>> p = choose_period(None, day("2022-01-03"), day("2024-05-17"))
    >>> str(np.datetime64(p.first_day, "D")), str(np.datetime64(p.last_day, "D"))
    ('2023-05-01', '2024-04-30')
    """
    if wish is None:
        return _twelve_months(first_order, as_of) or _halves(first_order, as_of)
    if ".." in wish:
        return _range(wish, first_order, as_of)
    named = _NAMED.fullmatch(wish)
    if named:
        return _named(wish, named, first_order, as_of)
    if wish not in _MONTHS:
        raise InvalidArgumentError(
            "period",
            wish,
            "month, quarter, year, a period such as 2024, 2024-Q2 or 2024-05, or FROM..TO such as "
            "2024-01-01..2024-06-30",
        )
    return _complete(wish, first_order, as_of)


def name_of_days(first_day: int, last_day: int) -> str:
    """Return the one name of a stretch of days: a year, a quarter, a month, else ``FROM..TO``.

    Parameters
    ----------
    first_day, last_day
        Day numbers since 1970-01-01, both included.

    Examples
    --------
    >>> day = lambda text: int(np.datetime64(text, "D").astype(int))
    >>> name_of_days(day("2024-04-01"), day("2024-06-30"))
    '2024-Q2'
    >>> name_of_days(day("2024-02-01"), day("2024-02-29"))
    '2024-02'
    >>> name_of_days(day("2023-07-01"), day("2024-06-30"))
    '2023-07-01..2024-06-30'
    """
    first, last = (np.datetime64(day, "D") for day in (first_day, last_day))
    month = int(first.astype("datetime64[M]").astype(int))
    for months in sorted(_MONTHS.values(), reverse=True):
        whole = _first_day_of(month) == first_day and _first_day_of(month + months) - 1 == last_day
        if whole and month % months == 0:
            return _calendar_name(str(first), month % 12, months)
    return f"{first}..{last}"


def _calendar_name(first: str, month: int, months: int) -> str:
    year = first[:4]
    return {12: year, 3: f"{year}-Q{month // 3 + 1}"}.get(months, first[:7])


def _twelve_months(first_order: int, as_of: int) -> ReportingPeriod | None:
    end = _last_complete_month(as_of, 1)
    start = end - 11
    if _first_day_of(start - 12) < first_order - _grace(first_order):
        return None
    return ReportingPeriod(
        first_day=_first_day_of(start),
        last_day=_first_day_of(end + 1) - 1,
        previous_first_day=_first_day_of(start - 12),
        previous_last_day=_first_day_of(start) - 1,
        kind="twelve_months",
    )


def _named(wish: str, named: re.Match[str], first_order: int, as_of: int) -> ReportingPeriod:
    """Return a year, quarter or month of the calendar; one that is not over is cut."""
    year, quarter, month = (int(part) if part else 0 for part in named.groups())
    months = 3 if quarter else 1 if month else 12
    start = (year - 1970) * 12 + (3 * quarter - 3 if quarter else max(month - 1, 0))
    first, last = _first_day_of(start), _first_day_of(start + months) - 1
    if first > as_of or last < first_order:
        covered = f"{np.datetime64(first_order, 'D')}..{np.datetime64(as_of, 'D')}"
        raise InvalidArgumentError("period", wish, f"a period within {covered}")
    if last > as_of:
        days = f"{np.datetime64(first, 'D')}..{np.datetime64(last, 'D')}"
        return _range(days, first_order, as_of)
    return _whole_months(start + months - 1, months, first_order, "range")


def _complete(wish: str, first_order: int, as_of: int) -> ReportingPeriod:
    months = _MONTHS[wish]
    end = _last_complete_month(as_of, months)
    if _first_day_of(end + 1) - 1 < first_order:
        raise InvalidArgumentError(
            "period", wish, f"one that the orders cover; they hold no complete {wish}"
        )
    return _whole_months(end, months, first_order, wish)  # type: ignore[arg-type] # a key of _MONTHS is a kind


def _whole_months(end: int, months: int, first_order: int, kind: Kind) -> ReportingPeriod:
    """Return months of the calendar up to the month `end`, against as many before."""
    first_day, last_day = _first_day_of(end - months + 1), _first_day_of(end + 1) - 1
    before = _first_day_of(end - 2 * months + 1)
    known = before >= first_order - _grace(first_order)
    return ReportingPeriod(
        first_day=first_day,
        last_day=last_day,
        previous_first_day=before if known else None,
        previous_last_day=first_day - 1 if known else None,
        kind=kind,
    )


def _range(wish: str, first_order: int, as_of: int) -> ReportingPeriod:
    try:
        first, last = (day_number("period", end) for end in wish.split(".."))
    except ValueError:
        raise InvalidArgumentError(
            "period", wish, "FROM..TO in ISO dates such as 2024-01-01..2024-06-30"
        ) from None
    if last < first or first > as_of or last < first_order:
        covered = f"{np.datetime64(first_order, 'D')}..{np.datetime64(as_of, 'D')}"
        raise InvalidArgumentError("period", wish, f"a stretch of days within {covered}")
    length = min(last, as_of) - first + 1
    known = first - length >= first_order
    return ReportingPeriod(
        first_day=first,
        last_day=min(last, as_of),
        previous_first_day=first - length if known else None,
        previous_last_day=first - 1 if known else None,
        kind="range",
        asked_until=last if last > as_of else None,
    )


def _halves(first_order: int, as_of: int) -> ReportingPeriod:
    days = as_of - first_order + 1
    length = days // 2
    first = as_of - length + 1 if length else as_of
    return ReportingPeriod(
        first_day=first,
        last_day=as_of,
        previous_first_day=first - length if length else None,
        previous_last_day=first - 1 if length else None,
        kind="half",
    )


def _last_complete_month(as_of: int, months: int) -> int:
    """Return the last month, counted from 1970-01, that ends a complete stretch of `months`."""
    following = int(np.datetime64(as_of + 1, "D").astype("datetime64[M]").astype(int))
    return following // months * months - 1


def _first_day_of(month: int) -> int:
    return int(np.datetime64(month, "M").astype("datetime64[D]").astype(int))


def _grace(first_order: int) -> int:
    """Return the days by which a log may begin late in its first month and still cover it."""
    return first_order - _first_day_of(
        int(np.datetime64(first_order, "D").astype("datetime64[M]").astype(int))
    )
