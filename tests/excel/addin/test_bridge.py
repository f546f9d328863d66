"""How the add-in finds and starts Python, run with its settings and its libraries made up."""

import pytest
from pyopenvba.exceptions import VBARuntimeError
from pyopenvba.interpreter import Interpreter

from clv_xl.excel.addin.vba_text import declarations, procedures
from tests.excel.addin.vba_reading import sources

HELD = ("PythonInterpreter", "XLPyCommand", "XLPyLoadDLL", "ParentFolder", "UnsafeCharacter")
MADE_UP = """
Public Asked As String
Public LibraryIn As String
Public SettingIs As String
Private libraryIsLoaded As Boolean
Private startCommand As String
Private Const XLPyDLLName As String = "xlwings64-1.2.3.dll"

Private Function GetConfig(ByVal configKey As String) As String
    If configKey = "INTERPRETER_WIN" Then GetConfig = SettingIs
End Function

Private Function LoadLibrary(ByVal path As String) As Long
    Asked = Asked & path & ";"
    If path = LibraryIn & "\\" & XLPyDLLName Then LoadLibrary = 1
End Function

Public Sub Given(ByVal setting As String, ByVal folder As String)
    SettingIs = setting
    LibraryIn = folder
End Sub

Public Function AskedFor() As String
    AskedFor = Asked
End Function

"""
PYTHON = r"C:\my env\Scripts\pythonw.exe"
BESIDE, ABOVE = r"C:\my env\Scripts", r"C:\my env"


@pytest.fixture
def vba(windows_addin: bytes) -> Interpreter:
    """The add-in's own procedures between a made-up file of settings and a made-up Windows."""
    shipped = procedures(sources(windows_addin)["ClvBridge"])
    vba = Interpreter()
    vba.add_module(MADE_UP + "".join(shipped[name] for name in HELD), name="Bridge")
    return vba


def test_python_is_started_by_its_full_path_in_quotation_marks(vba: Interpreter) -> None:
    vba.run("Given", [PYTHON, ABOVE])

    assert vba.run("XLPyCommand") == (
        rf'''"{PYTHON}" -P -c "import xlwings; xlwings.serve('$(CLSID)')"'''
    )


@pytest.mark.parametrize("setting", [PYTHON, r"\\server\share\python.exe", r"d:\p.exe"])
def test_a_full_path_is_taken(vba: Interpreter, setting: str) -> None:
    vba.run("Given", [setting, ""])

    assert vba.run("PythonInterpreter") == setting


@pytest.mark.parametrize(
    "setting", ["", "python", "pythonw.exe", r"Scripts\python.exe", r"\x.exe", "C:python.exe"]
)
@pytest.mark.parametrize("procedure", ["PythonInterpreter", "XLPyCommand", "XLPyLoadDLL"])
def test_nothing_is_looked_for_without_a_full_path(
    vba: Interpreter, setting: str, procedure: str
) -> None:
    vba.run("Given", [setting, ""])

    with pytest.raises(VBARuntimeError, match="run clv-xl addin install"):
        vba.run(procedure)
    assert vba.run("AskedFor") == ""


@pytest.mark.parametrize(
    ("folder", "asked"), [(BESIDE, [BESIDE]), (ABOVE, [BESIDE, ABOVE])], ids=["beside", "above"]
)
def test_the_library_is_loaded_once_from_beside_python_or_above(
    vba: Interpreter, folder: str, asked: list[str]
) -> None:
    vba.run("Given", [PYTHON, folder])

    vba.run("XLPyLoadDLL")
    vba.run("XLPyLoadDLL")

    assert vba.run("AskedFor") == "".join(rf"{path}\xlwings64-1.2.3.dll;" for path in asked)


@pytest.mark.parametrize("python", [r"C:\python.exe", r"\\server\python.exe"])
def test_above_a_drive_there_is_no_folder_to_look_in(vba: Interpreter, python: str) -> None:
    vba.run("Given", [python, r"C:\elsewhere"])

    with pytest.raises(VBARuntimeError, match="run clv-xl doctor"):
        vba.run("XLPyLoadDLL")


def test_a_library_that_is_missing_is_named_with_what_to_do(vba: Interpreter) -> None:
    vba.run("Given", [PYTHON, r"C:\elsewhere"])

    with pytest.raises(
        VBARuntimeError, match=r"cannot load xlwings64-1\.2\.3\.dll .* run clv-xl doctor"
    ):
        vba.run("XLPyLoadDLL")


@pytest.mark.parametrize(
    ("name", "unsafe"),
    [
        ("Orders 2024 (Ana's) – ä & b.xlsx", ""),
        ("$(touch x).xlsx", "$"),
        ("a`touch x`.xlsx", "`"),
        ('a".xlsx', '"'),
        ("a|b.xlsx", "|"),
        ("a\\b.xlsx", "\\"),
    ],
)
def test_a_name_that_a_shell_would_read_as_a_command_is_found(
    vba: Interpreter, name: str, unsafe: str
) -> None:
    assert vba.run("UnsafeCharacter", [name]) == unsafe


def test_on_a_mac_the_workbooks_name_is_looked_at_before_the_script_runs(mac_addin: bytes) -> None:
    code = procedures(sources(mac_addin)["ClvBridge"])["RunPythonOnMac"]

    assert 0 < code.index('If UnsafeCharacter(book) <> "" Then') < code.index("AppleScriptTask")
    assert "Err.Raise" in code[code.index("UnsafeCharacter(book)") : code.index("AppleScriptTask")]


def test_the_made_up_names_are_those_that_the_shipped_module_declares(windows_addin: bytes) -> None:
    head = declarations(sources(windows_addin)["ClvBridge"])

    assert "Private libraryIsLoaded As Boolean\nPrivate startCommand As String\n" in head
    assert "Const XLPyDLLName As String" in head
    assert "Function LoadLibrary Lib" in head
