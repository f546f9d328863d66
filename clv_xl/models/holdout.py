"""Predicted against actual purchases in a window that the fit has not seen."""

from dataclasses import dataclass

import numpy as np

from clv_xl.arrays import Floats, Ints, Range, checked, day_of, same_length
from clv_xl.customers.order_days import order_days
from clv_xl.customers.orders import OrderLog
from clv_xl.customers.summary import CustomerSummary, summarise
from clv_xl.errors import InvalidArgumentError
from clv_xl.models.customer_columns import whole_numbers
from clv_xl.models.purchase_models import PurchaseFit

HIGHEST_FREQUENCY = 7
"""Customers with so many repeat purchases or more stand in one row."""
DAYS_PER_WEEK = 7


@dataclass(frozen=True, slots=True, eq=False)
class Holdout:
    """The repeat purchases of the calibration customers in the holdout window."""

    horizon: float  # in the fit's unit of time
    frequency: Floats  # of each customer, in the calibration window
    expected: Floats  # purchases of each customer in the holdout window
    bought: Floats

    @property
    def customers(self) -> int:
        """How many customers the calibration window knew."""
        return len(self.bought)

    @property
    def predicted(self) -> float:
        """The purchases expected of all of them."""
        return float(self.expected.sum())

    @property
    def actual(self) -> float:
        """The purchases they made."""
        return float(self.bought.sum())

    @property
    def relative_error(self) -> float | None:
        """How far the prediction is off, as a share of the actual; None if that is 0."""
        return self.predicted / self.actual - 1 if self.actual else None

    @property
    def mean_absolute_error(self) -> float:
        """How far the prediction of one customer is off on average, in purchases."""
        return float(np.abs(self.expected - self.bought).mean()) if self.customers else 0.0

    @property
    def root_mean_squared_error(self) -> float:
        """The same with large errors weighing more: least for the true expectations."""
        missed = self.expected - self.bought
        return float(np.sqrt((missed**2).mean())) if self.customers else 0.0

    def by_frequency(self, highest: int = HIGHEST_FREQUENCY) -> tuple[Ints, Floats, Floats]:
        """Return customers, actual and predicted purchases by frequency up to `highest` or more."""
        group = np.minimum(self.frequency, highest).astype(np.int64)
        size = highest + 1
        customers: Ints = np.bincount(group, minlength=size).astype(np.int64)
        actual, predicted = (
            np.bincount(group, column, size).astype(np.float64)
            for column in (self.bought, self.expected)
        )
        return customers, actual, predicted


@dataclass(frozen=True, slots=True, eq=False)
class CalibrationSplit:
    """An order log cut in two: what was known at the split, and what its customers did after."""

    split: int
    """The last day of the calibration window, since 1970-01-01."""
    days: int
    """Length of the holdout window, up to the log's as-of day."""
    summary: CustomerSummary
    """The customers as of the split."""
    bought: Ints
    """Order days of each of them after the split."""
    by_day: Ints
    """Order days of all of them on each day after the split."""

    @property
    def week_ends(self) -> Floats:
        """The ends of the weeks after the split, in days; the last may be a short one."""
        ends = np.arange(DAYS_PER_WEEK, self.days + DAYS_PER_WEEK, DAYS_PER_WEEK)
        return np.minimum(ends, self.days).astype(np.float64)

    def bought_until(self, days: Floats) -> Floats:
        """Return the order days of all customers up to each number of days after the split."""
        running = np.concatenate([[0], np.cumsum(self.by_day)]).astype(np.float64)
        until: Floats = running[days.astype(np.int64)]
        return until

    def held_against(self, fit: PurchaseFit) -> Holdout:
        """Return how a fit to the calibration window, in days, predicts the holdout window."""
        s = self.summary
        return holdout(fit, self.days, s.frequency, s.recency, s.T, self.bought)

    def tracked(self, fit: PurchaseFit) -> Floats:
        """Return the purchases that a fit in days expects up to the end of each week."""
        s = self.summary
        everyone = np.ones((len(s.T), 1))
        return fit.expected_totals(self.week_ends, s.frequency, s.recency, s.T, everyone)[:, 0]


def split_at(log: OrderLog, split: int) -> CalibrationSplit:
    """Return a log cut after a day: what was known then, and what followed until its as-of day.

    Parameters
    ----------
    log
        The order log.
    split
        The last day of the calibration window, since 1970-01-01.

    Returns
    -------
    CalibrationSplit
        The customers known at the split; whoever came later is left out.

    Examples
    --------
    >>> from clv_xl.arrays import day_number
    >>> from clv_xl.customers.orders import order_log
    >>> days = ["2024-01-01", "2024-01-20", "2024-02-10", "2024-02-12"]
    >>> split_at(order_log(["a", "a", "a", "b"], days), day_number("split", "2024-01-31")).bought
    array([1])
    """
    if not log.first_day <= split < log.as_of:
        first, last = day_of(log.first_day), day_of(log.as_of)
        expected = f"from the first order, {first}, to before the last day, {last}"
        raise InvalidArgumentError("split_date", day_of(split), expected)
    known = log.until(split)
    days = order_days(log)
    before = days.first <= split
    later = (days.day > split) & before[days.customer]
    code = np.cumsum(before) - 1
    window = log.as_of - split
    return CalibrationSplit(
        split=split,
        days=window,
        summary=summarise(known),
        bought=np.bincount(code[days.customer[later]], minlength=known.n_customers),
        by_day=np.bincount(days.day[later] - split - 1, minlength=window),
    )


def holdout(
    fit: PurchaseFit, horizon: float, frequency: Range, recency: Range, T: Range, actual: Range
) -> Holdout:
    """Return predicted and actual purchases after the calibration.

    Parameters
    ----------
    fit
        A purchase model fitted to the calibration window.
    horizon
        Length of the holdout window, in the fit's unit of time.
    frequency
        Repeat purchases of each customer in the calibration window.
    recency
        Time from the first order to the last within it.
    T
        Time from the first order to its end.
    actual
        Purchases of each customer in the holdout window.

    Returns
    -------
    Holdout
        Totals, errors, and a table by frequency.

    Examples
    --------
    >>> from clv_xl.models.bg_nbd import BgNbdFit
    >>> fit = BgNbdFit(r=0.2426, alpha=4.4136, a=0.7929, b=2.4259, time_unit="week")
    >>> round(holdout(fit, 39, [2], [30.43], [38.86], [1]).predicted, 3)
    1.226
    """
    bought = checked("actual", actual, at_least=0)
    same_length(frequency=frequency, recency=recency, T=T, actual=bought)
    expected = np.asarray(fit.expected_purchases(horizon, frequency, recency, T))
    return Holdout(float(horizon), whole_numbers("frequency", frequency), expected, bought)
