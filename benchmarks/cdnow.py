"""The CDNOW logs: first-quarter 1997 customers of a music shop, as the package lifetimes has them.

Fader & Hardie published them; 69,659 orders of 23,570 customers.
"""

from typing import Any

import pandas as pd

from benchmarks.cdnow_log import data_file, log_file

CUSTOMERS = 23_570
PURCHASES: Any = {"r": 0.2671, "alpha": 41.91, "a": 0.4835, "b": 2.112}
SPENDS: Any = {"p": 5.086, "q": 3.995, "gamma": 21.25}
"""Rounded parameters of BG/NBD, in days, and Gamma-Gamma, as fitted to all customers."""


def orders(customers: int = CUSTOMERS) -> pd.DataFrame:
    """Return the orders of the first customers: text ids as the file has them, dates, amounts."""
    frame = pd.read_csv(log_file(), sep=r"\s+", dtype={"customer_id": str})
    frame = frame.rename(columns={"dollar_value": "amount"})
    frame["date"] = pd.to_datetime(frame["date"], format="%Y%m%d")
    return frame.loc[
        frame["customer_id"].astype(int) <= customers, ["customer_id", "date", "amount"]
    ]


def summary(customers: int = CUSTOMERS) -> pd.DataFrame:
    """Return frequency, recency, T and monetary value of each customer, in days."""
    frame, day = orders(customers), "date"
    days = frame.groupby(["customer_id", day], as_index=False)["amount"].sum()
    by_customer = days.groupby("customer_id")
    first, last = by_customer[day].min(), by_customer[day].max()
    repeats = days[days[day] > days["customer_id"].map(first)].groupby("customer_id")["amount"]
    return pd.DataFrame(
        {
            "frequency": by_customer.size() - 1,
            "recency": (last - first).dt.days,
            "T": (frame[day].max() - first).dt.days,
            "monetary_value": repeats.mean().reindex(first.index).fillna(0.0),
        }
    ).astype(float)


def sample() -> pd.DataFrame:
    """Return the tenth of the customers that the literature fits to, 39 weeks, in weeks."""
    return pd.read_csv(data_file("cdnow_customers_summary.csv")).astype(float)


def spends_of_sample() -> pd.DataFrame:
    """Return the repeat orders and mean spends of the sample's 946 repeat buyers."""
    frame = pd.read_csv(data_file("cdnow_customers_summary_with_transactions.csv"))
    names = {"x": "frequency", "zbar": "monetary_value"}
    return frame.rename(columns=names).query("frequency > 0").astype(float)


def spends(customers: int = CUSTOMERS) -> pd.DataFrame:
    """Return the customers with repeat orders of some value, as spend models take them."""
    return summary(customers).query("frequency > 0 and monetary_value > 0")
