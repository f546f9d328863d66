"""The component without LibreOffice: what it answers, and what it says of an installation."""

import importlib
import sys
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from types import ModuleType

import pytest

from clv_xl.excel.libreoffice import component
from clv_xl.excel.libreoffice.answers import SingleValueError

Versions = Callable[..., None]


@pytest.fixture(autouse=True)
def _judged_anew() -> Iterator[None]:
    component.installation_fault.cache_clear()
    yield
    component.installation_fault.cache_clear()


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Versions:
    """Return what makes packages appear installed in other versions; None is missing."""

    def pretend(**versions: str | None) -> None:
        def version(name: str) -> str:
            if (found := versions.get(name, "9.9")) is None:
                raise metadata.PackageNotFoundError(name)
            return found

        monkeypatch.setattr(metadata, "version", version)

    return pretend


def test_a_function_answers_with_rows_of_cells() -> None:
    functions = component.Functions(None)

    assert functions.CLV_SIMPLE(50.0, 4.0, 3.0, 0.4, None) == ((240.0,),)
    assert functions.CLV_CAC_RATIO(((900.0,), (450.0,)), 300.0, None) == ((3.0,), (1.5,))


def test_a_table_shows_its_sentence_and_a_single_value_is_an_error() -> None:
    functions = component.Functions(None)

    assert functions.CLV_CURVE(100.0, 80.0, 0.1, 3.0, None, None) == (
        ("#CLV! retention must be at least 0 and below 1, got 80 (did you mean 0.80?)",),
    )
    with pytest.raises(SingleValueError, match=r"#CLV! CLV_SIMPLE needs lifespan_years"):
        functions.CLV_SIMPLE(50.0, 4.0, None, None, None)


def test_a_name_that_is_no_function_is_no_attribute() -> None:
    assert not hasattr(component.Functions(None), "queryAdapter")


def test_a_missing_package_is_said_in_every_cell(installed: Versions) -> None:
    installed(pandas=None)

    ((told,),) = component.answer("CLV_SIMPLE", [50.0], None)

    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert told == (
        f"#CLV! LibreOffice's Python {version} ({sys.prefix}) has no pandas: "
        f"install numpy, pandas and scipy for it with pip, as docs/excel.md tells, "
        f"and start LibreOffice anew"
    )


def test_a_package_that_is_too_old_is_named_with_its_version(installed: Versions) -> None:
    installed(numpy="2.0.0rc1", pandas="1.5.3")

    assert "has pandas 1.5.3, 2.2 or newer is needed: " in component.installation_fault()


@pytest.mark.parametrize("version", ["2.0", "2.0.0rc1", "2.10.1", "11.0"])
def test_a_package_that_is_new_enough_is_taken(installed: Versions, version: str) -> None:
    installed(numpy=version)

    assert component.installation_fault() == ""


def test_an_old_python_is_told_to_get_a_newer_libreoffice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 16))

    assert component.installation_fault() == (
        "LibreOffice runs Python 3.10, and clv_xl needs 3.11 or newer: install a newer LibreOffice"
    )


def test_a_package_that_cannot_be_loaded_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(name: str) -> ModuleType:
        raise ImportError(f"numpy.core\nof {name} failed")

    monkeypatch.setattr(importlib, "import_module", refuses)

    assert "cannot load a package (numpy.core of clv_xl" in component.installation_fault()


def test_the_carried_clv_xl_comes_before_an_installed_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "pythonpath").mkdir()
    monkeypatch.setattr(component, "__file__", str(tmp_path / "component.py"))
    monkeypatch.setattr(sys, "path", ["elsewhere"])

    component.installation_fault()

    assert sys.path == [str(tmp_path / "pythonpath"), "elsewhere"]


def test_a_package_that_only_some_data_need_is_said_where_they_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "persiantools.jdatetime", None)
    dates = (("1402/10/11",), ("1402/11/12",))

    ((told,),) = component.answer("CLV_TIME_BETWEEN", [(("a",), ("a",)), dates], None)
    assert told == (
        "#CLV! LibreOffice's Python has no persiantools: install it there with pip, "
        "and start LibreOffice anew"
    )
