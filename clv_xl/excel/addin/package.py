"""The add-in as a package of parts, and the stamp by which an installed one is known."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from string import Template as Text
from xml.etree import ElementTree as ET
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from clv_xl.excel.addin.parts import PARTS

ADDIN_TYPE = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
_STAMP = "docProps/custom.xml"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_ON_UNIX = 3
_PROPERTIES = "{http://schemas.openxmlformats.org/officeDocument/2006/custom-properties}"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an add-in file was made by and for; empty where a file does not tell."""

    clv_xl: str
    xlwings: str
    platform: str


def package(stamp: Stamp, sheet: str, project: bytes, ribbon: bytes) -> bytes:
    """Return the add-in file.

    Nothing in it depends on the day, the system or a compressor: equal parts are equal bytes. The
    parts are stored as they are, since the VBA project, the largest of them, is compressed within.

    Parameters
    ----------
    stamp
        The versions that the file tells.
    sheet
        The name of the VBA module behind its one sheet.
    project, ribbon
        The parts `xl/vbaProject.bin` and `customUI/customUI.xml`.
    """
    words = {
        "version": stamp.clv_xl,
        "xlwings": stamp.xlwings,
        "platform": stamp.platform,
        "sheet": sheet,
        "type": ADDIN_TYPE,
    }
    parts = {name: Text(text).substitute(words).encode() for name, text in PARTS.items()}
    parts |= {"xl/vbaProject.bin": project, "customUI/customUI.xml": ribbon}
    target = BytesIO()
    with ZipFile(target, "w", ZIP_STORED) as archive:
        for name, content in parts.items():
            member = ZipInfo(name, _FIRST_DAY)
            member.create_system = _ON_UNIX
            archive.writestr(member, content)
    return target.getvalue()


def read_stamp(path: Path) -> Stamp | None:
    """Return what a file tells of its making; None where it is no add-in of clv_xl.

    One small part is read. `clv_xl.workbooks.package` unpacks a whole workbook to change it, and
    refuses what is none; here any file may lie, and none is an error.
    """
    try:
        with ZipFile(path) as archive:
            properties = ET.fromstring(archive.read(_STAMP))  # noqa: S314 - a few lines of our own
    except (OSError, BadZipFile, KeyError, ET.ParseError):
        return None
    told = {
        child.get("name", ""): "".join(child.itertext())
        for child in properties.iter(f"{_PROPERTIES}property")
    }
    if "clv_xl" not in told:
        return None
    return Stamp(told["clv_xl"], told.get("xlwings", ""), told.get("platform", ""))
