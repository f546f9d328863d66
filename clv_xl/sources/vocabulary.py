"""The words by which exports call their columns, by role, and how a header is compared.

Every list is data: adding a word to a role is all it takes to recognise it. A role's words stand
in tiers; a word of an earlier tier is preferred to one of a later tier, two words of one tier are
a question to the user.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_NOT_A_WORD = re.compile(r"[\W_]+")
_ARABIC_LETTERS = str.maketrans({"ي": "ی", "ك": "ک", "ة": "ه", "\u200c": "", "\u200d": ""})


def normalised(header: str) -> str:
    """Return `header` as headers are compared: letters and digits in small letters.

    Examples
    --------
    >>> normalised("\ufeffCustomer_ID"), normalised("Created (UTC)"), normalised("Order #")
    ('customerid', 'createdutc', 'order')
    """
    folded = unicodedata.normalize("NFKC", header).casefold().translate(_ARABIC_LETTERS)
    return _NOT_A_WORD.sub("", folded)


Tiers = tuple[tuple[str, ...], ...]
Vocabulary = Mapping[str, Tiers]


def _tiers(*lines: str) -> Tiers:
    """Read tiers written as words between commas."""
    return tuple(tuple(normalised(word) for word in line.split(",")) for line in lines)


_CUSTOMER_ID = """
    customer id, cust id, client id, buyer id, user id, member id, account id, shopper id,
    contact id, subscriber id, patient id, donor id, household id, id customer, customer no,
    customer number, customer code, customer key, customer ref, client number, client code,
    account number, شناسه مشتری, کد مشتری
"""
_CUSTOMER_PLAIN = "customer, client, buyer, user, member, account, shopper, cust, مشتری"
_EMAIL = """
    email, email address, customer email, billing email, buyer email, contact email, user email
"""
_NAME = """
    customer name, client name, buyer name, account name, full name, customer full name,
    billing name, contact name, company name, نام مشتری
"""
_DATE = """
    date, day, datetime, timestamp, order date, order datetime, order time, order timestamp,
    date of order, ordered at, order placed at, order created at, order purchase timestamp,
    purchase date, purchased on, purchased at, date of purchase, transaction date,
    transaction time, invoice date, sale date, sales date, payment date, paid at, event date,
    close date, created, created at, created date, created utc, created date utc, date created,
    تاریخ, تاریخ سفارش
"""
_AMOUNT = """
    amount, total, subtotal, grand total, net total, order total, order amount, order value,
    order subtotal, total amount, total price, total sales, total value, total paid, line total,
    line amount, invoice total, invoice amount, extended price, net sales, net amount, net revenue,
    net, gross sales, gross amount, gross, sales, sales amount, sale amount, revenue, turnover,
    value, price, money, monetary, monetary value, dollar value, transaction value,
    transaction amount, purchase value, purchase amount, amount paid, paid amount, payment value,
    payment amount, spend, spent, مبلغ, مبلغ کل
"""
_ORDER = """
    order, order id, order number, order no, order num, order nr, order ref, order reference,
    invoice, invoice id, invoice no, invoice number, transaction id, transaction no,
    transaction number, receipt, receipt id, receipt no, receipt number, basket id, purchase id,
    sale id, bill no, شماره سفارش, شماره فاکتور
"""
_QUANTITY = "quantity, qty, units, item quantity, lineitem quantity, quantity ordered, تعداد"

ORDER_WORDS: Vocabulary = {
    # An id, a plain word, an e-mail address, and last what may as well be something else.
    "customer": _tiers(_CUSTOMER_ID, _CUSTOMER_PLAIN, _EMAIL, f"id, {_NAME}"),
    "date": _tiers(_DATE),
    "amount": _tiers(_AMOUNT),
    "order": _tiers(_ORDER),
    "name": _tiers(_NAME),
    "currency": _tiers("currency, order currency, currency code, currency iso code, ارز, واحد پول"),
    "quantity": _tiers(_QUANTITY),
    "unit_price": _tiers("unit price, price each, price per unit, item unit price, قیمت واحد"),
    "status": _tiers("status, order status, financial status, payment status, وضعیت"),
}

SPEND_WORDS: Vocabulary = {
    "period": _tiers("period, month, date, day, week, quarter, year, year month, ماه, تاریخ"),
    "spend": _tiers(
        "spend, ad spend, marketing spend, total spend, amount spent, cost, costs, marketing cost,"
        "acquisition cost, expense, amount, هزینه"
    ),
    "new_customers": _tiers(
        "new customers, customers, customers acquired, acquired customers, acquisitions,"
        "conversions, new buyers, first orders"
    ),
}

RECIPIENT_WORDS: Vocabulary = {
    "email": _tiers("email, e mail, email address, e mail address, mail, recipient"),
    "name": _tiers("name, recipient name, full name"),
    "segment": _tiers("segment, segments"),
    "layout": _tiers("layout"),
    "detail": _tiers("detail, details, detail level"),
}


@dataclass(frozen=True, slots=True)
class HeaderWords:
    """What tells a header row from the rows above it: a vocabulary, and names given by the user."""

    vocabulary: Vocabulary
    wanted: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()

    def roles(self, cells: Sequence[str]) -> frozenset[str]:
        """Return the roles and the wanted names that `cells` could head."""
        there = {normalised(cell) for cell in cells if len(cell) <= 60}  # noqa: PLR2004 - a longer text is no header
        found = {
            role
            for role, tiers in self.vocabulary.items()
            if any(not there.isdisjoint(tier) for tier in tiers)
        }
        return frozenset(found | {f"={name}" for name in self.wanted if normalised(name) in there})

    def header_position(self, records: Sequence[Sequence[str]]) -> int | None:
        """Return which of the first records is the header row; None when there is no record.

        The first row with the most recognised words wins; where no row has two of them, the first
        row as wide as most.
        """
        hits = [len(self.roles(cells)) for cells in records]
        if hits and max(hits) > 1:
            return hits.index(max(hits))
        widths = [sum(1 for cell in cells if cell.strip()) for cells in records]
        filled = sorted(width for width in widths if width)
        if not filled:
            return None
        usual = filled[len(filled) // 2]
        return next(at for at, width in enumerate(widths) if width >= usual)

    def suffices(self, cells: Sequence[str]) -> bool:
        """Return whether `cells` head everything that is needed or named by the user."""
        found = self.roles(cells)
        named = all(f"={name}" in found for name in self.wanted)
        return named and (bool(self.wanted) or all(role in found for role in self.needed))
