"""Modules whose sources stand in one file: what a single main file brings along."""

import sys
from collections.abc import Collection, Mapping
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType


class EmbeddedModules(MetaPathFinder, Loader):
    """Finds modules among sources, before any that are installed."""

    def __init__(self, sources: Mapping[str, str], packages: Collection[str]) -> None:
        """Take the source of each module by name, and which of them are packages."""
        self.sources = sources
        self.packages = packages

    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        """Return how a module of ours is loaded; None for any other."""
        if fullname not in self.sources:
            return None
        return ModuleSpec(fullname, self, is_package=fullname in self.packages)

    def exec_module(self, module: ModuleType) -> None:
        """Run the source of a module."""
        name = module.__name__
        exec(compile(self.sources[name], f"<{name}>", "exec"), module.__dict__)  # noqa: S102 - ours


def embed(sources: Mapping[str, str], packages: Collection[str]) -> None:
    """Let modules be imported from their sources, in the place of what was there before."""
    kept = [f for f in sys.meta_path if type(f).__name__ != EmbeddedModules.__name__]
    sys.meta_path[:] = [EmbeddedModules(sources, packages), *kept]
    for name in [name for name in sys.modules if name in sources]:
        del sys.modules[name]
