"""What the arguments of the formulas may be: money, rates, counts, each with its bounds."""

from dataclasses import dataclass

import numpy as np

from clv_xl.arrays import Floats, Numbers, Range, checked
from clv_xl.errors import DataError, InvalidArgumentError

LARGEST = 1e100
"""Three such figures multiplied still fit a float; figures below its reciprocal count as 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """The values an argument may take; no bound at all still means finite."""

    at_least: float | None = None
    above: float | None = None
    at_most: float | None = None
    below: float | None = None
    whole: bool = False

    def check(self, argument: str, values: Numbers) -> Floats:
        """Return `values` as floats, or say which one is out of bounds.

        Examples
        --------
        >>> PERIODS.check("periods", 2.5)
        Traceback (most recent call last):
        clv_xl.errors.InvalidArgumentError: periods must be a whole number, got 2.5
        """
        array = checked(argument, values)
        array = checked(
            argument,
            np.where(np.abs(array) < 1 / LARGEST, 0.0, array),
            at_least=self.at_least,
            above=self.above,
            at_most=self.at_most,
            below=self.below,
        )
        checked(argument, array, at_least=-LARGEST, at_most=LARGEST)
        if self.whole and np.any(array != np.floor(array)):
            part = float(array[array != np.floor(array)].flat[0])
            raise InvalidArgumentError(argument, f"{part:.15g}", "a whole number")
        return array


FINITE = Bound()
NOT_NEGATIVE = Bound(at_least=0)
POSITIVE = Bound(above=0)
RATE = Bound(at_least=0, below=1)
"""A retention or a discount rate per period, as a decimal."""
SHARE = Bound(at_least=0, at_most=1)
CHURN = Bound(above=0, at_most=1)
PERIODS = Bound(at_least=1, whole=True)


def numbers(**arguments: tuple[Numbers, Bound]) -> list[Floats]:
    """Return every argument as floats of one common shape, checked against its bound.

    Examples
    --------
    >>> numbers(margin_per_period=([100, 200], FINITE), retention=(0.8, RATE))
    [array([100., 200.]), array([0.8, 0.8])]
    >>> numbers(margin_per_period=([100, 200], FINITE), retention=([0.8, 0.7, 0.6], RATE))
    Traceback (most recent call last):
    clv_xl.errors.InvalidArgumentError: retention must be one number or as many as \
margin_per_period (2), got 3
    """
    arrays = {name: bound.check(name, values) for name, (values, bound) in arguments.items()}
    try:
        return list(np.broadcast_arrays(*arrays.values()))
    except ValueError:
        raise _unlike(arrays) from None


def single(**arguments: tuple[Numbers, Bound]) -> list[Floats]:
    """Return every argument as one number, checked; a function that makes a table takes no more.

    Examples
    --------
    >>> single(margin_per_period=([100, 200], FINITE))
    Traceback (most recent call last):
    clv_xl.errors.InvalidArgumentError: margin_per_period must be one number, got 2
    """
    arrays = {name: bound.check(name, values) for name, (values, bound) in arguments.items()}
    for name, array in arrays.items():
        if array.size != 1:
            raise InvalidArgumentError(name, array.size, "one number")
    return [array.reshape(()) for array in arrays.values()]


def _unlike(arrays: dict[str, Floats]) -> InvalidArgumentError:
    first, *others = [name for name, array in arrays.items() if array.size != 1]
    other = next(name for name in others if arrays[name].shape != arrays[first].shape)
    expected = f"one number or as many as {first} ({arrays[first].size})"
    return InvalidArgumentError(other, arrays[other].size, expected)


def with_blanks(argument: str, values: Range) -> Floats:
    """Return a range as one row of floats, NaN where a cell is blank; one number at least.

    Examples
    --------
    >>> with_blanks("amounts", [9, None])
    array([ 9., nan])
    """
    try:
        array = np.atleast_1d(np.asarray(values, dtype=np.float64)).ravel()
    except (TypeError, ValueError):
        array = checked(argument, values)  # refuses, with its sentence
    if np.isnan(array).all():
        raise DataError(f"{argument} must hold at least one number, got only empty cells")
    FINITE.check(argument, np.nan_to_num(array, posinf=np.inf, neginf=-np.inf))
    return array


def filled(argument: str, values: Range, bound: Bound = FINITE) -> Floats:
    """Return the numbers of a range, blank cells left out, as a sheet's AVERAGE does.

    Examples
    --------
    >>> filled("scores", [9, None, 10])
    array([ 9., 10.])
    """
    array = with_blanks(argument, values)
    blank = np.isnan(array)
    bound.check(argument, np.where(blank, bound.at_least or 0.0, array))  # keeps the row numbers
    return array[~blank]


def given(value: Numbers | None, default: float) -> Numbers:
    """Return `value`, or `default` where the caller left it out.

    Examples
    --------
    >>> given(None, 0.1)
    0.1
    """
    return default if value is None else value
