"""Exports of known programs are recognised by their headers and read as they are meant."""

import pytest

from clv_xl.errors import DataError
from clv_xl.sources.columns import ColumnMapping
from clv_xl.sources.order_files import read_orders
from clv_xl.sources.presets import PRESETS, preset_for
from tests.sources.conftest import Writer

_SHOPIFY = """\
Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,\
Discount Code,Created at,Lineitem quantity,Lineitem name,Lineitem price,Billing Name,Cancelled at,\
Refunded Amount,Id,Phone
#1001,Ada@X.com,paid,2026-05-01 10:00:00 +0200,fulfilled,EUR,40.00,5.00,7.18,45.00,,\
2026-05-01 09:59:00 +0200,1,Mug,10.00,Ada L,,0.00,5001,'+4930
#1001,Ada@X.com,,,,,,,,,,2026-05-01 09:59:00 +0200,2,Cup,15.00,,,,,
#1002,,refunded,2026-05-02 10:00:00 +0200,,EUR,20.00,0.00,3.19,20.00,,\
2026-05-02 23:59:00 +0200,1,Mug,20.00,Bob,,20.00,5002,'+4931
#1003,eve@x.com,voided,,,EUR,15.00,0.00,2.39,15.00,,2026-05-03 12:00:00 +0200,1,Cup,15.00,Eve,\
2026-05-03 13:00:00 +0200,0.00,5003,
#1003,,,,,,,,,,,,1,Pen,2.00,,,,,
"""


def test_a_shopify_export_is_read_as_orders(write: Writer) -> None:
    read = read_orders(write("orders_export.csv", _SHOPIFY))
    columns = read.columns
    assert str(read.preset) == "Shopify orders export"
    assert columns.customer.tolist() == [
        "ada@x.com",
        "ada@x.com",
        "+4931",
        "eve@x.com",
        "eve@x.com",
    ]
    assert columns.order_id is not None
    assert columns.order_id.tolist() == ["#1001", "#1001", "#1002", "#1003", "#1003"]
    assert [str(day) for day in columns.day] == [
        "2026-05-01", "2026-05-01", "2026-05-02", "2026-05-03", "2026-05-03",
    ]  # fmt: skip
    assert columns.amount is not None
    assert columns.amount[[0, 2, 3]].tolist() == [40.0, 20.0, 15.0]
    assert columns.refunded is not None
    assert columns.refunded[[0, 2]].tolist() == [0.0, 20.0]
    assert columns.status is not None
    assert columns.status.tolist() == ["paid", "paid", "refunded", "voided", "voided"]
    assert columns.cancelled is not None
    assert columns.cancelled.tolist() == [False, False, False, True, True]
    assert columns.currency is not None
    assert set(columns.currency) == {"EUR"}
    assert any("after discounts, before shipping" in str(note) for note in read.notes)
    assert read.mapping_used["customer_fallback"] == "Phone"


def test_a_said_column_wins_over_the_preset(write: Writer) -> None:
    read = read_orders(write("orders_export.csv", _SHOPIFY), ColumnMapping(amount="Total"))
    assert read.columns.amount is not None
    assert read.columns.amount[0] == 45.0
    assert str(read.preset) == "Shopify orders export"


def test_guests_of_woocommerce_are_told_apart_by_their_address(write: Writer) -> None:
    log = (
        "order_id,order_date,order_status,customer_id,billing_email,order_total,order_currency\n"
        "1,2024-01-05 10:00:00,completed,12,Ada@X.com,10.00,EUR\n"
        "2,2024-01-06 10:00:00,completed,0,Bob@X.com,20.00,EUR\n"
        "3,2024-01-07 10:00:00,cancelled,0,ada@x.com,30.00,EUR\n"
        "4,2024-01-08 10:00:00,completed,0,,40.00,EUR\n"
    )
    read = read_orders(write("woo.csv", log))
    assert str(read.preset) == "WooCommerce order export"
    assert read.columns.customer.tolist() == ["12", "bob@x.com", "12", ""]
    assert read.columns.status is not None
    assert read.columns.status.tolist()[2] == "cancelled"


_ANALYTICS = (
    "Date,Order #,N. Revenue (formatted),Status,Customer,Customer type,Product(s),Items sold,"
    "Coupon(s),Net Sales,Attribution\n"
    "2024-01-05 10:00:00,101,$10.00,completed,{0},new,Mug,1,,10,Direct\n"
    "2024-01-06 10:00:00,102,$-4.00,refunded,{1},returning,Cup,1,,-4,Direct\n"
)


def test_an_analytics_export_that_names_nobody_is_refused(write: Writer) -> None:
    log = _ANALYTICS.format("new", "returning")
    with pytest.raises(
        DataError, match=r"holds only 'new' and 'returning'.*customer_id or billing"
    ):
        read_orders(write("woo.csv", log))


def test_an_analytics_export_with_names_is_read(write: Writer) -> None:
    read = read_orders(write("woo.csv", _ANALYTICS.format("Ada L", "Bob M")))
    assert str(read.preset) == "WooCommerce Analytics orders export"
    assert read.columns.customer.tolist() == ["Ada L", "Bob M"]
    assert read.columns.amount is not None
    assert read.columns.amount.tolist() == [10.0, -4.0]


def test_a_column_of_new_and_returning_is_no_customer_in_any_file(write: Writer) -> None:
    log = "customer,date,amount\nnew,2024-01-05,5\nReturning,2024-01-06,6\n"
    with pytest.raises(DataError, match="does not tell customers apart; name a column"):
        read_orders(write("orders.csv", log))


def test_every_preset_is_recognised_by_its_own_headers() -> None:
    for preset in PRESETS:
        assert preset_for(preset.headers) is preset
