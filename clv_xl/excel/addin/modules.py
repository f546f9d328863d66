"""The VBA modules of the add-in: xlwings' lines that are kept, and clv_xl's own.

Of xlwings' module only two things are taken: the declarations, which name the library of the
installed version, and the function that starts it. Everything that reads a workbook's sheets or its
folder for settings stays behind, as does all that runs another program.
"""

import re
from collections.abc import Iterator
from importlib.resources import files

from clv_xl.errors import SourceError
from clv_xl.excel.addin.template import Template
from clv_xl.excel.addin.vba_project import Module, Project
from clv_xl.excel.addin.vba_text import declarations, literal, procedures
from clv_xl.excel.buttons import BUTTONS, Button

PROJECT = "clv_xl"
"""The name of the VBA project, and of the user's file with its settings."""
BRIDGE, RIBBON, CALLS, RANGES, SENTENCES, FUNCTIONS, HELP = (
    "ClvBridge",
    "ClvRibbon",
    "ClvCalls",
    "ClvRanges",
    "ClvSentences",
    "ClvFunctions",
    "ClvHelp",
)
RIBBON_MODULE = "clv_xl.excel.ribbon"
"""The Python module with the actions of the buttons."""

_FROM = "xlwings"
_STARTER = "XLPy"
_TEMPLATE_NAME = 'PROJECT_NAME As String = "myaddin"'
_UNUSED_SHELL = re.compile(
    r"^[ \t]*#If Mac Then\n[ \t]*(?:Private )?Declare .*libc\.dylib.*\n[ \t]*#End If\n",
    re.MULTILINE,
)
_HEADER = re.compile(rf'^Attribute VB_Name = "{_FROM}"\n')


def own_source(name: str) -> str:
    """Return one of the VBA files that this package brings along."""
    return files(__package__).joinpath("vba", name).read_text(encoding="ascii")


def document_modules(project: Project) -> Iterator[Module]:
    """Yield the modules of the workbook and its sheet, which hold no code."""
    for module in project.modules:
        if module.document:
            if procedures(module.source):
                raise SourceError(
                    f"the template's module {module.name} holds code: install another xlwings"
                )
            yield module


def bridge_module(template: Template) -> Module:
    """Return the module that finds Python and starts it.

    Raises
    ------
    SourceError
        If the template is built differently from those that are known.
    """
    source = template.project.source(_FROM)
    head = _UNUSED_SHELL.sub("", declarations(source))
    starter = procedures(source).get(_STARTER)
    if starter is None or _TEMPLATE_NAME not in head or not _HEADER.match(head):
        raise SourceError(
            f"the add-in template of xlwings {template.version} is built differently from those "
            "that clv_xl knows: install xlwings 0.37"
        )
    head = head.replace(_TEMPLATE_NAME, f'PROJECT_NAME As String = "{PROJECT}"')
    options = f'Attribute VB_Name = "{BRIDGE}"\nOption Explicit\nOption Private Module\n'
    return Module(BRIDGE, _HEADER.sub(options, head) + own_source("bridge.bas") + starter)


def ribbon_module() -> Module:
    """Return the module with one procedure a button."""
    lines = [f'Attribute VB_Name = "{RIBBON}"', "Option Explicit", ""]
    lines += ["' One procedure a button: each runs one action of clv_xl in Python."]
    for button in BUTTONS:
        command = literal(f"import {RIBBON_MODULE} as clv; clv.{button.action}()")
        lines += [
            "",
            f"Public Sub {procedure_of(button)}(control As IRibbonControl)",
            f"    RunPython {command}",
            "End Sub",
        ]
    return Module(RIBBON, "\n".join(lines) + "\n" + own_source("ribbon.bas"))


def procedure_of(button: Button) -> str:
    """Return the VBA procedure behind a button.

    Examples
    --------
    >>> procedure_of(BUTTONS[0])
    'RefreshReport'
    """
    return "".join(word.capitalize() for word in button.action.split("_"))
