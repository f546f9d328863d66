"""A run: workbooks are built for each audience, then each message is made, noted and sent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from email.message import EmailMessage

from clv_xl.arrays import day_of
from clv_xl.delivery.attachment import Attachment, build_attachment
from clv_xl.delivery.audience import Audience
from clv_xl.delivery.header_text import readable
from clv_xl.delivery.ledger import Ledger, State
from clv_xl.delivery.message import Issue, compose
from clv_xl.delivery.plan import (
    Line,
    Mailing,
    Wishes,
    delivery_mark,
    message_id,
    plan_run,
)
from clv_xl.delivery.report_period import covered_period
from clv_xl.delivery.run_results import Built, Result, Run
from clv_xl.delivery.transport import (
    DELIVERY_HEADER,
    Outcome,
    Receipt,
    Transport,
    TransportError,
)
from clv_xl.errors import ClvError

_NOON = time(12, tzinfo=UTC)
_STATES = {
    Outcome.SENT: State.SENT,
    Outcome.REFUSED: State.REFUSED,
    Outcome.UNKNOWN: State.UNKNOWN,
}

_LOST_IN_A_ROW = 2
"""Connections lost after a message, one after the other, that are no accident any more."""

Step = Callable[[str, int, int], None]
"""Is told what is being done, how many are done, and how many there are."""


def build_all(mailing: Mailing, lines: Sequence[Line], salt: bytes, step: Step) -> Built:
    """Return a workbook for each audience to which a message goes.

    What is wrong with one of them stops its messages, not those of others.

    Parameters
    ----------
    mailing
        What is mailed.
    lines
        What the run does.
    salt
        Secret bytes that pseudonyms are made with.
    step
        Is told of the progress.
    """
    audiences = list(dict.fromkeys(line.recipient.audience for line in lines if line.goes))
    built: dict[Audience, Attachment | ClvError] = {}
    for done, audience in enumerate(audiences):
        step("Building workbooks", done, len(audiences))
        try:
            built[audience] = build_attachment(
                mailing.read,
                mailing.assumptions,
                audience,
                mailing.texts,
                salt=salt,
                password=mailing.password,
                packing=mailing.packing,
            )
        except ClvError as fault:
            built[audience] = fault
    return built


def write_outbox(
    mailing: Mailing, wishes: Wishes, outbox: Transport, ledger: Ledger, step: Step
) -> Run:
    """Write every message that would go into an outbox; that is no delivery, and not noted.

    Messages are dated noon of the as-of day: the same data give the same files.
    """
    moment = datetime.combine(day_of(mailing.read.log.as_of), _NOON)
    lines = plan_run(mailing, ledger, wishes, moment)
    built = build_all(mailing, lines, ledger.salt(), step)
    with outbox:
        course = _Course(mailing, built, outbox, None, wishes, lambda: moment)
        return _run(course, lines, lambda _, done, total: step("Writing messages", done, total))


def carry_out(
    mailing: Mailing, wishes: Wishes, transport: Transport, ledger: Ledger, step: Step
) -> Run:
    """Send every message that is due; each is noted as on its way before its first byte leaves.

    A trial counts for nothing, and the ledger does not know of it.

    Parameters
    ----------
    mailing, wishes
        What is mailed, and what the user asks of the run.
    transport
        The way out.
    ledger
        Where it is noted.
    step
        Is told of the progress.

    Raises
    ------
    LedgerHeldError
        If another run is sending.
    TransportError
        If the way out cannot be opened; then nothing went.
    """
    if wishes.to_self:
        lines = plan_run(mailing, ledger, wishes, _now())
        built = build_all(mailing, lines, ledger.salt(), step)
        step("Connecting", 0, len(lines))
        with transport:
            return _run(_Course(mailing, built, transport, None, wishes, _now), lines, step)
    with ledger.held(_now()):
        lines = plan_run(mailing, ledger, wishes, _now())
        going = [line.delivery for line in lines if line.goes]
        built = build_all(mailing, lines, ledger.salt(), step)
        ledger.plan(going)
        course = _Course(mailing, built, transport, ledger, wishes, _now)
        if not going:
            return _run(course, lines, step)
        step("Connecting", 0, len(lines))
        with transport:
            return _run(course, lines, step)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class _Course:
    """What every message of a run needs."""

    mailing: Mailing
    built: Built
    transport: Transport
    ledger: Ledger | None
    wishes: Wishes
    clock: Callable[[], datetime]


def _run(course: _Course, lines: Sequence[Line], step: Step) -> Run:
    results: list[Result] = []
    stopped = ""
    for done, line in enumerate(lines):
        step("Sending", done, len(lines))
        if not line.goes:
            results.append(Result(line, None))
        elif stopped:
            results.append(Result(line, State.PLANNED))
        else:
            try:
                results.append(_delivered(course, line))
                stopped = _in_doubt(results)
            except TransportError as fault:
                stopped = str(fault)
                results.append(Result(line, State.PLANNED))
    return Run(tuple(results), stopped, course.built)


def _in_doubt(results: Sequence[Result]) -> str:
    """Return why a run ends rather than leave more messages of which nobody knows what became."""
    last = [result for result in results if result.state is not None][-_LOST_IN_A_ROW:]
    lost = len(last) == _LOST_IN_A_ROW and {one.state for one in last} == {State.UNKNOWN}
    receipt = last[-1].receipt
    if not (lost or (receipt is not None and receipt.hung)):
        return ""
    return f"{last[-1].answer}; the run ends here, and what was not sent goes out in the next one"


def _delivered(course: _Course, line: Line) -> Result:
    try:
        message, to = _message(course, line)
    except ClvError as fault:
        if course.ledger is not None:
            course.ledger.give_up(line.delivery, str(fault), course.clock())
        return Result(line, State.REFUSED, str(fault))
    receipt = _sent(course, line, message, to)
    return Result(line, _STATES[receipt.outcome], receipt.answer, receipt)


def _sent(course: _Course, line: Line, message: EmailMessage, to: str) -> Receipt:
    """Send one message between two notes in the ledger."""
    ledger, delivery = course.ledger, line.delivery
    if ledger is None:
        return course.transport.send(message, to)
    ledger.begin(delivery, course.clock())
    try:
        receipt = course.transport.send(message, to)
    except TransportError as fault:  # nothing of it has left
        ledger.settle(delivery, State.PLANNED, str(fault), course.clock())
        raise
    except BaseException:
        ledger.settle(delivery, State.UNKNOWN, "interrupted before the answer", course.clock())
        raise
    ledger.settle(delivery, _STATES[receipt.outcome], receipt.answer, course.clock())
    return receipt


def _message(course: _Course, line: Line) -> tuple[EmailMessage, str]:
    """Return the message of a line, marked as ours, and the address it goes to."""
    message, to = _composed(course, line)
    message[DELIVERY_HEADER] = delivery_mark(line.delivery, course.wishes.to_self)
    return message, to


def _composed(course: _Course, line: Line) -> tuple[EmailMessage, str]:
    mailing, recipient, trial = course.mailing, line.recipient, course.wishes.to_self
    attachment = course.built[recipient.audience]
    if isinstance(attachment, ClvError):
        raise attachment
    moment = course.clock()
    issue = Issue(
        period=covered_period(attachment.report),
        as_of=day_of(mailing.read.log.as_of),
        message_id=message_id(
            line.delivery, mailing.sender.address, moment.isoformat() if trial else ""
        ),
        date=moment,
        segments=tuple(map(readable, recipient.audience.segments)),
        detail=recipient.audience.detail,
        corrected=line.corrects,
    )
    if not trial:
        message = compose(
            attachment, recipient.email, recipient.name, mailing.sender, mailing.texts, issue
        )
        return message, recipient.email
    return _trial(course, line, attachment, issue), trial


def _trial(course: _Course, line: Line, attachment: Attachment, issue: Issue) -> EmailMessage:
    """Return a message for the sender's own eyes; it says whose it would be."""
    mailing, recipient = course.mailing, line.recipient
    say = mailing.texts.say
    told = say("mail.trial.told", email=recipient.email)
    marked = replace(attachment, told=(told, *attachment.told))
    message = compose(
        marked, course.wishes.to_self, recipient.name, mailing.sender, mailing.texts, issue
    )
    subject = say("mail.trial.subject", email=recipient.email, subject=str(message["Subject"]))
    del message["Subject"]
    message["Subject"] = subject
    return message
