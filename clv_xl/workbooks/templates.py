"""Layouts and texts that come with the package, read as data."""

import tomllib
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from clv_xl.errors import SourceError, listed
from clv_xl.reports.layout import Layout, layout_from
from clv_xl.reports.texts import Texts, flattened

_FOLDER = "workbook_templates"


def template_folder() -> Traversable:
    """Return the folder of layouts: inside the installed package, or beside it in a checkout."""
    installed = resources.files("clv_xl") / _FOLDER
    if installed.is_dir():
        return installed
    return Path(__file__).parents[2] / _FOLDER


def load_layout(name: str) -> Layout:
    """Return the layout with this name, or the one in a ``.toml`` file of the user's own."""
    own = Path(name)
    if own.suffix == ".toml":
        if not own.is_file():
            raise SourceError(f"layout {name} is not a file")
        return layout_from(_parsed(own))
    return layout_from(_parsed(_packaged(f"{name}.toml", name)))


def layout_names() -> list[str]:
    """Return the names of the layouts that come with the package."""
    entries = template_folder().iterdir()
    return sorted(e.name.removesuffix(".toml") for e in entries if e.name.endswith(".toml"))


def load_texts(language: str = "en") -> Texts:
    """Return the message catalogue of a language."""
    entry = template_folder() / "messages" / f"{language}.toml"
    if not entry.is_file():
        raise SourceError(f"there are no texts in {language}; there are {listed(_languages())}")
    tree = _parsed(entry)
    meta = tree.pop("meta", {})
    return Texts(language, flattened(tree), right_to_left=bool(meta.get("right_to_left")))


def _languages() -> list[str]:
    entries = (template_folder() / "messages").iterdir()
    return sorted(entry.name.removesuffix(".toml") for entry in entries)


def _packaged(file: str, name: str) -> Traversable:
    entry = template_folder() / file
    if not entry.is_file():
        raise SourceError(f"there is no layout {name}; there are {listed(layout_names())}")
    return entry


def _parsed(entry: Traversable) -> dict[str, Any]:
    try:
        return tomllib.loads(entry.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise SourceError(f"layout {entry.name} is not valid TOML: {fault}") from fault
