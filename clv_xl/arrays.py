"""Arrays that come from a caller: what they may hold, said in the caller's words.

Every public function takes numbers, lists, numpy arrays or pandas columns and hands back the same
shape: a number for a number, an array for an array.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from clv_xl.errors import InvalidArgumentError, row_number

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

_DAY_0 = date(1970, 1, 1)


class Kind(StrEnum):
    """What an argument is to a worksheet: the catalogue reads it from the annotations below."""

    NUMBER = "number"
    NUMBERS = "numbers"
    RANGE = "range"
    BLOCK = "block"
    TEXT = "text"
    TEXTS = "texts"
    DATE = "date"
    DATES = "dates"
    HORIZON = "horizon"
    TABLE = "table"
    CELL = "cell"


class Unreadable(StrEnum):
    """What becomes of cells that are not what an argument needs; without this mark: refused."""

    KEPT = "kept"


class Stands(StrEnum):
    """Whose rows a column has; without this mark those of the other columns beside it."""

    ALONE = "alone"


Numbers: TypeAlias = Annotated[ArrayLike, Kind.NUMBERS]
"""A number or an array of numbers: `Numbers` in, the same shape out."""
Range: TypeAlias = Annotated[ArrayLike, Kind.RANGE]
"""A column of numbers, one a row."""
Steps: TypeAlias = Annotated[ArrayLike, Kind.RANGE, Stands.ALONE]
"""A short column of numbers that has rows of its own: days after an order, shares of customers."""
Block: TypeAlias = Annotated[Any, Kind.BLOCK]
"""A column of numbers, or several rows of them; blanks stay."""
Texts: TypeAlias = Annotated[Any, Kind.TEXTS]
"""A column of texts (ids, names), one a row."""
Dates: TypeAlias = Annotated[Any, Kind.DATES]
"""A column of dates, one a row: datetime64, date objects or ISO texts."""
AnyTexts: TypeAlias = Annotated[Any, Kind.TEXTS, Unreadable.KEPT]
"""A column of ids whose unreadable cells the function counts itself."""
AnyNumbers: TypeAlias = Annotated[Any, Kind.RANGE, Unreadable.KEPT]
"""A column of numbers whose unreadable cells the function counts itself."""
AnyDates: TypeAlias = Annotated[Any, Kind.DATES, Unreadable.KEPT]
"""A column of dates whose unreadable cells the function counts itself."""
Day: TypeAlias = Annotated[date | str, Kind.DATE]
"""One date: a date object or ISO text."""
Figures: TypeAlias = Any
"""What a formula returns: a float for numbers in, an array where one of them was an array."""
Table: TypeAlias = Annotated[Any, Kind.TABLE]
"""A range of several columns with a header row, as a fit returns it: a DataFrame or rows."""
Horizon: TypeAlias = Annotated[float | str, Kind.HORIZON]
"""A time ahead: a number in a fit's unit, or text such as "12 months"."""
Cell: TypeAlias = Annotated[Any, Kind.CELL]
"""What one worksheet cell holds, or each cell of a range."""


def checked(
    argument: str,
    values: Numbers,
    *,
    at_least: float | None = None,
    above: float | None = None,
    at_most: float | None = None,
    below: float | None = None,
) -> Floats:
    """Return `values` as floats, or say which bound which value breaks.

    Examples
    --------
    >>> checked("retention", 0.8, at_least=0, below=1)
    array(0.8)
    >>> checked("retention", "nan")
    Traceback (most recent call last):
    clv_xl.errors.InvalidArgumentError: retention must be a number, got 'nan'
    >>> checked("retention", 80, at_least=0, below=1)
    Traceback (most recent call last):
    clv_xl.errors.InvalidArgumentError: retention must be at least 0 and below 1, got 80 \
(did you mean 0.80?)
    """
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise InvalidArgumentError(argument, _no_number(values), "a number") from None
    fits = np.isfinite(array)
    if isinstance(values, str) and not fits:  # a text such as nan is read, but no empty cell
        raise InvalidArgumentError(argument, repr(values), "a number")
    if at_least is not None:
        fits &= array >= at_least
    if above is not None:
        fits &= array > above
    if at_most is not None:
        fits &= array <= at_most
    if below is not None:
        fits &= array < below
    if not fits.all():
        expected = _bounds(at_least, above, at_most, below)
        _refuse(argument, array, fits, expected, is_share=1 in {at_most, below})
    return array


def _no_number(values: Cell) -> str:
    """Show the first of the values that is no number, with its row where there are several."""
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        return repr(values)
    for position, value in enumerate(values):
        try:
            np.float64(value)
        except (TypeError, ValueError):
            return f"{str(value)!r} (row {row_number(position)})"
    return "rows of unlike lengths"


def _bounds(
    at_least: float | None, above: float | None, at_most: float | None, below: float | None
) -> str:
    named = [("at least", at_least), ("above", above), ("at most", at_most), ("below", below)]
    return " and ".join(f"{word} {bound:g}" for word, bound in named if bound is not None) or (
        "a finite number"
    )


def _refuse(argument: str, array: Floats, fits: Bools, expected: str, *, is_share: bool) -> None:
    position = int(np.argmin(fits))
    value = float(array.flat[position])
    where = f" (row {row_number(position)})" if array.size > 1 else ""
    shown = "an empty cell" if np.isnan(value) else f"{value:.15g}"
    hint = _as_share(value) if is_share else None
    raise InvalidArgumentError(argument, f"{shown}{where}", expected, hint=hint)


def _as_share(per_cent: float) -> str | None:
    """Return the share that was probably meant by a number typed in per cent."""
    if not 1 < per_cent < 100:  # noqa: PLR2004 - per cent
        return None
    share = f"{per_cent / 100:.4g}"
    return share if len(share) > len("0.8") else f"{share}0"


def unwrapped(values: Floats) -> Figures:
    """Return a plain float where one number went in, else the array itself.

    Examples
    --------
    >>> unwrapped(np.array(2.5))
    2.5
    """
    return float(values) if np.ndim(values) == 0 else values


def same_length(**columns: Cell) -> int:
    """Return the common length of the named columns, or say which one differs.

    Examples
    --------
    >>> same_length(customers=["a", "b"], dates=["2024-01-01"])
    Traceback (most recent call last):
    clv_xl.errors.InvalidArgumentError: dates must be as long as customers (2 rows), got 1
    """
    (first, reference), *others = [(n, c) for n, c in columns.items() if c is not None]
    for name, column in others:
        if len(column) != len(reference):
            expected = f"as long as {first} ({len(reference)} rows)"
            raise InvalidArgumentError(name, len(column), expected)
    return len(reference)


def calendar_day(argument: str, day: Day) -> date:
    """Return one date given as a date object, a timestamp or ISO text, or say that it is none.

    Examples
    --------
    >>> calendar_day("as_of", "2024-03-31")
    datetime.date(2024, 3, 31)
    >>> calendar_day("as_of", "31st of March")
    Traceback (most recent call last):
    clv_xl.errors.InvalidArgumentError: as_of must be a date such as 2024-03-31, got 31st of March
    """
    try:
        return datetime.fromisoformat(str(day).strip()).date()
    except ValueError:
        raise InvalidArgumentError(argument, day, "a date such as 2024-03-31") from None


def day_number(argument: str, day: Day) -> int:
    """Return one date as the number of days since 1970-01-01.

    Examples
    --------
    >>> day_number("from_date", "1970-01-11")
    10
    """
    return (calendar_day(argument, day) - _DAY_0).days


def day_of(number: int) -> date:
    """Return the date that is so many days after 1970-01-01.

    Examples
    --------
    >>> day_of(10)
    datetime.date(1970, 1, 11)
    """
    return _DAY_0 + timedelta(days=int(number))
