"""Change the inputs of a workbook in its XML, so that everything else stays as it was written."""

import re
from collections.abc import Mapping
from datetime import date
from html import escape
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from tests.proof.package import Package

_PLACE = re.compile(r"(?:'(?P<quoted>(?:[^']|'')+)'|(?P<plain>[^'!]+))!\$?([A-Z]+)\$?(\d+)")


def with_inputs(path: Path, changed: Path, changes: Mapping[str, object]) -> None:
    """Write a copy of a workbook with new values in the input cells that some names stand for.

    A value is a number, a boolean, a date, a text, or None for a blank cell.
    """
    package = Package(path)
    parts = dict(package.parts)
    for name, value in changes.items():
        part, address = _input_cell(package, name)
        parts[part] = _with_cell(parts[part].decode(), name, address, value).encode()
    with ZipFile(changed, "w", ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)


def _input_cell(package: Package, name: str) -> tuple[str, str]:
    """Return the sheet's part and the address of the cell that a name stands for."""
    names = {element.get("name", ""): element.text or "" for element in package.names}
    assert name in names, f"no name {name} in the workbook; it has {sorted(names)}"
    place = _PLACE.fullmatch(names[name])
    assert place, f"the name {name} stands for {names[name]}, not for one cell"
    sheet = (place["quoted"] or place["plain"]).replace("''", "'")
    part = next(s.part for s in package.sheets if s.name == sheet)
    return part, f"{place[3]}{place[4]}"


def _with_cell(xml: str, name: str, address: str, value: object) -> str:
    found = re.search(rf'<c r="{address}"([^>]*?)(?:/>|>(.*?)</c>)', xml, re.DOTALL)
    assert found, f"the input {name} has no cell {address}"
    assert "<f" not in (found[2] or ""), f"the input {name} holds a formula"
    attributes = re.sub(r' t="\w+"', "", found[1])
    return (
        f'{xml[: found.start()]}<c r="{address}"{attributes}{_content(value)}{xml[found.end() :]}'
    )


def _content(value: object) -> str:
    """Return the rest of a cell's XML: its type and its value."""
    match value:
        case None:
            return "/>"
        case bool():
            return f' t="b"><v>{value:d}</v></c>'
        case int() | float():
            return f"><v>{value!r}</v></c>"
        case date():
            return f"><v>{(value - date(1899, 12, 30)).days}</v></c>"
    text = escape(str(value), quote=False)
    return f' t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
