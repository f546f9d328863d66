"""The message catalogue as it comes with the package: every text of a report, in each language.

Texts are data (``workbook_templates/messages/<language>.toml``). Nothing is read before a text is
asked for, and each language only once.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Any

from clv_xl.errors import SourceError, listed

ENGLISH = "en"
_FOLDER = "workbook_templates"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFile:
    """The texts of one language by key, and the direction in which it is written."""

    language: str
    messages: Mapping[str, str]
    right_to_left: bool


def template_folder() -> Traversable:
    """Return the folder of layouts and texts: inside the installed package, or beside it."""
    installed = resources.files("clv_xl") / _FOLDER
    if installed.is_dir():
        return installed
    return Path(__file__).parents[1] / _FOLDER


@cache
def message_file(language: str = ENGLISH) -> MessageFile:
    """Return the texts of a language, or say which languages there are."""
    entry = template_folder() / "messages" / f"{language}.toml"
    if not entry.is_file():
        raise SourceError(f"there are no texts in {language}; there are {listed(languages())}")
    tree = parsed(entry)
    meta = tree.pop("meta", {})
    return MessageFile(
        language=language,
        messages=MappingProxyType(flattened(tree)),
        right_to_left=bool(meta.get("right_to_left")),
    )


def languages() -> list[str]:
    """Return the languages that there are texts in.

    Examples
    --------
    >>> "en" in languages()
    True
    """
    entries = (template_folder() / "messages").iterdir()
    return sorted(entry.name.removesuffix(".toml") for entry in entries)


def parsed(entry: Traversable) -> dict[str, Any]:
    """Return the data of a TOML file, or say that it is none."""
    try:
        return tomllib.loads(entry.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise SourceError(f"{entry.name} is not valid TOML: {fault}") from fault


def flattened(tree: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Return nested tables of texts as one table with dotted keys; an empty key is the table's own.

    Examples
    --------
    >>> flattened({"card": {"clv": "CLV"}})
    {'card.clv': 'CLV'}
    """
    flat: dict[str, str] = {}
    for name, entry in tree.items():
        key = f"{prefix}{name}" if name else prefix.removesuffix(".")
        if isinstance(entry, Mapping):
            flat |= flattened(entry, f"{key}.")
        else:
            flat[key] = str(entry)
    return flat
