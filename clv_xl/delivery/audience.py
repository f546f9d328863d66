"""An audience: what a recipient may see of the orders, and the rows that are its own.

Everything that reaches a workbook is computed from these rows alone. They are cut before any figure
is made, so that what belongs to others cannot be in it: not in a total, a note or a row count.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from clv_xl.arrays import Bools, Ints, day_of
from clv_xl.customers.coded_text import coded
from clv_xl.customers.order_columns import OrderColumns
from clv_xl.customers.order_log import BLANK_LABEL, OrderLog
from clv_xl.customers.orders import validate_orders
from clv_xl.errors import DataError, listed
from clv_xl.reports.assumptions import Spend
from clv_xl.sources.source_read import SourceRead


class Detail(StrEnum):
    """What a recipient may see of single customers."""

    NONE = "none"
    """No list of customers."""
    MASKED = "masked"
    """Lists in which pseudonyms stand for customers."""
    FULL = "full"
    """Lists as on the dashboard."""


@dataclass(frozen=True, slots=True)
class Audience:
    """What one workbook is made for; recipients with equal audiences get equal bytes.

    Parameters
    ----------
    segments
        Names of the first segment column, sorted and unique; empty is everything.
    layout
        Name of the layout.
    detail
        What may be seen of single customers.
    """

    segments: tuple[str, ...]
    layout: str
    detail: Detail

    @property
    def sees_all(self) -> bool:
        """Whether every order is its own."""
        return not self.segments


def known_segments(log: OrderLog) -> tuple[str, ...]:
    """Return the names that a recipient's segment may have: those of the first segment column.

    Examples
    --------
    >>> from clv_xl.customers.orders import order_log
    >>> days = ["2024-01-05", "2024-01-09"]
    >>> known_segments(order_log(["ada", "bob"], days, segments={"shop": ["web", "Rome"]}))
    ('Rome', 'web')
    """
    column = next(iter(log.segments.values()), None)
    if column is None:
        return ()
    return tuple(sorted(str(label) for label in column.labels[np.unique(column.codes)]))


def own_orders(read: SourceRead, audience: Audience) -> OrderLog:
    """Return the orders that an audience may see, as a log of their own.

    An order belongs to the segment that its row names; a line without one to that of its order.
    Rows are judged anew among themselves. Of the whole only the as-of day stays.

    Parameters
    ----------
    read
        The whole source.
    audience
        Whose orders are wanted.

    Raises
    ------
    DataError
        If the audience has no order.
    """
    if audience.sees_all:
        return read.log
    rows = _own_rows(read, audience)
    if not rows.any():
        raise DataError(f"there is no order of the segment {listed(audience.segments)}")
    policies = replace(read.policies, as_of=day_of(read.log.as_of))
    return validate_orders(_only(read.read.columns, rows), policies)


def _own_rows(read: SourceRead, audience: Audience) -> Bools:
    columns = read.read.columns
    if not columns.segments:
        raise DataError(
            f"the segment {listed(audience.segments)} needs a segment column in the orders: name "
            "one with --segment, or give the recipient * for everything"
        )
    labels = coded(next(iter(columns.segments.values())))
    codes = _of_orders(labels.codes, columns.order_id)
    own = [label in audience.segments for label in (*labels.labels, BLANK_LABEL)]
    return np.array(own, dtype=np.bool_)[codes]


def _of_orders(codes: Ints, order_id: pd.Series | None) -> Ints:
    """Return label codes in which a blank line (-1) has that of its order's first labelled line."""
    if order_id is None:
        return codes
    orders = coded(order_id).codes
    labelled = np.flatnonzero((codes >= 0) & (orders >= 0))[::-1]
    first = np.full(int(orders.max(initial=-1)) + 2, -1, dtype=np.int64)  # the last: without order
    first[orders[labelled]] = codes[labelled]  # of an order's lines the first is written last
    return np.where(codes < 0, first[orders], codes)


def _only(columns: OrderColumns, rows: Bools) -> OrderColumns:
    """Return some of the rows, each with what every column says of it."""
    numbered = columns.rows
    if numbered is None:
        numbered = columns.first_row + np.arange(columns.n_rows, dtype=np.int64)
    there = {field.name: getattr(columns, field.name) for field in fields(columns)}
    cut = {name: _cut(value, rows) for name, value in (there | {"rows": numbered}).items()}
    return replace(columns, **cut)


def _cut(value: Any, rows: Bools) -> Any:  # noqa: ANN401 - columns of every kind
    if isinstance(value, pd.Series):
        return value[rows].reset_index(drop=True)
    if isinstance(value, np.ndarray):
        return value[rows]
    if isinstance(value, Mapping):
        return {key: _cut(each, rows) for key, each in value.items()}
    return value


def own_spend(spend: Spend | None, audience: Audience, column: str | None) -> Spend | None:
    """Return the acquisition spend of an audience, None where none can be told apart.

    Parameters
    ----------
    spend
        The spend of the whole.
    audience
        Whose spend is wanted.
    column
        Header of the segment column that audiences are made of.
    """
    if spend is None:
        return None
    anonymous = replace(spend, source="", notes=())
    if audience.sees_all:
        return anonymous
    if spend.segments is None or spend.by_segment != column:
        return None
    own = spend.segments.astype(str).isin(audience.segments).to_numpy(dtype=np.bool_)
    stated = spend.new_customers
    return replace(
        anonymous,
        months=spend.months[own],
        amounts=spend.amounts[own],
        segments=spend.segments[own],
        new_customers=None if stated is None else stated[own],
    )
