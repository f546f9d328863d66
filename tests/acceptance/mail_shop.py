"""A shop of five segments whose every value is found again, and a list of who gets what."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

SEGMENTS = ("Northgate", "Südstadt", "Rīgatown", "<b>Westend</b>", "東京店")
_LETTERS = "bcdfghklmnprstvz"
_FIRST = date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class Order:
    """One row of the source."""

    customer: str
    name: str
    day: date
    amount: str
    segment: str

    @property
    def values(self) -> tuple[str, ...]:
        """What nobody else may see."""
        return self.customer, self.name, self.amount, self.segment


def orders(customers: int = 8, seed: int = 7) -> list[Order]:
    """Return the orders of so many customers a segment; no two amounts are alike."""
    chance = random.Random(seed)  # noqa: S311 - rows for a test
    amounts = chance.sample(range(210_003, 989_999), len(SEGMENTS) * customers * 9)
    rows = []
    for segment in SEGMENTS:
        for _ in range(customers):
            word = "".join(chance.sample(_LETTERS, 9))
            for n in range(2 + chance.randrange(7)):
                day = _FIRST + timedelta(days=chance.randrange(90) + 40 * n)
                amount = f"{amounts.pop() / 100:.2f}"
                rows.append(Order(f"id{word}", f"Ms {word.title()}", day, amount, segment))
    return rows


def write_orders(path: Path, rows: Sequence[Order]) -> Path:
    """Write the source as a CSV."""
    lines = [f"{o.customer},{o.name},{o.day},{o.amount},{o.segment}" for o in rows]
    path.write_text("\n".join(["customer,name,date,amount,branch", *lines, ""]), encoding="utf-8")
    return path


def write_recipients(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    """Write a list of recipients: address, name, segment, detail."""
    lines = [",".join(row) for row in rows]
    path.write_text("\n".join(["email,name,segment,detail", *lines, ""]), encoding="utf-8")
    return path


def two_hundred() -> list[tuple[str, str, str, str]]:
    """Return two hundred recipients: of each segment, of two of them, and of everything."""
    rows = []
    for number in range(200):
        segment = SEGMENTS[number % 5]
        if number % 40 == 39:
            segment = "*"
        elif number % 11 == 7:
            segment = f"{segment};{SEGMENTS[0]}"
        rows.append((f"p{number}@example.org", f"Pēteris {number}", segment, "full"))
    return rows


def attachment(message: EmailMessage) -> bytes:
    """Return the only workbook in a message."""
    (found,) = message.iter_attachments()
    content = found.get_content()
    assert isinstance(content, bytes)
    return content


def texts_in(message: EmailMessage) -> Iterator[str]:
    """Return every text of a message: headers, bodies, and all parts of the workbook."""
    yield "\n".join(f"{name}: {value}" for name, value in message.items())
    for part in message.walk():
        if part.get_content_maintype() == "text":
            yield str(part.get_content())
    with ZipFile(BytesIO(attachment(message))) as package:
        for name in package.namelist():
            yield name
            yield package.read(name).decode("utf-8")
