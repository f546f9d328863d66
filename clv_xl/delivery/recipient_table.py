"""The rows of a list of recipients as text, and the refusal of what is no such list."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from clv_xl.errors import DataError, SourceError, listed
from clv_xl.remarks import Remark
from clv_xl.sources.columns import candidates
from clv_xl.sources.delimited import SEMICOLON
from clv_xl.sources.raw_table import RawTable, TableOptions
from clv_xl.sources.table_files import read_table
from clv_xl.sources.vocabulary import RECIPIENT_WORDS, HeaderWords
from clv_xl.sources.workbook_parts import extent, sheets_of

MOST_RECIPIENTS = 10_000
"""Whoever writes to more needs a mailing service."""
MOST_LINES = 5 * MOST_RECIPIENTS
MOST_BYTES = 20 * 1024**2
_NEEDED = ("email", "segment")
_TOO_MANY = (
    f"is no list of recipients: it has {{}}, and at most {MOST_RECIPIENTS:,} recipients are "
    "written to in one run; name the file of recipients, not that of orders"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its fields without blanks around them, and as they stand in the file.

    `overlong` is whether it has more fields than the header has columns.
    """

    number: int
    raw: Mapping[str, str]
    overlong: bool

    def _field(self, column: str) -> str:
        return self.raw.get(column, "").strip()

    @property
    def email(self) -> str:
        """The address."""
        return self._field("email")

    @property
    def name(self) -> str:
        """The name; empty where it is not given."""
        return self._field("name")

    @property
    def segment(self) -> str:
        """The segments."""
        return self._field("segment")

    @property
    def layout(self) -> str:
        """The layout; empty for that of the run."""
        return self._field("layout")

    @property
    def detail(self) -> str:
        """The detail; empty for none."""
        return self._field("detail")


@dataclass(frozen=True, slots=True)
class RecipientRows:
    """The rows of a list, what messages call it, and whether its fields are set apart by ``;``."""

    source: str
    rows: tuple[Row, ...]
    by_semicolon: bool = False


def recipient_rows(source: Path | RawTable) -> RecipientRows:
    """Return the rows of a list of recipients.

    Raises
    ------
    ClvError
        If it cannot be read, has no address or segment column, or is far too long.
    """
    table = source if isinstance(source, RawTable) else _read(source)
    if len(table.cells) > MOST_RECIPIENTS:
        raise DataError(f"{table.source} {_TOO_MANY.format(f'{len(table.cells):,} rows')}")
    by_semicolon = Remark("remark.read.delimiter", delimiter=SEMICOLON) in table.notes
    return RecipientRows(table.source, tuple(_rows(table, _columns(table))), by_semicolon)


def _read(path: Path) -> RawTable:
    _refuse_vast(path)
    return read_table(path, TableOptions(), HeaderWords(RECIPIENT_WORDS, (), _NEEDED))


def _refuse_vast(path: Path) -> None:
    """Refuse a file of orders before it is taken apart cell by cell."""
    try:
        if path.is_file():
            _refuse_long(path.name, path.stat().st_size, path)
    except OSError:
        return  # the reader of tables says why it cannot be read


def _refuse_long(name: str, size: int, path: Path) -> None:
    with path.open("rb") as file:
        workbook = file.read(2) == b"PK"
    if workbook:
        _refuse_tall(name, path.read_bytes())
    elif size > MOST_BYTES:
        raise SourceError(f"{name} {_TOO_MANY.format(f'{size:,} bytes')}")
    else:
        data = path.read_bytes()
        lines = max(data.count(b"\n"), data.count(b"\r"))
        if lines > MOST_LINES:
            raise SourceError(f"{name} {_TOO_MANY.format(f'{lines:,} lines')}")


def _refuse_tall(name: str, data: bytes) -> None:
    """Refuse a workbook in which every sheet is far too long; a short one may be the list."""
    try:
        with ZipFile(BytesIO(data)) as package:
            rows = [extent(package, sheet)[0] for sheet in sheets_of(package)[0]]
    except (BadZipFile, KeyError, ValueError):
        return  # the reader of workbooks says that it is damaged
    if rows and min(rows) > MOST_LINES:
        raise SourceError(f"{name} {_TOO_MANY.format(f'{min(rows):,} rows')}")


def _columns(table: RawTable) -> dict[str, int]:
    found: dict[str, int] = {}
    for role, tiers in RECIPIENT_WORDS.items():
        there = candidates(table, tiers, list(found.values()))[1]
        if len(there) > 1:
            names = listed(table.headers[at] for at in there)
            raise DataError(
                f"{table.source} has several columns that could be the {role}: {names}: rename all "
                "but one"
            )
        if there:
            found[role] = there[0]
    for role in _NEEDED:
        if role not in found:
            raise DataError(
                f"{table.source} has no {role} column; it has {listed(table.named)}: a list of "
                "recipients has the columns email and segment, and may have name, layout and detail"
            )
    return found


def _rows(table: RawTable, columns: Mapping[str, int]) -> Iterator[Row]:
    texts = {role: table.cells[at].tolist() for role, at in columns.items()}
    for place, number in enumerate(table.rows.tolist()):
        overlong = table.overlong is not None and bool(table.overlong[place])
        raw = {role: str(cells[place]) for role, cells in texts.items()}
        yield Row(number, raw, overlong)
