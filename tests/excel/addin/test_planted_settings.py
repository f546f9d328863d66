"""A workbook that brings settings of its own, opened while the add-in looks for its settings.

LibreOffice runs the VBA as it is shipped: the package under the name of a workbook with macros.
"""

from pathlib import Path

import openpyxl
import pytest

from clv_xl.excel.addin.modules import PROJECT, bridge_module, document_modules
from clv_xl.excel.addin.package import Stamp, package
from clv_xl.excel.addin.ribbon_xml import ribbon_xml
from clv_xl.excel.addin.template import installed_template
from clv_xl.excel.addin.vba_project import Module, project_file
from tests.excel.addin.as_workbook import as_workbook
from tests.excel.addin.vba_reading import sources
from tests.proof.macros import Run, call_macros

MINE, PLANTED, BESIDE = r"C:\mine\pythonw.exe", r"C:\planted\python.exe", r"C:\beside\python.exe"
KEYS = ("INTERPRETER_WIN", "Interpreter_Win", "INTERPRETER", "PYTHONPATH", "UDF MODULES")

CONTROL = """Attribute VB_Name = "Control"
Function Sheet() As String
    Sheet = ActiveWorkbook.Sheets(PROJECT_NAME & ".conf").Range("B1").Value
End Function
Function Beside() As String
    Dim line As String
    Open ActiveWorkbook.Path & "/" & PROJECT_NAME & ".conf" For Input As #1
    Line Input #1, line
    Close #1
    Beside = Split(line, Chr(34))(3)
End Function
"""
"""What a careless add-in would do."""


def planted_workbook(folder: Path) -> Path:
    """Write a workbook with a sheet of settings, and files of settings beside it."""
    book = openpyxl.Workbook()
    for name in ("clv_xl.conf", "xlwings.conf"):
        sheet = book.create_sheet(name)
        for row, key in enumerate(KEYS, start=1):
            sheet.cell(row, 1, key)
            sheet.cell(row, 2, PLANTED)
        (folder / name).write_text("".join(f'"{key}","{BESIDE}"\r\n' for key in KEYS))
    path = folder / "mailed.xlsx"
    book.save(path)
    return path


def users_folder(folder: Path, settings: str | None) -> dict[str, str]:
    """Make a user's folder; there a path with backslashes is one name."""
    home = folder / "user"
    home.mkdir()
    if settings is not None:
        (folder / r"user\.clv_xl\clv_xl.conf").write_bytes(settings.encode("cp1252"))
    return {"USERPROFILE": str(home)}


def asked(
    addin: bytes, folder: Path, settings: str | None, *calls: tuple[str, list[object]]
) -> Run:
    documents = [as_workbook(addin, folder), planted_workbook(folder)]
    return call_macros(documents, calls, users_folder(folder, settings))


def test_libreoffice_loads_every_module(addin: bytes, tmp_path: Path) -> None:
    found = asked(addin, tmp_path, None)

    assert set(found.modules["clv_xl"]) == sources(addin).keys()


def test_the_planted_settings_could_be_read_there(tmp_path: Path) -> None:
    template = installed_template()
    modules = (
        *document_modules(template.project),
        bridge_module(template),
        Module("Control", CONTROL),
    )
    project = project_file(PROJECT, modules, template.project)
    careless = package(Stamp("", "", ""), modules[1].name, project, ribbon_xml())

    found = asked(careless, tmp_path, None, ("Control.Sheet", []), ("Control.Beside", []))

    assert found.answers == [PLANTED, BESIDE]


@pytest.mark.parametrize(
    ("settings", "answers"),
    [
        (f'"other","1"\r\n"Interpreter_Win","{MINE}"\r\n', [MINE, MINE, "", "", ""]),
        (f'"INTERPRETER_WIN","{MINE}"\n"other","1"\n', [MINE, MINE, "", "", ""]),
        ('"INTERPRETER_WIN","\r\n"INTERPRETER_WIN"\r\nnonsense\r\n', [""] * 5),
        (None, [""] * 5),
    ],
    ids=["with lines of Windows", "with lines of Unix", "broken", "without a file"],
)
def test_a_planted_sheet_and_a_planted_file_are_not_obeyed(
    windows_addin: bytes, tmp_path: Path, settings: str | None, answers: list[str]
) -> None:
    calls: list[tuple[str, list[object]]] = [("ClvBridge.GetConfig", [key]) for key in KEYS]

    found = asked(windows_addin, tmp_path, settings, *calls)

    assert found.answers == answers
