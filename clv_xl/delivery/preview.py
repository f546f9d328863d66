"""What a run will do or did, and what the ledger knows, as rows of text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from clv_xl.delivery.header_text import readable
from clv_xl.delivery.ledger import Delivery, State
from clv_xl.delivery.plan import Line
from clv_xl.delivery.run_results import Result, Run
from clv_xl.reports.texts import Texts

RECIPIENT_HEADS = ("recipient", "name", "segments", "detail", "what")
RECIPIENT_WHOLE = frozenset({0})
"""Columns whose cells are never broken: the address."""
LOG_HEADS = ("period", "recipient", "report", "segments", "detail", "state", "when", "answer")
LOG_WHOLE = frozenset({0, 1, 6})
"""Likewise: period, address and moment."""
_MOST_OF_SEGMENTS = 60
"""Letters of a cell with names of segments."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The head of a table, and its rows."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def planned_rows(lines: Iterable[Line], texts: Texts) -> Rows:
    """Return who gets what, as it is planned."""
    return Rows(
        _head(RECIPIENT_HEADS, texts),
        tuple((*_who(line, texts), fate(line, texts)) for line in lines),
    )


def written_rows(run: Run, texts: Texts) -> Rows:
    """Return what was written into an outbox, and what will become of it."""
    rows = (_written(result, texts) for result in run.results)
    return Rows(_head(RECIPIENT_HEADS, texts), tuple(rows))


def _written(result: Result, texts: Texts) -> tuple[str, ...]:
    failed = result.line.goes and result.state is not State.SENT
    said = _settled(result, texts) if failed else fate(result.line, texts)
    if result.receipt is not None and result.receipt.replaced:
        said = texts.say("console.mail.replaced", fate=said)
    return (*_who(result.line, texts), said)


def sent_rows(run: Run, texts: Texts) -> Rows:
    """Return what became of each recipient."""
    rows = ((*_who(result.line, texts), _settled(result, texts)) for result in run.results)
    return Rows(_head(RECIPIENT_HEADS, texts), tuple(rows))


def logged_rows(deliveries: Sequence[Delivery], texts: Texts) -> Rows:
    """Return what the ledger knows, a delivery a row."""
    return Rows(_head(LOG_HEADS, texts), tuple(_logged(one, texts) for one in deliveries))


def nothing_logged(period: str | None, deliveries: Sequence[Delivery], texts: Texts) -> str:
    """Return what is said where the ledger has nothing to show, and of which periods it has."""
    if not deliveries or period is None:
        return texts.say("console.mail.nothing")
    names = tuple(sorted({one.period for one in deliveries}))
    return texts.say("console.mail.nothing_of", period=period, names=names)


def counts(run: Run, texts: Texts) -> str:
    """Return how a run ended, in one line."""
    counted = {str(state): run.count(state) for state in (State.SENT, State.REFUSED, State.PLANNED)}
    said = {**counted, "unknown": run.in_doubt, "skipped": run.skipped}
    return texts.say("console.mail.counts", **said)


def fate(line: Line, texts: Texts) -> str:
    """Return what a run does with a recipient, in words."""
    since = {} if line.since is None else {"since": moment(line.since)}
    return texts.say(f"console.mail.fate.{line.fate}", **since)


def moment(when: datetime) -> str:
    """Return a moment as the clock on the wall shows it."""
    return when.astimezone().strftime("%Y-%m-%d %H:%M")


def _settled(result: Result, texts: Texts) -> str:
    if result.state is None:
        skipped = texts.say("console.mail.state.skipped")
        return f"{skipped}: {fate(result.line, texts)}"
    state = texts.say(f"console.mail.state.{result.state}")
    return f"{state}: {result.answer}" if result.answer else state


def _who(line: Line, texts: Texts) -> tuple[str, str, str, str]:
    audience = line.recipient.audience
    shown = _segments(audience.segments, texts)
    return line.recipient.email, line.recipient.name, shown, str(audience.detail)


def _segments(names: tuple[str, ...], texts: Texts) -> str:
    if not names:
        return texts.say("console.mail.everything")
    shown = tuple(readable(name) for name in names)
    few = _fitting(shown)
    if few == len(shown):
        return texts.say("console.mail.segments", names=shown)
    rest = len(shown) - few
    return texts.say("console.mail.several_segments", names=shown[:few], count=rest)


def _fitting(names: Sequence[str]) -> int:
    """Return how many of the names a cell holds: the first, and as many as fit."""
    ends = accumulate(len(name) + 2 for name in names)
    return max(1, sum(end <= _MOST_OF_SEGMENTS for end in ends))


def _logged(delivery: Delivery, texts: Texts) -> tuple[str, ...]:
    state = texts.say(f"console.mail.state.{delivery.state}")
    if delivery.correction:
        number = texts.say("console.mail.corrected", number=delivery.correction)
        state = f"{state}, {number}"
    return (
        delivery.period,
        delivery.recipient,
        delivery.report,
        _segments(delivery.segments, texts),
        delivery.detail,
        state,
        moment(delivery.changed_at),
        delivery.answer,
    )


def _head(names: tuple[str, ...], texts: Texts) -> tuple[str, ...]:
    return tuple(texts.say(f"console.mail.head.{name}") for name in names)
