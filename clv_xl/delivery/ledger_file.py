"""The file of the ledger: a database of SQLite, opened, checked, and held by one run at a time.

The journal is SQLite's rollback journal, written through to the disk at every commit: it lives
through ``kill -9`` and a power cut, and, unlike a write-ahead log, on a network drive. One run
holds the ledger by a lock on a second file, which the system gives back however the run ends.
"""

import getpass
import os
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from platformdirs import user_data_path

from clv_xl.errors import ClvError

VERSION = 1
_OURS = 0x436C764D
"""What marks the file as ours among databases."""
_PATIENCE = 15.0
"""Seconds to wait for another program that is writing at this moment."""
_SCHEMA = """
CREATE TABLE settings (name TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE holder (
    one INTEGER PRIMARY KEY CHECK (one = 1), who TEXT NOT NULL, since TEXT NOT NULL
);
CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY,
    report TEXT NOT NULL,
    recipient TEXT NOT NULL,
    period TEXT NOT NULL,
    correction INTEGER NOT NULL DEFAULT 0,
    data_hash TEXT NOT NULL,
    segments TEXT NOT NULL,
    layout TEXT NOT NULL,
    detail TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'sending', 'sent', 'refused', 'unknown')),
    planned_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    answer TEXT NOT NULL DEFAULT '',
    UNIQUE (report, recipient, period, correction)
);
"""


class LedgerError(ClvError):
    """The ledger cannot be read or written: why, and what to do."""


class LedgerHeldError(LedgerError):
    """Another run is sending."""


def usual_ledger() -> Path:
    """Return where the ledger of this user is, unless another one is named."""
    return user_data_path("clv_xl", appauthor=False) / "mail.sqlite"


def opened(path: Path, *, make: bool = True) -> sqlite3.Connection:
    """Return a connection to a ledger.

    Parameters
    ----------
    path
        The file.
    make
        Whether it is made where there is none.

    Raises
    ------
    LedgerError
        If it cannot be opened, is something else, or is of a later clv_xl.
    """
    if not make and not path.is_file():
        raise LedgerError(f"there is no ledger {path}: nothing was sent with it yet")
    with told(path):
        _make_private(path)
        connection = sqlite3.connect(path.absolute(), timeout=_PATIENCE, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("PRAGMA synchronous = EXTRA")
            _check(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what SQLite or the system complains of into a sentence."""
    try:
        yield
    except sqlite3.DatabaseError as fault:
        if getattr(fault, "sqlite_errorcode", None) == sqlite3.SQLITE_NOTADB:
            raise LedgerError(f"{path} is no ledger: name another file with --ledger") from None
        raise LedgerError(f"the ledger {path} cannot be used: {fault}") from None
    except OSError as fault:
        raise LedgerError(f"the ledger {path} cannot be opened: {fault.strerror}") from None


def _make_private(path: Path) -> None:
    """Make the file where there is none: addresses are nobody's business but its owner's."""
    if path == usual_ledger():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _check(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables in an empty file; refuse what is not ours."""
    with transaction(connection):
        ours = connection.execute("PRAGMA application_id").fetchone()[0] == _OURS
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
            for statement in filter(str.strip, _SCHEMA.split(";")):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {_OURS}")
            connection.execute(f"PRAGMA user_version = {VERSION}")
        elif not ours:
            raise LedgerError(
                f"{path} is a database of another program: name another file with --ledger"
            )
        elif version > VERSION:
            raise LedgerError(
                f"the ledger {path} is of a later clv_xl (version {version}, this one reads "
                f"{VERSION}): update clv_xl, or name another file with --ledger"
            )


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Write all of it or nothing; on the disk when it ends."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextmanager
def held(connection: sqlite3.Connection, path: Path, now: datetime) -> Iterator[None]:
    """Hold the ledger as the only run that sends.

    Raises
    ------
    LedgerHeldError
        If another run holds it: who, and since when.
    """
    beside = path.resolve()  # one ledger has one lock, whichever link leads to it
    beside = beside.with_name(f"{beside.name}.lock")
    with told(beside):
        _make_private(beside)
        lock = sqlite3.connect(beside.absolute(), timeout=0, isolation_level=None)
    try:
        try:
            lock.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as fault:
            if fault.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise LedgerError(f"{beside} cannot be locked: {fault}") from None
            raise LedgerHeldError(_held_by(connection, path)) from None
        with told(path):
            row = (1, _who(), now.isoformat(timespec="seconds"))
            connection.execute("INSERT OR REPLACE INTO holder VALUES (?, ?, ?)", row)
        yield
        with told(path):
            connection.execute("DELETE FROM holder")
    finally:
        lock.close()


def _held_by(connection: sqlite3.Connection, path: Path) -> str:
    with told(path):
        row = connection.execute("SELECT who, since FROM holder").fetchone()
    who, since = row or ("another run", "a moment ago")
    return f"{who} is sending with the ledger {path} since {since}: wait until that run has ended"


def _who() -> str:
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):
        user = "somebody"
    return f"{user} on {socket.gethostname()} (process {os.getpid()})"
