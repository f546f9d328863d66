"""Whether a workbook file is one of ours, and still as a command wrote it."""

import re
from datetime import UTC, datetime
from pathlib import Path
from zipfile import BadZipFile, ZipFile

CREATED = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""The time of creation in every workbook of ours: the same input gives the same bytes."""
_TIMES = re.compile(rb"<dcterms:(?:created|modified)\b[^>]*>([^<]*)<")


def is_as_written(path: Path) -> bool:
    """Return whether no other program has saved a workbook since we wrote it.

    Whatever saves a workbook notes when. A refresh of ours does not.

    Parameters
    ----------
    path
        A file that exists; one that is no workbook is none of ours.
    """
    try:
        with ZipFile(path) as parts:
            said = parts.read("docProps/core.xml")
    except (OSError, BadZipFile, KeyError):
        return False
    ours = f"{CREATED.isoformat()}Z".encode()
    times = _TIMES.findall(said)
    return bool(times) and all(time == ours for time in times)


def is_dashboard(path: Path) -> bool:
    """Return whether a file is a dashboard of ours: a workbook that names its options."""
    try:
        with ZipFile(path) as parts:
            return b'name="src_options"' in parts.read("xl/workbook.xml")
    except (OSError, BadZipFile, KeyError):
        return False
