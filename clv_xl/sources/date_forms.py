"""One date as written, taken apart: which number is the year, which the month, which the day.

Only the distinct dates of a column pass here, so plain Python is fast enough.
"""

import re
from dataclasses import dataclass
from datetime import date

import numpy as np

from clv_xl.arrays import Bools, Ints
from clv_xl.customers.order_columns import DayColumn

TWO_DIGIT_PIVOT = 70
"""Two-digit years from 70 on are 19yy, the others 20yy."""

_YEAR_FIRST = re.compile(r"(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})日?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(?:\d{4}|\d{6})Z?)?")
_YEAR_LAST = re.compile(r"(\d{1,2})\s?([-/. ])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})\.?")
_WEEKDAY = r"(?:[A-Za-z]{3,9},?\s+)?"
_DAY_NAMED = re.compile(
    rf"{_WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th)?[-/.\s]*([A-Za-z]{{3,9}})[-/.,\s]*(\d{{4}}|\d{{2}})"
)
_NAMED_DAY = re.compile(
    rf"{_WEEKDAY}([A-Za-z]{{3,9}})[.\s-]*(\d{{1,2}})(?:st|nd|rd|th)?[,\s-]+(\d{{4}})"
)
_YEAR_NAMED = re.compile(r"(\d{4})[-/\s]([A-Za-z]{3,9})[-/\s](\d{1,2})")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_JALALI_YEARS = (1300, 1500)
_BUDDHIST_YEARS = (2400, 2600)
_BUDDHIST_OFFSET = 543
_GREGORIAN_YEARS = (1900, 2299)


@dataclass(frozen=True, slots=True)
class DateNumbers:
    """Dates taken apart; zeros where unreadable.

    Attributes
    ----------
    numbers
        Three numbers a date: year, month, day where `ordered`, else as they stand.
    ordered
        Dates whose order is certain.
    unordered
        Dates whose three numbers end in the year, or begin with one of two digits.
    """

    numbers: Ints
    ordered: Bools
    unordered: Bools


def taken_apart(dates: list[str]) -> DateNumbers:
    """Take dates apart, whatever their form.

    Examples
    --------
    >>> taken_apart(["2024-03-12", "12 Mar 2024", "12/03/2024"]).numbers.tolist()
    [[2024, 3, 12], [2024, 3, 12], [12, 3, 2024]]
    """
    numbers = np.zeros((len(dates), 3), dtype=np.int64)
    ordered = np.zeros(len(dates), dtype=np.bool_)
    unordered = np.zeros(len(dates), dtype=np.bool_)
    for position, written in enumerate(dates):
        if certain := _year_first(written) or _month_named(written):
            numbers[position] = certain
            ordered[position] = True
        elif found := _YEAR_LAST.fullmatch(written):
            numbers[position] = [int(found[1]), int(found[3]), int(found[4])]
            unordered[position] = True
    return DateNumbers(numbers, ordered, unordered)


def _year_first(written: str) -> tuple[int, int, int] | None:
    found = _YEAR_FIRST.fullmatch(written) or _COMPACT.fullmatch(written)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def _month_named(written: str) -> tuple[int, int, int] | None:
    if found := _DAY_NAMED.fullmatch(written):
        day, name, year = found.groups()
    elif found := _NAMED_DAY.fullmatch(written):
        name, day, year = found.groups()
    elif found := _YEAR_NAMED.fullmatch(written):
        year, name, day = found.groups()
    else:
        return None
    month = month_number(name)
    return (full_year(int(year)), month, int(day)) if month else None


def month_number(name: str) -> int:
    """Return the number of an English month, in full or short; 0 for another word.

    Examples
    --------
    >>> month_number("Sept"), month_number("march"), month_number("mark")
    (9, 3, 0)
    """
    small = name.casefold()
    for number, month in enumerate(_MONTHS, start=1):
        if small in {month, month[:3]} or (small == "sept" and month == "september"):
            return number
    return 0


def full_year(year: int) -> int:
    """Return a year of four digits for one of two.

    Examples
    --------
    >>> full_year(24), full_year(97), full_year(1403)
    (2024, 1997, 1403)
    """
    if year >= 100:  # noqa: PLR2004 - three digits are no short year
        return year
    return year + (1900 if year >= TWO_DIGIT_PIVOT else 2000)


def calendar_days(numbers: Ints) -> tuple[DayColumn, list[str]]:
    """Return the days that years, months and days name, NaT where there is none.

    Beside them stand the keys of the remarks on what was done.

    Years 1300 to 1500 are Jalali, 2400 to 2600 Buddhist.

    Examples
    --------
    >>> calendar_days(np.array([[2024, 2, 29], [1403, 1, 1], [2023, 2, 29]]))[0]
    array(['2024-02-29', '2024-03-20',        'NaT'], dtype='datetime64[D]')
    """
    year, month, day = numbers.T.copy()
    remarks = []
    buddhist = _within(year, _BUDDHIST_YEARS)
    if buddhist.any():
        year[buddhist] -= _BUDDHIST_OFFSET
        remarks.append("remark.date.buddhist")
    possible = _within(year, _GREGORIAN_YEARS) & _within(month, (1, 12)) & _within(day, (1, 31))
    months = np.where(possible, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (day - 1).astype("timedelta64[D]")
    days[~possible | (days.astype("datetime64[M]") != months)] = np.datetime64("NaT")
    jalali = _within(year, _JALALI_YEARS)
    if jalali.any():
        days[jalali] = [_from_jalali(*one) for one in numbers[jalali].tolist()]
        remarks.append("remark.date.jalali")
    return days, remarks


def _within(values: Ints, bounds: tuple[int, int]) -> Bools:
    return np.asarray((values >= bounds[0]) & (values <= bounds[1]))


def _from_jalali(year: int, month: int, day: int) -> np.datetime64:
    from persiantools.jdatetime import JalaliDate  # noqa: PLC0415 - few logs have such dates

    try:
        gregorian: date = JalaliDate(year, month, day).to_gregorian()  # type: ignore[no-untyped-call]
    except ValueError:
        return np.datetime64("NaT")
    return np.datetime64(gregorian, "D")
