"""A new dashboard from the orders in a workbook: a workbook of its own, beside it."""

from dataclasses import replace
from pathlib import Path

from clv_xl.errors import DataError, SourceError
from clv_xl.excel.actions.orders_at_hand import orders_at_hand
from clv_xl.excel.book import Book
from clv_xl.reports.build import build_report
from clv_xl.sources.recorded_options import recorded
from clv_xl.sources.report_inputs import assumptions_of
from clv_xl.workbooks.templates import load_layout, load_texts
from clv_xl.workbooks.write import write_workbook


def new_dashboard(book: Book) -> str:
    """Make a dashboard of the orders in a workbook, open it, and say where it is.

    Parameters
    ----------
    book
        The workbook with the orders; it is not changed.
    """
    if book.folder is None:
        raise SourceError(
            f"{book.name} lies in no folder of this machine: save it in one, and the dashboard "
            "goes beside it"
        )
    book.progress("Reading orders")
    found = orders_at_hand(book)
    book.progress("Fitting models")
    assumptions = replace(
        assumptions_of(found.read, found.options),
        source=book.name,
        options=recorded(found.options),
    )
    texts = load_texts()
    report = build_report(found.read.log, assumptions, texts)
    score, gate = report.value("fact_quality_score"), found.options["gate"]
    if score < gate:
        raise DataError(
            f"{found.where} in {book.name} scores {score:.0f} of 100 for data quality, below "
            f"{gate:g}: Check data says what is wrong"
        )
    book.progress("Writing workbook")
    path = free_path(book.folder, f"{Path(book.name).stem} dashboard")
    write_workbook(report, load_layout(found.options["layout"]), texts, path)
    book.open_file(path)
    return (
        f"{path.name} is made of {found.where}: enter a margin rate on its Assumptions sheet. "
        f"{report.record['customers']:,} customers, {report.record['orders']:,} orders."
    )


def free_path(folder: Path, stem: str) -> Path:
    """Return the path of a workbook that is not there yet.

    Parameters
    ----------
    folder
        Where it is to lie.
    stem
        Its name without an ending; a number is added where that is taken.
    """
    path = folder / f"{stem}.xlsx"
    number = 2
    while path.exists():
        path = folder / f"{stem} {number}.xlsx"
        number += 1
    return path
