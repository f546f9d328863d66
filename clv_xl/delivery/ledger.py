"""The ledger: who was sent which report of which period, so that nobody gets it twice.

A delivery is planned, then sending, then sent, refused or unknown. *Sending* is on the disk before
the first byte leaves; whatever is still sending when a run begins was left so by a run that died,
and is unknown from then on. No body and no figure is kept.
"""

import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

from clv_xl.delivery.ledger_file import LedgerError, held, opened, told, transaction

_LONGEST_ANSWER = 500
_SEPARATOR = ";"
_APART = "\x1f"
"""Stands before each name where one of them holds the separator."""
_COLUMNS = (
    "report, recipient, period, correction, data_hash, segments, layout, detail, state, "
    "planned_at, changed_at, answer"
)
_LEFT = "the run ended before the answer came"


class State(StrEnum):
    """Where a delivery stands."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message of one report to one recipient.

    Parameters
    ----------
    report
        What the report is known by: title and layout.
    recipient
        The mailbox.
    period
        Name of the period, as `ledger_period` gives it.
    correction
        0 for the report itself, then 1, 2, … for each correction.
    data_hash
        Fingerprint of the data and the filter.
    segments, layout, detail
        The filter; no segments: everything.
    state, planned_at, changed_at
        Where it stands, since when it was planned, and when that changed last.
    answer
        The server's words.
    """

    report: str
    recipient: str
    period: str
    correction: int = 0
    data_hash: str
    segments: tuple[str, ...]
    layout: str
    detail: str
    state: State = State.PLANNED
    planned_at: datetime
    changed_at: datetime
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Purged:
    """How many deliveries were forgotten, and how many old ones stayed as the newest of theirs."""

    forgotten: int
    kept: int


class Ledger:
    """The ledger in one file.

    Parameters
    ----------
    path
        The file.
    make
        Whether it is made where there is none.
    """

    def __init__(self, path: Path, *, make: bool = True) -> None:
        """Take the file; it is opened on entering."""
        self.path = path
        self._make = make
        self._connection: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        """Open the file."""
        self._connection = opened(self.path, make=self._make)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._open.close()
        self._connection = None

    @property
    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            raise ValueError("the ledger is not open")
        return self._connection

    @contextmanager
    def held(self, now: datetime) -> Iterator[None]:
        """Hold the ledger as the only run that sends; what a dead run left is unknown from now on.

        Raises
        ------
        LedgerHeldError
            If another run holds it.
        """
        with held(self._open, self.path, now):
            with told(self.path):
                self._open.execute(
                    "UPDATE deliveries SET state = 'unknown', answer = ? WHERE state = 'sending'",
                    (_LEFT,),
                )
            yield

    def salt(self) -> bytes:
        """Return the secret from which pseudonyms are made; it is made once."""
        with told(self.path), transaction(self._open):
            self._open.execute(
                "INSERT OR IGNORE INTO settings VALUES ('salt', ?)", (secrets.token_bytes(32),)
            )
            row = self._open.execute("SELECT value FROM settings WHERE name = 'salt'").fetchone()
        return bytes(row[0])

    def deliveries(self, *, report: str | None = None, period: str | None = None) -> list[Delivery]:
        """Return the deliveries, in the order in which they were planned first."""
        wanted = {"report": report, "period": period}
        given = {name: value for name, value in wanted.items() if value is not None}
        where = " AND ".join(f"{name} = :{name}" for name in given) or "TRUE"
        select = f"SELECT {_COLUMNS} FROM deliveries WHERE {where} ORDER BY id"  # noqa: S608 - names of ours
        with told(self.path):
            return [_delivery(row) for row in self._open.execute(select, given)]

    def plan(self, deliveries: Sequence[Delivery]) -> None:
        """Note deliveries as planned: new ones, refused ones, and unknown ones to be sent again."""
        columns = ", ".join(f":{name.strip()}" for name in _COLUMNS.split(","))
        with told(self.path), transaction(self._open):
            for delivery in deliveries:
                done = self._open.execute(
                    f"INSERT INTO deliveries ({_COLUMNS}) VALUES ({columns}) "  # noqa: S608 - likewise
                    "ON CONFLICT (report, recipient, period, correction) DO UPDATE SET "
                    "data_hash = excluded.data_hash, segments = excluded.segments, "
                    "detail = excluded.detail, state = 'planned', "
                    "planned_at = excluded.planned_at, changed_at = excluded.changed_at, "
                    "answer = '' WHERE state NOT IN ('sent', 'sending')",
                    _row(delivery),
                )
                _one(done, delivery, "is sent already")

    def begin(self, delivery: Delivery, now: datetime) -> None:
        """Note that a delivery is on its way; this is on the disk before anything leaves."""
        self._move(delivery, State.PLANNED, State.SENDING, now, "")

    def settle(self, delivery: Delivery, state: State, answer: str, now: datetime) -> None:
        """Note what became of a delivery that was on its way."""
        self._move(delivery, State.SENDING, state, now, answer)

    def give_up(self, delivery: Delivery, answer: str, now: datetime) -> None:
        """Note that a planned delivery cannot be made."""
        self._move(delivery, State.PLANNED, State.REFUSED, now, answer)

    def _move(
        self, delivery: Delivery, was: State, state: State, now: datetime, answer: str
    ) -> None:
        said = " ".join(answer.split())[:_LONGEST_ANSWER]
        moment = now.isoformat(timespec="seconds")
        with told(self.path), transaction(self._open):
            done = self._open.execute(
                "UPDATE deliveries SET state = ?, changed_at = ?, answer = ? WHERE state = ? "
                "AND report = ? AND recipient = ? AND period = ? AND correction = ?",
                (state, moment, said, was, *_key(delivery)),
            )
            _one(done, delivery, f"is not {was} any more")

    def purge(self, before: datetime, *, also_newest: bool = False) -> Purged:
        """Forget deliveries that changed last before a moment; their periods can be sent again.

        Parameters
        ----------
        before
            The moment, with a time zone.
        also_newest
            Whether those of the newest period of their report go too.
        """
        old = [one for one in self.deliveries() if one.changed_at < before]
        newest = {} if also_newest else self._newest_periods()
        going = [one for one in old if newest.get(one.report) != one.period]
        with told(self.path):
            with transaction(self._open):
                self._open.executemany(
                    "DELETE FROM deliveries WHERE report = ? AND recipient = ? AND period = ? "
                    "AND correction = ?",
                    [_key(one) for one in going],
                )
            self._open.execute("VACUUM")  # what is forgotten is not in the file any more
        return Purged(len(going), len(old) - len(going))

    def _newest_periods(self) -> dict[str, str]:
        """Return by report the period that was planned last."""
        by_time = sorted(self.deliveries(), key=lambda one: one.planned_at)
        return {one.report: one.period for one in by_time}


def _one(done: sqlite3.Cursor, delivery: Delivery, why: str) -> None:
    if done.rowcount != 1:
        raise LedgerError(
            f"the delivery of {delivery.period} to {delivery.recipient} {why}: another run has "
            "changed the ledger; look at clv-xl mail log"
        )


def _key(delivery: Delivery) -> tuple[str, str, str, int]:
    return delivery.report, delivery.recipient, delivery.period, delivery.correction


def _row(delivery: Delivery) -> dict[str, str | int]:
    return {
        "report": delivery.report,
        "recipient": delivery.recipient,
        "period": delivery.period,
        "correction": delivery.correction,
        "data_hash": delivery.data_hash,
        "segments": _joined(delivery.segments),
        "layout": delivery.layout,
        "detail": delivery.detail,
        "state": State.PLANNED,
        "planned_at": delivery.planned_at.isoformat(timespec="seconds"),
        "changed_at": delivery.changed_at.isoformat(timespec="seconds"),
        "answer": "",
    }


def _joined(names: Sequence[str]) -> str:
    if any(_SEPARATOR in name for name in names):
        return "".join(f"{_APART}{name}" for name in names)
    return _SEPARATOR.join(names)


def _apart(text: str) -> tuple[str, ...]:
    if text.startswith(_APART):
        return tuple(text.split(_APART)[1:])
    return tuple(text.split(_SEPARATOR)) if text else ()


def _delivery(row: Sequence[str]) -> Delivery:
    report, recipient, period, correction, data_hash, segments, layout, detail, state, *rest = row
    planned, changed, answer = rest
    return Delivery(
        report=report,
        recipient=recipient,
        period=period,
        correction=int(correction),
        data_hash=data_hash,
        segments=_apart(segments),
        layout=layout,
        detail=detail,
        state=State(state),
        planned_at=datetime.fromisoformat(planned),
        changed_at=datetime.fromisoformat(changed),
        answer=answer,
    )
