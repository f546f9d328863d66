"""The report of a workbook's orders, mailed to the recipients on its sheet Recipients.

Whose mail it is and through which server it goes is in the user's own settings, never in the
workbook. Without settings the messages are written into a folder beside it.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from clv_xl.customers.quality import assess
from clv_xl.delivery.addresses import domain_of
from clv_xl.delivery.attachment import Packing
from clv_xl.delivery.audience import known_segments
from clv_xl.delivery.ledger import Ledger, State
from clv_xl.delivery.ledger_file import usual_ledger
from clv_xl.delivery.message import Sender
from clv_xl.delivery.outbox import Outbox
from clv_xl.delivery.plan import Line, Mailing, Wishes, plan_run
from clv_xl.delivery.preview import counts, planned_rows
from clv_xl.delivery.recipients import read_recipients
from clv_xl.delivery.report_period import former_periods, ledger_period, not_over
from clv_xl.delivery.run import carry_out, write_outbox
from clv_xl.delivery.settings import MailSettings, mail_settings, settings_file
from clv_xl.errors import DataError, SourceError, counted
from clv_xl.excel.actions.orders_at_hand import orders_at_hand
from clv_xl.excel.book import Book
from clv_xl.excel.refreshing.contents import STAMP
from clv_xl.excel.refreshing.entered import setting
from clv_xl.excel.refreshing.order_source import orders_of
from clv_xl.excel.refreshing.refresh import layout_beside, recorded_assumptions
from clv_xl.reports.assumptions import Assumptions
from clv_xl.reports.texts import Texts
from clv_xl.sources.raw_table import RawTable
from clv_xl.sources.recorded_options import options_from
from clv_xl.sources.report_inputs import assumptions_of
from clv_xl.sources.source_read import SourceRead, read_source
from clv_xl.sources.vocabulary import RECIPIENT_WORDS, HeaderWords
from clv_xl.workbooks.templates import load_texts

RECIPIENTS = "Recipients"
_NOBODY = Sender("clv-xl@localhost")
_MOST_SHOWN = 12
_WORDS = HeaderWords(RECIPIENT_WORDS, (), ("email", "segment"))
_PLAIN = Wishes()


@dataclass(frozen=True, slots=True)
class _Source:
    """The orders of a workbook, and how they are reported."""

    read: SourceRead
    options: dict[str, Any]
    assumptions: Assumptions
    layout: str


def email_report(book: Book) -> str:
    """Mail the recipients in a workbook their reports after a question, and say how it went.

    Parameters
    ----------
    book
        The workbook; it is not changed.
    """
    listed = _recipients(book)
    settings = mail_settings(settings_file())
    texts = load_texts()
    book.progress("Reading orders")
    source = _source(book, texts)
    mailing = _mailing(book, source, listed, settings, texts)
    with Ledger(usual_ledger()) as ledger:
        if settings is None:
            return _written(book, mailing, ledger)
        lines = plan_run(mailing, ledger, _PLAIN, datetime.now().astimezone())
        going = sum(line.goes for line in lines)
        shown = _shown(lines, texts)
        if not going:
            return f"There is nothing to send for {mailing.period}.\n{shown}"
        way = settings.way.smtp or settings.way.chosen[0]
        early = not_over(source.options["period"], source.read.log)
        early = f"{early}.\n" if early else ""
        question = (
            f"{mailing.period}, {counted(len(lines), 'recipient')}:\n{shown}\n\n"
            f"{early}"
            f"Send {counted(going, 'message')} from {mailing.sender.address} through {way}?"
        )
        if not book.ask(question):
            return "Nothing was sent."
        transport = settings.way.transport(mailing.sender.address, book.progress)
        done = carry_out(mailing, _PLAIN, transport, ledger, _progress(book))
    stopped = f"\n{done.stopped}" if done.stopped else ""
    return f"{mailing.period}: {counts(done, texts)}.{stopped}"


def _recipients(book: Book) -> RawTable:
    """Return the list of recipients: the table of that name, else the sheet."""
    wanted = RECIPIENTS.casefold()
    table = next((name for name in book.tables() if name.casefold() == wanted), "")
    if table:
        return book.raw_table(_WORDS, table=table)
    sheet = next((name for name in book.sheets() if name.casefold() == wanted), "")
    if not sheet:
        raise DataError(
            f"{book.name} has no sheet {RECIPIENTS}: add one with the columns email and segment, "
            "and perhaps name, layout and detail; segment is * for everything"
        )
    return book.raw_table(_WORDS, sheet=sheet)


def _source(book: Book, texts: Texts) -> _Source:
    """Return the orders of a dashboard, or those at hand."""
    if {"src_options", "src_file", STAMP} <= book.names().keys():
        options = options_from(str(setting(book, "src_options") or ""))
        read = read_source(orders_of(book, options, None).source, options)
        now = datetime.now().astimezone().replace(tzinfo=None)
        recorded = recorded_assumptions(book, read, options, now, texts)
        return _Source(read, options, recorded, layout_beside(book, options["layout"]))
    if book.active_sheet.casefold() == RECIPIENTS.casefold() and not book.tables():
        raise DataError(f"go to the sheet with the orders in {book.name}, and press again")
    found = orders_at_hand(book)
    assumptions = assumptions_of(found.read, found.options)
    return _Source(found.read, found.options, assumptions, found.options["layout"])


def _mailing(
    book: Book, source: _Source, listed: RawTable, settings: MailSettings | None, texts: Texts
) -> Mailing:
    recipients = read_recipients(
        listed,
        layout=source.layout,
        allowed_domains=() if settings is None else settings.allow_domains,
        known_segments=known_segments(source.read.log),
    )
    score, gate = assess(source.read.log).score, source.options["gate"]
    if score < gate:
        raise DataError(
            f"the orders of {book.name} score {score:.0f} of 100 for data quality, below "
            f"{gate:g}: Check data says what is wrong"
        )
    return Mailing(
        read=source.read,
        assumptions=replace(source.assumptions, source=book.name),
        period=ledger_period(source.options["period"], source.read.log),
        former_periods=former_periods(source.options["period"], source.read.log),
        recipients=recipients,
        sender=_NOBODY if settings is None else settings.sender,
        texts=texts,
        packing=Packing(paper=source.options["paper"]),
    )


def _written(book: Book, mailing: Mailing, ledger: Ledger) -> str:
    """Write the messages into a folder beside the workbook."""
    if book.folder is None:
        raise SourceError(
            f"{book.name} lies in no folder of this machine: save it in one, and the messages go "
            "beside it"
        )
    folder = book.folder / f"{Path(book.name).stem} outbox"
    outbox = Outbox(folder, mailing.period, mailing.report_names())
    done = write_outbox(mailing, _PLAIN, outbox, ledger, _progress(book))
    failed = [result.answer for result in done.results if result.state is State.REFUSED]
    said = [
        f"{counted(done.count(State.SENT), 'message')} written to {folder.name}; nothing was sent.",
        *failed,
        *([done.stopped] if done.stopped else []),
        f"To send from here, say whose mail it is and through which server in {settings_file()}.",
    ]
    return "\n".join(said)


def _shown(lines: tuple[Line, ...], texts: Texts) -> str:
    rows = planned_rows(lines, texts).rows
    said = [f"{email} ({segments}, {detail}): {what}" for email, _, segments, detail, what in rows]
    if len(said) <= _MOST_SHOWN:
        return "\n".join(said)
    domains = Counter(domain_of(line.recipient.email) for line in lines)
    shares = ", ".join(f"{domain} ({count:,})" for domain, count in domains.most_common())
    more = f"and {len(said) - _MOST_SHOWN:,} more; all of them by domain: {shares}"
    return "\n".join([*said[:_MOST_SHOWN], more])


def _progress(book: Book) -> Any:  # noqa: ANN401 - a function
    return lambda what, done, total: book.progress(f"{what}, {done} of {total}")
