"""What a source hands over to be judged as orders, and the policies it is judged by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clv_xl.arrays import Bools, Floats, Ints
from clv_xl.errors import row_number

DayColumn: TypeAlias = NDArray[np.datetime64]
"""One calendar day a row (datetime64[D]); NaT is blank."""
RefundPolicy: TypeAlias = Literal["net", "drop", "refuse"]
ZeroPolicy: TypeAlias = Literal["keep", "drop"]


class TaxTreatment(Enum):
    """What the amounts hold besides the price; a cover says it in the report's language."""

    NET = "net"
    GROSS = "gross"
    NOT_STATED = "not_stated"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class OrderColumns:
    """The columns of an order log as read: one entry per row, typed, nothing judged yet.

    Parameters
    ----------
    customer
        Customer id of each row, text; "" is blank.
    day
        Calendar day of each row, datetime64[D]; NaT is blank or unreadable.
    amount
        Amount of each row; NaN is blank or unreadable. None where there is no such column.
    order_id
        Order id of each row, text; "" is blank.
    name
        Name of the customer as a person reads it.
    segments
        Segment columns (text) by header.
    kept
        Columns carried to the list of customers (text) by header.
    currency
        Currency of each row; "" is blank.
    quantity
        Pieces on each row; NaN is blank.
    unit_price
        Price of one piece on each row; NaN is blank.
    refunded
        Refunded amount of the order, positive, on one or on every row of it.
    status
        Status of the order or line.
    cancelled
        Rows that carry a date of cancellation.
    dropped
        Reason -> rows that the reader itself could not use.
    duplicate
        Rows equal in every source column to an earlier row.
    first_row
        Number of the first data row in the source, for messages.
    rows
        Number of every row in the source, where blank rows were skipped between them.
    source
        Name of the source, for messages.
    tax
        What the source itself says of the amounts, where it does.
    """

    customer: pd.Series
    day: DayColumn
    amount: Floats | None
    order_id: pd.Series | None = None
    name: pd.Series | None = None
    segments: Mapping[str, pd.Series] = field(default_factory=dict)
    kept: Mapping[str, pd.Series] = field(default_factory=dict)
    currency: pd.Series | None = None
    quantity: Floats | None = None
    unit_price: Floats | None = None
    refunded: Floats | None = None
    status: pd.Series | None = None
    cancelled: Bools | None = None
    dropped: Mapping[str, Bools] = field(default_factory=dict)
    duplicate: Bools | None = None
    first_row: int = field(default_factory=lambda: row_number(0))
    rows: Ints | None = None
    source: str = "the order log"
    tax: TaxTreatment = TaxTreatment.NOT_STATED

    @property
    def n_rows(self) -> int:
        """Number of rows read."""
        return len(self.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRules:
    """The policies of reading an order log; every one has its default.

    Parameters
    ----------
    as_of
        Day at which the log is looked at; default the day of the last kept order.
    refunds
        net: negative amounts reduce the order they belong to; drop: they are left out; refuse:
        they are an error.
    zero
        keep or drop orders of amount 0.
    status_keep
        Statuses that are kept although they are excluded by default.
    drop_duplicates
        Drop the rows that equal an earlier row in every column; they are counted in any case.
    tax_rate
        Tax that the amounts include, as a decimal: they are divided by 1 + tax_rate.
    currency
        Unit of the amounts where no column names it.
    history_complete
        The log reaches back to the first order of every customer.
    """

    as_of: date | None = None
    refunds: RefundPolicy = "net"
    zero: ZeroPolicy = "keep"
    status_keep: frozenset[str] = frozenset()
    drop_duplicates: bool = False
    tax_rate: float | None = None
    currency: str | None = None
    history_complete: bool = False
