"""The check-up of an installation: what is there, what does not fit, and what to do about it."""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module, metadata
from pathlib import Path
from platform import python_version

from clv_xl import __version__
from clv_xl.errors import SourceError
from clv_xl.excel.addin.installation import script_name
from clv_xl.excel.addin.package import read_stamp
from clv_xl.excel.addin.places import Places, Platform, places, platform_of
from clv_xl.excel.addin.settings import load, read_settings
from clv_xl.excel.addin.template import xlwings_version

_OLDEST_PYTHON, _OLDEST_XLWINGS = (3, 11), (0, 33)
_INSTALL = "run clv-xl addin install, then start Excel again"
_OF_ITS_OWN = "install clv_xl into a virtual environment and run clv-xl addin install there"
_BITS = {"x64": 64, "x86": 32}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: whether it fits, what was found, and what to do if not."""

    name: str
    ok: bool
    finding: str
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What an installation consists of, as far as it can be seen from here."""

    system: str
    """As `sys.platform` names it."""
    where: Places | None
    """The user's files; None where Excel does not run."""
    python: str
    interpreter: str
    bits: int
    xlwings: str
    """Versions; empty where something is not installed."""
    pywin32: str
    excel_bits: int | None = None
    """Whether Excel is a 32- or a 64-bit program; None where that is not known."""
    exists: Callable[[str], bool] = os.path.exists


def here() -> Surroundings:
    """Return what can be seen on this machine."""
    platform = platform_of(sys.platform)
    return Surroundings(
        system=sys.platform,
        where=None if platform is None else places(platform, Path.home(), os.environ),
        python=python_version(),
        interpreter=sys.executable,
        bits=64 if sys.maxsize > 1 << 32 else 32,
        xlwings=xlwings_version(),
        pywin32=_version_of("pywin32"),
        excel_bits=_excel_bits(),
    )


def examine(surroundings: Surroundings | None = None) -> tuple[Check, ...]:
    """Return every check, in the order in which things depend on each other.

    Parameters
    ----------
    surroundings
        What to examine; this machine where it is not given.
    """
    seen = surroundings or here()
    return tuple(_checks(seen))


def _checks(seen: Surroundings) -> Iterator[Check]:
    yield _python(seen)
    yield _xlwings(seen)
    if seen.where is None:
        yield Check(
            "Excel",
            ok=True,
            finding=f"does not run on {seen.system}; clv-xl addin build -o clv_xl.xlam makes the "
            "file for a machine where it does",
        )
        return
    if seen.where.platform is Platform.WINDOWS:
        yield _pywin32(seen)
        yield _library(seen)
    else:
        yield _script(seen, seen.where)
    yield _settings(seen, seen.where)
    yield _addin(seen, seen.where)
    yield _second_copy(seen.where)


def _python(seen: Surroundings) -> Check:
    finding = f"{seen.python}, {seen.bits}-bit, {seen.interpreter}"
    if _numbers(seen.python) >= _OLDEST_PYTHON:
        return Check("Python", ok=True, finding=finding)
    return Check("Python", ok=False, finding=finding, remedy="install Python 3.11 or newer")


def _xlwings(seen: Surroundings) -> Check:
    if not seen.xlwings:
        remedy = "run pip install xlwings"
        return Check("xlwings", ok=False, finding="is not installed", remedy=remedy)
    fits = _numbers(seen.xlwings) >= _OLDEST_XLWINGS
    remedy = "" if fits else "run pip install --upgrade xlwings, then clv-xl addin install"
    return Check("xlwings", ok=fits, finding=seen.xlwings, remedy=remedy)


def _pywin32(seen: Surroundings) -> Check:
    if seen.pywin32:
        return Check("pywin32", ok=True, finding=seen.pywin32)
    return Check("pywin32", ok=False, finding="is not installed", remedy="run pip install pywin32")


def _library(seen: Surroundings) -> Check:
    """Look for the library that Excel loads, where the add-in looks: beside Python, or above."""
    kinds = [64, 32] if seen.excel_bits is None else [seen.excel_bits]
    python = Platform.WINDOWS.path(_configured(seen) or seen.interpreter)
    folders = (python.parent, python.parent.parent)
    names = [f"xlwings{bits}-{seen.xlwings}.dll" for bits in kinds]
    missing = [
        name for name in names if not any(seen.exists(str(folder / name)) for folder in folders)
    ]
    if not missing:
        return Check("library of xlwings", ok=True, finding=", ".join(names))
    finding = f"{' and '.join(missing)} is neither in {folders[0]} nor in {folders[1]}"
    return Check("library of xlwings", ok=False, finding=finding, remedy=_OF_ITS_OWN)


def _script(seen: Surroundings, where: Places) -> Check:
    folder = where.scripts or where.addin.parent
    script = folder / script_name(seen.xlwings)
    if script.is_file():
        return Check("script", ok=True, finding=str(script))
    return Check("script", ok=False, finding=f"{script} is missing", remedy=_INSTALL)


def _settings(seen: Surroundings, where: Places) -> Check:
    """Look at the Python that Excel starts: named, there, and this one."""
    try:
        path = _configured(seen)
    except SourceError as fault:
        return Check("settings", ok=False, finding=str(fault), remedy=_INSTALL)
    if not path:
        finding = f"{where.settings} does not name Python ({where.platform.interpreter_key})"
    elif not where.platform.is_absolute(path) or not seen.exists(path):
        finding = f"{where.settings} names {path}, which is not there"
    elif where.platform.path(path).parent != where.platform.path(seen.interpreter).parent:
        finding = f"Excel starts {path}, and this is {seen.interpreter}"
    else:
        return Check("settings", ok=True, finding=f"{where.settings}: Excel starts {path}")
    return Check("settings", ok=False, finding=finding, remedy=_INSTALL)


def _addin(seen: Surroundings, where: Places) -> Check:
    stamp = read_stamp(where.addin)
    if not where.addin.exists():
        finding = f"{where.addin} is missing"
    elif stamp is None:
        finding = f"{where.addin} is no add-in of clv_xl"
    elif stamp.clv_xl != __version__:
        finding = f"it was built by clv_xl {stamp.clv_xl}, and {__version__} is installed"
    elif stamp.xlwings != seen.xlwings:
        finding = f"it was built for xlwings {stamp.xlwings}, and {seen.xlwings} is installed"
    elif stamp.platform != where.platform.value:
        finding = f"it was built for {stamp.platform}, and this is {where.platform.value}"
    else:
        return Check("add-in", ok=True, finding=f"{stamp.clv_xl}, {where.addin}")
    return Check("add-in", ok=False, finding=finding, remedy=_INSTALL)


def _second_copy(where: Places) -> Check:
    copies = [str(f / where.addin.name) for f in where.elsewhere if (f / where.addin.name).exists()]
    if not copies:
        return Check("second copy", ok=True, finding="none")
    finding = f"{', '.join(copies)} is a second add-in of the same name"
    return Check("second copy", ok=False, finding=finding, remedy="delete it")


def _configured(seen: Surroundings) -> str:
    """Return the Python that the settings name; empty where they name none."""
    if seen.where is None:
        return ""
    settings = read_settings(load(seen.where.settings, seen.where.encoding))
    return settings.get(seen.where.platform.interpreter_key, "")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2] if part.isdigit())


def _version_of(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""


def _excel_bits() -> int | None:
    """Return what Windows has noted of the installed Office; None where it has noted nothing."""
    try:
        registry = import_module("winreg")
        key = r"SOFTWARE\Microsoft\Office\ClickToRun\Configuration"
        with registry.OpenKey(registry.HKEY_LOCAL_MACHINE, key) as entry:
            return _BITS.get(registry.QueryValueEx(entry, "Platform")[0])
    except (ImportError, OSError):
        return None
