"""What tells whether a recipient would see other figures: a hash of the data and the filter."""

import hashlib
from collections.abc import Iterable, Iterator

import numpy as np

from clv_xl.customers.order_log import OrderLog
from clv_xl.delivery.audience import Audience, Detail, own_spend
from clv_xl.reports.assumptions import Assumptions, Spend

_RATES = (
    "margin_rate",
    "annual_discount_rate",
    "horizon_months",
    "cac",
    "target_ratio",
    "activity_window_days",
    "model",
    "segment_by",
)
_FIELD, _PART = b"\x1f", b"\x1e"


def data_hash(own: OrderLog, assumptions: Assumptions, audience: Audience) -> str:
    """Return the hash of what the figures for an audience rest on.

    Orders of others, the as-of day that follows from them, the file's name and the period do not
    count: the same orders of one's own with the same rates have the same hash.

    Parameters
    ----------
    own
        The audience's orders.
    assumptions
        Rates, costs and model.
    audience
        The filter.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    for part in _parts(own, assumptions, audience):
        digest.update(part)
        digest.update(_PART)
    return digest.hexdigest()


def _parts(own: OrderLog, assumptions: Assumptions, audience: Audience) -> Iterator[bytes]:
    yield _texts([*audience.segments, audience.layout, audience.detail])
    yield _texts(getattr(assumptions, name) for name in _RATES)
    yield _texts([own.currency, own.tax])
    if assumptions.contract != "auto":  # what was hashed before there was this option stays equal
        yield _texts([assumptions.contract])
    yield _texts(own.customer_ids)
    yield from (_numbers(column) for column in (own.customer, own.day, own.amount))
    for header, column in own.segments.items():
        yield _texts([header])
        yield _texts(column.labels[column.codes])
    if audience.detail is not Detail.NONE:
        yield _texts(() if own.names is None else own.names)
        for header, values in own.kept.items():
            yield _texts([header, *values])
    spend = own_spend(assumptions.spend, audience, next(iter(own.segments), None))
    if spend is not None:
        yield from _of_spend(spend)


def _of_spend(spend: Spend) -> Iterator[bytes]:
    for column in (spend.months, spend.amounts, spend.segments, spend.new_customers):
        yield _texts(() if column is None else column)


def _numbers(column: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> bytes:
    return column.astype("<f8").tobytes()


def _texts(values: Iterable[object]) -> bytes:
    return _FIELD.join(str(value).encode("utf-8", "surrogatepass") for value in values)
