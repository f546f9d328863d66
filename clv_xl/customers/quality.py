"""How far an order log can be trusted: findings, and a score of 0–100 for its accuracy.

The score judges whether the figures are right, not whether there are many of them: a small clean
log scores 100. Rows left out on purpose (a status, a refund, a day after the as-of day) cost
nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from clv_xl.arrays import day_of
from clv_xl.customers.drop_reasons import OF_STATUS, reason_said
from clv_xl.customers.irregularities import Outliers, outliers, silent_gaps
from clv_xl.customers.order_days import order_days
from clv_xl.customers.orders import OrderLog
from clv_xl.periods import DAYS_PER_MONTH
from clv_xl.remarks import Remark

GATE = 60.0
"""Below this score the figures should not be acted upon."""

UNUSABLE_WEIGHT = 1.5
UNPLACED_REFUND_WEIGHT = 1.0
DUPLICATE_WEIGHT = 0.5
OUTLIER_WEIGHT = 0.5
SILENCE_WEIGHT = 1.0

DELIBERATE = frozenset(
    {"after_as_of", "duplicate", "footer", "fully_refunded", "refund", "zero_amount"}
)
"""Reasons for which a row is left out on purpose, besides those that begin with "status_"."""
UNPLACED_REFUND = "refund_without_order"
_STALE_DAYS = 30

Severity: TypeAlias = Literal["info", "warning", "problem"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found in the data."""

    key: str
    count: int
    share: float
    """Of the rows, the orders, the revenue or the days: the remark says of which."""
    remark: Remark
    severity: Severity
    points: float = 0.0
    """What it takes off the score."""

    @property
    def sentence(self) -> str:
        """The remark in English."""
        return str(self.remark)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Quality:
    """The accuracy of an order log."""

    score: float
    """0 to 100; `assess` tells the formula."""
    findings: tuple[Finding, ...]
    """What takes off most comes first."""
    rows_read: int
    rows_kept: int
    dropped: Mapping[str, int]
    """Reason -> rows; rows_read = rows_kept + their sum."""
    unusable: int
    """Rows whose customer, date or amount could not be used."""
    duplicates: int
    outliers: Outliers
    silent_gaps: tuple[tuple[int, int], ...]
    """First and last day (since 1970-01-01) of each silence in a busy stretch of the log."""
    span_months: float
    freshness_days: int
    """Days from the last order to the as-of day."""
    day_density: float
    """Share of the days from the first to the last order that have one."""
    order_days_per_customer: float


def passes(score: float, gate: float = GATE) -> bool:
    """Return whether a score reaches the gate.

    Examples
    --------
    >>> passes(60), passes(59.9), passes(59.9, gate=50)
    (True, False, True)
    """
    return score >= gate


def assess(log: OrderLog) -> Quality:
    """Return what is wrong with the data of an order log, and its score from 0 to 100.

    The score is 100 less 100 times a weighted sum of shares, at least 0, to one decimal:

    - 1.5 × share of the rows read whose customer, date or amount could not be used
    - 1.0 × share of the rows read that are refunds without an order to reduce
    - 0.5 × share of the rows read that are kept and equal an earlier row in every column
    - 0.5 × share of the revenue that lies in orders far beyond the usual amounts
    - 1.0 × share of the days that lie in silences of a week or longer amid many orders

    Parameters
    ----------
    log
        The order log.

    Returns
    -------
    Quality
        The score, the findings behind it, and the figures they rest on.

    Examples
    --------
    >>> from clv_xl.customers.orders import order_log
    >>> assess(order_log(["a", "b"], ["2024-01-05", "2024-01-20"], [10, 20])).score
    100.0
    """
    far, silences = outliers(log.amount), silent_gaps(log)
    span = log.last_day - log.first_day + 1
    found = [
        *_dropped(log),
        *_repeated(log),
        *_far(log, far),
        *_silent(silences, span),
        *_stale(log),
    ]
    dropped = log.cleaning.dropped
    unusable = sum(rows for reason, rows in dropped.items() if _weight(reason) == UNUSABLE_WEIGHT)
    return Quality(
        score=round(max(0.0, 100.0 - sum(finding.points for finding in found)), 1),
        findings=tuple(sorted(found, key=lambda finding: -finding.points)),
        rows_read=log.cleaning.rows_read,
        rows_kept=log.cleaning.rows_kept,
        dropped=dropped,
        unusable=unusable,
        duplicates=log.cleaning.duplicates,
        outliers=far,
        silent_gaps=silences,
        span_months=span / DAYS_PER_MONTH,
        freshness_days=log.as_of - log.last_day,
        day_density=len(np.unique(log.day)) / span,
        order_days_per_customer=len(order_days(log).day) / log.n_customers,
    )


def _weight(reason: str) -> float:
    if reason == UNPLACED_REFUND:
        return UNPLACED_REFUND_WEIGHT
    deliberate = reason in DELIBERATE or reason.startswith(OF_STATUS)
    return 0.0 if deliberate else UNUSABLE_WEIGHT


def _dropped(log: OrderLog) -> Iterator[Finding]:
    read = log.cleaning.rows_read
    for reason, rows in log.cleaning.dropped.items():
        if rows:
            points = 100 * _weight(reason) * rows / read
            yield Finding(
                key=f"dropped_{reason}",
                count=rows,
                share=rows / read,
                remark=Remark(
                    "remark.finding.left_out", rows=rows, count=read, reason=reason_said(reason)
                ),
                severity=_severity(points),
                points=points,
            )


def _severity(points: float) -> Severity:
    if points == 0:
        return "info"
    return "problem" if points >= 10 else "warning"  # noqa: PLR2004 - a quarter of what the gate allows


def _repeated(log: OrderLog) -> Iterator[Finding]:
    read = log.cleaning.rows_read
    left_in = log.cleaning.duplicates - log.cleaning.dropped.get("duplicate", 0)
    if left_in > 0:
        points = 100 * DUPLICATE_WEIGHT * left_in / read
        yield Finding(
            key="duplicates",
            count=left_in,
            share=left_in / read,
            remark=Remark("remark.finding.repeated", rows=left_in, read=read),
            severity=_severity(points),
            points=points,
        )


def _far(log: OrderLog, far: Outliers) -> Iterator[Finding]:
    if far.count:
        share = far.revenue / log.revenue
        points = 100 * OUTLIER_WEIGHT * share
        yield Finding(
            key="outliers",
            count=far.count,
            share=share,
            remark=_far_said(far, share),
            severity=_severity(points),
            points=points,
        )


def _far_said(far: Outliers, share: float) -> Remark:
    return Remark(
        "remark.finding.far_beyond",
        share=share,
        count=far.count,
        limit=far.limit or 0.0,
        average=far.average_order_value or 0.0,
        average_cut=far.winsorised_order_value or 0.0,
    )


def _silent(silences: tuple[tuple[int, int], ...], span: int) -> Iterator[Finding]:
    if silences:
        days = sum(last - first + 1 for first, last in silences)
        points = 100 * SILENCE_WEIGHT * days / span
        first, last = (day_of(day) for day in max(silences, key=lambda s: s[1] - s[0]))
        yield Finding(
            key="silent_gaps",
            count=len(silences),
            share=days / span,
            remark=Remark("remark.finding.silences", days=days, span=span, first=first, last=last),
            severity=_severity(points),
            points=points,
        )


def _stale(log: OrderLog) -> Iterator[Finding]:
    quiet = log.as_of - log.last_day
    if quiet > _STALE_DAYS:
        yield Finding(
            key="freshness",
            count=quiet,
            share=0.0,
            remark=Remark("remark.finding.stale", days=quiet),
            severity="warning",
        )
