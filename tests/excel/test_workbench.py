"""The workbench: its stored results belong to its formulas, and its checks find what differs."""

import math
import re
from itertools import combinations
from pathlib import Path
from zipfile import ZipFile

import pytest

from clv_xl.catalogue import CATALOGUE, Category, find_entry
from clv_xl.cli import main
from clv_xl.errors import ClvError
from clv_xl.excel.cells import call, sentence
from clv_xl.excel.workbench.examples import CHOICES, EXAMPLES, arguments_of
from clv_xl.excel.workbench.plan import ROOM, sheet_of
from tests.excel.workbench_copies import with_constants
from tests.excel.workbench_formulas import Shown, Workbench, split
from tests.proof import office, sdk
from tests.proof.rules import violations

NAMES = [entry.excel_name for entry in CATALOGUE]
CALLED_WRONGLY = "CLV_NPS"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("workbench") / "workbench.xlsx"
    assert main(["workbench", "-o", str(path)]) == 0
    return path


@pytest.fixture(scope="module")
def book(path: Path) -> Workbench:
    return Workbench(path)


def worked_out(book: Workbench, shown: Shown) -> list[list[object]]:
    """Return what a formula gives for the cells that it names in the file."""
    entry = find_entry(shown.function)
    given = [book.given(argument, shown.sheet) for argument in shown.arguments]
    try:
        answer = call(entry, given)
    except ClvError as fault:
        answer = sentence(fault)
    return [[*row] for row in answer] if isinstance(answer, list) else [[answer]]


def same(one: object, other: object) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=1e-12, abs_tol=1e-15)
    return (one or "") == (other or "")


def test_every_function_of_the_catalogue_is_shown_once_on_the_sheet_of_its_subject(
    book: Workbench,
) -> None:
    shown = [(s.sheet, s.function) for s in book.shown]
    wrong = (sheet_of(Category.HELP), CALLED_WRONGLY)
    shown.remove(wrong)

    assert shown == [(sheet_of(entry.category), entry.excel_name) for entry in CATALOGUE]


def test_the_stored_values_are_what_each_formula_gives_for_the_cells_that_it_names(
    book: Workbench,
) -> None:
    for shown in book.shown:
        stored, anew = book.result(shown), worked_out(book, shown)
        assert len(stored) == len(anew), shown.formula
        for stored_row, row in zip(stored, anew, strict=True):
            assert all(map(same, stored_row, row)), (shown.formula, stored_row, row)


def test_every_argument_is_in_the_formula_but_those_said_to_be_left_out(book: Workbench) -> None:
    for shown in book.shown:
        entry, given = find_entry(shown.function), shown.arguments
        rows = book.values[shown.sheet].iter_rows(
            shown.area.top - 1 - max(len(entry.parameters), 1), shown.area.top - 2, 2, 3
        )
        told = {row[0].value: row[1].value for row in rows}
        left_out = [p.name for p in entry.parameters if told[p.name] == "left out"]
        assert [p.name for p in entry.parameters][len(given) :] == left_out, shown.formula
        assert all(given), "nothing stands between two commas, nor is a blank cell handed over"
        assert None not in [book.given(argument, shown.sheet) for argument in given]


def test_a_changed_input_gives_another_result(book: Workbench) -> None:
    shown = next(s for s in book.shown if s.function == "CLV_SIMPLE")
    cell = book.values[shown.sheet][shown.arguments[0]]
    before, cell.value = cell.value, 75

    assert worked_out(book, shown) == [[360.0]]
    cell.value = before


def test_the_formula_stands_as_text_above_its_arguments(book: Workbench) -> None:
    for shown in book.shown:
        column = book.values[shown.sheet]["B"]
        texts = [cell.value for cell in column[: shown.area.top]]
        assert texts.count(f"={shown.formula.removeprefix('=')}") == 1, shown.formula


def test_a_result_has_its_cells_to_itself_and_room_to_grow(book: Workbench) -> None:
    for one, other in combinations(book.shown, 2):
        assert one.sheet != other.sheet or not one.area.overlaps(other.area)
    for shown in book.shown:
        sheet, area = book.formulas[shown.sheet], shown.area
        inside = [
            cell.coordinate
            for row in sheet.iter_rows(area.top, area.bottom, area.left, area.right)
            for cell in row
            if cell.data_type == "f" and cell.coordinate != shown.address
        ]
        takes_orders = any("[" in argument for argument in shown.arguments)
        room = ROOM if takes_orders and area.bottom > area.top else 1
        below = sheet.iter_rows(area.bottom + 1, area.bottom + room, 1, 20)
        assert inside == []
        assert [cell.coordinate for row in below for cell in row if cell.value is not None] == []


def test_every_check_says_ok_and_the_total_counts_them(book: Workbench) -> None:
    start = book.values["Start"]
    listed = {
        row[0].value: row[3].value
        for row in start.iter_rows(min_col=2, max_col=5)
        if row[0].value in NAMES
    }

    assert listed == dict.fromkeys(NAMES, "ok")
    agreed = f"{len(NAMES)} of {len(NAMES)} functions agree"
    assert office.named_value(book.values, "agreement") == agreed


@pytest.mark.parametrize("function", ["CLV_BGNBD_FIT", "CLV_MBGNBD_FIT", "CLV_GG_FIT"])
def test_the_parameters_of_a_fit_are_shown_with_as_many_digits_as_can_be_read(
    function: str, book: Workbench
) -> None:
    (shown,) = (s for s in book.shown if s.function == function)
    area, sheet = shown.area, book.values[shown.sheet]
    rows = sheet.iter_rows(area.top, area.bottom, area.left, area.right)
    cells = [cell for row in rows for cell in row if isinstance(cell.value, float | int)]

    assert {cell.number_format for cell in cells} == {"0.000000", "#,##0"}


def test_microsofts_own_validator_finds_nothing(path: Path) -> None:
    assert sdk.errors(path) == []


def test_no_rule_of_excel_is_broken_and_only_our_functions_are_foreign(path: Path) -> None:
    assert violations(path, NAMES) == []
    foreign = {fault.rpartition(": ")[2] for fault in violations(path)}
    assert foreign == {f"{name} is no worksheet function" for name in NAMES}


def test_the_same_version_writes_the_same_bytes(path: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.xlsx"

    assert main(["workbench", "-o", str(again)]) == 0
    assert again.read_bytes() == path.read_bytes()


def test_results_are_stored_as_excel_stores_what_spills(path: Path) -> None:
    with ZipFile(path) as archive:
        sheets = {
            name: archive.read(name).decode()
            for name in archive.namelist()
            if name.startswith("xl/worksheets/sheet")
        }
        assert "xl/metadata.xml" in archive.namelist()
    formulas = [f for xml in sheets.values() for f in re.findall(r"<c [^>]*><f[^>]*>CLV_", xml)]
    help_sheet = sheets["xl/worksheets/sheet10.xml"]

    assert len(formulas) == len(NAMES) + 1
    assert all(' cm="1"' in f and 't="array"' in f for f in formulas)
    assert re.search(r'<c r="B35"[^>]* t="str"><v>CLV_SIMPLE</v>', help_sheet)
    assert re.search(r't="b" cm="1"><f [^>]*>CLV_ISERR\(B10\)</f><v>1</v>', help_sheet)


def test_opening_it_calculates_nothing_so_that_the_stored_results_are_seen(path: Path) -> None:
    with ZipFile(path) as archive:
        workbook = archive.read("xl/workbook.xml").decode()

    assert re.findall(r"<calcPr[^>]*>", workbook) == ['<calcPr calcId="191029"/>']


def test_the_checks_say_ok_of_right_results_when_they_are_calculated_anew(
    path: Path, tmp_path: Path
) -> None:
    copy = with_constants(path, tmp_path / "constants.xlsx")

    assert office.differences(copy) == []
    assert office.formula_count(copy) >= 2 * len(NAMES)


@pytest.mark.parametrize(
    ("part", "address", "function", "wrong"),
    [
        ("sheet3", "B13", "CLV_SIMPLE", "240.000001"),
        ("sheet6", "B20", "CLV_CAC_RATIO", "4.00001"),
        ("sheet10", "B26", "CLV_WHY", "something else"),
    ],
)
def test_a_wrong_result_is_seen_beside_its_function_and_in_the_total(
    path: Path, tmp_path: Path, part: str, address: str, function: str, wrong: str
) -> None:
    place = f"xl/worksheets/{part}.xml!{address}"
    copy = with_constants(path, tmp_path / "changed.xlsx", {place: wrong})

    anew = office.recalculated(copy)

    checks = {row[1].value: row[4].value for row in anew["Start"].iter_rows(max_col=5)}
    assert [name for name in NAMES if checks[name] != "ok"] == [function]
    assert checks[function] == "differs"
    agreed = f"{len(NAMES) - 1} of {len(NAMES)} functions agree"
    assert office.named_value(anew, "agreement") == agreed


def test_a_difference_in_the_tenth_digit_is_none(path: Path, tmp_path: Path) -> None:
    changes = {"xl/worksheets/sheet3.xml!B13": "240.00000001"}

    anew = office.recalculated(with_constants(path, tmp_path / "near.xlsx", changes))

    assert str(office.named_value(anew, "agreement")).startswith(f"{len(NAMES)} of")


@pytest.mark.parametrize(
    ("function", "argument"),
    [
        (entry.excel_name, p.name)
        for entry in CATALOGUE
        for p in entry.parameters
        if p.name in CHOICES
    ],
)
def test_every_word_that_an_input_offers_is_taken(
    book: Workbench, function: str, argument: str
) -> None:
    entry = find_entry(function)
    shown = next(s for s in book.shown if s.function == function)
    given = [book.given(reference, shown.sheet) for reference in shown.arguments]
    given += [None] * (len(entry.parameters) - len(given))
    position = [p.name for p in entry.parameters].index(argument)
    refunded = argument == "refunds"
    for word in CHOICES[argument]:
        if not (refunded and word == "refuse"):  # there are refunds among the orders
            assert call(entry, [*given[:position], word, *given[position + 1 :]]) is not None
    with pytest.raises(ClvError):
        call(entry, [*given[:position], "no such word", *given[position + 1 :]])


def test_what_is_said_of_a_function_names_arguments_that_it_has() -> None:
    for name, given in EXAMPLES.items():
        assert set(given) <= {p.name for p in find_entry(name).parameters}
        assert list(arguments_of(find_entry(name))) == [p.name for p in find_entry(name).parameters]


def test_commas_in_brackets_part_no_arguments() -> None:
    assert split("Channels[[#All],[a]:[b]],'A, b'!$C$1,C2") == [
        "Channels[[#All],[a]:[b]]", "'A, b'!$C$1", "C2",
    ]  # fmt: skip
    assert split("") == []


def test_a_workbook_of_another_kind_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["workbench", "-o", str(tmp_path / "workbench.xlsm")]) == 2
    assert "must end in .xlsx" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
