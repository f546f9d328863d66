"""Order logs of many kinds of shop, small enough to make a workbook of each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pandas as pd

from clv_xl.models.simulated_shop import SimulatedShop, simulate_shop

Rows = list[tuple[object, ...]]
HEADERS = ("customer", "date", "amount")
FIRST = date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class Shop:
    """What is given to `clv-xl dashboard`: orders, options, and perhaps a spend file."""

    orders: Callable[[], pd.DataFrame]
    options: tuple[str, ...] = ()
    spend: Callable[[], pd.DataFrame] | None = None

    def words(self, folder: Path) -> list[str]:
        """Write the files into a folder, and return the words of the command but its output."""
        orders, spend = folder / "orders.csv", folder / "spend.csv"
        self.orders().to_csv(orders, index=False)
        words = ["dashboard", str(orders), *self.options]
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


def of_customers(number: int) -> Callable[[], pd.DataFrame]:
    """Return the orders of the first customers only."""
    return lambda: _where(whole(), whole()["customer_id"].isin(_ids()[:number]))


def of_one_segment() -> pd.DataFrame:
    return whole().assign(channel="Search")


def of_three_months() -> pd.DataFrame:
    return _where(whole(), whole()["order_date"] >= "2024-10-01")


def from_the_second_year() -> pd.DataFrame:
    """Return a log that begins long after its customers did."""
    return _where(simulated(1500).orders, simulated(1500).orders["order_date"] >= "2023-07-01")


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
    return frame(
        [
            (f"C{n}", FIRST + timedelta(days=n % 60 + 30 * k), 9.99)
            for n in range(120)
            for k in range(12)
        ]
    )


def of_sums(scale: float) -> Callable[[], pd.DataFrame]:
    """Return the shop in a money of another size."""
    return lambda: whole().assign(amount=(whole()["amount"] * scale).round(4))


def frame(rows: Rows, headers: tuple[str, ...] = HEADERS) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(headers))


def labelled(labels: list[str], header: str = "group") -> pd.DataFrame:
    """Return three customers a label, each with orders of its own."""
    rows: Rows = []
    for number, label in enumerate(labels):
        for k in range(3):
            start = FIRST + timedelta(days=5 * number + 40 * k)
            buyer = f"C{number}-{k}"
            rows += [
                (buyer, start + timedelta(days=31 * n), 12.5 + number + n, label)
                for n in range(1 + k * 2)
            ]
    return frame(rows, (*HEADERS, header))


def _ids() -> list[str]:
    return [f"C{number:06d}" for number in range(1, simulated().truth.customers.shape[0] + 1)]


def _where(orders: pd.DataFrame, rows: "pd.Series[bool]") -> pd.DataFrame:
    return orders.loc[rows]
