"""From an order log in memory to what is known of each customer, by lifetimes."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
from lifetimes import BetaGeoFitter
from lifetimes.utils import summary_data_from_transaction_data

from benchmarks import cdnow, simulated
from benchmarks.summary_totals import totals
from benchmarks.task import Answering


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
    columns = "customer_id", "date", "amount"
    return Answering(lambda: summary_data_from_transaction_data(log, *columns), totals)


def _predicted(log: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    summary = summary_data_from_transaction_data(log, "customer_id", "date", "amount")
    columns = summary["frequency"], summary["recency"], summary["T"]
    fitter = BetaGeoFitter().fit(*columns)
    predict = fitter.conditional_expected_number_of_purchases_up_to_time
    return (
        summary,
        predict(simulated.HORIZON_DAYS, *columns),
        fitter.conditional_probability_alive(*columns),
    )
