"""The add-in template that xlwings brings along: where it lies, which version it is."""

import re
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from clv_xl.errors import SourceError
from clv_xl.excel.addin.vba_project import Project, read_project

TEMPLATE = "quickstart_addin_ribbon.xlam"
_VERSION = re.compile(r'Const XLWINGS_VERSION As String = "([\d.]+)"')
_REINSTALL = "run pip install --force-reinstall xlwings"


@dataclass(frozen=True, slots=True)
class Template:
    """What is taken over: the VBA project, and the version of the library that it calls."""

    project: Project
    version: str


def xlwings_folder() -> Path:
    """Return where xlwings is installed; it is found without being imported.

    Raises
    ------
    SourceError
        If it is not installed.
    """
    found = find_spec("xlwings")
    if found is None or found.origin is None:
        raise SourceError("xlwings is not installed in this Python: run pip install xlwings")
    return Path(found.origin).parent


def xlwings_version() -> str:
    """Return the version of the installed xlwings; empty where there is none."""
    try:
        return metadata.version("xlwings")
    except metadata.PackageNotFoundError:
        return ""


def installed_template() -> Template:
    """Return the template of the installed xlwings, so that VBA, library and Python agree.

    Raises
    ------
    SourceError
        If there is none, or if it belongs to another version of xlwings.
    """
    template = read_template(xlwings_folder() / TEMPLATE)
    if template.version != xlwings_version():
        raise SourceError(
            f"xlwings {xlwings_version()} is installed with the add-in template of "
            f"{template.version}: {_REINSTALL}"
        )
    return template


def read_template(path: Path) -> Template:
    """Return a template file's project and version.

    Raises
    ------
    SourceError
        If the file is missing, is no add-in, or does not tell its version.
    """
    try:
        with ZipFile(BytesIO(path.read_bytes())) as archive:
            project = read_project(archive.read("xl/vbaProject.bin"))
    except FileNotFoundError:
        raise SourceError(f"xlwings lacks its add-in template {path}: {_REINSTALL}") from None
    except (BadZipFile, KeyError, OSError, ValueError):
        raise SourceError(f"{path} is no add-in that can be read: {_REINSTALL}") from None
    version = _VERSION.search(project.source("xlwings"))
    if version is None:
        raise SourceError(f"{path} does not tell its version: install another xlwings")
    return Template(project, version[1])
