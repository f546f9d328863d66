"""What cohorts under contract tell: how many were due for their t-th renewal, and how many left.

Of the survivors of a cohort only these counts matter, and they add up over cohorts of any length.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from clv_xl.arrays import Floats, checked
from clv_xl.errors import InvalidArgumentError, row_number


@dataclass(frozen=True, slots=True, eq=False)
class RenewalCounts:
    """Customers kept and lost at renewal 1, 2, …, over all cohorts."""

    kept: Floats
    lost: Floats
    customers: float
    """At the start of their cohorts."""
    cohorts: int
    left: Floats
    """Customers there at the end, by the renewals they have made, from 0."""

    @property
    def due(self) -> Floats:
        """Customers due for each renewal."""
        return self.kept + self.lost

    @property
    def are_counts(self) -> bool:
        """Whether all are whole numbers."""
        both = np.concatenate([self.kept, self.lost])
        return bool((both == np.floor(both)).all())


def renewal_counts(survivors: Any) -> RenewalCounts:  # noqa: ANN401 - one cohort, or several
    """Return the counts of one cohort, given as a column, or of several, given as rows.

    Parameters
    ----------
    survivors
        Customers at time 0, then those left after each period; a row a cohort where there are
        several, the younger ones shorter or ended by blanks.

    Returns
    -------
    RenewalCounts
        Summed over the cohorts.

    Raises
    ------
    InvalidArgumentError
        If a cohort grows, has a gap, or begins with no customer; if none has a first renewal.

    Examples
    --------
    >>> counts = renewal_counts([[100, 80, 60], [50, 40, None]])
    >>> counts.kept, counts.lost, counts.customers
    (array([120.,  60.]), array([30., 20.]), 150.0)
    """
    cohorts = list(_cohorts(survivors))
    longest = max((len(cohort) for cohort in cohorts), default=0)
    if longest <= 1:
        expected = "a cohort's size at time 0, then its survivors after each period"
        raise InvalidArgumentError("survivors", f"{longest} numbers", expected)
    kept, lost, left = np.zeros(longest - 1), np.zeros(longest - 1), np.zeros(longest)
    for cohort in cohorts:
        left[len(cohort) - 1] += cohort[-1]
        kept[: len(cohort) - 1] += cohort[1:]
        lost[: len(cohort) - 1] += cohort[:-1] - cohort[1:]
    customers = sum(float(cohort[0]) for cohort in cohorts)
    return RenewalCounts(kept, lost, customers, len(cohorts), left)


def _cohorts(survivors: Any) -> Iterator[Floats]:  # noqa: ANN401
    rows: Any = np.asarray(survivors) if hasattr(survivors, "to_numpy") else survivors
    several = len(rows) and np.ndim(rows[0]) > 0
    for position, row in enumerate(rows if several else [rows]):
        cohort = _without_blanks_at_the_end(row)
        if several and not cohort.any():  # blank, or nobody began
            continue
        checked("survivors", cohort, at_least=0)
        _refuse_growth(cohort, position if several else None)
        yield cohort


def _without_blanks_at_the_end(row: Any) -> Floats:  # noqa: ANN401
    try:
        cohort = np.array(row, dtype=np.float64)
    except (TypeError, ValueError):
        return checked("survivors", row)  # refuses, with its sentence
    filled = np.flatnonzero(~np.isnan(cohort))
    return cohort[: filled[-1] + 1 if len(filled) else 0]


def _refuse_growth(cohort: Floats, position: int | None) -> None:
    shares = len(cohort) and cohort[0] == 1 and (cohort % 1 != 0).any()
    if shares or (len(cohort) and cohort[0] < 1):
        expected = "counts that begin with the cohort's size at time 0, at least 1, and no shares"
        raise InvalidArgumentError("survivors", f"{cohort[0]:.15g}", expected)
    for place, (before, after) in enumerate(pairwise(cohort.tolist())):
        if after > before:
            row = row_number(place + 1 if position is None else position)
            got = f"{after:.15g} after {before:.15g} (row {row})"
            raise InvalidArgumentError("survivors", got, "at most those of the period before")
