"""The whole add-in: template in, file out."""

from pathlib import Path

from clv_xl import __version__
from clv_xl.errors import SourceError
from clv_xl.excel.addin.modules import PROJECT, bridge_module, document_modules, ribbon_module
from clv_xl.excel.addin.package import Stamp, package
from clv_xl.excel.addin.places import Platform
from clv_xl.excel.addin.ribbon_xml import ribbon_xml
from clv_xl.excel.addin.template import Template, installed_template
from clv_xl.excel.addin.vba_project import Module, project_file
from clv_xl.workbooks.safe_file import replacing

ENDING = ".xlam"
_WORKBOOK_AND_SHEET = 2


def build_addin(platform: Platform, template: Template | None = None) -> bytes:
    """Return the add-in for desktop Excel.

    Parameters
    ----------
    platform
        On Windows it has the ribbon and the worksheet functions, on a Mac the ribbon alone:
        classic xlwings calls functions on Windows only.
    template
        What it is made from; the installed xlwings' own where none is given.

    Raises
    ------
    SourceError
        If xlwings is missing or differs from every version that is known.
    """
    template = template or installed_template()
    documents = tuple(document_modules(template.project))
    if len(documents) != _WORKBOOK_AND_SHEET:
        raise SourceError(
            f"the template of xlwings {template.version} has {len(documents) - 1} sheets, not one: "
            "install xlwings 0.37"
        )
    modules = (*documents, bridge_module(template), ribbon_module(), *_functions(platform))
    project = project_file(PROJECT, modules, template.project)
    stamp = Stamp(__version__, template.version, platform.value)
    return package(stamp, documents[1].name, project, ribbon_xml())


def write_addin(path: Path, platform: Platform) -> None:
    """Build the add-in into a file: the old one stays until the new one is whole."""
    built = build_addin(platform)
    with replacing(path) as target:
        target.write(built)


def _functions(platform: Platform) -> tuple[Module, ...]:
    if platform is Platform.MAC:
        return ()
    from clv_xl.excel.addin.wrappers import function_modules  # noqa: PLC0415 - pandas is slow

    return function_modules()
