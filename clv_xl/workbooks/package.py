"""A finished workbook as the parts it is made of.

Every part that nobody changes is written back byte for byte, whatever it holds: charts, pictures,
comments, macros, pivots.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape, unescape
from io import BytesIO
from pathlib import Path
from posixpath import basename, dirname, join, normpath, relpath
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from clv_xl.errors import SourceError
from clv_xl.workbooks.cells import attributes_of

MOST_UNPACKED = 2 * 1024**3
"""Bytes a workbook may unpack to."""
_COMPRESSION = 6
_LARGE, _FAST = 4 * 1024**2, 1  # what takes seconds to shrink further is shrunk the fast way
_RELATION = re.compile(r"<Relationship\b[^>]*?/>")
_OLE, _ENCRYPTED = b"\xd0\xcf\x11\xe0", "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Relation:
    """What one part refers to: the id, the kind, and the other part or what lies outside."""

    id: str
    kind: str
    target: str
    external: bool


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A sheet of the workbook: its name, its part, and how it is shown."""

    name: str
    part: str
    state: str


class Package:
    """The parts of one workbook, to be changed in place."""

    def __init__(self, data: bytes, name: str) -> None:
        """Unpack a workbook; `name` is what messages call it."""
        self.name = name
        self.parts: dict[str, bytes] = {}
        self._info: dict[str, ZipInfo] = {}
        self._texts: dict[str, str] = {}
        with _opened(data, name) as archive:
            for info in archive.infolist():
                self.parts[info.filename] = archive.read(info)
                self._info[info.filename] = info
        self.book_part = self._book_part()
        if "<workbook" not in self.text(self.book_part):
            raise SourceError(
                f"{name} is written in a form that cannot be changed here: open it in a "
                "spreadsheet program and save it again"
            )

    def _book_part(self) -> str:
        kinds = {relation.kind: relation.target for relation in self.relations("")}
        if "officeDocument" not in kinds or kinds["officeDocument"] not in self.parts:
            raise SourceError(f"{self.name} is no workbook: name an .xlsx or .xlsm file")
        return kinds["officeDocument"]

    def text(self, part: str) -> str:
        """Return a part as text."""
        if part not in self._texts:
            try:
                self._texts[part] = self.parts[part].decode("utf-8-sig")
            except UnicodeDecodeError:
                raise SourceError(f"{self.name} holds {part}, which is not UTF-8") from None
        return self._texts[part]

    def put(self, part: str, text: str) -> None:
        """Put a part in, or in the place of the one there."""
        if part in self.parts and self.text(part) == text:
            return
        self.parts[part] = text.encode()
        self._texts[part] = text

    def remove(self, part: str) -> None:
        """Take a part out, with its own relations and what is said of its type."""
        for gone in (part, relations_part(part)):
            self.parts.pop(gone, None)
            self._texts.pop(gone, None)
        name = re.escape(escape(f"/{part}"))
        types = self.text("[Content_Types].xml")
        self.put(
            "[Content_Types].xml",
            re.sub(rf'<Override\b(?=[^>]*\bPartName="{name}")[^>]*?/>', "", types),
        )

    def add(self, part: str, text: str, content_type: str) -> None:
        """Put a new part in and say its type."""
        self.put(part, text)
        entry = f'<Override PartName="/{part}" ContentType="{content_type}"/></Types>'
        types = self.text("[Content_Types].xml")
        self.put("[Content_Types].xml", types.replace("</Types>", entry))

    def free(self, pattern: str) -> str:
        """Return a name for a new part, such as ``xl/tables/table{}.xml`` with a number."""
        number = 1
        while pattern.format(number) in self.parts:
            number += 1
        return pattern.format(number)

    def relations(self, part: str) -> list[Relation]:
        """Return what a part refers to; an empty name stands for the package itself."""
        listing = relations_part(part)
        if listing not in self.parts:
            return []
        return [_relation(part, text) for text in _RELATION.findall(self.text(listing))]

    def related(self, part: str, kind: str) -> list[str]:
        """Return the parts of a kind that a part refers to."""
        found = self.relations(part)
        return [r.target for r in found if r.kind == kind and r.target in self.parts]

    def relate(self, part: str, kind: str, target: str) -> str:
        """Let a part refer to another, and return the id."""
        listing = relations_part(part)
        if listing not in self.parts:
            self.put(listing, _NO_RELATIONS)
        used = {relation.id for relation in self.relations(part)}
        number = 1
        while f"rId{number}" in used:
            number += 1
        path = relpath(target, dirname(part) or ".")
        entry = f'<Relationship Id="rId{number}" Type="{_KINDS}{kind}" Target="{path}"/>'
        text = self.text(listing)
        closed = text.rindex("</Relationships>")
        self.put(listing, text[:closed] + entry + text[closed:])
        return f"rId{number}"

    def unrelate(self, part: str, ids: Iterable[str]) -> None:
        """Take relations out."""
        gone = set(ids)
        listing = relations_part(part)
        if listing in self.parts:
            kept = _RELATION.sub(
                lambda found: "" if attributes_of(found[0]).get("Id") in gone else found[0],
                self.text(listing),
            )
            self.put(listing, kept)

    @property
    def sheets(self) -> list[SheetEntry]:
        """The worksheets in their order; chart sheets and the like are left out."""
        parts = {r.id: r.target for r in self.relations(self.book_part) if r.kind == "worksheet"}
        return list(self._sheets(parts))

    def _sheets(self, parts: dict[str, str]) -> Iterator[SheetEntry]:
        for text in re.findall(r"<sheet\b[^>]*?/>", self.text(self.book_part)):
            said = attributes_of(text)
            relation = next((v for k, v in said.items() if k.endswith(":id")), "")
            if relation in parts:
                state = said.get("state", "visible")
                yield SheetEntry(unescape(said["name"]), parts[relation], state)

    def write(self, target: BinaryIO) -> None:
        """Write the workbook, parts in their old order and with their old dates."""
        with ZipFile(target, "w", ZIP_DEFLATED) as archive:
            for part, data in self.parts.items():
                known = self._info.get(part)
                info = ZipInfo(part, known.date_time if known else (1980, 1, 1, 0, 0, 0))
                info.compress_type = ZIP_DEFLATED
                info.create_system = 0
                level = _FAST if len(data) > _LARGE else _COMPRESSION
                archive.writestr(info, data, compresslevel=level)


_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_NO_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships '
    'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)


def read_workbook_file(path: Path) -> bytes:
    """Return the bytes of a workbook file, or say why it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise SourceError(f"{path} does not exist: check the name and the folder") from None
    except IsADirectoryError:
        raise SourceError(f"{path} is a folder: name the workbook in it") from None
    except OSError as fault:
        raise SourceError(f"{path} cannot be read: {fault.strerror}") from None


def relations_part(part: str) -> str:
    """Return the part that lists what another refers to.

    Examples
    --------
    >>> relations_part("xl/workbook.xml")
    'xl/_rels/workbook.xml.rels'
    """
    return join(dirname(part), "_rels", f"{basename(part)}.rels")


def _relation(part: str, text: str) -> Relation:
    said = attributes_of(text)
    external = said.get("TargetMode") == "External"
    target = unescape(said.get("Target", ""))
    if not external:
        target = normpath(join("/", dirname(part), target))[1:]
    kind = said.get("Type", "").rpartition("/")[2]
    return Relation(said.get("Id", ""), kind, target, external)


def _opened(data: bytes, name: str) -> ZipFile:
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise SourceError(f"{name} is protected by a password: save a copy without one first")
        raise SourceError(f"{name} is in the old format of Excel (.xls): save it as .xlsx")
    try:
        archive = ZipFile(BytesIO(data))
    except (BadZipFile, ValueError, OSError):
        raise SourceError(f"{name} is no workbook, or damaged: name an .xlsx file") from None
    if sum(info.file_size for info in archive.infolist()) > MOST_UNPACKED:
        archive.close()
        raise SourceError(f"{name} unpacks to more than {MOST_UNPACKED:,} bytes: it is not opened")
    return archive
