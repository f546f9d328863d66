"""Order logs whose segments can be told apart in any byte of a workbook."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pandas as pd

from clv_xl.delivery.attachment import Attachment, build_attachment
from clv_xl.delivery.audience import Audience, Detail
from clv_xl.reports.assumptions import Assumptions, Spend
from clv_xl.reports.texts import Texts
from clv_xl.sources.open_tables import fingerprinted
from clv_xl.sources.raw_table import RawTable, cell_text, columns_of
from clv_xl.sources.recorded_options import recorded, usual_options
from clv_xl.sources.report_inputs import assumptions_of
from clv_xl.sources.source_read import SourceRead, read_source
from clv_xl.workbooks.templates import load_texts

SALT = b"a salt of a test, long enough"
SOURCE = "orders-of-the-house.csv"
SPEND = "spend-of-the-house.csv"
HEADERS = ("customer", "date", "amount", "channel", "customer name", "phone")
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Shop:
    """A source as it was read, and what its owner decided."""

    read: SourceRead
    assumptions: Assumptions

    def attachment(
        self,
        *segments: str,
        detail: Detail = Detail.NONE,
        **more: Any,  # noqa: ANN401 - as build_attachment takes them
    ) -> Attachment:
        """Return the attachment of an audience."""
        audience = Audience(tuple(sorted(segments)), "executive", detail)
        return build_attachment(
            self.read, self.assumptions, audience, texts(), **{"salt": SALT, **more}
        )


@cache
def texts() -> Texts:
    return load_texts()


def orders_of(segment: str, mark: str, customers: int, *, cents: str = "01") -> list[Row]:
    """Return two years of orders of one segment; `mark` is in every id, name and phone."""
    rows: list[Row] = []
    for number in range(customers):
        for k in range(1 + number % 4):
            day = f"20{22 + k % 2}-{1 + (number + 5 * k) % 12:02d}-{1 + (number * 7 + k) % 28:02d}"
            amount = f"{20 + number + 3 * k}.{cents}"
            who = f"{mark}{number:03d}"
            rows.append((f"id{who}", day, amount, segment, f"Name {who}", f"+371 {who}"))
    return rows


def table_of(rows: Sequence[Row], headers: Sequence[str] = HEADERS) -> RawTable:
    """Return rows as a table that was read from a file."""
    cells, numbers = columns_of([[cell_text(cell) for cell in row] for row in rows], len(headers))
    return fingerprinted(
        RawTable(
            source=SOURCE,
            headers=tuple(headers),
            cells=cells,
            rows=pd.RangeIndex(2, len(rows) + 2).to_numpy(),
            has_header=True,
            sha256="",
            numbers=numbers,
        )
    )


def shop(
    rows: Sequence[Row],
    headers: Sequence[str] = HEADERS,
    options: Mapping[str, Any] | None = None,
    **decided: Any,  # noqa: ANN401 - as Assumptions takes them
) -> Shop:
    """Return a shop of these rows; the options are those of the command line."""
    given = usual_options() | {
        "segment": ("channel",),
        "keep": ("phone",),
        "date_order": "ymd",
        "as_of": "2024-01-31",
    }
    given |= options or {}
    read = read_source(table_of(rows, headers), given)
    assumptions = assumptions_of(read, given, decided.pop("spend", None))
    return Shop(
        read,
        replace(
            assumptions,
            source=SOURCE,
            options=recorded(given),
            **{"margin_rate": 0.4, **decided},
        ),
    )


def spend_by(segments: Sequence[str], amount: float = 70.25) -> Spend:
    """Return spend of a quarter in each segment; each has an amount of its own."""
    months = pd.to_datetime(["2023-01-01", "2023-02-01", "2023-03-01"])
    names = [name for name in segments for _ in months]
    return Spend(
        months=pd.Series(list(months) * len(segments)),
        amounts=pd.Series([amount + 1000 * n for n in range(len(segments)) for _ in months]),
        by_segment="channel",
        segments=pd.Series(names),
        source=SPEND,
    )


def unzipped(data: bytes) -> str:
    """Return every part of a workbook as one text."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return "\n".join(package.read(name).decode() for name in package.namelist())


def changed(data: bytes, parts: Mapping[str, str | None], **replaced: str) -> bytes:
    """Return a workbook with some parts put in, and texts in the others exchanged."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(target, "w") as anew:
        for name in package.namelist():
            text = package.read(name).decode()
            for part, words in replaced.items():
                if name.endswith(part.replace("__", ".")):
                    before, _, after = words.partition("=>")
                    text = text.replace(before, after)
            anew.writestr(name, text)
        for name, content in parts.items():
            if content is not None:
                anew.writestr(name, content)
    return target.getvalue()
