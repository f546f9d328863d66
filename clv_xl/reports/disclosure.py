"""Which figures are of too few customers to be shown to those who may not see single customers.

A figure is withheld by itself, and where it could be found by taking shown figures from a total.
Everything here is arithmetic on counts; ``fewest`` is 1 where everything may be seen.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from clv_xl.arrays import Bools, Floats, Ints

ANY = 1
"""So many customers are needed where single ones may be seen."""


def enough(count: int, fewest: int) -> bool:
    """Return whether a group can be spoken of: it is empty, or large enough."""
    return count == 0 or count >= fewest


def tellable(inside: Bools, fewest: int) -> bool:
    """Return whether the sum over some customers may be shown beside that over all.

    Examples
    --------
    >>> tellable(np.array([True] * 6 + [False] * 4), 5), tellable(np.ones(6, dtype=bool), 5)
    (False, True)
    """
    count = int(np.count_nonzero(inside))
    return enough(count, fewest) and enough(len(inside) - count, fewest)


def sum_of(values: Floats, inside: Bools, among: Bools, fewest: int) -> float | None:
    """Return what some customers brought; None where it is of too few of those it could be of.

    Parameters
    ----------
    values
        Money of each customer.
    inside
        Who is meant.
    among
        Who has brought any: nobody else counts.
    fewest
        Customers that are needed.
    """
    return float(values[inside].sum()) if tellable(inside[among], fewest) else None


def hidden(fewest: int, *sizes: Sequence[int] | Ints) -> Bools:
    """Return which groups are not to be shown by themselves.

    Those that are too small; with them the next smallest, until the hidden ones are large enough
    together: else they could be found by subtraction from the total. Empty groups hide nobody.

    Parameters
    ----------
    fewest
        Customers that are needed.
    sizes
        Customers of each group; then those of them whom other figures of the group are of, as
        `told_of` returns them.

    Examples
    --------
    >>> hidden(5, [20, 9, 0, 2]).tolist(), hidden(5, [20, 9, 3, 2]).tolist()
    ([False, True, False, True], [False, False, True, True])
    >>> hidden(5, [20, 9, 30], [8, 5, 1]).tolist()
    [False, True, True]
    """
    counts = np.array(sizes)
    chosen: Bools = np.asarray(((counts > 0) & (counts < fewest)).any(axis=0))
    for group in np.argsort(counts[0], kind="stable") if chosen.any() else ():
        totals = counts[:, chosen].sum(axis=1)
        lacking = (totals > 0) & (totals < fewest)
        chosen[group] |= (counts[lacking, group] > 0).any()
    return chosen


def apart(wanted: Iterable[int], last: int, fewest: int) -> list[int]:
    """Return the cuts of a ranking that may be shown together, ascending, with both ends.

    Of two cuts with too few customers between them the one wanted first stays.

    Parameters
    ----------
    wanted
        Numbers of customers above each cut, the most wanted first.
    last
        Customers in all.
    fewest
        Customers that must lie between two cuts.

    Examples
    --------
    >>> apart([6, 3, 8, 12, 18], 20, 5)
    [0, 6, 12, 20]
    """
    kept = {0, last}
    for cut in map(int, wanted):
        if all(enough(abs(cut - other), fewest) for other in kept):
            kept.add(cut)
    return sorted(kept)


def runs(sizes: Ints, cuts: Iterable[int]) -> list[list[int]]:
    """Return which classes of a ranking are shown as one: those that no cut parts.

    Examples
    --------
    >>> runs(np.array([2, 6, 12]), [0, 8, 20])
    [[0, 1], [2]]
    """
    kept, found, above = set(cuts), [[0]], 0
    for position in range(1, len(sizes)):
        above += int(sizes[position - 1])
        if above in kept:
            found.append([position])
        else:
            found[-1].append(position)
    return found
