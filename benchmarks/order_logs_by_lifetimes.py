"""From an order log in memory to what is known of each customer, by lifetimes."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
from lifetimes import BetaGeoFitter
from lifetimes.utils import summary_data_from_transaction_data

from benchmarks import cdnow, simulated


def summary_of_cdnow(size: int, _folder: Path) -> Callable[[], object]:
    """Summarise the customers of the CDNOW log."""
    log = cdnow.orders(size)
    return lambda: summary_data_from_transaction_data(log, "customer_id", "date", "amount")


def summary_of_cdnow_by_date(size: int, _folder: Path) -> Callable[[], object]:
    """Summarise the customers of the CDNOW log, sorted by date."""
    log = cdnow.orders(size).sort_values("date", kind="stable", ignore_index=True)
    return lambda: summary_data_from_transaction_data(log, "customer_id", "date", "amount")


def full_sheet(size: int, _folder: Path) -> Callable[[], object]:
    """Summarise, fit and predict from as many orders as a sheet holds."""
    log = simulated.orders(size, size // 5)
    return lambda: _predicted(log)


def _predicted(log: pd.DataFrame) -> tuple[pd.DataFrame, object, object]:
    summary = summary_data_from_transaction_data(log, "customer_id", "date", "amount")
    columns = summary["frequency"], summary["recency"], summary["T"]
    fitter = BetaGeoFitter().fit(*columns)
    predict = fitter.conditional_expected_number_of_purchases_up_to_time
    return (
        summary,
        predict(simulated.HORIZON_DAYS, *columns),
        fitter.conditional_probability_alive(*columns),
    )
