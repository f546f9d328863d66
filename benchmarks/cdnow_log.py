"""Where the CDNOW log lies: in the package lifetimes, which is not imported for it."""

from importlib.util import find_spec
from pathlib import Path


def log_file() -> Path:
    """Return the file of all 69,659 orders: whitespace between its columns, with a header."""
    spec = find_spec("lifetimes")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the CDNOW log comes with the package lifetimes: install it")
    return Path(spec.origin).parent / "datasets" / "CDNOW_master.txt"
