"""The extension's file: what is in it, and that it is always the same."""

import ast
import re
import tomllib
from pathlib import Path
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest

import clv_xl
from clv_xl.catalogue import CATALOGUE
from clv_xl.excel.libreoffice import build, component
from tests.acceptance.command import done, refused

ROOT = Path(__file__).parents[3]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NAME = "{http://openoffice.org/2001/registry}name"


@pytest.fixture(scope="module")
def extension(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("extension") / "clv_xl.oxt"
    assert done("libreoffice", "-o", path).startswith(str(path))
    return path


@pytest.fixture
def parts(extension: Path) -> dict[str, bytes]:
    with ZipFile(extension) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_same_version_makes_the_same_bytes(extension: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.oxt"
    done("libreoffice", "-o", again)

    assert again.read_bytes() == extension.read_bytes()


def test_an_output_that_is_no_extension_is_refused(tmp_path: Path) -> None:
    assert refused("libreoffice", "-o", tmp_path / "clv.zip") == (
        "--output must end in .oxt, got clv.zip"
    )


def test_everything_the_manifest_names_is_there(parts: dict[str, bytes]) -> None:
    named = re.findall(r'full-path="([^"]+)"', parts["META-INF/manifest.xml"].decode())

    assert sorted(named) == ["clv_xl.rdb", "functions.components", "functions.xcu"]
    assert set(named) <= set(parts)
    assert b'uri="component.py"' in parts["functions.components"]


def test_the_extension_carries_all_of_clv_xl_and_nothing_that_was_built(
    parts: dict[str, bytes],
) -> None:
    package = Path(clv_xl.__file__).parent
    modules = {f"pythonpath/{m.relative_to(package.parent)}" for m in package.rglob("*.py")}

    texts = "pythonpath/clv_xl/workbook_templates/messages/en.toml"
    assert {name for name in parts if name.startswith("pythonpath/")} == {*modules, texts}
    assert parts["component.py"] == Path(component.__file__).read_bytes()


def test_version_publisher_and_licence_are_those_of_the_project(parts: dict[str, bytes]) -> None:
    description = ET.fromstring(parts["description.xml"])  # noqa: S314 - our own
    named = {element.tag.partition("}")[2]: element for element in description.iter()}

    assert named["version"].get("value") == clv_xl.__version__
    assert [author["name"] for author in PROJECT["authors"]] == [build.PUBLISHER]
    assert build.PUBLISHER in [element.text for element in description.iter()]
    assert parts["LICENSE"] == (ROOT / "LICENSE").read_bytes()


def test_every_function_and_argument_has_a_name_and_a_text(parts: dict[str, bytes]) -> None:
    root = ET.fromstring(parts["functions.xcu"])  # noqa: S314 - our own
    listed = root.find(f".//node[@{NAME}='AddInFunctions']")
    assert listed is not None
    functions = {node.get(NAME): node for node in listed}

    assert list(functions) == [entry.excel_name for entry in CATALOGUE]
    for entry in CATALOGUE:
        texts = [text.text for text in functions[entry.excel_name].iter("value")]
        assert texts.count(entry.excel_name) == 2, "to show, and for .xlsx files"
        assert entry.summary in texts
        assert None not in texts
        for parameter in entry.parameters:
            ending = " Required." if parameter.required else ""
            assert f"{parameter.description}{ending}" in texts
            assert parameter.name in texts


def test_what_loads_first_can_be_read_by_old_versions_of_python(parts: dict[str, bytes]) -> None:
    beginning = ["component.py", "pythonpath/clv_xl/__init__.py"]

    for name in beginning:
        ast.parse(parts[name], feature_version=(3, 8))


def test_the_oldest_versions_are_those_that_the_project_asks_for() -> None:
    asked = [re.fullmatch(r"(\w+)>=([\d.]+)", entry) for entry in PROJECT["dependencies"]]
    oldest = {found[1]: found[2] for found in asked if found}

    wanted = {name: ".".join(map(str, v)) for name, v in component.NEEDED_PACKAGES.items()}
    assert wanted.items() <= oldest.items()
    assert PROJECT["requires-python"] == ">=" + ".".join(map(str, component.NEEDED_PYTHON))
