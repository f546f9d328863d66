"""LibreOffice with our extension, installed as a user installs it, in settings of its own.

Formulas in an `.xlsx` file are written plainly, `CLV_SIMPLE(50,4,3)`, without any prefix: so both
LibreOffice finds the function of the extension, by its compatibility name, and Excel that of the
add-in. Tables stand in array formulas. What LibreOffice does not find: `_xll.CLV_…`,
`_xlfn.CLV_…`, `_xludf.CLV_…`, and `[1]!CLV_…`, which is what Excel itself writes for a function of
an add-in that was open while the workbook was saved.
"""

import os
from functools import cache
from pathlib import Path

from clv_xl.cli import main
from tests.proof.office import Program, output, settings
from tests.proof.tools import OFFICE_PACKAGES, UNOPKG, require


@cache
def host() -> Program:
    """Return LibreOffice with the extension that the command line builds."""
    return installed(built(settings() / "clv_xl.oxt"), packages=require(OFFICE_PACKAGES))


def built(path: Path) -> Path:
    """Build the extension by the command line."""
    assert main(["libreoffice", "-o", str(path)]) == 0
    return path


def installed(extension: Path, *, packages: str = "") -> Program:
    """Install an extension in new settings, and return LibreOffice with them.

    The place of extensions for all users is moved there too: root may install in no other one, and
    nothing is left on the machine.

    Parameters
    ----------
    extension
        The file.
    packages
        The folder with numpy, pandas and scipy for LibreOffice's Python.
    """
    folder = settings()
    options = (
        f"-env:UserInstallation={folder.as_uri()}",
        f"-env:UNO_SHARED_PACKAGES_CACHE={(folder / 'shared').as_uri()}",
    )
    environment = _environment(packages)
    command = [require(UNOPKG), "add", "--shared", *options, str(extension)]
    said = output(command, environment)
    assert "ERROR" not in said, said
    return Program(options, environment)


def _environment(packages: str) -> dict[str, str]:
    """Return an environment in which LibreOffice's Python finds itself, not that of the tests."""
    foreign = ("PYTHON", "VIRTUAL_ENV", "PYENV")
    own = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return {**own, "PATH": os.defpath, "PYTHONPATH": packages}
