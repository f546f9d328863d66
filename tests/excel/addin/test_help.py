"""The texts of the function wizard, registered as Excel would be asked to."""

import re
from typing import Any

import pytest
from pyopenvba.apps.excel import Application, ExcelApplication, Workbook
from pyopenvba.apps.excel._bridge import ExcelBridge
from pyopenvba.exceptions import VBARuntimeError
from pyopenvba.interpreter import MISSING, Interpreter, VBAArray, member, method, setter

from clv_xl.catalogue import CATALOGUE
from tests.excel.addin.vba_reading import sources

HIDDEN = VBARuntimeError(1004, "Cannot edit a macro on a hidden workbook.")


class WizardExcel(ExcelApplication):
    """Excel that keeps the texts it is given; one that hides add-ins takes none from them."""

    def __init__(self, addin: bytes, *, hides: bool, name: str = "clv_xl.xlam") -> None:
        self.application = _Application(name)
        self.interpreter = Interpreter(ExcelBridge(self.application))
        self.application.interpreter = self.interpreter
        self.add_workbook()
        self.application.hides = hides
        source = re.sub(r"^Attribute .*\n", "", sources(addin)["ClvHelp"], flags=re.MULTILINE)
        self.add_module(source, name="ClvHelp")

    @property
    def texts(self) -> dict[str, tuple[str, str, list[str]]]:
        texts: dict[str, tuple[str, str, list[str]]] = self.application.texts
        return texts

    @property
    def is_addin(self) -> bool:
        return bool(self.application.addin.shown_as_addin)


class _Addin(Workbook):
    """The add-in's own workbook."""

    shown_as_addin = True

    @member
    def IsAddin(self) -> bool:  # noqa: N802 - as Excel names it
        return self.shown_as_addin

    @setter("IsAddin")
    def show(self, value: object) -> None:
        self.shown_as_addin = bool(value)


class _Application(Application):
    hides = False

    def __init__(self, name: str) -> None:
        super().__init__()
        self.texts: dict[str, tuple[str, str, list[str]]] = {}
        self.addin = _Addin(self, name)

    @member
    def ThisWorkbook(self) -> Workbook:  # noqa: N802
        return self.addin

    @method
    def MacroOptions(  # noqa: N802
        self,
        Macro: str,
        Description: str,
        Category: str = "",
        ArgumentDescriptions: Any = MISSING,  # noqa: ANN401
    ) -> None:
        if self.hides and self.addin.shown_as_addin:
            raise HIDDEN
        arguments = ArgumentDescriptions
        listed = list(arguments.elements()) if isinstance(arguments, VBAArray) else []
        self.texts[Macro] = (Description, Category, listed)


@pytest.mark.parametrize("hides", [False, True])
def test_every_function_and_argument_is_explained(windows_addin: bytes, *, hides: bool) -> None:
    excel = WizardExcel(windows_addin, hides=hides)

    excel.run("Auto_Open")

    assert excel.is_addin
    assert list(excel.texts) == [f"'clv_xl.xlam'!{e.excel_name.lower()}" for e in CATALOGUE]
    for entry in CATALOGUE:
        text, category, arguments = excel.texts[f"'clv_xl.xlam'!{entry.excel_name.lower()}"]
        assert (text, category) == (plain(entry.summary), "CLV")
        assert arguments == [plain(parameter.description) for parameter in entry.parameters]


def test_a_renamed_add_in_is_named_as_excel_writes_names(windows_addin: bytes) -> None:
    excel = WizardExcel(windows_addin, hides=False, name="ana's clv.xlam")

    excel.run("Auto_Open")

    assert next(iter(excel.texts)) == "'ana''s clv.xlam'!clv_simple"


def plain(text: str) -> str:
    """Return a text with the one sign of ours that the Western code page lacks written out."""
    return text.replace("\N{MINUS SIGN}", "-")
