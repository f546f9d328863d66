"""A path to a table of text: what lies there, what kind of file it is, and which reader reads it.

The ending of the name is not trusted: the first bytes decide.
"""

import stat
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from clv_xl.errors import SourceError
from clv_xl.sources.delimited import read_delimited
from clv_xl.sources.parquet_files import read_parquet
from clv_xl.sources.raw_table import RawTable, SourceFile, TableOptions
from clv_xl.sources.vocabulary import HeaderWords

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_NO_TABLES = (
    (b"%PDF", "a PDF document: export the data it shows as CSV or .xlsx"),
    (b"\x1f\x8b", "compressed (gzip): unpack it first"),
    (b"7z\xbc\xaf", "compressed (7z): unpack it first"),
    (b"Rar!", "compressed (rar): unpack it first"),
    (b"BZh", "compressed (bzip2): unpack it first"),
    (b"\xfd7zXZ", "compressed (xz): unpack it first"),
    (b"\x89PNG", "a picture: export the data as CSV or .xlsx"),
    (b"\xff\xd8\xff", "a picture: export the data as CSV or .xlsx"),
    (b"SQLite format 3", "a database: export the table of orders as CSV"),
    (b"{\\rtf", "a text document: save the table in it as CSV"),
    (b'{"', "JSON: save the orders in it as CSV"),
    (b"[{", "JSON: save the orders in it as CSV"),
)
_MARKUP = (b"<!doctype", b"<html", b"<table", b"<?xml", b"<head")


def read_table(path: Path | str, options: TableOptions, words: HeaderWords) -> RawTable:
    """Return the table in the file at `path`: CSV and other delimited text, `.xlsx`, Parquet.

    Parameters
    ----------
    path
        The file.
    options
        What is known about its form.
    words
        What tells the header row, and the sheet, from others.
    """
    file = SourceFile(name=Path(path).name or str(path), data=_bytes(Path(path)))
    if not file.data.strip(b" \t\r\n\xef\xbb\xbf"):
        raise SourceError(f"{file.name} is empty: there is nothing to read in it")
    _refuse_unreadable(file)
    if file.data.startswith(b"PK\x03\x04") or file.data.startswith(b"PK\x05\x06"):
        _refuse_other_packages(file)
        from clv_xl.sources.workbook_files import read_workbook  # noqa: PLC0415 - a text file needs no openpyxl

        return read_workbook(file, options, words)
    if options.sheet is not None or options.table is not None:
        what = "sheets" if options.sheet is not None else "Excel tables"
        raise SourceError(f"{file.name} is no workbook: it has no {what} to choose from")
    if file.data.startswith(b"PAR1"):
        return read_parquet(file)
    return read_delimited(file, options, words)


def _bytes(path: Path) -> bytes:
    try:
        kind = path.stat().st_mode
        if stat.S_ISDIR(kind):
            raise SourceError(f"{path.name or path} is a folder: name the file inside it")
        if not (stat.S_ISREG(kind) or stat.S_ISFIFO(kind)):
            raise SourceError(f"{path} is a device, not a file with orders")
        return path.read_bytes()
    except FileNotFoundError:
        raise SourceError(f"{path} does not exist: check the name and the folder") from None
    except PermissionError:
        raise SourceError(
            f"{path} may not be read: permission denied; ask its owner, or close the program that "
            "holds it"
        ) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise SourceError(f"{path.name} cannot be read: {reason}") from None


def _refuse_unreadable(file: SourceFile) -> None:
    """Refuse what is certainly no table, by its first bytes."""
    for magic, what in _NO_TABLES:
        if file.data.startswith(magic):
            raise SourceError(f"{file.name} is {what}")
    if file.data.startswith(_OLE):
        if _ENCRYPTED in file.data:
            raise SourceError(
                f"{file.name} is protected by a password: open it, save a copy without one, and "
                "read that"
            )
        raise SourceError(
            f"{file.name} is in the old format of Excel (.xls): save it as .xlsx or CSV"
        )
    if file.data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        raise SourceError(
            f"{file.name} is a web page or XML, not a table: open it in a spreadsheet and save it "
            "as .xlsx or CSV"
        )


def _refuse_other_packages(file: SourceFile) -> None:
    """Refuse a ZIP file that is no `.xlsx` workbook."""
    try:
        with ZipFile(BytesIO(file.data)) as package:
            parts = set(package.namelist())
    except (BadZipFile, ValueError, OSError):
        return  # the reader of workbooks says that it is damaged
    if any(part.endswith("workbook.bin") for part in parts):
        raise SourceError(f"{file.name} is a binary workbook (.xlsb): save it as .xlsx or CSV")
    if "content.xml" in parts:
        raise SourceError(f"{file.name} is an OpenDocument file: save it as .xlsx or CSV")
    if "[Content_Types].xml" not in parts:
        raise SourceError(f"{file.name} is a ZIP archive, no workbook: unpack it first")
    if not any("workbook" in part for part in parts):
        raise SourceError(f"{file.name} is an Office document without sheets, no workbook")
