"""Counts, sums and quantiles of many groups at once, without a loop over the groups.

Groups are numbered from 0; each function takes the number of the group of each entry.
"""

import numpy as np

from clv_xl.arrays import Floats, Ints


def count_by_group(group: Ints, groups: int) -> Ints:
    """Return the number of entries of each group.

    Examples
    --------
    >>> count_by_group(np.array([0, 2, 0]), 3)
    array([2, 0, 1])
    """
    return np.bincount(group, minlength=groups).astype(np.int64, copy=False)


def sum_by_group(group: Ints, values: Floats | Ints, groups: int) -> Floats:
    """Return the sum of the values of each group, 0 for a group without any.

    Examples
    --------
    >>> sum_by_group(np.array([0, 2, 0]), np.array([1.5, 4.0, 2.0]), 3)
    array([3.5, 0. , 4. ])
    """
    return np.bincount(group, values, minlength=groups).astype(np.float64, copy=False)


def quantile_by_group(group: Ints, values: Ints, groups: int, share: float) -> Floats:
    """Return one quantile per group, linearly interpolated; NaN for a group without values.

    Parameters
    ----------
    group
        Number of the group of each value, 0 to groups - 1.
    values
        Whole numbers of at least 0, such as days.
    groups
        How many groups there are.
    share
        Which quantile, 0 to 1.

    Examples
    --------
    >>> quantile_by_group(np.array([0, 1, 0]), np.array([10, 7, 20]), 3, 0.5)
    array([15.,  7., nan])
    """
    base = int(values.max(initial=0)) + 1
    ordered = np.sort(group * base + values) % base  # by group, then by value, in one sort
    count = count_by_group(group, groups)
    start = np.cumsum(count) - count
    filled = count > 0
    position = share * (count[filled] - 1)
    below = np.floor(position).astype(np.int64)
    low = start[filled] + below
    high = np.minimum(low + 1, start[filled] + count[filled] - 1)
    result = np.full(groups, np.nan)
    result[filled] = ordered[low] + (position - below) * (ordered[high] - ordered[low])
    return result


def ratio(parts: Floats | Ints, wholes: Floats | Ints) -> Floats:
    """Return parts / wholes; NaN where the whole is 0.

    Examples
    --------
    >>> ratio(np.array([1, 0]), np.array([4, 0]))
    array([0.25,  nan])
    """
    parts, wholes = np.broadcast_arrays(parts, wholes)
    result = np.full(parts.shape, np.nan)
    np.divide(parts, wholes, out=result, where=wholes != 0)
    return result
