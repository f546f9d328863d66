"""The add-in's package under another name: a workbook with macros, which other programs open."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from clv_xl.excel.addin.package import ADDIN_TYPE

_WORKBOOK_TYPE = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def as_workbook(addin: bytes, folder: Path) -> Path:
    """Write the parts of an add-in, unchanged but for the type of the first, as a .xlsm file."""
    path = folder / "clv_xl.xlsm"
    with ZipFile(BytesIO(addin)) as source, ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "[Content_Types].xml":
                assert ADDIN_TYPE.encode() in content
                content = content.replace(ADDIN_TYPE.encode(), _WORKBOOK_TYPE.encode())
            target.writestr(name, content)
    return path
