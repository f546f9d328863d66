"""The account of every row: kept, or dropped for one reason."""

import numpy as np

from clv_xl.arrays import Bools, Ints
from clv_xl.customers.order_columns import OrderColumns, OrderRules
from clv_xl.errors import DataError, counted
from clv_xl.remarks import Remark


class RowLedger:
    """Which rows are still kept, why the others went, and what the reader should be told."""

    def __init__(self, columns: OrderColumns, rules: OrderRules) -> None:
        """Open the account with the rows that the reader gave up and, if asked, the duplicates."""
        self.columns = columns
        self.kept = np.ones(columns.n_rows, dtype=np.bool_)
        self.dropped: dict[str, int] = {}
        self.notes: dict[str, Remark] = {}
        for reason, rows in columns.dropped.items():
            self.drop(rows, reason)
        if columns.duplicate is not None and rules.drop_duplicates:
            self.drop(columns.duplicate, "duplicate")

    def drop(self, rows: Bools, reason: str) -> None:
        """Drop the marked rows; those dropped before keep their first reason."""
        if not rows.any():
            return
        gone = rows & self.kept
        count = int(np.count_nonzero(gone))
        if count:
            self.dropped[reason] = self.dropped.get(reason, 0) + count
            self.kept &= ~gone

    def drop_at(self, positions: Ints, reason: str) -> None:
        """Drop the rows at `positions`."""
        if len(positions):
            rows = np.zeros(len(self.kept), dtype=np.bool_)
            rows[positions] = True
            self.drop(rows, reason)

    def row_number(self, position: int) -> int:
        """Return the number of a row as the source counts it."""
        rows = self.columns.rows
        return self.columns.first_row + int(position) if rows is None else int(rows[position])

    def require_rows(self) -> None:
        """Say why nothing is left, where nothing is."""
        if self.kept.any():
            return
        source = self.columns.source
        if not len(self.kept):
            raise DataError(f"{source} holds no rows: an order needs a customer and a date")
        reasons = ", ".join(
            f"{reason.replace('_', ' ')} ({counted(count, 'row')})"
            for reason, count in self.dropped.items()
        )
        raise DataError(
            f"{source} holds no usable order, all of its {counted(len(self.kept), 'row')} "
            f"left out: {reasons}; choose other columns, or mend the rows"
        )
