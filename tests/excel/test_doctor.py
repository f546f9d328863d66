"""The check-up on faked installations: whole ones, and each with one thing wrong."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from clv_xl import __version__
from clv_xl.excel.addin.installation import carry_out, installation, script_name
from clv_xl.excel.addin.package import Stamp, package
from clv_xl.excel.addin.places import Places, Platform
from clv_xl.excel.doctor import Check, Surroundings, examine, here
from tests.excel.addin.homes import PYTHON, home

XLWINGS = "0.37.8"
DLLS = {rf"C:\env\xlwings{bits}-{XLWINGS}.dll" for bits in (32, 64)}

ONLY_64 = {PYTHON[Platform.WINDOWS], rf"C:\env\xlwings64-{XLWINGS}.dll"}


def whole(platform: Platform, folder: Path) -> Surroundings:
    """Return an installation in which everything fits."""
    where = home(platform, folder)
    addin = package(Stamp(__version__, XLWINGS, platform.value), "Sheet2", b"", b"")
    carry_out(where, installation(where, addin, PYTHON[platform]))
    if where.scripts is not None:
        (where.scripts / script_name(XLWINGS)).write_text("on VbaHandler")
    there = {PYTHON[platform], *DLLS}
    return Surroundings(
        system="win32" if platform is Platform.WINDOWS else "darwin",
        where=where,
        python="3.12.1",
        interpreter=PYTHON[platform].replace("pythonw", "python"),
        bits=64,
        xlwings=XLWINGS,
        pywin32="308" if platform is Platform.WINDOWS else "",
        excel_bits=64 if platform is Platform.WINDOWS else None,
        exists=there.__contains__,
    )


def wrong(seen: Surroundings) -> dict[str, Check]:
    return {check.name: check for check in examine(seen) if not check.ok}


def files_of(seen: Surroundings) -> Places:
    assert seen.where is not None
    return seen.where


@pytest.mark.parametrize("platform", Platform)
def test_a_whole_installation_has_nothing_wrong(platform: Platform, tmp_path: Path) -> None:
    checks = examine(whole(platform, tmp_path))

    assert [check.finding for check in checks if not check.ok] == []
    assert all(check.finding and not check.remedy for check in checks)
    names = [check.name for check in checks]
    assert names[:2] == ["Python", "xlwings"]
    assert names[-3:] == ["settings", "add-in", "second copy"]
    assert ("pywin32" in names) is (platform is Platform.WINDOWS)
    assert ("script" in names) is (platform is Platform.MAC)


@pytest.mark.parametrize("platform", Platform)
def test_nothing_installed_is_told_with_what_to_do(platform: Platform, tmp_path: Path) -> None:
    seen = replace(whole(platform, tmp_path / "old"), where=home(platform, tmp_path))

    found = wrong(seen)

    assert {"settings", "add-in"} <= set(found)
    assert all("clv-xl addin install" in found[name].remedy for name in ("settings", "add-in"))
    assert "does not name Python" in found["settings"].finding
    assert "is missing" in found["add-in"].finding


@pytest.mark.parametrize(
    ("change", "name", "finding"),
    [
        ({"python": "3.10.2"}, "Python", "3.10.2"),
        ({"xlwings": ""}, "xlwings", "is not installed"),
        ({"xlwings": "0.32.1"}, "xlwings", "0.32.1"),
        ({"pywin32": ""}, "pywin32", "is not installed"),
        ({"xlwings": "0.38.0"}, "library of xlwings", "xlwings64-0.38.0.dll"),
        ({"xlwings": "0.38.0"}, "add-in", "built for xlwings 0.37.8, and 0.38.0"),
        ({"exists": DLLS.__contains__}, "settings", "which is not there"),
        ({"exists": {PYTHON[Platform.WINDOWS]}.__contains__}, "library of xlwings", "neither in"),
        ({"interpreter": r"D:\other\python.exe"}, "settings", r"this is D:\other"),
        ({"excel_bits": 32, "exists": ONLY_64.__contains__}, "library of xlwings", "xlwings32"),
        ({"excel_bits": None, "exists": ONLY_64.__contains__}, "library of xlwings", "xlwings32"),
    ],
)
def test_what_does_not_fit_on_windows_is_told(
    tmp_path: Path, change: dict[str, object], name: str, finding: str
) -> None:
    seen = replace(whole(Platform.WINDOWS, tmp_path), **change)  # type: ignore[arg-type]

    assert finding in wrong(seen)[name].finding
    assert wrong(seen)[name].remedy


def test_the_library_may_lie_beside_python_or_above(tmp_path: Path) -> None:
    beside = {PYTHON[Platform.WINDOWS], rf"C:\env\Scripts\xlwings64-{XLWINGS}.dll"}
    seen = replace(whole(Platform.WINDOWS, tmp_path), exists=beside.__contains__)

    assert wrong(seen) == {}


def no_text(where: Places) -> None:
    where.settings.write_bytes(b'"INTERPRETER_MAC","/\xff"\r\n')


def no_addin(where: Places) -> None:
    where.addin.write_text("something else")


def older_addin(where: Places) -> None:
    where.addin.write_bytes(package(Stamp("0.0.1", XLWINGS, "mac"), "Sheet2", b"", b""))


def addin_of_windows(where: Places) -> None:
    where.addin.write_bytes(package(Stamp(__version__, XLWINGS, "windows"), "Sheet2", b"", b""))


def no_script(where: Places) -> None:
    assert where.scripts is not None
    (where.scripts / script_name(XLWINGS)).unlink()


def bare_name(where: Places) -> None:
    where.settings.write_text('"INTERPRETER_MAC","python3"\r\n')


def second_copy(where: Places) -> None:
    (folder,) = where.elsewhere
    folder.mkdir(parents=True)
    (folder / where.addin.name).write_bytes(b"")


@pytest.mark.parametrize(
    ("spoil", "name", "finding"),
    [
        (no_text, "settings", "holds letters that Excel cannot read"),
        (bare_name, "settings", "names python3, which is not there"),
        (no_addin, "add-in", "is no add-in of clv_xl"),
        (older_addin, "add-in", f"was built by clv_xl 0.0.1, and {__version__}"),
        (addin_of_windows, "add-in", "was built for windows, and this is mac"),
        (no_script, "script", "is missing"),
        (second_copy, "second copy", "second add-in of the same name"),
    ],
)
def test_what_was_spoilt_on_a_mac_is_told_and_nothing_else(
    tmp_path: Path, spoil: Callable[[Places], None], name: str, finding: str
) -> None:
    seen = whole(Platform.MAC, tmp_path)
    spoil(files_of(seen))

    assert list(wrong(seen)) == [name]
    assert finding in wrong(seen)[name].finding
    assert wrong(seen)[name].remedy


def test_where_excel_does_not_run_there_is_nothing_to_mend() -> None:
    seen = replace(here(), where=None, system="linux", python="3.12.1", xlwings=XLWINGS)

    checks = examine(seen)
    assert [check.name for check in checks] == ["Python", "xlwings", "Excel"]
    assert all(check.ok for check in checks)
    assert "clv-xl addin build" in checks[-1].finding


def test_this_machine_can_be_examined() -> None:
    assert [check.name for check in examine()][:2] == ["Python", "xlwings"]
