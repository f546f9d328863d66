"""The workbook that leaves: built for one audience from its own rows, looked through, encrypted."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial

from clv_xl.customers.order_log import OrderLog
from clv_xl.delivery.audience import Audience, Detail, own_orders, own_spend
from clv_xl.delivery.file_names import file_name
from clv_xl.delivery.inspection import inspect
from clv_xl.delivery.masking import masked
from clv_xl.delivery.planned import NOTHING_PLANNED, Planned
from clv_xl.delivery.protection import protect
from clv_xl.delivery.report_period import covered_period
from clv_xl.delivery.suppression import (
    FEWEST_CUSTOMERS,
    Suppressed,
    suppress_small_segments,
    suppressed_spend,
)
from clv_xl.errors import ClvError
from clv_xl.remarks import Remark
from clv_xl.reports.assumptions import Assumptions, Listing
from clv_xl.reports.build import build_report
from clv_xl.reports.layout import fitting
from clv_xl.reports.report import Report
from clv_xl.reports.reporting_period import name_of_days
from clv_xl.reports.texts import Texts
from clv_xl.reports.told_days import all_tellable, report_period
from clv_xl.sources.source_read import SourceRead
from clv_xl.workbooks.templates import load_layout
from clv_xl.workbooks.write import workbook_bytes

CAP = 7_000_000
"""Bytes of an attachment as a mail carries it; many firms take no mail above 10 MB."""
_LINE, _LINE_END = 76, 2
_MEGABYTE = 1_000_000
_LEFT_OUT = {Detail.NONE: "attachment.told.none", Detail.MASKED: "attachment.told.masked"}


class AttachmentError(ClvError):
    """An attachment cannot be made as it is asked for: why, and what to do."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """One workbook, ready to be sent.

    Parameters
    ----------
    file_name
        A name that is safe on every system; letters of every script, no part of a path.
    data
        The bytes that are sent. The same input gives the same bytes, unless they are encrypted.
    report
        What the workbook says: built from the audience's own rows.
    told
        Sentences for the reader of the mail, such as what was left out.
    sha256
        Fingerprint of the workbook before it is encrypted.
    """

    file_name: str
    data: bytes = field(repr=False)
    report: Report = field(repr=False)
    told: tuple[str, ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class Packing:
    """How a workbook is packed.

    Parameters
    ----------
    paper
        ``a4`` or ``letter``.
    cap
        Most bytes of the attachment after base64; above it the list of customers is left out.
    period
        What the file name says of the period; empty: its first and last day.
    """

    paper: str = "a4"
    cap: int = CAP
    period: str = ""


_USUAL = Packing()


def build_attachment(
    read: SourceRead,
    assumptions: Assumptions,
    audience: Audience,
    texts: Texts,
    *,
    salt: bytes,
    password: str | None = None,
    planned: Planned = NOTHING_PLANNED,
    packing: Packing = _USUAL,
) -> Attachment:
    """Return the workbook of an audience.

    Parameters
    ----------
    read
        The whole source; only the audience's rows are used, and the as-of day.
    assumptions
        What the owner of the report decided. What is said there of the source does not go out.
    audience
        Whom it is for.
    texts
        The message catalogue.
    salt
        Secret bytes that pseudonyms are made with.
    password
        Encrypts the workbook.
    planned
        What may be in the workbook although it is looked for.
    packing
        Paper, largest size, and the period in the file name.

    Raises
    ------
    AttachmentError
        If the audience is too small for its detail, or the workbook too large.
    InspectionError
        If the workbook holds what must not leave.
    ClvError
        If its orders do not make a report.
    """
    called, size = scope(audience, texts), 0
    material = _material(read, assumptions, audience, texts, salt)
    material = material.naming(planned.source)
    for listing, told in _listings(audience, texts, packing.cap):
        report, workbook = _workbook(material, listing, texts, packing.paper)
        data = workbook if password is None else protect(workbook, password)
        size = encoded_size(len(data))
        if size > packing.cap:
            continue
        inspect(workbook, called, planned, _input_files(assumptions))
        return Attachment(
            file_name=_name(report, called, packing),
            data=data,
            report=report,
            told=(*material.told, *told, *_of_password(password, texts)),
            sha256=hashlib.sha256(workbook).hexdigest(),
        )
    raise _too_large(called, size, packing.cap)


def _of_password(password: str | None, texts: Texts) -> tuple[str, ...]:
    return () if password is None else (texts.say("attachment.told.password"),)


def _name(report: Report, called: str, packing: Packing) -> str:
    return file_name(str(report.title), called, packing.period or covered_period(report))


def _too_large(called: str, size: int, cap: int) -> AttachmentError:
    return AttachmentError(
        f"the workbook for {called} has {size / _MEGABYTE:.1f} MB as a mail carries it, more than "
        f"the {cap / _MEGABYTE:.1f} MB allowed, even without the list of customers: allow more, or "
        "divide the segment"
    )


def _workbook(
    material: "_Material", listing: Listing, texts: Texts, paper: str
) -> tuple[Report, bytes]:
    decided = replace(material.assumptions, listing=listing)
    report, layout = build_report(material.log, decided, texts), load_layout(decided.layout)
    return report, workbook_bytes(report, fitting(layout, report), texts, paper=paper)


def encoded_size(length: int) -> int:
    """Return how many bytes a mail needs for an attachment of `length` bytes: base64 in lines.

    Examples
    --------
    >>> encoded_size(57), encoded_size(5_000_000)
    (78, 6842108)
    """
    letters = -(-length // 3) * 4
    return letters + -(-letters // _LINE) * _LINE_END


def scope(audience: Audience, texts: Texts) -> str:
    """Return of what a report is, in the reader's language: its segments, or everything."""
    if audience.sees_all:
        return texts.say("attachment.everything")
    return texts.say("attachment.scope", segments=audience.segments)


@dataclass(frozen=True, slots=True)
class _Material:
    """What a report is built from, and what is to be said of it."""

    log: OrderLog
    assumptions: Assumptions
    told: tuple[str, ...]

    def naming(self, source: str) -> "_Material":
        """Return it with the source named, where that was planned."""
        named = replace(self.assumptions, source=source or self.assumptions.source)
        return replace(self, assumptions=named)


def _material(
    read: SourceRead, assumptions: Assumptions, audience: Audience, texts: Texts, salt: bytes
) -> _Material:
    own = own_orders(read, audience)
    assumptions = replace(assumptions, known_from=read.log.first_day)
    found = Suppressed(own, {}, {})
    if audience.detail is not Detail.FULL:
        covered = _covered(own, assumptions, audience, texts)
        called = partial(_small_segments, texts)
        found = suppress_small_segments(own, called, assumptions.segment_by, covered)
        assumptions = replace(assumptions, fewest=FEWEST_CUSTOMERS)
    spend = own_spend(assumptions.spend, audience, next(iter(own.segments), None))
    told = []
    if found.merged:
        told.append(texts.say("attachment.told.suppressed", count=FEWEST_CUSTOMERS))
    if spend is None and assumptions.spend is not None:
        told.append(texts.say("attachment.told.no_spend"))
    if audience.detail in _LEFT_OUT:
        told.append(texts.say(_LEFT_OUT[audience.detail]))
    return _Material(
        log=masked(found.log, audience.detail, salt, texts.say("attachment.mask")),
        assumptions=replace(
            _without_source(assumptions, audience, texts), spend=suppressed_spend(spend, found)
        ),
        told=tuple(told),
    )


def _small_segments(texts: Texts, large: tuple[str, ...]) -> str:
    """Return what small segments together are called, with the names of large ones among them."""
    if large:
        return texts.say("attachment.with_small_segments", names=large)
    return texts.say("attachment.small_segments")


def _covered(
    own: OrderLog, assumptions: Assumptions, audience: Audience, texts: Texts
) -> tuple[int, int]:
    """Return the days that a report covers; refuse figures of so few that each could be told."""
    few = f"fewer than {FEWEST_CUSTOMERS} customers"
    do = "are personal data; give the recipient the detail full, or leave the row out"
    if own.n_customers < FEWEST_CUSTOMERS:
        raise AttachmentError(f"{scope(audience, texts)} has {few}: figures of so few {do}")
    period = report_period(own, assumptions)
    covered = (period.first_day, period.last_day)
    if not all_tellable(own, [covered], FEWEST_CUSTOMERS):
        days = name_of_days(*covered)
        raise AttachmentError(
            f"{few} of {scope(audience, texts)} ordered in the period {days}, or outside it: "
            f"figures of so few {do}, or take another --period"
        )
    return covered


def _without_source(assumptions: Assumptions, audience: Audience, texts: Texts) -> Assumptions:
    """Return assumptions that say nothing of the source but which rows of it these are."""
    notes = (Remark("attachment.rows", segments=audience.segments),)
    return replace(
        assumptions,
        layout=audience.layout,
        source=texts.say("attachment.source"),
        source_hash=texts.say("attachment.source"),
        source_table="",
        options="",
        refreshed=None,
        mapping={},
        reading_notes=() if audience.sees_all else notes,
    )


def _listings(
    audience: Audience, texts: Texts, cap: int
) -> Iterator[tuple[Listing, tuple[str, ...]]]:
    """Yield which lists of customers a report has, the longest first, and what to say of it."""
    if audience.detail is Detail.NONE:
        yield "none", ()
        return
    yield "all", ()
    size = f"{cap / _MEGABYTE:g}"
    yield "at_risk", (texts.say("attachment.told.large", size=size),)


def _input_files(assumptions: Assumptions) -> frozenset[str]:
    spend = assumptions.spend.source if assumptions.spend else ""
    return frozenset({assumptions.source, spend} - {""})
