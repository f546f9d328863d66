"""The VBA function behind each worksheet function, and the texts of Excel's function wizard."""

from collections.abc import Iterator, Sequence

from clv_xl.arrays import Kind
from clv_xl.catalogue import CATALOGUE, CatalogueEntry, Gives, Parameter
from clv_xl.excel.addin.modules import (
    CALLS,
    FUNCTIONS,
    HELP,
    RANGES,
    SENTENCES,
    own_source,
)
from clv_xl.excel.addin.vba_project import Module
from clv_xl.excel.addin.vba_text import argument_name, literal

LONGEST_TEXT = 255
"""What the function wizard shows of a text."""
_COLUMNS = {Kind.RANGE, Kind.BLOCK, Kind.TEXTS, Kind.DATES, Kind.TABLE}
_ROWWISE = {Kind.NUMBERS, Kind.CELL}
_ANSWERED_IN_VBA = {"clv_why": "ClvWhy", "clv_iserr": "ClvIsErr"}
"""They ask about a cell that shows an error, and VBA keeps what is known of it."""
_USER_DEFINED = r'" \n14"'
"""The category of a function until its texts are registered."""


def function_modules() -> tuple[Module, ...]:
    """Return the modules that make the catalogue's functions known to Excel on Windows."""
    return (
        Module(CALLS, own_source("calls.bas")),
        Module(RANGES, own_source("ranges.bas")),
        Module(SENTENCES, own_source("sentences.bas")),
        Module(FUNCTIONS, _functions_source()),
        Module(HELP, own_source("help.bas") + _texts_source()),
    )


def signature(entry: CatalogueEntry) -> str:
    """Return the first line of an entry's VBA function, as xlwings writes it too.

    Examples
    --------
    >>> from clv_xl.catalogue import find_entry
    >>> signature(find_entry("CLV_MAX_CAC"))
    'Function clv_max_cac(clv, Optional target_ratio)'
    """
    asked = (
        argument_name(p.name) if p.required else f"Optional {argument_name(p.name)}"
        for p in entry.parameters
    )
    return f"Function {_name(entry)}({', '.join(asked)})"


def wrapper(entry: CatalogueEntry) -> str:
    """Return an entry's VBA function."""
    name = _name(entry)
    result = f"{name} = {_call(entry)}"
    if any(parameter.kind in _COLUMNS for parameter in entry.parameters):
        result = f"If InWizard() Then {name} = LATER Else {result}"
    return "\n".join([
        signature(entry),
        f"Attribute {name}.VB_Description = {_shown(entry.summary)}",
        f"Attribute {name}.VB_ProcData.VB_Invoke_Func = {_USER_DEFINED}",
        f"    {result}",
        "End Function",
    ])  # fmt: skip


def _name(entry: CatalogueEntry) -> str:
    return entry.excel_name.lower()


def _call(entry: CatalogueEntry) -> str:
    name, given = _name(entry), entry.parameters
    if name in _ANSWERED_IN_VBA:
        return f"{_ANSWERED_IN_VBA[name]}({argument_name(given[0].name)})"
    asked = f'"{name}", {_array(given)}'
    if entry.gives is Gives.ROWS:
        rowwise = [parameter for parameter in given if parameter.kind in _ROWWISE]
        return f"ClvRows({asked}, {_array(rowwise)})"
    return f"ClvValue({asked})" if entry.gives is Gives.VALUE else f"ClvTable({asked})"


def _array(parameters: Sequence[Parameter]) -> str:
    return f"Array({', '.join(argument_name(p.name) for p in parameters)})"


def _shown(text: str) -> str:
    return literal(text[:LONGEST_TEXT])


def _functions_source() -> str:
    head = [
        f'Attribute VB_Name = "{FUNCTIONS}"',
        "Option Explicit",
        "",
        "' One function for each line of clv_xl's catalogue, written by clv-xl addin build.",
    ]
    return "\n\n".join(["\n".join(head), *map(wrapper, CATALOGUE)]) + "\n"


def _texts_source() -> str:
    lines = ["", "Private Sub DescribeFunctions()"]
    for entry in CATALOGUE:
        lines += _description(entry)
    return "\n".join([*lines, "End Sub", ""])


def _description(entry: CatalogueEntry) -> Iterator[str]:
    """Yield the lines that register an entry's texts, an argument a line."""
    begin = f'    Describe "{_name(entry)}", {_shown(entry.summary)}, Array('
    texts = [_shown(parameter.description) for parameter in entry.parameters]
    if not texts:
        yield f"{begin})"
        return
    yield f"{begin} _"
    for place, text in enumerate(texts, start=1):
        end = ")" if place == len(texts) else ", _"
        yield f"        {text}{end}"
