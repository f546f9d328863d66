"""The buttons pressed: what Python is told to do, and what the user is told where it cannot."""

import re

import pytest
from pyopenvba.apps.excel import Application, ExcelApplication
from pyopenvba.apps.excel._bridge import ExcelBridge
from pyopenvba.exceptions import VBARuntimeError
from pyopenvba.interpreter import NOTHING, Interpreter, VBAObject, method

from clv_xl.excel.addin.modules import RIBBON_MODULE, procedure_of
from clv_xl.excel.addin.vba_text import procedures
from clv_xl.excel.buttons import BUTTONS, Button
from tests.excel.addin.vba_reading import sources

STARTER = "Public Function XLPy() As Object\n    Set XLPy = RunningPython\nEnd Function\n"
HELD = ("RunPython", "LastLine")
TRACE = 'Traceback\n  File "x.py", line 1\nImportError: no module named clv_xl\n'


class Python(VBAObject):
    """The Python that VBA has started, as far as a button asks it."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.books: list[object] = []
        self.fault: Exception | None = None

    @method
    def Module(self, name: str) -> str:  # noqa: N802 - as xlwings names it
        return name

    @method
    def SetAttr(self, thing: object, name: str, value: object) -> None:  # noqa: N802
        assert (thing, name) == ("xlwings._xlwindows", "BOOK_CALLER")
        self.books.append(value)

    @method
    def Exec(self, command: str) -> None:  # noqa: N802
        if self.fault:
            raise self.fault
        self.told.append(command)


class _Bridge(ExcelBridge):
    python: Python

    def global_object(self, name: str) -> object:
        return self.python if name == "runningpython" else super().global_object(name)


class ButtonExcel(ExcelApplication):
    """Excel with the add-in's buttons, and no workbook yet."""

    def __init__(self, addin: bytes) -> None:
        self.application = Application()
        bridge = _Bridge(self.application)
        self.python = bridge.python = Python()
        self.interpreter = self.application.interpreter = Interpreter(bridge)
        shipped = sources(addin)
        held = procedures(shipped["ClvBridge"])
        self.add_module(STARTER + "".join(held[name] for name in HELD), name="ClvBridge")
        ribbon = re.sub(r"^Attribute .*\n", "", shipped["ClvRibbon"], flags=re.MULTILINE)
        self.add_module(ribbon, name="ClvRibbon")

    def press(self, button: Button) -> list[str]:
        """Press a button and return the messages that show up."""
        self.interpreter.run(procedure_of(button), [NOTHING])
        return [str(dialog) for dialog in self.dialogs]


@pytest.fixture
def excel(windows_addin: bytes) -> ButtonExcel:
    return ButtonExcel(windows_addin)


@pytest.mark.parametrize("button", BUTTONS, ids=lambda button: button.action)
def test_a_button_runs_its_action_on_the_active_workbook(
    excel: ButtonExcel, button: Button
) -> None:
    excel.add_workbook()
    active = excel.add_workbook()

    assert excel.press(button) == []
    assert excel.python.told == [f"import {RIBBON_MODULE} as clv; clv.{button.action}()"]
    assert excel.python.books == [active]


@pytest.mark.parametrize("button", BUTTONS, ids=lambda button: button.action)
def test_without_a_workbook_a_button_says_so_and_starts_nothing(
    excel: ButtonExcel, button: Button
) -> None:
    (said,) = excel.press(button)

    assert "No workbook is open that may be changed" in said
    assert "Enable Editing" in said
    assert excel.python.told == excel.python.books == []


def test_a_button_that_fails_shows_no_traceback(excel: ButtonExcel) -> None:
    excel.add_workbook()
    excel.python.fault = VBARuntimeError(1000, TRACE)

    (said,) = excel.press(BUTTONS[0])

    assert "ImportError: no module named clv_xl" in said
    assert "Traceback" not in said


def test_on_a_mac_the_workbook_is_asked_for_before_anything_else(mac_addin: bytes) -> None:
    code = procedures(sources(mac_addin)["ClvBridge"])["RunPython"]

    assert code.index("ActiveWorkbook Is Nothing") < code.index("#If Mac") < code.index("OnMac")
