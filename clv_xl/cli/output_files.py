"""Files that a command is about to write: refused before any work, where they cannot be meant."""

from collections.abc import Iterable
from pathlib import Path

import click

from clv_xl.errors import SourceError, listed

OVERWRITE = click.option(
    "--overwrite", is_flag=True, help="Replace a workbook that was changed since it was written."
)


def check_output(
    flag: str,
    path: Path | None,
    *,
    endings: tuple[str, ...] = (),
    inputs: Iterable[Path | None],
) -> None:
    """Refuse an output with the wrong ending, in no folder, or in the place of an input.

    Parameters
    ----------
    flag
        The option that names the file.
    path
        The file; None where none is asked for.
    endings
        What its name may end in, in small letters; empty: anything.
    inputs
        The files that are read, and the other files that are written.
    """
    if path is None:
        return
    if path.is_dir():
        raise SourceError(f"{flag} must be a file, and {path} is a folder: name a file in it")
    if endings and path.suffix.lower() not in endings:
        wanted = listed(endings)
        raise SourceError(f"{flag} must end in {wanted}, got {path.name or path}")
    if not path.parent.is_dir():
        raise SourceError(f"there is no folder {path.parent} to write {path.name} into: make it")
    if path.exists() and not path.is_file():
        raise SourceError(f"{flag} must be a file, and {path} is a device")
    for other in inputs:
        if other is not None and _same(path, other):
            raise SourceError(f"{flag} would overwrite {other}: name another file")


def keep_changed(path: Path, *, overwrite: bool) -> None:
    """Refuse to replace a workbook that another program has saved, unless that is asked for."""
    from clv_xl.workbooks.own_files import is_as_written  # noqa: PLC0415 - numpy is slow to import

    replaced = path.suffix.lower() == ".xlsx" and path.exists()
    if replaced and not overwrite and not is_as_written(path):
        raise SourceError(
            f"{path} was changed since clv-xl wrote it, or is none of its files: clv-xl refresh "
            "keeps what is in a dashboard; name another file, or replace it with --overwrite"
        )


def _same(one: Path, other: Path) -> bool:
    if one.exists() and other.exists():
        return one.samefile(other)
    return one.resolve() == other.resolve()
