"""What the shipped VBA does and does not do, proven on the text that is shipped."""

import importlib
import importlib.util
import re
from pathlib import Path

import pytest
from pyvbaanalysis import analyze_office_file

from clv_xl.excel.addin.modules import RIBBON_MODULE, procedure_of
from clv_xl.excel.addin.template import installed_template
from clv_xl.excel.addin.vba_text import procedures
from clv_xl.excel.buttons import BUTTONS, Button
from tests.excel.addin.vba_reading import all_procedures, code_words, reached_from, sources

WORKBOOKS_AND_THEIR_CELLS = {
    "activeworkbook", "thisworkbook", "workbooks", "activesheet", "sheets", "worksheets",
    "worksheet", "range", "cells", "names", "getfullname", "getdirectorypath", "fullname",
    "customdocumentproperties", "builtindocumentproperties", "curdir", "chdir", "evaluate",
}  # fmt: skip
"""Whatever could lead from VBA to the contents or the folder of a workbook."""
PROGRAMS = {
    "shell", "createobject", "getobject", "macscript", "appactivate", "sendkeys", "wscript",
    "callbyname", "executeexcel4macro", "vbproject", "runfrozenpython", "executewindows",
    "followhyperlink",
}  # fmt: skip
"""Whatever could start another program or change code."""
FROM_XLWINGS = {"xlpy"}
SETTINGS = ("getconfig", "getconfigfilepath", "pythoninterpreter", "xlpycommand", "xlpyloaddll")


@pytest.mark.parametrize("start", SETTINGS)
def test_no_way_leads_from_the_settings_to_a_workbook(addin: bytes, start: str) -> None:
    every = all_procedures(addin)

    for name in reached_from(start, every):
        assert code_words(every[name]).isdisjoint(WORKBOOKS_AND_THEIR_CELLS), name


def test_the_same_proof_finds_the_ways_of_xlwings_itself() -> None:
    every = {
        name.lower(): text
        for name, text in procedures(installed_template().project.source("xlwings")).items()
    }
    words = {word for name in reached_from("getconfig", every) for word in code_words(every[name])}

    assert {"activeworkbook", "worksheet", "getfullname"} <= words


def test_the_one_file_of_settings_lies_in_the_users_own_folder(addin: bytes) -> None:
    every = all_procedures(addin)
    code = every["getconfigfilepath"]

    assert re.findall(r'Environ\("(\w+)"\)', code) == ["HOME", "USERPROFILE"]
    assert [name for name, text in every.items() if "environ" in code_words(text)] == [
        name for name in ("getconfigfilepath", "logfilepath") if name in every
    ]
    opened = {name for name, text in every.items() if re.search(r"\bOpen .* For ", text)}
    assert opened == {"getconfig", "showlog"}


def test_the_active_workbook_is_touched_only_to_tell_python_which_it_is(addin: bytes) -> None:
    touching = {
        name for name, text in all_procedures(addin).items() if "activeworkbook" in code_words(text)
    }

    assert touching == {"runpython", "runpythononmac"}


def test_nothing_shipped_starts_another_program(addin: bytes) -> None:
    for name, source in sources(addin).items():
        assert code_words(source).isdisjoint(PROGRAMS), name
        assert "libc" not in source


def test_of_xlwings_nothing_is_kept_but_its_starter(addin: bytes) -> None:
    theirs = procedures(installed_template().project.source("xlwings"))
    ours = all_procedures(addin)

    same = {name.lower() for name, text in theirs.items() if ours.get(name.lower()) == text}
    assert same == FROM_XLWINGS


def test_the_notice_of_xlwings_is_kept_and_its_name_is_not_used(addin: bytes) -> None:
    shipped = sources(addin)
    notice = shipped["ClvBridge"]

    assert "Zoomer Analytics LLC" in notice
    assert "Redistributions in binary form must reproduce the above copyright notice" in notice
    assert "THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS" in notice
    assert not any("xlwings" in name.lower() for name in shipped)


def test_python_starts_by_its_full_path_and_looks_in_no_current_folder(addin: bytes) -> None:
    command = all_procedures(addin)["xlpycommand"]

    assert """-P -c ""import xlwings; xlwings.serve('$(CLSID)')""" in command
    assert code_words(command) <= {
        "private", "function", "xlpycommand", "as", "string", "if", "startcommand", "then",
        "pythoninterpreter", "end",
    }  # fmt: skip


def test_what_the_compiler_would_refuse_is_not_there(addin: bytes, tmp_path: Path) -> None:
    path = tmp_path / "clv_xl.xlam"
    path.write_bytes(addin)

    problems = {
        f"{module}: {problem.code} {problem.message}"
        for module, found in analyze_office_file(path).items()
        for problem in found
    }
    assert problems == set()


@pytest.mark.parametrize("button", BUTTONS, ids=lambda button: button.action)
def test_every_button_runs_its_action_in_python(addin: bytes, button: Button) -> None:
    code = procedures(sources(addin)["ClvRibbon"])[procedure_of(button)]

    assert f'RunPython "import {RIBBON_MODULE} as clv; clv.{button.action}()"' in code


@pytest.mark.skipif(
    importlib.util.find_spec(RIBBON_MODULE) is None, reason="the actions are not there yet"
)
def test_every_action_is_a_function_without_arguments() -> None:
    ribbon = importlib.import_module(RIBBON_MODULE)

    for button in BUTTONS:
        action = getattr(ribbon, button.action)
        assert callable(action)
        assert action.__code__.co_argcount == len(action.__defaults__ or ())
