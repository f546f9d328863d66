"""Exports of known programs, recognised by their headers: which column plays which role.

A preset is data. To add one, append it to `PRESETS`; the first whose headers are all there is used.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from clv_xl.customers.order_columns import TaxTreatment
from clv_xl.remarks import Remark
from clv_xl.sources.vocabulary import normalised


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """One export of one program.

    Attributes
    ----------
    headers
        Headers by which it is recognised; all must be there.
    roles
        By role the headers that may play it; the first that the file has is used.
    customer_fallbacks
        Headers that name the customer where the customer column is blank or holds a guest.
    guests
        Values of the customer column that stand for anybody.
    tax
        Whether its amounts hold tax, where that is certain.
    note
        What a reader of the figures should know.
    advice
        What to do when the export does not tell customers apart, for an error.
    """

    name: Remark
    headers: tuple[str, ...]
    roles: Mapping[str, tuple[str, ...]]
    note: Remark
    customer_fallbacks: tuple[str, ...] = ()
    guests: frozenset[str] = field(default_factory=frozenset)
    tax: TaxTreatment = TaxTreatment.NOT_STATED
    advice: str = ""


PRESETS: tuple[Preset, ...] = (
    Preset(
        name=Remark("remark.export.shopify"),
        headers=("Name", "Email", "Financial Status", "Created at", "Subtotal", "Lineitem name"),
        roles={
            "customer": ("Email",),
            "order": ("Name",),
            "date": ("Created at",),
            "amount": ("Subtotal",),
            "refunded": ("Refunded Amount",),
            "currency": ("Currency",),
            "status": ("Financial Status",),
            "cancelled": ("Cancelled at",),
            "name": ("Billing Name",),
        },
        customer_fallbacks=("Phone",),
        note=Remark("remark.export_amounts.shopify"),
    ),
    Preset(
        name=Remark("remark.export.woocommerce"),
        headers=(
            "order_id",
            "order_date",
            "order_status",
            "customer_id",
            "billing_email",
            "order_total",
        ),
        roles={
            "customer": ("customer_id",),
            "order": ("order_id",),
            "date": ("order_date",),
            "amount": ("order_total",),
            "currency": ("order_currency",),
            "status": ("order_status",),
        },
        customer_fallbacks=("billing_email",),
        guests=frozenset({"0"}),
        tax=TaxTreatment.GROSS,
        note=Remark("remark.export_amounts.woocommerce"),
    ),
    Preset(
        name=Remark("remark.export.woocommerce_analytics"),
        headers=("Date", "Order #", "Status", "Customer", "Product(s)", "Coupon(s)"),
        roles={
            "customer": ("Customer",),
            "order": ("Order #",),
            "date": ("Date",),
            "amount": ("Net Sales", "N. Revenue", "N. Revenue (formatted)"),
            "status": ("Status",),
        },
        tax=TaxTreatment.NET,
        note=Remark("remark.export_amounts.woocommerce_analytics"),
        advice=(
            "WooCommerce Analytics does not export who bought: use an order export plugin that "
            "writes customer_id or billing_email"
        ),
    ),
)


def preset_for(headers: Iterable[str]) -> Preset | None:
    """Return the preset that a file with these headers is an export of.

    Examples
    --------
    >>> preset_for(["customer", "date", "amount"]) is None
    True
    """
    there = {normalised(header) for header in headers}
    for preset in PRESETS:
        if all(normalised(header) in there for header in preset.headers):
            return preset
    return None
