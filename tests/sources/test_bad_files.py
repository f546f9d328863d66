"""Files that are no order log: each is refused with one clear sentence."""

import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest

from clv_xl.errors import ClvError, DataError, SourceError
from clv_xl.sources.columns import ColumnMapping
from clv_xl.sources.order_files import read_orders
from tests.sources.conftest import Writer

_LOG = "customer,date,amount\n1,2024-01-05,5.50\n2,2024-01-06,6.50\n"
_NOBODY = 65534


def _workbook() -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    rows: list[list[Any]] = [[1, "2024-01-05", 5.5], [2, "2024-01-06", 6.5]]
    for row in [list[Any](("customer", "date", "amount")), *rows]:
        page.append(row)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("orders.csv", b"", "orders.csv is empty"),
        ("orders.csv", b"\xef\xbb\xbf \r\n\r\n", "orders.csv is empty"),
        ("orders.csv", b"a,b\x00,c\n", "it holds NUL bytes (the first at byte 4)"),
        ("orders.csv", b"%PDF-1.7 ...", "a PDF document"),
        ("orders.csv", b"\x1f\x8b\x08...", "compressed (gzip)"),
        ("orders.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old format of Excel"),
        ("orders.xls", b"<html><table><tr><td>1</td></tr></table></html>", "web page"),
        ("orders.xlsx", b"PK\x03\x04 broken", "is damaged"),
        ("orders.parquet", b"PAR1 broken", "cannot be read as Parquet"),
    ],
)
def test_what_is_no_table_is_refused(
    write: Writer, name: str, content: bytes, complaint: str
) -> None:
    with pytest.raises(SourceError) as refused:
        read_orders(write(name, content))
    assert complaint in str(refused.value)
    assert name in str(refused.value)


@pytest.mark.parametrize("content", ["customer,date,amount", "customer,date,amount\n\n , ,\n"])
def test_a_header_alone_is_refused(write: Writer, content: str) -> None:
    with pytest.raises(DataError, match="has a header but no rows below it"):
        read_orders(write("orders.csv", content))


def test_an_archive_is_no_workbook(write: Writer) -> None:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as package:
        package.writestr("orders.csv", _LOG)
    with pytest.raises(SourceError, match="is a ZIP archive, no workbook: unpack it first"):
        read_orders(write("orders.xlsx", buffer.getvalue()))
    for part, complaint in (("xl/workbook.bin", "xlsb"), ("content.xml", "OpenDocument")):
        buffer = BytesIO()
        with ZipFile(buffer, "w") as package:
            package.writestr(part, "")
        with pytest.raises(SourceError, match=complaint):
            read_orders(write("orders.xlsx", buffer.getvalue()))


@pytest.mark.parametrize("name", ["orders.csv", "orders.parquet", "orders"])
def test_the_content_counts_and_not_the_ending(write: Writer, name: str) -> None:
    assert read_orders(write(name, _workbook())).rows_read == 2
    assert read_orders(write("orders.xlsx", _LOG)).rows_read == 2


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is a folder: name the file inside it"):
        read_orders(tmp_path)


def test_a_file_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nowhere\.csv does not exist"):
        read_orders(tmp_path / "nowhere.csv")
    with pytest.raises(SourceError, match="cannot be read"):
        read_orders("orders\x00.csv")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there are no device files here")
def test_a_device_is_refused() -> None:
    with pytest.raises(SourceError, match="is a device"):
        read_orders("/dev/zero")


@pytest.mark.skipif(os.name != "posix", reason="permissions are those of POSIX")
def test_a_file_without_permission_is_refused(write: Writer) -> None:
    if os.geteuid() != 0:
        path = write("orders.csv", _LOG)
        path.chmod(0)
        with pytest.raises(SourceError, match="permission denied"):
            read_orders(path)
        return
    # The superuser may read everything, so the file is read as nobody; pytest's own folder is
    # closed to nobody, so the file lies in one that is open.
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        path = Path(folder) / "orders.csv"
        path.write_text(_LOG)
        path.chmod(0o604)
        assert _as_nobody(path) == "2 rows"
        path.chmod(0)
        assert "orders.csv may not be read: permission denied" in _as_nobody(path)


def _as_nobody(path: Path) -> str:
    program = (
        "import os, sys\n"
        "from clv_xl.errors import SourceError\n"
        "from clv_xl.sources.order_files import read_orders\n"
        "read_orders(sys.argv[1])  # loads what nobody may not load\n"
        f"os.setgid({_NOBODY}); os.setuid({_NOBODY})\n"
        "try:\n"
        "    print(read_orders(sys.argv[1]).rows_read, 'rows')\n"
        "except SourceError as refused:\n"
        "    print(refused)\n"
    )
    asked = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    return asked.stdout.strip()


def test_a_workbook_with_a_password_is_refused(tmp_path: Path) -> None:
    msoffcrypto = pytest.importorskip("msoffcrypto.format.ooxml", reason="msoffcrypto is missing")
    with BytesIO(_workbook()) as plain, (tmp_path / "orders.xlsx").open("wb") as protected:
        msoffcrypto.OOXMLFile(plain).encrypt("secret", protected)
    with pytest.raises(SourceError, match="is protected by a password"):
        read_orders(tmp_path / "orders.xlsx")


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    path.write_bytes(_workbook())
    with (
        ZipFile(path, "a", ZIP_DEFLATED) as package,
        package.open("xl/worksheets/sheet9.xml", "w") as part,
    ):
        for _ in range(60):
            part.write(bytes(1024**2))
    assert path.stat().st_size < 200_000
    with pytest.raises(SourceError, match=r"unpack to 62,9\d\d,\d{3}.*a zip bomb"):
        read_orders(path)


def test_sixteen_thousand_columns_are_refused(write: Writer) -> None:
    headers = ["customer", "date", "amount", *(f"c{n}" for n in range(16_381))]
    row = ["1", "2024-01-05", "5", *("0" for _ in range(16_381))]
    lines = [",".join(headers), *[",".join(row)] * 50]
    with pytest.raises(DataError, match="has 16,384 columns, more than the 1,000 that are read"):
        read_orders(write("orders.csv", "\n".join(lines)))
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("Data")
    page.append(headers)
    page.append(row)
    buffer = BytesIO()
    book.save(buffer)
    book.close()
    with pytest.raises(DataError, match="has 16,384 columns"):
        read_orders(write("orders.xlsx", buffer.getvalue()))


def test_a_sheet_is_asked_of_workbooks_only(write: Writer) -> None:
    with pytest.raises(SourceError, match="is no workbook: it has no sheets to choose from"):
        read_orders(write("orders.csv", _LOG), ColumnMapping(sheet="Data"))


@pytest.mark.parametrize("cut", range(0, 6000, 97))
def test_a_cut_workbook_is_an_error_of_ours(write: Writer, cut: int) -> None:
    whole = _workbook()
    path = write("orders.xlsx", whole[: min(cut, len(whole) - 1)])
    with pytest.raises(ClvError):
        read_orders(path)
