"""Every function on its own example, as a program that any interpreter can run."""

import json
from typing import Any

from clv_xl.catalogue import CATALOGUE, CatalogueEntry
from clv_xl.excel import udfs
from tests.excel.test_cells import examples

CALLING = """
import json

given = json.loads(GIVEN)
print(json.dumps({name: known[name](*arguments) for name, arguments in given.items()}))
"""
"""Needs the text GIVEN and the functions by name in `known`."""


def calling(entries: tuple[CatalogueEntry, ...] | list[CatalogueEntry]) -> str:
    """Return a program's end that prints what these functions give for their examples."""
    given = {entry.excel_name.lower(): examples(entry) for entry in entries}
    return f"GIVEN = {json.dumps(given)!r}\n{CALLING}"


def expected(entries: tuple[CatalogueEntry, ...] | list[CatalogueEntry] = CATALOGUE) -> Any:  # noqa: ANN401
    """Return what they give here."""
    results = {
        entry.excel_name.lower(): udfs.FUNCTIONS[entry.excel_name.lower()](*examples(entry))
        for entry in entries
    }
    return json.loads(json.dumps(results, allow_nan=False))


def numbers_apart(result: Any) -> tuple[Any, list[float]]:  # noqa: ANN401 - cells of any kind
    """Return a result with its numbers taken out, and the numbers."""
    numbers: list[float] = []

    def taken(value: Any) -> Any:  # noqa: ANN401
        if isinstance(value, dict):
            return {name: taken(each) for name, each in value.items()}
        if isinstance(value, list):
            return [taken(each) for each in value]
        if isinstance(value, float | int) and not isinstance(value, bool):
            numbers.append(float(value))
            return "a number"
        return value

    return taken(result), numbers
