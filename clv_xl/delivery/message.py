"""A report as a message: what is attached, what it says, and the headers around it.

The parts are nested as the reader's program expects them::

    multipart/mixed
      multipart/alternative
        text/plain
        multipart/related
          text/html
          image/png        the chart, by its Content-ID
      the workbook

The chart belongs to the HTML alone: a program that shows the plain text does not list the picture
as a second attachment, and Outlook, Gmail and Apple Mail, which take the last alternative they
understand, find it beside the HTML. The workbook stands outside, so that it is there whichever
alternative is shown. The same input gives the same bytes.
"""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage

from clv_xl.delivery.attachment import Attachment
from clv_xl.delivery.bodies import Letter, html_body, text_body
from clv_xl.delivery.chart_image import drawn, why_no_chart
from clv_xl.delivery.digest import Digest, digest_of, named_segments, scope_of
from clv_xl.delivery.header_text import header_text, readable
from clv_xl.delivery.shown_values import UNKNOWN
from clv_xl.errors import InvalidArgumentError
from clv_xl.reports.texts import Texts

_XLSX = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MESSAGE_ID = re.compile(r"<[!-;=?-~]+@[!-;=?-~]+>")
_ADDRESS = re.compile(r"""[^\s@<>()\[\],;:\\"]+@[^\s@<>()\[\],;:\\"]+""")
_ARROWS = "▲▼= "
_MOSTLY_OTHER = 6
"""Quoted-printable is the shorter one while fewer than a byte in so many is beyond ASCII."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends a report, and whom its reader may ask."""

    address: str
    name: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One issue of a report, as one reader gets it.

    Parameters
    ----------
    period
        Normalised period: ``2026``, ``2026-Q1``, ``2026-03`` or ``FROM..TO``.
    as_of
        The day the data reach to.
    message_id
        ``<…@…>``, the same whenever this message is made anew.
    date
        When it is sent, with a time zone.
    segments
        Segments asked for; none: all.
    detail
        ``none``, ``masked`` or ``full``.
    scope
        What the report is about, for the subject; empty: the segments.
    corrected
        Whether it corrects one that was sent before.
    """

    period: str
    as_of: date
    message_id: str
    date: datetime
    segments: tuple[str, ...] = ()
    detail: str = "none"
    scope: str = ""
    corrected: bool = False


def compose(
    attachment: Attachment,
    recipient_email: str,
    recipient_name: str,
    sender: Sender,
    texts: Texts,
    issue: Issue,
) -> EmailMessage:
    """Return the message for one recipient.

    Raises
    ------
    InvalidArgumentError
        If an address is none, or a text of a header holds a control character.
    """
    digest = _digest(attachment, texts, issue)
    letter = _letter(recipient_name, attachment, sender, texts, issue)
    to = _address("recipient", recipient_email, recipient_name)
    origin = _address("sender", sender.address, sender.name)
    ascii_only = (to.addr_spec + origin.addr_spec).isascii()
    message = EmailMessage(policy=policy.SMTP if ascii_only else policy.SMTPUTF8)
    message["Subject"] = _subject(digest, texts, issue)
    message["From"] = origin
    message["To"] = to
    message["Date"] = _moment(issue.date)
    message["Message-ID"] = _message_id(issue.message_id)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    _fill(message, attachment, digest, letter, texts)
    message["Content-Language"] = texts.language
    return message


def _digest(attachment: Attachment, texts: Texts, issue: Issue) -> Digest:
    every = texts.say("mail.scope.all")
    segments = named_segments(issue.segments, texts) if issue.segments else every
    detail = _detail(attachment, issue.detail)
    filters = [
        (texts.say("mail.filter.segments"), segments),
        (texts.say("mail.filter.detail"), texts.say(f"mail.detail.{detail}")),
    ]
    return digest_of(
        attachment.report,
        texts,
        scope=header_text("scope", issue.scope or scope_of(issue.segments, texts)),
        filters=filters,
        told=attachment.told,
    )


def _detail(attachment: Attachment, detail: str) -> str:
    """Return what is shown of single customers: less than was asked for where it was too much."""
    left_out = detail != "none" and "Customers" not in attachment.report.tables
    return "left_out" if left_out else detail


def _letter(
    name: str, attachment: Attachment, sender: Sender, texts: Texts, issue: Issue
) -> Letter:
    greeting = (
        texts.say("mail.greeting.named", name=name) if name else texts.say("mail.greeting.plain")
    )
    return Letter(
        greeting=greeting,
        period=header_text("period", issue.period),
        as_of=issue.as_of.isoformat(),
        file_name=_file_name(attachment.file_name),
        owner=sender.name or sender.address,
        contact=readable(sender.contact) or sender.address,
        corrected=issue.corrected,
        chart_cid=f"chart.{_digits(issue.message_id)}@clv-xl",
    )


def _subject(digest: Digest, texts: Texts, issue: Issue) -> str:
    headline = digest.headline
    figure = f"{headline.title} {headline.value}" if headline.value != UNKNOWN else ""
    change = headline.change.lstrip(_ARROWS)
    if figure and change:
        figure = texts.say("mail.subject.changed", figure=figure, change=change)
    key = "mail.subject.corrected" if issue.corrected else "mail.subject.first"
    parts = [digest.title, digest.scope, issue.period, figure]
    return header_text(
        "subject", texts.say(key, subject=" · ".join(part for part in parts if part))
    )


def _fill(
    message: EmailMessage, attachment: Attachment, digest: Digest, letter: Letter, texts: Texts
) -> None:
    """Add the bodies, the chart and the workbook."""
    picture = None
    if digest.chart is not None and not why_no_chart():
        picture = drawn(digest.chart)
    else:
        letter = replace(letter, chart_cid="")
    text, html = (body(digest, letter, texts) for body in (text_body, html_body))
    message.set_content(text, cte=_encoding(text))
    message.add_alternative(html, subtype="html", cte=_encoding(html))
    shown = message.get_body(("html",))
    if picture is not None and shown is not None:
        cid = f"<{letter.chart_cid}>"
        shown.add_related(picture, "image", "png", cid=cid, disposition="inline")
    message.add_attachment(attachment.data, "application", _XLSX, filename=letter.file_name)
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_clv_xl_{_digits(str(message['Message-ID']))}_{number}")


def _encoding(text: str) -> str:
    other = len(text) - len(text.encode("ascii", "ignore"))
    return "base64" if other * _MOSTLY_OTHER > len(text) else "quoted-printable"


def _digits(message_id: str) -> str:
    return hashlib.sha256(message_id.encode()).hexdigest()[:24]


def _address(whose: str, address: str, name: str) -> Address:
    header_text(f"the {whose}'s name", name)
    header_text(f"the {whose}'s address", address)
    local, _, domain = address.rpartition("@")
    if not _ADDRESS.fullmatch(address):
        raise InvalidArgumentError(
            f"the {whose}'s address", repr(address), "one address such as ada@example.org"
        )
    try:
        known = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        raise InvalidArgumentError(
            f"the {whose}'s address", repr(address), "one with a domain that can exist"
        ) from None
    return Address(name, local, known)


def _moment(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise InvalidArgumentError("date", moment, "a moment with a time zone")
    return moment


def _message_id(text: str) -> str:
    if not _MESSAGE_ID.fullmatch(text):
        raise InvalidArgumentError("message_id", repr(text), "<…@…> of ASCII letters and digits")
    return text


def _file_name(name: str) -> str:
    header_text("the attachment's file name", name)
    if not name or name in {".", ".."} or set(name) & set("/\\:"):
        raise InvalidArgumentError(
            "the attachment's file name", repr(name), "a file's name without folders"
        )
    return name
