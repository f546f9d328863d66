"""The period of a delivery, under the one name by which the ledger knows it.

The name is that of the days which the report covers: ``2026``, ``2026-Q1``, ``2026-03``, else
``FROM..TO``. ``--period month`` on the fifth of April, and ``--period 2026-03``, are one period.
"""

import re
from datetime import date, timedelta

from clv_xl.arrays import day_number, day_of
from clv_xl.customers.order_log import OrderLog
from clv_xl.errors import InvalidArgumentError
from clv_xl.reports.report import Report
from clv_xl.reports.reporting_period import choose_period, name_of_days

_NAMED = re.compile(r"[0-9]{4}(-(Q[1-4]|0[1-9]|1[0-2]))?", re.ASCII)


def ledger_period(wish: str | None, log: OrderLog) -> str:
    """Return the name of the period of a run.

    A period that is not over yet goes by the days that were asked for. Where none is asked for, it
    is the last month that is complete on the as-of day, however far back the orders reach: the
    same report is not mailed again because the file of orders has become longer.

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
    >>> log = order_log(["ada", "bob"], ["2022-01-05", "2024-05-17"])
    >>> [ledger_period(wish, log) for wish in ("month", "2024-04", "2024-Q2", None)]
    ['2024-04', '2024-04', '2024-Q2', '2024-04']
    """
    if wish is None:
        return f"{_after_last_complete_month(log) - timedelta(days=1):%Y-%m}"
    period = choose_period(wish, log.first_day, log.as_of)
    return name_of_days(period.first_day, period.asked_until or period.last_day)


def not_over(wish: str | None, log: OrderLog) -> str:
    """Return a sentence where the period asked for goes on after the as-of day; else nothing.

    Parameters
    ----------
    wish, log
        As `ledger_period` takes them.
    """
    if wish is None or choose_period(wish, log.first_day, log.as_of).asked_until is None:
        return ""
    return (
        f"{ledger_period(wish, log)} is not over on {day_of(log.as_of)}, the last day of the "
        "orders: whoever is sent the report now gets that of the whole period only with --correct"
    )


def period_name(text: str) -> str:
    """Return the name by which a ledger knows a period, in whichever way it is written.

    Raises
    ------
    InvalidArgumentError
        If it is no period.

    Examples
    --------
    >>> [period_name(text) for text in ("2024-q4", "2024-10-01..2024-12-31", "1999")]
    ['2024-Q4', '2024-Q4', '1999']
    """
    said = text.strip().upper()
    if _NAMED.fullmatch(said):
        return said
    try:
        first, last = (day_number("period", day) for day in said.split(".."))
    except ValueError:
        raise InvalidArgumentError(
            "period", text, "one that the log names, such as 2024, 2024-Q4, 2024-10 or FROM..TO"
        ) from None
    return name_of_days(first, last)


def former_periods(wish: str | None, log: OrderLog) -> tuple[str, ...]:
    """Return by which other names ledgers of earlier versions know the period of a run.

    The usual period went by its twelve months where the orders reached back far enough. Whoever
    was served under that name has the report.

    Parameters
    ----------
    wish, log
        As `ledger_period` takes them.

    Examples
    --------
    >>> from clv_xl.customers.orders import order_log
    >>> log = order_log(["ada", "bob"], ["2022-01-05", "2024-05-17"])
    >>> former_periods(None, log), former_periods("month", log)
    (('2023-05-01..2024-04-30',), ())
    """
    if wish is not None:
        return ()
    after = _after_last_complete_month(log)
    first, last = after.replace(year=after.year - 1), after - timedelta(days=1)
    return (name_of_days(*(day_number("period", day) for day in (first, last))),)


def _after_last_complete_month(log: OrderLog) -> date:
    """Return the first day after the last month that is complete on the as-of day."""
    return (day_of(log.as_of) + timedelta(days=1)).replace(day=1)


def covered_period(report: Report) -> str:
    """Return the name of the days that a report covers: what its reader is told."""
    covered = report.record["period"]
    return name_of_days(*(day_number("period", covered[end]) for end in ("from", "to")))
