"""`clv-xl addin` and `clv-xl doctor` from outside, on this system and on faked ones."""

import codecs
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from clv_xl.excel.addin import places as places_module
from clv_xl.excel.addin.package import read_stamp
from clv_xl.excel.addin.places import Platform, places
from clv_xl.excel.addin.settings import read_settings
from tests.acceptance.command import done, refused, run
from tests.excel.addin.homes import files_in


@pytest.fixture
def a_mac(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a user of a Mac."""
    monkeypatch.setattr(places_module, "platform_of", lambda _: Platform.MAC)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a user of Windows, whose code page is Western."""
    monkeypatch.setattr(places_module, "platform_of", lambda _: Platform.WINDOWS)
    monkeypatch.setattr(sys, "executable", r"C:\env\Scripts\python.exe")
    monkeypatch.setattr("os.path.exists", lambda _: True)
    monkeypatch.setenv("APPDATA", str(tmp_path / "Roaming"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    western = codecs.lookup("cp1252")

    def code_page(name: str) -> codecs.CodecInfo | None:
        return western if name == "mbcs" else None

    codecs.register(code_page)
    yield tmp_path
    codecs.unregister(code_page)


@pytest.mark.parametrize("platform", Platform)
def test_an_add_in_is_built_into_a_file(tmp_path: Path, platform: Platform) -> None:
    path = tmp_path / "clv_xl.xlam"

    said = done("addin", "build", "-o", path, "--platform", platform.value)

    assert platform.value in said
    stamp = read_stamp(path)
    assert stamp is not None
    assert stamp.platform == platform.value


def test_without_a_platform_the_add_in_is_for_windows_here(tmp_path: Path) -> None:
    assert "windows" in done("addin", "build", "-o", tmp_path / "clv_xl.xlam")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["build"], "Missing option '-o'"),
        (["build", "-o", "clv.xlsm"], "--output must end in .xlam"),
        (["build", "-o", "nowhere/clv.xlam"], "there is no folder nowhere"),
        (["build", "-o", "clv.xlam", "--platform", "linux"], "'linux' is not one of"),
        (["upgrade"], "No such command 'upgrade'"),
    ],
)
def test_a_wrong_command_is_refused(words: list[str], sentence: str) -> None:
    assert sentence in refused("addin", *words)


@pytest.mark.skipif(sys.platform != "linux", reason="Excel runs here")
@pytest.mark.parametrize("command", ["install", "remove"])
def test_where_excel_does_not_run_the_sentence_says_what_to_do(command: str) -> None:
    sentence = refused("addin", command)

    assert "does not run on linux" in sentence
    assert "clv-xl addin build" in sentence


def test_a_dry_run_names_the_files_and_writes_none(a_mac: Path) -> None:
    said = done("addin", "install", "--dry-run")

    assert said.count("would write") == 3
    assert str(places(Platform.MAC, a_mac, {}).addin) in said
    assert files_in(a_mac) == {}


def test_an_installation_on_a_mac_can_be_removed_again(a_mac: Path) -> None:
    where = places(Platform.MAC, a_mac, {})

    assert done("addin", "install").count("wrote ") == 3
    stamp = read_stamp(where.addin)
    assert stamp is not None
    assert stamp.platform == "mac"
    assert read_settings(where.settings.read_text()) == {"INTERPRETER_MAC": sys.executable}

    assert done("addin", "remove", "--dry-run").count("would delete") == 2
    assert where.addin.exists()
    assert done("addin", "remove").count("deleted ") == 2
    assert not where.addin.exists()
    assert "nothing to remove" in done("addin", "remove")


def test_an_installation_on_windows_names_the_python_without_a_console(windows: Path) -> None:
    settings = windows / ".clv_xl" / "clv_xl.conf"
    settings.parent.mkdir()
    settings.write_bytes(b'"PYTHONPATH","C:\\m\xfcller"\r\n')

    done("addin", "install")

    assert settings.read_bytes() == (
        b'"PYTHONPATH","C:\\m\xfcller"\r\n"INTERPRETER_WIN","C:\\env\\Scripts\\pythonw.exe"\r\n'
    )
    assert (windows / "Roaming/Microsoft/Excel/XLSTART/clv_xl.xlam").is_file()


def test_while_excel_holds_the_add_in_one_sentence_says_so(a_mac: Path) -> None:
    done("addin", "install")
    places(Platform.MAC, a_mac, {}).lock.write_bytes(b"")

    assert "close Excel and try again" in refused("addin", "install")
    assert "close Excel and try again" in refused("addin", "remove")


def test_the_group_alone_shows_its_commands() -> None:
    said = done("addin")

    assert all(command in said for command in ("build", "install", "remove"))


def test_the_doctor_tells_a_line_each_and_what_to_do(a_mac: Path) -> None:
    doctor = "clv_xl.excel.doctor.platform_of"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(doctor, lambda _: Platform.MAC)
        before = run("doctor")
        done("addin", "install")
        after = run("doctor")

    assert (before.code, before.complaint) == (1, "")
    assert "WRONG  add-in:" in before.output
    assert "what to do: run clv-xl addin install" in before.output
    assert (after.code, after.complaint) == (0, "")
    assert "WRONG" not in after.output
    assert files_in(a_mac)


def test_the_doctor_answers_other_programs_too() -> None:
    answer = run("doctor", "--json")

    checks = json.loads(answer.output)
    assert [set(check) for check in checks] == [{"name", "ok", "finding", "remedy"}] * len(checks)
    assert answer.code == (0 if all(check["ok"] for check in checks) else 1)
