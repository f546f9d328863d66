"""Order logs for the tests of this room: random ones, and CDNOW where lifetimes is installed."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import strategies as st

from clv_xl.customers.orders import OrderLog, OrderRules, order_log


@st.composite
def _logs(draw: st.DrawFn) -> OrderLog:
    orders = draw(
        st.lists(
            st.tuples(st.integers(0, 8), st.integers(0, 900), st.integers(0, 50)),
            min_size=1,
            max_size=60,
        )
    )
    customers, days, amounts = zip(*orders, strict=True)
    return order_log(
        [f"c{number}" for number in customers],
        np.array(days).astype("datetime64[D]"),
        list(amounts),
        rules=OrderRules(history_complete=True),
    )


# `st.from_type(OrderLog)` draws up to 60 orders of up to 9 customers within 900 days.
st.register_type_strategy(OrderLog, _logs())


@pytest.fixture(scope="session")
def cdnow() -> OrderLog:
    """Return the public log of 23,570 customers, or skip where its package is not installed."""
    package = find_spec("lifetimes")
    if package is None or package.origin is None:
        pytest.skip("lifetimes, which brings the CDNOW log, is not installed")
    path = Path(package.origin).parent / "datasets" / "CDNOW_master.txt"
    rows = pd.read_csv(path, sep=r"\s+", dtype=str)
    days = pd.to_datetime(rows["date"], format="%Y%m%d")
    return order_log(rows["customer_id"], days, rows["dollar_value"].astype(float))
