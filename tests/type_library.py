"""The type library of the LibreOffice extension, made anew: `python -m tests.type_library`.

LibreOffice's own compiler (Debian: libreoffice-dev) makes it from the interface that the catalogue
gives; the text that it was made from stands beside it.
"""

import subprocess
from pathlib import Path

from clv_xl.excel.libreoffice.build import TYPE_LIBRARY
from clv_xl.excel.libreoffice.interface import idl
from tests.proof.tools import SOFFICE, UNOIDL_READ, UNOIDL_WRITE, require

INTERFACE_TEXT = TYPE_LIBRARY.with_suffix(".idl")


def compile_interface(text: Path, library: Path) -> None:
    """Compile the definition of an interface."""
    _run(UNOIDL_WRITE, text, library)


def decompiled(library: Path) -> str:
    """Return what a compiled interface says; which release compiled it does not show."""
    return _run(UNOIDL_READ, library)


def _run(tool: str, *files: Path) -> str:
    program = Path(require(SOFFICE)).resolve().parent
    known = [program / "types.rdb", program / "types/offapi.rdb"]
    command = list(map(str, [require(tool), *known, *files]))
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


if __name__ == "__main__":
    INTERFACE_TEXT.write_text(idl(), encoding="utf-8")
    compile_interface(INTERFACE_TEXT, TYPE_LIBRARY)
