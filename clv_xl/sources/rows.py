"""Rows that are no orders of their own: footers, continued orders, and rows that repeat others."""

import re

import numpy as np
import pandas as pd

from clv_xl.arrays import Bools, Floats
from clv_xl.customers.order_columns import DayColumn
from clv_xl.sources.dates import look_like_dates

_MOST_FOOTER_ROWS = 30
_FOOTER_LABEL = re.compile(
    r"\W*(?:grand |report |sub-?)?(?:totals?|sum|summe|gesamt|confidential|copyright|filtered by|"
    r"generated|جمع)\b",
    re.IGNORECASE,
)


def footer_rows(cells: pd.DataFrame, date: int, customer: int, amount: int | None) -> Bools:
    """Return the last rows that are no orders: totals, notes, "Confidential".

    From the end upwards, rows without anything like a date that lack a customer or an amount or
    begin with a word for a total.
    """
    footer = np.zeros(len(cells), dtype=np.bool_)
    tail = cells.iloc[-_MOST_FOOTER_ROWS:]
    dated = look_like_dates(tail[date]) | tail[date].str.fullmatch(r"\d{5}(?:\.\d+)?").to_numpy(
        dtype=np.bool_
    )
    for back in range(1, len(tail)):
        row = tail.iloc[-back]
        if dated[-back] or not _like_a_footer(row, customer, amount):
            break
        footer[-back] = True
    return footer


def _like_a_footer(row: pd.Series, customer: int, amount: int | None) -> bool:
    if row[customer] == "" or is_total(str(row[customer])):
        return True
    first = next(cell for cell in row if cell != "")
    unpaid = amount is not None and not any(letter.isdecimal() for letter in str(row[amount]))
    return unpaid or is_total(str(first))


def is_total(cell: str) -> bool:
    """Return whether a cell begins as the label of a total or of a footer.

    Examples
    --------
    >>> is_total("Grand Total (12 records)"), is_total("Totalo Ltd")
    (True, False)
    """
    return _FOOTER_LABEL.match(cell) is not None


def first_lines(order_ids: pd.Series) -> np.ndarray:
    """Return for each row the position of the first line of its order.

    Lines of an order follow each other; a row without an order id stands for itself.

    Examples
    --------
    >>> first_lines(pd.Series(["1", "1", "2", "", ""])).tolist()
    [0, 0, 2, 3, 4]
    """
    ids = pd.Index(order_ids.array)
    begins = ids == ""
    begins[:1] = True
    begins[1:] |= ids[1:] != ids[:-1]
    return np.asarray(np.maximum.accumulate(np.where(begins, np.arange(len(ids)), 0)))


def continued(text: pd.Series, first: np.ndarray) -> tuple[pd.Series, int]:
    """Fill blank cells from the first line of their order; return how many were filled."""
    blank = (text == "").to_numpy(dtype=np.bool_)
    if not blank.any():
        return text, 0
    above = text.take(first[blank]).to_numpy()
    filled = text.copy()
    filled[blank] = above
    return filled, int((above != "").sum())


def equal_rows(cells: pd.DataFrame, days: DayColumn, amounts: Floats | None) -> Bools:
    """Return the rows that equal an earlier row in every column.

    Equal rows have equal days and amounts: only rows that share these are compared in full.
    """
    shared = days.astype(np.int64) * np.int64(1_000_003)
    if amounts is not None:
        shared = shared ^ np.where(np.isnan(amounts), -1.0, amounts + 0.0).view(np.int64)
    maybe = pd.Series(shared).duplicated(keep=False).to_numpy(dtype=np.bool_)
    equal = np.zeros(len(cells), dtype=np.bool_)
    candidates = cells.loc[maybe]
    for label in candidates.columns:
        if not len(candidates):
            return equal
        candidates = candidates.loc[candidates[label].duplicated(keep=False)]
    positions = candidates.index.to_numpy()
    equal[positions] = candidates.duplicated(keep="first").to_numpy(dtype=np.bool_)
    return equal
