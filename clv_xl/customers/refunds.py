"""Refunds: negative amounts, or a column of refunded amounts, taken off the orders they undo."""

import numpy as np

from clv_xl.arrays import Bools, Floats, Ints
from clv_xl.customers.order_columns import RefundPolicy
from clv_xl.customers.order_lines import HALF_A_CENT, Lines, Orders
from clv_xl.customers.row_ledger import RowLedger
from clv_xl.errors import DataError, counted
from clv_xl.remarks import Remark


def judge_refunds(ledger: RowLedger, amount: Floats, policy: RefundPolicy) -> None:
    """Refuse or drop refunds where the policy says so."""
    if policy == "net":
        return
    refund = (amount < 0) & ledger.kept
    if policy == "drop":
        ledger.drop(refund, "refund")
        return
    if ledger.columns.refunded is not None:
        refund |= (np.nan_to_num(ledger.columns.refunded) != 0) & ledger.kept
    if refund.any():
        row = ledger.row_number(int(np.argmax(refund)))
        held = counted(int(refund.sum()), "row holds a refund", "rows hold refunds")
        raise DataError(
            f"{ledger.columns.source}, row {row}: {held}, and refunds "
            f"are set to be refused: take them out, or let them reduce their orders"
        )


def net_refunds(orders: Orders, refunds: Lines, ledger: RowLedger) -> int:
    """Take refunds off their orders; return how many refund rows belong to orders that are left.

    A refund with the id of an order reduces that order. Any other, such as a credit note with a
    number of its own, reduces the customer's latest order up to its day, then the one before.
    """
    if ledger.columns.refunded is None and not len(refunds.row):
        return 0
    reduced = _take_refunded_column(orders, ledger)
    refund, order = _take_refund_rows(orders, refunds, ledger)
    reduced[order] = True
    gone = reduced & (orders.amount <= HALF_A_CENT)
    found, kept = np.zeros((2, len(refunds.row)), dtype=np.bool_)
    found[refund] = True
    kept[refund[~gone[order]]] = True
    orders.drop(gone, ledger, "fully_refunded")
    ledger.drop_at(refunds.row[~found], "refund_without_order")
    ledger.drop_at(refunds.row[found & ~kept], "fully_refunded")
    return int(kept.sum())


def _take_refunded_column(orders: Orders, ledger: RowLedger) -> Bools:
    """Take off what the column of refunded amounts says; it repeats, or stands on one line."""
    refunded = np.zeros(len(orders.amount))
    if ledger.columns.refunded is not None:
        of_line = np.abs(np.nan_to_num(ledger.columns.refunded[orders.lines.row]))
        np.maximum.at(refunded, orders.of_line, of_line)
        orders.amount = np.maximum(orders.amount - refunded, 0)
    return refunded > 0


def _take_refund_rows(orders: Orders, refunds: Lines, ledger: RowLedger) -> tuple[Ints, Ints]:
    """Take the refunds off and return which refund reduced which order, pair by pair."""
    owed = -refunds.amount
    if not len(orders.amount) or not len(owed):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    by_id = _names_an_order(orders, refunds)
    pairs = []
    if orders.order_id is not None and refunds.order_id is not None and by_id.any():
        keys = (orders.order_id, refunds.order_id)
        pairs.append(_matched(orders, refunds, keys, by_id, owed, any_day=True))
    if not by_id.all():
        keys = (orders.customer, refunds.customer)
        pairs.append(_matched(orders, refunds, keys, ~by_id, owed, any_day=False))
    refund, order = (np.concatenate(side) for side in zip(*pairs, strict=True))
    excess = float(owed[np.unique(refund)].sum())
    if excess > HALF_A_CENT:
        ledger.notes["refund_excess"] = Remark("remark.cleaning.refund_excess", amount=excess)
    return refund, order


def _names_an_order(orders: Orders, refunds: Lines) -> Bools:
    if orders.order_id is None or refunds.order_id is None:
        return np.zeros(len(refunds.row), dtype=np.bool_)
    return (refunds.order_id >= 0) & np.isin(refunds.order_id, orders.order_id)


def _matched(
    orders: Orders,
    refunds: Lines,
    keys: tuple[Ints, Ints],
    wanted: Bools,
    owed: Floats,
    *,
    any_day: bool,
) -> tuple[Ints, Ints]:
    """Take each wanted refund off the latest orders with its key up to its day.

    With `any_day` a refund that is dated before every such order still finds them: it names its
    order, and only the dates are odd. `orders.amount` and `owed` become what is left.
    """
    order_key, refund_key = keys
    sequence = np.lexsort((orders.day, order_key))
    day, key = orders.day[sequence], order_key[sequence]
    first_day = int(min(day.min(), refunds.day.min()))
    n_days = int(max(day.max(), refunds.day.max())) - first_day + 1
    packed = key * n_days + (day - first_day)
    refund = np.flatnonzero(wanted)
    refund = refund[np.lexsort((refunds.day[refund], refund_key[refund]))]
    begin = np.searchsorted(key, refund_key[refund])
    latest = refund_key[refund] * n_days + (refunds.day[refund] - first_day)
    end = np.searchsorted(packed, latest, side="right")
    if any_day:
        last = np.searchsorted(key, refund_key[refund], side="right")
        end = np.where(end > begin, end, last)
    left, due = orders.amount[sequence].tolist(), owed[refund].tolist()
    pairs = _last_first(left, due, begin.tolist(), end.tolist())
    orders.amount = orders.amount.copy()  # it may be the source's own column
    orders.amount[sequence] = left
    owed[refund] = due
    taken = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return refund[taken[:, 0]], sequence[taken[:, 1]]


def _last_first(
    left: list[float], due: list[float], begin: list[int], end: list[int]
) -> list[tuple[int, int]]:
    """Take each refund off the latest order that has something left; both lists are reduced."""
    pairs: list[tuple[int, int]] = []
    waiting: list[int] = []
    seen_from, seen_to = -1, 0
    for refund, (first, last) in enumerate(zip(begin, end, strict=True)):
        if first != seen_from:
            waiting, seen_from, seen_to = [], first, first
        waiting.extend(range(seen_to, last))
        seen_to = last
        while waiting and due[refund] > 0:
            order = waiting[-1]
            taken = min(left[order], due[refund])
            left[order] -= taken
            due[refund] -= taken
            if taken > 0:
                pairs.append((refund, order))
            if left[order] <= 0:
                waiting.pop()
    return pairs
