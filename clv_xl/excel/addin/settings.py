"""The user's own file of settings: the one place from which the add-in learns of its Python.

It has the form that xlwings gave such files, a line a setting: ``"KEY","value"``. Keys are looked
up without regard to capitals. What others wrote into the file stays as it is.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from clv_xl.errors import SourceError

_LINE = re.compile(r'^"([^"]*)","([^"]*)"$')
_UNWRITABLE = '"$\r\n'
"""A value with one of these would be read as something else: ``$(`` is a command of the library."""


def read_settings(text: str) -> dict[str, str]:
    r"""Return the settings in a file's text, keys in capitals; the last of equal ones holds.

    Examples
    --------
    >>> read_settings('"Interpreter_Win","C:\\Python\\pythonw.exe"\n')
    {'INTERPRETER_WIN': 'C:\\Python\\pythonw.exe'}
    """
    found = (_LINE.match(line.strip()) for line in text.splitlines())
    return {line[1].upper(): line[2] for line in found if line}


def merged(text: str, settings: Mapping[str, str]) -> str:
    r"""Return a file's text with these settings in the place of older ones of the same key.

    Examples
    --------
    >>> merged('"A","1"\n"other","2"\n', {"A": "3"})
    '"other","2"\n"A","3"\n'
    """
    kept = _without(text, settings)
    return "".join(f"{line}\n" for line in [*kept, *map(_written, settings.items())])


def stripped(text: str, keys: Iterable[str]) -> str:
    r"""Return a file's text without the settings of these keys.

    Examples
    --------
    >>> stripped('"A","1"\n"other","2"\n', ["a"])
    '"other","2"\n'
    """
    return "".join(f"{line}\n" for line in _without(text, keys))


def load(path: Path, encoding: str) -> str:
    """Return a settings file's text; empty where there is none.

    Raises
    ------
    SourceError
        If it is there and cannot be read.
    """
    try:
        return path.read_text(encoding=encoding)
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise SourceError(f"{path} holds letters that Excel cannot read: mend it by hand") from None
    except OSError as fault:
        raise SourceError(f"{path} cannot be read: {fault.strerror}") from None


def encoded_settings(path: Path, text: str, encoding: str) -> bytes:
    """Return a settings file's text as bytes, lines ending as on Windows.

    Raises
    ------
    SourceError
        If a path in it has letters that Excel could not read.
    """
    try:
        return text.replace("\n", "\r\n").encode(encoding)
    except UnicodeEncodeError as fault:
        raise SourceError(
            f"Excel could not read {text[fault.start]!r} in {path}: install clv_xl into a folder "
            "whose path has plain letters only"
        ) from None


def _without(text: str, keys: Iterable[str]) -> list[str]:
    gone = {key.upper() for key in keys}
    return [line for line in text.splitlines() if line.strip() and _key(line) not in gone]


def _key(line: str) -> str:
    found = _LINE.match(line.strip())
    return found[1].upper() if found else ""


def _written(setting: tuple[str, str]) -> str:
    key, value = setting
    for character in _UNWRITABLE:
        if character in value:
            raise SourceError(f"{key} cannot hold the character {character!r}, got {value}")
    return f'"{key}","{value}"'
