"""The period of a delivery, under the one name by which the ledger knows it.

The name is that of the days which the report covers: ``2026``, ``2026-Q1``, ``2026-03``, else
``FROM..TO``. ``--period month`` on the fifth of April, and ``--period 2026-03``, are one period.
"""

from datetime import date, timedelta

from clv_xl.arrays import day_number, day_of
from clv_xl.customers.order_log import OrderLog
from clv_xl.reports.report import Report
from clv_xl.reports.reporting_period import choose_period, name_of_days


def ledger_period(wish: str | None, log: OrderLog) -> str:
    """Return the name of the period of a run.

    A period that is not over yet goes by the days that were asked for. Halves of a short log move
    with each new order, so that they go by the last month that is complete.

    Parameters
    ----------
    wish
        The period that the user names, as `choose_period` takes it; None: the usual one, which
        follows from the as-of day.
    log
        All orders.

    Examples
    --------
    >>> from clv_xl.customers.orders import order_log
    >>> log = order_log(["ada", "bob"], ["2023-01-05", "2024-05-17"])
    >>> [ledger_period(wish, log) for wish in ("month", "2024-04", "2024-Q2", None)]
    ['2024-04', '2024-04', '2024-Q2', '2024-04']
    """
    period = choose_period(wish, log.first_day, log.as_of)
    if period.kind == "half":
        return _last_complete_month(day_of(log.as_of))
    return name_of_days(period.first_day, period.asked_until or period.last_day)


def _last_complete_month(as_of: date) -> str:
    first_after = (as_of + timedelta(days=1)).replace(day=1)
    return f"{first_after - timedelta(days=1):%Y-%m}"


def covered_period(report: Report) -> str:
    """Return the name of the days that a report covers: what its reader is told."""
    covered = report.record["period"]
    return name_of_days(*(day_number("period", covered[end]) for end in ("from", "to")))
