"""Rows that are no orders of a known customer: by status, by customer id, by date."""

import re

import numpy as np

from clv_xl.arrays import Bools, Floats, Ints
from clv_xl.customers.coded_text import CodedText, coded, first_filled
from clv_xl.customers.order_columns import OrderRules
from clv_xl.customers.row_ledger import RowLedger
from clv_xl.errors import DataError, counted, listed
from clv_xl.remarks import Remark

EXCLUDED_STATUSES = frozenset({
    "cancelled", "canceled", "voided", "failed", "pending", "draft", "test", "trash", "expired",
    "checkout-draft",
})  # fmt: skip
KINDS_OF_CUSTOMER = frozenset({
    "new", "returning", "new customer", "returning customer", "first-time", "repeat",
})  # fmt: skip
"""What a shop writes where it says whether, not who: WooCommerce's column "Customer type"."""

CODE_LENGTH = 3
"""A code such as EUR has three letters; exports write some of them in lower case."""

_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)
_MASKED = re.compile(r".*\*{2,}.*|\w\*\w?")


def drop_statuses(
    ledger: RowLedger,
    rules: OrderRules,
    order_ids: CodedText | None,
    customers: CodedText,
    amount: Floats,
) -> None:
    """Drop rows that were cancelled, failed, never paid or only a test.

    Rows that leave fields of their order blank, as exports do from its second line, share its fate.
    """
    columns = ledger.columns
    if columns.status is None and columns.cancelled is None:
        return
    continues = (customers.codes < 0) | np.isnat(columns.day) | np.isnan(amount)
    keep = {_status_name(status) for status in rules.status_keep}
    if keep & {"cancelled", "canceled"}:
        keep |= {"cancelled", "canceled"}
    status = None if columns.status is None else coded(columns.status)
    if status is not None:
        continues |= status.codes < 0
    if columns.cancelled is not None and "cancelled" not in keep:
        cancelled = _with_continuations(columns.cancelled, order_ids, continues)
        ledger.drop(cancelled, "status_cancelled")
    if status is None:
        return
    codes = status.codes if order_ids is None else filled(status.codes, order_ids)
    _drop_named(ledger, CodedText(codes, status.labels), keep)
    if columns.refunded is None and "refunded" not in keep:
        undone = _named(CodedText(codes, status.labels), "refunded") & ~(amount < 0)
        ledger.drop(_with_their_refunds(undone, order_ids, amount), "status_refunded")
    _note_kept(ledger, CodedText(codes, status.labels))


def _note_kept(ledger: RowLedger, status: CodedText) -> None:
    """Say which statuses count as sales: one that we do not know may be a cancellation."""
    used = status.codes[ledger.kept & (status.codes >= 0)]
    counts = np.bincount(used, minlength=len(status.labels))
    kept = tuple(
        Remark("remark.cleaning.status_rows", status=label, rows=int(counts[code]))
        for code, label in enumerate(status.labels)
        if counts[code]
    )
    if kept:
        ledger.notes["statuses_kept"] = Remark("remark.cleaning.statuses_kept", statuses=kept)


def _drop_named(ledger: RowLedger, status: CodedText, keep: set[str]) -> None:
    for name in dict.fromkeys(_status_name(label) for label in status.labels):
        if name in EXCLUDED_STATUSES - keep:
            ledger.drop(_named(status, name), f"status_{name}")


def _named(status: CodedText, name: str) -> Bools:
    wanted = [_status_name(label) == name for label in status.labels]
    return status.with_label(np.array(wanted, dtype=np.bool_))


def _with_their_refunds(undone: Bools, order_ids: CodedText | None, amount: Floats) -> Bools:
    """Return refunded orders with the negative rows that undo them, which would undo others."""
    if order_ids is None or not undone.any():
        return undone
    named = np.zeros(len(order_ids.labels) + 1, dtype=np.bool_)
    named[order_ids.codes[undone]] = True
    named[-1] = False  # rows without an order id
    return undone | ((amount < 0) & named[order_ids.codes])


def _status_name(label: str) -> str:
    return label.strip().casefold().removeprefix("wc-")


def _with_continuations(cancelled: Bools, order_ids: CodedText | None, continues: Bools) -> Bools:
    if order_ids is None:
        return cancelled
    order_cancelled = np.zeros(len(order_ids.labels) + 1, dtype=np.bool_)
    order_cancelled[order_ids.codes[cancelled]] = True
    order_cancelled[-1] = False  # rows without an order id
    return cancelled | (continues & order_cancelled[order_ids.codes])


def filled(codes: Ints, order_ids: CodedText, blank: int = -1) -> Ints:
    """Return codes whose blanks are taken from the first row of the same order id that has one."""
    gaps = (codes == blank) & (order_ids.codes >= 0)
    if not gaps.any():
        return codes
    result = codes.copy()
    first = first_filled(codes, order_ids.codes, len(order_ids.labels), blank)
    result[gaps] = first[order_ids.codes[gaps]]
    return result


def drop_unknown_customers(ledger: RowLedger, customers: CodedText) -> None:
    """Drop rows without a customer id or with a masked name; refuse a column of no ids at all."""
    source = ledger.columns.source
    refuse_rounded(source, "customer", customers)
    labels = customers.labels
    if len(labels) and all(label.casefold() in KINDS_OF_CUSTOMER for label in labels):
        raise DataError(
            f"{source}: the customer column holds only {listed(labels)}: that says what kind of "
            f"customer ordered, not who; choose a column with customer ids"
        )
    masked = {label for label in customers.labels_holding("*") if _MASKED.fullmatch(label)}
    if masked:
        _drop_masked(ledger, customers, np.array([label in masked for label in labels]))
    ledger.drop(customers.codes < 0, "no_customer")


def _drop_masked(ledger: RowLedger, customers: CodedText, masked: Bools) -> None:
    rows = customers.with_label(masked)
    named = np.count_nonzero((customers.codes >= 0) & ledger.kept)
    if 2 * np.count_nonzero(rows & ledger.kept) > named:
        example = customers.labels[np.argmax(masked)]
        raise DataError(
            f"{ledger.columns.source}: most customer ids are masked names such as {example}, which "
            f"is no customer id: choose a column with customer ids"
        )
    ledger.drop(rows, "masked_customer")


def refuse_rounded(source: str, role: str, ids: CodedText) -> None:
    """Refuse ids that a spreadsheet has turned into rounded numbers."""
    rounded = [label for label in ids.labels_holding("+") if _ROUNDED.fullmatch(label)]
    if rounded:
        raise DataError(
            f"{source}: the {role} id {rounded[0]} has been rounded by a "
            f"spreadsheet, so that different ids look alike: export the {role} ids as text"
        )


def one_currency(ledger: RowLedger, rules: OrderRules) -> str | None:
    """Return the unit of the kept amounts; unlike currencies are refused."""
    source, stated = ledger.columns.source, rules.currency
    if ledger.columns.currency is None:
        return stated
    currency = coded(ledger.columns.currency)
    counts: dict[str, int] = {}
    used = currency.codes[ledger.kept & (currency.codes >= 0)]
    for label, count in zip(currency.labels, np.bincount(used), strict=False):
        unit = label.upper() if len(label) == CODE_LENGTH else label
        counts[unit] = counts.get(unit, 0) + int(count)
    units = [unit for unit, count in counts.items() if count]
    if len(units) > 1:
        held = listed(f"{unit} in {counted(counts[unit], 'row')}" for unit in units)
        raise DataError(
            f"{source} holds amounts in unlike currencies, which cannot be added: {held}; "
            f"keep the rows of one currency or convert them first"
        )
    if units and stated is not None and stated.upper() != units[0].upper():
        raise DataError(
            f"{source} holds amounts in {units[0]}, but the currency given is {stated}: leave it "
            f"out, or convert the amounts"
        )
    return units[0] if units else stated
