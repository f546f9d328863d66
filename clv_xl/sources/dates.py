"""Text to days: forms, orders of day and month, calendars and time zones, decided per column.

Days and months are told apart by a value above 12 somewhere in the column; a column in which
nothing decides is refused rather than guessed. Moments with offsets are moved to the offset that
most of them have before their day is cut.
"""

import re
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd

from clv_xl.arrays import Bools, Ints
from clv_xl.customers.order_columns import DayColumn
from clv_xl.errors import DataError
from clv_xl.remarks import Remark
from clv_xl.sources.date_forms import DateNumbers, calendar_days, full_year, taken_apart
from clv_xl.sources.values import BLANK_WORDS, ColumnText, with_ascii_digits

DateOrder: TypeAlias = Literal["dmy", "mdy", "ymd"]

_PLACES = {"dmy": (2, 1, 0), "mdy": (2, 0, 1), "ymd": (0, 1, 2)}
_STRAYS = 0.01
"""Share of dates that may contradict the others before the column is refused as mixed."""

# Plain classes, so that pandas hands these to its compiled matcher.
_CLOCK = "(?:[T, ]|at )+[0-9]{1,2}:[0-9]{2}.*$"
_ZONED = ":[0-9]{2}.*(?:Z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)$"
_CLOCK_AND_ZONE = re.compile(
    r"\D*(\d{1,2}):(\d{2})[\d:.,]*\s*([AaPp][Mm])?\s*(?:Z|UTC|GMT|([+-])(\d{2}):?(\d{2})?)"
)
_MINUTES_A_DAY = 1440
_MONTHS = 12
_DAYS = 31
_SERIAL = r"[2-7]\d{4}(?:\.\d+)?"
_SERIAL_EPOCH = np.datetime64("1899-12-30", "D")
_DAYS_TO_1904 = 1462


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class DatesRead:
    """Days, NaT where blank or unreadable."""

    days: DayColumn
    unreadable: Bools
    notes: tuple[Remark, ...] = ()


def parse_dates(
    column: ColumnText, date_order: DateOrder | None = None, role: str = "date"
) -> DatesRead:
    """Return the days of a column of text, or say why they cannot be known.

    Parameters
    ----------
    column
        The cells.
    date_order
        dmy, mdy or ymd: how dates with three bare numbers are meant; found where None.
    role
        What the column is for, for messages.

    Examples
    --------
    >>> def column(*cells):
    ...     return ColumnText(text=pd.Series(cells, dtype=str), header="Date",
    ...                       source="orders.csv", rows=np.arange(2, 2 + len(cells)))
    >>> parse_dates(column("03/12/2024", "25/12/2024 10:15", "")).days
    array(['2024-12-03', '2024-12-25',        'NaT'], dtype='datetime64[D]')
    """
    written = replace(column, text=with_ascii_digits(column.text))
    dates = written.text.str.replace(_CLOCK, "", regex=True).str.strip()
    codes, distinct = pd.factorize(dates)
    parts = taken_apart([str(one) for one in distinct])
    rows = np.bincount(codes, minlength=len(distinct))
    order = _order(written, parts, codes, rows, date_order)
    numbers = _in_order(parts, order)
    found, said = calendar_days(numbers)
    days = found[codes]
    serial = _serials(written)
    if serial.any():
        days[serial] = _from_serials(written, serial)
        said.append("remark.date.serials")
    shift, zone_notes = _zone_shift(written, dates)
    days += shift
    unreadable = written.filled & np.isnat(days)
    if unreadable.any():
        unreadable &= ~written.text.str.casefold().isin(BLANK_WORDS).to_numpy(dtype=np.bool_)
    written.refuse_mostly_unreadable(unreadable, role, "date")
    if date_order is None and order is not None and parts.unordered.any():
        said.append(_ORDER_NOTES[order])
    notes = (Remark(key, column=column.header) for key in said)
    return DatesRead(days=days, unreadable=unreadable, notes=(*notes, *zone_notes))


_ORDER_NOTES = {
    "dmy": "remark.date.day_first",
    "mdy": "remark.date.month_first",
    "ymd": "remark.date.year_first",
}


def _order(
    column: ColumnText,
    parts: DateNumbers,
    codes: Ints,
    rows: Ints,
    said: DateOrder | None,
) -> DateOrder | None:
    """Return how three bare numbers are to be read; None where it makes no difference."""
    if said is not None or not parts.unordered.any():
        return said
    if _year_first(column, parts, codes):
        return "ymd"
    first, second, _ = parts.numbers.T
    loose = parts.unordered
    day_first, month_first = loose & (first > _MONTHS), loose & (second > _MONTHS)
    for_dmy, for_mdy = int(rows[day_first].sum()), int(rows[month_first].sum())
    if min(for_dmy, for_mdy) > _STRAYS * (for_dmy + for_mdy):
        stray = (month_first if for_dmy >= for_mdy else day_first)[codes]
        raise DataError(
            f"{column.source}: the dates in {column.header} have the day first in some rows and "
            f"the month first in others, such as {column.example(stray)}: write all alike"
        )
    if for_dmy or for_mdy:
        _refuse_swapped(column, parts, codes, day_first if for_dmy else month_first)
        return "dmy" if for_dmy > for_mdy else "mdy"
    if (first[loose] == second[loose]).all():
        return "dmy"
    raise _two_ways(column, (loose & (first != second))[codes], ("dmy", "mdy"))


def _year_first(column: ColumnText, parts: DateNumbers, codes: Ints) -> bool:
    """Return whether years of two digits stand first: no day is above 31.

    Where the last numbers could be days, and the first ones are few and never below 13, as years
    are and days are not, the order is asked for.
    """
    first, _, third = parts.numbers[parts.unordered].T
    if ((first > _DAYS) & (third < 100)).any():  # noqa: PLR2004 - years of two digits
        return True
    many = len(first) > 5 and len(set(first.tolist())) < len(set(third.tolist()))  # noqa: PLR2004 - fewer prove nothing
    if many and bool((first > _MONTHS).all() and (third <= _DAYS).all()):
        raise _two_ways(column, parts.unordered[codes], ("dmy", "ymd"))
    return False


def _two_ways(column: ColumnText, where: Bools, orders: tuple[DateOrder, DateOrder]) -> DataError:
    return DataError(
        f"{column.source}: the dates in {column.header} can be read in two ways, such as "
        f"{column.example(where)}: say which with --date-order {orders[0]} or --date-order "
        f"{orders[1]}"
    )


def _refuse_swapped(column: ColumnText, parts: DateNumbers, codes: Ints, decisive: Bools) -> None:
    """Refuse a column of which a spreadsheet has turned every day up to the 12th into a month."""
    real, bare = parts.ordered[codes], parts.unordered[codes]
    early = bool((parts.numbers[codes, 2][real] <= _MONTHS).all())
    if real.sum() >= 3 and early and decisive[codes][bare].all():  # noqa: PLR2004 - fewer prove nothing
        raise DataError(
            f"{column.source}: {column.header} mixes real dates, none after the 12th of a month, "
            f"with texts such as {column.example(bare)}: a spreadsheet has swapped days and months "
            "while opening the export; import it again with this column as text"
        )


def _in_order(parts: DateNumbers, order: DateOrder | None) -> Ints:
    """Return year, month and day of every date."""
    numbers = parts.numbers.copy()
    loose = parts.unordered
    if order is not None and loose.any():
        numbers[loose] = numbers[loose][:, list(_PLACES[order])]
        numbers[loose, 0] = [full_year(year) for year in numbers[loose, 0].tolist()]
    return numbers


def _serials(column: ColumnText) -> Bools:
    """Return the cells that are day numbers: where most are, and where the sheet holds a number."""
    candidates = column.text.str.fullmatch(_SERIAL).to_numpy(dtype=np.bool_)
    if 2 * int(candidates.sum()) > int(column.filled.sum()):
        return candidates
    if column.numbers is None:
        return np.zeros_like(candidates)
    return np.asarray(candidates & column.numbers)


def _from_serials(column: ColumnText, serial: Bools) -> DayColumn:
    numbers = np.floor(column.text[serial].astype(np.float64).to_numpy()).astype(np.int64)
    epoch = _SERIAL_EPOCH + (_DAYS_TO_1904 if column.date1904 else 0)
    return np.asarray(epoch + numbers.astype("timedelta64[D]"))


def _zone_shift(column: ColumnText, dates: pd.Series) -> tuple[np.ndarray, list[Remark]]:
    """Return by how many days the common time zone moves each moment."""
    text = column.text
    shift = np.zeros(len(text), dtype=np.int64)
    zoned = text.str.contains(_ZONED, regex=True).to_numpy(dtype=np.bool_)
    if not zoned.any():
        return shift.astype("timedelta64[D]"), []
    tails = _clocks(text[zoned], dates[zoned])
    codes, distinct = pd.factorize(tails)
    minutes, offsets = np.array([_minutes_and_offset(str(tail)) for tail in distinct]).T
    rows = np.bincount(codes, minlength=len(distinct))
    values, places = np.unique(offsets, return_inverse=True)
    common = int(values[np.argmax(np.bincount(places, weights=rows))])
    shift[zoned] = ((minutes + common - offsets) // _MINUTES_A_DAY)[codes]
    moved = int((shift != 0).sum())
    sign = "-" if common < 0 else "+"
    zone = f"UTC{sign}{abs(common) // 60:02d}:{abs(common) % 60:02d}" if common else "UTC"
    key = "remark.date.common_zone" if len(values) > 1 else "remark.date.zone"
    note = Remark(key, column=column.header, zone=zone, offsets=len(values), count=moved)
    return shift.astype("timedelta64[D]"), [note]


def _clocks(text: pd.Series, dates: pd.Series) -> pd.Series:
    """Return what follows the date in each moment."""
    widths = dates.str.len()
    if widths.min() == widths.max():
        return text.str.slice(int(widths.iloc[0]))
    pairs = zip(text, dates, strict=True)
    return pd.Series([whole[len(day) :] for whole, day in pairs], dtype=str)


def _minutes_and_offset(tail: str) -> tuple[int, int]:
    """Return the minutes since midnight and the offset from UTC in minutes."""
    found = _CLOCK_AND_ZONE.fullmatch(tail)
    if found is None:
        return 0, 0
    hour, minute, half, sign, hours, minutes = found.groups()
    clock = int(hour) % (12 if half else 24) + (12 if half and half.casefold() == "pm" else 0)
    offset = int(hours or 0) * 60 + int(minutes or 0)
    return clock * 60 + int(minute), -offset if sign == "-" else offset


def look_like_dates(text: pd.Series) -> Bools:
    """Return which cells have the form of a date.

    Examples
    --------
    >>> look_like_dates(pd.Series(["2024-03-12 10:15", "Grand total", "12/03/24"]))
    array([ True, False,  True])
    """
    dates = with_ascii_digits(text).str.replace(_CLOCK, "", regex=True).str.strip()
    parts = taken_apart(dates.tolist())
    plausible = ~np.isnat(calendar_days(parts.numbers)[0])
    return np.asarray((parts.ordered & plausible) | parts.unordered)
