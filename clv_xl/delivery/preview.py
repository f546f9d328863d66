"""What a run will do or did, and what the ledger knows, as rows of text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from clv_xl.delivery.ledger import Delivery, State
from clv_xl.delivery.plan import Line
from clv_xl.delivery.run import Result, Run
from clv_xl.reports.texts import Texts

RECIPIENT_HEADS = ("recipient", "name", "segments", "detail", "what")
LOG_HEADS = ("period", "recipient", "report", "segments", "detail", "state", "when", "answer")


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
    return (*_who(result.line, texts), said)


def sent_rows(run: Run, texts: Texts) -> Rows:
    """Return what became of each recipient."""
    rows = ((*_who(result.line, texts), _settled(result, texts)) for result in run.results)
    return Rows(_head(RECIPIENT_HEADS, texts), tuple(rows))


def logged_rows(deliveries: Sequence[Delivery], texts: Texts) -> Rows:
    """Return what the ledger knows, a delivery a row."""
    return Rows(_head(LOG_HEADS, texts), tuple(_logged(one, texts) for one in deliveries))


def counts(run: Run, texts: Texts) -> str:
    """Return how a run ended, in one line."""
    states = (State.SENT, State.REFUSED, State.UNKNOWN, State.PLANNED)
    counted = {str(state): run.count(state) for state in states}
    return texts.say("console.mail.counts", **counted, skipped=run.count(None))


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
    return texts.say("console.mail.segments", names=names)


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
