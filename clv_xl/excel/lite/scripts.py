"""What the scripts of the main file do: report, data check, list of functions, versions.

Each writes a sheet of its own, of plain values, and leaves every other sheet as it is. What needs
files or the formats of another workbook is not to be had in Lite: a dashboard, its refresh in
place, and a frozen copy.
"""

import logging
import platform
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from importlib import import_module
from typing import Any

from clv_xl import __version__
from clv_xl.catalogue import CATALOGUE
from clv_xl.customers.orders import validate_orders
from clv_xl.customers.quality import GATE, assess, passes
from clv_xl.errors import CELL_MARK, DataError, InvalidArgumentError
from clv_xl.excel.cells import sentence
from clv_xl.excel.lite.open_book import Book, entered, order_table, write_sheet
from clv_xl.reports.assumptions import Assumptions
from clv_xl.reports.build import build_report
from clv_xl.reports.live import Live
from clv_xl.reports.report import Content, Report
from clv_xl.sources.order_files import orders_in
from clv_xl.workbooks.templates import load_texts

REPORT, CHECK, FUNCTIONS = "CLV report", "CLV data check", "CLV functions"
"""The sheets that the scripts write."""
INPUTS: Mapping[str, str] = {
    "margin_rate": "share of revenue that is margin, 0 to 1; blank: figures are revenue",
    "annual_discount_rate": "a decimal; blank: 0.10",
    "horizon_months": "months ahead, 1 to 60; blank: 12",
    "cac": "cost of a new customer, money; blank: unknown",
    "target_ratio": "CLV:CAC to aim at; blank: 3",
}
"""The inputs that the report keeps when it is written anew."""
_TOLD = "clv_xl"
_LINES = ("readings", "next")
_log = logging.getLogger(__name__)

Script = Callable[[Book], None]


def _tells(script: Script) -> Script:
    """Let a script say in one sentence what is wrong, instead of failing."""

    @wraps(script)
    def told(book: Book) -> None:
        try:
            script(book)
        except Exception as fault:  # noqa: BLE001 - a user sees a sentence, never a traceback
            _log.info("%s failed", script.__name__, exc_info=True)
            book.app.alert(sentence(fault).removeprefix(CELL_MARK).strip(), title=_TOLD)

    return told


@_tells
def refresh_report(book: Book) -> None:
    """Work out the report of the workbook's orders anew; what was entered in it stays."""
    given = entered(book, REPORT, tuple(INPUTS))
    table = order_table(book)
    read = orders_in(table)
    log = validate_orders(read.columns)
    numbers: dict[str, Any] = {name: _number(name, value) for name, value in given.items()}
    assumptions = Assumptions(
        source=table.source, mapping=read.mapping_used, reading_notes=read.notes, **numbers
    )
    report = build_report(log, assumptions, load_texts())
    _refuse_poor(report, table.source)
    write_sheet(book, REPORT, [*_report_rows(report, given)])


def _refuse_poor(report: Report, source: str) -> None:
    score = report.value("fact_quality_score")
    if not passes(score):
        raise DataError(
            f"{source} scores {score:.0f} of 100 for data quality, below the gate of {GATE:g}: "
            "the script CLV: check data tells why"
        )


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidArgumentError(name, value, "a number")
    return int(value) if name == "horizon_months" else float(value)


def _report_rows(report: Report, given: Mapping[str, object]) -> Iterator[list[object]]:
    yield [_plain(report.title)]
    yield [_plain(report.cover)]
    yield []
    yield ["Inputs", "", "run the script again after a change"]
    for name, about in INPUTS.items():
        yield [name, given.get(name), about]
    yield []
    yield ["figure", "value", "change", "rests on"]
    for card in report.cards.values():
        parts = (card.title, card.value, card.change, card.foot)
        yield [_plain(part) for part in parts]
    for name in _LINES:
        lines = report.lines[name]
        yield []
        yield [lines.heading]
        yield from ([_plain(line)] for line in lines.lines)


def _plain(content: Content) -> object:
    return content.value if isinstance(content, Live) else content


@_tells
def check_data(book: Book) -> None:
    """Judge the workbook's orders, as `clv-xl check` does: what can be used, what not, and why."""
    table = order_table(book)
    read = orders_in(table)
    log = validate_orders(read.columns)
    quality = assess(log)
    verdict = "reaches" if passes(quality.score) else "is below"
    counted = {
        "rows read": quality.rows_read,
        "rows kept": quality.rows_kept,
        "customers": log.n_customers,
        "orders": log.n_orders,
    }
    rows: list[list[object]] = [
        [f"Data check of {table.source}"],
        [],
        ["score", quality.score, f"of 100; {verdict} the gate of {GATE:g}"],
    ]
    rows += [[name, count] for name, count in counted.items()]
    rows.append([])
    rows += [[f.severity, f.count, f.sentence] for f in quality.findings]
    rows += [["note", None, note] for note in (*read.notes, *log.cleaning.notes.values())]
    write_sheet(book, CHECK, rows)


@_tells
def show_functions(book: Book) -> None:
    """List every function with its arguments and an example."""
    head = ["function", "subject", "what you get", "arguments", "example"]
    rows = [
        [
            entry.excel_name,
            entry.category.value,
            entry.summary,
            entry.signature.partition("(")[2][:-1],
            entry.example,
        ]
        for entry in CATALOGUE
    ]
    write_sheet(book, FUNCTIONS, [head, *rows])


@_tells
def check_install(book: Book) -> None:
    """Tell which versions are at work."""
    packages = ("numpy", "pandas", "scipy", "xlwings")
    versions = {name: getattr(import_module(name), "__version__", "?") for name in packages}
    told = {"clv_xl": __version__, "Python": platform.python_version(), **versions}
    lines = [f"{name} {version}" for name, version in told.items()]
    book.app.alert("\n".join([*lines, f"{len(CATALOGUE)} functions"]), title=_TOLD)
