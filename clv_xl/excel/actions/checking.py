"""A sheet that says how far the orders in a workbook can be trusted."""

from pathlib import Path
from types import MappingProxyType

from clv_xl.customers.quality import assess
from clv_xl.excel.actions.orders_at_hand import OrdersAtHand, orders_at_hand
from clv_xl.excel.actions.sheet_copy import put_sheet
from clv_xl.excel.book import Book
from clv_xl.excel.file_book.book import FileBook
from clv_xl.reports.layout import Block, Layout, SheetLayout
from clv_xl.reports.plan import Plan
from clv_xl.reports.quality_tables import add_quality, data_badge
from clv_xl.reports.report import Format, Report
from clv_xl.sources.report_inputs import assumptions_of
from clv_xl.workbooks.templates import load_texts
from clv_xl.workbooks.write import outline

_PIXELS = (12, 420, 120, 220, 130)  # the names of figures would stand in the next
_LAYOUT = Layout(
    "check",
    (
        SheetLayout(
            "check",
            (
                Block("title", ("check",), {"at": "B1"}),
                Block("figures", ("fact_*", "src_*"), {"heading": "rows"}),
                Block("table", ("Dropped",), {"heading": "dropped"}),
                Block("table", ("Findings",), {"heading": "findings"}),
                Block("lines", ("reading",), {"heading": "reading"}),
            ),
            _PIXELS,
            {},
        ),
    ),
)


def check_data(book: Book) -> str:
    """Add a sheet with what was found in the orders of a workbook, and say the score.

    Parameters
    ----------
    book
        The workbook with the orders.
    """
    book.progress("Reading orders")
    found = orders_at_hand(book)
    texts = load_texts()
    report = _report(found)
    book.progress("Writing the sheet")
    made = FileBook(outline(report, _LAYOUT, texts).data, Path("check.xlsx"))
    sheet = put_sheet(book, made, texts.say("sheet.check"), _PIXELS)
    return f"{found.where} in {book.name}: {report.cover}; the sheet {sheet} says why."


def _report(found: OrdersAtHand) -> Report:
    """Return the quality of the orders as a report of one sheet."""
    texts = load_texts()
    plan = Plan(texts)
    log = found.read.log
    plan.fact("fact_customers", log.n_customers, Format.COUNT)
    plan.fact("fact_total_orders", log.n_orders, Format.COUNT)
    plan.fact("fact_total_revenue", log.revenue, Format.MONEY_EXACT)
    for key, remark in log.cleaning.notes.items():
        plan.notes[key] = texts.remark(remark)
    add_quality(plan, log, assess(log), assumptions_of(found.read, found.options))
    return Report(
        title=texts.say("title.check"),
        cover=data_badge(plan),
        figures=MappingProxyType(plan.figures),
        tables=MappingProxyType(plan.tables),
        matrices=MappingProxyType({}),
        cards=MappingProxyType({}),
        charts=MappingProxyType({}),
        lines=MappingProxyType(plan.lines),
        notes=MappingProxyType(plan.notes),
        record=MappingProxyType({}),
    )
