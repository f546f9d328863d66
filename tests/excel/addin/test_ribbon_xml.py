"""The ribbon tab: what Office's schema asks of it, and targets that exist."""

import re
from collections import Counter
from xml.etree import ElementTree as ET

import pytest

from clv_xl.excel.addin.ribbon_xml import ribbon_xml
from clv_xl.excel.addin.vba_text import procedures
from clv_xl.excel.buttons import BUTTONS
from tests.excel.addin.vba_reading import part, sources

OFFICE = "{http://schemas.microsoft.com/office/2006/01/customui}"
# Of [MS-CUSTOMUI] 2: what may stand in what, and which attributes of ours each may have.
INSIDE = {"customUI": "ribbon", "ribbon": "tabs", "tabs": "tab", "tab": "group", "group": "button"}
ATTRIBUTES = {
    "customUI": set(),
    "ribbon": set(),
    "tabs": set(),
    "tab": {"id", "label"},
    "group": {"id", "label"},
    "button": {"id", "label", "size", "imageMso", "onAction", "screentip", "supertip"},
}
LONGEST = 1024
LABELS = [
    "Refresh report",
    "New dashboard",
    "Email report",
    "Check data",
    "Freeze a copy",
    "Functions",
    "Check install",
]


@pytest.fixture
def root() -> ET.Element:
    return ET.fromstring(ribbon_xml())  # noqa: S314 - our own


def test_every_element_stands_where_the_schema_wants_it(root: ET.Element) -> None:
    for parent in root.iter():
        name = parent.tag.removeprefix(OFFICE)
        assert set(parent.keys()) <= ATTRIBUTES[name]
        assert {child.tag for child in parent} <= {OFFICE + INSIDE.get(name, "nothing")}


def test_identities_are_unique_xml_names_and_texts_short_enough(root: ET.Element) -> None:
    ids = Counter(element.get("id") for element in root.iter() if element.get("id"))

    assert max(ids.values()) == 1
    assert all(re.fullmatch(r"[A-Za-z]\w*", str(identity)) for identity in ids)
    for element in root.iter():
        assert all(0 < len(value) <= LONGEST for value in element.attrib.values())


def test_the_tab_shows_the_seven_buttons_with_their_explanation(root: ET.Element) -> None:
    buttons = list(root.iter(f"{OFFICE}button"))

    assert [button.get("label") for button in buttons] == LABELS
    for button, meant in zip(buttons, BUTTONS, strict=True):
        assert button.get("screentip") == meant.screentip
        assert button.get("supertip") == meant.supertip
        assert re.fullmatch(r"[A-Z][A-Za-z]+", str(button.get("imageMso")))
    assert [tab.get("label") for tab in root.iter(f"{OFFICE}tab")] == ["CLV"]


def test_groups_are_not_torn_apart(root: ET.Element) -> None:
    groups = [group.get("label") for group in root.iter(f"{OFFICE}group")]

    assert groups == list(dict.fromkeys(button.group for button in BUTTONS))


def test_every_button_names_a_procedure_that_takes_a_control(addin: bytes) -> None:
    ribbon = ET.fromstring(part(addin, "customUI/customUI.xml"))  # noqa: S314 - our own

    for button in ribbon.iter(f"{OFFICE}button"):
        module, _, procedure = str(button.get("onAction")).partition(".")
        code = procedures(sources(addin)[module])[procedure]
        assert code.startswith(f"Public Sub {procedure}(control As IRibbonControl)")
