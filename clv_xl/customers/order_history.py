"""Whether the log reaches back to the first orders of its customers."""

import numpy as np

from clv_xl.arrays import Bools, Ints
from clv_xl.remarks import Remark

SHORTEST_SPAN = 90
"""Days; a shorter log says nothing about the rate of new customers."""
FEWEST_EARLY = 20
"""Customers first seen in the first tenth; fewer may be chance."""
FAR_EXCEEDS = 3.0
"""Left-truncated: this many times as many first-seen customers a day as later."""


def existing_before_window(
    first_seen: Ints, last_day: int, *, complete: bool = False
) -> tuple[Bools, dict[str, Remark]]:
    """Mark the customers who probably ordered before the log begins, and say so.

    A shop that exports its last year sees all its old customers "for the first time" at once. A
    closed cohort, in which nobody is first seen in the later half, is not such a log: its
    customers were chosen because they are new.

    Parameters
    ----------
    first_seen
        First order day of each customer.
    last_day
        Day of the last order.
    complete
        The log is known to be complete: nobody is marked.

    Returns
    -------
    tuple
        The mark of each customer, and notes: ``left_truncated`` or ``closed_cohort``.
    """
    nobody = np.zeros(len(first_seen), dtype=np.bool_)
    since_start = first_seen - first_seen.min()
    span = last_day - int(first_seen.min()) + 1
    early = since_start < span / 10
    n_early = int(early.sum())
    if span < SHORTEST_SPAN or n_early < FEWEST_EARLY:
        return nobody, {}
    if not (since_start >= span / 2).any():
        return nobody, {"closed_cohort": Remark("remark.cleaning.closed_cohort", days=span)}
    times_the_rest = n_early / (len(first_seen) - n_early) * 9
    if complete or times_the_rest <= FAR_EXCEEDS:
        return nobody, {}
    days = int(np.ceil(span / 10))
    return early, {
        "left_truncated": Remark(
            "remark.cleaning.left_truncated", customers=n_early, days=days, times=times_the_rest
        )
    }
