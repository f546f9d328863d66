"""The ribbon tab, as Office reads it: the part `customUI/customUI.xml` of the add-in."""

from itertools import groupby
from xml.etree import ElementTree as ET

from clv_xl.excel.addin.modules import RIBBON, procedure_of
from clv_xl.excel.buttons import BUTTONS, TAB, Button

_NAMESPACE = "http://schemas.microsoft.com/office/2006/01/customui"
"""The first version of the schema: Excel 2007 and everything after it read it."""


def ribbon_xml() -> bytes:
    """Return the tab with its groups and buttons."""
    root = ET.Element("customUI", xmlns=_NAMESPACE)
    tabs = ET.SubElement(ET.SubElement(root, "ribbon"), "tabs")
    tab = ET.SubElement(tabs, "tab", id="clvTab", label=TAB)
    for name, buttons in groupby(BUTTONS, key=lambda button: button.group):
        group = ET.SubElement(tab, "group", id=f"clvGroup{name}", label=name)
        for button in buttons:
            ET.SubElement(group, "button", _attributes(button))
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _attributes(button: Button) -> dict[str, str]:
    return {
        "id": f"clv{procedure_of(button)}",
        "label": button.label,
        "size": "large",
        "imageMso": button.icon,
        "onAction": f"{RIBBON}.{procedure_of(button)}",
        "screentip": button.screentip,
        "supertip": button.supertip,
    }
