"""Pseudonyms for customers, and masks over what else would name them."""

import hmac
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from clv_xl.customers.order_log import Labels, OrderLog
from clv_xl.delivery.audience import Detail
from clv_xl.errors import InvalidArgumentError

SHORTEST_SALT = 16
"""Bytes; a shorter salt could be found by trying."""
LETTERS = 10
"""Letters of a pseudonym, 5 bits each: two of a million customers share one once in 2,000 lists."""
_READABLE = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ" * 8  # a letter for each of 256 bytes, 5 bits of it
_LONGEST = 32


def pseudonyms(ids: Sequence[str], salt: bytes, *, letters: int = LETTERS) -> list[str]:
    """Return a name for each customer that stays the same, and tells nobody without the salt who.

    It is the beginning of an HMAC-SHA256 of the id, in digits and letters that are not mistaken for
    each other. Customers who would share one get a longer one.

    Parameters
    ----------
    ids
        Customer ids, each once.
    salt
        Secret bytes of whoever sends the reports, at least 16.
    letters
        Letters after ``C-``.

    Raises
    ------
    InvalidArgumentError
        If the salt is too short to keep a secret.

    Examples
    --------
    >>> pseudonyms(["ada@shop.lv", "bob"], b"sixteen bytes or")
    ['C-QGTE60VSYP', 'C-YF12ZCQMZM']
    """
    if len(salt) < SHORTEST_SALT:
        raise InvalidArgumentError("salt", f"{len(salt)} bytes", f"at least {SHORTEST_SALT} bytes")
    named = [f"C-{_digest(one, salt)[:letters]}" for one in ids]
    shared = {name for name, count in Counter(named).items() if count > 1}
    if not shared or letters >= _LONGEST:
        return named
    at = [place for place, name in enumerate(named) if name in shared]
    longer = pseudonyms([ids[place] for place in at], salt, letters=min(2 * letters, _LONGEST))
    for place, name in zip(at, longer, strict=True):
        named[place] = name
    return named


def _digest(customer: str, salt: bytes) -> str:
    data = customer.encode("utf-8", "surrogatepass")
    return hmac.digest(salt, data, "sha256").translate(_READABLE).decode("ascii")


def masked(log: OrderLog, detail: Detail, salt: bytes, mask: str) -> OrderLog:
    """Return a log that names its customers only as far as a recipient may see them.

    Parameters
    ----------
    log
        The orders of an audience.
    detail
        ``full`` changes nothing. ``masked`` puts pseudonyms in the place of ids, and the mask over
        every name and every value of a kept column. ``none`` leaves names and kept columns out as
        well; lists of customers are none of its report anyway.
    salt
        What the pseudonyms are made with.
    mask
        What stands for a value that is there but not shown.
    """
    if detail is Detail.FULL:
        return log
    named = pseudonyms([str(one) for one in log.customer_ids], salt)
    ids = np.array(named, dtype=object)
    if detail is Detail.NONE:
        return replace(log, customer_ids=ids, names=None, kept={})
    return replace(
        log,
        customer_ids=ids,
        names=None if log.names is None else _covered(log.names, mask),
        kept={header: _covered(values, mask) for header, values in log.kept.items()},
    )


def _covered(values: Labels, mask: str) -> Labels:
    return np.where(values == "", "", mask).astype(object)
