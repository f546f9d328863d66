"""Installing and removing on faked homes: what is written, what stays, what is never half done."""

import os
import stat
import tempfile
from pathlib import Path
from typing import IO, Any

import pytest

from clv_xl.errors import SourceError
from clv_xl.excel.addin.installation import (
    carry_out,
    installation,
    removal,
    script_name,
    without_console,
)
from clv_xl.excel.addin.places import Places, Platform
from clv_xl.excel.addin.settings import read_settings
from clv_xl.excel.addin.template import xlwings_folder, xlwings_version
from tests.excel.addin.homes import PYTHON, files_in, home

ADDIN = b"the add-in"
THEIRS = b'"SHOW CONSOLE","True"\r\n'


@pytest.fixture(params=Platform)
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Places:
    return home(request.param, tmp_path)


def install(where: Places, addin: bytes = ADDIN) -> None:
    carry_out(where, installation(where, addin, PYTHON[where.platform]))


def settings(where: Places) -> dict[str, str]:
    return read_settings(where.settings.read_text(encoding=where.encoding))


def test_an_installation_writes_the_add_in_and_names_python(where: Places) -> None:
    install(where)

    assert where.addin.read_bytes() == ADDIN
    assert settings(where) == {where.platform.interpreter_key: PYTHON[where.platform]}
    assert b"\r\n" in where.settings.read_bytes()


def test_nothing_else_is_written(where: Places, tmp_path: Path) -> None:
    install(where)

    expected = {where.addin, where.settings}
    if where.scripts is not None:
        expected.add(where.scripts / script_name(xlwings_version()))
    assert set(files_in(tmp_path)) == {str(path.relative_to(tmp_path)) for path in expected}


def test_a_mac_gets_the_script_of_the_installed_xlwings(tmp_path: Path) -> None:
    where = home(Platform.MAC, tmp_path)
    install(where)

    name = script_name(xlwings_version())
    assert where.scripts is not None
    assert (where.scripts / name).read_bytes() == (xlwings_folder() / name).read_bytes()


def test_settings_of_others_are_kept_and_come_back_unchanged(where: Places) -> None:
    where.settings.parent.mkdir(parents=True)
    where.settings.write_bytes(THEIRS)

    install(where)
    install(where)
    assert settings(where) == {
        "SHOW CONSOLE": "True",
        where.platform.interpreter_key: PYTHON[where.platform],
    }
    carry_out(where, removal(where))
    assert where.settings.read_bytes() == THEIRS
    assert not where.addin.exists()


def test_a_removal_leaves_nothing_but_the_script_that_others_use(
    where: Places, tmp_path: Path
) -> None:
    install(where)

    carry_out(where, removal(where))

    left = [] if where.scripts is None else [where.scripts / script_name(xlwings_version())]
    assert list(files_in(tmp_path)) == [str(path.relative_to(tmp_path)) for path in left]
    assert removal(where) == ()


def test_a_plan_changes_nothing(where: Places, tmp_path: Path) -> None:
    steps = installation(where, ADDIN, PYTHON[where.platform])

    assert steps[-1].path == where.addin
    assert files_in(tmp_path) == {}


@pytest.mark.parametrize("by", ["lock file", "lock"])
def test_while_excel_holds_the_add_in_all_stays_as_it_is(
    where: Places, tmp_path: Path, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(where, b"the old one")
    if by == "lock file":
        where.lock.write_bytes(b"")
    before = files_in(tmp_path)
    if by == "lock":
        monkeypatch.setattr(Path, "open", opened_unless_for_writing)

    with pytest.raises(SourceError, match=r"Excel has .*clv_xl\.xlam open: close Excel"):
        install(where)
    with pytest.raises(SourceError, match="close Excel and try again"):
        carry_out(where, removal(where))
    assert files_in(tmp_path) == before


def opened_unless_for_writing(path: Path, mode: str = "r", **options: Any) -> IO[Any]:  # noqa: ANN401
    """Open a file as Windows does while a program has it open."""
    if mode == "r+b":
        raise PermissionError(13, "in use", str(path))
    return open(path, mode, **options)  # noqa: PTH123 - what it stands for


def test_where_the_add_in_cannot_be_put_in_place_the_settings_stay_too(
    where: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(where, b"the old one")
    before = files_in(tmp_path)
    replace = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if target == where.addin:
            raise PermissionError(13, "in use", str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    other = PYTHON[where.platform].replace("env", "other")
    with pytest.raises(SourceError, match="cannot be replaced"):
        carry_out(where, installation(where, ADDIN, other))
    assert files_in(tmp_path) == before


def test_where_the_add_in_cannot_be_deleted_the_settings_stay_too(
    where: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(where)
    before = files_in(tmp_path)

    def refuse(self: Path, **_: bool) -> None:
        raise PermissionError(13, "in use", str(self))

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(SourceError, match="cannot be deleted: in use"):
        carry_out(where, removal(where))
    monkeypatch.undo()
    assert files_in(tmp_path) == before


def test_a_folder_that_cannot_be_made_is_named(where: Places, tmp_path: Path) -> None:
    in_the_way = tmp_path / ("AppData" if where.scripts is None else "Library/Group Containers")
    in_the_way.parent.mkdir(exist_ok=True)
    in_the_way.write_text("")

    with pytest.raises(SourceError, match=r"the folder .* cannot be made"):
        install(where)
    assert len(files_in(tmp_path)) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_named(where: Places, tmp_path: Path) -> None:
    where.addin.parent.mkdir(parents=True)
    where.addin.parent.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        with pytest.raises(SourceError, match="cannot be written"):
            install(where)
    finally:
        where.addin.parent.chmod(stat.S_IRWXU)
    assert files_in(tmp_path) == {}


def test_a_folder_that_takes_no_file_is_named_by_root_too(
    where: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = tempfile.mkstemp

    def refuse(*, dir: Path, prefix: str, suffix: str) -> tuple[int, str]:  # noqa: A002
        if dir == where.addin.parent:
            raise PermissionError(13, "Permission denied", str(dir))
        return make(dir=dir, prefix=prefix, suffix=suffix)

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    with pytest.raises(SourceError, match=r"clv_xl\.xlam cannot be written: Permission denied"):
        install(where)
    assert files_in(tmp_path) == {}


@pytest.mark.parametrize("python", ["python3", "pythonw.exe", ""])
def test_python_must_be_named_by_its_full_path(where: Places, python: str) -> None:
    with pytest.raises(SourceError, match="must be a full one"):
        installation(where, ADDIN, python)


def test_a_path_with_letters_that_excel_cannot_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="plain letters only"):
        installation(home(Platform.WINDOWS, tmp_path), ADDIN, "C:\\語\\pythonw.exe")


@pytest.mark.parametrize(
    ("python", "silent_is_there", "chosen"),
    [
        (r"C:\env\Scripts\Python.exe", True, r"C:\env\Scripts\pythonw.exe"),
        (r"C:\env\Scripts\python.exe", False, r"C:\env\Scripts\python.exe"),
        (r"C:\env\Scripts\pythonw.exe", True, r"C:\env\Scripts\pythonw.exe"),
    ],
)
def test_the_python_without_a_console_is_preferred(
    python: str, chosen: str, *, silent_is_there: bool
) -> None:
    assert without_console(python, Platform.WINDOWS, lambda _: silent_is_there) == chosen


def test_a_mac_has_one_python() -> None:
    assert without_console("/env/bin/python3", Platform.MAC, lambda _: True) == "/env/bin/python3"
