"""What the buttons of the ribbon do, to any workbook: each action ends with one message."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from clv_xl.errors import ClvError
from clv_xl.excel.actions.checking import check_data
from clv_xl.excel.actions.checkup import check_install
from clv_xl.excel.actions.emailing import email_report
from clv_xl.excel.actions.freezing import freeze_copy
from clv_xl.excel.actions.help_sheet import show_functions
from clv_xl.excel.actions.journal import journal, journal_file
from clv_xl.excel.actions.new_dashboards import new_dashboard
from clv_xl.excel.book import Book
from clv_xl.excel.refreshing.refresh import refresh


def refresh_report(book: Book) -> str:
    """Compute the dashboard in a workbook anew, and say from what."""
    done = refresh(book, now=datetime.now().astimezone())
    record = done.report.record
    said = (
        f"Refreshed from {done.source}: {record['customers']:,} customers, "
        f"{record['orders']:,} orders up to {record['as_of']}."
    )
    return " ".join([said, *done.told])


ACTIONS: Mapping[str, Callable[[Book], str]] = MappingProxyType(
    {
        "refresh_report": refresh_report,
        "new_dashboard": new_dashboard,
        "email_report": email_report,
        "check_data": check_data,
        "freeze_copy": freeze_copy,
        "show_functions": show_functions,
        "check_install": check_install,
    }
)
"""By the name of the button's function what it does, given a workbook; the message comes back."""


def perform(action: str, book: Book, log: Path | None = None) -> None:
    """Run an action on a workbook, and tell the user how it went.

    An error is a message in one sentence and a line in the log, and the workbook is as before.

    Parameters
    ----------
    action
        A name in `ACTIONS`.
    book
        The workbook.
    log
        The file of the log; None: the user's own.
    """
    try:
        said = ACTIONS[action](book)
    except ClvError as fault:
        journal(log).warning("%s, %s: %s", action, book.name, fault)
        said = _sentence(str(fault))
    except Exception as fault:  # noqa: BLE001 - the user sees a sentence, whatever happens
        journal(log).exception("%s, %s: a mistake of clv_xl itself", action, book.name)
        said = (
            f"This is a mistake of clv_xl itself ({type(fault).__name__}: {fault}); nothing was "
            f"changed. {log or journal_file()} has the details."
        )
    finally:
        book.progress(None)
    book.message(said)


def _sentence(text: str) -> str:
    """Return a complaint with a full stop."""
    return text if text.endswith(".") else f"{text}."
