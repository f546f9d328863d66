"""From an order log in memory to what is known of each customer, by clvkit."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
from clvkit import CustomerBase

from benchmarks import cdnow
from benchmarks.summary_totals import totals
from benchmarks.task import Answering


def summary_of_cdnow(size: int, _folder: Path) -> Callable[[], object]:
    """Summarise the customers of the CDNOW log."""
    return _summary(cdnow.orders(size))


def summary_of_cdnow_by_date(size: int, _folder: Path) -> Callable[[], object]:
    """Summarise the customers of the CDNOW log, sorted by date."""
    return _summary(cdnow.orders(size).sort_values("date", kind="stable", ignore_index=True))


def _summary(log: pd.DataFrame) -> Callable[[], object]:
    return Answering(lambda: CustomerBase.from_transactions(log).to_pandas(), totals)
