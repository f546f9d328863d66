"""The validated order log: one entry per order, and the account of how it was cleaned."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from clv_xl.arrays import Bools, Floats, Ints
from clv_xl.customers.order_columns import TaxTreatment
from clv_xl.errors import DataError
from clv_xl.remarks import Remark

Labels: TypeAlias = NDArray[np.object_]
"""An array of texts."""

BLANK_LABEL = "(none)"


@dataclass(frozen=True, slots=True, eq=False)
class SegmentColumn:
    """One segment column: the label of each order as a code into `labels`."""

    codes: Ints
    labels: Labels


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaning:
    """What became of the rows: rows_read = rows_kept + the sum of `dropped`, always.

    Parameters
    ----------
    rows_read
        Rows that the source held.
    rows_kept
        Rows that are part of a kept order: lines, and refunds that reduced it.
    dropped
        Reason -> number of rows dropped for it; a row has one reason, the first that held.
    duplicates
        Rows equal in every column to an earlier one, dropped or not.
    lines_merged
        Kept rows that joined an order which another row began.
    refunds_netted
        Kept rows that reduced an order.
    same_day_merged
        Orders that share their customer and day with an earlier one.
    zero_orders
        Kept orders of amount 0.
    notes
        Key -> what the reader should know, such as how repeated totals were counted.
    """

    rows_read: int
    rows_kept: int
    dropped: Mapping[str, int] = field(default_factory=dict)
    duplicates: int = 0
    lines_merged: int = 0
    refunds_netted: int = 0
    same_day_merged: int = 0
    zero_orders: int = 0
    notes: dict[str, Remark] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Hold that no row is lost from the account."""
        accounted = self.rows_kept + sum(self.dropped.values())
        if self.rows_read != accounted:
            raise AssertionError(f"{self.rows_read} rows read, {accounted} accounted for")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class OrderLog:
    """Validated orders, sorted by customer code, then day; one entry per order.

    Parameters
    ----------
    customer_ids
        Code -> customer id (text), in order of first appearance in the source.
    customer
        Customer code of each order, ascending.
    day
        Day of each order, days since 1970-01-01.
    amount
        Amount of each order, net of its refunds, at least 0.
    as_of
        Day at which the log is looked at, days since 1970-01-01.
    names
        Code -> the customer's latest name, "" where none; None without a column of names.
    segments
        Header -> the label of each order.
    kept
        Header -> per customer code, the latest order's value.
    currency
        Unit of the amounts; None where nobody named it.
    tax
        Whether the amounts hold tax.
    existing_before_window
        Per customer code: first seen in the first tenth of a left-truncated log.
    cleaning
        What became of the rows of the source.
    """

    customer_ids: Labels
    customer: Ints
    day: Ints
    amount: Floats
    as_of: int
    names: Labels | None
    segments: Mapping[str, SegmentColumn]
    kept: Mapping[str, Labels]
    currency: str | None
    tax: TaxTreatment
    existing_before_window: Bools
    cleaning: Cleaning

    @property
    def n_orders(self) -> int:
        """Number of orders."""
        return len(self.customer)

    @property
    def n_customers(self) -> int:
        """Number of customers with an order."""
        return len(self.customer_ids)

    @property
    def first_day(self) -> int:
        """Day of the first order, days since 1970-01-01."""
        return int(self.day.min())

    @property
    def last_day(self) -> int:
        """Day of the last order, days since 1970-01-01."""
        return int(self.day.max())

    @property
    def revenue(self) -> float:
        """Sum of the amounts."""
        return float(self.amount.sum())

    def until(self, day: int) -> "OrderLog":
        """Return the orders up to `day` as their own log, with the customers coded anew.

        What is known per customer only (names, kept columns) and the account of the cleaning stay
        those of the whole log; so do the net amounts: a later refund has already reduced its order.
        """
        known = self.day <= day
        customers = np.zeros(self.n_customers, dtype=np.bool_)
        customers[self.customer[known]] = True
        if not known.any():
            shown = np.datetime64(day, "D")
            first = np.datetime64(self.first_day, "D")
            raise DataError(f"no order is known on {shown}: the first is of {first}")
        code = np.cumsum(customers) - 1
        return replace(
            self,
            customer_ids=self.customer_ids[customers],
            customer=code[self.customer[known]],
            day=self.day[known],
            amount=self.amount[known],
            as_of=day,
            names=None if self.names is None else self.names[customers],
            segments={
                header: SegmentColumn(column.codes[known], column.labels)
                for header, column in self.segments.items()
            },
            kept={header: values[customers] for header, values in self.kept.items()},
            existing_before_window=self.existing_before_window[customers],
        )
