"""Who gets what in a run: decided from recipients, data and ledger before anything is built."""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from clv_xl.delivery.addresses import same_mailbox
from clv_xl.delivery.attachment import Packing
from clv_xl.delivery.audience import Audience, own_orders
from clv_xl.delivery.fingerprint import data_hash
from clv_xl.delivery.ledger import Delivery, Ledger, State
from clv_xl.delivery.message import Sender
from clv_xl.delivery.recipients import Recipient
from clv_xl.errors import ClvError, DataError, counted
from clv_xl.reports.assumptions import Assumptions
from clv_xl.reports.texts import Texts
from clv_xl.sources.source_read import SourceRead


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mailing:
    """What is mailed, to whom, and by whom.

    Parameters
    ----------
    read
        The whole source.
    assumptions
        What the owner of the report decided.
    period
        Name of the period, as `ledger_period` gives it.
    recipients
        Who gets it.
    sender
        Whose name stands above it.
    texts
        The message catalogue.
    packing
        Paper and largest size of the workbooks.
    password
        Encrypts the workbooks; None: they open without one.
    former_periods
        Other names by which a ledger of an earlier version knows the period.
    """

    read: SourceRead
    assumptions: Assumptions
    period: str
    recipients: tuple[Recipient, ...]
    sender: Sender
    texts: Texts
    packing: Packing
    password: str | None = None
    former_periods: tuple[str, ...] = ()

    def report_of(self, audience: Audience) -> str:
        """Return what the report of an audience is known by: its title and its layout."""
        title = self.assumptions.title or self.texts.say("cover.title")
        return f"{title} · {Path(audience.layout).name}"

    def report_names(self) -> dict[str, str]:
        """Return by address what tells its report from the usual one, for names of files.

        The usual report has neither a title nor a layout of its own.
        """
        usual = Assumptions().layout
        return {
            one.email: " ".join(
                name
                for name in (self.assumptions.title, Path(one.audience.layout).stem)
                if name and name != usual
            )
            for one in self.recipients
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the user asks of a run.

    Parameters
    ----------
    correct
        Whether those who were served with other data get a correction.
    if_changed
        Whether those whose data are those of their last delivery are left out.
    retry_unknown
        Whether what may or may not have arrived is sent again.
    to_self
        The one address that gets every message, as a trial; empty: the recipients get them.
    most
        Most messages that may go; None: any number.
    """

    correct: bool = False
    if_changed: bool = False
    retry_unknown: bool = False
    to_self: str = ""
    most: int | None = None


class Fate(StrEnum):
    """What a run does with a recipient."""

    SEND = "send"
    CORRECT = "correct"
    AGAIN = "again"
    SERVED = "served"
    CHANGED = "changed"
    """Served, with other data than there are now."""
    SAME = "same"
    """Left out by `if_changed`."""
    UNKNOWN = "unknown"


_GOING = frozenset({Fate.SEND, Fate.CORRECT, Fate.AGAIN})


@dataclass(frozen=True, slots=True)
class Line:
    """One recipient, what the run does, the delivery it is about, and since when that stands."""

    recipient: Recipient
    fate: Fate
    delivery: Delivery
    since: datetime | None = None

    @property
    def goes(self) -> bool:
        """Whether a message goes out."""
        return self.fate in _GOING

    @property
    def corrects(self) -> bool:
        """Whether the message corrects one that went out before."""
        return self.delivery.correction > 0


def plan_run(mailing: Mailing, ledger: Ledger, wishes: Wishes, now: datetime) -> tuple[Line, ...]:
    """Return what the run does with each recipient, in their order.

    Raises
    ------
    DataError
        If more messages would go than the user allows.
    """
    lines = tuple(_lines(mailing, ledger, wishes, now))
    going = sum(line.goes for line in lines)
    if wishes.most is not None and going > wishes.most:
        raise DataError(
            f"{counted(going, 'message')} would go, more than the {wishes.most} that --max allows: "
            "nothing is built; raise --max, or shorten the list of recipients"
        )
    return lines


def _lines(mailing: Mailing, ledger: Ledger, wishes: Wishes, now: datetime) -> Iterator[Line]:
    hashes = {one: _hash(mailing, one) for one in {to.audience for to in mailing.recipients}}
    history: dict[tuple[str, str], list[Delivery]] = {}
    for noted in ledger.deliveries():
        history.setdefault(_thread(noted), []).append(noted)
    names = {mailing.period, *mailing.former_periods}
    for recipient in mailing.recipients:
        audience = recipient.audience
        new = Delivery(
            report=mailing.report_of(audience),
            recipient=same_mailbox(recipient.email),
            period=mailing.period,
            data_hash=hashes[audience],
            segments=audience.segments,
            layout=audience.layout,
            detail=audience.detail,
            planned_at=now,
            changed_at=now,
        )
        if wishes.to_self:
            yield _rehearsed(recipient, new, history.get(_thread(new), ()), names, wishes)
        else:
            yield _decided(recipient, new, history.get(_thread(new), ()), names, wishes)


def _thread(delivery: Delivery) -> tuple[str, str]:
    """Return what deliveries of one report to one recipient share: a title in any letters."""
    return delivery.report.casefold(), delivery.recipient


def _rehearsed(
    recipient: Recipient,
    new: Delivery,
    history: Sequence[Delivery],
    names: Collection[str],
    wishes: Wishes,
) -> Line:
    """Return a line that goes whatever the ledger knows, as the correction that it would be."""
    line = _decided(recipient, new, history, names, wishes)
    return line if line.fate is Fate.CORRECT else Line(recipient, Fate.SEND, new)


def _hash(mailing: Mailing, audience: Audience) -> str:
    """Return the hash of an audience's data; where it has none, the build says why."""
    try:
        own = own_orders(mailing.read, audience)
    except ClvError:
        return ""
    return data_hash(own, mailing.assumptions, audience)


def _decided(
    recipient: Recipient,
    new: Delivery,
    history: Sequence[Delivery],
    names: Collection[str],
    wishes: Wishes,
) -> Line:
    """Return what becomes of a recipient, given what the ledger knows of it."""
    here = sorted((one for one in history if one.period in names), key=_standing)
    if here:  # a delivery goes on under the names by which it is known
        new = replace(new, period=here[-1].period, report=here[-1].report)
    latest = here[-1] if here else None
    if latest is not None and latest.state in {State.UNKNOWN, State.SENDING}:
        if wishes.retry_unknown:
            return Line(recipient, Fate.AGAIN, _renewed(new, latest.correction), latest.changed_at)
        return Line(recipient, Fate.UNKNOWN, latest, latest.changed_at)
    served = [one for one in here if one.state is State.SENT]
    if served:
        return _served(recipient, new, served[-1], wishes)
    if wishes.if_changed and _last_hash(history) == new.data_hash:
        return Line(recipient, Fate.SAME, new)
    return Line(recipient, Fate.SEND, new)


def _standing(delivery: Delivery) -> tuple[int, bool]:
    """Return what puts deliveries of one period in order: of two of a kind, the sent one counts."""
    return delivery.correction, delivery.state is State.SENT


def _served(recipient: Recipient, new: Delivery, last: Delivery, wishes: Wishes) -> Line:
    if last.data_hash == new.data_hash:
        return Line(recipient, Fate.SERVED, last, last.changed_at)
    if not wishes.correct:
        return Line(recipient, Fate.CHANGED, last, last.changed_at)
    return Line(recipient, Fate.CORRECT, _renewed(new, last.correction + 1), last.changed_at)


def _renewed(new: Delivery, correction: int) -> Delivery:
    return replace(new, correction=correction)


def _last_hash(history: Sequence[Delivery]) -> str | None:
    sent = [one for one in history if one.state is State.SENT]
    return max(sent, key=lambda one: one.changed_at).data_hash if sent else None


def message_id(delivery: Delivery, sender: str, trial: str = "") -> str:
    """Return the Message-ID of a delivery: the same whenever the message is made anew.

    Parameters
    ----------
    delivery
        What it delivers.
    sender
        Address of the sender, whose domain it carries.
    trial
        Sets the message apart from the real one, and from other trials.
    """
    told = (delivery.report, delivery.recipient, delivery.period, str(delivery.correction), trial)
    return f"<{_digest(*told)}@{sender.rpartition('@')[2]}>"


def delivery_mark(delivery: Delivery, trial: str = "") -> str:
    """Return what a delivery, and each correction of it, is known by; it tells nobody what it is.

    Parameters
    ----------
    delivery
        What is delivered.
    trial
        Address that gets it as a trial; empty: it is no trial.
    """
    return _digest(delivery.report.casefold(), delivery.recipient, delivery.period, "mark", trial)


def _digest(*told: str) -> str:
    return hashlib.sha256("\x1f".join(told).encode("utf-8", "surrogatepass")).hexdigest()[:32]
