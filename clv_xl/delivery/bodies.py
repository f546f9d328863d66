"""The two bodies of a message: HTML, and a plain text that stands by itself."""

import textwrap
import unicodedata
from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, StrictUndefined, Template

from clv_xl.delivery.chart_image import WIDTH, numbered
from clv_xl.delivery.digest import Digest
from clv_xl.messages import template_folder
from clv_xl.reports.texts import Texts
from clv_xl.workbooks import styles as look

_COLUMNS = 72


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What stands around a digest: to whom, from whom, what is attached.

    Parameters
    ----------
    greeting
        First line.
    period, as_of
        The period of the report, and the day the data reach to.
    file_name
        The attachment.
    owner, contact
        Who sends it, and whom to ask.
    chart_cid
        Content-ID of the chart; empty: there is none.
    corrected
        Whether it corrects a message sent before.
    """

    greeting: str
    period: str
    as_of: str
    file_name: str
    owner: str
    contact: str
    chart_cid: str = ""
    corrected: bool = False


def html_body(digest: Digest, letter: Letter, texts: Texts) -> str:
    """Return the message as HTML: escaped, without anything from elsewhere."""
    return _template().render(
        digest=digest,
        letter=letter,
        say=texts.say,
        language=texts.language,
        direction="rtl" if texts.right_to_left else "ltr",
        start="right" if texts.right_to_left else "left",
        alt=digest.chart.alt_text(texts) if digest.chart is not None else "",
        numbered=numbered(digest.chart) if digest.chart is not None else (),
        colours=look.SERIES,
        width=WIDTH,
    )


@cache
def _template() -> Template:
    source = (template_folder() / "mail" / "message.html.j2").read_text(encoding="utf-8")
    every = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return every.from_string(source)


def text_body(digest: Digest, letter: Letter, texts: Texts) -> str:
    """Return the message as plain text: the same figures, aligned."""
    say = texts.say
    parts = [
        [letter.greeting, "", digest.title, f"{digest.scope} · {letter.period}"],
        [say("mail.as_of", day=letter.as_of), digest.compared],
        [say("mail.corrected", period=letter.period)] if letter.corrected else [],
        _figures(digest),
        _section(say("heading.readings"), digest.readings),
        _section(say("mail.heading.alerts"), digest.alerts or (say("mail.no_alerts"),)),
        _section(say("heading.next"), digest.steps, ""),
        _chart(digest),
        _section(
            say("mail.heading.filters"), [f"{name}: {value}" for name, value in digest.filters]
        ),
        _section(say("mail.heading.attached"), [letter.file_name, *digest.told]),
        [digest.meaning],
        [say("mail.sent_by", owner=letter.owner), say("mail.contact", contact=letter.contact)],
        [say("mail.automatic")],
    ]
    lines = [line for part in parts if part for line in (*part, "")]
    return "\n".join(wrapped for line in lines for wrapped in _wrapped(line))


def _section(heading: str, lines: Sequence[str], mark: str = "- ") -> list[str]:
    if not lines:
        return []
    return [heading, "-" * _cells(heading), *(f"{mark}{line}" for line in lines)]


def _figures(digest: Digest) -> list[str]:
    rows = [(f.title, f.value, f.change, f.foot) for f in digest.figures]
    return _aligned(rows, {1})


def _chart(digest: Digest) -> list[str]:
    if digest.chart is None:
        return []
    head = (digest.chart.x_title, *(digest.chart.legend or ("",)))
    return [
        digest.chart.title,
        "-" * _cells(digest.chart.title),
        *_aligned([head, *digest.chart.rows()], range(1, len(head))),
    ]


def _aligned(rows: Sequence[tuple[str, ...]], numbers: Container[int]) -> list[str]:
    """Return rows whose columns stand below each other; `numbers` are those set right."""
    widths = [max(_cells(row[at]) for row in rows) for at in range(len(rows[0]))]
    return [
        "  ".join(
            _padded(cell, width, right=at in numbers)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _padded(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - _cells(text))
    return f"{space}{text}" if right else f"{text}{space}"


def _cells(text: str) -> int:
    """Return how many columns a text takes: wide signs two, marks above others none."""
    return sum(
        0 if unicodedata.combining(sign) else 1 + (unicodedata.east_asian_width(sign) in {"W", "F"})
        for sign in text
    )


def _wrapped(line: str) -> list[str]:
    if "  " in line or _cells(line) <= _COLUMNS:
        return [line]
    indent = "  " if line.startswith("- ") else ""
    return textwrap.wrap(line, _COLUMNS, subsequent_indent=indent, break_long_words=False)
