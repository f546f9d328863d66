"""Every argument of every function given everything odd: LibreOffice shows what Python gives."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from clv_xl.arrays import Kind
from clv_xl.catalogue import CATALOGUE, CatalogueEntry, Gives, Parameter, why
from clv_xl.errors import ClvError
from clv_xl.excel.cells import Answer, call, sentence
from tests.excel.libreoffice import sheets
from tests.excel.libreoffice.host import host
from tests.excel.libreoffice.sheets import Cases, Placed

NO_VALUE, NOT_AVAILABLE = "#VALUE!", "#N/A"
A_BLANK_CELL = 0.0
"""How LibreOffice hands it over where it stands alone."""


def odd_arguments(cases: Cases) -> list[Placed | None]:
    """Write the odd arguments into a sheet; None is an argument left out."""
    sheet = cases.book.add_worksheet("Odd")
    day = cases.book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row("A1", ["many", 7, "=NA()", True, "007", "", " "])
    sheet.write_datetime("H1", date(2024, 1, 31), day)
    sheet.write_row("A2", [1, 2, 3])
    sheet.write_column("A3", [1, 2, 3])
    sheet.write_column("B3", [4, 5, 6])
    sheet.write_column("C3", [1, "=NA()", 3])
    sheet.write_column("D3", ["2024-01-31", "soon", True])
    return [
        None,
        Placed("Odd!A1", "many"),
        Placed("Odd!B1", 7.0),
        Placed("Odd!C1", NOT_AVAILABLE),
        Placed("Odd!D1", 1.0),
        Placed("Odd!E1", "007"),
        Placed("Odd!F1", A_BLANK_CELL),
        Placed("Odd!G1", " "),
        Placed("Odd!H1", 45322.0),
        Placed("Odd!A2:C2", [[1.0, 2.0, 3.0]]),
        Placed("Odd!A3:A5", [[1.0], [2.0], [3.0]]),
        Placed("Odd!A3:B5", [[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]),
        Placed("Odd!C3:C5", [[1.0], [NOT_AVAILABLE], [3.0]]),
        Placed("Odd!D3:D5", [["2024-01-31"], ["soon"], [1.0]]),
        Placed("Odd!F3:F5", [[""], [""], [""]]),
        Placed('"text"', "text"),
        Placed("{1;2;3}", [[1.0], [2.0], [3.0]]),
    ]


def replaced(
    entry: CatalogueEntry, arguments: Sequence[Placed | None], odd: Sequence[Placed | None]
) -> Iterator[list[Placed | None]]:
    """Replace each argument of a function by everything odd, one at a time."""
    takes_a_cell = entry.function is why
    for position in range(len(arguments)):
        for one in odd:
            if not takes_a_cell or (one is not None and "!" in one.text):
                yield [*arguments[:position], one, *arguments[position + 1 :]]


def shown(entry: CatalogueEntry, arguments: Sequence[Placed | None]) -> Answer:
    """Return what LibreOffice must show; where there is an error, it does not ask us."""
    values = [argument.value for argument in arguments if argument is not None]
    if entry.function is why:
        return ""  # none of the odd cells shows an error of ours
    if NOT_AVAILABLE in values:
        return NOT_AVAILABLE  # an error goes on
    if any([NOT_AVAILABLE] in value for value in values if isinstance(value, list)):
        return NO_VALUE  # Err:502 on the screen
    try:
        return call(entry, [*map(taken, entry.parameters, arguments)])
    except ClvError as fault:
        return sentence(fault) if entry.gives is Gives.TABLE else NO_VALUE


def taken(parameter: Parameter, argument: Placed | None) -> object:
    """Return an argument as it counts: 0 is none where a date or a word is asked for."""
    never_zero = parameter.kind in {Kind.TEXT, Kind.DATE, Kind.DATES}
    if argument is None or (never_zero and argument.value == 0):
        return None
    return argument.value


def test_odd_inputs_show_what_python_gives_or_an_error(tmp_path: Path) -> None:
    cases = Cases(tmp_path / "odd.xlsx", height=4, width=3)
    odd = odd_arguments(cases)
    for entry, arguments in sheets.place_examples(cases.inputs, CATALOGUE):
        for given in replaced(entry, arguments, odd):
            cases.add(sheets.formula(entry, given), shown(entry, given))

    wrong = cases.wrong(host())

    assert len(cases.expected) > 2_000
    assert wrong == []
