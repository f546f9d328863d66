"""Writing a file so that it is either the old one or the whole new one."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from clv_xl.errors import SourceError

_BEGINNING = 20


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a file beside `path` for writing, and rename it to `path` when all went well.

    Raises
    ------
    SourceError
        If the folder does not exist, the path is a folder, or nothing may be written there.
    """
    if path.is_dir():
        raise SourceError(f"{path} is a folder; name a file in it")
    try:
        prefix = f".{path.name[:_BEGINNING]}."  # a name that is as long as it may be fits too
        handle, aside = tempfile.mkstemp(dir=path.parent, prefix=prefix, suffix=".part")
    except FileNotFoundError:
        raise SourceError(f"there is no folder {path.parent} to write {path.name} into") from None
    except OSError as fault:
        raise SourceError(f"{path} cannot be written: {fault.strerror}") from None
    try:
        with os.fdopen(handle, "wb") as target:
            yield cast("BinaryIO", target)
        _publish(Path(aside), path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


def _publish(aside: Path, path: Path) -> None:
    mask = os.umask(0)
    os.umask(mask)
    aside.chmod(0o666 & ~mask)  # what an ordinary new file would have, not the private mode aside
    try:
        aside.replace(path)
    except PermissionError:
        raise SourceError(
            f"{path} cannot be replaced: close it where it is open, or name another file"
        ) from None
