"""Putting the add-in where Excel starts it, and taking it away again.

Both are planned first and carried out afterwards: a plan can be shown, and nothing is half done.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from clv_xl.errors import SourceError
from clv_xl.excel.addin.places import Places, Platform
from clv_xl.excel.addin.settings import (
    encoded_settings,
    load,
    merged,
    stripped,
)
from clv_xl.excel.addin.template import xlwings_folder, xlwings_version
from clv_xl.workbooks.safe_file import replacing

_SETTINGS = "settings: which Python Excel starts"
_ADDIN = "add-in: the tab CLV, loaded whenever Excel starts"
_WITHOUT_CONSOLE = {"python.exe": "pythonw.exe"}


@dataclass(frozen=True, slots=True)
class Step:
    """One file to write, or to delete where it has no content, and what it is for."""

    path: Path
    purpose: str
    content: bytes | None


def installation(where: Places, addin: bytes, interpreter: str) -> tuple[Step, ...]:
    """Return what an installation writes: settings, on a Mac the script, the add-in last.

    Parameters
    ----------
    where
        The user's files.
    addin
        The add-in file.
    interpreter
        The full path of the Python that has clv_xl.

    Raises
    ------
    SourceError
        If the settings cannot be read, or the interpreter's path cannot stand in them.
    """
    if not where.platform.is_absolute(interpreter):
        raise SourceError(f"the path of Python must be a full one, got {interpreter}")
    old = load(where.settings, where.encoding)
    text = merged(old, {where.platform.interpreter_key: interpreter})
    content = encoded_settings(where.settings, text, where.encoding)
    steps = [Step(where.settings, _SETTINGS, content)]
    if where.scripts is not None:
        script = xlwings_folder() / script_name(xlwings_version())
        purpose = "script: lets Excel start Python"
        steps.append(Step(where.scripts / script.name, purpose, _bytes_of(script)))
    return (*steps, Step(where.addin, _ADDIN, addin))


def removal(where: Places) -> tuple[Step, ...]:
    """Return what a removal changes: only what is there, and of the settings only our own.

    The script on a Mac stays: other add-ins made with xlwings use it too.
    """
    steps = []
    if where.settings.exists():
        old = load(where.settings, where.encoding)
        rest = stripped(old, [where.platform.interpreter_key])
        content = encoded_settings(where.settings, rest, where.encoding) if rest else None
        steps.append(Step(where.settings, _SETTINGS, content))
    if where.addin.exists():
        steps.append(Step(where.addin, _ADDIN, None))
    return tuple(steps)


def carry_out(where: Places, steps: tuple[Step, ...]) -> None:
    """Write and delete what was planned.

    All files are written aside before the first is put in its place, and the add-in, which a
    running Excel may hold, comes first.

    Raises
    ------
    SourceError
        If Excel holds the add-in, or nothing may be written in a folder; then all is as before.
    """
    _check_excel_lets_go(where)
    with ExitStack() as files:  # left in reverse order
        for step in steps:
            if step.content is None:
                files.enter_context(_deleting(step.path))
            else:
                _make_folder(step.path.parent)
                files.enter_context(replacing(step.path)).write(step.content)


def without_console(interpreter: str, platform: Platform, exists: Callable[[str], bool]) -> str:
    r"""Return the Python beside `interpreter` that opens no console window, where there is one.

    Examples
    --------
    >>> without_console(r"C:\env\Scripts\python.exe", Platform.WINDOWS, lambda path: True)
    'C:\\env\\Scripts\\pythonw.exe'
    """
    path = platform.path(interpreter)
    silent = str(path.with_name(_WITHOUT_CONSOLE.get(path.name.lower(), path.name)))
    return silent if exists(silent) else interpreter


def script_name(version: str) -> str:
    """Return what xlwings calls the script that starts Python on a Mac."""
    return f"xlwings-{version}.applescript"


def _bytes_of(script: Path) -> bytes:
    try:
        return script.read_bytes()
    except OSError:
        raise SourceError(
            f"xlwings lacks {script.name}: run pip install --force-reinstall xlwings"
        ) from None


def _check_excel_lets_go(where: Places) -> None:
    """Refuse while Excel has the add-in open: it leaves a file beside it, and locks its own."""
    held = where.lock.exists()
    if where.addin.exists() and not held:
        try:
            where.addin.open("r+b").close()
        except PermissionError:
            held = True
    if held:
        raise SourceError(
            f"Excel has {where.addin} open: close Excel and try again "
            f"(where no Excel runs, delete {where.lock.name} there)"
        )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise SourceError(f"the folder {folder} cannot be made: {fault.strerror}") from None


@contextmanager
def _deleting(path: Path) -> Iterator[None]:
    """Delete a file when all went well."""
    yield
    try:
        path.unlink(missing_ok=True)
    except OSError as fault:
        raise SourceError(f"{path} cannot be deleted: {fault.strerror}") from None
