"""Users' folders as they are on Windows and on a Mac, in a folder of the tests."""

from dataclasses import replace
from pathlib import Path

from clv_xl.excel.addin.places import Places, Platform, places

PYTHON = {
    Platform.WINDOWS: r"C:\env\Scripts\pythonw.exe",
    Platform.MAC: "/Users/ana/my env/bin/python3",
}


def home(platform: Platform, folder: Path) -> Places:
    """Return the files of a user whose folder is `folder`; the code page of Windows is Western."""
    environment = {
        "APPDATA": str(folder / "AppData" / "Roaming"),
        "USERPROFILE": str(folder),
    }
    where = places(platform, folder, environment)
    return replace(where, encoding="cp1252") if platform is Platform.WINDOWS else where


def files_in(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with what it holds."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
