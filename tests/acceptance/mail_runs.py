"""Runs of `clv-xl mail` against a real server, in a folder that costs no time to write to."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clv_xl.delivery.smtp_server import Tls
from tests.acceptance.command import Answer, Word, done, run
from tests.acceptance.mail_shop import Order, orders, write_orders, write_recipients
from tests.delivery.mail_server import USER, Running

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
FROM = "Reports team <reports@example.org>"


@contextmanager
def quick_folder() -> Iterator[Path]:
    """Make a folder in memory where the system has such: a ledger waits for its disk."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        yield Path(folder)


@dataclass(slots=True)
class Post:
    """A folder with orders, recipients and a ledger, and the server that takes the mail."""

    folder: Path
    running: Running

    def orders(self, rows: Sequence[Order] | None = None) -> None:
        """Write the orders."""
        write_orders(self.folder / "orders.csv", orders() if rows is None else rows)

    def recipients(self, *rows: Sequence[str]) -> None:
        """Write the list of recipients."""
        write_recipients(self.folder / "recipients.csv", rows)

    @property
    def reading(self) -> list[Word]:
        """The words that say what is read, and which ledger it is."""
        return [
            *("mail", self.folder / "recipients.csv", "--source", self.folder / "orders.csv"),
            *("--segment", "branch", "--ledger", self.ledger),
        ]

    @property
    def words(self) -> list[Word]:
        """The words of a run that writes into the outbox."""
        return [*self.reading, "--outbox", self.outbox]

    @property
    def ledger(self) -> Path:
        """The file of the ledger."""
        return self.folder / "mail.sqlite"

    @property
    def outbox(self) -> Path:
        """The folder of the outbox."""
        return self.folder / "outbox"

    @property
    def sending(self) -> list[Word]:
        """The words of a run that sends."""
        server = self.running
        before = "" if server.tls is Tls.NONE else f"{USER}@"
        url = f"smtp://{before}localhost:{server.port}"
        return [*self.reading, "--send", "--from", FROM, "--smtp", url, "--tls", str(server.tls)]

    def write(self, *more: Word) -> Answer:
        """Write the outbox."""
        return run(*self.words, *more)

    def send(self, *more: Word) -> Answer:
        """Send."""
        return run(*self.sending, *more)

    @property
    def taken(self) -> list[str]:
        """The addresses to which the server took mail, in order."""
        return [message.to for message in self.running.inbox.messages]

    def log(self) -> list[dict[str, Any]]:
        """Return what `mail log` says."""
        found: list[dict[str, Any]] = json.loads(
            done("mail", "log", "--json", "--ledger", self.ledger)
        )
        return found

    def states(self) -> dict[str, str]:
        """Return by address where its latest delivery stands."""
        return {row["recipient"]: row["state"] for row in self.log()}
