"""The functions as LibreOffice's component model (UNO) knows them: methods of one interface.

Every argument is of UNO's type `any`, since only those may be left out, and take a value, a range
or the result of another formula alike. `CLV_WHY` is the exception: it gets the cell itself, since
the content of one that shows an error never reaches a function. The document comes last, unseen by
the user: its settings say from which day it counts.
"""

from clv_xl.catalogue import CATALOGUE, CatalogueEntry, Parameter, why

IMPLEMENTATION = "org.clvxl.Functions"
"""LibreOffice's own files store `ORG.CLVXL.FUNCTIONS.CLV_SIMPLE(…)`: it must stay as it is."""

_ANY = "any"
_CELLS = "com::sun::star::table::XCellRange"
_DOCUMENT = "com::sun::star::beans::XPropertySet"
_ROWS = "sequence< sequence< any > >"


def argument_name(parameter: Parameter) -> str:
    """Return the name of an argument in UNO, which knows no underscores in it.

    Examples
    --------
    >>> from clv_xl.catalogue import find_entry
    >>> argument_name(find_entry("CLV_SIMPLE").parameters[0])
    'averageOrderValue'
    """
    first, *others = parameter.name.split("_")
    return first + "".join(map(str.capitalize, others))


def idl() -> str:
    """Return the interface in UNO's interface definition language."""
    methods = "".join(f"        {_method(entry)};\n" for entry in CATALOGUE)
    return (
        f"module org {{ module clvxl {{\n    interface XFunctions {{\n{methods}    }};\n}}; }};\n"
    )


def _method(entry: CatalogueEntry) -> str:
    kind = _CELLS if entry.function is why else _ANY
    arguments = [f"[in] {kind} {argument_name(p)}" for p in entry.parameters]
    return f"{_ROWS} {entry.excel_name}({', '.join([*arguments, f'[in] {_DOCUMENT} document'])})"
