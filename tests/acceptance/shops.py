"""Order logs of many kinds of shop, small enough to make a workbook of each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pandas as pd

from clv_xl.models.simulated_shop import SimulatedShop, simulate_shop
from tests.models.contract_samples import subscription_orders

Rows: TypeAlias = list[tuple[object, ...]]
Frame: TypeAlias = Callable[[], pd.DataFrame]
HEADERS = ("customer", "date", "amount")
FIRST = date(2024, 1, 1)
MARGIN = ("--margin-rate", "0.4")
CAC = ("--cac", "30")
BY_CHANNEL = ("--segment", "channel")


@dataclass(frozen=True, slots=True)
class Shop:
    """What is given to `clv-xl dashboard`: orders, options, and perhaps a spend file."""

    orders: Frame
    options: tuple[str, ...] = ()
    spend: Frame | None = None

    def words(self, folder: Path) -> list[str]:
        """Write the files into a folder, and return the words of the command but its output."""
        orders, spend = folder / "orders.csv", folder / "spend.csv"
        self.orders().to_csv(orders, index=False)
        words = ["dashboard", str(orders), "--gate", "0", *self.options]
        if self.spend is None:
            return words
        self.spend().to_csv(spend, index=False)
        return [*words, "--spend", str(spend)]


@cache
def simulated(customers: int = 250) -> SimulatedShop:
    """Return a shop of three years whose orders repeat from run to run."""
    return simulate_shop(customers, seed=5)


def whole() -> pd.DataFrame:
    return simulated().orders


def spend() -> pd.DataFrame:
    return simulated().spend


def spend_of_a_total() -> pd.DataFrame:
    """Return spend by month alone, most of it in months without orders."""
    monthly = spend().groupby("month")["spend"].sum().reset_index()
    monthly["month"] += pd.DateOffset(months=30)
    return monthly


def of_customers(number: int) -> Frame:
    """Return the orders of the first customers only."""
    last = f"C{number:06d}"
    return lambda: whole()[whole()["customer_id"].between("C", last)]


def of_one_segment() -> pd.DataFrame:
    return whole().assign(channel="Search")


def of_three_months() -> pd.DataFrame:
    return whole()[whole()["order_date"] >= "2024-10-01"]


def begun_before_the_log() -> pd.DataFrame:
    """Return a log that begins with many old customers at once."""
    regulars = [
        (f"old{n}", FIRST + timedelta(days=n % 25 + 60 * k), 20.0 + n % 9)
        for n in range(120)
        for k in range(1 + n % 5)
    ]
    newcomers = [
        (f"new{n}", FIRST + timedelta(days=50 + 5 * n + 45 * k), 15.0 + n % 7)
        for n in range(60)
        for k in range(1 + n % 3)
    ]
    return frame([*regulars, *newcomers])


def one_order() -> pd.DataFrame:
    return frame([("C1", FIRST, 20.0)])


def one_loyal_customer() -> pd.DataFrame:
    return frame([("C1", FIRST + timedelta(days=17 * n + n % 5), 20.0 + n) for n in range(20)])


def only_one_time() -> pd.DataFrame:
    return frame([(f"C{n}", FIRST + timedelta(days=2 * n), 10.0 + n % 7) for n in range(150)])


def on_one_day() -> pd.DataFrame:
    return frame([(f"C{n}", FIRST, 10.0 + n) for n in range(40)])


def of_nothing() -> pd.DataFrame:
    """Return orders that all cost nothing."""
    return frame([(f"C{n % 30}", FIRST + timedelta(days=3 * n), 0.0) for n in range(90)])


def every_thirty_days() -> pd.DataFrame:
    days = [(n, n % 60 + 30 * k) for n in range(120) for k in range(12)]
    return frame([(f"C{n}", FIRST + timedelta(days=day), 9.99) for n, day in days])


@cache
def subscribed(customers: int = 400) -> pd.DataFrame:
    """Return two years of subscribers who pay by the month, and leave sooner or later."""
    customer, day, _ = subscription_orders(11, (0.9, 6.0), customers=customers)
    channels = np.array(["Search", "Social", "Email"])
    return pd.DataFrame(
        {
            "order_id": [f"S{n}" for n in range(len(customer))],
            "customer_id": [f"S{n:05d}" for n in customer],
            "order_date": day,
            "amount": np.array([9.9, 19.9, 49.9])[customer % 3],
            "channel": channels[customer % 3],
        }
    )


def of_sums(scale: float) -> Frame:
    """Return the shop in a money of another size."""
    return lambda: whole().assign(amount=(whole()["amount"] * scale).round(4))


def frame(rows: Rows, headers: Sequence[str] = HEADERS) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(headers))


def labelled(labels: Sequence[str], header: str = "group") -> pd.DataFrame:
    """Return three customers a label, each with orders of its own."""
    rows: Rows = []
    for number, label in enumerate(labels):
        for k in range(3):
            start = FIRST + timedelta(days=3 * number + 40 * k)
            rows += [
                (f"C{number}-{k}", start + timedelta(days=31 * n), 12.5 + number + n, label)
                for n in range(1 + k * 2)
            ]
    return frame(rows, (*HEADERS, header))


def spend_by(labels: Sequence[str], header: str = "group") -> pd.DataFrame:
    """Return two months of spend on each label."""
    rows: Rows = [
        (month, label, 10.0 + n)
        for month in ("2024-01-01", "2024-02-01")
        for n, label in enumerate(labels)
    ]
    return frame(rows, ("month", header, "spend"))


SHOPS: dict[str, Shop] = {
    "with spend by channel": Shop(
        whole, (*MARGIN, *BY_CHANNEL, "--segment", "country", "--period", "quarter"), spend
    ),
    "without spend": Shop(whole, (*MARGIN, *BY_CHANNEL)),
    "without margin": Shop(whole, BY_CHANNEL, spend),
    "without anything": Shop(whole),
    "with spend in other months": Shop(whole, MARGIN, spend_of_a_total),
    "with other options": Shop(
        whole,
        (
            *(*MARGIN, *CAC, *BY_CHANNEL, "--segment-by", "first", "--model", "bg_nbd"),
            *("--horizon", "36", "--discount-rate", "0", "--paper", "letter"),
        ),
    ),
    "with extreme rates": Shop(
        whole, ("--margin-rate", "0", "--cac", "1e9", "--discount-rate", "0.99", "--horizon", "60")
    ),
    "with a period not over yet": Shop(whole, (*MARGIN, "--period", "2024-05-01..2025-06-30")),
    "long after the last order": Shop(whole, (*MARGIN, *CAC, "--as-of", "2026-06-30")),
    "of one segment": Shop(of_one_segment, (*MARGIN, *BY_CHANNEL), spend),
    "of three months": Shop(of_three_months, (*MARGIN, *BY_CHANNEL), spend),
    "of one customer": Shop(of_customers(1), (*MARGIN, *BY_CHANNEL), spend),
    "of two customers": Shop(of_customers(2), (*MARGIN, *BY_CHANNEL), spend),
    "of five customers": Shop(of_customers(5), (*MARGIN, *BY_CHANNEL), spend),
    "of ten customers": Shop(of_customers(10), (*MARGIN, *CAC, *BY_CHANNEL)),
    "of thirty customers": Shop(of_customers(30), (*MARGIN, *BY_CHANNEL), spend),
    "with a cost of half a cent": Shop(of_customers(5), (*MARGIN, "--cac", "0.575")),
    "of one order": Shop(one_order, (*MARGIN, *CAC)),
    "of one loyal customer": Shop(one_loyal_customer, (*MARGIN, *CAC)),
    "begun before the log": Shop(begun_before_the_log, (*MARGIN, *CAC)),
    "of one-time buyers": Shop(only_one_time, (*MARGIN, *CAC)),
    "of one day": Shop(on_one_day, (*MARGIN, *CAC)),
    "where all is free": Shop(of_nothing, (*MARGIN, *CAC)),
    "of regular buyers": Shop(every_thirty_days, (*MARGIN, *CAC)),
    "of subscribers": Shop(subscribed, (*MARGIN, *CAC, *BY_CHANNEL)),
    "of few subscribers": Shop(
        lambda: subscribed().iloc[:60], (*MARGIN, *CAC, "--contract", "month")
    ),
    "taken for subscribers": Shop(whole, (*MARGIN, *CAC, "--contract", "quarter")),
    "in a very small money": Shop(of_sums(1e9), (*MARGIN, *BY_CHANNEL)),
    "in a very large money": Shop(of_sums(1e-4), (*MARGIN, *BY_CHANNEL)),
}
