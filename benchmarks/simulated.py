"""Simulated customers and orders; the same size makes the same data."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

SEED = 20_250_101
OBSERVED_DAYS = 730
R, ALPHA, A, B = 0.25, 30.0, 0.8, 2.5
"""Parameters of the simulated BG/NBD."""
PARETO_R, PARETO_ALPHA, PARETO_S, PARETO_BETA = 0.55, 75.0, 0.6, 80.0
"""Parameters of the simulated Pareto/NBD."""
HORIZON_DAYS = 90.0
ORDERS_FILE = "orders.csv"
CHANNELS = ("Search", "Social", "Email", "Affiliates")


def summary(customers: int) -> pd.DataFrame:
    """Return frequency, recency and T in days of customers who behave as BG/NBD has it."""
    random = np.random.default_rng(SEED)
    rate = random.gamma(R, 1 / ALPHA, customers)
    dropout = random.beta(A, B, customers)
    T = random.integers(1, OBSERVED_DAYS, customers).astype(float)
    frequency, recency = np.zeros(customers), np.zeros(customers)
    alive, moment = np.arange(customers), np.zeros(customers)
    while len(alive):
        moment = moment + random.exponential(1 / np.maximum(rate[alive], 1e-12))
        bought = moment < T[alive]
        alive, moment = alive[bought], moment[bought]
        frequency[alive] += 1
        recency[alive] = np.ceil(moment)
        stays = random.random(len(alive)) >= dropout[alive]
        alive, moment = alive[stays], moment[stays]
    # Purchases of one day are one purchase, so there are never more of them than days.
    return pd.DataFrame({"frequency": np.minimum(frequency, recency), "recency": recency, "T": T})


def pareto_nbd_summary(customers: int) -> pd.DataFrame:
    """Return frequency, recency and T in days of customers who behave as Pareto/NBD has it."""
    random = np.random.default_rng(SEED)
    rate = random.gamma(PARETO_R, 1 / PARETO_ALPHA, customers)
    dropout = random.gamma(PARETO_S, 1 / PARETO_BETA, customers)
    T = random.integers(1, OBSERVED_DAYS, customers).astype(float)
    active = np.minimum(random.exponential(1 / np.maximum(dropout, 1e-12)), T)
    bought = random.poisson(rate * active)
    # The last of n moments, each as likely as any other while the customer is active.
    last = active * random.random(customers) ** (1 / np.maximum(bought, 1))
    recency = np.where(bought > 0, np.minimum(np.ceil(last), T), 0.0)
    return pd.DataFrame({"frequency": np.minimum(bought, recency), "recency": recency, "T": T})


def orders(size: int, customers: int) -> pd.DataFrame:
    """Return orders, by date, of customers each of whom has one at least."""
    random = np.random.default_rng(SEED)
    weights = random.gamma(0.6, size=customers)
    more = random.choice(customers, size - customers, p=weights / weights.sum())
    customer = np.concatenate([np.arange(customers), more])
    first = random.integers(0, OBSERVED_DAYS, customers)
    later = random.random(size) ** 2 * (OBSERVED_DAYS - first[customer])
    later[:customers] = 0
    mean_spend = 150.0 / random.gamma(4.0, size=customers)
    day = (first[customer] + later).astype("timedelta64[D]")
    frame = pd.DataFrame(
        {
            "customer_id": np.char.mod("C%07d", customer),
            "date": (np.datetime64("2023-01-01") + day).astype("datetime64[s]"),
            "amount": np.round(random.gamma(4.0, mean_spend[customer] / 4.0) + 1, 2),
            "channel": np.array(CHANNELS)[customer % len(CHANNELS)],
        }
    )
    frame = frame.sort_values("date", kind="stable", ignore_index=True)
    frame.insert(0, "order_id", np.char.mod("A%08d", np.arange(size)))
    return frame


def orders_file(size: int, folder: Path) -> Callable[[], object]:
    """Make a CSV file of orders, three to a customer."""
    return lambda: orders(size, size // 3).to_csv(folder / ORDERS_FILE, index=False)
