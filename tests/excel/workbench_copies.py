"""Copies of a workbench for programs that do not know its functions."""

import re
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

_OURS = re.compile(r'(<c r="([A-Z]+\d+)"[^>]*?) cm="1"([^>]*)><f t="array"[^>]*>CLV_[^<]*</f>')


def with_constants(path: Path, target: Path, changes: Mapping[str, str] | None = None) -> Path:
    """Write a copy in which our functions are the constants that they gave; native formulas stay.

    Parameters
    ----------
    path, target
        The workbench, and the copy.
    changes
        Other values for some first cells of results, by ``part!address``.
    """
    changed = dict(changes or {})
    with ZipFile(path) as archive, ZipFile(target, "w", ZIP_DEFLATED) as copy:
        for part in archive.namelist():
            content = archive.read(part)
            if part.startswith("xl/worksheets/sheet"):
                xml = _OURS.sub(r"\1\3>", content.decode())
                content = _with_changes(part, xml, changed).encode()
            copy.writestr(part, content)
    assert not changed, f"no cells {changed}"
    return target


def _with_changes(part: str, xml: str, changes: dict[str, str]) -> str:
    for where in [where for where in changes if where.startswith(f"{part}!")]:
        address = where.partition("!")[2]
        pattern = rf'(<c r="{address}"[^>]*>)<v>[^<]*</v>'
        xml, count = re.subn(pattern, rf"\g<1><v>{changes.pop(where)}</v>", xml)
        assert count == 1, where
    return xml
