"""The add-in as a package: its parts fit together, nobody's name is in it, equal is equal."""

import hashlib
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import openpyxl
import pytest

from clv_xl import __version__
from clv_xl.excel.addin.build import build_addin, write_addin
from clv_xl.excel.addin.package import ADDIN_TYPE, Stamp, read_stamp
from clv_xl.excel.addin.places import Platform
from clv_xl.excel.addin.template import xlwings_version
from tests.excel.addin.as_workbook import as_workbook
from tests.excel.addin.vba_reading import part, sources
from tests.proof import sdk

TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def names(addin: bytes) -> list[str]:
    with ZipFile(BytesIO(addin)) as archive:
        return archive.namelist()


def test_every_part_has_its_content_type(addin: bytes) -> None:
    types = ET.fromstring(part(addin, "[Content_Types].xml"))  # noqa: S314 - our own
    told = {
        entry.get("PartName"): entry.get("ContentType") for entry in types.iter(f"{TYPES}Override")
    }
    extensions = {entry.get("Extension") for entry in types.iter(f"{TYPES}Default")}

    assert told["/xl/workbook.xml"] == ADDIN_TYPE
    assert told["/xl/vbaProject.bin"] == "application/vnd.ms-office.vbaProject"
    assert told.keys() <= {f"/{name}" for name in names(addin)}
    for name in names(addin)[1:]:
        assert f"/{name}" in told or name.rpartition(".")[2] in extensions


@pytest.mark.parametrize(
    ("part_name", "folder"), [("_rels/.rels", ""), ("xl/_rels/workbook.xml.rels", "xl/")]
)
def test_every_relationship_leads_to_a_part(addin: bytes, part_name: str, folder: str) -> None:
    relationships = ET.fromstring(part(addin, part_name))  # noqa: S314 - our own
    targets = {folder + str(entry.get("Target")) for entry in relationships.iter(RELATIONSHIP)}

    assert len(targets) >= 3
    assert targets <= set(names(addin))


def test_the_sdk_finds_nothing_wrong_with_the_parts(addin: bytes, tmp_path: Path) -> None:
    assert sdk.errors(as_workbook(addin, tmp_path)) == []


def test_sheet_and_workbook_carry_the_names_of_their_modules(addin: bytes) -> None:
    codes = re.findall(
        r'codeName="(\w+)"',
        (part(addin, "xl/workbook.xml") + part(addin, "xl/worksheets/sheet1.xml")).decode(),
    )

    assert set(codes) <= sources(addin).keys()
    assert len(codes) == 2


def test_the_one_sheet_tells_the_version(addin: bytes, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(as_workbook(addin, tmp_path))

    assert book["CLV"]["A1"].value == f"clv_xl {__version__}, built for xlwings {xlwings_version()}"
    assert book.properties.title == "CLV"


def test_nobodys_name_and_no_machines_path_is_in_it(addin: bytes) -> None:
    with ZipFile(BytesIO(addin)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    everything += "".join(sources(addin).values()).encode()

    for word in ("felix", "Users\\", "/home/", "tim.hall", "absPath"):
        for coded in (word.encode(), word.encode("utf-16-le")):
            assert coded.lower() not in everything.lower()


@pytest.mark.parametrize("platform", Platform)
def test_equal_inputs_are_equal_bytes_in_every_process(platform: Platform) -> None:
    code = (
        "import hashlib, sys\n"
        "from clv_xl.excel.addin.build import build_addin\n"
        "from clv_xl.excel.addin.places import Platform\n"
        "print(hashlib.sha256(build_addin(Platform(sys.argv[1]))).hexdigest())\n"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code, platform.value],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "TZ": zone},
        ).stdout.strip()
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }

    assert said == {hashlib.sha256(build_addin(platform)).hexdigest()}


def test_the_stamp_tells_what_the_file_was_made_by_and_for(tmp_path: Path) -> None:
    path = tmp_path / "clv_xl.xlam"

    for platform in Platform:
        write_addin(path, platform)
        assert read_stamp(path) == Stamp(__version__, xlwings_version(), platform.value)
    assert [file.name for file in tmp_path.iterdir()] == ["clv_xl.xlam"]


def test_what_is_no_add_in_of_ours_has_no_stamp(tmp_path: Path) -> None:
    text, book = tmp_path / "text.xlam", tmp_path / "book.xlsx"
    text.write_text("no zip")
    openpyxl.Workbook().save(book)

    assert read_stamp(text) is read_stamp(book) is read_stamp(tmp_path / "missing.xlam") is None
