"""From an order log in memory to what is known of each customer, by clv_xl."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from benchmarks import cdnow, simulated
from clv_xl.customers.orders import order_log
from clv_xl.customers.summary import CustomerSummary, customer_summary, summarise
from clv_xl.models.bg_nbd import fit_bg_nbd


def summary_of_cdnow(size: int, _folder: Path) -> Callable[[], object]:
    """Summarise the customers of the CDNOW log."""
    log = cdnow.orders(size)
    return lambda: customer_summary(log["customer_id"], log["date"], log["amount"])


def summary_of_cdnow_by_date(size: int, _folder: Path) -> Callable[[], object]:
    """Summarise the customers of the CDNOW log, sorted by date."""
    log = cdnow.orders(size).sort_values("date", kind="stable", ignore_index=True)
    return lambda: customer_summary(log["customer_id"], log["date"], log["amount"])


def full_sheet(size: int, _folder: Path) -> Callable[[], object]:
    """Summarise, fit and predict from as many orders as a sheet holds."""
    log = simulated.orders(size, size // 5)
    return lambda: _predicted(log)


def _predicted(log: pd.DataFrame) -> tuple[CustomerSummary, object, object]:
    summary = summarise(order_log(log["customer_id"], log["date"], log["amount"]))
    columns = summary.frequency, summary.recency, summary.T
    fit = fit_bg_nbd(*columns)
    expected = fit.expected_purchases(simulated.HORIZON_DAYS, *columns)
    return summary, expected, fit.probability_alive(*columns)
