"""Where the CDNOW data lie: in the package lifetimes, which is not imported for them."""

from importlib.util import find_spec
from pathlib import Path


def log_file() -> Path:
    """Return the file of all 69,659 orders: whitespace between its columns, with a header."""
    return data_file("CDNOW_master.txt")


def data_file(name: str) -> Path:
    """Return a file of the data that lifetimes brings."""
    spec = find_spec("lifetimes")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the CDNOW log comes with the package lifetimes: install it")
    return Path(spec.origin).parent / "datasets" / name
