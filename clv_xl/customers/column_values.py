"""Lists, arrays and pandas columns that a caller hands over, as typed columns."""

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd

from clv_xl.arrays import Dates, Floats, Numbers, Texts
from clv_xl.customers.order_columns import DayColumn
from clv_xl.errors import DataError, row_number

NO_DATE = np.datetime64("NaT", "D")


def texts_in(values: Texts) -> pd.Series:
    """Return ids or labels as a column; they become text later, each distinct one once."""
    return values if isinstance(values, pd.Series) else pd.Series(values)


def days_in(values: Dates, argument: str = "date") -> DayColumn:
    """Return dates as calendar days; blanks are NaT, anything unreadable is an error.

    Examples
    --------
    >>> days_in(["2024-01-31", None])
    array(['2024-01-31',        'NaT'], dtype='datetime64[D]')
    >>> days_in(["31/01/2024"])
    Traceback (most recent call last):
    clv_xl.errors.DataError: row 1: date 31/01/2024 cannot be read: give dates such as 2024-03-31
    """
    column = texts_in(values)
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        column = column.dt.tz_localize(None)
    if column.dtype.kind == "M":
        return column.to_numpy().astype("datetime64[D]")
    codes, uniques = pd.factorize(column)
    days = np.array([_day(value) for value in np.asarray(uniques, dtype=object).tolist()]
                    + [NO_DATE], dtype=object)  # fmt: skip
    unreadable = np.array([day is None for day in days])[codes]
    if unreadable.any():
        row = int(np.argmax(unreadable))
        raise DataError(
            f"row {row_number(row)}: {argument} {column.iloc[row]} cannot be read: "
            f"give dates such as 2024-03-31"
        )
    return days.astype("datetime64[D]")[codes]


def _day(value: object) -> np.datetime64 | None:
    """Return one calendar day, NaT for a blank, None for what is no date."""
    if isinstance(value, str):
        if not value.strip():
            return NO_DATE
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(UTC).replace(tzinfo=None)
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, np.datetime64):
        return np.datetime64(value.astype("datetime64[D]"), "D")
    return np.datetime64(value, "D") if isinstance(value, date) else None


def amounts_in(values: Numbers, argument: str = "amount") -> Floats:
    """Return amounts as floats; blanks are NaN, anything else that is no number is an error.

    Examples
    --------
    >>> amounts_in([10, None, ""])
    array([10., nan, nan])
    >>> amounts_in([10, "ten"])
    Traceback (most recent call last):
    clv_xl.errors.DataError: row 2: amount ten is no number
    """
    column = values if isinstance(values, pd.Series) else pd.Series(values)
    if column.dtype.kind in "iufb":
        return np.asarray(column.to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)
    text = column.astype(object)
    blank = text.isna() | (text == "")
    numbers = pd.to_numeric(text.mask(blank), errors="coerce").astype(np.float64)
    unreadable = (numbers.isna() & ~blank).to_numpy()
    if unreadable.any():
        row = int(np.argmax(unreadable))
        raise DataError(f"row {row_number(row)}: {argument} {column.iloc[row]} is no number")
    return np.asarray(numbers, dtype=np.float64)
