"""The interface that LibreOffice reads: legal, complete, and the compiled one not stale."""

import re
from pathlib import Path

from clv_xl.catalogue import CATALOGUE
from clv_xl.excel.libreoffice import component, interface
from clv_xl.excel.libreoffice.build import TYPE_LIBRARY
from tests import type_library

REGENERATE = "run python -m tests.type_library"


def test_every_name_is_one_that_uno_takes() -> None:
    # An underscore may stand before a capital only.
    legal = re.compile(r"[A-Za-z][A-Za-z0-9]*(_[A-Z][A-Za-z0-9]*)*")
    names = [entry.excel_name for entry in CATALOGUE]
    arguments = [interface.argument_name(p) for entry in CATALOGUE for p in entry.parameters]

    assert [name for name in names + arguments if not legal.fullmatch(name)] == []


def test_the_arguments_of_a_function_have_names_of_their_own() -> None:
    for entry in CATALOGUE:
        names = {interface.argument_name(p) for p in entry.parameters}
        assert len(names) == len(entry.parameters), entry.excel_name
        assert "document" not in names, entry.excel_name


def test_only_the_function_that_explains_an_error_gets_the_cell_itself() -> None:
    lines = [line for line in interface.idl().splitlines() if "XCellRange" in line]

    assert [re.findall(r"CLV_\w+", line) for line in lines] == [["CLV_WHY"]]


def test_the_component_answers_under_the_name_that_files_store() -> None:
    functions = component.Functions(None)

    assert functions.getImplementationName() == interface.IMPLEMENTATION
    assert functions.supportsService(interface.IMPLEMENTATION)


def test_the_text_beside_the_type_library_is_that_of_the_catalogue() -> None:
    stored = type_library.INTERFACE_TEXT.read_text(encoding="utf-8")

    assert stored == interface.idl(), REGENERATE


def test_the_type_library_holds_every_function_and_argument() -> None:
    library = TYPE_LIBRARY.read_bytes()
    names = {e.excel_name for e in CATALOGUE} | {
        interface.argument_name(p) for entry in CATALOGUE for p in entry.parameters
    }

    assert [name for name in sorted(names) if name.encode() not in library] == [], REGENERATE


def test_the_type_library_is_what_the_compiler_makes_of_that_text(tmp_path: Path) -> None:
    anew = tmp_path / "anew.rdb"

    type_library.compile_interface(type_library.INTERFACE_TEXT, anew)

    assert type_library.decompiled(TYPE_LIBRARY) == type_library.decompiled(anew), REGENERATE
    # The first bytes name the compiler's release.
    stored, made = TYPE_LIBRARY.read_bytes(), anew.read_bytes()
    release = re.compile(rb"LibreOffice [\d.]+")
    if release.findall(stored) == release.findall(made):
        assert stored == made, REGENERATE
