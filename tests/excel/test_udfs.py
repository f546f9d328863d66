"""The worksheet functions as the hosts run them: the real code of classic xlwings, and none."""

import datetime as dt
import importlib.util
import json
import math
import os
import subprocess
import sys
from collections import OrderedDict
from types import ModuleType
from typing import Any

import pytest

from clv_xl.arrays import Kind
from clv_xl.catalogue import CATALOGUE, CatalogueEntry, Gives, Parameter, find_entry
from clv_xl.errors import CELL_MARK
from clv_xl.excel import cells, udfs
from tests.excel import pywin32_stand_in as excel
from tests.excel.pywin32_stand_in import MISSING, FakeRange
from tests.excel.test_cells import as_cells, examples

COLUMNS = {Kind.NUMBERS, Kind.RANGE, Kind.TEXTS, Kind.DATES}
ODD_CELLS: dict[str, object] = {
    "blank": None,
    "empty text": "",
    "error": "#N/A",
    "division by zero": "#DIV/0!",
    "text": "abc",
    "number as text": "12",
    "date": dt.datetime(2024, 3, 31),  # noqa: DTZ001 - as Excel hands it over
    "true": True,
    "negative": -1.0,
    "huge": 1e300,
    "a sentence of ours": "#CLV! row 7: amount is #N/A",
}
ODD_RANGES: dict[str, list[list[object]]] = {
    "row": [[1.0, 2.0, 3.0]],
    "column": [[1.0], [2.0], [3.0]],
    "block": [[1.0, 2.0], [3.0, 4.0]],
    "blanks": [[None], [None]],
    "blanks below": [[1.0], [None], [None]],
    "a header": [["header"], [1.0]],
    "errors": [["#N/A"], ["#REF!"]],
    "all kinds": [[1.0], ["a"], [None], [True], [dt.datetime(2024, 1, 1)], ["#N/A"]],  # noqa: DTZ001
    "texts": [["a"], ["b"]],
}
every_entry = pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.excel_name)


@pytest.fixture(scope="module")
def classic() -> ModuleType:
    """The module of functions as classic xlwings loads it, decorators at work."""
    excel.install()
    spec = importlib.util.spec_from_file_location("clv_xl_in_excel", str(udfs.__file__))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def in_excel(module: ModuleType, entry: CatalogueEntry, arguments: list[Any]) -> Any:  # noqa: ANN401
    """Call a function as a cell of Excel does: lists are ranges, None is an argument left out."""
    handed = [
        MISSING if value is None else FakeRange(value) if isinstance(value, list) else value
        for value in arguments
    ]
    return excel.call(module, entry.excel_name.lower(), handed)


def told(result: object) -> list[object]:
    """Return the cells of a result one after the other."""
    rows = result if isinstance(result, list | tuple) else [result]
    return [c for row in rows for c in (row if isinstance(row, list | tuple) else [row])]


def assert_fit_for_a_sheet(result: object) -> None:
    shown = told(result)
    assert shown
    for value in shown:
        assert isinstance(value, float | str | bool), value
        assert not (isinstance(value, float) and not math.isfinite(value))
        assert "Traceback" not in str(value)
        assert "an error of clv_xl itself" not in str(value)
    json.dumps(shown, allow_nan=False)


def odd_value(parameter: Parameter, odd: object) -> Any:  # noqa: ANN401
    """Return an odd cell as an argument: in place of the second row of a column, or alone."""
    return odd if parameter.kind not in COLUMNS else [[1.0], [odd], [2.0]]


def test_the_module_lists_every_function_of_the_catalogue_and_nothing_else() -> None:
    assert udfs.__all__ == [entry.excel_name.lower() for entry in CATALOGUE]
    assert all(callable(getattr(udfs, name)) for name in udfs.__all__)


@every_entry
def test_xlwings_registers_name_arguments_and_texts(
    classic: ModuleType, entry: CatalogueEntry
) -> None:
    registered = getattr(classic, entry.excel_name.lower()).__xlfunc__

    assert registered["name"] == entry.excel_name.lower()
    assert registered["ret"]["doc"] == entry.summary
    assert registered["category"] == "CLV"
    assert not registered["volatile"]
    assert [a["name"] for a in registered["args"]] == [p.name for p in entry.parameters]
    for given, parameter in zip(registered["args"], entry.parameters, strict=True):
        assert 1 <= len(given["doc"]) <= 255
        assert given["doc"] == parameter.description
        assert ("optional" in given) is not parameter.required
        assert given["options"] == {"ndim": 2, "err_to_str": True}


@every_entry
def test_a_function_gives_in_excel_what_it_gives_in_python(
    classic: ModuleType, entry: CatalogueEntry
) -> None:
    given = examples(entry)
    result = in_excel(classic, entry, given)

    assert_fit_for_a_sheet(result)
    assert told(result) == told(cells.call(entry, given))


@every_entry
def test_odd_cells_give_a_value_or_a_sentence_in_every_argument(
    classic: ModuleType, entry: CatalogueEntry
) -> None:
    for position, parameter in enumerate(entry.parameters):
        for odd in ODD_CELLS.values():
            for given in (odd_value(parameter, odd), [[odd]]):
                arguments = examples(entry)
                arguments[position] = given
                assert_fit_for_a_sheet(in_excel(classic, entry, arguments))


@every_entry
def test_odd_ranges_give_a_value_or_a_sentence_in_every_argument(
    classic: ModuleType, entry: CatalogueEntry
) -> None:
    for position in range(len(entry.parameters)):
        for odd in ODD_RANGES.values():
            arguments = examples(entry)
            arguments[position] = odd
            assert_fit_for_a_sheet(in_excel(classic, entry, arguments))


@every_entry
def test_an_error_cell_is_never_overlooked(classic: ModuleType, entry: CatalogueEntry) -> None:
    for position, parameter in enumerate(entry.parameters):
        if parameter.kind is Kind.CELL or parameter.keeps_unreadable:
            continue
        arguments = examples(entry)
        column = arguments[position]
        if isinstance(column, list):
            column = [list(row) for row in column]
            column[-1][-1] = "#N/A"
            arguments[position] = column
        else:
            arguments[position] = FakeRange([["#N/A"]])
        shown = told(in_excel(classic, entry, arguments))
        assert str(shown[0]).startswith(f"{CELL_MARK} "), parameter.name
        assert "#N/A" in str(shown[0])
        assert parameter.name in str(shown[0])


@every_entry
def test_a_whole_column_gives_a_value_or_a_sentence(entry: CatalogueEntry) -> None:
    height = 1_048_575
    for position, parameter in enumerate(entry.parameters):
        if parameter.kind not in COLUMNS or position > 0:
            continue
        arguments = examples(entry)
        arguments[position] = [[1.0], [2.0], *[[None]] * (height - 2)]
        result = udfs.FUNCTIONS[entry.excel_name.lower()](*arguments)
        assert "an error of clv_xl itself" not in str(told(result)[0])


def test_a_wrong_value_is_one_sentence_in_the_cell(classic: ModuleType) -> None:
    entry = find_entry("CLV_DISCOUNTED")
    assert in_excel(classic, entry, [100, 80, 0.1]) == (
        "#CLV! retention must be at least 0 and below 1, got 80 (did you mean 0.80?)"
    )


def test_a_host_with_messages_on_hover_gets_an_exception_for_a_single_value(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "platform", "emscripten")

    with pytest.raises(udfs.WorksheetError, match=r"^#CLV! retention must be"):
        udfs.FUNCTIONS["clv_discounted"](100, 80, 0.1)
    assert str(udfs.FUNCTIONS["clv_time_between"]([["a"]], [["soon"]])).startswith("#CLV! row 1")


def test_an_error_of_ours_is_a_sentence_and_a_line_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(udfs, "call", broken)

    result = udfs.FUNCTIONS["clv_simple"](80, 2, 5)

    assert result == (
        "#CLV! an error of clv_xl itself (ZeroDivisionError: division by zero): please report it"
    )
    assert "CLV_SIMPLE failed" in caplog.text


def test_a_fit_with_a_thousand_dependants_is_made_once(
    classic: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    from clv_xl.models import remembered_fits  # noqa: PLC0415

    monkeypatch.setattr(remembered_fits, "_fits", OrderedDict())  # other tests fill the memory
    columns = [[[2.0], [0.0], [1.0]], [[31.0], [0.0], [12.5]], [[40.0], [41.5], [43.25]]]
    fits = [in_excel(classic, find_entry("CLV_BGNBD_FIT"), columns) for _ in range(1000)]

    assert remembered_fits.fits_remembered() == 1
    assert fits == [fits[0]] * 1000


def run_python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    return done.stdout.strip()


def test_the_functions_work_where_xlwings_is_absent() -> None:
    code = (
        "import sys; sys.modules['xlwings'] = None\n"
        "from clv_xl.excel.udfs import clv_cac_ratio\n"
        "print(clv_cac_ratio([[900.0], [300.0]], 300.0))"
    )
    assert run_python(code) == "[[3.0], [1.0]]"


def test_importing_the_functions_reads_no_optimiser_and_no_reader_of_files() -> None:
    code = (
        "import sys, clv_xl.excel.udfs\n"
        "slow = ('scipy.optimize', 'scipy.stats', 'openpyxl', 'xlsxwriter', 'click', 'rich',"
        " 'persiantools', 'pyarrow.parquet', 'xlwings.pro.embedded_code')\n"
        "print([name for name in slow if name in sys.modules])"
    )
    assert run_python(code) == "[]"


@pytest.mark.skipif(
    not os.environ.get("XLWINGS_LICENSE_KEY"),
    reason="the path through Office.js needs a licence key of xlwings from whoever runs the tests",
)
@every_entry
def test_a_function_gives_on_a_server_what_it_gives_in_python(entry: CatalogueEntry) -> None:
    code = (
        "import asyncio, json, sys\n"
        "from xlwings import server\n"
        "import clv_xl.excel.udfs as module\n"
        "body = json.loads(sys.stdin.read())\n"
        "answer = asyncio.run(server.custom_functions_call(body, module))\n"
        "print(json.dumps(answer, allow_nan=False))"
    )
    given = [as_cells(value) for value in examples(entry)]
    ranges = [value if isinstance(value, list) else [[value]] for value in given]
    body = {
        "func_name": entry.excel_name.lower(),
        "args": ranges,
        "caller_address": "Sheet1!A1",
        "content_language": "en-US",
        "version": importlib.import_module("xlwings").__version__,
        "runtime": "1.4",
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(body),
        capture_output=True,
        text=True,
        check=True,
    )
    assert told(json.loads(done.stdout)) == told(cells.call(entry, given))


def test_single_values_are_those_that_the_wrappers_turn_into_errors() -> None:
    gives = {entry.excel_name: entry.gives for entry in CATALOGUE}

    assert gives["CLV_AOV"] is Gives.VALUE
    assert gives["CLV_SIMPLE"] is Gives.ROWS
    assert gives["CLV_PREDICT"] is Gives.TABLE
