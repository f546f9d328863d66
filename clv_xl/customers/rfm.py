"""Recency, frequency and monetary scores, and the segments they name.

Scores are cut by value, so that customers with equal figures always get equal scores, whatever the
order of the rows. M takes no part in the segments; it stands beside them.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clv_xl.arrays import (
    Dates,
    Day,
    Floats,
    Ints,
    Numbers,
    Range,
    Table,
    Texts,
    calendar_day,
    checked,
)
from clv_xl.customers.groups import count_by_group, sum_by_group
from clv_xl.customers.order_days import order_days
from clv_xl.customers.orders import OrderLog, OrderRules, order_log
from clv_xl.errors import InvalidArgumentError

BINS = 5
MOST_BINS = 9

RFM_SEGMENTS = (
    "Champions",
    "Loyal",
    "Potential loyalists",
    "New customers",
    "Promising",
    "Need attention",
    "About to sleep",
    "At risk",
    "Can't lose",
    "Hibernating",
)
"""Names of the segments, from the most to the least engaged."""

RFM_MAP = (
    ("Hibernating", "Hibernating", "At risk", "At risk", "Can't lose"),
    ("Hibernating", "Hibernating", "At risk", "At risk", "Can't lose"),
    ("About to sleep", "About to sleep", "Need attention", "Loyal", "Loyal"),
    ("Promising", "Potential loyalists", "Potential loyalists", "Loyal", "Loyal"),
    ("New customers", "Potential loyalists", "Potential loyalists", "Champions", "Champions"),
)
"""The segment of each pair of scores: a row per recency score 1–5, a column per frequency score."""

_NAMES = np.array(RFM_SEGMENTS, dtype=object)
_SEGMENT_OF_SCORES = np.array([[RFM_SEGMENTS.index(name) for name in row] for row in RFM_MAP])


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class RfmCuts:
    """Where one score ends and the next begins, each ascending; n cuts make n + 1 scores."""

    recency: Floats
    """In days since the last order; a customer on a cut gets the better score."""
    frequency: Floats
    """In order days; a customer on a cut gets the lower score."""
    monetary: Floats
    """In money spent in total; a customer on a cut gets the lower score."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Rfm:
    """Scores per customer, 1 (worst) to `bins` (best), and what they rest on."""

    bins: int
    cuts: RfmCuts
    days_since_last: Ints
    order_days: Ints
    total: Floats
    recency_score: Ints
    frequency_score: Ints
    monetary_score: Ints
    segment: Ints | None
    """Per customer: position in RFM_SEGMENTS; None unless there are five scores each."""
    grid_customers: Ints
    """Customers by recency score (row, worst first) and frequency score (column)."""
    grid_total: Floats
    """Money they spent in total, likewise."""


def rfm(log: OrderLog, bins: int | RfmCuts = BINS) -> Rfm:
    """Return recency, frequency and monetary scores of each customer.

    Recency is days since the last order, frequency the number of order days, monetary the total.

    Parameters
    ----------
    log
        The order log.
    bins
        Number of scores, 2 to 9, cut at equal shares of the customers, default 5; or own cuts.

    Returns
    -------
    Rfm
        Scores, cuts, and customers and money by recency and frequency score.

    Examples
    --------
    >>> log = order_log(["a", "b", "a"], ["2024-01-05", "2024-01-20", "2024-02-29"], [10, 20, 30])
    >>> rfm(log).recency_score
    array([5, 1])
    """
    days = order_days(log)
    since = log.as_of - days.last
    total = sum_by_group(log.customer, log.amount, log.n_customers)
    cuts = bins if isinstance(bins, RfmCuts) else _equal_shares(since, days.count, total, bins)
    scores = len(cuts.recency) + 1
    recency = scores - np.searchsorted(cuts.recency, since)  # counts the cuts strictly below
    frequency = 1 + np.searchsorted(cuts.frequency, days.count)
    cell = (recency - 1) * scores + frequency - 1
    shape = (scores, scores)
    return Rfm(
        bins=scores,
        cuts=cuts,
        days_since_last=since,
        order_days=days.count,
        total=total,
        recency_score=recency,
        frequency_score=frequency,
        monetary_score=1 + np.searchsorted(cuts.monetary, total),
        segment=_SEGMENT_OF_SCORES[recency - 1, frequency - 1] if scores == BINS else None,
        grid_customers=count_by_group(cell, scores**2).reshape(shape),
        grid_total=sum_by_group(cell, total, scores**2).reshape(shape),
    )


def _equal_shares(since: Ints, days: Ints, total: Floats, bins: int) -> RfmCuts:
    if not 2 <= bins <= MOST_BINS:  # noqa: PLR2004 - one bin would be no score
        raise InvalidArgumentError("bins", bins, f"at least 2 and at most {MOST_BINS}")
    shares = np.arange(1, bins) / bins
    return RfmCuts(
        recency=np.quantile(since, shares),
        frequency=np.quantile(days, shares),
        monetary=np.quantile(total, shares),
    )


def rfm_segment(recency_score: Numbers, frequency_score: Numbers) -> NDArray[np.object_] | str:
    """Name of the customer segment, text, for a recency and a frequency score from 1 to 5.

    Parameters
    ----------
    recency_score
        Score of the last order, whole number 1 (long ago) to 5 (recent).
    frequency_score
        Score of the number of orders, whole number 1 (few) to 5 (many).

    Returns
    -------
    text
        One of ten names, one per row of the scores: Champions, Loyal, Potential loyalists, New
        customers, Promising, Need attention, About to sleep, At risk, Can't lose, Hibernating.

    Notes
    -----
    A grid of the two scores: see docs/definitions.md, RFM.

    Examples
    --------
    >>> rfm_segment(5, 1)
    'New customers'
    >>> rfm_segment([1, 3], [5, 3]).tolist()
    ["Can't lose", 'Need attention']
    """
    recency = _whole_scores("recency_score", recency_score)
    frequency = _whole_scores("frequency_score", frequency_score)
    if recency.ndim and frequency.ndim and recency.shape != frequency.shape:
        expected = f"as long as recency_score ({len(recency)} rows)"
        raise InvalidArgumentError("frequency_score", len(frequency), expected)
    names = _NAMES[_SEGMENT_OF_SCORES[recency - 1, frequency - 1]]
    return names if isinstance(names, np.ndarray) else str(names)


def _whole_scores(argument: str, scores: Numbers) -> Ints:
    values = checked(argument, scores, at_least=1, at_most=BINS)
    whole = values.astype(np.int64)
    if not np.array_equal(whole, values):
        broken = values.flat[int(np.argmax(np.ravel(whole != values)))]
        raise InvalidArgumentError(argument, f"{broken:g}", "a whole number from 1 to 5")
    return whole


def rfm_table(
    customers: Texts,
    dates: Dates,
    amounts: Range,
    as_of: Day | None = None,
    bins: float | Table = BINS,
) -> pd.DataFrame:
    """Recency, frequency and monetary score (5 is best) and segment of each customer, one a row.

    Parameters
    ----------
    customers
        Customer id of each order, text.
    dates
        Date of each order.
    amounts
        Amount of each order, money.
    as_of
        Last day of the data; default the day of the last order.
    bins
        Number of scores, 2 to 9, default 5; or own cuts in three columns, ascending: days since
        the last order, order days, total money.

    Returns
    -------
    DataFrame
        customer, days_since_last, order_days, total (money), the three scores, and the segment
        where there are five scores.

    Notes
    -----
    Scores are cut by value at equal shares of the customers, so that equal figures get equal
    scores; on a cut, recency takes the better one, frequency and money the lower.

    Examples
    --------
    >>> table = rfm_table(["a", "b", "a"], ["2024-01-05", "2024-01-20", "2024-02-29"], [10, 20, 30])
    >>> table[["customer", "recency_score", "segment"]]
      customer  recency_score      segment
    0        a              5    Champions
    1        b              1  Hibernating
    """
    day = None if as_of is None else calendar_day("as_of", as_of)
    log = order_log(customers, dates, amounts, rules=OrderRules(as_of=day))
    found = rfm(log, _bins(bins))
    table = pd.DataFrame(
        {
            "customer": log.customer_ids,
            "days_since_last": found.days_since_last,
            "order_days": found.order_days,
            "total": found.total,
            "recency_score": found.recency_score,
            "frequency_score": found.frequency_score,
            "monetary_score": found.monetary_score,
        }
    )
    if found.segment is not None:
        table["segment"] = _NAMES[found.segment]
    return table


def _bins(bins: float | Table) -> int | RfmCuts:
    values = checked("bins", bins)
    if values.ndim == 0:
        return int(values)
    if values.ndim != 2 or values.shape[1] != 3:  # noqa: PLR2004 - recency, frequency, monetary
        shape = " × ".join(map(str, values.shape))
        raise InvalidArgumentError("bins", f"{shape} cells", "a number or cuts in three columns")
    if len(values) >= MOST_BINS or (np.diff(values, axis=0) < 0).any():
        expected = f"at most {MOST_BINS - 1} rows of cuts, each column ascending"
        raise InvalidArgumentError("bins", f"{len(values)} rows", expected)
    recency, frequency, monetary = values.T
    return RfmCuts(recency=recency, frequency=frequency, monetary=monetary)
