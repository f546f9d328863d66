"""Whether customers leave as a model of renewals has it: what was lost, held against the expected.

Of those due at a renewal the model loses a share, so that what is lost more or less is chance of
a known size. It adds up to a chi-square over the renewals, the late ones taken together until
enough are expected to leave.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from clv_xl.arrays import Floats, Ints
from clv_xl.models.renewal_counts import RenewalCounts

LEAST_PROBABLE = 1e-3
"""A misfit is more than chance where chance makes one as large less often than this."""
LEAST_GAP = 0.02
"""Survival that is off by less than this is as good as right, however many customers show it."""
_FEWEST_EXPECTED = 5.0  # customers lost, and kept, in one term of the chi-square
_FALLING = 3.0  # standard errors of the trend of churn


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalMisfit:
    """Where the survival seen is furthest from that of the model."""

    renewal: int
    """From 1."""
    seen: float
    """Share of a cohort left after it, all cohorts taken together."""
    expected: float
    """The same by the model."""
    probability: float
    """Of a chi-square as large, were the model right."""


def renewal_misfit(
    counts: RenewalCounts, retention: Floats, parameters: int
) -> RenewalMisfit | None:
    """Return where a model fails on what was seen; None where chance explains the difference.

    Parameters
    ----------
    counts
        Customers kept and lost at each renewal.
    retention
        The share of those due that the model keeps at each of these renewals.
    parameters
        How many of the model's parameters were fitted to the counts.

    Returns
    -------
    RenewalMisfit or None
        None too where there are too few renewals, or customers, to judge.

    Examples
    --------
    >>> from clv_xl.models.renewal_counts import renewal_counts
    >>> counts = renewal_counts([1000, 700, 690, 400])
    >>> found = renewal_misfit(counts, np.full(3, 0.78), parameters=1)
    >>> found.renewal, found.seen, round(found.expected, 3)
    (2, 0.69, 0.608)
    """
    lost = counts.due * (1 - retention)
    ends = _ends(lost, counts.due - lost)
    freedom = len(ends) - parameters
    if freedom < 1:
        return None
    starts = np.append(0, ends[:-1])
    off, scatter = (
        np.add.reduceat(of[: ends[-1]], starts) for of in (counts.lost - lost, lost * retention)
    )
    probability = float(chdtrc(freedom, (off**2 / scatter).sum()))
    seen, expected = (
        np.cumprod(counts.kept[: ends[-1]] / counts.due[: ends[-1]]),
        np.cumprod(retention[: ends[-1]]),
    )
    worst = int(np.argmax(np.abs(seen - expected)))
    if probability >= LEAST_PROBABLE or abs(seen[worst] - expected[worst]) < LEAST_GAP:
        return None
    return RenewalMisfit(
        renewal=worst + 1,
        seen=float(seen[worst]),
        expected=float(expected[worst]),
        probability=probability,
    )


def _ends(lost: Floats, kept: Floats) -> Ints:
    """Return where each term of the chi-square ends; renewals after the last are left out."""
    ends, gone, stayed = [], 0.0, 0.0
    for place, (leave, stay) in enumerate(zip(lost.tolist(), kept.tolist(), strict=True)):
        gone, stayed = gone + leave, stayed + stay
        if min(gone, stayed) >= _FEWEST_EXPECTED:
            ends.append(place + 1)
            gone, stayed = 0.0, 0.0
    return np.array(ends, dtype=np.int64)


def retention_falls(counts: RenewalCounts) -> bool:
    """Return whether the share that renews falls with age by more than chance.

    Examples
    --------
    >>> from clv_xl.models.renewal_counts import renewal_counts
    >>> retention_falls(renewal_counts([1000, 900, 700, 300, 50]))
    True
    >>> retention_falls(renewal_counts([1000, 800, 640, 512]))
    False
    """
    due, lost = counts.due, counts.lost
    churn = lost.sum() / due.sum()
    age = np.arange(len(due)) - due @ np.arange(len(due)) / due.sum()
    scatter = churn * (1 - churn) * (due @ age**2)
    return bool(age @ lost > _FALLING * np.sqrt(scatter))
