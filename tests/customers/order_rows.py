"""Rows of an order log, written short."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from clv_xl.customers.orders import OrderColumns

TEXTS = ("order_id", "name", "currency", "status")
NUMBERS = ("quantity", "unit_price", "refunded")


def rows(
    customer: Sequence[str],
    day: Sequence[int | None],
    amount: Sequence[float] | None,
    **more: Any,  # noqa: ANN401 - each column has its own type
) -> OrderColumns:
    """Return columns of an order log; days count from 2024-01-01, None is blank."""
    start = np.datetime64("2024-01-01", "D")
    days = [np.datetime64("NaT", "D") if d is None else start + d for d in day]
    given: dict[str, Any] = {}
    for key, values in more.items():
        if key in TEXTS:
            given[key] = pd.Series(values, dtype=object)
        elif key in NUMBERS:
            given[key] = np.array(values, dtype=np.float64)
        elif key in {"segments", "kept"}:
            given[key] = {h: pd.Series(v, dtype=object) for h, v in values.items()}
        elif key == "dropped":
            given[key] = {reason: np.array(rows) for reason, rows in values.items()}
        elif key in {"cancelled", "duplicate"}:
            given[key] = np.array(values, dtype=np.bool_)
        else:
            given[key] = values
    return OrderColumns(
        customer=pd.Series(customer, dtype=object),
        day=np.array(days, dtype="datetime64[D]"),
        amount=None if amount is None else np.array(amount, dtype=np.float64),
        **given,
    )
