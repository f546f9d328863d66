"""A small mailing, and a way out that does as it is told."""

from collections.abc import Sequence
from email.message import EmailMessage
from functools import cache
from types import TracebackType
from typing import Self

from clv_xl.delivery.attachment import Packing
from clv_xl.delivery.audience import Audience, Detail
from clv_xl.delivery.message import Sender
from clv_xl.delivery.plan import Mailing
from clv_xl.delivery.recipients import Recipient
from clv_xl.delivery.transport import Outcome, Receipt
from clv_xl.reports.assumptions import Assumptions
from clv_xl.sources.open_tables import open_table
from clv_xl.sources.recorded_options import usual_options
from clv_xl.sources.source_read import SourceRead, read_source
from clv_xl.sources.vocabulary import ORDER_WORDS, HeaderWords
from clv_xl.workbooks.templates import load_texts

ADA, BOB, EVE = (f"{name}@example.org" for name in ("ada", "bob", "eve"))
PLAIN = Assumptions(period="2024")
Row = tuple[str, str, float, str]


def rows(extra: Sequence[Row] = ()) -> list[Row]:
    """Return orders of twelve customers of two shops in 2023 and 2024."""
    plain = [
        (
            f"c{n % 12}",
            f"{2023 + n % 2}-{1 + n % 11:02d}-15",
            10.0 + n,
            "web" if n % 12 < 6 else "Rome",
        )
        for n in range(60)
    ]
    return [*plain, *extra]


def read(orders: Sequence[Row]) -> SourceRead:
    """Return orders as a source."""
    words = HeaderWords(ORDER_WORDS, (), ("customer", "date", "amount"))
    table = open_table([("customer", "date", "amount", "shop"), *orders], "orders", words)
    return read_source(table, usual_options() | {"segment": ("shop",)})


@cache
def _plain_read() -> SourceRead:
    return read(rows())


def audience(*segments: str, detail: Detail = Detail.NONE) -> Audience:
    return Audience(segments, "executive", detail)


def mailing(
    *audiences: Audience,
    source: SourceRead | None = None,
    assumptions: Assumptions = PLAIN,
    period: str = "2024",
) -> Mailing:
    """Return what is mailed to Ada, Bob and Eve: everything, unless audiences are given."""
    wanted = audiences or (audience(), audience(), audience())
    addresses = (ADA, BOB, EVE)[: len(wanted)]
    return Mailing(
        read=source or _plain_read(),
        assumptions=assumptions,
        period=period,
        recipients=tuple(
            Recipient(email, "", one, row)
            for row, (email, one) in enumerate(zip(addresses, wanted, strict=True), start=2)
        ),
        sender=Sender("reports@example.org"),
        texts=load_texts(),
        packing=Packing(),
    )


class Told:
    """A way out whose receipts are told beforehand; without any, everything is sent."""

    def __init__(
        self, *answers: Receipt | BaseException, closed: BaseException | None = None
    ) -> None:
        """Take the receipts and faults, message by message."""
        self._answers = list(answers)
        self._closed = closed
        self.opened = 0
        self.taken: list[tuple[str, EmailMessage]] = []

    def __enter__(self) -> Self:
        if self._closed is not None:
            raise self._closed
        self.opened += 1
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close nothing."""

    def send(self, message: EmailMessage, to: str) -> Receipt:
        answer = self._answers.pop(0) if self._answers else Receipt(Outcome.SENT, "250 queued")
        if isinstance(answer, BaseException):
            raise answer
        self.taken.append((to, message))
        return answer

    @property
    def addresses(self) -> list[str]:
        """To whom messages were handed over."""
        return [to for to, _ in self.taken]
