"""Exports with several rows an order, refunds and statuses, whose true revenue is known."""

from pathlib import Path

import pytest

from tests.acceptance.command import figures, refused

SHOPIFY_HEADER = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,"
    "Discount Code,Created at,Lineitem quantity,Lineitem name,Lineitem price,Billing Name,"
    "Cancelled at,Refunded Amount,Id,Phone\n"
)
SHOPIFY = f"""{SHOPIFY_HEADER}\
#1001,Ada@X.com,paid,2026-01-01,fulfilled,EUR,40.00,5.00,7.18,45.00,,2026-01-01 09:59:00 +0200,\
1,Mug,10.00,Ada L,,0.00,5001,'+4930
#1001,,,,,,,,,,,,2,Cup,15.00,,,,,
#1002,ada@x.com,partially_refunded,,,EUR,30.00,0.00,0.00,30.00,,2026-01-20 10:00:00 +0200,\
2,Cup,15.00,Ada L,,12.50,5002,
#1003,,refunded,,,EUR,20.00,0.00,3.19,20.00,,2026-02-02 23:59:00 +0200,1,Mug,20.00,Bob,,20.00,\
5003,'+4931
#1004,eve@x.com,voided,,,EUR,15.00,0.00,2.39,15.00,,2026-02-03 12:00:00 +0200,1,Cup,15.00,Eve,\
2026-02-03 13:00:00 +0200,0.00,5004,
#1004,,,,,,,,,,,,1,Pen,2.00,,,,,
#1005,,paid,,,EUR,25.00,0.00,0.00,25.00,,2026-02-10 12:00:00 +0200,1,Jar,25.00,Bob,,0.00,5005,\
'+4931
#1006,,pending,,,EUR,99.00,0.00,0.00,99.00,,2026-02-11 12:00:00 +0200,1,Jar,99.00,Bob,,0.00,5006,\
'+4931
"""
WOOCOMMERCE = """\
order_id,order_date,order_status,customer_id,billing_email,order_total,order_currency
1,2026-01-05 10:00:00,wc-completed,12,Ada@X.com,10.00,EUR
2,2026-01-06 10:00:00,wc-processing,0,Bob@X.com,20.00,EUR
3,2026-01-07 10:00:00,wc-cancelled,0,ada@x.com,30.00,EUR
4,2026-01-08 10:00:00,wc-completed,0,,40.00,EUR
5,2026-02-08 10:00:00,wc-completed,0,bob@x.com,50.00,EUR
6,2026-02-09 10:00:00,wc-failed,12,ada@x.com,60.00,EUR
"""
ANALYTICS = """\
Date,Order #,N. Revenue (formatted),Status,Customer,Customer type,Product(s),Items sold,Coupon(s),\
Net Sales,Attribution
2026-01-05 10:00:00,101,$60.00,completed,Ada L,new,Mug,1,,60,Direct
2026-01-09 10:00:00,102,$25.00,completed,Bob M,new,Cup,1,,25,Direct
2026-01-11 10:00:00,101,$-10.50,refunded,Ada L,returning,Mug,1,,-10.5,Direct
2026-01-12 10:00:00,102,$-25.00,refunded,Bob M,returning,Cup,1,,-25,Direct
2026-02-12 10:00:00,103,$25.00,completed,Bob M,returning,Cup,1,,25,Direct
"""


def written(folder: Path, content: str) -> Path:
    path = folder / "export.csv"
    path.write_text(content)
    return path


def test_a_shopify_export_gives_the_revenue_of_its_orders(tmp_path: Path) -> None:
    found = figures(written(tmp_path, SHOPIFY), "--date-order", "ymd")
    # 1001: 40; 1002: 30 - 12.50; 1003 refunded, 1004 voided and cancelled, 1006 pending; 1005: 25
    assert found["revenue"] == 40 + 17.5 + 25
    assert (found["orders"], found["customers"], found["currency"]) == (3, 2, "EUR")
    assert found["first_order"] == "2026-01-01"
    quality = found["quality"]
    dropped = {"status_cancelled": 2, "status_pending": 1, "fully_refunded": 1}
    assert quality["dropped"] == dropped
    assert quality["rows_read"] == quality["rows_kept"] + sum(dropped.values()) == 8


def test_a_woocommerce_export_tells_guests_apart_by_their_address(tmp_path: Path) -> None:
    found = figures(written(tmp_path, WOOCOMMERCE))
    assert (found["revenue"], found["orders"], found["customers"]) == (80, 3, 2)
    dropped = {"status_cancelled": 1, "status_failed": 1, "no_customer": 1}
    assert found["quality"]["dropped"] == dropped


def test_a_kept_status_counts(tmp_path: Path) -> None:
    found = figures(written(tmp_path, WOOCOMMERCE), "--status-keep", "failed")
    assert (found["revenue"], found["orders"]) == (140, 4)


def test_refunds_of_woocommerce_analytics_reduce_their_orders(tmp_path: Path) -> None:
    path = written(tmp_path, ANALYTICS)
    found = figures(path)
    assert (found["revenue"], found["orders"]) == (49.5 + 25, 2)
    assert found["quality"]["dropped"] == {"fully_refunded": 2}
    assert figures(path, "--refunds", "drop")["revenue"] == 110
    assert "row 4" in refused(
        "dashboard", path, "-o", tmp_path / "made.xlsx", "--refunds", "refuse"
    )


def test_lines_of_quantity_and_price_make_orders(tmp_path: Path) -> None:
    lines = (
        "invoice,customer,date,quantity,unit_price\n"
        "A1,ada,2026-01-05,2,10.50\nA1,ada,2026-01-05,1,4.00\n"
        "A2,ada,2026-02-05,3,1.00\nB1,bob,2026-02-05,1,100\nB1,bob,2026-02-05,-1,40\n"
    )
    found = figures(written(tmp_path, lines), "--order", "invoice")
    assert (found["orders"], found["customers"]) == (3, 2)
    assert found["revenue"] == 2 * 10.5 + 4 + 3 + 60
    assert "quantity times unit price" in found["notes"]["amount_from_quantity"]


@pytest.mark.parametrize(
    ("amounts", "revenue"),
    [
        (("30", "", ""), 30),  # the total on the first line
        (("30", "30", "30"), 30),  # the total on every line
        (("10", "12", "8"), 30),  # amounts of lines
    ],
)
def test_a_total_is_counted_once_wherever_it_stands(
    amounts: tuple[str, ...], revenue: float, tmp_path: Path
) -> None:
    rows = [f"{order},c{order % 2},2026-01-0{order},{a}" for order in (1, 2) for a in amounts]
    content = "\n".join(["order_id,customer,date,amount", *rows, ""])
    found = figures(written(tmp_path, content))
    assert (found["revenue"], found["orders"]) == (2 * revenue, 2)
    assert found["quality"]["rows_kept"] == 6


def test_tax_is_divided_out_and_said(tmp_path: Path) -> None:
    content = "customer,date,amount\nada,2026-01-05,120\nbob,2026-01-06,60\n"
    found = figures(written(tmp_path, content), "--amounts-include-tax", "0.20")
    assert found["revenue"] == pytest.approx(150)


def test_amounts_and_dates_as_europe_writes_them(tmp_path: Path) -> None:
    content = (
        "Kunde;Datum;Betrag\n007;31.01.2026;1.234,56 €\n007;13.02.2026;(34,56 €)\n"
        "8;14.02.2026;1.000,00 €\n"
    )
    path = written(tmp_path, content)
    found = figures(path, "--customer", "Kunde", "--date", "Datum", "--amount", "Betrag")
    assert found["revenue"] == pytest.approx(2_200)
    assert (found["orders"], found["customers"], found["currency"]) == (2, 2, "EUR")


def test_jalali_dates_and_persian_digits_are_read(tmp_path: Path) -> None:
    content = "customer,date,amount\nسارا,۱۴۰۳/۰۱/۰۱,۱٬۲۰۰\nعلی,۱۴۰۳/۱۲/۳۰,۳۰۰\n"
    found = figures(written(tmp_path, content))
    assert found["revenue"] == 1_500
    assert (found["first_order"], found["last_order"]) == ("2024-03-20", "2025-03-20")
