"""Where the files of a user belong, on each system."""

from pathlib import Path

import pytest

from clv_xl.errors import SourceError
from clv_xl.excel.addin.places import Platform, places, platform_of


def test_on_windows_the_add_in_lies_where_excel_starts_everything() -> None:
    environment = {"APPDATA": "/roaming", "USERPROFILE": "/profile"}
    where = places(Platform.WINDOWS, Path("/elsewhere"), environment)

    assert where.addin == Path("/roaming/Microsoft/Excel/XLSTART/clv_xl.xlam")
    assert where.settings == Path("/profile/.clv_xl/clv_xl.conf")
    assert where.elsewhere == (Path("/roaming/Microsoft/AddIns"),)
    assert where.lock == Path("/roaming/Microsoft/Excel/XLSTART/~$clv_xl.xlam")
    assert (where.encoding, where.scripts) == ("mbcs", None)


def test_windows_that_does_not_tell_its_folders_is_refused() -> None:
    with pytest.raises(SourceError, match="APPDATA must name"):
        places(Platform.WINDOWS, Path("/home"), {})


def test_on_a_mac_the_files_lie_in_the_folders_of_office() -> None:
    where = places(Platform.MAC, Path("/Users/ana"), {})

    group = "/Users/ana/Library/Group Containers/UBF8T346G9.Office/User Content.localized"
    assert where.addin == Path(f"{group}/Startup.localized/Excel/clv_xl.xlam")
    assert where.settings == Path(
        "/Users/ana/Library/Containers/com.microsoft.Excel/Data/clv_xl.conf"
    )
    assert where.scripts == Path("/Users/ana/Library/Application Scripts/com.microsoft.Excel")
    assert where.encoding == "ascii"


@pytest.mark.parametrize(
    ("path", "full_on"),
    [
        (r"C:\Python\pythonw.exe", Platform.WINDOWS),
        (r"\\server\share\python.exe", Platform.WINDOWS),
        (r"\Python\pythonw.exe", None),
        ("pythonw", None),
        ("/usr/bin/python3", Platform.MAC),
        ("bin/python3", None),
    ],
)
def test_a_full_path_names_its_drive_or_its_root(path: str, full_on: Platform | None) -> None:
    assert [platform for platform in Platform if platform.is_absolute(path)] == (
        [full_on] if full_on else []
    )


def test_excel_runs_on_two_systems() -> None:
    systems = ("win32", "darwin", "linux", "emscripten")

    assert list(map(platform_of, systems)) == [Platform.WINDOWS, Platform.MAC, None, None]
