"""Customers that share frequency, recency and age are one row with a weight.

The likelihood of a purchase model sees only (frequency, recency, T). A shop with a million
customers has some ten thousand different rows, so the fit works on those; CLVTools (0.11) does too.
"""

from dataclasses import dataclass

import numpy as np

from clv_xl.arrays import Floats, Ints

_MOST_LEVELS = 1_000_000
_LARGEST_KEY = 2**62


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """A column as codes into its levels, ascending; not every level needs to occur."""

    levels: Floats
    codes: Ints


@dataclass(frozen=True, slots=True, eq=False)
class UniqueRows:
    """Each (frequency, recency, T) that occurs once, and the weight that shares it."""

    frequency: Floats
    recency: Floats
    T: Floats
    weight: Floats

    @property
    def customers(self) -> float:
        """How many customers the rows stand for."""
        return float(self.weight.sum())

    @property
    def repeat_buyers(self) -> float:
        """How many of them bought more than once."""
        return float(self.weight[self.frequency > 0].sum())

    @property
    def purchases(self) -> float:
        """How many repeat purchases they made together."""
        return float(self.weight @ self.frequency)

    @property
    def observed_time(self) -> float:
        """How long they were observed together."""
        return float(self.weight @ self.T)


def levels_of(column: Floats) -> Levels:
    """Code a column of numbers that are at least 0; whole numbers need no sorting.

    Examples
    --------
    >>> levels_of(np.array([2.5, 0.5, 2.5])).codes.tolist()
    [1, 0, 1]
    """
    largest = column.max(initial=0.0)
    if largest < _MOST_LEVELS:
        whole = column.astype(np.int64)
        if np.array_equal(whole, column):
            return Levels(np.arange(largest + 1.0), whole)
    levels, codes = np.unique(column, return_inverse=True)
    return Levels(levels, codes.astype(np.int64, copy=False))


def occurring(column: Levels) -> Levels:
    """Leave out the levels that do not occur.

    Examples
    --------
    >>> occurring(levels_of(np.array([3.0, 0.0, 3.0]))).levels
    array([0., 3.])
    """
    codes = column.codes.astype(np.intp, copy=False)  # of 32 bits in WebAssembly
    occurs = np.bincount(codes, minlength=len(column.levels)) > 0
    return Levels(column.levels[occurs], (np.cumsum(occurs) - 1)[column.codes])


def collapsed(frequency: Floats, recency: Floats, T: Floats, weights: Floats | None) -> UniqueRows:
    """Collapse customers to their unique rows; a customer of weight 0 does not count.

    Examples
    --------
    >>> ones = np.ones(3)
    >>> collapsed(ones, ones, 2 * ones, None).weight
    array([3.])
    """
    x, t_x, age = (levels_of(column) for column in (frequency, recency, T))
    if float(len(x.levels)) * len(t_x.levels) * len(age.levels) > _LARGEST_KEY:
        x = Levels(*np.unique(frequency, return_inverse=True))
        t_x = Levels(*np.unique(recency, return_inverse=True))
        age = Levels(*np.unique(T, return_inverse=True))
    keys = (x.codes * len(t_x.levels) + t_x.codes) * len(age.levels) + age.codes
    unique_keys, weight = _counted(keys, weights)
    counted = weight > 0
    rest, age_codes = np.divmod(unique_keys[counted], len(age.levels))
    x_codes, t_codes = np.divmod(rest, len(t_x.levels))
    return UniqueRows(
        x.levels[x_codes], t_x.levels[t_codes], age.levels[age_codes], weight[counted]
    )


def _counted(keys: Ints, weights: Floats | None) -> tuple[Ints, Floats]:
    if weights is None:
        keys = np.sort(keys)
        starts = _starts(keys)
        return keys[starts], np.diff(starts, append=len(keys)).astype(np.float64)
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    starts = _starts(keys)
    sums = np.add.reduceat(weights[order], starts) if len(starts) else np.empty(0)
    return keys[starts], sums


def _starts(ordered: Ints) -> Ints:
    first = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return np.flatnonzero(first)
