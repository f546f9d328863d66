"""A dashboard is computed anew in its place, from the orders it was made of or newer ones."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from clv_xl.errors import DataError, InvalidArgumentError, SourceError, counted
from clv_xl.excel.book import Book
from clv_xl.excel.file_book.book import FileBook
from clv_xl.excel.refreshing.contents import STAMP
from clv_xl.excel.refreshing.entered import entered_inputs, setting
from clv_xl.excel.refreshing.kept_entries import keep_entries
from clv_xl.excel.refreshing.order_source import orders_of, spend_beside
from clv_xl.excel.refreshing.rewriting import Pattern, rewrite
from clv_xl.reports.assumptions import Assumptions
from clv_xl.reports.build import build_report
from clv_xl.reports.report import Report
from clv_xl.reports.texts import Texts
from clv_xl.sources.recorded_options import options_from, recorded
from clv_xl.sources.report_inputs import assumptions_of
from clv_xl.sources.source_read import SourceRead, read_source
from clv_xl.workbooks.cells import Cell
from clv_xl.workbooks.templates import load_layout, load_texts
from clv_xl.workbooks.write import outline

_SERIAL_OF_1970 = 25_569
_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did: its report, where the orders came from, what the user should know."""

    report: Report
    source: str
    told: tuple[str, ...]


def refresh(book: Book, *, now: datetime, source: Path | None = None) -> Refreshed:
    """Compute the dashboard in a workbook anew, and rewrite it in place.

    Parameters
    ----------
    book
        The workbook; it is changed as a whole or not at all.
    now
        The time to note in it.
    source
        The file of orders; None: the table of orders in the workbook, else the file that the
        workbook was made of, beside it.

    Raises
    ------
    ClvError
        In one sentence: what is missing, wrong or in the way. The workbook is as before.
    """
    now = now.replace(tzinfo=None)  # as the clock on the wall
    names = book.names()
    if not {"src_options", "src_file", STAMP} <= names.keys():
        raise SourceError(
            f"{book.name} holds no dashboard that can be refreshed: make one with New dashboard "
            "or clv-xl dashboard"
        )
    book.progress("Reading orders")
    options = options_from(str(setting(book, "src_options") or ""))
    orders = orders_of(book, options, source)
    read = read_source(orders.source, options)
    book.progress("Fitting models")
    texts = load_texts()
    assumptions = recorded_assumptions(book, read, options, now, texts)
    assumptions = replace(assumptions, source=orders.name, source_table=orders.table)
    report = _report(book, read, assumptions, texts)
    _refuse_poor(report, orders.name, options["gate"])
    book.progress("Writing workbook")
    pattern = _pattern(book, report, options, texts)
    with book.changing(pattern.book):
        done = rewrite(book, pattern)
        sheet = keep_entries(book, done.lost, now, texts)
        _stamp(book, now)
    book.progress(None)
    told = list(done.told)
    if done.lost:
        entries = counted(len(done.lost), "entry", "entries")
        told.append(f"{entries} of rows that are gone: see {sheet}")
    return Refreshed(report, orders.name, tuple(told))


def _report(book: Book, read: SourceRead, assumptions: Assumptions, texts: Texts) -> Report:
    """Return the report, or say in which cell an input stands that cannot be meant."""
    try:
        return build_report(read.log, assumptions, texts)
    except InvalidArgumentError as fault:
        input_name = fault.argument.removeprefix("in_")
        area = book.names().get(f"in_{input_name}")
        if area is None:
            raise
        said = str(fault).removeprefix("in_")
        raise DataError(f"{area.sheet}!{area.local} in {book.name}: {said}") from None


def _pattern(book: Book, report: Report, options: Mapping[str, Any], texts: Texts) -> Pattern:
    """Return the workbook that would be made anew, and what tells its cells from a reader's."""
    layout = load_layout(layout_beside(book, options["layout"]))
    fresh = outline(report, layout, texts, paper=options["paper"])
    headers = {text for key, text in texts.messages.items() if key.startswith("column.")}
    return Pattern(
        book=FileBook(fresh.data, Path("fresh.xlsx")),
        headers=frozenset(headers),
        inputs=_inputs(report),
        nothing=texts.say("word.none"),
        large=fresh.large,
    )


def recorded_assumptions(
    book: Book, read: SourceRead, options: Mapping[str, Any], now: datetime, texts: Texts
) -> Assumptions:
    """Return what a dashboard says of its report: its options, and what stands in its inputs.

    Parameters
    ----------
    book
        The workbook.
    read
        The orders.
    options
        How they were to be read and reported.
    now
        The time to note in it.
    texts
        The language of the workbook.
    """
    entered = entered_inputs(book)
    margin = entered.get("in_margin_rate")
    window = setting(book, "src_activity_window")
    if not isinstance(window, (int, float)) or window % 1:
        raise DataError(f"src_activity_window must be a number of days, got {window}")
    spend = spend_beside(book, read, options, texts)
    return replace(
        assumptions_of(read, options, spend),
        margin_rate=margin if isinstance(margin, (int, float)) else None,
        activity_window_days=int(window),
        options=recorded(options),
        refreshed=now,
        entered=entered,
    )


def _refuse_poor(report: Report, source: str, gate: float) -> None:
    score = report.value("fact_quality_score")
    if score < gate:
        raise DataError(
            f"{source} scores {score:.0f} of 100 for data quality, below the gate of {gate:g}: "
            "mend the orders, or change --gate in the options on the Assumptions sheet"
        )


def layout_beside(book: Book, layout: str) -> str:
    """Return a layout's name, or the path of a user's own, which lies beside the workbook."""
    own = layout.endswith(".toml") and book.folder is not None
    return str(book.folder / layout) if own and book.folder is not None else layout


def _inputs(report: Report) -> dict[str, frozenset[str]]:
    return {
        name: frozenset(column.header for column in table.columns if column.is_input)
        for name, table in report.tables.items()
    }


def _stamp(book: Book, now: datetime) -> None:
    """Note when the workbook was refreshed: nothing depends on that."""
    area = book.names()[STAMP]
    if area is not None:
        begin = datetime.fromisoformat("1970-01-01")
        serial = round(_SERIAL_OF_1970 + (now - begin).total_seconds() / _SECONDS, 6)
        book.write(area, [[Cell(None, serial)]], quietly=True)
