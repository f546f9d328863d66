"""Who is active, kept, lost, new or back, where no contract says so.

A customer is active on a day with at least one order in the window of K days up to and including
that day. Two such snapshots, one before and one at the end of a period, give its retention.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clv_xl.arrays import Bools, Dates, Day, Texts, checked, day_number
from clv_xl.customers.order_days import order_days
from clv_xl.customers.orders import OrderLog, order_log
from clv_xl.errors import InvalidArgumentError
from clv_xl.periods import DAYS_PER_YEAR

WINDOWS = (30, 60, 90, 180, 365)
"""The lengths, in days, from which a window is suggested."""
FEWEST_GAPS = 5
"""With fewer gaps between order days than this, their 80th percentile says too little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestedWindow:
    """A window of activity in days, and what it rests on."""

    days: int
    gaps: int
    percentile_80: float | None
    """80th percentile of the gaps between order days, in days; None with too few of them."""

    @property
    def too_few(self) -> bool:
        """Whether there were too few gaps, so that the longest window was taken."""
        return self.percentile_80 is None


def suggested_window(log: OrderLog) -> SuggestedWindow:
    """Return twice the 80th percentile of the gaps, rounded to 30, 60, 90, 180 or 365 days.

    Parameters
    ----------
    log
        The order log.

    Returns
    -------
    SuggestedWindow
        The window; the longest one where the log has fewer than 5 gaps between order days.

    Examples
    --------
    >>> log = order_log(["a"] * 6, [f"2024-0{month}-01" for month in range(1, 7)])
    >>> suggested_window(log).days
    60
    """
    _, gaps = order_days(log).gaps
    if len(gaps) < FEWEST_GAPS:
        return SuggestedWindow(days=WINDOWS[-1], gaps=len(gaps), percentile_80=None)
    percentile = float(np.quantile(gaps, 0.8))
    nearest = min(WINDOWS, key=lambda window: abs(window - 2 * percentile))
    return SuggestedWindow(days=nearest, gaps=len(gaps), percentile_80=percentile)


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Customers at the two ends of a period: start + new + reactivated - lost = close."""

    first_day: int
    last_day: int
    window_days: int
    start: int
    """Active on the day before the first day."""
    new: int
    """Active at the close, with their first order ever in the period."""
    reactivated: int
    """Active at the close, not at the start, but known before the period."""
    lost: int
    """Active at the start, not at the close."""
    close: int
    """Active on the last day."""
    retained: int
    """Active at both ends."""
    acquired: int
    """First order ever in the period, whether still active at its close or not."""
    window_covered: bool
    """Whether the log reaches back over the whole window that judges the start."""

    @property
    def days(self) -> int:
        """Length of the period in days."""
        return self.last_day - self.first_day + 1

    @property
    def retention(self) -> float | None:
        """Share of the customers active at the start who are active at the close, over the period.

        None where nobody was active at the start.
        """
        return self.retained / self.start if self.start else None

    @property
    def annualised(self) -> float | None:
        """Retention carried to a year as a power; None where nobody was active at the start."""
        rate = self.retention
        if rate is None or abs(self.days - DAYS_PER_YEAR) < 1:
            return rate  # a calendar year is a year, leap year or not
        return float(rate ** (DAYS_PER_YEAR / self.days))


def active_on(log: OrderLog, day: int, window_days: int) -> Bools:
    """Return per customer whether an order falls in the `window_days` up to and including `day`.

    Examples
    --------
    >>> log = order_log(["a", "b"], ["1970-01-02", "1970-01-11"])
    >>> active_on(log, day=10, window_days=9)
    array([False,  True])
    """
    inside = (log.day > day - window_days) & (log.day <= day)
    active = np.zeros(log.n_customers, dtype=np.bool_)
    active[log.customer[inside]] = True
    return active


def activity(log: OrderLog, first_day: int, last_day: int, window_days: int) -> Activity:
    """Return the customers active at both ends of a period, and how one end became the other.

    Customers who were there before the log began never count as new.

    Parameters
    ----------
    log
        The order log.
    first_day
        First day of the period, days since 1970-01-01.
    last_day
        Last day of the period, days since 1970-01-01.
    window_days
        How many days an order keeps a customer active, at least 1.

    Returns
    -------
    Activity
        Counts of customers, with retention as a share.

    Examples
    --------
    >>> log = order_log(["a", "b", "a"], ["2023-12-20", "2023-12-25", "2024-01-30"])
    >>> first = day_number("first_day", "2024-01-01")
    >>> activity(log, first, first + 30, window_days=30).retention
    0.5
    """
    if last_day < first_day:
        raise InvalidArgumentError("last_day", last_day, f"at least first_day ({first_day})")
    if window_days < 1:
        raise InvalidArgumentError("window_days", window_days, "at least 1 day")
    at_start = active_on(log, first_day - 1, window_days)
    at_close = active_on(log, last_day, window_days)
    first = order_days(log).first
    acquired = (first >= first_day) & (first <= last_day) & ~log.existing_before_window
    entered = at_close & ~at_start
    return Activity(
        first_day=first_day,
        last_day=last_day,
        window_days=window_days,
        start=int(at_start.sum()),
        new=int((entered & acquired).sum()),
        reactivated=int((entered & ~acquired).sum()),
        lost=int((at_start & ~at_close).sum()),
        close=int(at_close.sum()),
        retained=int((at_start & at_close).sum()),
        acquired=int(acquired.sum()),
        window_covered=log.first_day <= first_day - window_days,
    )


def activity_table(
    customers: Texts,
    dates: Dates,
    from_date: Day,
    to_date: Day,
    window_days: int | None = None,
) -> pd.DataFrame:
    """Count customers active at start and close of a period, new, reactivated, lost; retention.

    Parameters
    ----------
    customers
        Customer id of each order, text.
    dates
        Date of each order.
    from_date
        First day of the period; the start is judged on the day before it.
    to_date
        Last day of the period; the close is judged on it.
    window_days
        Days an order keeps a customer active, at least 1; default twice the 80th percentile of the
        gaps between order days, rounded to 30, 60, 90, 180 or 365.

    Returns
    -------
    DataFrame
        One row: start, new, reactivated, lost, close (customers), retention (share over the
        period; empty where nobody was active at the start).

    Notes
    -----
    start + new + reactivated − lost = close; retention = (start − lost)/start.

    Examples
    --------
    >>> days = ["2023-12-20", "2023-12-25", "2024-01-30"]
    >>> activity_table(["a", "b", "a"], days, "2024-01-01", "2024-01-31", 30)
       start  new  reactivated  lost  close  retention
    0      2    0            0     1      1        0.5
    """
    log = order_log(customers, dates)
    first, last = day_number("from_date", from_date), day_number("to_date", to_date)
    if last < first:
        raise InvalidArgumentError("to_date", to_date, f"on or after from_date ({from_date})")
    window = (
        suggested_window(log).days
        if window_days is None
        else int(checked("window_days", window_days, at_least=1))
    )
    found = activity(log, first, last, window)
    counts = {name: [getattr(found, name)] for name in ("start", "new", "reactivated", "lost")}
    rate = np.nan if found.retention is None else found.retention
    return pd.DataFrame({**counts, "close": [found.close], "retention": [rate]})
