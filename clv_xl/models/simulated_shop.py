"""A simulated shop whose truth is known: what a forecast finds can be held against what is."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from clv_xl.arrays import Bools, Floats, Ints, checked
from clv_xl.errors import InvalidArgumentError
from clv_xl.models.shop_names import FIRST_NAMES, LAST_NAMES, full_name
from clv_xl.models.shop_truth import CHANNELS, ShopTruth

START = date(2022, 1, 1)
AS_OF = date(2024, 12, 31)
CURRENCY = "EUR"
MARGIN_RATE = 0.40
COUNTRIES = {
    "Germany": 0.27,
    "France": 0.19,
    "Netherlands": 0.14,
    "Spain": 0.13,
    "Italy": 0.12,
    "Austria": 0.08,
    "Belgium": 0.07,
}
REFUNDED_ORDERS = 0.02
FULL_REFUNDS = 1 / 3
PARTIAL_REFUND = (0.2, 0.6)
CANCELLED_ORDERS = 0.015
ORDERS_PER_GUEST = 1500
ORDERS_PER_DUPLICATE = 2000
MOST_CUSTOMERS = 1_000_000
ORDER_COLUMNS = (
    *("order_id", "customer_id", "customer_name", "order_date", "amount"),
    *("currency", "status", "channel", "country"),
)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class SimulatedShop:
    """An order log with its blemishes, the marketing spend, and the truth behind both.

    Attributes
    ----------
    orders
        One row a line of the log: order_id, customer_id, customer_name, order_date, amount,
        currency, status, channel, country. Refunds are negative rows with the order's id.
    spend
        One row a month and channel: month, channel, spend, new_customers.
    truth
        How each customer really behaves, and what that is worth.
    margin_rate
        The share of sales the shop keeps, as a decimal.
    """

    orders: pd.DataFrame
    spend: pd.DataFrame
    truth: ShopTruth
    as_of: date
    currency: str = CURRENCY
    margin_rate: float = MARGIN_RATE


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Customers:
    """Who the customers are, in the order in which they came."""

    channel: Ints
    arrival: Floats
    rate: Floats
    dropout: Floats
    mean_spend: Floats


def simulate_shop(
    customers: int = 4200, *, seed: int, start: date = START, as_of: date = AS_OF
) -> SimulatedShop:
    """Simulate a shop from its first day to the as-of day; the same seed makes the same shop.

    Customers come steadily, each through one channel. They buy at a rate of their own and, after
    any purchase, the first included, may silently never return (MBG/NBD, in continuous time);
    what they spend an order varies around a mean of their own (gamma-gamma).

    Parameters
    ----------
    customers
        Customers who ever bought, a whole number from 1 to 1,000,000.
    seed
        Where the randomness starts, a whole number of at least 0.
    start
        First day of the shop.
    as_of
        Last day of the log.

    References
    ----------
    Batislam, E., Denizel, M. and Filiztekin, A. (2007), Empirical validation and comparison of
    models for customer base analysis, International Journal of Research in Marketing 24(3).

    Examples
    --------
    >>> shop = simulate_shop(50, seed=1)
    >>> shop.orders["customer_id"].nunique() - 1  # the guests have no id
    50
    """
    checked("customers", customers, at_least=1, at_most=MOST_CUSTOMERS)
    if as_of <= start:
        raise InvalidArgumentError("as_of", as_of, f"after the start, {start}")
    random = np.random.default_rng(seed)
    days = (as_of - start).days + 1
    people = _arrive(random, int(customers), days)
    buyer, moment, alive = _buy(random, people, days)
    orders = _log(random, people, buyer, moment, days)
    full = FULL_REFUNDS + (1 - FULL_REFUNDS) * sum(PARTIAL_REFUND) / 2
    truth = ShopTruth(customers=_behaviour(people, alive), net_share=1 - REFUNDED_ORDERS * full)
    return SimulatedShop(
        orders=_titled(random, orders, people, start),
        spend=_marketing(random, people, start, days),
        truth=truth,
        as_of=as_of,
    )


def _arrive(random: np.random.Generator, customers: int, days: int) -> _Customers:
    channel = random.choice(len(CHANNELS), customers, p=[c.share for c in CHANNELS])
    r, alpha, a, b, shape, q, gamma = np.array(
        [(c.r, c.alpha, c.a, c.b, c.spend_shape, c.spread_shape, c.gamma) for c in CHANNELS]
    )[channel].T
    # A little more arrive each year: the density rises from 0.85 to 1.15 of its mean.
    share_of_time = (np.sqrt(0.85**2 + 0.6 * random.random(customers)) - 0.85) / 0.3
    return _Customers(
        channel=channel,
        arrival=np.sort(share_of_time) * days,
        rate=random.gamma(r) / alpha,
        dropout=random.beta(a, b),
        mean_spend=shape * gamma / random.gamma(q),
    )


def _buy(random: np.random.Generator, people: _Customers, days: int) -> tuple[Ints, Floats, Bools]:
    """Return who buys and when, and who is still a customer at the end."""
    now = people.arrival.copy()
    alive = np.ones(now.size, dtype=np.bool_)
    buying = np.arange(now.size)
    buyers, moments = [], []
    while buying.size:  # one round a purchase, all customers at once
        buyers.append(buying)
        moments.append(now[buying])
        lost = random.random(buying.size) < people.dropout[buying]
        alive[buying[lost]] = False
        buying = buying[~lost]
        now[buying] += random.exponential(1 / people.rate[buying])
        buying = buying[now[buying] < days]
    return np.concatenate(buyers), np.concatenate(moments), alive


def _log(
    random: np.random.Generator, people: _Customers, buyer: Ints, moment: Floats, days: int
) -> pd.DataFrame:
    """Return every line of the log by customer number, order number and moment."""
    shape = np.array([c.spend_shape for c in CHANNELS])[people.channel[buyer]]
    spend = people.mean_spend[buyer] * random.gamma(shape) / shape
    paid = pd.DataFrame(
        {"customer": buyer, "moment": moment, "amount": np.maximum(spend.round(2), 0.01)}
    ).assign(status="completed")
    # A payment fails, and the customer tries again: the failed try stands in the log too.
    cancelled = paid[random.random(len(paid)) < CANCELLED_ORDERS].assign(status="cancelled")
    count = 1 + len(paid) // ORDERS_PER_GUEST
    guests = paid.sample(count, random_state=random).assign(customer=-1)
    guests["moment"] = random.uniform(0, days, count)
    orders = pd.concat([paid, cancelled, guests]).sort_values("moment", kind="stable")
    orders["order"] = np.arange(len(orders))
    refunds = _refunds(random, orders[orders["status"] == "completed"])
    twice = orders.sample(1 + len(paid) // ORDERS_PER_DUPLICATE, random_state=random)
    lines = pd.concat([orders, refunds[refunds["moment"] < days], twice])
    return lines.sort_values("moment", kind="stable", ignore_index=True)


def _refunds(random: np.random.Generator, orders: pd.DataFrame) -> pd.DataFrame:
    refunded = orders[random.random(len(orders)) < REFUNDED_ORDERS]
    full = random.random(len(refunded)) < FULL_REFUNDS
    part = np.where(full, 1.0, random.uniform(*PARTIAL_REFUND, len(refunded)))
    return refunded.assign(
        moment=refunded["moment"] + random.uniform(3, 21, len(refunded)),
        amount=-(refunded["amount"] * part).round(2),
        status="refunded",
    )


def _titled(
    random: np.random.Generator, lines: pd.DataFrame, people: _Customers, start: date
) -> pd.DataFrame:
    """Return the lines as a shop exports them: ids, names, dates and texts for numbers."""
    size = people.channel.size
    names = random.permutation(max(size, len(FIRST_NAMES) * len(LAST_NAMES)))[:size]
    # The guests' number is -1: the last entry of each list is theirs.
    ids = np.array([*_customer_ids(size), ""], dtype=object)
    called = np.array([*(full_name(int(name)) for name in names), ""], dtype=object)
    customer_country = random.choice(len(COUNTRIES), size + 1, p=list(COUNTRIES.values()))
    customer_channel = np.append(people.channel, 0)
    who = lines["customer"].to_numpy()
    texts = {
        "order_id": "A" + (100_001 + lines["order"]).astype(str),
        "customer_id": ids[who],
        "customer_name": called[who],
        "currency": CURRENCY,
        "status": lines["status"],
        "channel": np.array([c.name for c in CHANNELS], dtype=object)[customer_channel[who]],
        "country": np.array(list(COUNTRIES), dtype=object)[customer_country[who]],
    }
    day = np.datetime64(start, "D") + lines["moment"].to_numpy().astype(np.int64)
    frame = lines.assign(**texts, order_date=day.astype("datetime64[s]"))
    return frame.loc[:, list(ORDER_COLUMNS)]


def _customer_ids(size: int) -> list[str]:
    return [f"C{number:06d}" for number in range(1, size + 1)]


def _behaviour(people: _Customers, alive: Bools) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_id": _customer_ids(people.channel.size),
            "channel": np.array([c.name for c in CHANNELS], dtype=object)[people.channel],
            "purchases_per_day": people.rate,
            "dropout_probability": people.dropout,
            "alive": alive,
            "mean_spend": people.mean_spend,
        }
    )


def _marketing(
    random: np.random.Generator, people: _Customers, start: date, days: int
) -> pd.DataFrame:
    """Return the monthly spend by channel: planned by the expected arrivals, never quite met."""
    first = np.datetime64(start, "D")
    months = np.arange(
        first.astype("datetime64[M]"), (first + days - 1).astype("datetime64[M]") + 1
    )
    edges = (np.append(months, months[-1] + 1).astype("datetime64[D]") - first).astype(np.float64)
    time = np.clip(edges / days, 0, 1)
    planned = people.channel.size * np.diff(0.85 * time + 0.15 * time**2)
    month = np.searchsorted(edges, people.arrival, side="right") - 1
    cell = month * len(CHANNELS) + people.channel
    cost = np.array([c.share * c.cac for c in CHANNELS])
    noise = random.lognormal(-0.005, 0.1, (months.size, len(CHANNELS)))
    return pd.DataFrame(
        {
            "month": np.repeat(months.astype("datetime64[s]"), len(CHANNELS)),
            "channel": [c.name for c in CHANNELS] * months.size,
            "spend": (planned[:, None] * cost * noise).round(2).ravel(),
            "new_customers": np.bincount(cell, minlength=months.size * len(CHANNELS)),
        }
    )
