"""Layouts and texts that come with the package, read as data."""

from difflib import get_close_matches
from importlib.resources.abc import Traversable
from pathlib import Path

from clv_xl.errors import SourceError, listed
from clv_xl.messages import ENGLISH, message_file, parsed, template_folder
from clv_xl.reports.layout import Layout, layout_from
from clv_xl.reports.texts import Texts


def load_layout(name: str) -> Layout:
    """Return the layout with this name, or the one in a ``.toml`` file of the user's own."""
    own = Path(name)
    if own.suffix == ".toml":
        if not own.is_file():
            raise SourceError(f"layout {name} is not a file")
        return layout_from(parsed(own))
    return layout_from(parsed(_packaged(f"{name}.toml", name)))


def layout_names() -> list[str]:
    """Return the names of the layouts that come with the package."""
    entries = template_folder().iterdir()
    return sorted(e.name.removesuffix(".toml") for e in entries if e.name.endswith(".toml"))


def load_texts(language: str = ENGLISH) -> Texts:
    """Return the message catalogue of a language."""
    file = message_file(language)
    return Texts(file.language, file.messages, right_to_left=file.right_to_left)


def _packaged(file: str, name: str) -> Traversable:
    entry = template_folder() / file
    if not entry.is_file():
        names = layout_names()
        close = get_close_matches(name.casefold(), names, n=1)
        hint = f" (did you mean {close[0]}?)" if close else ""
        raise SourceError(f"there is no layout {name}; there are {listed(names)}{hint}")
    return entry
