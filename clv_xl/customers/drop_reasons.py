"""Why rows are left out: the code that a program reads, and the words that a report says."""

from clv_xl.remarks import Remark

OF_STATUS = "status_"
"""Begins the reasons that come from a status of the source."""
_KEYS = {
    key.removeprefix("dropped."): key
    for key in (
        "dropped.after_as_of", "dropped.amount_not_a_number", "dropped.date_not_readable",
        "dropped.duplicate", "dropped.footer", "dropped.fully_refunded", "dropped.masked_customer",
        "dropped.no_amount", "dropped.no_customer", "dropped.no_date", "dropped.refund",
        "dropped.refund_without_order", "dropped.status_cancelled", "dropped.too_many_fields",
        "dropped.zero_amount",
    )
}  # fmt: skip


def reason_said(reason: str) -> Remark:
    """Return the words of a reason for which rows were dropped; one of the caller's own is shown.

    Examples
    --------
    >>> str(reason_said("no_customer")), str(reason_said("status_failed"))
    ('no customer', 'status failed')
    >>> str(reason_said("too_old"))
    'too old'
    """
    if reason in _KEYS:
        return Remark(_KEYS[reason])
    if reason.startswith(OF_STATUS):
        return Remark("dropped.status", status=reason.removeprefix(OF_STATUS))
    return Remark.as_written(reason.replace("_", " "))
