"""The limits of the house, which ruff and mypy do not know."""

import ast
import inspect
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

import clv_xl
from clv_xl.catalogue import CATALOGUE
from clv_xl.messages import template_folder
from clv_xl.workbooks.templates import layout_names

ROOT = Path(__file__).parents[1]
PACKAGE = Path(clv_xl.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
MAY_GROW = {"catalogue.py", "errors.py"}
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "common", "misc", "core", "base"}
LONGEST_MODULE, LONGEST_FUNCTION = 300, 30
MOST_ARGUMENTS, MOST_ARGUMENTS_OF_A_FORMULA = 8, 6
# Written apart, so that this file is none of those it looks for.
MACHINE_PATHS = re.compile("|".join(["/" + "work/", r"\.\./" + "shared", "/" + "home/[a-z]+/"]))
SLOW_OR_FOREIGN = ("scipy.optimize", "scipy.stats", "xlwings", "matplotlib", "msal", "keyring")
ROOMS = ("formulas", "customers", "models", "reports", "sources", "workbooks", "delivery")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name(module: Path) -> str:
    return str(module.relative_to(PACKAGE.parent))


def functions(module: Path) -> Iterator[Function]:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def length(function: Function) -> int:
    """Count the lines of a function without its docstring."""
    lines = (function.end_lineno or 0) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is None:
        return lines
    return lines - ((first.end_lineno or 0) - first.lineno + 1)


def arguments(function: Function) -> list[str]:
    every = function.args
    named = [*every.posonlyargs, *every.args, *every.kwonlyargs]
    return [argument.arg for argument in named if argument.arg not in {"self", "cls"}]


def test_no_module_is_longer_than_can_be_read() -> None:
    lines = {name(m): len(m.read_text(encoding="utf-8").splitlines()) for m in MODULES}

    assert lines
    assert {
        module: count
        for module, count in lines.items()
        if count > LONGEST_MODULE and Path(module).name not in MAY_GROW
    } == {}


def test_no_function_is_longer_than_can_be_read() -> None:
    long = {
        f"{name(module)}:{function.name}": length(function)
        for module in MODULES
        for function in functions(module)
        if length(function) > LONGEST_FUNCTION
    }

    assert long == {}


def test_every_module_is_named_after_its_subject() -> None:
    parts = {part for module in MODULES for part in module.relative_to(PACKAGE).parts}

    assert {Path(part).stem for part in parts} & NAMES_THAT_SAY_NOTHING == set()


def test_no_function_asks_for_more_than_can_be_remembered() -> None:
    many = {
        f"{name(module)}:{function.name}": len(arguments(function))
        for module in MODULES
        for function in functions(module)
        if len(arguments(function))
        > (MOST_ARGUMENTS_OF_A_FORMULA if "formulas" in module.parts else MOST_ARGUMENTS)
    }

    assert many == {}


def test_no_worksheet_function_has_more_arguments_than_its_dialogue_shows() -> None:
    counts = {
        entry.excel_name: len(inspect.signature(entry.function).parameters) for entry in CATALOGUE
    }

    assert {function: count for function, count in counts.items() if count > MOST_ARGUMENTS} == {}


def tracked() -> list[Path]:
    """Return the files of the repository; those of the folders where there is no git."""
    git = shutil.which("git") or "git"
    listed = subprocess.run(
        [git, "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode == 0:
        return [ROOT / file for file in listed.stdout.split("\0") if (ROOT / file).is_file()]
    folders = ("clv_xl", "workbook_templates", "tests", "docs", "benchmarks")
    return [file for folder in folders for file in (ROOT / folder).rglob("*") if file.is_file()]


def test_no_text_knows_the_machine_it_was_written_on() -> None:
    texts = {
        file: file.read_text(encoding="utf-8")
        for file in tracked()
        if file.suffix not in {".xlsx", ".png", ".pyc", ".parquet", ".rdb"}
    }

    assert texts
    assert [str(file) for file, text in texts.items() if MACHINE_PATHS.search(text)] == []


def test_nothing_slow_or_foreign_is_imported_before_it_is_needed() -> None:
    modules = ", ".join(
        ".".join(module.relative_to(PACKAGE.parent).with_suffix("").parts)
        for module in MODULES
        if module.parent.name in ROOMS and module.stem != "__init__"
    )
    check = f"import sys, {modules}; print([m for m in {SLOW_OR_FOREIGN!r} if m in sys.modules])"

    said = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "[]"


def test_nothing_of_the_licensed_part_of_xlwings_is_used_and_no_key_is_set() -> None:
    texts = {name(m): m.read_text(encoding="utf-8") for m in [*MODULES, *PACKAGE.rglob("*.bas")]}

    assert texts
    assert [m for m, text in texts.items() if re.search(r"xlwings\.pro|LICENSE_KEY", text)] == []


def test_the_package_needs_nothing_of_the_test_tools_or_the_peers() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {re.split(r"[<>=!~;\[ ]", entry)[0].lower() for entry in project["dependencies"]}

    assert wanted.isdisjoint({"pytest", "hypothesis", "lifetimes", "ruff", "mypy"})
    assert "numpy" in wanted
    assert "version" in project["dynamic"], "one source of the version: clv_xl/__init__.py"
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*", clv_xl.__version__)


def test_layouts_and_texts_are_mapped_into_the_wheel() -> None:
    hatch = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]
    wheel = hatch["build"]["targets"]["wheel"]

    assert wheel["packages"] == ["clv_xl"]
    assert wheel["force-include"] == {"workbook_templates": "clv_xl/workbook_templates"}
    assert (ROOT / "workbook_templates").samefile(str(template_folder()))


def test_the_wheel_is_pure_python_and_brings_layouts_and_texts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hatchling = pytest.importorskip("hatchling.build", reason="hatchling is not installed")
    monkeypatch.chdir(ROOT)

    wheel = hatchling.build_wheel(str(tmp_path))

    assert wheel.endswith("-py3-none-any.whl")
    with ZipFile(tmp_path / wheel) as archive:
        files = set(archive.namelist())
    assert {f"clv_xl/workbook_templates/{layout}.toml" for layout in layout_names()} <= files
    assert {"clv_xl/workbook_templates/messages/en.toml", "clv_xl/py.typed"} <= files
    assert "clv_xl/workbook_templates/mail/message.html.j2" in files
    assert "clv_xl/excel/libreoffice/clv_xl.rdb" in files
    assert {str(file.relative_to(PACKAGE.parent)) for file in PACKAGE.rglob("*.bas")} <= files
    assert {str(module.relative_to(PACKAGE.parent)) for module in MODULES} <= files
    assert not any(file.startswith(("tests/", "benchmarks/")) for file in files)
