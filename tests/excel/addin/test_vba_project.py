"""The VBA project: written, and read by two programs that are not ours."""

from io import BytesIO
from pathlib import Path

import olefile
import pytest
from pyopenvba import ExcelFile
from pyopenvba.vba import VBAModuleKind

from clv_xl.errors import SourceError
from clv_xl.excel.addin.build import build_addin
from clv_xl.excel.addin.modules import (
    BRIDGE,
    CALLS,
    FUNCTIONS,
    HELP,
    RANGES,
    RIBBON,
    SENTENCES,
    bridge_module,
    document_modules,
    ribbon_module,
)
from clv_xl.excel.addin.places import Platform
from clv_xl.excel.addin.template import installed_template
from clv_xl.excel.addin.vba_project import Module, project_file, read_project
from clv_xl.excel.addin.wrappers import function_modules
from tests.excel.addin.vba_reading import part, sources

DOCUMENTS = {"ThisWorkbook", "Sheet2"}
WRITTEN = {
    Platform.WINDOWS: DOCUMENTS | {BRIDGE, RIBBON, CALLS, RANGES, SENTENCES, FUNCTIONS, HELP},
    Platform.MAC: DOCUMENTS | {BRIDGE, RIBBON},
}


@pytest.mark.parametrize("platform", Platform)
def test_olevba_lists_every_module_with_the_source_that_was_written(platform: Platform) -> None:
    template = installed_template()
    own = function_modules() if platform is Platform.WINDOWS else ()
    written = [*document_modules(template.project), bridge_module(template), ribbon_module(), *own]

    assert sources(build_addin(platform)) == {module.name: module.source for module in written}
    assert {module.name for module in written} == WRITTEN[platform]


def test_olefile_finds_nothing_to_complain_about(addin: bytes) -> None:
    binary = BytesIO(part(addin, "xl/vbaProject.bin"))
    with olefile.OleFileIO(binary, raise_defects=olefile.DEFECT_UNSURE) as file:
        assert file.parsing_issues == []
        assert ["VBA", "dir"] in file.listdir()
        assert file.openstream("VBA/_VBA_PROJECT").read()[:4] == b"\xcc\x61\xff\xff"


def test_another_reader_of_whole_projects_agrees(windows_addin: bytes, tmp_path: Path) -> None:
    path = tmp_path / "clv_xl.xlam"
    path.write_bytes(windows_addin)

    with ExcelFile(path) as file:
        project = file.vba_project()
        standard = {m.name for m in project.modules if m.kind is VBAModuleKind.standard}
        found = {module.name: module.source for module in project.modules}

    assert standard == found.keys() - DOCUMENTS
    assert {name: text.replace("\r\n", "\n") for name, text in found.items()} == sources(
        windows_addin
    )


def test_what_was_written_can_be_read_as_a_template_again() -> None:
    like = installed_template().project
    modules = (Module("ThisWorkbook", "' ä\n", document=True), Module("Own", "Sub A()\nEnd Sub\n"))

    again = read_project(project_file("another", modules, like))

    assert again.modules == modules
    assert again.settings == like.settings
    assert dict(again.information)[0x04] == b"another"
    assert [number for number, _ in again.information] == [number for number, _ in like.information]


def test_of_the_templates_libraries_only_that_of_the_ribbon_is_kept() -> None:
    names = [
        content for number, content in installed_template().project.information if number == 0x16
    ]

    assert names == [b"Office"]


def test_a_module_that_is_not_there_is_named() -> None:
    with pytest.raises(SourceError, match="no module Missing"):
        installed_template().project.source("Missing")
