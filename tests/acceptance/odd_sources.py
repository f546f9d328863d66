"""Files of orders of which much has to be inferred, left out or doubted."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TypeAlias

import pandas as pd

from tests.acceptance.shops import HEADERS, frame

Row: TypeAlias = tuple[object, ...]
FIRST = date(2022, 1, 1)
SHOPIFY = (
    *("Name", "Email", "Financial Status", "Created at", "Subtotal", "Refunded Amount"),
    *("Currency", "Cancelled at", "Billing Name", "Phone", "Lineitem name"),
)
WOO = (
    *("order_id", "order_date", "order_status", "customer_id", "billing_email", "order_total"),
    *("order_currency",),
)
WOO_ANALYTICS = (
    *("Date", "Order #", "Status", "Customer", "Product(s)", "Coupon(s)", "N. Revenue"),
)


@dataclass(frozen=True, slots=True)
class Source:
    """A file, the options it is read with, and perhaps a file of spend."""

    name: str
    content: str | pd.DataFrame
    options: tuple[str, ...] = ()
    encoding: str = "utf-8"
    spend: str | None = None

    def written(self, folder: Path) -> Path:
        """Write the file of orders into a folder, and return its path."""
        path = folder / self.name
        if isinstance(self.content, str):
            path.write_bytes(self.content.encode(self.encoding))
        else:
            with pd.ExcelWriter(path) as book:
                self.content.to_excel(book, sheet_name="Aufträge", index=False, startrow=2)
        return path

    def data(self) -> frozenset[str]:
        """Return every text that stands in the files."""
        found = {self.name, "spend.csv", "Aufträge", self.encoding.replace("cp", "windows-")}
        for content in (self.content, self.spend or ""):
            text = content if isinstance(content, str) else content.to_csv(index=False)
            cells = [cell.strip('" ') for cell in re.split(r"[;,\t|\n]|   ", text)]
            found |= {*cells, *(cell.lower() for cell in cells)}
        return frozenset(found)


def day(number: int) -> date:
    """Return a day, counted from the first."""
    return FIRST + timedelta(days=number)


def table(headers: tuple[str, ...], rows: list[Row], separator: str = ",") -> str:
    """Return rows as the text of a file."""
    lines = [separator.join(f"{cell}" for cell in row) for row in (headers, *rows)]
    return "\n".join([*lines, ""])


def buyers(count: int = 60) -> list[tuple[str, date, float]]:
    """Return orders of seven customers over a year."""
    return [(f"C{n % 7}", day(6 * n), 10.0 + n) for n in range(count)]


def with_preamble() -> Source:
    rows = [
        (f"Käufer {who}", f"{when:%d.%m.%Y}", f"1.{int(paid):03d},50")
        for who, when, paid in buyers()
    ]
    rows += [
        ("Käufer 9", "bald", "1,00"),
        ("Käufer 9", "03.04.2022", "viel"),
        ("", "03.04.2022", "1,00"),
    ]
    text = table(("Kunde", "Datum", "Betrag"), [*rows, ("Summe", "", "9,00")], ";")
    options = ("--customer", "Kunde", "--date", "Datum", "--amount", "Betrag")
    return Source("auszug.csv", f"Auszug\nStand 2024\n{text}", options, "cp1252")


def shopify() -> Source:
    rows: list[Row] = []
    for n, (who, when, paid) in enumerate(buyers()):
        status = ("paid", "voided", "partially_refunded")[n % 20 % 3 if n % 5 == 0 else 0]
        mail, refund = ("" if n % 11 == 0 else f"{who}@Example.org"), 5.0 if n % 13 == 0 else ""
        left = "2022-12-30" if n == 17 else ""
        known = (f"#{n}", mail, status, f"{when} 10:00:00 +0100", paid, refund, "EUR", left, who)
        rows += [(*known, f"+4930{n % 3}", "Lampe"), (f"#{n}", *[""] * 9, "Kabel")]
    return Source("shopify.csv", table(SHOPIFY, rows))


def woocommerce() -> Source:
    rows: list[Row] = [
        (n, f"{when} 10:00", "wc-completed", n % 7 if n % 9 else 0, f"{who}@x.org", paid, "EUR")
        for n, (who, when, paid) in enumerate(buyers())
    ]
    return Source("woo.csv", table(WOO, rows))


def woocommerce_analytics() -> Source:
    rows: list[Row] = [
        (when, n, "completed", f"{who} Ltd", "Lampe", "", paid)
        for n, (who, when, paid) in enumerate(buyers())
    ]
    return Source("analytics.csv", table(WOO_ANALYTICS, rows))


def workbook() -> Source:
    return Source("mappe.xlsx", frame(list(buyers()), HEADERS))


def repeated_totals() -> Source:
    rows: list[Row] = [
        (who, when, paid, n) for n, (who, when, paid) in enumerate(buyers()) for _ in range(2)
    ]
    return Source("zeilen.csv", table((*HEADERS, "order_id"), rows))


def refunds() -> Source:
    rows: list[Row] = [*buyers(), ("C1", day(400), -9_000.0), ("C99", day(400), -5.0)]
    rows += [("C50", day(5), 20.0), ("C50", day(6), -20.0), ("a***n", day(7), 5.0), ("", day(8), 5)]
    rows += [("C51", "", 5.0), ("C52", day(9), ""), ("C1", day(0), 10.0), ("C1", day(0), 10.0)]
    rows += [("C53", day(3), 0.0), ("C2", day(1), "1e6")]
    return Source("gutschriften.csv", table(HEADERS, rows), ("--zero", "drop", "--drop-duplicates"))


def doubtful() -> Source:
    """Return a log with equal rows, a silence amid many orders, and a late as-of day."""
    busy = [n for n in range(300) if not 120 <= n < 150]
    rows: list[Row] = [(f"C{n % 40}", day(n), 10.0 + k) for n in busy for k in range(4)]
    rows += [rows[0], ("C1", day(10), 50_000.0), ("C2", day(2), 5.0, "zu", "viel")]
    rows.append(("C3", "2023-03-01", 5.0))
    return Source("zweifel.csv", table(HEADERS, rows), ("--as-of", "2023-02-01"))


def refused_refunds() -> Source:
    rows: list[Row] = [*buyers(), ("C1", day(20), -5.0)]
    return Source("ohne.csv", table(HEADERS, rows), ("--refunds", "drop"))


def quantities() -> Source:
    rows: list[Row] = [(who, when, 2, paid, who) for who, when, paid in buyers()]
    return Source("mengen.csv", table(("email", "date", "quantity", "unit_price", "x"), rows, "|"))


def by_name() -> Source:
    rows: list[Row] = [(who, f"{when:%y-%m-%d}", "1,234") for who, when, _ in buyers()]
    rows.append(("C1", "22-05-31", "500"))
    content = table(("customer_name", "date", "amount"), rows, ";")
    return Source("namen.csv", content, ("--segment", "customer_name", "--date-order", "ymd"))


def year_first() -> Source:
    rows: list[Row] = [(who, who, f"{when:%y-%m-%d}", "1,234") for who, when, _ in buyers()]
    rows += [("C1", "C1", "99-12-31", "500"), ("C1", "C1", "22-05-31", "500")]
    return Source("jahre.csv", table(("customer_id", "email", "date", "amount"), rows, ";"))


def several_names() -> Source:
    rows: list[Row] = [(who, who, who, f"{when:%m/%d/%Y}", paid) for who, when, paid in buyers()]
    headers = ("customer_id", "customer_name", "full name", "date", "amount")
    return Source("mehrere.csv", table(headers, rows))


def serial_days() -> Source:
    rows: list[Row] = [(who, 45_000 + n, paid) for n, (who, _, paid) in enumerate(buyers())]
    content = "\n".join("   ".join(f"{cell}" for cell in row) for row in (HEADERS, *rows))
    return Source("tage.txt", content)


def calendars() -> Source:
    rows: list[Row] = [
        (who, f"{1395 + n // 12}/{1 + n % 12:02d}/05" if n % 2 else f"{2559 + n // 12}-01-07", paid)
        for n, (who, _, paid) in enumerate(buyers())
    ]
    return Source("kalender.csv", table(HEADERS, rows))


def zones() -> Source:
    rows: list[Row] = [
        (who, f"{when}T23:30:00{'+02:00' if n % 4 == 0 else '-03:00'}", paid)
        for n, (who, when, paid) in enumerate(buyers())
    ]
    return Source("zonen.tsv", table(HEADERS, rows, "\t"))


def closed_cohort() -> Source:
    rows: list[Row] = [
        (f"K{n}", day(n % 30 + 40 * k), 9.0) for n in range(80) for k in range(1 + n % 7)
    ]
    return Source("kohorte.csv", table(HEADERS, rows))


def begun_before() -> Source:
    rows: list[Row] = [(f"alt{n}", day(n % 20 + 60 * k), 9.0) for n in range(90) for k in range(5)]
    rows += [(f"neu{n}", day(60 + 8 * n), 9.0) for n in range(25)]
    return Source("bestand.csv", table(HEADERS, rows))


def many_segments() -> Source:
    """Return six years of orders: cohorts are quarters, some segments blank, most too small."""
    rows: list[Row] = [
        (f"C{n % 130}", day(5 * n - 2000), 9.0 + n % 5, f"Ort {n % 130 // 2}" if n % 130 else "")
        for n in range(440)
    ]
    return Source("jahre.csv", table((*HEADERS, "Ort"), rows), ("--segment", "Ort"))


def with_spend(rows: list[Row], headers: tuple[str, ...] = ("date", "spend")) -> Source:
    orders: list[Row] = [(*row, f"Kanal {n % 3}") for n, row in enumerate(buyers(150))]
    return Source(
        "werbung.csv",
        table((*HEADERS, "Kanal"), orders),
        ("--segment", "Kanal", "--margin-rate", "0.4"),
        spend=table(headers, rows),
    )


def spend_by_quarter() -> Source:
    quarters: list[Row] = [
        (f"2022-Q{q}", f"Kanal {k}", 90) for q in range(1, 5) for k in range(1, 5)
    ]
    return with_spend([*quarters, ("Total", "", 99)], ("quarter", "Kanal", "spend"))


ODD: dict[str, Callable[[], Source]] = {
    "with a preamble, footers and rows that cannot be read": with_preamble,
    "exported by Shopify": shopify,
    "exported by WooCommerce": woocommerce,
    "exported by WooCommerce Analytics": woocommerce_analytics,
    "in a workbook, below other rows": workbook,
    "with totals repeated on every line": repeated_totals,
    "with refunds, blanks and masked names": refunds,
    "with equal rows, a silence and orders beyond the usual": doubtful,
    "with refunds left out": refused_refunds,
    "with quantities and e-mail addresses": quantities,
    "with names for ids": by_name,
    "with years of two digits": year_first,
    "with several names": several_names,
    "with the day numbers of a spreadsheet": serial_days,
    "in two other calendars": calendars,
    "in two time zones": zones,
    "of a closed cohort": closed_cohort,
    "begun in the middle of a shop's life": begun_before,
    "of many years and segments": many_segments,
    "with spend by month": lambda: with_spend([(day(31 * n).replace(day=1), 50) for n in range(9)]),
    "with spend by week": lambda: with_spend([(day(7 * n), 50) for n in range(40)]),
    "with spend by day": lambda: with_spend([(day(9 * n + n % 2), 50) for n in range(40)]),
    "with spend by quarter": spend_by_quarter,
}
