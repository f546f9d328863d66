"""The VBA functions: their signatures are xlwings' own, their texts fit the function wizard."""

import re

import pytest

from clv_xl.catalogue import CATALOGUE, CatalogueEntry
from clv_xl.excel.addin.vba_text import argument_name, procedures
from clv_xl.excel.addin.wrappers import LONGEST_TEXT, signature, wrapper
from tests.excel import pywin32_stand_in as stand_in
from tests.excel.addin.vba_reading import sources
from tests.excel.classic_functions import classic_functions

LONGEST_LINE, MOST_CONTINUED_LINES = 1023, 24
"""What the VBA editor takes."""
LITERAL = re.compile(r'"((?:[^"\n]|"")*)"')

every_entry = pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.excel_name)


@pytest.fixture(scope="module")
def functions(windows_addin: bytes) -> dict[str, str]:
    return procedures(sources(windows_addin)["ClvFunctions"])


@pytest.fixture(scope="module")
def of_xlwings() -> dict[str, str]:
    """The first line of each function as xlwings' own generator writes it."""
    text = stand_in.vba_wrappers(classic_functions()).replace(" _\n", "")
    return {name: source.partition("\n")[0] for name, source in procedures(text).items()}


def test_every_function_of_the_catalogue_is_there_and_no_other(
    functions: dict[str, str], of_xlwings: dict[str, str]
) -> None:
    names = [entry.excel_name.lower() for entry in CATALOGUE]

    assert list(functions) == names
    assert set(of_xlwings) == set(names)


@every_entry
def test_a_signature_is_that_of_xlwings_own_generator_but_for_words_of_vba(
    functions: dict[str, str], of_xlwings: dict[str, str], entry: CatalogueEntry
) -> None:
    name = entry.excel_name.lower()
    theirs = of_xlwings[name]
    for parameter in entry.parameters:
        theirs = re.sub(rf"\b{parameter.name}\b", argument_name(parameter.name), theirs)

    assert functions[name].partition("\n")[0] == theirs == signature(entry)


@every_entry
def test_a_description_is_an_attribute_of_its_function(entry: CatalogueEntry) -> None:
    name = entry.excel_name.lower()
    lines = wrapper(entry).splitlines()

    assert lines[1].startswith(f'Attribute {name}.VB_Description = "')
    assert lines[2] == f'Attribute {name}.VB_ProcData.VB_Invoke_Func = " \\n14"'
    assert lines[-1] == "End Function"


def test_no_line_is_longer_than_vba_takes(addin: bytes) -> None:
    for source in sources(addin).values():
        assert max(map(len, source.splitlines())) <= LONGEST_LINE
        continued = re.findall(r"(?:.* _\n)+", source)
        assert all(lines.count("\n") <= MOST_CONTINUED_LINES for lines in continued)


def test_no_text_is_longer_than_the_wizard_shows(windows_addin: bytes) -> None:
    texts = LITERAL.findall(sources(windows_addin)["ClvHelp"])

    assert len(texts) > 3 * len(CATALOGUE)
    assert max(map(len, texts)) <= LONGEST_TEXT
