"""What a fresh interpreter is told before our code: which packages it may import."""

BLOCKING = """
import sys

class Blocking:
    def __init__(self, allowed):
        self.allowed = frozenset(allowed)

    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top in self.allowed or top in sys.stdlib_module_names or top.startswith("_"):
            return None
        raise ModuleNotFoundError(f"{name} is blocked", name=name)

sys.meta_path.insert(0, Blocking(ALLOWED))
"""
"""Needs the name ALLOWED; packages of the standard library are always allowed."""

PANDAS = ("numpy", "pandas", "dateutil", "pytz", "six", "tzdata")
"""pandas, and what it cannot do without."""


def blocking(*allowed: str) -> str:
    """Return a program's beginning that lets it import these packages only."""
    return f"ALLOWED = {allowed!r}\n{BLOCKING}"
