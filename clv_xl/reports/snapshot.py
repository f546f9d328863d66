"""Everything a report needs to know about the orders at one day, as data.

A report holds two snapshots: one now, and one at the end of the period before, made from the orders
known then with the same window and the same model.
"""

from dataclasses import dataclass

import numpy as np

from clv_xl.arrays import Bools, Floats
from clv_xl.customers.activity import Activity, activity
from clv_xl.customers.order_days import order_days
from clv_xl.customers.orders import OrderLog
from clv_xl.customers.summary import CustomerSummary, summarise
from clv_xl.periods import DAYS_PER_MONTH
from clv_xl.reports.assumptions import ModelName
from clv_xl.reports.disclosure import ANY, enough
from clv_xl.reports.forecast import Forecast, forecast

FOLLOW_UP_DAYS = 365


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Snapshot:
    """Counts and sums of a period, the customers at its end, and what the model expects of them."""

    log: OrderLog
    summary: CustomerSummary
    activity: Activity
    forecast: Forecast
    revenue: float
    orders: int
    paid_orders: int
    buyers: int
    first_order_value: float | None
    """Mean revenue of the first order day of customers whose first order is known, money.

    None where it, or what all other orders brought, is of too few customers to be shown.
    """
    followed: int
    """Customers with 365 days of follow-up."""
    repeated: int
    """Those of them who ordered again within 365 days."""

    @property
    def period_days(self) -> int:
        """Length of the period in days."""
        return self.activity.days

    @property
    def days_observed(self) -> int:
        """Days from the first order to the end of the period."""
        return self.activity.last_day - self.log.first_day + 1

    @property
    def days_before(self) -> int:
        """Days from the first order to the start of the period."""
        return self.activity.first_day - self.log.first_day

    @property
    def history_months(self) -> float:
        """Length of the log in months."""
        return (self.log.as_of - self.log.first_day + 1) / DAYS_PER_MONTH


def take_snapshot(
    log: OrderLog,
    first_day: int,
    last_day: int,
    window_days: int,
    model: ModelName,
    fewest: int = ANY,
) -> Snapshot:
    """Return the snapshot of a log for a period (day numbers since 1970-01-01, both included).

    A mean is known only where it is of as many customers as `fewest`.
    """
    summary = summarise(log)
    inside = (log.day >= first_day) & (log.day <= last_day)
    known = ~log.existing_before_window
    followed = known & (summary.T >= FOLLOW_UP_DAYS)
    second = _second_order_day(log)
    return Snapshot(
        log=log,
        summary=summary,
        activity=activity(log, first_day, last_day, window_days),
        forecast=forecast(summary, model),
        revenue=float(log.amount[inside].sum()),
        orders=int(inside.sum()),
        paid_orders=int((inside & (log.amount > 0)).sum()),
        buyers=len(np.unique(log.customer[inside])),
        first_order_value=_first_order_value(summary, known, fewest),
        followed=int(followed.sum()),
        repeated=int((followed & (second - summary.first_day <= FOLLOW_UP_DAYS)).sum()),
    )


def _first_order_value(summary: CustomerSummary, known: Bools, fewest: int) -> float | None:
    others = int((~known | (summary.order_days > 1)).sum())
    if not (enough(int(known.sum()), fewest) and enough(others, fewest)):
        return None
    return float(summary.first_value[known].mean()) if known.any() else 0.0


def _second_order_day(log: OrderLog) -> Floats:
    """Return per customer the day of the second order day, infinite where there is none."""
    days = order_days(log)
    second = np.full(log.n_customers, np.inf)
    again = days.count > 1
    second[again] = days.day[days.start[again] + 1]
    return second
