"""A main file that needs no package of ours: the closed formulas, and the adapter below them.

The sources are those of the package itself, found by walking their imports, so nothing is written
twice. Of the catalogue, the functions stay whose formulas come along.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import clv_xl
from clv_xl.catalogue import CATALOGUE, CatalogueEntry
from clv_xl.errors import ClvError

ROOT = "clv_xl.excel.udfs"
"""The module that makes the functions known to a host; all it imports comes along."""
_CATALOGUE = "clv_xl.catalogue"
_HOMES = ("clv_xl.formulas.", "clv_xl.periods", _CATALOGUE)
_EMBEDDING = "clv_xl.excel.lite.embedded"
_QUOTES = "'''"


def closed_entries() -> list[CatalogueEntry]:
    """Return the functions of the catalogue that are closed formulas, and those that help.

    Examples
    --------
    >>> names = [entry.excel_name for entry in closed_entries()]
    >>> "CLV_DISCOUNTED" in names, "CLV_PREDICT" in names, "CLV_WHY" in names
    (True, False, True)
    """
    return [entry for entry in CATALOGUE if entry.function.__module__.startswith(_HOMES)]


def single_file(introduction: str) -> str:
    """Return the text of a main file that brings its modules along.

    Parameters
    ----------
    introduction
        What its docstring says.
    """
    sources = embedded_sources()
    packages = [name for name in sources if _path(name).name == "__init__.py"]
    embedding = _source(_EMBEDDING).partition('"""\n\n')[2]
    parts = [
        f'"""{introduction}"""\n',
        f"{embedding}\n",
        "SOURCES: dict[str, str] = {}",
        *(f"SOURCES[{name!r}] = r{_QUOTES}{text}{_QUOTES}\n" for name, text in sources.items()),
        f"embed(SOURCES, {packages!r})\n",
        f"from {ROOT} import *  # noqa: E402, F403 - this makes the functions known\n",
    ]
    return "\n".join(parts)


def embedded_sources() -> dict[str, str]:
    """Return the source of every module that the closed formulas need, by name.

    Raises
    ------
    ClvError
        If a source cannot be quoted.
    """
    found: dict[str, str] = {}
    waiting = [ROOT]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        text = _closed_catalogue() if name == _CATALOGUE else _source(name)
        if _QUOTES in text:
            raise ClvError(f"{name} holds {_QUOTES}, which would end its source in a single file")
        found[name] = text
        waiting += [*_imported(text), *_parents(name)]
    return dict(sorted(found.items()))


def _imported(text: str) -> Iterator[str]:
    """Walk over the modules of ours that a source imports as it is loaded."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            named = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            ours = [name for name in named if name.split(".")[0] == clv_xl.__name__]
            yield from (name for name in ours if _path(name).is_file())


def _parents(name: str) -> Iterator[str]:
    parts = name.split(".")
    yield from (".".join(parts[:length]) for length in range(1, len(parts)))


def _path(name: str) -> Path:
    """Return where the source of a module is, be it a file or a package."""
    place = Path(str(clv_xl.__file__)).parent.joinpath(*name.split(".")[1:])
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


def _source(name: str) -> str:
    return _path(name).read_text(encoding="utf-8")


def _closed_catalogue() -> str:
    """Return the source of the catalogue without what is no closed formula."""
    text = _source(_CATALOGUE)
    tree = ast.parse(text)
    lines = text.splitlines(keepends=True)
    foreign: list[ast.stmt | ast.expr] = [*_foreign_imports(tree), *_foreign_entries(tree)]
    for node in foreign:
        first, last = node.lineno - 1, node.end_lineno or node.lineno
        lines[first:last] = [""] * (last - first)  # so that the numbers of the others stay
    return "".join(lines)


def _foreign_imports(tree: ast.Module) -> Iterator[ast.stmt]:
    """Walk over the imports of functions that are left out."""
    kept = {entry.function.__module__ for entry in closed_entries()}
    homes = {entry.function.__module__ for entry in CATALOGUE} - kept
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module in homes:
            yield node


def _foreign_entries(tree: ast.Module) -> Iterator[ast.expr]:
    """Walk over the lines of the catalogue that are left out."""
    kept = {entry.excel_name for entry in closed_entries()}
    tuples = [
        node.value
        for node in tree.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Tuple)
    ]
    for entry in (entry for each in tuples for entry in each.elts):
        if isinstance(entry, ast.Call) and ast.literal_eval(entry.args[0]) not in kept:
            yield entry
