"""From an order log in memory to what is known of each customer, by clv_xl."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from benchmarks import cdnow, simulated
from benchmarks.summary_totals import totals
from benchmarks.task import Answering
from clv_xl.arrays import Floats
from clv_xl.customers.orders import order_log
from clv_xl.customers.summary import CustomerSummary, customer_summary, summarise
from clv_xl.models.bg_nbd import fit_bg_nbd


def summary_of_cdnow(size: int, _folder: Path) -> Callable[[], object]:
    """Summarise the customers of the CDNOW log."""
    log = cdnow.orders(size)
    return _summary(log)


def summary_of_cdnow_by_date(size: int, _folder: Path) -> Callable[[], object]:
    """Summarise the customers of the CDNOW log, sorted by date."""
    log = cdnow.orders(size).sort_values("date", kind="stable", ignore_index=True)
    return _summary(log)


def summary_of_simulated(size: int, _folder: Path) -> Callable[[], object]:
    """Summarise the customers of simulated orders."""
    return _summary(simulated.orders(size, size // 5)[["customer_id", "date", "amount"]])


def full_sheet(size: int, _folder: Path) -> Callable[[], object]:
    """Summarise, fit and predict from as many orders as a sheet holds."""
    log = simulated.orders(size, size // 5)
    return Answering(
        lambda: _predicted(log),
        lambda found: {"purchases": float(found[1].sum()), "alive": float(found[2].sum())},
    )


def _summary(log: pd.DataFrame) -> Callable[[], object]:
    columns = log["customer_id"], log["date"], log["amount"]
    return Answering(lambda: customer_summary(*columns), totals)


def _predicted(log: pd.DataFrame) -> tuple[CustomerSummary, Floats, Floats]:
    summary = summarise(order_log(log["customer_id"], log["date"], log["amount"]))
    columns = summary.frequency, summary.recency, summary.T
    fit = fit_bg_nbd(*columns)
    expected = fit.expected_purchases(simulated.HORIZON_DAYS, *columns)
    return summary, expected, fit.probability_alive(*columns)
