"""The template of the installed xlwings: found, and refused where it does not fit."""

import importlib.util
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest

from clv_xl.errors import SourceError
from clv_xl.excel.addin import template as template_module
from clv_xl.excel.addin.build import build_addin
from clv_xl.excel.addin.modules import bridge_module, document_modules
from clv_xl.excel.addin.places import Platform
from clv_xl.excel.addin.template import (
    TEMPLATE,
    Template,
    installed_template,
    read_template,
    xlwings_folder,
    xlwings_version,
)
from clv_xl.excel.addin.vba_project import Module


def changed(name: str, old: str, new: str) -> Template:
    """Return the installed template with one text of one module replaced."""
    template = installed_template()
    modules = tuple(
        replace(m, source=m.source.replace(old, new)) if m.name == name else m
        for m in template.project.modules
    )
    assert modules != template.project.modules
    return replace(template, project=replace(template.project, modules=modules))


def test_template_library_and_python_are_of_one_version() -> None:
    template = installed_template()

    libraries = set(re.findall(r"xlwings(?:32|64)-([\d.]+)\.dll", bridge_module(template).source))
    assert libraries == {template.version} == {xlwings_version()}


def test_the_builder_never_imports_xlwings() -> None:
    check = (
        "import sys\n"
        "from clv_xl.excel.addin.build import build_addin\n"
        "from clv_xl.excel.addin.places import Platform\n"
        "import clv_xl.excel.doctor, clv_xl.excel.buttons\n"
        "assert all(map(build_addin, Platform))\n"
        "print([name for name in sys.modules if name.split('.')[0] == 'xlwings'])\n"
    )
    said = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "[]"


def test_without_xlwings_the_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template_module, "find_spec", lambda _: None)

    with pytest.raises(SourceError, match="pip install xlwings"):
        installed_template()


def test_a_template_of_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template_module, "xlwings_version", lambda: "0.1.2")

    with pytest.raises(SourceError, match=r"xlwings 0\.1\.2 is installed with the add-in template"):
        installed_template()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(None, "lacks its add-in template"), (b"no zip", "no add-in"), ({}, "no add-in")],
)
def test_a_broken_template_is_refused(tmp_path: Path, content: object, sentence: str) -> None:
    path = tmp_path / TEMPLATE
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        with ZipFile(path, "w") as archive:
            archive.writestr("xl/workbook.xml", "<workbook/>")

    with pytest.raises(SourceError, match=sentence):
        read_template(path)


@pytest.mark.parametrize(
    ("name", "old", "new", "sentence"),
    [
        ("xlwings", "Function XLPy()", "Function Renamed()", "built differently"),
        ("xlwings", '"myaddin"', '"another"', "built differently"),
        ("xlwings", 'VB_Name = "xlwings"', 'VB_Name = "other"', "built differently"),
        ("ThisWorkbook", "Attribute VB_Exposed", "Sub A()\nEnd Sub\nAttribute VB_Exposed", "code"),
    ],
)
def test_a_template_that_is_built_differently_is_refused(
    name: str, old: str, new: str, sentence: str
) -> None:
    with pytest.raises(SourceError, match=sentence):
        build_addin(Platform.MAC, changed(name, old, new))


def test_a_template_with_two_sheets_is_refused() -> None:
    template = installed_template()
    more = (*template.project.modules, Module("Sheet3", "", document=True))

    with pytest.raises(SourceError, match="2 sheets"):
        build_addin(
            Platform.MAC, replace(template, project=replace(template.project, modules=more))
        )
    assert len(tuple(document_modules(template.project))) == 2


def test_xlwings_is_found_where_python_would_import_it() -> None:
    spec = importlib.util.find_spec("xlwings")

    assert spec is not None
    assert xlwings_folder() == Path(str(spec.origin)).parent
    assert (xlwings_folder() / TEMPLATE).is_file()
