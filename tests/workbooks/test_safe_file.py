import os
import tempfile
from pathlib import Path

import pytest

from clv_xl.errors import SourceError
from clv_xl.workbooks.safe_file import replacing


def parts(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_the_new_file_stands_there_only_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    path.write_bytes(b"old")

    with replacing(path) as target:
        target.write(b"new")
        assert path.read_bytes() == b"old"

    assert path.read_bytes() == b"new"
    assert parts(tmp_path) == ["report.xlsx"]


def write_half(path: Path, fault: type[BaseException]) -> None:
    with replacing(path) as target:
        target.write(b"half")
        raise fault


@pytest.mark.parametrize("fault", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, fault: type[BaseException]
) -> None:
    path = tmp_path / "report.xlsx"
    path.write_bytes(b"old")

    with pytest.raises(fault):
        write_half(path, fault)

    assert path.read_bytes() == b"old"
    assert parts(tmp_path) == ["report.xlsx"]


def test_a_failure_without_an_old_file_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no"), replacing(tmp_path / "report.xlsx"):
        raise ValueError("no")

    assert parts(tmp_path) == []


def test_a_folder_or_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is a folder"), replacing(tmp_path):
        pass
    with pytest.raises(SourceError, match="there is no folder"), replacing(tmp_path / "no" / "x"):
        pass
    assert parts(tmp_path) == []


def test_a_folder_that_may_not_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_args: object, **_options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "mkstemp", refused)

    with (
        pytest.raises(SourceError, match="cannot be written: Permission denied"),
        replacing(tmp_path / "report.xlsx"),
    ):
        pass


def test_a_file_that_is_open_elsewhere_is_not_half_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_args: object) -> None:
        raise PermissionError(13, "in use")

    path = tmp_path / "report.xlsx"
    path.write_bytes(b"old")
    monkeypatch.setattr(Path, "replace", locked)

    with pytest.raises(SourceError, match="close it where it is open"), replacing(path) as target:
        target.write(b"new")

    assert path.read_bytes() == b"old"
    assert parts(tmp_path) == ["report.xlsx"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no file modes")
def test_the_file_may_be_read_by_whom_an_ordinary_new_file_may(tmp_path: Path) -> None:
    ordinary, ours = tmp_path / "ordinary", tmp_path / "ours"
    ordinary.touch()

    with replacing(ours) as target:
        target.write(b"new")

    assert ours.stat().st_mode == ordinary.stat().st_mode


@pytest.mark.parametrize("name", ["r" * 250 + ".csv", "b" + "é" * 100, "x"])
def test_every_name_that_a_file_may_have_is_written(tmp_path: Path, name: str) -> None:
    with replacing(tmp_path / name) as target:
        target.write(b"new")

    assert parts(tmp_path) == [name]


def test_a_name_without_a_folder_is_in_the_folder_of_the_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with replacing(Path("report.xlsx")) as target:
        target.write(b"new")

    assert parts(tmp_path) == ["report.xlsx"]
