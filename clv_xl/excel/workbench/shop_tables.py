"""The tables that the functions are shown on: a small simulated shop, and what else they need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import comb
from typing import TypeAlias

import numpy as np
import pandas as pd

from clv_xl.models.bg_bb_likelihood import BuyingAndStaying, alive_at_last
from clv_xl.models.simulated_shop import simulate_shop
from clv_xl.reports.report import Format

CUSTOMERS, SEED = 24, 35
"""A shop small enough to read, in which every model can be fitted."""
START, AS_OF = date(2023, 1, 1), date(2024, 12, 31)
_SERIAL_OF_1970 = 25_569

Content: TypeAlias = "str | float | None"
"""What a cell of a table holds; dates are day numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopTable:
    """One Excel table of the workbench."""

    name: str
    about: str
    columns: Mapping[str, Sequence[Content]]
    shown_as: Mapping[str, Format]

    @property
    def rows(self) -> int:
        """How many rows of data there are."""
        return len(next(iter(self.columns.values())))


def serial(day: date) -> float:
    """Return a day as a worksheet counts it.

    Examples
    --------
    >>> serial(date(2024, 1, 1))
    45292.0
    """
    return float((day - date(1970, 1, 1)).days + _SERIAL_OF_1970)


def shop_tables() -> tuple[ShopTable, ...]:
    """Return the tables of the workbench; they are the same at every run."""
    shop = simulate_shop(CUSTOMERS, seed=SEED, start=START, as_of=AS_OF)
    sold = shop.orders["status"].isin(["completed", "refunded"])
    known = shop.orders["customer_id"] != ""
    orders = shop.orders[sold & known].drop_duplicates()
    return (
        _orders(orders),
        _answers(orders),
        _spend(shop.spend),
        _channels(),
        _windows(),
        _fairs(),
        _contracts(),
        _members(),
        _flawed(),
    )


def _orders(orders: pd.DataFrame) -> ShopTable:
    return ShopTable(
        name="Orders",
        about="One row an order; a refund is negative and carries the id of its order.",
        columns={
            "order": orders["order_id"].tolist(),
            "customer": orders["customer_id"].tolist(),
            "date": [serial(day.date()) for day in orders["order_date"]],
            "amount": orders["amount"].tolist(),
            "channel": orders["channel"].tolist(),
        },
        shown_as={"date": Format.DATE, "amount": Format.MONEY_EXACT},
    )


def _answers(orders: pd.DataFrame) -> ShopTable:
    """Return what customers answered: who ordered more often is, on the whole, happier."""
    counts = orders.groupby("customer_id", sort=False).size()
    names = counts.index.tolist()
    recommend = [
        float(min(10, 5 + min(int(orders_of), 4) + place % 3 - 1))
        for place, orders_of in enumerate(counts)
    ]
    satisfied = [
        float(min(5, 2 + min(int(orders_of), 3) - place % 4 // 3))
        for place, orders_of in enumerate(counts)
    ]
    return ShopTable(
        name="Answers",
        about="One row a customer: would recommend us (0 to 10), is satisfied (1 to 5).",
        columns={"customer": names, "recommend": recommend, "satisfied": satisfied},
        shown_as={"recommend": Format.COUNT, "satisfied": Format.COUNT},
    )


def _spend(spend: pd.DataFrame) -> ShopTable:
    months = spend.groupby("month")[["spend", "new_customers"]].sum().round(2)
    return ShopTable(
        name="Spend",
        about="Marketing spend of a month, and the customers won in it.",
        columns={
            "month": [serial(month.date()) for month in months.index],
            "spend": months["spend"].tolist(),
            "new_customers": months["new_customers"].astype(float).tolist(),
        },
        shown_as={
            "month": Format.DATE,
            "spend": Format.MONEY_EXACT,
            "new_customers": Format.COUNT,
        },
    )


def _channels() -> ShopTable:
    return ShopTable(
        name="Channels",
        about="What is known of each channel.",
        columns={
            "channel": ["Search", "Marketplace", "Social", "Email"],
            "cac": [45.0, 30.0, 60.0, 12.0],
            "clv": [180.0, 102.0, 55.0, 96.0],
            "customers": [8.0, 7.0, 6.0, 3.0],
        },
        shown_as={
            "cac": Format.MONEY_EXACT,
            "clv": Format.MONEY_EXACT,
            "customers": Format.COUNT,
        },
    )


def _windows() -> ShopTable:
    return ShopTable(
        name="Windows",
        about="Days since the first order.",
        columns={"days": [30.0, 90.0, 180.0, 365.0]},
        shown_as={"days": Format.COUNT},
    )


def _fairs() -> ShopTable:
    """Return who came to the five fairs after a first one: what BG/BB expects of 2,000 people."""
    known, held = BuyingAndStaying(alpha=1.2, beta=0.8, gamma=0.7, delta=2.8), 5
    pairs = [(x, t) for t in range(held + 1) for x in range(min(t, 1), t + 1)]
    x, last = np.array(pairs, dtype=np.float64).T
    log_likelihood, _ = alive_at_last(known, x, last, np.full(len(x), float(held)))
    ways = np.array([comb(max(t - 1, 0), max(attended - 1, 0)) for attended, t in pairs])
    return ShopTable(
        name="Fairs",
        about="Visitors of a yearly fair: of the five after their first, how many they came to.",
        columns={
            "attended": x.tolist(),
            "last": last.tolist(),
            "held": [float(held)] * len(pairs),
            "visitors": np.round(2000 * ways * np.exp(log_likelihood)).tolist(),
        },
        shown_as=dict.fromkeys(("attended", "last", "held", "visitors"), Format.COUNT),
    )


def _contracts() -> ShopTable:
    """Return the cohort of Fader & Hardie (2007), on which the sBG model was published."""
    return ShopTable(
        name="Contracts",
        about="Customers of one cohort under contract, left after each year.",
        columns={
            "year": [float(year) for year in range(8)],
            "survivors": [1000.0, 869.0, 743.0, 653.0, 593.0, 551.0, 517.0, 491.0],
        },
        shown_as={"year": Format.COUNT, "survivors": Format.COUNT},
    )


def _members() -> ShopTable:
    return ShopTable(
        name="Members",
        about="Months of membership so far; churned is 1 where it has ended, 0 where it goes on.",
        columns={
            "months": [2.0, 3.0, 3.0, 5.0, 6.0, 8.0, 8.0, 11.0, 12.0, 15.0, 18.0, 24.0],
            "churned": [1.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0],
            "members": [3.0, 5.0, 2.0, 4.0, 6.0, 3.0, 2.0, 7.0, 4.0, 9.0, 2.0, 8.0],
        },
        shown_as={"months": Format.COUNT, "churned": Format.COUNT, "members": Format.COUNT},
    )


def _flawed() -> ShopTable:
    first = serial(date(2024, 1, 5))
    return ShopTable(
        name="Flawed",
        about="Orders as they should not be, for the data check.",
        columns={
            "customer": ["C000001", None, "C000002", "C000002", "C000003", "C000003"],
            "date": [first, first + 4, None, first + 28, first + 37, first + 37],
            "amount": [20.0, 30.0, 15.0, "n/a", 45.0, 45.0],
        },
        shown_as={"date": Format.DATE, "amount": Format.MONEY_EXACT},
    )
