"""How a message leaves: one protocol, and what became of each message."""

from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from types import TracebackType
from typing import Protocol, Self

from clv_xl.errors import ClvError

DELIVERY_HEADER = "X-CLV-XL-Delivery"
"""Header by which a message is known as ours: of which report, period and recipient."""


class TransportError(ClvError):
    """Nothing can go: what stands in the way, and what to do.

    The message in hand has certainly not gone out.
    """


class Outcome(StrEnum):
    """What became of a message."""

    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    """The connection was lost after the message began to go out and before the answer came."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a message, and the answer in words; it holds no secret.

    `hung` says that the server took the message and did not answer: what follows would fare alike.
    `replaced` says that an older message of the same delivery had to give way.
    """

    outcome: Outcome
    answer: str
    hung: bool = False
    replaced: bool = False


class Transport(Protocol):
    """Takes messages, one recipient at a time.

    Entering it makes ready (signs in, makes a folder), so that what stands in the way of all
    messages is known before the first is marked as on its way.
    """

    def __enter__(self) -> Self:
        """Make ready, or raise `TransportError`."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close; never raises."""

    def send(self, message: EmailMessage, to: str) -> Receipt:
        """Send a message to one address.

        Raises
        ------
        TransportError
            If nothing can go any more; this message has not gone out. One bad recipient is a
            receipt, never an error.
        """
