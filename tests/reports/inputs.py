"""Small order logs with assumptions, each a situation a report must do justice to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clv_xl.customers.orders import OrderLog, OrderRules, order_log
from clv_xl.models.simulated_shop import SimulatedShop, simulate_shop
from clv_xl.periods import DAYS_PER_YEAR
from clv_xl.reports.assumptions import Assumptions, Spend
from clv_xl.reports.build import build_report
from clv_xl.reports.plan import Plan
from clv_xl.reports.report import Report
from clv_xl.reports.texts import Texts
from clv_xl.workbooks.templates import load_texts
from tests.models.contract_samples import subscription_orders

MARGIN = 0.4


@dataclass(frozen=True)
class Inputs:
    """What a report is made of."""

    log: OrderLog
    assumptions: Assumptions = field(default_factory=Assumptions)


class AskedMessages(dict[str, str]):
    """Messages that remember which of them were asked for."""

    def __init__(self, messages: Mapping[str, str]) -> None:
        """Take over the messages."""
        super().__init__(messages)
        self.asked: set[str] = set()

    def __getitem__(self, key: str) -> str:
        """Return a message that must be there."""
        self.asked.add(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - as of a dict
        """Return a message that may be missing."""
        self.asked.add(key)
        return super().get(key, default)


@cache
def texts() -> Texts:
    """Return the message catalogue, which remembers what was asked of it."""
    loaded = load_texts()
    return replace(loaded, messages=AskedMessages(loaded.messages))


@cache
def shop(customers: int = 400, seed: int = 3, start: date = date(2022, 1, 1)) -> SimulatedShop:
    """Return a simulated shop."""
    return simulate_shop(customers, seed=seed, start=start)


def shop_log(of: SimulatedShop, since: str = "2000-01-01", *, money: float = 1.0) -> OrderLog:
    """Return the order log of a shop, of the orders since a day."""
    rows = of.orders[of.orders["order_date"] >= since]
    return order_log(
        rows["customer_id"],
        rows["order_date"],
        rows["amount"] * money,
        order_ids=rows["order_id"],
        segments={"channel": rows["channel"], "country": rows["country"]},
    )


def shop_spend(
    of: SimulatedShop, *, split: bool = True, free: str = "", until: str = "2100-01-01"
) -> Spend:
    """Return the marketing spend of a shop; `free` is a channel that costs nothing."""
    rows = of.spend[of.spend["month"] < until].reset_index(drop=True)
    return Spend(
        months=pd.Series(rows["month"].to_numpy("datetime64[D]")),
        amounts=rows["spend"].where(rows["channel"] != free, 0.0),
        by_segment="channel" if split else None,
        segments=rows["channel"] if split else None,
        new_customers=rows["new_customers"],
        source="spend.csv",
    )


def _full() -> Inputs:
    given = Assumptions(
        margin_rate=MARGIN,
        spend=shop_spend(shop()),
        segment_columns=("channel", "country"),
        source="orders.csv",
        mapping={"customer": "customer_id", "date": "order_date", "amount": "amount"},
        rules={"refunds": "net"},
    )
    log = shop_log(shop())
    ids = log.customer_ids
    kept = {"Email": np.array([f"{i}@example.org" for i in ids], dtype=object), "revenue": ids}
    names = np.array([f"Customer {i}" for i in ids], dtype=object)
    return Inputs(replace(log, names=names, kept=kept), given)


def _free_channel() -> Inputs:
    spend = shop_spend(shop(), free="Email")
    given = Assumptions(margin_rate=MARGIN, spend=spend, segment_columns=("channel",))
    return Inputs(shop_log(shop()), given)


def _old_spend() -> Inputs:
    spend = shop_spend(shop(), until="2022-07-01")
    given = Assumptions(margin_rate=MARGIN, spend=spend, segment_columns=("channel",))
    return Inputs(shop_log(shop()), given)


def _left_truncated() -> Inputs:
    """A shop whose log begins in the middle of its life: 150 customers at once, then a few."""
    number = np.append(np.repeat(np.arange(150), 12), np.arange(150, 190))
    regular = np.tile(np.arange(12) * 60, 150) + np.repeat(np.arange(150) % 60, 12)
    log = order_log(
        [f"c{n}" for n in number],
        np.datetime64("2022-01-01") + np.append(regular, 100 + np.arange(40) * 15),
        10.0 + number % 7,
        segments={"team": np.where(number % 2, "red", "blue")},
    )
    return Inputs(log, Assumptions(margin_rate=MARGIN, cac=20, segment_columns=("team",)))


def _many_segments() -> Inputs:
    random = np.random.default_rng(1)
    number = np.arange(600) % 150
    log = order_log(
        [f"c{n}" for n in number],
        np.datetime64("2023-01-01") + random.integers(0, 700, 600),
        random.gamma(2, 20, 600),
        segments={"city": [f"city {n % 60}" for n in number]},
    )
    return Inputs(log, Assumptions(margin_rate=MARGIN, cac=20, segment_columns=("city",)))


def _many_columns() -> Inputs:
    headers = tuple(f"attribute {number}" for number in range(12))
    days = [f"2024-0{month}-05" for month in (1, 1, 1, 2, 3, 4)]
    columns = {h: [f"{h} {n % (k + 2)}" for n in range(6)] for k, h in enumerate(headers)}
    log = order_log(list("abcaba"), days, [10, 20, 30, 40, 50, 60], segments=columns)
    return Inputs(log, Assumptions(margin_rate=MARGIN, segment_columns=headers))


def _no_money() -> Inputs:
    days = [f"2024-01-{day:02d}" for day in range(1, 11)]
    log = order_log(list("abcdefghij"), days, [0] * 10, segments={"shop": list("xxxyyyzzzz")})
    return Inputs(log, Assumptions(margin_rate=MARGIN, cac=20, segment_columns=("shop",)))


def _wild_texts() -> Inputs:
    ids = ["=1+1", "+x", "@x", "-x", "\tt"]
    marks = ["=1+1", "[a]#'@", "x'y\x0b", "(none)", "＝1"]
    days = [f"2024-01-0{day}" for day in range(1, 6)]
    log = order_log(ids, days, [10, 20, 30, 40, 50], segments={"=A1\x0b": marks})
    given = Assumptions(segment_columns=("=A1\x0b",), title="=1+1", source="@orders.csv")
    return Inputs(log, given)


def _idle() -> Inputs:
    rules = OrderRules(as_of=date(2030, 1, 1))
    log = order_log(list("aba"), ["2020-01-05", "2020-02-05", "2021-01-05"], [1, 2, 3], rules=rules)
    return Inputs(log, Assumptions(margin_rate=MARGIN, cac=20))


def _subscribers(**of: Any) -> OrderLog:  # noqa: ANN401 - as the sample takes them
    """Return the log of simulated subscribers, of whom some leave at every renewal."""
    customer, day, as_of = subscription_orders(3, (0.9, 6.0), **of)
    price = np.array([9.9, 19.9, 49.9])[customer % 3]
    ids = [f"s{n}" for n in customer]
    plans = {"plan": [f"plan {n % 3}" for n in customer]}
    return order_log(ids, day, price, segments=plans, rules=OrderRules(as_of=as_of))


def _contract() -> Inputs:
    log = _subscribers(customers=300)
    given = Assumptions(margin_rate=MARGIN, cac=20, segment_columns=("plan",))
    return Inputs(log, given)


CASES: Mapping[str, Callable[[], Inputs]] = {
    "full": _full,
    "plain": lambda: Inputs(shop_log(shop())),
    "given_cac": lambda: Inputs(shop_log(shop()), Assumptions(margin_rate=MARGIN, cac=20)),
    "bg_nbd": lambda: Inputs(
        shop_log(shop()),
        Assumptions(margin_rate=MARGIN, cac=20, model="bg_nbd", segment_columns=("channel",)),
    ),
    "range": lambda: Inputs(
        shop_log(shop()),
        Assumptions(
            period="2024-10-01..2025-03-31", cac=20, horizon_months=60, source_table="Orders"
        ),
    ),
    "month": lambda: Inputs(
        shop_log(shop()),
        Assumptions(margin_rate=1, cac=1e6, period="month", annual_discount_rate=0),
    ),
    "free_channel": _free_channel,
    "old_spend": _old_spend,
    "left_truncated": _left_truncated,
    "uncertain": lambda: Inputs(
        shop_log(shop(160, 5)),
        Assumptions(margin_rate=MARGIN, cac=20, segment_columns=("channel",)),
    ),
    "withheld": lambda: Inputs(
        shop_log(shop(30, 5)), Assumptions(margin_rate=MARGIN, cac=20, segment_columns=("channel",))
    ),
    "few": lambda: Inputs(shop_log(shop(8, 5)), Assumptions(margin_rate=MARGIN)),
    "short": lambda: Inputs(
        shop_log(shop(300, 3, date(2024, 10, 1))), Assumptions(margin_rate=MARGIN, cac=20)
    ),
    "contract": _contract,
    "contract_yearly": lambda: Inputs(
        _subscribers(customers=300, months=84, days=DAYS_PER_YEAR, start=date(2016, 1, 4)),
        Assumptions(contract="year", annual_discount_rate=0),
    ),
    "contract_few": lambda: Inputs(
        _subscribers(customers=12, months=8), Assumptions(contract="month")
    ),
    "contract_early": lambda: Inputs(
        _subscribers(customers=30, months=8), Assumptions(contract="year")
    ),
    "many_segments": _many_segments,
    "many_columns": _many_columns,
    "one_order": lambda: Inputs(
        order_log(["a"], ["2024-01-05"], [10]), Assumptions(margin_rate=MARGIN, cac=20)
    ),
    "no_money": _no_money,
    "wild_texts": _wild_texts,
    "idle": _idle,
}


@cache
def inputs(case: str) -> Inputs:
    """Return the inputs of a situation, made once."""
    return CASES[case]()


def column(made: Report | Plan, table: str, key: str) -> NDArray[Any]:
    """Return the values of a table's column."""
    return made.tables[table].column(key).values  # noqa: PD011 - not pandas


@cache
def report(case: str) -> Report:
    """Return the report of a situation, made once."""
    given = inputs(case)
    return build_report(given.log, given.assumptions, texts())
