"""The segment table as a worksheet asks for it: shares, rates and ratios, with a total row."""

import numpy as np
import pandas as pd

from clv_xl.arrays import Dates, Day, Range, Table, Texts, calendar_day, checked
from clv_xl.customers.activity import suggested_window
from clv_xl.customers.coded_text import as_text
from clv_xl.customers.groups import ratio
from clv_xl.customers.orders import OrderLog, OrderRules, order_log
from clv_xl.customers.segments import Segments, recent_period, segment_membership, segments
from clv_xl.errors import DataError, InvalidArgumentError, listed
from clv_xl.periods import DAYS_PER_YEAR

TOTAL = "Total"
_COLUMN = "segment"
_SUMS = (
    "customers",
    "revenue",
    "paid_orders",
    "orders_in_period",
    "buyers",
    "active_at_start",
    "retained",
)


def segment_table(
    customers: Texts,
    dates: Dates,
    amounts: Range,
    segments: Texts,
    margin_rate: float | None = None,
    cac: Table | None = None,
    as_of: Day | None = None,
) -> pd.DataFrame:
    """Segment table with a total row: customers, revenue, order value, retention, value and CAC.

    Parameters
    ----------
    customers
        Customer id of each order, text.
    dates
        Date of each order.
    amounts
        Amount of each order, money.
    segments
        Segment of each order, text; a customer belongs to that of the latest order, or, where cac
        is given, to that of the first.
    margin_rate
        Share of revenue left after variable costs, 0 to 1; default none: values are revenue.
    cac
        Two columns, segment and acquisition cost per customer in money; default none.
    as_of
        Last day of the data; default the day of the last order.

    Returns
    -------
    DataFrame
        One row per segment, most revenue first, then the total: customers and revenue to date with
        their shares, average order value (paid orders), orders per buyer and year, median days
        since the last order, retention (share; over the last 365 days, or the later half of a log
        under two years), value to date per customer, and where given CAC with its ratio.

    Notes
    -----
    share = segment by total, average order value = revenue by orders above 0, value = revenue ×
    margin_rate by customers, its ratio to CAC = value by cac.

    Examples
    --------
    >>> days, shops = ["2024-01-05", "2024-01-20", "2024-02-29"], ["x", "y", "x"]
    >>> table = segment_table(["a", "b", "a"], days, [10, 20, 30], shops)
    >>> table[["segment", "customers", "revenue", "revenue_share"]]
      segment  customers  revenue  revenue_share
    0       x          1     40.0       0.666667
    1       y          1     20.0       0.333333
    2   Total          2     60.0       1.000000
    """
    day = None if as_of is None else calendar_day("as_of", as_of)
    log = order_log(
        customers, dates, amounts, segments={_COLUMN: segments}, rules=OrderRules(as_of=day)
    )
    facts = _recent(log, "latest" if cac is None else "first")
    table = _derived(_with_total(facts), facts.period_days, margin_rate)
    if cac is not None:
        _add_cac(table, _costs(cac, log))
    return table


def _recent(log: OrderLog, by: str) -> Segments:
    membership = segment_membership(log, _COLUMN, "first" if by == "first" else "latest")
    first_day, last_day = recent_period(log)
    window = suggested_window(log).days
    return segments(log, membership, first_day=first_day, last_day=last_day, window_days=window)


def _with_total(facts: Segments) -> pd.DataFrame:
    order = np.argsort(-facts.revenue, kind="stable")
    sums = {name: np.asarray(getattr(facts, name))[order] for name in _SUMS}
    labels = facts.labels[order].tolist()
    table = pd.DataFrame({name: np.append(column, column.sum()) for name, column in sums.items()})
    table.insert(0, "segment", [*labels, TOTAL])
    table["days_since_last"] = np.append(facts.days_since_last[order], facts.days_since_last_of_all)
    return table


def _derived(sums: pd.DataFrame, period_days: int, margin_rate: float | None) -> pd.DataFrame:
    basis = "revenue" if margin_rate is None else "contribution"
    kept = checked("margin_rate", 1 if margin_rate is None else margin_rate, at_least=0, at_most=1)
    column = {name: sums[name].to_numpy(dtype=np.float64) for name in _SUMS}
    total = {name: np.full(len(sums), values[-1]) for name, values in column.items()}
    per_buyer = ratio(column["orders_in_period"], column["buyers"])
    return pd.DataFrame(
        {
            "segment": sums["segment"],
            "customers": sums["customers"],
            "customer_share": ratio(column["customers"], total["customers"]),
            "revenue": sums["revenue"],
            "revenue_share": ratio(column["revenue"], total["revenue"]),
            "average_order_value": ratio(column["revenue"], column["paid_orders"]),
            "orders_per_year": per_buyer * DAYS_PER_YEAR / period_days,
            "days_since_last": sums["days_since_last"],
            "retention": ratio(column["retained"], column["active_at_start"]),
            f"historic_{basis}": ratio(column["revenue"] * kept, column["customers"]),
        }
    )


def _costs(cac: Table, log: OrderLog) -> dict[str, float]:
    rows = cac.to_numpy().tolist() if isinstance(cac, pd.DataFrame) else [list(row) for row in cac]
    if any(len(row) != 2 for row in rows):  # noqa: PLR2004 - segment and cost
        raise InvalidArgumentError("cac", f"{len(rows[0])} columns", "two columns, segment and CAC")
    if rows and isinstance(rows[0][1], str):
        rows = rows[1:]  # a header
    costs = {as_text(name): cost for name, cost in rows}
    known = log.segments[_COLUMN].labels.tolist()
    unknown = [name for name in costs if name not in known]
    if unknown:
        raise DataError(f"cac names {listed(unknown)}, but the segments are {listed(known)}")
    amounts = checked("cac", list(costs.values()), at_least=0)
    return dict(zip(costs, amounts.tolist(), strict=True))


def _add_cac(table: pd.DataFrame, costs: dict[str, float]) -> None:
    customers = table["customers"].to_numpy(dtype=np.float64)[:-1]
    cost = np.array([costs.get(name, np.nan) for name in table["segment"][:-1]])
    blended = (cost * customers).sum() / customers.sum()  # empty unless every segment has a CAC
    table["cac"] = np.append(cost, blended)
    historic = table.columns[table.columns.str.startswith("historic_")][0]
    table[f"{historic}_to_cac"] = ratio(table[historic].to_numpy(), table["cac"].to_numpy())
