"""Who gets which report: a file with a recipient a row, judged as a whole before anything is built.

Everything that is wrong is said at once: whoever mends a list does not want to run it ten times.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from clv_xl.delivery.addresses import (
    UnusableAddressError,
    address,
    domain_of,
    domains,
    has_control_characters,
    same_mailbox,
    shown,
)
from clv_xl.delivery.audience import Audience, Detail
from clv_xl.delivery.recipient_table import Row, recipient_rows
from clv_xl.delivery.segment_names import AmbiguousSegmentError, named_segments
from clv_xl.errors import ClvError, DataError, InvalidArgumentError, counted, listed
from clv_xl.sources.raw_table import RawTable
from clv_xl.workbooks.templates import load_layout

__all__ = ["Detail", "Problem", "Recipient", "RecipientsError", "read_recipients"]

EVERYTHING = "*"
MOST_SPELLED_OUT = 200
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Recipient:
    """One recipient.

    Parameters
    ----------
    email
        The address, its domain in small letters and in the form that mail servers compare (IDNA).
    name
        Name as it is to stand beside the address; may be empty.
    audience
        What the recipient gets.
    row
        Row of the file, for messages.
    """

    email: str
    name: str
    audience: Audience
    row: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a row, and what to do."""

    row: int
    text: str

    def __str__(self) -> str:
        """Say it with its row."""
        return f"row {self.row}: {self.text}"


class RecipientsError(DataError):
    """A list of recipients cannot be used; everything that is wrong with it is in `problems`."""

    def __init__(self, source: str, problems: tuple[Problem, ...]) -> None:
        """Say the first of them, and how many more there are."""
        self.problems = problems
        spelled = [f"\n  {problem}" for problem in problems[:MOST_SPELLED_OUT]]
        more = len(problems) - MOST_SPELLED_OUT
        rest = f"\n  and {more} more" if more > 0 else ""
        super().__init__(
            f"{source} has {counted(len(problems), 'problem')}; nothing is built until "
            f"{'it is' if len(problems) == 1 else 'all are'} mended:{''.join(spelled)}{rest}"
        )


def read_recipients(
    source: Path | RawTable,
    *,
    layout: str,
    allowed_domains: Collection[str] = (),
    known_segments: Collection[str] | None = None,
) -> tuple[Recipient, ...]:
    """Return the recipients of a CSV, another delimited text, an `.xlsx` sheet or an open sheet.

    Parameters
    ----------
    source
        The file, or a table that is read already. Its header has ``email`` and ``segment``, and
        may have ``name``, ``layout`` and ``detail``.
    layout
        Layout of whoever has none in the list.
    allowed_domains
        Domains that may be written to; none given: every domain.
    known_segments
        Names of the segments in the orders; empty where these have no segment column. None: names
        are not compared.

    Raises
    ------
    RecipientsError
        If anything is wrong with any row: everything at once.
    ClvError
        If the file cannot be read, or has more than 10,000 recipients.
    """
    try:
        allowed = domains(allowed_domains)
    except UnusableAddressError as fault:
        raise InvalidArgumentError(
            "allow_domain", listed(allowed_domains), f"domains such as example.com: {fault}"
        ) from None
    table = recipient_rows(source)
    reader = _Reader(layout, allowed, known_segments, by_semicolon=table.by_semicolon)
    found = [reader.recipient(row) for row in table.rows]
    if reader.problems:
        raise RecipientsError(table.source, tuple(reader.problems))
    return tuple(one for one in found if one is not None)


class _Reader:
    """Reads row after row and collects what is wrong."""

    def __init__(
        self,
        layout: str,
        allowed: frozenset[str],
        known: Collection[str] | None,
        *,
        by_semicolon: bool,
    ) -> None:
        self._by_semicolon = by_semicolon
        self.problems: list[Problem] = []
        self._layout = layout
        self._layouts: dict[str, str] = {}
        self._allowed = allowed
        self._known = None if known is None else frozenset(known)
        self._seen: dict[str, int] = {}

    def recipient(self, row: Row) -> Recipient | None:
        """Return the recipient of a row, None where something is wrong with it."""
        before = len(self.problems)
        self.problems += [Problem(row.number, text) for text in self._of_the_row(row)]
        if len(self.problems) > before:
            return None
        email = self._email(row)
        wrong = [
            *self._of_segments(row),
            *self._of_layout(row),
            *_of_detail(row),
        ]
        self.problems += [Problem(row.number, text) for text in wrong]
        if len(self.problems) > before:
            return None
        audience = Audience(
            segments=tuple(sorted(set(self._segments(row)) - {EVERYTHING})),
            layout=row.layout or self._layout,
            detail=Detail(row.detail.casefold() or Detail.NONE),
        )
        return Recipient(email, row.name, audience, row.number)

    def _of_the_row(self, row: Row) -> Iterator[str]:
        """Say what makes a row unreadable as a whole."""
        if row.overlong:
            yield _overlong(by_semicolon=self._by_semicolon)
        for column, text in row.raw.items():
            if has_control_characters(text) and not (column == "segment" and self._knows_all(row)):
                yield f"the {column} {shown(text)} has a line end or control character: delete it"
        if len(row.name) > LONGEST_NAME:
            yield f"the name has {len(row.name)} letters, more than the {LONGEST_NAME} that fit"

    def _knows_all(self, row: Row) -> bool:
        """Return whether the orders name these segments, whatever signs are in them."""
        try:
            return set(self._segments(row)) <= (self._known or frozenset())
        except AmbiguousSegmentError:
            return False

    def _email(self, row: Row) -> str:
        try:
            email = address(row.email)
        except UnusableAddressError as fault:
            self._say(row, f"{shown(row.email) or 'a blank'} is no e-mail address: {fault}")
            return ""
        if self._allowed and domain_of(email) not in self._allowed:
            allowed = listed(sorted(self._allowed))
            self._say(
                row, f"{shown(row.email)} is not in a domain that is allowed, which are {allowed}"
            )
        first = self._seen.setdefault(same_mailbox(email), row.number)
        if first != row.number:
            self._say(
                row,
                f"{shown(row.email)} stands in row {first} already: name all its segments there",
            )
        return email

    def _say(self, row: Row, text: str) -> None:
        self.problems.append(Problem(row.number, text))

    def _segments(self, row: Row) -> list[str]:
        return named_segments(row.segment, self._known or ())

    def _of_segments(self, row: Row) -> Iterator[str]:
        try:
            names = self._segments(row)
        except AmbiguousSegmentError as fault:
            yield str(fault)
            return
        if not names:
            yield "the segment is blank: name segments, with ; between them, or * for everything"
        elif EVERYTHING in names:
            if len(set(names)) > 1:
                yield f"the segment {shown(row.segment)} has * beside names: keep one or the other"
        elif self._known is not None:
            for name in sorted(set(names) - self._known):
                yield self._unknown(name)

    def _unknown(self, name: str) -> str:
        known = sorted(self._known or ())
        if not known:
            return (
                f"the segment {shown(name)} cannot be told apart: name a segment column with "
                "--segment, or write * for everything"
            )
        folded = {one.casefold(): one for one in reversed(known)}
        close = get_close_matches(name.casefold(), folded, n=1)
        if close:
            return f"there is no segment {shown(name)}: did you mean {shown(folded[close[0]])}?"
        return f"there is no segment {shown(name)}; there are {listed(known)}"

    def _of_layout(self, row: Row) -> Iterator[str]:
        name = row.layout
        if name and name not in self._layouts:
            try:
                load_layout(name)
            except ClvError as fault:
                self._layouts[name] = str(fault)
            else:
                self._layouts[name] = ""
        if name and self._layouts[name]:
            yield self._layouts[name]


def _overlong(*, by_semicolon: bool) -> str:
    if by_semicolon:
        return (
            "it has more fields than the header: fields are set apart by ; here, so put one with ; "
            'in quotation marks, as in "North;South"'
        )
    return "it has more fields than the header: put a field with a comma in quotation marks"


def _of_detail(row: Row) -> Iterator[str]:
    if row.detail.casefold() not in {"", *Detail}:
        yield f"the detail {shown(row.detail)} must be {', '.join(Detail)} or blank for none"
