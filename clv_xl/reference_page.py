"""The reference of all functions, written from the catalogue: `docs/functions.md`.

``python -m clv_xl.reference_page > docs/functions.md`` writes it anew.
"""

import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from clv_xl.arrays import Cell, Kind
from clv_xl.catalogue import CATALOGUE, CatalogueEntry, Category, Parameter, cell_text
from clv_xl.errors import ClvError

KIND_TEXTS = {
    Kind.NUMBER: "number",
    Kind.NUMBERS: "number or range",
    Kind.RANGE: "range of numbers",
    Kind.BLOCK: "range of numbers",
    Kind.TEXT: "text",
    Kind.TEXTS: "range of texts",
    Kind.DATE: "date",
    Kind.DATES: "range of dates",
    Kind.HORIZON: "number or text",
    Kind.TABLE: "table",
    Kind.CELL: "cell or range",
}
_SHOWN_ROWS = 12
_WRONG = {
    Kind.NUMBER: (80, -1, "many"),
    Kind.NUMBERS: (80, -1, "many"),
    Kind.RANGE: ("many",),
    Kind.BLOCK: ("many",),
    Kind.TEXT: ("other",),
    Kind.DATE: ("31/01/2024",),
    Kind.DATES: ("31/01/2024",),
    Kind.HORIZON: ("soon", -1),
    Kind.TABLE: ("many",),
}
"""What is put in the place of an example's argument to see it refused."""

_INTRODUCTION = """\
# Functions

<!-- Written by `python -m clv_xl.reference_page`; do not edit by hand. -->

The same functions everywhere, under the same names and with the same results:

- in a cell of Excel or LibreOffice: `=CLV_SIMPLE(50, 4, 3, 0.4)`, a range being `Orders[amount]` or
  `A2:A90`; how to install them is told in [excel.md](excel.md), and `clv-xl workbench` writes a
  workbook that shows all of them at work;
- in a shell: `clv-xl call CLV_SIMPLE 50 4 3 0.4`, a range being `@FILE.csv:column`;
- in Python: `clv_xl.catalogue.call_entry("CLV_SIMPLE", [50, 4, 3, 0.4])`.

The examples below are written as in a cell: a column as `{10;20;30}`, a table as `{"a",1;"b",2}`.

Rates are decimals: 0.4, not 40. Money has no currency; every amount of a call must be in the same
one. An argument in brackets may be left out. A result with one value per row has the rows of the
input, in their order; a table starts with a header row. What cannot be computed is refused with
one sentence, which in a cell stands behind `#CLV!`: some of them stand below each function.
"""


def reference_markdown() -> str:
    """Return the whole page; `docs/functions.md` must equal it."""
    return "\n".join([_INTRODUCTION, *_contents(), *_sections()])


def _contents() -> Iterator[str]:
    for category in Category:
        names = [entry.excel_name for entry in CATALOGUE if entry.category is category]
        yield f"- {category.capitalize()}: " + ", ".join(f"[{n}](#{n.lower()})" for n in names)


def _sections() -> Iterator[str]:
    for category in Category:
        yield f"\n## {category.capitalize()}"
        for entry in CATALOGUE:
            if entry.category is category:
                yield from _entry_lines(entry)
    yield ""


def _entry_lines(entry: CatalogueEntry) -> Iterator[str]:
    yield f"\n### {entry.excel_name}\n\n```\n{entry.signature}\n```\n\n{entry.summary}\n"
    if entry.formula:
        yield f"Formula: {entry.formula}\n"
    if entry.parameters:
        yield from ("| argument | takes | default | |", "| --- | --- | --- | --- |")
        for p in entry.parameters:
            yield f"| `{p.name}` | {takes(p)} | {default_text(p)} | {_escaped(p.description)} |"
        yield ""
    yield f"Result: {entry.result}\n"
    yield f"Example:\n\n```\n{entry.example}\n```\n"
    yield from _result_lines(entry.example_result)
    errors = list(refusals(entry))
    if errors:
        yield "\nErrors, for example:\n"
        yield from (f"- {_escaped(sentence)}" for sentence in errors)
    if entry.source:
        yield f"\nSource: {entry.source}"


def takes(parameter: Parameter) -> str:
    """Return what a worksheet may put in the place of an argument."""
    number = "number or " if parameter.takes_number and parameter.kind is Kind.TABLE else ""
    return number + KIND_TEXTS[parameter.kind]


def default_text(parameter: Parameter) -> str:
    """Return the default as a cell would hold it; required, or empty where there is none."""
    return "required" if parameter.required else cell_text(parameter.default)


def _result_lines(result: Cell) -> Iterator[str]:
    if isinstance(result, pd.Series | np.ndarray):
        yield "gives, row by row: " + ", ".join(f"`{_figure(value)}`" for value in result)
    elif isinstance(result, pd.DataFrame):
        yield "gives\n"
        yield f"| {' | '.join(map(str, result.columns))} |"
        yield "|" + " --- |" * result.shape[1]
        for row in result.head(_SHOWN_ROWS).itertuples(index=False):
            yield f"| {' | '.join(map(_figure, row))} |"
        if len(result) > _SHOWN_ROWS:
            yield f"\nand {len(result) - _SHOWN_ROWS} rows more"
    else:
        yield f"gives `{_figure(result)}`"


def _figure(value: Cell) -> str:
    if isinstance(value, bool | np.bool_):
        return str(bool(value)).upper()
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    # Ten digits hide what differs between processors in the last ones.
    return f"{value:.10g}" if isinstance(value, int | float | np.number) else _escaped(str(value))


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def refusals(entry: CatalogueEntry) -> Iterator[str]:
    """Return what the function says where one argument of its example is wrong, one for each."""
    arguments: list[Any]
    for position, parameter in enumerate(entry.parameters):
        for wrong in _WRONG.get(parameter.kind, ()):
            arguments = [entry.example_arguments.get(p.name) for p in entry.parameters]
            usual = arguments[position]
            column = parameter.kind in {Kind.RANGE, Kind.BLOCK, Kind.DATES} and usual
            arguments[position] = [wrong, *usual[1:]] if column else wrong
            try:
                entry.call(arguments)
            except ClvError as error:
                yield str(error)
                break


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(reference_markdown())
